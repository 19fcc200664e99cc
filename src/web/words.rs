//! The API's words. A word that this version does not know is `Other`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares an enum whose variants each have a word in the API's JSON, besides other words.
macro_rules! words {
    (
        $(#[$attributes:meta])*
        $name:ident { $( $(#[$variant_attributes:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$attributes])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_attributes])* $variant, )+
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The API's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $( $word => Self::$variant, )+
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// The status of a flexible IP.
    ///
    /// ```
    /// use flexip::web::FlexibleIpStatus;
    /// assert_eq!(FlexibleIpStatus::Ready.as_str(), "ready");
    /// assert_eq!(FlexibleIpStatus::from("resting".to_owned()).as_str(), "resting");
    /// ```
    FlexibleIpStatus {
        /// The API's word for an unknown status.
        Unknown = "unknown",
        /// Not attached to a server.
        Ready = "ready",
        /// Being attached, or its virtual MAC address is being written.
        Updating = "updating",
        /// Attached to a server.
        Attached = "attached",
        /// An operation on the flexible IP failed.
        Error = "error",
        /// Being detached.
        Detaching = "detaching",
        /// Locked by the service.
        Locked = "locked",
    }
}

words! {
    /// The status of a virtual MAC address.
    MacAddressStatus {
        /// The API's word for an unknown status.
        Unknown = "unknown",
        /// The flexible IP is not attached.
        Ready = "ready",
        /// The address is being written.
        Updating = "updating",
        /// The flexible IP is attached.
        Used = "used",
        /// An operation on the address failed.
        Error = "error",
        /// The address is being deleted.
        Deleting = "deleting",
    }
}

words! {
    /// The hypervisor that a virtual MAC address is for.
    MacAddressType {
        /// No type. It occurs in responses only.
        Unknown = "unknown_type",
        /// VMware ESXi.
        Vmware = "vmware",
        /// Xen.
        Xen = "xen",
        /// KVM.
        Kvm = "kvm",
    }
}

words! {
    /// The order of a list, by the dates at which the pooled addresses were created.
    ListOrder {
        /// The oldest address first, which is the service's default.
        CreatedAtAsc = "created_at_asc",
        /// The newest address first.
        CreatedAtDesc = "created_at_desc",
    }
}

words! {
    /// How a flexible IP of a move leaves another server.
    MoveStrategy {
        /// It is detached, then attached. This is the default.
        Detach = "detach",
        /// It is attached to the target without a detach. No recording shows that the service allows this.
        Direct = "direct",
    }
}

words! {
    /// What becomes of what a move has detached and the target refuses.
    OnRefusal {
        /// It is attached back to the server that it came from. This is the default.
        Return = "return",
        /// It stays on no server.
        Stay = "stay",
    }
}
