//! An address or a block of addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::id::hex_digit;
use super::parts::split_once;
use super::to_text::ToText;

/// An IP address with a prefix length.
/// A flexible IP is one IPv4 address (`/32`) or one IPv6 block (`/64`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// The prefix length of an IPv6 flexible IP.
    pub const IPV6_PREFIX: u8 = 64;

    /// One IPv4 address.
    pub const fn v4(address: Ipv4Addr) -> Self {
        Self { address: IpAddr::V4(address), prefix: 32 }
    }

    /// The IPv6 block of 2^64 addresses that starts at this address.
    pub const fn v6_block(address: Ipv6Addr) -> Self {
        Self { address: IpAddr::V6(address), prefix: Self::IPV6_PREFIX }
    }

    /// Parses an address in any spelling, with or without a prefix length.
    /// Without one, the network is the single address. An IPv4 address that is written as one of IPv6
    /// (`::ffff:1.2.3.4`) is the IPv4 address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match split_once(text, b'/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = Self::longest(address);
        let prefix = match prefix {
            None => longest,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok()?
            }
            Some(_) => return None,
        };
        if prefix > longest {
            return None;
        }
        let network = Self { address, prefix };
        Some(network.as_ipv4().unwrap_or(network))
    }

    /// The IPv4 network that is written as one of IPv6, if it is one.
    fn as_ipv4(&self) -> Option<Self> {
        const MAPPED_PREFIX: u8 = 96;
        let IpAddr::V6(address) = self.address else { return None };
        let address = IpAddr::V4(address.to_ipv4_mapped()?);
        Some(Self { address, prefix: self.prefix.checked_sub(MAPPED_PREFIX)? })
    }

    /// The address before the prefix length.
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// The prefix length: the number of leading bits that the addresses of the block share.
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether the address is of IPv6.
    pub const fn is_ipv6(&self) -> bool {
        self.address.is_ipv6()
    }

    /// Whether every address of `other` is in this network.
    pub fn contains(&self, other: &Self) -> bool {
        if self.is_ipv6() != other.is_ipv6() || self.prefix > other.prefix {
            return false;
        }
        let mut bits = u32::from(self.prefix);
        self.octets().iter().zip(other.octets()).all(|(own, other)| {
            let differing =
                (own ^ other).checked_shr(8_u32.saturating_sub(bits)).unwrap_or_default();
            bits = bits.saturating_sub(8);
            differing == 0
        })
    }

    /// The octets of the address, at the start.
    fn octets(&self) -> [u8; 16] {
        match self.address {
            IpAddr::V6(address) => address.octets(),
            IpAddr::V4(address) => {
                let mut octets = [0; 16];
                octets.iter_mut().zip(address.octets()).for_each(|(place, octet)| *place = octet);
                octets
            }
        }
    }

    /// The longest prefix length of the address's family.
    const fn longest(address: IpAddr) -> u8 {
        if address.is_ipv4() { 32 } else { 128 }
    }
}

impl ToText for IpAddr {
    fn write_to(&self, out: &mut String) {
        match self {
            Self::V4(address) => write_ipv4(out, *address),
            Self::V6(address) => write_ipv6(out, *address),
        }
    }
}

fn write_ipv4(out: &mut String, address: Ipv4Addr) {
    for (index, octet) in address.octets().iter().enumerate() {
        if index > 0 {
            out.push('.');
        }
        octet.write_to(out);
    }
}

/// Writes the form of RFC 5952: the longest run of zeros as `::`, and an IPv4 address in IPv6 with dots.
fn write_ipv6(out: &mut String, address: Ipv6Addr) {
    if let Some(mapped) = address.to_ipv4_mapped() {
        "::ffff:".write_to(out);
        return write_ipv4(out, mapped);
    }
    let segments = address.segments();
    let zeros = longest_zeros(&segments);
    for (index, segment) in segments.iter().enumerate() {
        if index == zeros.start && !zeros.is_empty() {
            "::".write_to(out);
        }
        if zeros.contains(&index) {
            continue;
        }
        if index > 0 && index != zeros.end {
            out.push(':');
        }
        write_segment(out, *segment);
    }
}

/// The first of the longest runs of zeros. A single zero is no run.
fn longest_zeros(segments: &[u16]) -> Range<usize> {
    let mut longest = 0..1;
    let mut start = 0;
    for (end, segment) in (1_usize..).zip(segments) {
        if *segment != 0 {
            start = end;
        } else if end.saturating_sub(start) > longest.len() {
            longest = start..end;
        }
    }
    if longest.len() > 1 { longest } else { 0..0 }
}

