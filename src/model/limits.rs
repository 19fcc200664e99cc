//! The service's numbers.

/// The longest description, in Unicode code points.
pub const DESCRIPTION_MAX: usize = 255;

/// The largest page of a list.
pub const PAGE_SIZE_MAX: u32 = 100;

/// The page of a list that asks for none.
pub const PAGE_SIZE_DEFAULT: u32 = 20;

/// The largest page number that the API's `int32` holds.
pub const PAGE_MAX: u32 = i32::MAX as u32;

/// How many flexible IPs one server may have.
pub const SERVER_FLEXIBLE_IPS_MAX: usize = 64;
