//! The flexible IPs that exist from the start, with some for every filter of a list.
//!
//! The properties of each follow from the seed, its zone and its number there. So a larger population
//! begins with the smaller one.

use crate::emulator::memory;
use crate::emulator::random::Random;
use crate::emulator::settings::Settings;
use crate::emulator::settings::error::SettingsError;
use crate::emulator::world::family_pool::LATEST_CREATION;
use crate::emulator::world::records::{IpRecord, KVM_PREFIX, MacGroup, Populated};
use crate::emulator::world::state::State;
use crate::model::id::{FlexibleIpId, MacId, ServerId};
use crate::model::mac::MacType;
use crate::model::status::Status;
use crate::model::time::{Millis, Timestamp};
use crate::model::zone::Zone;

/// The memory of one flexible IP, as measured in WebAssembly.
const BYTES_EACH: usize = 480;

/// One of this many is an IPv6 block.
const IPV6_EVERY: u32 = 16;

/// How many flexible IPs share a server.
const IPS_PER_SERVER: u32 = 16;

/// Half of the flexible IPs have the first tag.
const ENVIRONMENTS: [&str; 4] = ["prod", "prod", "staging", "test"];
const RACKS: u64 = 100;
/// The latest `updated_at`, in milliseconds after the address's `created_at`.
pub(super) const LATEST_WRITE: u64 = 300 * 86_400_000;
/// No date of a population is later: the latest date of a pooled address, and the latest write after it.
pub(super) const LATEST_POPULATED: Timestamp =
    Timestamp::from_millis(LATEST_CREATION.millis().saturating_add(LATEST_WRITE));
const ROLES: [&str; 4] = ["web", "mail", "vpn", "game"];

/// Adds the population of the settings to an empty state.
///
/// Fails if there is not enough memory, or if a zone's pool is too small.
pub(in crate::emulator) fn populate(
    state: &mut State,
    settings: &Settings,
) -> Result<(), SettingsError> {
    let zones = settings.population.by_zone()?;
    let capacity = IPS_PER_SERVER.min(u32::try_from(settings.server_limit).unwrap_or(u32::MAX));
    let populated = Populated { zones, capacity };
    let made = make(state, &populated)?;
    state.ips = made.ips.into_iter().collect();
    state.groups = made.groups.into_iter().collect();
    state.reindex();
    state.populated = Some(populated).filter(|populated| populated.total() > 0);
    Ok(())
}

/// What a population consists of, besides its servers. A map of all at once is built much faster than one id after the
/// other.
pub(super) struct Made {
    pub(super) ips: Vec<(FlexibleIpId, Box<IpRecord>)>,
    pub(super) groups: Vec<(MacId, MacGroup)>,
}

/// Makes a population, and adds its servers to an empty state.
pub(super) fn make(state: &mut State, populated: &Populated) -> Result<Made, SettingsError> {
    let total = usize::try_from(populated.total()).unwrap_or(usize::MAX);
    if !memory::reserve(total.saturating_mul(BYTES_EACH)) {
        return Err(SettingsError::NoMemory(total));
    }
    let capacity = populated.capacity;
    let mut made = Made { ips: Vec::with_capacity(total), groups: Vec::new() };
    for (zone, count) in &populated.zones {
        let stream = ["population ", zone.as_str()].concat();
        let mut server = None;
        let no_room = || SettingsError::NoRoom(zone.to_string());
        for number in 0..*count {
            let mut random = Random::of(state.seed, &stream, u64::from(number));
            let is_ipv6 = number % IPV6_EVERY == IPV6_EVERY.saturating_sub(1);
            let (pooled, _) = state.pool.take(zone, is_ipv6).ok_or_else(no_room)?;
            let project_id = pick(&state.projects, &mut random).ok_or_else(no_room)?;
            let mut status = status(&mut random);
            if status == Status::Attached && capacity == 0 {
                status = Status::Ready;
            }
            let attached = status == Status::Attached;
            let server_id =
                attached.then(|| next_server(state, &mut server, zone, capacity)).flatten();
            let mac_id = attached.then(|| MacId(random.uuid()));
            let written_at = pooled.created_at.after(Millis(random.below(LATEST_WRITE)));
            let ip = IpRecord {
                zone: zone.clone(),
                network: pooled.network,
                created_at: pooled.created_at,
                project_id,
                description: [
                    pick(&ROLES, &mut random).unwrap_or_default(),
                    " ",
                    &number.to_string(),
                ]
                .concat(),
                tags: tags(&mut random),
                reverse: None,
                updated_at: written_at.rounded_to_micros(),
                status,
                server_id,
                mac_id,
                is_populated: true,
                job: None,
            };
            made.ips.push((pooled.id, Box::new(ip)));
            if let Some(mac_id) = mac_id {
                let mut group = state.new_group(KVM_PREFIX, MacType::Kvm, written_at);
                group.members.insert(pooled.id);
                group.is_populated = true;
                made.groups.push((mac_id, group));
            }
        }
    }
    Ok(made)
}

