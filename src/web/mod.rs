//! The client for front-ends in Rust.
//!
//! It drives the same machines as the facade in `js/`, through the room `edge`, and decides nothing itself:
//! whether to retry, how long to wait and which page to read is decided there. Requests go through the
//! platform's `fetch`, or through one that the options have, and waits through its `setTimeout`.
//!
//! A future of the client sends nothing until it is polled. One that is dropped aborts its requests and
//! sends nothing more.
//!
//! ```no_run
//! use flexip::web::{Client, CreateFlexibleIpRequest, Error, Options};
//!
//! # async fn example() -> Result<(), Error> {
//! let client = Client::new(Options {
//!     secret_key: Some("11111111-1111-4111-8111-111111111111".to_owned()),
//!     default_zone: Some("fr-par-1".to_owned()),
//!     default_project_id: Some("6867048b-fe12-4e96-835e-41c79a39604b".to_owned()),
//!     ..Options::default()
//! })?;
//! let request = CreateFlexibleIpRequest { description: Some("mail".to_owned()), ..Default::default() };
//! let ip = client.create_flexible_ip(&request).await?;
//! println!("{} is {}", ip.ip_address, ip.status);
//! # Ok(())
//! # }
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | `client` | [`Client`]: a method for each operation, and the waits and moves |
//! | `options` | the options of the client and of a call |
//! | `requests` | the requests |
//! | `results` | the results, as they are decoded from the API's JSON |
//! | `words` | the API's words, with room for those that this version does not know |
//! | `error` | [`Error`]: what a call fails with |
//! | `lists` | lists as streams |
//! | `calls` | begins calls, and makes results and errors of what they end with |
//! | `driver` | drives one machine: carries out its commands, passes it the inputs |
//! | `fetch` | one exchange: a request that is sent with `fetch`, and its response |
//! | `thrown` | what `fetch` threw, as a text |
//! | `secrets` | takes the secrets of the client out of texts of others |
//! | `timers` | sleeps, and the clock |

mod calls;
mod client;
mod driver;
mod error;
mod fetch;
mod lists;
mod options;
mod requests;
mod results;
mod secrets;
mod thrown;
mod timers;
mod words;

pub use client::Client;
pub use error::{Error, Moved};
pub use lists::{FlexibleIps, Pages};
pub use options::{CallOptions, Listener, Options, RetryOptions};
pub use requests::{
    AttachFlexibleIpRequest, CreateFlexibleIpRequest, DeleteFlexibleIpRequest,
    DeleteMacAddrRequest, DetachFlexibleIpRequest, DuplicateMacAddrRequest, EnsureAttachedRequest,
    FailoverRequest, GenerateMacAddrRequest, GetFlexibleIpRequest, ListFlexibleIpsRequest,
    MoveMacAddrRequest, UpdateFlexibleIpRequest, WaitForFlexibleIpsRequest,
};
pub use results::{FlexibleIp, MacAddress, Page};
pub use words::{
    FlexibleIpStatus, ListOrder, MacAddressStatus, MacAddressType, MoveStrategy, OnRefusal,
};

/// What a listener receives, and the reasons why a call failed: those of the machines.
pub use crate::error::{Error as Reason, kind::Kind, problem::Problem};
pub use crate::flow::{Event, PlanStep};
