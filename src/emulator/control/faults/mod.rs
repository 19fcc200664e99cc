//! Failures on order. They are off by default, counted, and the same for the same seed.
//!
//! | file | contents |
//! |---|---|
//! | `gate` | the token bucket of a rate gate |
//! | `fault` | what can happen to a response |
//! | `delay`, `lateness`, `flap`, `reads`, `retry_after` | the values of `delay`, `late`, `flap`, `tear`, `stale` and `retryAfter` |
//! | `rule` | when it happens |
//! | `error` | why a rule is refused |
//! | `injector` | the rules with their counters: which fault is injected into a call |
//! | `effect` | what a fault does to a response |
//! | `distortion` | how a fault makes a read differ from the state |

pub(in crate::emulator) mod delay;
pub(in crate::emulator) mod distortion;
mod effect;
pub(in crate::emulator) mod error;
pub(in crate::emulator) mod fault;
pub(in crate::emulator) mod flap;
pub(in crate::emulator) mod gate;
pub(in crate::emulator) mod injector;
pub(in crate::emulator) mod lateness;
pub(in crate::emulator) mod reads;
pub(in crate::emulator) mod retry_after;
pub(in crate::emulator) mod rule;
