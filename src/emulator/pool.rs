//! The addresses of each zone. Id, address and date belong to the pooled address, not to its tenant:
//! the same id was seen to come back after a delete, also in another Project.
//!
//! An address is made when it is first needed, from the seed and its place in the zone, so a pool
//! of millions costs what is used of it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::random::Random;
use super::settings::{Settings, SettingsError};
use super::stored;
use crate::model::id::FlexibleIpId;
use crate::model::network::Network;
use crate::model::time::Timestamp;
use crate::model::zone::{KNOWN_ZONES, Zone};

/// The pool's blocks where the settings give none: of each zone, IPv4 and IPv6. Blocks of
/// documentation (RFC 5737, RFC 3849) stand where the service's own were never seen, private ones
/// at the end make room.
#[rustfmt::skip] // a table is read by its columns
const BLOCKS: [(&str, &[&str], &[&str]); 6] = [
    ("fr-par-1", &["195.154.141.0/24", "195.154.148.0/24", "195.154.190.0/24", "51.159.124.0/23",
                   "62.210.142.0/24", "62.210.157.0/24", "10.0.0.0/11"],    &["2001:bc8:702::/48", "2001:db8:1000::/36"]),
    ("fr-par-2", &["62.210.100.0/23", "62.210.103.0/24", "51.159.77.0/24", "51.159.78.0/24",
                   "51.159.197.0/24", "51.159.198.0/23", "10.32.0.0/11"],   &["2001:db8:2000::/36"]),
    ("nl-ams-1", &["51.158.194.0/24", "51.158.212.0/24", "51.159.225.0/24", "10.64.0.0/11"],
                                                                            &["2001:db8:3000::/36"]),
    ("nl-ams-2", &["192.0.2.0/24", "10.96.0.0/11"],                         &["2001:db8:4000::/36"]),
    ("pl-waw-2", &["198.51.100.0/24", "10.128.0.0/11"],                     &["2001:db8:5000::/36"]),
    ("pl-waw-3", &["203.0.113.0/24", "10.160.0.0/11"],                      &["2001:db8:6000::/36"]),
];

/// Between the dates of neighbours: the pools were seen to have been filled in one go.
const NANOS_BETWEEN_DATES: u64 = 12_800_000;

/// Where the places of IPv4 addresses begin: they are younger than a zone's IPv6 blocks.
const IPV4_PLACES: u32 = 1 << 31;

/// An address out of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pooled {
    pub(super) id: FlexibleIpId,
    pub(super) network: Network,
    pub(super) created_at: Timestamp,
    /// The reverse that the last tenant left.
    pub(super) left_reverse: Option<String>,
}

/// Every address, taken or free.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pool {
    #[serde(with = "stored::decimal")]
    seed: u64,
    lanes: Vec<Lane>,
    /// Every address that ever had a tenant. It follows from how far the lanes are grown.
    #[serde(skip)]
    known: BTreeMap<FlexibleIpId, Place>,
    left_reverses: BTreeMap<FlexibleIpId, String>,
}

/// The addresses of one zone and family, in the order of their dates.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lane {
    zone: Zone,
    is_ipv6: bool,
    blocks: Vec<Network>,
    /// How many places were ever taken: all before it are known.
    grown: u32,
    free: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Place {
    lane: usize,
    index: u32,
}

