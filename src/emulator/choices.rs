//! What the settings choose from.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! answers {
    ($( $(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $variant_doc:literal])+ $variant:ident, )+ } )+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub enum $name { $( $(#[doc = $variant_doc])+ $variant, )+ }
    )+ };
}

answers! {
    /// The order of the keys in answers.
    KeyOrder {
        /// That of the API's description.
        Described,
        /// Alphabetical.
        Alphabetical,
    }
    /// How the type of status 410 is spelled.
    ExpiredSpelling {
        /// `expired`, as the JavaScript SDK has it.
        Expired,
        /// `resource_expired`, as the Go SDK has it.
        ResourceExpired,
    }
    /// The reverse of an IP that was created without one.
    FreshReverse {
        /// The address's own.
        Default,
        /// None.
        Empty,
        /// The one that the previous tenant left, if it left one.
        Previous,
    }
    /// The answer about an IP that is not yours.
    Missing {
        /// 403 `permissions_denied`
        PermissionsDenied,
        /// 404 `not_found`
        NotFound,
        /// 410, spelled as set.
        Expired,
    }
    /// The answer to a malformed part of the path.
    Malformed {
        /// 400 `invalid_arguments`
        InvalidArguments,
        /// 404 `not_found`
        NotFound,
    }
    /// What becomes of a page size that is too large.
    Oversized {
        /// The largest is used.
        Clamp,
        /// 400 `invalid_arguments`
        Refuse,
    }
    /// The answer to a server that is not there.
    UnknownServer {
        /// 404 `not_found`
        NotFound,
        /// 500
        InternalError,
    }
    /// What becomes of a MAC address's destination that has one.
    Occupied {
        /// 412 `precondition_failed`
        PreconditionFailed,
        /// 409 `already_exists`
        AlreadyExists,
        /// It loses the one that it has.
        Replace,
    }
    /// What comes of deleting a MAC address that is not there.
    NoMac {
        /// 204, and nothing happens.
        Nothing,
        /// 412 `precondition_failed`
        PreconditionFailed,
    }
}

/// A text that is shown to nobody: `Debug` hides it, and settings are written without it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(type = "string"))]
pub struct Secret(pub(super) String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
