//! The client's calls, as machines without I/O.
//!
//! All machines keep one contract: **one input in, the commands that follow from it out**. A machine
//! never reads a clock, sends a request or sleeps. It returns commands for that, and receives the
//! results and the current time as inputs. `js/transport/driver.ts` carries the commands out in the library;
//! tests carry them out on a simulated clock.
//!
//! ```text
//!    Started, PageRequested, Aborted    Responded { tag, outcome }, Woke { tag }
//!                │                                 │
//!                ▼                                 │
//!           ┌─────────┐   Send, Sleep, Cancel     ┌────────┐
//!           │ machine │ ────────────────────────▶ │ driver │
//!           └─────────┘ ◀──────────────────────── └────────┘
//!                │
//!                ▼
//!          Done(result)      then the driver drops all pending requests and sleeps
//! ```
//!
//! The vocabulary:
//!
//! | file | what it holds |
//! |---|---|
//! | `machine` | the contract: `Machine` and its `Input` |
//! | `command` | what a machine asks of the driver |
//! | `event` | what an `onEvent` listener receives from a machine |
//! | `outcome` | the result of a call: its success or its failure |
//! | `plan` | the steps of a move, and their progress |
//! | `response` | the response to a request, and the check that it is a success |
//! | `tag` | what names a request, a sleep, and a body on the JavaScript side |
//! | `settings` | the client's options and the options of a call |
//! | `call_policy` | the limits of one call: attempts, timeouts, budget |
//!
//! What the machines are built of:
//!
//! | file | what it does |
//! |---|---|
//! | `requests` | sends requests and their retries; all machines send through it |
//! | `reads` | builds the requests that read flexible IPs, and parses their responses |
//! | `batch_read` | reads several flexible IPs, one request for each |
//! | `pages` | reads the pages of a list |
//! | `poller` | polls several flexible IPs with as few requests as possible |
//! | `poll_result` | what a poll has read, and why it failed |
//! | `absence` | concludes that flexible IPs are absent from a zone |
//! | `status` | says what a status means for a wait and for a move |
//! | `small_map` | a map for few keys |
//!
//! The machines:
//!
//! | file | what it does |
//! |---|---|
//! | `operation` | one operation: preflight, request, readback |
//! | `list` | a list over all its pages |
//! | `create_and_attach` | a create, and the wait until its flexible IP is on its server |
//! | `wait` | a wait until flexible IPs are at rest, or gone |
//! | `relocate` | a move of flexible IPs to a server: `ensureAttached` and `failover` |

pub mod call_policy;
pub mod create_and_attach;
pub mod list;
pub mod operation;
pub mod relocate;
pub mod response;
pub mod settings;
pub mod small_map;
pub mod wait;

mod absence;
mod batch_read;
mod command;
mod event;
mod machine;
mod outcome;
mod pages;
mod plan;
mod poll_result;
mod poller;
mod reads;
mod requests;
mod status;
mod tag;

pub use command::{BodyReading, Command, SendRequest};
pub use event::Event;
pub use machine::{Input, Leaving, Machine};
pub use outcome::{CallFailure, MoveState, Outcome, Resume, Success};
pub use plan::{PlanStep, Progress};
pub use tag::{BodyRef, Tag};
