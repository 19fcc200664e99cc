//! The move of flexible IPs to a server: `ensureAttached` and `failover`.
//!
//! Whole MAC groups move together, and the groups move in parallel. The next step of a group depends
//! only on where its flexible IPs were last seen, and not on earlier requests. A lost response
//! therefore needs no special handling, and another call can continue a move that ended early.
//!
//! ```text
//! Started ─▶ read the zone ─▶ room? ─▶ poll ─▶ for each group, when all its flexible IPs agree:
//!            ask for the      plan      ▲        on the target ─────▶ arrived
//!            target                     │        in transition ─────▶ wait
//!                                       │        on no server ──────▶ attach
//!                                       │        on another server ─▶ detach (strategy direct: attach)
//!                                       │        refused by the target, on no server ─▶ attach back
//!                                       └─ sleep ◀── until all have arrived or stopped ─▶ Done
//! ```
//!
//! Nothing leaves its server before the target is known to exist. If neither the zone nor the Elastic
//! Metal API shows it, one group goes first, and the others wait until it has arrived.
//!
//! | file | what it does |
//! |---|---|
//! | `request` | reads the arguments of a move |
//! | `preparation` | reads the zone and asks for the target, before anything is changed |
//! | `inventory` | selects the flexible IPs that move, groups them, and plans their steps |
//! | `target` | judges whether the target exists |
//! | `pilot` | chooses the group that goes first while that is unknown |
//! | `decision` | decides the next step of a group |
//! | `refusal` | judges a step that failed |
//! | `group` | keeps the state of a group |
//! | `interval` | says when to poll next |
//! | `report` | builds the result and the events |
//! | `flow` | the machine |

mod decision;
mod flow;
mod group;
mod interval;
mod inventory;
mod membership;
mod pilot;
mod preparation;
mod refusal;
mod report;
mod request;
mod target;

pub use flow::RelocateFlow;
pub use request::{Relocation, Selection, Strategy};
