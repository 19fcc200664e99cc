//! The settings of the emulator. An open question about the real service is a field here.
//!
//! `assumptions` writes `docs/emulator-assumptions.md` from the fields' doc comments.
//!
//! | file | contents |
//! |---|---|
//! | `choices` | the types of the settings that choose one of several behaviours |
//! | `timing` | the delays of transitions |
//! | `population` | the flexible IPs that exist from the start |
//! | `error` | why settings are refused |
//! | `assumptions` | the page about the settings |

pub mod assumptions;
pub(in crate::emulator) mod choices;
pub(in crate::emulator) mod error;
pub(in crate::emulator) mod population;
pub(in crate::emulator) mod timing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::emulator::settings::choices::{
    ExpiredSpelling, FreshReverse, KeyOrder, Malformed, Missing, NoMac, Occupied, Oversized,
    Secret, UnknownServer,
};
use crate::emulator::settings::error::{SettingsError, wrong_field};
use crate::emulator::settings::population::Population;
use crate::emulator::settings::timing::{MAX_DELAY, Timing};

/// How well a default is supported by evidence of the real service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// No evidence is needed: the setting is about the emulator.
    Choice,
    /// The service was seen to do this, and at other times the alternative.
    Seen,
    /// The service's documentation says so; it was never recorded.
    Documented,
    /// It follows from something that was seen.
    Inferred,
    /// There is no evidence.
    Unknown,
}