impl Pool {
    /// The pools of all zones, every address free.
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        for given in [&settings.ipv4_blocks, &settings.ipv6_blocks] {
            if let Some(zone) = given.keys().find(|zone| !KNOWN_ZONES.contains(&zone.as_str())) {
                return Err(SettingsError::NoZone(zone.clone()));
            }
        }
        let mut lanes = Vec::with_capacity(12);
        for (name, ipv4, ipv6) in BLOCKS {
            let zone = Zone::parse(name).ok_or_else(|| SettingsError::NoZone(name.to_owned()))?;
            let families = [(&settings.ipv4_blocks, ipv4), (&settings.ipv6_blocks, ipv6)];
            for (is_ipv6, (given, ours)) in [false, true].into_iter().zip(families) {
                let blocks = match given.get(name) {
                    Some(given) => blocks(given.iter().map(String::as_str), is_ipv6)?,
                    None => blocks(ours.iter().copied(), is_ipv6)?,
                };
                let (zone, free) = (zone.clone(), BTreeSet::new());
                lanes.push(Lane { zone, is_ipv6, blocks, grown: 0, free });
            }
        }
        Ok(Self {
            seed: settings.seed,
            lanes,
            known: BTreeMap::new(),
            left_reverses: BTreeMap::new(),
        })
    }

    /// Takes the first free address; nothing when the pool is exhausted.
    pub(super) fn take(&mut self, zone: &Zone, is_ipv6: bool) -> Option<Pooled> {
        let of = |lane: &Lane| lane.is_ipv6 == is_ipv6 && lane.zone == *zone;
        let place = self.lanes.iter().position(of)?;
        let lane = self.lanes.get_mut(place)?;
        let index = lane.free.first().copied().unwrap_or(lane.grown);
        let mut pooled = lane.address(self.seed, index)?;
        if !lane.free.remove(&index) {
            lane.grown = lane.grown.saturating_add(1);
        }
        self.known.insert(pooled.id, Place { lane: place, index });
        pooled.left_reverse = self.left_reverses.remove(&pooled.id);
        Some(pooled)
    }

    /// Takes an address back, with the reverse that its tenant had set.
    pub(super) fn give_back(&mut self, id: FlexibleIpId, reverse: Option<String>) {
        let Some(place) = self.known.get(&id) else { return };
        if let Some(lane) = self.lanes.get_mut(place.lane) {
            lane.free.insert(place.index);
        }
        if let Some(reverse) = reverse {
            self.left_reverses.insert(id, reverse);
        }
    }

    /// Makes the known addresses anew, for a pool that was read. So many are `held`; says whether
    /// all others are free. A false number would be no pool, and could be too large to count to.
    pub(super) fn recall(&mut self, held: usize) -> bool {
        let grown = self.lanes.iter().map(|lane| u64::from(lane.grown));
        let free: usize = self.lanes.iter().map(|lane| lane.free.len()).sum();
        let known = held.checked_add(free).and_then(|known| u64::try_from(known).ok());
        if known != Some(grown.sum()) {
            return false;
        }
        for (place, lane) in self.lanes.iter().enumerate() {
            let ids = (0..lane.grown).map(|index| (lane.id(self.seed, index), index));
            self.known.extend(ids.map(|(id, index)| (id, Place { lane: place, index })));
        }
        true
    }

    /// The place of an address in the order of its zone's lists; nothing if it never had a tenant.
    pub(super) fn place(&self, id: FlexibleIpId) -> Option<u32> {
        let place = self.known.get(&id)?;
        let lane = self.lanes.get(place.lane)?;
        Some(if lane.is_ipv6 { place.index } else { place.index | IPV4_PLACES })
    }

    /// The address at a place of a zone's lists.
    pub(super) fn at(&self, zone: &Zone, place: u32) -> Option<FlexibleIpId> {
        let is_ipv6 = place & IPV4_PLACES == 0;
        let mut lanes = self.lanes.iter();
        let lane = lanes.find(|lane| lane.is_ipv6 == is_ipv6 && lane.zone == *zone)?;
        Some(lane.id(self.seed, place & !IPV4_PLACES))
    }

    /// Whether the address ever had a tenant, in this zone.
    pub(super) fn knows(&self, zone: &Zone, id: FlexibleIpId) -> bool {
        let lane = self.known.get(&id).and_then(|place| self.lanes.get(place.lane));
        lane.is_some_and(|lane| lane.zone == *zone)
    }
}

impl Lane {
    fn address(&self, seed: u64, index: u32) -> Option<Pooled> {
        let network = self.network(u128::from(index)).filter(|_| index < IPV4_PLACES)?;
        let (id, created_at) = (self.id(seed, index), self.date(seed, index));
        Some(Pooled { id, network, created_at, left_reverse: None })
    }