/// The server that the next flexible IP is attached to: a new one when the last is full.
fn next_server(
    state: &mut State,
    last: &mut Option<(ServerId, u32)>,
    zone: &Zone,
    capacity: u32,
) -> Option<ServerId> {
    let (server, taken) = match last.filter(|(_, taken)| *taken < capacity) {
        Some(last) => last,
        None => {
            let name = ["populated-", &state.servers.len().to_string()].concat();
            (state.add_server(zone.clone(), name)?, 0)
        }
    };
    *last = Some((server, taken.saturating_add(1)));
    Some(server)
}

fn tags(random: &mut Random) -> Vec<String> {
    let environment = pick(&ENVIRONMENTS, random).unwrap_or_default();
    vec![environment.to_owned(), ["rack-", &random.below(RACKS).to_string()].concat()]
}

/// Most are ready, one of eight is attached, few are stuck.
fn status(random: &mut Random) -> Status {
    match random.below(64) {
        0 => Status::Error,
        1 => Status::Locked,
        2..10 => Status::Attached,
        _ => Status::Ready,
    }
}

fn pick<T: Copy>(list: &[T], random: &mut Random) -> Option<T> {
    let index = random.below(u64::try_from(list.len()).unwrap_or(0));
    list.get(usize::try_from(index).unwrap_or(0)).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn populated(json: &str) -> Result<State, SettingsError> {
        let settings = Settings::from_json(json).unwrap();
        let mut state = State::new(&settings)?;
        populate(&mut state, &settings)?;
        Ok(state)
    }

    #[test]
    fn a_number_is_spread_over_the_zones_and_each_zone_can_have_its_own() {
        let by_zone = |json: &str| {
            let mut counts = BTreeMap::new();
            for ip in populated(json).unwrap().ips.values() {
                *counts.entry(ip.zone.to_string()).or_insert(0) += 1;
            }
            counts.into_iter().collect::<Vec<(String, i32)>>()
        };
        let counts: Vec<i32> = by_zone(r#"{"population": 20}"#).iter().map(|(_, n)| *n).collect();
        assert_eq!(counts, [4, 4, 3, 3, 3, 3]);
        let set = by_zone(r#"{"population": {"pl-waw-2": 5, "fr-par-1": 2}}"#);
        assert_eq!(set, [("fr-par-1".to_owned(), 2), ("pl-waw-2".to_owned(), 5)]);
    }

    #[test]
    fn every_filter_has_results() {
        let project = "7c715b98-e683-493a-9e62-109d684e4348";
        let json = format!(r#"{{"population": {{"fr-par-1": 1000}}, "projects": ["{project}"]}}"#);
        let state = populated(&json).unwrap();
        let ips: Vec<&IpRecord> = state.ips.values().map(|ip| &**ip).collect();
        let tags: BTreeSet<&str> =
            ips.iter().flat_map(|ip| ip.tags.iter()).map(String::as_str).collect();
        assert!(
            tags.is_superset(&BTreeSet::from(["prod", "staging", "test", "rack-0", "rack-99"]))
        );
        for status in [Status::Ready, Status::Attached, Status::Error, Status::Locked] {
            assert!(ips.iter().any(|ip| ip.status == status), "{status:?}");
        }
        for project in &state.projects {
            assert!(ips.iter().any(|ip| ip.project_id == *project));
        }
        assert!(ips.iter().any(|ip| ip.network.is_ipv6()));
        for ip in ips {
            let attached = ip.status == Status::Attached;
            assert_eq!((ip.server_id.is_some(), ip.mac_id.is_some()), (attached, attached));
        }
        for server in state.servers.keys() {
            assert!((1..=16).contains(&state.index.assigned_to(*server).len()));
        }
    }

    #[test]
    fn a_larger_population_begins_with_the_smaller_one() {
        let ips = |count: u32| {
            let state =
                populated(&format!(r#"{{"population": {{"nl-ams-1": {count}}}}}"#)).unwrap();
            state.ips.into_iter().map(|(id, ip)| (id, format!("{ip:?}"))).collect::<BTreeSet<_>>()
        };
        assert!(ips(300).is_superset(&ips(100)));
    }

    #[test]
    fn no_server_has_more_flexible_ips_than_its_limit() {
        let servers = |json: &str| populated(json).unwrap().servers.len();
        assert_eq!(servers(r#"{"population": 600, "serverLimit": 0}"#), 0);
        let state = populated(r#"{"population": 600, "serverLimit": 2}"#).unwrap();
        assert!(state.servers.keys().all(|id| state.index.assigned_to(*id).len() <= 2));
    }

    #[test]
    fn a_population_that_is_too_large_is_refused() {
        let refused = |json: &str| populated(json).map(drop).unwrap_err();
        assert_eq!(
            refused(r#"{"population": {"mars-1": 1}}"#),
            SettingsError::NoZone("mars-1".to_owned())
        );
        assert_eq!(
            refused(r#"{"population": 4000001}"#),
            SettingsError::OverPopulation { total: 4_000_001, most: 4_000_000 }
        );
        let small =
            r#"{"population": {"fr-par-1": 9}, "ipv4Blocks": {"fr-par-1": ["192.0.2.0/29"]}}"#;
        assert_eq!(refused(small), SettingsError::NoRoom("fr-par-1".to_owned()));
        let error = Settings::from_json(r#"{"population": -1}"#).unwrap_err().to_string();
        assert!(error.contains("population is a number, or an object"), "{error}");
    }
}