macro_rules! settings {
    ($( $(#[doc = $doc:literal])+ $(#[serde $serde:tt])? [$evidence:ident] $name:ident: $type:ty = $default:expr, )+) => {
        /// The settings. In JSON the names are in camel case, and a field that is left out has its default.
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

        /// Every field: its name in Rust, its doc comment, and the evidence for its default.
        pub(in crate::emulator) const FIELDS: &[(&str, &[&str], Evidence)] =
            &[ $( (stringify!($name), &[$($doc),+], Evidence::$evidence), )+ ];
    };
}

settings! {
    /// The seed of all random numbers: the same seed and the same requests give the same responses.
    [Choice] seed: u64 = 1,
    /// How long transitions take: `"instant"`, `"recorded"`, or milliseconds for each.
    [Choice] timing: Timing = Timing::Instant,
    /// The secret key that requests must carry. The default follows from the seed.
    #[serde(skip_serializing)]
    [Choice] secret_key: Option<Secret> = None,
    /// A session token that is accepted in `x-session-token` beside the secret key.
    #[serde(skip_serializing)]
    [Choice] session_token: Option<Secret> = None,
    /// Whether requests must carry the secret key or the session token.
    [Choice] require_token: bool = true,
    /// The Organization's id. The default follows from the seed.
    [Choice] organization_id: Option<String> = None,
    /// The default Project's id. The default follows from the seed.
    [Choice] project_id: Option<String> = None,
    /// Further Projects of the Organization.
    [Choice] projects: Vec<String> = Vec::new(),
    /// How many requests the journal keeps.
    [Choice] journal_limit: usize = 1_000,
    /// How many bytes the journal keeps, about. The oldest requests are removed first. Of a body over 64 KiB
    /// only the length is kept.
    [Choice] journal_bytes: usize = 16 << 20,
    /// How many flexible IPs the Organization may have in all zones together. The default is no limit.
    [Choice] quota: Option<u32> = None,
    /// How many flexible IPs exist from the start: a number, spread over all zones, or a number for each
    /// of some zones. Their tags, statuses, Projects and servers follow from the seed.
    [Choice] population: Population = Population::Total(0),
    /// The order of the keys in responses. Both were seen, the alphabetical order more often and more
    /// recently.
    [Seen] key_order: KeyOrder = KeyOrder::Alphabetical,
    /// The spelling of the error of status 410: the official SDKs disagree.
    [Seen] expired_spelling: ExpiredSpelling = ExpiredSpelling::Expired,
    /// The reverse that reads show after a create that names none. The response to the create always
    /// shows the default reverse. Since 2023-08 reads do too. Before, they were seen to show an empty
    /// reverse, and a few times the previous tenant's.
    [Seen] fresh_reverse: FreshReverse = FreshReverse::Default,
    /// IPv4 blocks of each zone's pool. The defaults are the ranges seen in the zone, or a block for
    /// documentation where none was seen, followed by a private block of millions of addresses. Blocks must
    /// not overlap. A default that overlaps a block that is set is left out.
    [Unknown] ipv4_blocks: BTreeMap<String, Vec<String>> = BTreeMap::new(),
    /// IPv6 blocks of each zone's pool. Of the defaults only fr-par-1's was seen; the others are blocks
    /// for documentation.
    [Unknown] ipv6_blocks: BTreeMap<String, Vec<String>> = BTreeMap::new(),
    /// The response about a flexible IP that was deleted. A GET was seen to be refused with 403. That
    /// other requests are refused in the same way is inferred.
    [Inferred] gone_ip: Missing = Missing::PermissionsDenied,
    /// The response about a flexible IP that never existed. The service's permission check, which refuses
    /// a deleted one, cannot distinguish the two. (On the paths below `/mac` it is 404, as was seen.)
    [Unknown] never_ip: Missing = Missing::PermissionsDenied,
    /// The response to an id in the path that is not a UUID.
    [Unknown] malformed_id: Malformed = Malformed::InvalidArguments,
    /// The response to a zone where no flexible IPs are sold.
    [Unknown] unknown_zone: Malformed = Malformed::InvalidArguments,
    /// Whether a page size over 100 counts as 100, or is refused.
    [Unknown] oversized_page: Oversized = Oversized::Clamp,
    /// Whether a malformed query argument (page, order, status, id) is refused, or ignored.
    [Unknown] refuse_malformed_query: bool = true,
    /// Whether a create without `project_id` is refused, since the API's description requires it, or uses
    /// the default Project.
    [Documented] require_project: bool = true,
    /// The response to a server id that is not in the zone. 500 was seen in 2022, for an Instance.
    [Unknown] unknown_server: UnknownServer = UnknownServer::NotFound,
    /// Whether attaching a flexible IP to the server that it is attached to is refused with 412, or
    /// changes nothing, as detaching a detached one does.
    [Unknown] refuse_same_server: bool = false,
    /// Whether an attached flexible IP can be attached to another server directly, as in the console, or
    /// must be detached first (412). Until it is attached it is `updating` and shows no server.
    [Unknown] direct_reattach: bool = true,
    /// Whether one request can attach or detach several flexible IPs that are not one MAC group. The
    /// API's description says that they must be.
    [Documented] several_without_group: bool = false,
    /// Whether writes to a flexible IP that is `updating` or `detaching` are refused with 409, or carried
    /// out. OpenNebula's driver retries attaches after such responses.
    [Inferred] refuse_busy: bool = true,
    /// Whether `refuseBusy` refuses a PATCH too. A PATCH starts no transition, and was seen to work on an
    /// attached flexible IP.
    [Unknown] refuse_busy_update: bool = false,
    /// Whether `refuseBusy` refuses a DELETE of an `updating` flexible IP too. A `detaching` one can always
    /// be deleted.
    [Unknown] refuse_busy_delete: bool = true,
    /// Whether a MAC address can be generated for an IPv6 block. No document forbids it.
    [Unknown] mac_on_ipv6: bool = true,
    /// Whether generating a MAC address of the type `unknown_type` is refused, or gives one for KVM.
    [Inferred] refuse_unknown_mac_type: bool = true,
    /// The first three bytes of a MAC address for VMware: the vendor's prefix.
    [Inferred] vmware_prefix: [u8; 3] = [0x00, 0x50, 0x56],
    /// The first three bytes of a MAC address for Xen: the vendor's prefix.
    [Inferred] xen_prefix: [u8; 3] = [0x00, 0x16, 0x3e],
    /// The response to duplicating or moving a MAC address to a flexible IP that has one.
    [Unknown] occupied_destination: Occupied = Occupied::PreconditionFailed,
    /// Whether a MAC address can be moved to a flexible IP on another server, or from an attached one to
    /// one that is not. The MAC address of a MAC group never can.
    [Unknown] move_elsewhere: bool = true,
    /// The response to deleting the MAC address of a flexible IP that has none.
    [Unknown] delete_no_mac: NoMac = NoMac::Nothing,
    /// Whether a MAC address that is being deleted from an attached flexible IP shows `deleting`, which is
    /// in the API's description and was never seen, or `updating`.
    [Unknown] show_deleting_mac: bool = true,
    /// Whether the MAC address of a flexible IP that is being attached shows `updating`, or `ready`.
    [Unknown] show_attaching_mac: bool = true,
    /// Of 100 attaches to a busy server, how many are served before an earlier one that is still pending.
    /// The server was seen not to serve all of them in the order of the requests.
    [Inferred] attach_disorder: u8 = 20,
    /// How many flexible IPs one server may have.
    [Documented] server_limit: usize = crate::model::limits::SERVER_FLEXIBLE_IPS_MAX,
    /// The name of the quota of flexible IPs on a server, in `quotas_exceeded`.
    [Unknown] server_limit_name: String = "FlexibleIPsPerServer".to_owned(),
    /// The name of the quota of flexible IPs in the Organization, in `quotas_exceeded`.
    [Unknown] quota_name: String = "FlexibleIPs".to_owned(),
    /// Whether a reverse must resolve to its address. Other products' APIs refuse one that does not. The
    /// emulator does not query DNS: it refuses the names under `.invalid`, which never resolve.
    [Inferred] reverse_must_resolve: bool = true,
}

impl Settings {
    /// Reads settings from JSON. Fails on text that is not JSON and on unknown fields.
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        serde_json::from_str(text).map_err(|error| {
            let fields: Option<Map<String, Value>> = serde_json::from_str(text).ok();
            let wrong = fields.and_then(|fields| {
                // Of a timing, the delay is named.
                let timing = fields.get("timing").filter(|timing| timing.is_object());
                let delay = timing.and_then(Timing::wrong_delay);
                delay.or_else(|| wrong_field::<Self>(&fields, None))
            });
            SettingsError::Unreadable(wrong.unwrap_or_else(|| error.to_string()))
        })
    }

    /// Checks the numbers that the types alone do not restrict.
    pub(in crate::emulator) fn check(&self) -> Result<(), SettingsError> {
        if let Timing::Custom(delays) = &self.timing {
            for (name, _, spread) in delays.named() {
                if !spread.is_ordered() {
                    return Err(SettingsError::UnorderedDelay(name));
                }
                if spread.max > MAX_DELAY {
                    let (millis, most) = (spread.max, MAX_DELAY);
                    return Err(SettingsError::LongDelay { name, millis, most });
                }
            }
        }
        let secrets = [("secretKey", &self.secret_key), ("sessionToken", &self.session_token)];
        for (name, secret) in secrets {
            if let Some(secret) = secret {
                secret.check(name)?;
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
    fn a_setting_that_is_left_out_has_its_default() {
        let settings = Settings::from_json(r#"{"seed": 7, "goneIp": "notFound"}"#).unwrap();
        assert_eq!(settings.seed, 7);
        assert_eq!(settings.gone_ip, Missing::NotFound);
        assert_eq!(settings.never_ip, Missing::PermissionsDenied);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        assert!(matches!(
            Settings::from_json(r#"{"sead": 7}"#),
            Err(SettingsError::Unreadable(message)) if message.contains("sead")
        ));
    }

    #[test]
    fn invalid_numbers_are_refused() {
        let check = |text| Settings::from_json(text).unwrap().check();
        assert_eq!(
            check(r#"{"timing": {"detach": [3, 2, 1]}}"#),
            Err(SettingsError::UnorderedDelay("detach"))
        );
        let long = check(r#"{"timing": {"detach": 2147483648}}"#).unwrap_err().to_string();
        assert_eq!(long, "the delay detach is 2147483648 ms long, the longest is 2147483647");
        assert_eq!(check(r#"{"attachDisorder": 101}"#), Err(SettingsError::NoPercentage(101)));
    }

    #[test]
    fn a_secret_that_is_short_or_that_no_header_carries_is_refused() {
        let check = |name, secret: &str| {
            Settings::from_json(&format!(r#"{{"{name}": "{secret}"}}"#)).unwrap().check()
        };
        for secret in ["", " ", "abc", "abcd ", " abcd", "ab\\ncd", "ab\u{e9}d", "ab\\u0000cd"] {
            assert_eq!(check("secretKey", secret), Err(SettingsError::NoSecret("secretKey")));
            assert_eq!(check("sessionToken", secret), Err(SettingsError::NoSecret("sessionToken")));
        }
        for length in [4096, 4097] {
            let refusal = SettingsError::LongSecret("secretKey", length);
            let expected = if length > 4096 { Err(refusal) } else { Ok(()) };
            assert_eq!(check("secretKey", &"x".repeat(length)), expected);
        }
        assert_eq!(check("secretKey", "abcd"), Ok(()));
        assert_eq!(check("secretKey", "my own"), Ok(()));
    }

    #[test]
    fn a_value_that_cannot_be_read_is_named() {
        let cases = [
            (r#"{"seed": -1}"#, "seed: invalid value: integer `-1`"),
            (r#"{"quota": 4294967296}"#, "quota: invalid value"),
            (r#"{"journalLimit": 1.5}"#, "journalLimit: invalid type"),
            (r#"{"goneIp": "teapot"}"#, "goneIp: unknown variant `teapot`"),
            (r#"{"timing": {"attach": 1.5}}"#, "attach: a delay is a whole number"),
            (r#"{"timing": "slow"}"#, "timing: "),
        ];
        for (text, why) in cases {
            let message = Settings::from_json(text).unwrap_err().to_string();
            assert!(message.contains(why), "{text}: {message}");
        }
    }

    #[test]
    fn secrets_are_neither_in_debug_output_nor_in_json() {
        let settings = Settings::from_json(r#"{"secretKey": "k3y", "sessionToken": "t0ken"}"#);
        let settings = settings.unwrap();
        for text in [format!("{settings:?}"), serde_json::to_string(&settings).unwrap()] {
            assert!(!text.contains("k3y") && !text.contains("t0ken"), "{text}");
        }
    }
}
