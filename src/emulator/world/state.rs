//! The whole state of the emulated service: flexible IPs, virtual MAC addresses, servers.
//!
//! What the index depends on is changed by the methods here only, so that the index is always right.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use serde::{Deserialize, Serialize, Serializer};

use crate::emulator::decimal;
use crate::emulator::random::Random;
use crate::emulator::settings::Settings;
use crate::emulator::settings::error::SettingsError;
use crate::emulator::world::history::{History, PastIp};
use crate::emulator::world::index::{Due, Index};
use crate::emulator::world::late::LateWork;
use crate::emulator::world::pool::Pool;
use crate::emulator::world::records::{IpRecord, MacGroup, Populated, ServerRecord};
use crate::emulator::world::rendered::Rendered;
use crate::emulator::world::transitions::mac_status;
use crate::model::flexible_ip::FlexibleIp;
use crate::model::id::{FlexibleIpId, MacId, OrganizationId, ProjectId, ServerId, Uuid};
use crate::model::mac::{Mac, MacBytes, MacType};
use crate::model::time::{Millis, Timestamp};
use crate::model::zone::Zone;

/// The state. It does not contain the settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct State {
    #[serde(with = "decimal")]
    pub(in crate::emulator) seed: u64,
    pub(in crate::emulator) organization_id: OrganizationId,
    /// The default Project first.
    pub(in crate::emulator) projects: Vec<ProjectId>,
    /// The number of requests so far. Request ids follow from it.
    pub(in crate::emulator) requests: u64,
    /// The random numbers of writes. Reads draw none, so that they change nothing.
    pub(in crate::emulator) random: Random,
    pub(super) last_stamp: Timestamp,
    pub(super) macs_made: u32,
    pub(super) servers_made: u64,
    pub(in crate::emulator) pool: Pool,
    /// The population that the state began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) populated: Option<Populated>,
    /// In boxes, since a map moves its values when it grows.
    #[serde(serialize_with = "changed_ips")]
    pub(in crate::emulator) ips: BTreeMap<FlexibleIpId, Box<IpRecord>>,
    #[serde(serialize_with = "changed_groups")]
    pub(in crate::emulator) groups: BTreeMap<MacId, MacGroup>,
    #[serde(rename = "machines")]
    pub(in crate::emulator) servers: BTreeMap<ServerId, ServerRecord>,
    /// Work that is done after its response.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emulator) late: Vec<LateWork>,
    #[serde(default, skip_serializing_if = "History::is_off")]
    pub(in crate::emulator) history: History,
    #[serde(skip)]
    pub(in crate::emulator) index: Index,
    #[serde(skip)]
    pub(in crate::emulator) rendered: Rendered,
}

