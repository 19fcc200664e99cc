//! The requests. `edge` reads and checks them as it reads those of the JavaScript package.

use serde::Serialize;

use super::words::{FlexibleIpStatus, ListOrder, MacAddressType, MoveStrategy, OnRefusal};

/// Declares requests. A field that is `None` is left out.
macro_rules! requests {
    ( $(
        $(#[$attributes:meta])*
        $name:ident { $( $(#[$field_attributes:meta])* $field:ident: $type:ty, )* }
    )+ ) => { $(
        $(#[$attributes])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The zone; the client's `default_zone` if absent.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub zone: Option<String>,
            $( $(#[$field_attributes])* pub $field: $type, )*
        }
    )+ };
}

requests! {
    /// Asks for a zone's flexible IPs. Filters of different fields must all match.
    ///
    /// ```
    /// # use flexip::web::ListFlexibleIpsRequest;
    /// let request = ListFlexibleIpsRequest { tags: Some(vec!["prod".to_owned()]), ..Default::default() };
    /// # assert_eq!(request.page, None);
    /// ```
    ListFlexibleIpsRequest {
        /// The order of the list.
        #[serde(skip_serializing_if = "Option::is_none")]
        order_by: Option<ListOrder>,
        /// The number of the page, from 1. Only for a single page.
        #[serde(skip_serializing_if = "Option::is_none")]
        page: Option<u32>,
        /// The size of a page, 1 to 100; the client's `default_page_size` if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        page_size: Option<u32>,
        /// Only flexible IPs with any of these tags.
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
        /// Only flexible IPs with any of these statuses.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<Vec<FlexibleIpStatus>>,
        /// Only flexible IPs on any of these servers.
        #[serde(skip_serializing_if = "Option::is_none")]
        server_ids: Option<Vec<String>>,
        /// Only flexible IPs of this Organization.
        #[serde(skip_serializing_if = "Option::is_none")]
        organization_id: Option<String>,
        /// Only flexible IPs of this Project.
        #[serde(skip_serializing_if = "Option::is_none")]
        project_id: Option<String>,
    }

    /// Asks for a new flexible IP. It is `ready` at once; with a server, `updating` until `attached`.
    CreateFlexibleIpRequest {
        /// The Project of the new flexible IP; the client's `default_project_id` if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        project_id: Option<String>,
        /// Free text, at most 255 Unicode code points.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// Free labels.
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
        /// A server of the same zone to attach it to.
        #[serde(skip_serializing_if = "Option::is_none")]
        server_id: Option<String>,
        /// The reverse DNS name, which must already resolve to the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        reverse: Option<String>,
        /// Whether it is an IPv6 /64 block instead of an IPv4 address.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_ipv6: Option<bool>,
    }

    /// Asks for one flexible IP. The waits for one take it too.
    GetFlexibleIpRequest {
        /// The id of the flexible IP.
        fip_id: String,
    }

    /// Changes a flexible IP. An absent field stays as it is; an empty one is cleared.
    UpdateFlexibleIpRequest {
        /// The id of the flexible IP.
        fip_id: String,
        /// The new description, at most 255 Unicode code points.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The new tags, which replace all others.
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
        /// The new reverse DNS name, which must already resolve to the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        reverse: Option<String>,
    }

    /// Deletes a flexible IP. One that is attached is detached first, which takes seconds.
    DeleteFlexibleIpRequest {
        /// The id of the flexible IP.
        fip_id: String,
    }

    /// Attaches one flexible IP, or all members of one MAC group, to a server of their zone.
    AttachFlexibleIpRequest {
        /// The ids of the flexible IPs, at most 64. Several must be one MAC group.
        fips_ids: Vec<String>,
        /// The id of the server.
        server_id: String,
    }

    /// Detaches one flexible IP, or all members of one MAC group. A member that is detached alone loses its
    /// virtual MAC address.
    DetachFlexibleIpRequest {
        /// The ids of the flexible IPs, at most 64. Several must be one MAC group.
        fips_ids: Vec<String>,
    }

    /// Gives a flexible IP a new virtual MAC address, which removes it from its MAC group.
    GenerateMacAddrRequest {
        /// The id of the flexible IP.
        fip_id: String,
        /// The hypervisor: VMware, Xen or KVM. It is required.
        #[serde(skip_serializing_if = "Option::is_none")]
        mac_type: Option<MacAddressType>,
    }

    /// Deletes the virtual MAC address of a flexible IP, which removes the IP from its MAC group.
    DeleteMacAddrRequest {
        /// The id of the flexible IP, not of the MAC address.
        fip_id: String,
    }

    /// Gives a flexible IP the virtual MAC address of another on the same server.
    DuplicateMacAddrRequest {
        /// The id of the flexible IP that gets the MAC address: the destination.
        fip_id: String,
        /// The id of the flexible IP that has it: the source.
        duplicate_from_fip_id: String,
    }

    /// Moves the virtual MAC address of one flexible IP to another.
    MoveMacAddrRequest {
        /// The id of the flexible IP that has the MAC address: the source.
        fip_id: String,
        /// The id of the flexible IP that gets it: the destination.
        dst_fip_id: String,
    }

    /// Waits for several flexible IPs of one zone.
    WaitForFlexibleIpsRequest {
        /// The ids of the flexible IPs, any number of them.
        fips_ids: Vec<String>,
    }

    /// Moves flexible IPs to a server, wherever they are.
    EnsureAttachedRequest {
        /// The ids of the flexible IPs, at most 64, with all members of each MAC group.
        fips_ids: Vec<String>,
        /// The id of the target server.
        server_id: String,
        /// How a flexible IP leaves another server.
        #[serde(skip_serializing_if = "Option::is_none")]
        strategy: Option<MoveStrategy>,
        /// What becomes of what was detached and the target refuses.
        #[serde(skip_serializing_if = "Option::is_none")]
        on_refusal: Option<OnRefusal>,
    }

    /// Moves the flexible IPs of one server to another.
    FailoverRequest {
        /// The id of the source server.
        from_server_id: String,
        /// The id of the target server.
        to_server_id: String,
        /// The ids of the flexible IPs to move, at most 64, with all members of each MAC group: those that are
        /// on the source or on no server. If absent, all flexible IPs of the source.
        #[serde(skip_serializing_if = "Option::is_none")]
        fips_ids: Option<Vec<String>>,
        /// How a flexible IP leaves its server.
        #[serde(skip_serializing_if = "Option::is_none")]
        strategy: Option<MoveStrategy>,
        /// What becomes of what was detached and the target refuses.
        #[serde(skip_serializing_if = "Option::is_none")]
        on_refusal: Option<OnRefusal>,
    }
}
