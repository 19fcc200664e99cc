//! All that the emulated service holds: flexible IPs, virtual MAC addresses, servers.
//!
//! Only [`State::edit`] and its neighbours here change it, so that the index is always right.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use serde::{Deserialize, Serialize};

use super::held::{Group, Ip, Machine};
use super::index::{Due, Index};
use super::lifecycle;
use super::pool::Pool;
use super::random::Random;
use super::settings::{Settings, SettingsError};
use super::stored;
use crate::model::flexible_ip::FlexibleIp;
use crate::model::id::{FlexibleIpId, MacId, OrganizationId, ProjectId, ServerId, Uuid};
use crate::model::mac::{Mac, MacBytes, MacType};
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// Everything, but for what is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(with = "stored::decimal")]
    pub(super) seed: u64,
    pub(super) organization_id: OrganizationId,
    /// The default one first.
    pub(super) projects: Vec<ProjectId>,
    /// How many requests there were: request ids follow from it.
    pub(super) requests: u64,
    /// For what writes draw. Reads draw nothing, so that they change nothing.
    pub(super) random: Random,
    last_stamp: Timestamp,
    macs_made: u32,
    servers_made: u64,
    pub(super) pool: Pool,
    pub(super) ips: BTreeMap<FlexibleIpId, Ip>,
    pub(super) groups: BTreeMap<MacId, Group>,
    pub(super) machines: BTreeMap<ServerId, Machine>,
    #[serde(skip)]
    pub(super) index: Index,
}

