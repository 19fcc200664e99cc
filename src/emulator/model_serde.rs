//! Serde for the types of `model`, which does not depend on serde: each is serialized as its text. A
//! timestamp is the text of its nanoseconds, which JavaScript's `JSON.parse` would round as a number.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::id::{FlexibleIpId, MacId, OrganizationId, ProjectId, ServerId};
use crate::model::mac::{MacBytes, MacType};
use crate::model::network::Network;
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

macro_rules! as_text {
    ($( $type:ty: $write:expr, $read:expr; )+) => { $(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&$write(self))
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $read(&text).ok_or_else(|| {
                    D::Error::custom(format_args!(
                        "{text:?} is not a {}",
                        stringify!($type)
                    ))
                })
            }
        }
    )+ };
}

as_text! {
    FlexibleIpId: Self::to_string, Self::parse;
    MacId: Self::to_string, Self::parse;
    ServerId: Self::to_string, Self::parse;
    ProjectId: Self::to_string, Self::parse;
    OrganizationId: Self::to_string, Self::parse;
    Zone: Self::to_string, Self::parse;
    Network: Self::to_string, Self::parse;
    MacBytes: Self::to_string, mac_bytes;
    Status: |status: &Self| status.word(), Self::parse;
    MacType: |mac_type: &Self| mac_type.word(), Self::parse;
    Timestamp: |at: &Self| at.nanos(), timestamp;
}

fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_nanos)
}

fn mac_bytes(text: &str) -> Option<MacBytes> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(MacBytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::random::Random;

    fn assert_round_trip<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(
        value: T,
    ) {
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    }

    #[test]
    fn every_type_is_read_as_it_was_written() {
        assert_round_trip(FlexibleIpId(Random::new(1).uuid()));
        assert_round_trip(Zone::parse("pl-waw-3").unwrap());
        assert_round_trip(Network::parse("2001:bc8:702:6b7::/64").unwrap());
        assert_round_trip(MacBytes([0x52, 0x54, 0, 0x7f, 0, 0xff]));
        assert_round_trip(Status::Detaching);
        assert_round_trip(MacType::Kvm);
        assert_round_trip(Timestamp::from_nanos(u64::MAX));
    }

    #[test]
    fn an_invalid_text_is_refused_and_quoted() {
        let error = serde_json::from_str::<Status>("\"gone\"").unwrap_err();
        assert!(error.to_string().starts_with("\"gone\" is not a Status"), "{error}");
        assert!(serde_json::from_str::<MacBytes>("\"52:54:00\"").is_err());
    }
}
