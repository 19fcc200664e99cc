//! The limits of the service.

/// The maximum length of a description, in Unicode code points.
pub const DESCRIPTION_MAX: usize = 255;

/// The maximum number of flexible IPs on a page of a list.
pub const PAGE_SIZE_MAX: u32 = 100;

/// The number of flexible IPs on a page if a request does not set it.
pub const PAGE_SIZE_DEFAULT: u32 = 20;

/// The maximum page number: the API's type for it is `int32`.
pub const PAGE_MAX: u32 = i32::MAX as u32;

/// The maximum number of flexible IPs on one server.
pub const SERVER_FLEXIBLE_IPS_MAX: usize = 64;
