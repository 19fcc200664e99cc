//! The virtual MAC address.

use std::fmt;

use super::id::MacId;
use super::time::Timestamp;
use super::words::words;

words! {
    /// The hypervisor that a virtual MAC address is for.
    pub enum MacType {
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
    /// The status of a virtual MAC address.
    pub enum MacStatus {
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

impl MacStatus {
    /// Whether a transition is under way.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Updating | Self::Deleting)
    }
}

/// The six bytes of a MAC address, written like `52:54:00:12:34:56`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MacBytes(pub [u8; 6]);

impl fmt::Display for MacBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ":" };
            write!(formatter, "{separator}{byte:02x}")?;
        }
        Ok(())
    }
}

/// A virtual MAC address. Flexible IPs that carry the same one are a MAC group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mac {
    /// The id of the MAC address, shared by the whole group.
    pub id: MacId,
    /// The address.
    pub bytes: MacBytes,
    /// The hypervisor that the address is for.
    pub mac_type: MacType,
    /// The status.
    pub status: MacStatus,
    /// When the address was generated.
    pub created_at: Timestamp,
    /// When the address, or any flexible IP of its group, was last written.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_address_is_written_in_lower_case_with_colons() {
        assert_eq!(MacBytes([0x52, 0x54, 0, 0x0a, 0xBC, 0xff]).to_string(), "52:54:00:0a:bc:ff");
    }
}