impl State {
    /// A state without flexible IPs and servers.
    pub(in crate::emulator) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let seed = settings.seed;
        let id = |field, text: Option<&String>| match text {
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
            populated: None,
            ips: BTreeMap::new(),
            groups: BTreeMap::new(),
            servers: BTreeMap::new(),
            late: Vec::new(),
            history: History::default(),
            index: Index::default(),
            rendered: Rendered::default(),
        })
    }

    /// Builds the index of a state that was read or populated. Returns whether the flexible IPs fit the pool.
    pub(in crate::emulator) fn reindex(&mut self) -> bool {
        if !self.pool.restore_known(&self.ips) {
            return false;
        }
        self.index = Index::default();
        let mut ips = Vec::with_capacity(self.ips.len());
        for (id, ip, position) in self.pool.positions(self.ips.iter()) {
            let Some(position) = position else { return false };
            ips.push((position, id, ip));
        }
        // The index takes them faster in the order of the lists.
        ips.sort_unstable_by_key(|(position, id, _)| (*position, *id));
        for (position, id, ip) in ips {
            self.index.add(id, position, ip);
        }
        for (id, server) in &self.servers {
            self.index.agenda.extend(server.gone_at.map(|at| (at, Due::Server(*id))));
        }
        true
    }

    /// The same seed, Projects and addresses, with nothing in use.
    pub(super) fn emptied(&self) -> Self {
        Self {
            requests: 0,
            last_stamp: Timestamp::default(),
            macs_made: 0,
            servers_made: 0,
            pool: self.pool.emptied(),
            populated: None,
            ips: BTreeMap::new(),
            groups: BTreeMap::new(),
            servers: BTreeMap::new(),
            late: Vec::new(),
            history: History::default(),
            index: Index::default(),
            rendered: Rendered::default(),
            projects: self.projects.clone(),
            random: self.random.clone(),
            ..*self
        }
    }

    /// A new timestamp for a write at `at`. It is at least a microsecond later than the last one, so that
    /// two writes differ in reads too; as a rule it is within the millisecond of `at`. Not even millions of
    /// writes at one time are dated more than `STAMPS_AHEAD` after it.
    pub(in crate::emulator) fn stamp(&mut self, at: Timestamp) -> Timestamp {
        const STEP: u64 = 1_000;
        let fresh = at.nanos().saturating_add(self.random.below(400 * STEP));
        let step = self.random.below(3 * STEP).saturating_add(STEP);
        let next = self.last_stamp.nanos().saturating_add(step);
        let latest = at.after(STAMPS_AHEAD).nanos().max(self.last_stamp.nanos());
        self.last_stamp = Timestamp::from_nanos(fresh.max(next).min(latest));
        self.last_stamp
    }

    /// The earliest timestamp that the next write can have.
    pub(in crate::emulator) const fn next_stamp(&self) -> Timestamp {
        Timestamp::from_nanos(self.last_stamp.nanos().saturating_add(1))
    }

    /// Records what a flexible IP is before a change, if a fault needs it. Every change of a flexible IP, or of its
    /// MAC group, begins here. A change of the group changes all its members.
    fn remember(&mut self, id: FlexibleIpId) {
        let (ips, groups) = (&self.ips, &self.groups);
        let mac_id = ips.get(&id).and_then(|ip| ip.mac_id);
        let group = mac_id.and_then(|mac_id| groups.get(&mac_id));
        let members = group.into_iter().flat_map(|group| &group.members);
        self.rendered.forget(members.chain([&id]));
        self.history.remember(id, || {
            let ip = IpRecord::clone(ips.get(&id)?);
            let mac = ip.mac_id.and_then(|mac_id| groups.get(&mac_id));
            let mac = mac.map(|group| MacGroup { members: BTreeSet::new(), ..group.clone() });
            Some(PastIp { ip, mac })
        });
    }

    /// Adds a flexible IP whose address was allocated.
    pub(in crate::emulator) fn add_ip(&mut self, id: FlexibleIpId, ip: IpRecord) {
        self.remember(id);
        if let Some(position) = self.pool.position(id) {
            self.index.add(id, position, &ip);
            self.ips.insert(id, Box::new(ip));
        }
    }

    /// Removes a flexible IP and gives its address back to the pool.
    pub(in crate::emulator) fn release(&mut self, id: FlexibleIpId) {
        self.remember(id);
        self.set_mac(id, None);
        if let Some((ip, position)) = self.ips.remove(&id).zip(self.pool.position(id)) {
            self.index.remove(id, position, &ip);
            self.pool.give_back(id, ip.reverse);
        }
    }

    /// Changes a flexible IP and its entries in the index.
    pub(in crate::emulator) fn edit(
        &mut self,
        id: FlexibleIpId,
        change: impl FnOnce(&mut IpRecord),
    ) {
        self.remember(id);
        if let Some((ip, position)) = self.ips.get_mut(&id).zip(self.pool.position(id)) {
            self.index.remove(id, position, ip);
            ip.is_populated = false;
            change(ip);
            self.index.add(id, position, ip);
        }
    }

    /// Sets the `updated_at` of a flexible IP.
    pub(in crate::emulator) fn touch(&mut self, id: FlexibleIpId, at: Timestamp) {
        self.remember(id);
        let stamp = self.stamp(at);
        if let Some(ip) = self.ips.get_mut(&id) {
            // A clock may be set to a time before the address was created.
            ip.updated_at = stamp.max(ip.created_at);
            ip.is_populated = false;
        }
    }

    /// Sets the `updated_at` of a flexible IP's MAC address, which its MAC group shares.
    pub(in crate::emulator) fn touch_mac(&mut self, id: FlexibleIpId, at: Timestamp) {
        self.remember(id);
        let mac_id = self.ips.get(&id).and_then(|ip| ip.mac_id);
        if mac_id.is_some_and(|mac_id| self.groups.contains_key(&mac_id)) {
            let stamp = self.stamp(at);
            if let Some(group) = mac_id.and_then(|mac_id| self.groups.get_mut(&mac_id)) {
                group.updated_at = stamp.max(group.created_at);
                group.is_populated = false;
            }
        }
    }

    /// Sets or removes the MAC address of a flexible IP. It leaves its previous MAC group; a group without
    /// members is removed.
    pub(in crate::emulator) fn set_mac(&mut self, id: FlexibleIpId, mac_id: Option<MacId>) {
        self.remember(id);
        let Some(ip) = self.ips.get_mut(&id) else { return };
        ip.is_populated = false;
        let before = mem::replace(&mut ip.mac_id, mac_id);
        if let Some(group) = mac_id.and_then(|mac_id| self.groups.get_mut(&mac_id)) {
            group.members.insert(id);
            group.is_populated = false;
        }
        if let Some(before) = before.filter(|before| Some(*before) != mac_id)
            && let Some(group) = self.groups.get_mut(&before)
        {
            group.members.remove(&id);
            group.is_populated = false;
            if group.members.is_empty() {
                self.groups.remove(&before);
            }
        }
    }

    /// Creates a MAC group without members, with a new id and date. The address begins with `prefix`.
    pub(in crate::emulator) fn create_mac(
        &mut self,
        prefix: [u8; 3],
        mac_type: MacType,
        at: Timestamp,
    ) -> MacId {
        let id = MacId(self.random.uuid());
        let created_at = self.stamp(at);
        self.add_mac(id, prefix, mac_type, created_at);
        id
    }

    /// Creates a MAC group without members. The address begins with `prefix`; the rest repeats after
    /// 2^23 addresses only, and then leaves out those that are in use.
    fn add_mac(&mut self, id: MacId, prefix: [u8; 3], mac_type: MacType, created_at: Timestamp) {
        let group = self.new_group(prefix, mac_type, created_at);
        self.groups.insert(id, group);
    }

    /// A MAC group for `add_mac`, which is not in the state yet.
    pub(super) fn new_group(
        &mut self,
        prefix: [u8; 3],
        mac_type: MacType,
        created_at: Timestamp,
    ) -> MacGroup {
        let mut end = self.next_mac_end();
        while self.macs_made > MACS && self.is_mac_in_use(end) {
            end = self.next_mac_end();
        }
        let [fourth, fifth, sixth] = end;
        let [first, second, third] = prefix;
        MacGroup {
            is_populated: false,
            bytes: MacBytes([first, second, third, fourth, fifth, sixth]),
            mac_type,
            created_at,
            updated_at: created_at,
            members: BTreeSet::new(),
        }
    }

    /// The last three bytes of the next MAC address.
    fn next_mac_end(&mut self) -> [u8; 3] {
        let end = self.mac_end(self.macs_made);
        // Past the last number the addresses begin again anyway. The count stays above one round of them.
        let next = self.macs_made.saturating_add(1);
        self.macs_made = if next > MAX_MACS_MADE { MACS.saturating_add(1) } else { next };
        end
    }

    fn is_mac_in_use(&self, end: [u8; 3]) -> bool {
        self.groups.values().any(|group| {
            let [_, _, _, rest @ ..] = group.bytes.0;
            rest == end
        })
    }

    /// The last three bytes of the MAC address of this number.
    pub(super) fn mac_end(&self, number: u32) -> [u8; 3] {
        let [_, fourth, fifth, sixth] = permuted(number, self.seed).to_be_bytes();
        [fourth, fifth, sixth]
    }

    /// The flexible IPs with the same MAC address as this one, itself included. Only itself if it has none.
    pub(in crate::emulator) fn group_of(&self, id: FlexibleIpId) -> BTreeSet<FlexibleIpId> {
        let mac_id = self.ips.get(&id).and_then(|ip| ip.mac_id);
        let group = mac_id.and_then(|mac_id| self.groups.get(&mac_id));
        group.map_or_else(|| BTreeSet::from([id]), |group| group.members.clone())
    }

    /// The id of the server that is added after so many others.
    pub(super) fn server_id(&self, number: u64) -> ServerId {
        ServerId(Random::of(self.seed, "server", number).uuid())
    }

    /// Whether a server exists and is not being deleted.
    pub(in crate::emulator) fn server_stays(&self, id: ServerId) -> bool {
        self.servers.get(&id).is_some_and(|server| server.gone_at.is_none())
    }

    /// Adds a server; `None` after so many that no more can be added.
    pub(in crate::emulator) fn add_server(&mut self, zone: Zone, name: String) -> Option<ServerId> {
        if self.servers_made >= MAX_SERVERS {
            return None;
        }
        let id = self.server_id(self.servers_made);
        self.servers_made = self.servers_made.saturating_add(1);
        self.servers.insert(id, ServerRecord { zone, name, gone_at: None });
        Some(id)
    }

    /// Schedules the end of a server's deletion.
    pub(in crate::emulator) fn schedule_server_end(&mut self, id: ServerId, at: Timestamp) {
        if let Some(server) = self.servers.get_mut(&id) {
            server.gone_at = Some(at);
            self.index.agenda.insert((at, Due::Server(id)));
        }
    }

    /// The latest date that is shown of a flexible IP, except that of its address; `None` if it does not exist.
    pub(in crate::emulator) fn latest_date(&self, id: FlexibleIpId) -> Option<Timestamp> {
        let ip = self.ips.get(&id)?;
        let group = ip.mac_id.and_then(|mac_id| self.groups.get(&mac_id));
        let of_mac = group.map(|group| group.created_at.max(group.updated_at));
        Some(of_mac.map_or(ip.updated_at, |at| at.max(ip.updated_at)))
    }

    /// A flexible IP as reads show it; `None` if there is none with this id.
    pub(in crate::emulator) fn view(
        &self,
        id: FlexibleIpId,
        settings: &Settings,
    ) -> Option<FlexibleIp> {
        let ip = self.ips.get(&id)?;
        let group = ip.mac_id.and_then(|mac_id| self.groups.get(&mac_id));
        Some(self.view_of(id, ip, group, settings))
    }

    /// A flexible IP as reads showed it before its last change; `None` if it did not exist then, or if no
    /// change was recorded.
    pub(in crate::emulator) fn past_view(
        &self,
        id: FlexibleIpId,
        settings: &Settings,
    ) -> Option<FlexibleIp> {
        let PastIp { ip, mac } = self.history.of(id)?.before.as_ref()?;
        Some(self.view_of(id, ip, mac.as_ref(), settings))
    }

    fn view_of(
        &self,
        id: FlexibleIpId,
        ip: &IpRecord,
        group: Option<&MacGroup>,
        settings: &Settings,
    ) -> FlexibleIp {
        let mac = ip.mac_id.zip(group).map(|(mac_id, group)| Mac {
            id: mac_id,
            bytes: group.bytes,
            mac_type: group.mac_type,
            status: mac_status(ip, settings),
            created_at: group.created_at,
            updated_at: group.updated_at,
        });
        FlexibleIp {
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
        }
    }
}

