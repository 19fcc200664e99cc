//! The blocks of addresses that each zone's pool is made of.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::emulator::settings::error::SettingsError;
use crate::model::network::Network;

/// The default blocks: zone, IPv4, IPv6. Where the service's own blocks were never seen, blocks for
/// documentation (RFC 5737, RFC 3849) stand in. The private IPv4 block at the end of each list makes
/// room for large pools.
#[rustfmt::skip] // a table is read by its columns
pub(super) const BLOCKS: [(&str, &[&str], &[&str]); 6] = [
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

/// Parses blocks. Fails with the first text that is not a block of the family.
pub(super) fn parse_blocks<'text>(
    texts: impl Iterator<Item = &'text str>,
    is_ipv6: bool,
) -> Result<Vec<Network>, SettingsError> {
    texts
        .map(|text| {
            parse_block(text, is_ipv6).ok_or_else(|| SettingsError::NoBlock(text.to_owned()))
        })
        .collect()
}

fn parse_block(text: &str, is_ipv6: bool) -> Option<Network> {
    let block = Network::parse(text).filter(|_| text.contains('/'));
    block.filter(|block| is_block(*block, is_ipv6))
}

/// A block is of the family, is large enough for one flexible IP, and has no bits set after its prefix.
pub(super) fn is_block(block: Network, is_ipv6: bool) -> bool {
    let (longest, width, zeros) = match block.address() {
        IpAddr::V4(address) => (32, 32, u32::from(address).trailing_zeros()),
        IpAddr::V6(address) => (Network::IPV6_PREFIX, 128, u128::from(address).trailing_zeros()),
    };
    let is_aligned = zeros.saturating_add(u32::from(block.prefix())) >= width;
    block.is_ipv6() == is_ipv6 && block.prefix() <= longest && is_aligned
}

/// Two blocks that have addresses in common; `None` if there are none.
pub(super) fn overlap(mut blocks: Vec<Network>) -> Option<(Network, Network)> {
    // A block comes before those within it, and nothing outside it comes between.
    blocks.sort_unstable();
    let mut neighbours = blocks.iter().zip(blocks.iter().skip(1));
    neighbours.find(|(one, other)| one.contains(other)).map(|(one, other)| (*one, *other))
}

/// The network of the flexible IP at `index` in the blocks, counted from 0 through all of them. The
/// first and the last address of an IPv4 block are left out, as are the first and the last /64 of an
/// IPv6 block. `None` after the end of the blocks.
pub(super) fn network_at(blocks: &[Network], is_ipv6: bool, mut index: u128) -> Option<Network> {
    for block in blocks {
        let prefix: u32 = if is_ipv6 { 64 } else { 32 };
        let size = 1_u128.checked_shl(prefix.saturating_sub(u32::from(block.prefix())))?;
        let (first, usable) = if size > 2 { (1, size.saturating_sub(2)) } else { (0, size) };
        if index < usable {
            return Some(nth_network(block.address(), index.saturating_add(first)));
        }
        index = index.saturating_sub(usable);
    }
    None
}

/// The network of a flexible IP, `index` networks after a block's first.
fn nth_network(first: IpAddr, index: u128) -> Network {
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