impl State {
    /// Nothing is held yet.
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let seed = settings.seed;
        let id = |field, given: Option<&String>| match given {
            None => Ok(Random::of(seed, field, 0).uuid()),
            Some(text) => {
                Uuid::parse(text).ok_or_else(|| SettingsError::NoUuid { field, text: text.clone() })
            }
        };
        let mut projects = vec![ProjectId(id("projectId", settings.project_id.as_ref())?)];
        for project in &settings.projects {
            projects.push(ProjectId(id("projects", Some(project))?));
        }
        Ok(Self {
            seed,
            organization_id: OrganizationId(id(
                "organizationId",
                settings.organization_id.as_ref(),
            )?),
            projects,
            requests: 0,
            random: Random::of(seed, "writes", 0),
            last_stamp: Timestamp::default(),
            macs_made: 0,
            servers_made: 0,
            pool: Pool::new(settings)?,
            ips: BTreeMap::new(),
            groups: BTreeMap::new(),
            machines: BTreeMap::new(),
            index: Index::default(),
        })
    }

    /// Makes the index anew, for a state that was read; says whether the state is whole.
    pub(super) fn reindex(&mut self) -> bool {
        if !self.pool.recall(self.ips.len()) {
            return false;
        }
        self.index = Index::default();
        for (id, ip) in &self.ips {
            let Some(place) = self.pool.place(*id) else { return false };
            self.index.add(*id, place, ip);
        }
        for (id, machine) in &self.machines {
            self.index.agenda.extend(machine.leaves_at.map(|at| (at, Due::Machine(*id))));
        }
        true
    }

    /// A stamp for a write at `at`: in its millisecond as a rule, and always later than the last one,
    /// by a microsecond at least, so that reads tell two writes apart.
    pub(super) fn stamp(&mut self, at: Timestamp) -> Timestamp {
        const STEP: u64 = 1_000;
        let fresh = at.nanos().saturating_add(self.random.below(400 * STEP));
        let step = self.random.below(3 * STEP).saturating_add(STEP);
        let next = self.last_stamp.nanos().saturating_add(step);
        self.last_stamp = Timestamp::from_nanos(fresh.max(next));
        self.last_stamp
    }

    /// The first stamp that can come next: stamps from here on are newer than this moment.
    pub(super) const fn next_stamp(&self) -> Timestamp {
        Timestamp::from_nanos(self.last_stamp.nanos().saturating_add(1))
    }

    /// Gives an address to a tenant.
    pub(super) fn hold(&mut self, id: FlexibleIpId, ip: Ip) {
        if let Some(place) = self.pool.place(id) {
            self.index.add(id, place, &ip);
            self.ips.insert(id, ip);
        }
    }

    /// Takes an address from its tenant, back into the pool.
    pub(super) fn release(&mut self, id: FlexibleIpId) {
        self.set_mac(id, None);
        if let Some((ip, place)) = self.ips.remove(&id).zip(self.pool.place(id)) {
            self.index.remove(id, place, &ip);
            self.pool.give_back(id, ip.reverse);
        }
    }

    /// Changes an IP. What nothing is found by is changed without it.
    pub(super) fn edit(&mut self, id: FlexibleIpId, change: impl FnOnce(&mut Ip)) {
        if let Some((ip, place)) = self.ips.get_mut(&id).zip(self.pool.place(id)) {
            self.index.remove(id, place, ip);
            change(ip);
            self.index.add(id, place, ip);
        }
    }

    /// Marks an IP as written.
    pub(super) fn touch(&mut self, id: FlexibleIpId, at: Timestamp) {
        let stamp = self.stamp(at);
        if let Some(ip) = self.ips.get_mut(&id) {
            ip.updated_at = stamp;
        }
    }

    /// Marks the MAC address of an IP as written, for its whole group.
    pub(super) fn touch_mac(&mut self, id: FlexibleIpId, at: Timestamp) {
        let mac_id = self.ips.get(&id).and_then(|ip| ip.mac_id);
        if mac_id.is_some_and(|mac_id| self.groups.contains_key(&mac_id)) {
            let stamp = self.stamp(at);
            if let Some(group) = mac_id.and_then(|mac_id| self.groups.get_mut(&mac_id)) {
                group.updated_at = stamp;
            }
        }
    }

    /// Gives an IP a MAC address, or none. The one that it had forgets it, and ends with its last
    /// member.
    pub(super) fn set_mac(&mut self, id: FlexibleIpId, mac_id: Option<MacId>) {
        let Some(ip) = self.ips.get_mut(&id) else { return };
        let before = mem::replace(&mut ip.mac_id, mac_id);
        if let Some(group) = mac_id.and_then(|mac_id| self.groups.get_mut(&mac_id)) {
            group.members.insert(id);
        }
        if let Some(before) = before.filter(|before| Some(*before) != mac_id)
            && let Some(group) = self.groups.get_mut(&before)
        {
            group.members.remove(&id);
            if group.members.is_empty() {
                self.groups.remove(&before);
            }
        }
    }

    /// Makes a MAC address that nobody carries yet. Four octets are given, the rest never repeats.
    pub(super) fn make_mac(&mut self, prefix: [u8; 3], mac_type: MacType, at: Timestamp) -> MacId {
        let id = MacId(self.random.uuid());
        let created_at = self.stamp(at);
        self.add_mac(id, prefix, mac_type, created_at);
        id
    }

    /// The same, where its id and date are known.
    pub(super) fn add_mac(
        &mut self,
        id: MacId,
        prefix: [u8; 3],
        mac_type: MacType,
        created_at: Timestamp,
    ) {
        let [_, fourth, fifth, sixth] = scattered(self.macs_made, self.seed).to_be_bytes();
        let [first, second, third] = prefix;
        self.macs_made = self.macs_made.wrapping_add(1);
        let group = Group {
            bytes: MacBytes([first, second, third, fourth, fifth, sixth]),
            mac_type,
            created_at,
            updated_at: created_at,
            members: BTreeSet::new(),
        };
        self.groups.insert(id, group);
    }

    /// The IPs that carry the same MAC address as this one, itself included; only itself without one.
    pub(super) fn group_of(&self, id: FlexibleIpId) -> BTreeSet<FlexibleIpId> {
        let mac_id = self.ips.get(&id).and_then(|ip| ip.mac_id);
        let group = mac_id.and_then(|mac_id| self.groups.get(&mac_id));
        group.map_or_else(|| BTreeSet::from([id]), |group| group.members.clone())
    }

    /// Adds a server.
    pub(super) fn add_machine(&mut self, zone: Zone, name: String) -> ServerId {
        let id = ServerId(Random::of(self.seed, "server", self.servers_made).uuid());
        self.servers_made = self.servers_made.saturating_add(1);
        self.machines.insert(id, Machine { zone, name, leaves_at: None });
        id
    }

    /// Sets when a server will be gone.
    pub(super) fn plan_leave(&mut self, id: ServerId, at: Timestamp) {
        if let Some(machine) = self.machines.get_mut(&id) {
            machine.leaves_at = Some(at);
            self.index.agenda.insert((at, Due::Machine(id)));
        }
    }

    /// An IP as it is shown.
    pub(super) fn view(&self, id: FlexibleIpId, settings: &Settings) -> Option<FlexibleIp> {
        let ip = self.ips.get(&id)?;
        let group = ip.mac_id.and_then(|mac_id| Some((mac_id, self.groups.get(&mac_id)?)));
        let mac = group.map(|(mac_id, group)| Mac {
            id: mac_id,
            bytes: group.bytes,
            mac_type: group.mac_type,
            status: lifecycle::mac_status(ip, settings),
            created_at: group.created_at,
            updated_at: group.updated_at,
        });
        Some(FlexibleIp {
            id,
            organization_id: self.organization_id,
            project_id: ip.project_id,
            description: ip.description.clone(),
            tags: ip.tags.clone(),
            created_at: ip.created_at,
            updated_at: ip.updated_at,
            status: ip.status,
            network: ip.network,
            mac,
            server_id: ip.server_id,
            reverse: ip.reverse(),
            zone: ip.zone.clone(),
        })
    }
}

