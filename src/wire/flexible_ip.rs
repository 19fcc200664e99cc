//! The 13 fields of a flexible IP.
