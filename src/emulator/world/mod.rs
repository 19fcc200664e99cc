//! The state of the emulated service, and how it changes with time.
//!
//! | file | contents |
//! |---|---|
//! | `records` | plain data: flexible IP, MAC group, server, job |
//! | `transitions` | the table of legal transitions |
//! | `blocks`, `family_pool`, `pool` | the addresses of each zone |
//! | `positions`, `index` | lookup by filter, by server and by due time |
//! | `state` | the whole state; its methods keep the index right |
//! | `lifecycle` | the start and the end of jobs: the only place where state changes by time |
//! | `attach_queue` | the order in which a server's attaches are served |
//! | `history` | what the flexible IPs were before their last change, for faults |
//! | `rendered` | flexible IPs in JSON, kept until they change |
//! | `late` | work that is done after its response |
//! | `invariants` | what is true of every state |
//! | `populated` | the population in a snapshot |
//! | `populate` | the flexible IPs that exist from the start |

pub(in crate::emulator) mod attach_queue;
mod blocks;
mod family_pool;
pub(in crate::emulator) mod history;
pub(in crate::emulator) mod index;
pub(in crate::emulator) mod invariants;
pub(in crate::emulator) mod late;
pub(in crate::emulator) mod lifecycle;
pub(in crate::emulator) mod pool;
pub(in crate::emulator) mod populate;
pub(in crate::emulator) mod populated;
pub(in crate::emulator) mod positions;
pub(in crate::emulator) mod records;
mod rendered;
pub(in crate::emulator) mod state;
mod transitions;