fn write_segment(out: &mut String, segment: u16) {
    let [high, low] = segment.to_be_bytes();
    let mut is_leading = true;
    for digit in [high >> 4, high & 15, low >> 4] {
        is_leading &= digit == 0;
        if !is_leading {
            out.push(char::from(hex_digit(digit)));
        }
    }
    out.push(char::from(hex_digit(low & 15)));
}

/// IPv4 without and IPv6 with its prefix length, as the service writes it.
impl ToText for Network {
    fn write_to(&self, out: &mut String) {
        self.address.write_to(out);
        if self.prefix != 32 || self.is_ipv6() {
            out.push('/');
            self.prefix.write_to(out);
        }
    }
}

/// Writes IPv4 without and IPv6 with its prefix length, as the service does.
impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.address)?;
        if self.prefix != 32 || self.is_ipv6() {
            write!(formatter, "/{}", self.prefix)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn network(text: &str) -> Network {
        Network::parse(text).unwrap()
    }

    #[test]
    fn an_ipv4_address_is_the_same_with_and_without_its_prefix() {
        assert_eq!(network("195.154.148.225"), network("195.154.148.225/32"));
        assert_eq!(network("195.154.148.225/32").to_string(), "195.154.148.225");
    }

    #[test]
    fn an_ipv6_block_is_written_with_its_prefix() {
        assert_eq!(network("2001:0bc8:702:6b7:0::/64").to_string(), "2001:bc8:702:6b7::/64");
    }

    #[test]
    fn a_block_contains_its_addresses_in_any_spelling_and_no_others() {
        let block = network("2001:bc8:702:6b7::/64");
        assert!(block.contains(&network("2001:0bc8:0702:06b7:ffff::1")));
        assert!(!block.contains(&network("2001:bc8:702:6b8::1")));
        assert!(!block.contains(&network("195.154.148.225")));
        assert!(!network("195.154.148.225").contains(&block));
        assert!(network("::/0").contains(&block));
    }

    #[test]
    fn an_ipv4_address_written_as_one_of_ipv6_is_the_ipv4_address() {
        for text in ["::ffff:1.2.3.4", "::FFFF:102:304", "::ffff:1.2.3.4/128"] {
            assert_eq!(network(text), network("1.2.3.4"), "{text}");
        }
        assert!(network("::ffff:1.2.3.0/120").contains(&network("1.2.3.4")));
        assert!(network("::ffff:1.2.3.4/64").is_ipv6());
        assert!(network("::1.2.3.4").is_ipv6());
    }

    #[test]
    fn a_malformed_address_is_refused() {
        for text in
            ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/+3", "::/129", "1.2.3.4/32/1", "host"]
        {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_network_survives_a_round_trip(address: IpAddr, prefix in 0_u8..=128) {
            let network = Network { address, prefix: prefix.min(Network::longest(address)) };
            prop_assume!(network.as_ipv4().is_none());
            prop_assert_eq!(Network::parse(&network.to_string()), Some(network));
            prop_assert!(network.contains(&network));
            prop_assert_eq!(network.to_text(), network.to_string());
        }

        #[test]
        fn a_network_contains_the_addresses_that_share_its_leading_bits(
            address: IpAddr,
            flipped in 0_u32..128,
            prefix in 0_u8..=128,
        ) {
            let longest = Network::longest(address);
            let (prefix, flipped) = (prefix.min(longest), flipped & u32::from(longest).saturating_sub(1));
            let place = u32::from(longest).saturating_sub(1).saturating_sub(flipped);
            let flip = |bits: u128| bits ^ 1_u128.checked_shl(place).unwrap();
            let other = match address {
                IpAddr::V4(address) => IpAddr::from(u32::try_from(flip(u32::from(address).into())).unwrap().to_be_bytes()),
                IpAddr::V6(address) => IpAddr::from(flip(address.into()).to_be_bytes()),
            };
            let network = Network { address, prefix };
            let other = Network { address: other, prefix: longest };
            prop_assert_eq!(network.contains(&other), flipped >= u32::from(prefix));
        }

        #[test]
        fn an_address_is_written_as_the_standard_library_writes_it(
            segments in prop::array::uniform8(prop_oneof![Just(0_u16), Just(0), Just(0xffff), any::<u16>()]),
            octets: [u8; 4],
        ) {
            for address in [IpAddr::from(segments), IpAddr::from(octets)] {
                prop_assert_eq!(address.to_text(), address.to_string());
            }
        }
    }
}
