//! The types of the settings that choose one of several behaviours.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::emulator::settings::error::SettingsError;

macro_rules! choices {
    ($( $(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $variant_doc:literal])+ $variant:ident, )+ } )+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub enum $name { $( $(#[doc = $variant_doc])+ $variant, )+ }
    )+ };
}

choices! {
    /// The order of the keys in responses.
    KeyOrder {
        /// The order of the API's description.
        Described,
        /// Alphabetical.
        Alphabetical,
    }
    /// The `type` in the body of status 410.
    ExpiredSpelling {
        /// `expired`, as in the JavaScript SDK.
        Expired,
        /// `resource_expired`, as in the Go SDK.
        ResourceExpired,
    }
    /// The reverse of a flexible IP that was created without one.
    FreshReverse {
        /// The default reverse of the address.
        Default,
        /// An empty reverse.
        Empty,
        /// The reverse that the previous tenant set; the default one if it set none.
        Previous,
    }
    /// The response about a flexible IP that does not exist.
    Missing {
        /// 403 `permissions_denied`
        PermissionsDenied,
        /// 404 `not_found`
        NotFound,
        /// 410, with the `type` that `expiredSpelling` sets.
        Expired,
    }
    /// The response to a malformed part of the path.
    Malformed {
        /// 400 `invalid_arguments`
        InvalidArguments,
        /// 404 `not_found`
        NotFound,
    }
    /// The effect of a page size that is too large.
    Oversized {
        /// The largest page size is used.
        Clamp,
        /// 400 `invalid_arguments`
        Refuse,
    }
    /// The response to an unknown server.
    UnknownServer {
        /// 404 `not_found`
        NotFound,
        /// 500
        InternalError,
    }
    /// The effect of duplicating or moving a MAC address to a flexible IP that has one.
    Occupied {
        /// 412 `precondition_failed`
        PreconditionFailed,
        /// 409 `already_exists`
        AlreadyExists,
        /// The destination loses its own MAC address.
        Replace,
    }
    /// The effect of deleting a MAC address that does not exist.
    NoMac {
        /// 204, and nothing changes.
        Nothing,
        /// 412 `precondition_failed`
        PreconditionFailed,
    }
}

/// The fewest characters of a secret. A shorter text would occur everywhere, and could not be removed.
pub(in crate::emulator) const SECRET_MIN: usize = 4;

/// The most characters of a secret. A longer one would not fit into the head of a request.
pub(in crate::emulator) const SECRET_MAX: usize = 4096;

/// A secret text. `Debug` hides it, and the JSON of settings leaves it out.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(type = "string"))]
pub struct Secret(pub(in crate::emulator) String);

impl Secret {
    /// Wraps a secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Refuses a text that is too short or too long to be a secret, or that no header can carry.
    pub(in crate::emulator) fn check(&self, name: &'static str) -> Result<(), SettingsError> {
        let Self(text) = self;
        let is_sendable =
            text.trim() == text && text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        if text.len() < SECRET_MIN || !is_sendable {
            return Err(SettingsError::NoSecret(name));
        }
        if text.len() > SECRET_MAX {
            return Err(SettingsError::LongSecret(name, text.len()));
        }
        Ok(())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
