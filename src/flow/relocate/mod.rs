//! The move of flexible IPs to a server: `ensureAttached` and `failover`.
//!
//! Whole MAC groups move together, and the groups move in parallel. The next step of a group depends
//! only on where its flexible IPs were last seen, and not on earlier requests. A lost response
//! therefore needs no special handling, and a repeated call continues where an aborted one stopped.
//!
//! ```text
//! Started ─▶ read the zone ─▶ plan ─▶ poll ─▶ for each group, by the state of its flexible IPs:
//!                                      ▲        on the target ─────▶ arrived
//!                                      │        in transition ─────▶ wait
//!                                      │        on no server ──────▶ attach
//!                                      │        on another server ─▶ detach (strategy direct: attach)
//!                                      └─ sleep ◀── until all have arrived or stopped ─▶ Done
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | `request` | reads the arguments of a move |
//! | `inventory` | selects the flexible IPs that move, groups them, and plans their steps |
//! | `decision` | decides the next step of a group |
//! | `group` | keeps the state of a group |
//! | `interval` | says when to poll next |
//! | `report` | builds the result and the events |
//! | `flow` | the machine |

mod decision;
mod flow;
mod group;
mod interval;
mod inventory;
mod report;
mod request;

pub use flow::RelocateFlow;
pub use request::{Relocation, Selection, Strategy};
