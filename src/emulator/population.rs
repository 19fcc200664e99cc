//! Flexible IPs that are there from the start, as many as wanted, with something for every filter.
//!
//! What each is like follows from the seed, its zone and its number there: a larger population
//! begins with the smaller one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::held::{Ip, KVM_PREFIX};
use super::memory;
use super::random::Random;
use super::settings::{Settings, SettingsError};
use super::state::State;
use crate::model::id::{MacId, ServerId};
use crate::model::mac::MacType;
use crate::model::status::Status;
use crate::model::time::Millis;
use crate::model::zone::{KNOWN_ZONES, Zone};

/// More would not fit into the memory that WebAssembly has.
const MOST: u32 = 4_000_000;

const ZONES: u32 = KNOWN_ZONES.len() as u32;

/// As measured in WebAssembly.
const BYTES_EACH: usize = 480;

/// Every so many is an IPv6 block.
const IPV6_EVERY: u32 = 16;

/// So many share a server.
const AT_ONE_SERVER: u32 = 16;

/// A half is of the first.
const ENVIRONMENTS: [&str; 4] = ["prod", "prod", "staging", "test"];
const RACKS: u64 = 100;
/// In milliseconds after an address's own date.
const LATEST_WRITE: u64 = 300 * 86_400_000;
const ROLES: [&str; 4] = ["web", "mail", "vpn", "game"];

/// How many flexible IPs are there from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "population is a number, or an object with a number for each zone")]
#[cfg_attr(
    target_arch = "wasm32",
    derive(tsify::Tsify),
    tsify(type = "number | Record<string, number>")
)]
pub enum Population {
    /// So many, the same in every zone.
    Total(u32),
    /// So many in each of these zones.
    Zones(BTreeMap<String, u32>),
}

impl Population {
    /// How many there are in each zone.
    fn by_zone(&self) -> Result<Vec<(Zone, u32)>, SettingsError> {
        let given: Vec<(&str, u32)> = match self {
            Self::Zones(zones) => {
                zones.iter().map(|(name, count)| (name.as_str(), *count)).collect()
            }
            Self::Total(total) => {
                // What is left over goes to the first zones.
                let extra = |number| u32::from(number < total % ZONES);
                let counts = (0..ZONES).map(|number| (total / ZONES).saturating_add(extra(number)));
                KNOWN_ZONES.iter().copied().zip(counts).collect()
            }
        };
        let total = given.iter().fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
        if total > MOST {
            return Err(SettingsError::OverPopulation { total, most: MOST });
        }
        let zone = |name| Zone::parse(name).filter(Zone::is_known);
        let known = |(name, count)| {
            zone(name)
                .map(|zone| (zone, count))
                .ok_or_else(|| SettingsError::NoZone(name.to_owned()))
        };
        given.into_iter().map(known).collect()
    }
}

/// Lets the population of the settings move in.
pub(super) fn populate(state: &mut State, settings: &Settings) -> Result<(), SettingsError> {
    let by_zone = settings.population.by_zone()?;
    let total = by_zone.iter().fold(0_usize, |sum, (_, count)| {
        sum.saturating_add(usize::try_from(*count).unwrap_or(usize::MAX))
    });
    if !memory::reserve(total.saturating_mul(BYTES_EACH)) {
        return Err(SettingsError::NoMemory(total));
    }
    for (zone, count) in by_zone {
        let stream = ["population ", zone.as_str()].concat();
        let mut server = None;
        let room = AT_ONE_SERVER.min(u32::try_from(settings.server_limit).unwrap_or(u32::MAX));
        let no_room = || SettingsError::NoRoom(zone.to_string());
        for number in 0..count {
            let mut random = Random::of(state.seed, &stream, u64::from(number));
            let is_ipv6 = number % IPV6_EVERY == IPV6_EVERY.saturating_sub(1);
            let pooled = state.pool.take(&zone, is_ipv6);
            let pooled = pooled.ok_or_else(no_room)?;
            let project_id = pick(&state.projects, &mut random).ok_or_else(no_room)?;
            let mut status = status(&mut random);
            if status == Status::Attached && room == 0 {
                status = Status::Ready;
            }
            let attached = status == Status::Attached;
            let server_id = attached.then(|| next_place(state, &mut server, &zone, room));
            let mac_id = attached.then(|| MacId(random.uuid()));
            let written_at = pooled.created_at.after(Millis(random.below(LATEST_WRITE)));
            let ip = Ip {
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
                mac_id: None,
                job: None,
            };
            state.hold(pooled.id, ip);
            if let Some(mac_id) = mac_id {
                state.add_mac(mac_id, KVM_PREFIX, MacType::Kvm, written_at);
                state.set_mac(pooled.id, Some(mac_id));
            }
        }
    }
    Ok(())
}

/// The server that the next one is attached to: a new one where the last is full.
fn next_place(
    state: &mut State,
    last: &mut Option<(ServerId, u32)>,
    zone: &Zone,
    room: u32,
) -> ServerId {
    let (server, taken) = last.filter(|(_, taken)| *taken < room).unwrap_or_else(|| {
        let name = ["populated-", &state.machines.len().to_string()].concat();
        (state.add_machine(zone.clone(), name), 0)
    });
    *last = Some((server, taken.saturating_add(1)));
    server
}

fn tags(random: &mut Random) -> Vec<String> {
    let environment = pick(&ENVIRONMENTS, random).unwrap_or_default();
    vec![environment.to_owned(), ["rack-", &random.below(RACKS).to_string()].concat()]
}

/// Most are ready, one of eight is attached, few are in trouble.
fn status(random: &mut Random) -> Status {
    match random.below(64) {
        0 => Status::Error,
        1 => Status::Locked,
        2..10 => Status::Attached,
        _ => Status::Ready,
    }
}

fn pick<T: Copy>(list: &[T], random: &mut Random) -> Option<T> {
    let place = random.below(u64::try_from(list.len()).unwrap_or(0));
    list.get(usize::try_from(place).unwrap_or(0)).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
        let given = by_zone(r#"{"population": {"pl-waw-2": 5, "fr-par-1": 2}}"#);
        assert_eq!(given, [("fr-par-1".to_owned(), 2), ("pl-waw-2".to_owned(), 5)]);
    }

    #[test]
    fn there_is_something_for_every_filter() {
        let project = "7c715b98-e683-493a-9e62-109d684e4348";
        let json = format!(r#"{{"population": {{"fr-par-1": 1000}}, "projects": ["{project}"]}}"#);
        let state = populated(&json).unwrap();
        let ips: Vec<&Ip> = state.ips.values().collect();
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
        for server in state.machines.keys() {
            assert!((1..=16).contains(&state.index.at_server(*server).len()));
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
    fn a_server_never_has_more_than_its_limit() {
        let servers = |json: &str| populated(json).unwrap().machines.len();
        assert_eq!(servers(r#"{"population": 600, "serverLimit": 0}"#), 0);
        let state = populated(r#"{"population": 600, "serverLimit": 2}"#).unwrap();
        assert!(state.machines.keys().all(|id| state.index.at_server(*id).len() <= 2));
    }

    #[test]
    fn what_has_no_room_is_refused() {
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
