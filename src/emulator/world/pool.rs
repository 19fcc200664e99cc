//! The addresses of all zones. Id, address and date belong to the pooled address, not to its tenant:
//! the same id was seen to come back after a delete, also in another Project.
//!
//! An address is computed when it is first needed, from the seed and its index. So the memory that a
//! pool of millions takes depends on how many addresses are in use.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::emulator::decimal;
use crate::emulator::settings::Settings;
use crate::emulator::settings::error::SettingsError;
use crate::emulator::world::blocks::{BLOCKS, overlap, parse_blocks};
use crate::emulator::world::family_pool::{FamilyPool, MAX_ADDRESSES, PooledAddress};
use crate::emulator::world::records::IpRecord;
use crate::model::id::FlexibleIpId;
use crate::model::network::Network;
use crate::model::zone::{KNOWN_ZONES, Zone};

/// The first position of IPv4 addresses in a zone's lists: they are younger than the IPv6 blocks.
const IPV4_POSITIONS: u32 = MAX_ADDRESSES;

/// Every address, allocated or free.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Pool {
    #[serde(with = "decimal")]
    pub(super) seed: u64,
    #[serde(rename = "lanes")]
    pub(super) families: Vec<FamilyPool>,
    /// Every address that was ever allocated. It follows from the counts of the families.
    #[serde(skip)]
    known: BTreeMap<FlexibleIpId, Location>,
    /// The reverses that the previous tenants of free addresses set.
    #[serde(rename = "left_reverses")]
    pub(super) previous_reverses: BTreeMap<FlexibleIpId, String>,
    /// The ids of another tenant: addresses that it got, or gets when they are given back.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) others: BTreeSet<FlexibleIpId>,
}

/// Where an address is in the pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Location {
    family: usize,
    index: u32,
}

