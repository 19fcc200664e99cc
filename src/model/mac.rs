//! The virtual MAC address.

use std::fmt;

use super::id::MacId;
use super::time::Timestamp;
use super::words::words;

words! {
    /// Which hypervisor the virtual MAC address is for.
    pub enum MacType {
        /// Not said. The service writes it, and no request may ask for it.
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
    /// What a virtual MAC address is doing.
    pub enum MacStatus {
        /// A word that this version does not know.
        Unknown = "unknown",
        /// On a flexible IP that is not attached.
        Ready = "ready",
        /// Being written.
        Updating = "updating",
        /// On an attached flexible IP.
        Used = "used",
        /// An operation on it failed.
        Error = "error",
        /// Being taken away.
        Deleting = "deleting",
    }
}

impl MacStatus {
    /// Whether the service is still at work on it.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Updating | Self::Deleting)
    }
}

/// Six bytes, written `52:54:00:12:34:56`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MacBytes(pub [u8; 6]);

impl fmt::Display for MacBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { ":" };
            write!(formatter, "{separator}{byte:02x}")?;
        }
        Ok(())
    }
}

/// A virtual MAC address. Flexible IPs that carry the same one are a MAC group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mac {
    /// The MAC address's own id, shared by the whole group.
    pub id: MacId,
    /// The address.
    pub bytes: MacBytes,
    /// The hypervisor that it is for.
    pub mac_type: MacType,
    /// What it is doing.
    pub status: MacStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it, or any flexible IP of its group, was last written.
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