    fn id(&self, seed: u64, index: u32) -> FlexibleIpId {
        let lane = [self.zone.as_str(), if self.is_ipv6 { "/6" } else { "/4" }].concat();
        FlexibleIpId(Random::of(seed, &lane, u64::from(index)).uuid())
    }

    /// The place's address: the blocks in their order, without an IPv4 block's first and last.
    fn network(&self, mut index: u128) -> Option<Network> {
        for block in &self.blocks {
            let wanted: u32 = if self.is_ipv6 { 64 } else { 32 };
            let room = 1_u128.checked_shl(wanted.saturating_sub(u32::from(block.prefix())))?;
            let (first, usable) = if room > 2 { (1, room.saturating_sub(2)) } else { (0, room) };
            if index < usable {
                return Some(nth(block.address(), index.saturating_add(first)));
            }
            index = index.saturating_sub(usable);
        }
        None
    }

    /// Neighbours are some milliseconds apart, on a day between 2022 and 2024. All IPv6 blocks are
    /// older than the IPv4 addresses, so that the order of all is known without their dates: in the
    /// 50 days between the two, there is time for 300 million.
    fn date(&self, seed: u64, index: u32) -> Timestamp {
        const FIRST_DAYS: [u64; 2] = [19_450, 19_000];
        const DAYS: u64 = 400;
        const NANOS_IN_DAY: u64 = 86_400_000_000_000;
        let lane = [self.zone.as_str(), if self.is_ipv6 { "/6 day" } else { "/4 day" }].concat();
        let mut random = Random::of(seed, &lane, 0);
        let [ipv4, ipv6] = FIRST_DAYS;
        let first = if self.is_ipv6 { ipv6 } else { ipv4 };
        let day = first.saturating_add(random.below(DAYS)).saturating_mul(NANOS_IN_DAY);
        let morning = random.below(NANOS_IN_DAY / 2);
        let jitter = Random::of(seed, &lane, u64::from(index)).below(NANOS_BETWEEN_DATES / 2);
        let place = u64::from(index).saturating_mul(NANOS_BETWEEN_DATES);
        let nanos = day.saturating_add(morning).saturating_add(place).saturating_add(jitter);
        Timestamp::from_nanos(nanos).rounded_to_micros()
    }
}

/// The reverse that an address has of its own, as the service was seen to write it.
pub(super) fn default_reverse(network: Network) -> String {
    let name = network.address().to_string().replace(['.', ':'], "-");
    [&name, ".rev.poneytelecom.eu."].concat()
}

/// The network of an IP that is `index` places after a block's first.
fn nth(first: IpAddr, index: u128) -> Network {
    match first {
        IpAddr::V4(first) => {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            Network::v4(Ipv4Addr::from(u32::from(first).saturating_add(index)))
        }
        IpAddr::V6(first) => {
            Network::v6_block(Ipv6Addr::from(u128::from(first).saturating_add(index << 64)))
        }
    }
}

fn blocks<'text>(
    texts: impl Iterator<Item = &'text str>,
    is_ipv6: bool,
) -> Result<Vec<Network>, SettingsError> {
    texts
        .map(|text| block(text, is_ipv6).ok_or_else(|| SettingsError::NoBlock(text.to_owned())))
        .collect()
}

