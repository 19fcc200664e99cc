//! The addresses of one zone and one address family, in the order of their dates. Each follows from
//! the seed and its index.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::emulator::random::Random;
use crate::emulator::world::blocks::network_at;
use crate::model::id::FlexibleIpId;
use crate::model::network::Network;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// Between the dates of neighbours: the service's pools were seen to have been filled all at once.
const NANOS_BETWEEN_DATES: u64 = 12_800_000;

/// How many addresses one pool can have.
pub(super) const MAX_ADDRESSES: u32 = 1 << 31;

/// No date of an address is later: the last day on which a pool can begin, with room for every address.
pub(super) const LATEST_CREATION: Timestamp = Timestamp::from_nanos(
    (FIRST_DAYS[0].saturating_add(DAYS).saturating_add(1).saturating_mul(NANOS_IN_DAY))
        .saturating_add((MAX_ADDRESSES as u64).saturating_mul(NANOS_BETWEEN_DATES)),
);

/// The first days on which the pools of IPv4 and of IPv6 can begin, and how many days follow.
const FIRST_DAYS: [u64; 2] = [19_450, 19_000];
const DAYS: u64 = 400;
const NANOS_IN_DAY: u64 = 86_400_000_000_000;

/// An address of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emulator) struct PooledAddress {
    pub(in crate::emulator) id: FlexibleIpId,
    pub(in crate::emulator) network: Network,
    pub(in crate::emulator) created_at: Timestamp,
    /// The reverse that the previous tenant set.
    pub(in crate::emulator) previous_reverse: Option<String>,
}

/// The addresses of one zone and one address family.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyPool {
    pub(super) zone: Zone,
    pub(super) is_ipv6: bool,
    pub(super) blocks: Vec<Network>,
    /// How many addresses were ever allocated: those with the indexes below this number.
    #[serde(rename = "grown")]
    pub(super) allocated: u32,
    /// The indexes of the allocated addresses that were returned.
    pub(super) free: BTreeSet<u32>,
}

impl FamilyPool {
    /// The address at an index; `None` if the blocks are too small for it.
    pub(super) fn address(&self, seed: u64, index: u32) -> Option<PooledAddress> {
        let network = network_at(&self.blocks, self.is_ipv6, u128::from(index));
        let network = network.filter(|_| index < MAX_ADDRESSES)?;
        let (id, created_at) = (self.id(seed, index), self.date(seed, index));
        Some(PooledAddress { id, network, created_at, previous_reverse: None })
    }

    /// The id of the address at an index.
    pub(super) fn id(&self, seed: u64, index: u32) -> FlexibleIpId {
        let stream = [self.zone.as_str(), if self.is_ipv6 { "/6" } else { "/4" }];
        FlexibleIpId(Random::of_parts(seed, stream, u64::from(index)).uuid())
    }

    /// The date of the address at an index. Neighbours are some milliseconds apart, on a day between
    /// 2022 and 2024. All IPv6 blocks are older than the IPv4 addresses, so that lists can be ordered
    /// without the dates: the 50 days between the two are enough for 300 million addresses.
    fn date(&self, seed: u64, index: u32) -> Timestamp {
        let stream = [self.zone.as_str(), if self.is_ipv6 { "/6 day" } else { "/4 day" }].concat();
        let mut random = Random::of(seed, &stream, 0);
        let [ipv4, ipv6] = FIRST_DAYS;
        let first = if self.is_ipv6 { ipv6 } else { ipv4 };
        let day = first.saturating_add(random.below(DAYS)).saturating_mul(NANOS_IN_DAY);
        let morning = random.below(NANOS_IN_DAY / 2);
        let jitter = Random::of(seed, &stream, u64::from(index)).below(NANOS_BETWEEN_DATES / 2);
        let offset = u64::from(index).saturating_mul(NANOS_BETWEEN_DATES);
        let nanos = day.saturating_add(morning).saturating_add(offset).saturating_add(jitter);
        Timestamp::from_nanos(nanos).rounded_to_micros()
    }
}
