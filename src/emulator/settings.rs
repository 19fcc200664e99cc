//! What can be set. Every behaviour of the real service that nobody has seen is one field here.
//!
//! The fields' own comments are what `docs/emulator-assumptions.md` is made of (see `assumptions`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::choices::{
    ExpiredSpelling, FreshReverse, KeyOrder, Malformed, Missing, NoMac, Occupied, Oversized,
    Secret, UnknownServer,
};
use super::population::Population;
use super::timing::Timing;

/// How sure we are that the default is what the real service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Nothing to be sure of: it sets up the emulator.
    Choice,
    /// The service was seen to do this, and at other times the alternative.
    Seen,
    /// The service's documentation says so; nobody recorded it.
    Documented,
    /// It follows from something that was seen.
    Inferred,
    /// Nobody knows.
    Unknown,
}

macro_rules! settings {
    ($( $(#[doc = $doc:literal])+ $(#[serde $serde:tt])? [$evidence:ident] $name:ident: $type:ty = $default:expr, )+) => {
        /// What can be set. In JSON the names are in camel case, and what is left out has its default.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default, deny_unknown_fields)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(rename = "EmulatorSettings", hashmap_as_object))]
        pub struct Settings {
            $( $(#[doc = $doc])+ $(#[serde $serde])? pub $name: $type, )+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $( $name: $default, )+ }
            }
        }

        /// Every field: its name in Rust, its comment, and how sure the default is.
        pub(super) const FIELDS: &[(&str, &[&str], Evidence)] =
            &[ $( (stringify!($name), &[$($doc),+], Evidence::$evidence), )+ ];
    };
}

settings! {
    /// Everything random follows from it: the same seed and the same requests give the same run.
    [Choice] seed: u64 = 1,
    /// How long transitions take: `"instant"`, `"recorded"`, or milliseconds for each.
    [Choice] timing: Timing = Timing::Instant,
    /// The secret key that requests must carry. Without one it follows from the seed.
    #[serde(skip_serializing)]
    [Choice] secret_key: Option<Secret> = None,
    /// A session token that is accepted in `x-session-token` beside the secret key.
    #[serde(skip_serializing)]
    [Choice] session_token: Option<Secret> = None,
    /// Whether requests need the secret key at all.
    [Choice] require_token: bool = true,
    /// The Organization's id. Without one it follows from the seed.
    [Choice] organization_id: Option<String> = None,
    /// The default Project's id. Without one it follows from the seed.
    [Choice] project_id: Option<String> = None,
    /// Further Projects of the Organization.
    [Choice] projects: Vec<String> = Vec::new(),
    /// How many requests the journal keeps.
    [Choice] journal_limit: usize = 1_000,
    /// How many flexible IPs the Organization may hold, over all zones; without one, any number.
    [Choice] quota: Option<u32> = None,
    /// How many flexible IPs are there from the start: a number, spread over all zones, or one for
    /// each of some zones. Their tags, statuses, Projects and servers follow from the seed.
    [Choice] population: Population = Population::Total(0),
    /// The order of the keys in answers: both were seen, the alphabetical one more often and last.
    [Seen] key_order: KeyOrder = KeyOrder::Alphabetical,
    /// The spelling of the error of status 410: the official SDKs disagree.
    [Seen] expired_spelling: ExpiredSpelling = ExpiredSpelling::Expired,
    /// The reverse that reads show after a create that names none. The answer to the create always
    /// shows the default one. Since 2023-08 reads do too; before, they were seen to show an empty
    /// one, and a few times the previous tenant's.
    [Seen] fresh_reverse: FreshReverse = FreshReverse::Default,
    /// IPv4 blocks of a zone's pool, instead of ours. Ours are the ranges seen in the zone, or a
    /// documentation block where none was seen, and then a private block with room for millions.
    [Unknown] ipv4_blocks: BTreeMap<String, Vec<String>> = BTreeMap::new(),
    /// IPv6 blocks of a zone's pool, instead of ours. Only fr-par-1's was seen; the others are
    /// documentation blocks.
    [Unknown] ipv6_blocks: BTreeMap<String, Vec<String>> = BTreeMap::new(),
    /// The answer about an IP that you had and have no more. A GET was seen to be refused with 403;
    /// that every other request is, too, is inferred.
    [Inferred] gone_ip: Missing = Missing::PermissionsDenied,
    /// The answer about an IP that you never had. The check of permissions that answers for a gone
    /// one cannot tell the two apart. (On the paths below `/mac` it is 404, as was seen.)
    [Unknown] never_ip: Missing = Missing::PermissionsDenied,
    /// The answer to a path id that is no UUID.
    [Unknown] malformed_id: Malformed = Malformed::InvalidArguments,
    /// The answer to a zone where no flexible IPs are sold.
    [Unknown] unknown_zone: Malformed = Malformed::InvalidArguments,
    /// A page size over 100: as 100, or refused.
    [Unknown] oversized_page: Oversized = Oversized::Clamp,
    /// Whether a malformed query argument (page, order, status, id) is refused, or ignored.
    [Unknown] refuse_malformed_query: bool = true,
    /// Whether a create without `project_id` is refused, as the API's description says that it is
    /// required, or uses the default Project.
    [Documented] require_project: bool = true,
    /// The answer to a server id that is not in the zone. 500 was seen in 2022, for an Instance.
    [Unknown] unknown_server: UnknownServer = UnknownServer::NotFound,
    /// Whether attaching to the server where the IP is already changes nothing, as detaching what is
    /// detached does, or is refused with 412.
    [Unknown] refuse_same_server: bool = false,
    /// Whether an attached IP can be attached to another server directly, as in the console, or must
    /// be detached first (412). While it moves it is `updating` and shows no server.
    [Unknown] direct_reattach: bool = true,
    /// Whether several IPs can be attached or detached at once although they are no MAC group. The
    /// API's description says that they must be one.
    [Documented] several_without_group: bool = false,
    /// Whether writes to an IP that is `updating` or `detaching` are refused with 409. OpenNebula's
    /// driver retries such answers to its attaches. Where this is off, they are carried out.
    [Inferred] refuse_busy: bool = true,
    /// Whether a PATCH of an `updating` or `detaching` IP is refused with 409, too, where
    /// `refuseBusy` is on. A PATCH is no transition, and was seen to work on an attached IP.
    [Unknown] refuse_busy_update: bool = false,
    /// Whether a DELETE of an `updating` IP is refused with 409, too, where `refuseBusy` is on. A
    /// `detaching` one can always be deleted.
    [Unknown] refuse_busy_delete: bool = true,
    /// Whether a MAC address can be generated on an IPv6 block. Nothing says that it cannot.
    [Unknown] mac_on_ipv6: bool = true,
    /// Whether a MAC address of the type `unknown_type` is refused, or made as one for KVM.
    [Inferred] refuse_unknown_mac_type: bool = true,
    /// The first three bytes of a MAC address for VMware: its vendor's.
    [Inferred] vmware_prefix: [u8; 3] = [0x00, 0x50, 0x56],
    /// The first three bytes of a MAC address for Xen: its vendor's.
    [Inferred] xen_prefix: [u8; 3] = [0x00, 0x16, 0x3e],
    /// Duplicating or moving a MAC address to an IP that has one.
    [Unknown] occupied_destination: Occupied = Occupied::PreconditionFailed,
    /// Whether a MAC address can be moved to an IP on another server, or from an attached IP to one
    /// that is not. A group's never can.
    [Unknown] move_elsewhere: bool = true,
    /// Deleting the MAC address of an IP that has none.
    [Unknown] delete_no_mac: NoMac = NoMac::Nothing,
    /// Whether the MAC address that an attached IP is losing shows `deleting`, a word of the API's
    /// description that nobody saw, or `updating`.
    [Unknown] show_deleting_mac: bool = true,
    /// Whether the MAC address of an IP that is being attached shows `updating`, or `ready`.
    [Unknown] show_attaching_mac: bool = true,
    /// Of 100 attaches to a busy server, how many are served before one that waits already. The
    /// order was seen to be not always that of the requests.
    [Inferred] attach_disorder: u8 = 20,
    /// How many IPs one server may have.
    [Documented] server_limit: usize = crate::model::limits::SERVER_FLEXIBLE_IPS_MAX,
    /// What `quotas_exceeded` calls the quota of IPs on a server.
    [Unknown] server_limit_name: String = "FlexibleIPsPerServer".to_owned(),
    /// What `quotas_exceeded` calls the quota of IPs in the Organization.
    [Unknown] quota_name: String = "FlexibleIPs".to_owned(),
    /// Whether a reverse must resolve to its IP. Other products' APIs refuse one that does not. The
    /// emulator asks no DNS: it refuses the names under `.invalid`, which never resolve.
    [Inferred] reverse_must_resolve: bool = true,
}

/// Settings that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The text is not JSON, or has a field that is not there or of another type.
    #[error("the settings cannot be read: {0}")]
    Unreadable(String),
    /// An id is no UUID.
    #[error("{field} is no UUID: {text:?}")]
    NoUuid {
        /// The setting.
        field: &'static str,
        /// Its value.
        text: String,
    },
    /// A block is given for a zone that sells no flexible IPs.
    #[error("{0:?} is no zone with flexible IPs")]
    NoZone(String),
    /// A block is no IPv4 or IPv6 network with a prefix, or of the wrong family.
    #[error("{0:?} is no block of addresses of that family")]
    NoBlock(String),
    /// More flexible IPs at the start than there is memory for.
    #[error("population is {total}, the most is {most}")]
    OverPopulation {
        /// How many were asked for.
        total: u32,
        /// How many there can be.
        most: u32,
    },
    /// The memory for the flexible IPs at the start is not there.
    #[error("there is no memory here for a population of {0}")]
    NoMemory(usize),
    /// More flexible IPs at the start than the zone has addresses for.
    #[error("population is larger than the pool of {0}: give it larger blocks")]
    NoRoom(String),
    /// Smallest, median and largest delay are not in this order.
    #[error("the delay {0} has its smallest, median and largest in another order")]
    UnorderedDelay(&'static str),
    /// A percentage is over 100.
    #[error("attachDisorder is over 100: {0}")]
    NoPercentage(u8),
}

impl Settings {
    /// Reads settings from JSON.
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        serde_json::from_str(text).map_err(|error| SettingsError::Unreadable(error.to_string()))
    }

    /// Checks what the types alone do not: numbers and their order.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if let Timing::Given(delays) = &self.timing {
            for (name, _, spread) in delays.named() {
                if !spread.is_ordered() {
                    return Err(SettingsError::UnorderedDelay(name));
                }
            }
        }
        if self.attach_disorder > 100 {
            return Err(SettingsError::NoPercentage(self.attach_disorder));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_has_its_default() {
        let settings = Settings::from_json(r#"{"seed": 7, "goneIp": "notFound"}"#).unwrap();
        assert_eq!(settings.seed, 7);
        assert_eq!(settings.gone_ip, Missing::NotFound);
        assert_eq!(settings.never_ip, Missing::PermissionsDenied);
    }

    #[test]
    fn a_field_that_is_not_there_is_refused() {
        assert!(matches!(
            Settings::from_json(r#"{"sead": 7}"#),
            Err(SettingsError::Unreadable(message)) if message.contains("sead")
        ));
    }

    #[test]
    fn numbers_that_cannot_be_are_refused() {
        let check = |text| Settings::from_json(text).unwrap().check();
        assert_eq!(
            check(r#"{"timing": {"detach": [3, 2, 1]}}"#),
            Err(SettingsError::UnorderedDelay("detach"))
        );
        assert_eq!(check(r#"{"attachDisorder": 101}"#), Err(SettingsError::NoPercentage(101)));
    }

    #[test]
    fn secrets_are_neither_printed_nor_written() {
        let settings = Settings::from_json(r#"{"secretKey": "k3y", "sessionToken": "t0ken"}"#);
        let settings = settings.unwrap();
        for text in [format!("{settings:?}"), serde_json::to_string(&settings).unwrap()] {
            assert!(!text.contains("k3y") && !text.contains("t0ken"), "{text}");
        }
    }
}