fn changed_ips<S: Serializer>(
    ips: &BTreeMap<FlexibleIpId, Box<IpRecord>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(ips.iter().filter(|(_, ip)| !ip.is_populated))
}

fn changed_groups<S: Serializer>(
    groups: &BTreeMap<MacId, MacGroup>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(groups.iter().filter(|(_, group)| !group.is_populated))
}

/// How long after its time a write can be dated.
pub(super) const STAMPS_AHEAD: Millis = Millis(60_000);

/// How many servers can be added to one state.
pub(super) const MAX_SERVERS: u64 = 1 << 24;

/// The highest count of MAC addresses that were made: many rounds of those that differ.
pub(super) const MAX_MACS_MADE: u32 = 1 << 31;

/// How many MAC addresses differ.
pub(super) const MACS: u32 = 1 << 23;

/// A permutation of the 23-bit numbers that depends on the seed. 23 bits, because the fourth byte of the
/// service's MAC addresses was always seen below 0x80.
const fn permuted(number: u32, seed: u64) -> u32 {
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
        let made: BTreeSet<u32> = (0..200_000).map(|number| permuted(number, 5)).collect();
        assert_eq!(made.len(), 200_000);
        assert!(made.last().copied().unwrap() < 1 << 23);
    }

    #[test]
    fn timestamps_of_one_millisecond_differ_after_rounding() {
        let mut state = State::new(&Settings::default()).unwrap();
        let now = Timestamp::from_millis(1_000);
        let stamps: Vec<Timestamp> = (0..50).map(|_| state.stamp(now)).collect();
        let rounded: Vec<Timestamp> =
            stamps.iter().map(|stamp| stamp.rounded_to_micros()).collect();
        assert!(rounded.is_sorted_by(|one, other| one < other));
        assert!(stamps.iter().all(|stamp| stamp.millis() == 1_000));
    }

    #[test]
    fn no_write_is_dated_long_after_its_time_or_before_the_last() {
        let mut state = State::new(&Settings::default()).unwrap();
        let now = Timestamp::from_millis(1_000);
        let latest = now.after(STAMPS_AHEAD);
        state.last_stamp = Timestamp::from_nanos(latest.nanos() - 1);
        assert_eq!([state.stamp(now), state.stamp(now)], [latest; 2]);
        // The clock was set back.
        assert_eq!(state.stamp(Timestamp::default()), latest);
    }

    #[test]
    fn ids_follow_from_the_seed_or_are_set() {
        let state = |json: &str| State::new(&Settings::from_json(json).unwrap());
        let (one, same) = (state(r#"{"seed":3}"#).unwrap(), state(r#"{"seed":3}"#).unwrap());
        assert_eq!(one.projects, same.projects);
        assert_ne!(one.projects, state(r#"{"seed":4}"#).unwrap().projects);
        let id = "7c715b98-e683-493a-9e62-109d684e4348";
        let set = state(&format!(r#"{{"projectId":"{id}"}}"#)).unwrap();
        assert_eq!(set.projects[0].to_string(), id);
        assert!(matches!(
            state(r#"{"organizationId":"mine"}"#),
            Err(SettingsError::NoUuid { field: "organizationId", .. })
        ));
    }
}