/// A one-to-one map of 23 bits: the fourth octet of the service's MAC addresses was always seen
/// below 80, the others free.
const fn scattered(number: u32, seed: u64) -> u32 {
    const MASK: u32 = 0x007f_ffff;
    let offset = (seed ^ (seed >> 23) ^ (seed >> 46)) as u32;
    let mut bits = number.wrapping_add(offset) & MASK;
    bits = bits.wrapping_mul(0x0053_a93d) & MASK;
    bits ^= bits >> 12;
    bits = bits.wrapping_mul(0x002b_4f91) & MASK;
    bits ^ (bits >> 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_mac_addresses_are_the_same() {
        let made: BTreeSet<u32> = (0..200_000).map(|number| scattered(number, 5)).collect();
        assert_eq!(made.len(), 200_000);
        assert!(made.last().copied().unwrap() < 1 << 23);
    }

    #[test]
    fn stamps_of_one_millisecond_differ_also_when_rounded() {
        let mut state = State::new(&Settings::default()).unwrap();
        let now = Timestamp::from_millis(1_000);
        let stamps: Vec<Timestamp> = (0..50).map(|_| state.stamp(now)).collect();
        let rounded: Vec<Timestamp> =
            stamps.iter().map(|stamp| stamp.rounded_to_micros()).collect();
        assert!(rounded.is_sorted_by(|one, other| one < other));
        assert!(stamps.iter().all(|stamp| stamp.millis() == 1_000));
    }

    #[test]
    fn ids_follow_from_the_seed_or_are_given() {
        let state = |json: &str| State::new(&Settings::from_json(json).unwrap());
        let (one, same) = (state(r#"{"seed":3}"#).unwrap(), state(r#"{"seed":3}"#).unwrap());
        assert_eq!(one.projects, same.projects);
        assert_ne!(one.projects, state(r#"{"seed":4}"#).unwrap().projects);
        let id = "7c715b98-e683-493a-9e62-109d684e4348";
        let given = state(&format!(r#"{{"projectId":"{id}"}}"#)).unwrap();
        assert_eq!(given.projects[0].to_string(), id);
        assert!(matches!(
            state(r#"{"organizationId":"mine"}"#),
            Err(SettingsError::NoUuid { field: "organizationId", .. })
        ));
    }
}
