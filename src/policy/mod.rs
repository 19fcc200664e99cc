//! Rules for retries, intervals and pages, as functions without a clock, a network or a random source.
//!
//! | file | what it decides |
//! |---|---|
//! | `retry` | whether a failed request may be retried |
//! | `backoff` | the backoff before a retry |
//! | `budget` | whether the client has tokens left for a retry |
//! | `poll_interval` | the interval between two polls |
//! | `page_walk` | which pages of a list to request next, and whether the list is whole |
//! | `known_ids` | which flexible IPs a walk has read |
//! | `random` | the random numbers of the jitter, from a seed |

pub mod backoff;
pub mod budget;
pub mod page_walk;
pub mod poll_interval;
pub mod random;
pub mod retry;

mod known_ids;