impl Pool {
    /// The pools of all zones, with every address free.
    pub(in crate::emulator) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        for by_zone in [&settings.ipv4_blocks, &settings.ipv6_blocks] {
            if let Some(zone) = by_zone.keys().find(|zone| !KNOWN_ZONES.contains(&zone.as_str())) {
                return Err(SettingsError::NoZone(zone.clone()));
            }
        }
        let mut set = Vec::new();
        for (by_zone, is_ipv6) in [(&settings.ipv4_blocks, false), (&settings.ipv6_blocks, true)] {
            let texts = by_zone.values().flatten().map(String::as_str);
            set.extend(parse_blocks(texts, is_ipv6)?);
        }
        if let Some((one, other)) = overlap(set.clone()) {
            return Err(SettingsError::Overlap(one.to_string(), other.to_string()));
        }
        // No address may be in two zones. So a default gives way to a block that was set.
        let is_free = |block: &Network| {
            !set.iter().any(|other| other.contains(block) || block.contains(other))
        };
        let mut families = Vec::with_capacity(12);
        for (name, ipv4, ipv6) in BLOCKS {
            let zone = Zone::parse(name).ok_or_else(|| SettingsError::NoZone(name.to_owned()))?;
            let by_family = [(&settings.ipv4_blocks, ipv4), (&settings.ipv6_blocks, ipv6)];
            for (is_ipv6, (set, default)) in [false, true].into_iter().zip(by_family) {
                let blocks = match set.get(name) {
                    Some(set) => parse_blocks(set.iter().map(String::as_str), is_ipv6)?,
                    None => {
                        let mut blocks = parse_blocks(default.iter().copied(), is_ipv6)?;
                        blocks.retain(is_free);
                        blocks
                    }
                };
                let (zone, free) = (zone.clone(), BTreeSet::new());
                families.push(FamilyPool { zone, is_ipv6, blocks, allocated: 0, free });
            }
        }
        Ok(Self {
            seed: settings.seed,
            families,
            known: BTreeMap::new(),
            previous_reverses: BTreeMap::new(),
            others: BTreeSet::new(),
        })
    }

    /// The same addresses, none of which was ever allocated.
    pub(super) fn emptied(&self) -> Self {
        let empty = |family: &FamilyPool| FamilyPool {
            zone: family.zone.clone(),
            is_ipv6: family.is_ipv6,
            blocks: family.blocks.clone(),
            allocated: 0,
            free: BTreeSet::new(),
        };
        Self {
            seed: self.seed,
            families: self.families.iter().map(empty).collect(),
            known: BTreeMap::new(),
            previous_reverses: BTreeMap::new(),
            others: BTreeSet::new(),
        }
    }

    /// Allocates the first free address; `None` when the pool is exhausted.
    pub(in crate::emulator) fn allocate(
        &mut self,
        zone: &Zone,
        is_ipv6: bool,
    ) -> Option<PooledAddress> {
        let (pooled, location) = self.take(zone, is_ipv6)?;
        self.known.insert(pooled.id, location);
        Some(pooled)
    }

    /// Allocates as `allocate` does. The address is not known before `restore_known`.
    pub(super) fn take(&mut self, zone: &Zone, is_ipv6: bool) -> Option<(PooledAddress, Location)> {
        let of = |family: &FamilyPool| family.is_ipv6 == is_ipv6 && family.zone == *zone;
        let number = self.families.iter().position(of)?;
        let family = self.families.get_mut(number)?;
        let index = family.free.first().copied().unwrap_or(family.allocated);
        let mut pooled = family.address(self.seed, index)?;
        if !family.free.remove(&index) {
            family.allocated = family.allocated.saturating_add(1);
        }
        pooled.previous_reverse = self.previous_reverses.remove(&pooled.id);
        Some((pooled, Location { family: number, index }))
    }

    /// Takes an address back, with the reverse that its tenant set.
    pub(in crate::emulator) fn give_back(&mut self, id: FlexibleIpId, reverse: Option<String>) {
        let Some(location) = self.known.get(&id) else { return };
        if self.others.contains(&id) {
            return;
        }
        if let Some(family) = self.families.get_mut(location.family) {
            family.free.insert(location.index);
        }
        if let Some(reverse) = reverse {
            self.previous_reverses.insert(id, reverse);
        }
    }

    /// Gives an address to another tenant: at once if it is free, else when it is given back.
    pub(in crate::emulator) fn give_to_other(&mut self, id: FlexibleIpId) {
        let Some(location) = self.known.get(&id) else { return };
        if let Some(family) = self.families.get_mut(location.family) {
            family.free.remove(&location.index);
            self.previous_reverses.remove(&id);
            self.others.insert(id);
        }
    }

    /// Whether another tenant has this id, or gets it.
    pub(in crate::emulator) fn is_others(&self, id: FlexibleIpId) -> bool {
        self.others.contains(&id)
    }

    /// Restores what a snapshot leaves out, for a pool that was read. `ips` are the flexible IPs that exist.
    /// Returns whether they, those of another tenant and the free addresses are as many as were allocated; if
    /// not, nothing is restored, since the wrong count may be too large to count to.
    pub(in crate::emulator) fn restore_known(
        &mut self,
        ips: &BTreeMap<FlexibleIpId, Box<IpRecord>>,
    ) -> bool {
        let of_others = self.others.iter().filter(|id| !ips.contains_key(id)).count();
        let in_use = ips.len().saturating_add(of_others);
        let allocated = self.families.iter().map(|family| u64::from(family.allocated));
        let free: usize = self.families.iter().map(|family| family.free.len()).sum();
        let known = in_use.checked_add(free).and_then(|known| u64::try_from(known).ok());
        if known != Some(allocated.sum()) {
            return false;
        }
        let of = |(number, family): (usize, &FamilyPool)| -> Vec<(FlexibleIpId, Location)> {
            let locations = (0..family.allocated).map(|index| Location { family: number, index });
            locations.map(|location| (family.id(self.seed, location.index), location)).collect()
        };
        // A map of all at once is sorted first: much faster than one id after the other.
        self.known = self.families.iter().enumerate().flat_map(of).collect();
        true
    }

    /// The positions of flexible IPs in their zones' lists, `None` for one whose address was never allocated. The
    /// ids must ascend: then this is much faster than a search for each.
    pub(super) fn positions<'ip, T: 'ip>(
        &self,
        ascending: impl Iterator<Item = (&'ip FlexibleIpId, T)>,
    ) -> impl Iterator<Item = (FlexibleIpId, T, Option<u32>)> {
        let mut known = self.known.iter().peekable();
        ascending.map(move |(id, ip)| {
            while known.next_if(|(other, _)| *other < id).is_some() {}
            let location = known.peek().filter(|(other, _)| *other == id);
            (*id, ip, location.and_then(|(_, location)| self.position_of(location)))
        })
    }

    /// An address that was allocated, with its zone; `None` if it never was.
    pub(super) fn pooled(&self, id: FlexibleIpId) -> Option<(&Zone, PooledAddress)> {
        let location = self.known.get(&id)?;
        let family = self.families.get(location.family)?;
        Some((&family.zone, family.address(self.seed, location.index)?))
    }

    /// How many addresses were ever allocated.
    pub(super) fn allocated(&self) -> u32 {
        self.families.iter().fold(0, |sum, family| sum.saturating_add(family.allocated))
    }

    /// The ids of the addresses that were given back or to another tenant.
    pub(super) fn gone(&self) -> BTreeSet<FlexibleIpId> {
        let of = |family: &FamilyPool| -> Vec<FlexibleIpId> {
            family.free.iter().map(|index| family.id(self.seed, *index)).collect()
        };
        self.families.iter().flat_map(of).chain(self.others.iter().copied()).collect()
    }

    /// Whether an address was given back.
    pub(super) fn is_free(&self, id: FlexibleIpId) -> bool {
        let location = self.known.get(&id);
        let family = location.and_then(|location| self.families.get(location.family));
        family.zip(location).is_some_and(|(family, location)| family.free.contains(&location.index))
    }

    /// The position of an address in its zone's lists; `None` if it was never allocated.
    pub(in crate::emulator) fn position(&self, id: FlexibleIpId) -> Option<u32> {
        self.position_of(self.known.get(&id)?)
    }

    fn position_of(&self, location: &Location) -> Option<u32> {
        let family = self.families.get(location.family)?;
        Some(if family.is_ipv6 { location.index } else { location.index | IPV4_POSITIONS })
    }

    /// The address at a position of a zone's lists.
    pub(in crate::emulator) fn id_at(&self, zone: &Zone, position: u32) -> Option<FlexibleIpId> {
        let is_ipv6 = position & IPV4_POSITIONS == 0;
        let mut families = self.families.iter();
        let family = families.find(|family| family.is_ipv6 == is_ipv6 && family.zone == *zone)?;
        Some(family.id(self.seed, position & !IPV4_POSITIONS))
    }

    /// Whether an address of this zone was ever allocated.
    pub(in crate::emulator) fn was_allocated(&self, zone: &Zone, id: FlexibleIpId) -> bool {
        let family = self.known.get(&id).and_then(|location| self.families.get(location.family));
        family.is_some_and(|family| family.zone == *zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn pool() -> Pool {
        Pool::new(&Settings::default()).unwrap()
    }

    #[test]
    fn a_returned_address_is_allocated_again_with_its_id_and_date() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let first = pool.allocate(&zone, false).unwrap();
        let second = pool.allocate(&zone, false).unwrap();
        assert_ne!(first.id, second.id);
        pool.give_back(first.id, None);
        assert_eq!(pool.allocate(&zone, false), Some(first));
    }

    #[test]
    fn the_first_free_address_is_allocated_and_none_is_left_out() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let taken: Vec<PooledAddress> =
            (0..3).map(|_| pool.allocate(&zone, false).unwrap()).collect();
        pool.give_back(taken[1].id, None);
        pool.give_back(taken[0].id, None);
        let mut allocate = || pool.allocate(&zone, false).unwrap().network.to_string();
        let expected = ["195.154.141.1", "195.154.141.2", "195.154.141.4", "195.154.141.5"];
        assert_eq!([allocate(), allocate(), allocate(), allocate()], expected);
    }

    #[test]
    fn the_reverse_that_a_tenant_set_is_shown_to_the_next_tenant_only() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let first = pool.allocate(&zone, false).unwrap();
        pool.give_back(first.id, Some("mail.example.org.".to_owned()));
        let previous = pool.allocate(&zone, false).unwrap().previous_reverse;
        assert_eq!(previous.as_deref(), Some("mail.example.org."));
        pool.give_back(first.id, None);
        assert_eq!(pool.allocate(&zone, false).unwrap().previous_reverse, None);
    }

    #[test]
    fn addresses_are_of_the_ranges_seen_and_their_dates_ascend() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let taken: Vec<PooledAddress> =
            (0..300).map(|_| pool.allocate(&zone, false).unwrap()).collect();
        let texts: Vec<String> = taken.iter().map(|pooled| pooled.network.to_string()).collect();
        assert_eq!(texts[0], "195.154.141.1");
        assert_eq!(texts[253], "195.154.141.254");
        assert_eq!(texts[254], "195.154.148.1");
        assert!(taken.is_sorted_by(|one, other| one.created_at < other.created_at));
    }

    #[test]
    fn each_ipv6_flexible_ip_is_a_block_with_its_own_prefix() {
        let mut pool = pool();
        let mut allocate = |name| pool.allocate(&zone(name), true).unwrap().network.to_string();
        assert_eq!(allocate("fr-par-1"), "2001:bc8:702:1::/64");
        assert_eq!(allocate("fr-par-1"), "2001:bc8:702:2::/64");
        assert_eq!(allocate("fr-par-2"), "2001:db8:2000:1::/64");
    }

    #[test]
    fn no_address_is_in_two_zones() {
        let mut pool = pool();
        let mut seen = BTreeSet::new();
        for name in KNOWN_ZONES {
            for _ in 0..3_000 {
                assert!(seen.insert(pool.allocate(&zone(name), false).unwrap().network));
            }
        }
    }

    #[test]
    fn blocks_can_be_set_and_can_be_exhausted() {
        let settings =
            Settings::from_json(r#"{"ipv4Blocks": {"nl-ams-2": ["192.0.2.8/31"]}}"#).unwrap();
        let (mut pool, zone) = (Pool::new(&settings).unwrap(), zone("nl-ams-2"));
        let mut allocate = || pool.allocate(&zone, false).map(|pooled| pooled.network.to_string());
        assert_eq!(allocate().as_deref(), Some("192.0.2.8"));
        assert_eq!(allocate().as_deref(), Some("192.0.2.9"));
        assert_eq!(allocate(), None);
        assert!(pool.allocate(&zone, true).is_some());
    }

    #[test]
    fn blocks_that_overlap_are_refused_and_a_default_gives_way() {
        let new = |json: &str| Pool::new(&Settings::from_json(json).unwrap());
        for blocks in [
            r#"{"fr-par-1": ["203.0.113.0/24", "203.0.113.64/26"]}"#,
            r#"{"fr-par-1": ["203.0.113.64/26"], "nl-ams-1": ["203.0.113.0/24"]}"#,
        ] {
            let refused = new(&format!(r#"{{"ipv4Blocks": {blocks}}}"#)).map(drop).unwrap_err();
            let message = refused.to_string();
            assert!(message.contains("203.0.113.0/24 and 203.0.113.64/26 overlap"), "{message}");
        }
        // 203.0.113.0/24 is pl-waw-3's by default.
        let mut pool = new(r#"{"ipv4Blocks": {"fr-par-1": ["203.0.113.8/31"]}}"#).unwrap();
        let mut allocate =
            |name| pool.allocate(&zone(name), false).map(|pooled| pooled.network.to_string());
        assert_eq!(allocate("fr-par-1").as_deref(), Some("203.0.113.8"));
        assert_eq!(allocate("pl-waw-3").as_deref(), Some("10.160.0.1"));
    }

    #[test]
    fn a_text_that_is_not_a_block_of_a_zone_is_refused() {
        let new = |json: &str| Pool::new(&Settings::from_json(json).unwrap()).map(drop);
        assert_eq!(
            new(r#"{"ipv4Blocks": {"mars-1": []}}"#),
            Err(SettingsError::NoZone("mars-1".to_owned()))
        );
        for text in ["192.0.2.1", "192.0.2.1/24", "2001:db8::/48", "host/24"] {
            assert_eq!(
                new(&format!(r#"{{"ipv4Blocks": {{"fr-par-1": ["{text}"]}}}}"#)),
                Err(SettingsError::NoBlock(text.to_owned()))
            );
        }
    }
}
