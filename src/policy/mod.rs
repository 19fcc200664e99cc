//! What to do next, as plain functions of numbers: no clock, no network, no randomness of its own.
//!
//! | file | what it decides |
//! |---|---|
//! | `retry` | whether a request may be sent again, by what is known of the last time |
//! | `backoff` | how long to wait before |
//! | `budget` | whether the client as a whole may still retry |
//! | `poll` | when to look again at something that takes its time |
//! | `page` | which pages of a list to read, and whether the list stood still meanwhile |
//! | `random` | seeded numbers |

pub mod backoff;
pub mod budget;
pub mod page;
pub mod poll_interval;
pub mod random;
pub mod retry;