/// A block is of the family, has room for one IP at least, and starts where its prefix says.
fn block(text: &str, is_ipv6: bool) -> Option<Network> {
    let block = Network::parse(text).filter(|_| text.contains('/'))?;
    let (longest, width, zeros) = match block.address() {
        IpAddr::V4(address) => (32, 32, u32::from(address).trailing_zeros()),
        IpAddr::V6(address) => (Network::IPV6_PREFIX, 128, u128::from(address).trailing_zeros()),
    };
    let starts = zeros.saturating_add(u32::from(block.prefix())) >= width;
    (block.is_ipv6() == is_ipv6 && block.prefix() <= longest && starts).then_some(block)
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
    fn an_address_given_back_comes_again_with_its_id_and_date() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let first = pool.take(&zone, false).unwrap();
        let second = pool.take(&zone, false).unwrap();
        assert_ne!(first.id, second.id);
        pool.give_back(first.id, None);
        assert_eq!(pool.take(&zone, false), Some(first));
    }

    #[test]
    fn the_first_free_address_is_taken_and_none_is_left_out() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let taken: Vec<Pooled> = (0..3).map(|_| pool.take(&zone, false).unwrap()).collect();
        pool.give_back(taken[1].id, None);
        pool.give_back(taken[0].id, None);
        let mut take = || pool.take(&zone, false).unwrap().network.to_string();
        let expected = ["195.154.141.1", "195.154.141.2", "195.154.141.4", "195.154.141.5"];
        assert_eq!([take(), take(), take(), take()], expected);
    }

    #[test]
    fn the_reverse_that_a_tenant_set_is_left_to_the_next_one_only() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let first = pool.take(&zone, false).unwrap();
        pool.give_back(first.id, Some("mail.example.org.".to_owned()));
        let left = pool.take(&zone, false).unwrap().left_reverse;
        assert_eq!(left.as_deref(), Some("mail.example.org."));
        pool.give_back(first.id, None);
        assert_eq!(pool.take(&zone, false).unwrap().left_reverse, None);
    }

    #[test]
    fn addresses_are_of_the_ranges_seen_and_their_dates_ascend() {
        let (mut pool, zone) = (pool(), zone("fr-par-1"));
        let taken: Vec<Pooled> = (0..300).map(|_| pool.take(&zone, false).unwrap()).collect();
        let texts: Vec<String> = taken.iter().map(|pooled| pooled.network.to_string()).collect();
        assert_eq!(texts[0], "195.154.141.1");
        assert_eq!(texts[253], "195.154.141.254");
        assert_eq!(texts[254], "195.154.148.1");
        assert!(taken.is_sorted_by(|one, other| one.created_at < other.created_at));
    }

    #[test]
    fn an_ipv6_address_is_a_block_of_its_own() {
        let mut pool = pool();
        let mut take = |name| pool.take(&zone(name), true).unwrap().network.to_string();
        assert_eq!(take("fr-par-1"), "2001:bc8:702:1::/64");
        assert_eq!(take("fr-par-1"), "2001:bc8:702:2::/64");
        assert_eq!(take("fr-par-2"), "2001:db8:2000:1::/64");
    }

    #[test]
    fn no_address_is_in_two_zones() {
        let mut pool = pool();
        let mut seen = BTreeSet::new();
        for name in KNOWN_ZONES {
            for _ in 0..3_000 {
                assert!(seen.insert(pool.take(&zone(name), false).unwrap().network));
            }
        }
    }

    #[test]
    fn blocks_can_be_given_and_run_out() {
        let settings =
            Settings::from_json(r#"{"ipv4Blocks": {"nl-ams-2": ["192.0.2.8/31"]}}"#).unwrap();
        let (mut pool, zone) = (Pool::new(&settings).unwrap(), zone("nl-ams-2"));
        let mut take = || pool.take(&zone, false).map(|pooled| pooled.network.to_string());
        assert_eq!(take().as_deref(), Some("192.0.2.8"));
        assert_eq!(take().as_deref(), Some("192.0.2.9"));
        assert_eq!(take(), None);
        assert!(pool.take(&zone, true).is_some());
    }

    #[test]
    fn what_is_no_block_of_a_zone_is_refused() {
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

    #[test]
    fn a_default_reverse_is_spelled_as_the_services() {
        let reverse = |text| default_reverse(Network::parse(text).unwrap());
        assert_eq!(reverse("195.154.148.225"), "195-154-148-225.rev.poneytelecom.eu.");
        assert_eq!(reverse("2001:bc8:702:6b7::/64"), "2001-bc8-702-6b7--.rev.poneytelecom.eu.");
    }
}
