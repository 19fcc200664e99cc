//! The 11 operations as the client sends them: checked, then encoded.
//!
//! Each file is one operation: its arguments, their rules, its request. `arguments` reads what the
//! caller gave and collects every problem; `rules` are the rules between several flexible IPs;
//! `readback` is how to find out what a request did whose answer was lost.

pub mod arguments;
pub mod attach;
pub mod create;
pub mod delete;
pub mod delete_mac;
pub mod detach;
pub mod duplicate_mac;
pub mod generate_mac;
pub mod get;
pub mod list;
pub mod move_mac;
pub mod readback;
pub mod rules;
pub mod update;

use crate::error::field::Problem;
use crate::model::id::FlexibleIpId;
use crate::model::zone::Zone;
use crate::wire::http::Request;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;
use crate::wire::value::Value;
use arguments::{Defaults, Reader};
use readback::Readback;
use rules::Preflight;

/// A request that passed every check that needs no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRequest {
    /// The operation.
    pub operation: Operation,
    /// Its zone.
    pub zone: Zone,
    /// What is to be sent.
    pub request: Request,
    /// What has to hold of the flexible IPs before it is sent.
    pub preflight: Option<Preflight>,
    /// What shows that it was done, when its answer was lost.
    pub readback: Readback,
    /// The list that shows what was made for its idempotency key.
    pub lookup: Option<Request>,
}

/// Checks the arguments of an operation.
/// The problems are all there are: with one that is an error there is no request,
/// and the others are warnings.
pub fn check(
    operation: Operation,
    arguments: &Value,
    defaults: &Defaults,
) -> (Option<CheckedRequest>, Vec<Problem>) {
    let mut reader = Reader::new(arguments, defaults);
    let read = match operation {
        Operation::ListFlexibleIps => list::read(&mut reader),
        Operation::CreateFlexibleIp => create::read(&mut reader),
        Operation::GetFlexibleIp => get::read(&mut reader),
        Operation::UpdateFlexibleIp => update::read(&mut reader),
        Operation::DeleteFlexibleIp => delete::read(&mut reader),
        Operation::AttachFlexibleIp => attach::read(&mut reader),
        Operation::DetachFlexibleIp => detach::read(&mut reader),
        Operation::GenerateMacAddr => generate_mac::read(&mut reader),
        Operation::DeleteMacAddr => delete_mac::read(&mut reader),
        Operation::DuplicateMacAddr => duplicate_mac::read(&mut reader),
        Operation::MoveMacAddr => move_mac::read(&mut reader),
    };
    let (passed, problems) = reader.finish();
    (read.filter(|_| passed), problems)
}

impl CheckedRequest {
    /// A request that needs no preflight.
    fn new(operation: Operation, zone: Zone, path: String) -> Self {
        let method = operation.route().method;
        let request = Request { method, path, query: String::new(), body: None };
        Self { operation, zone, request, preflight: None, readback: Readback::None, lookup: None }
    }

    /// A request on the zone's collection.
    fn on_collection(operation: Operation, zone: Zone) -> Self {
        let path = operation.collection_path(&zone);
        Self::new(operation, zone, path)
    }

    /// A request on one flexible IP.
    fn on_ip(operation: Operation, zone: Zone, id: FlexibleIpId) -> Self {
        let path = operation.ip_path(&zone, id);
        Self::new(operation, zone, path)
    }

    fn with_body(mut self, body: ObjectWriter) -> Self {
        self.request.body = Some(body.finish());
        self
    }

    fn with_query(mut self, query: String) -> Self {
        self.request.query = query;
        self
    }

    fn with_proof(mut self, readback: Readback) -> Self {
        self.readback = readback;
        self
    }

    fn with_preflight(mut self, preflight: Option<Preflight>) -> Self {
        self.preflight = preflight;
        self
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";
    pub(crate) const OTHER_FIP: &str = "1c2efc8c-d423-453d-a445-33e41cd2ef32";
    pub(crate) const SERVER: &str = "712736f3-d254-44fe-8301-ce916e057f14";
    pub(crate) const PROJECT: &str = "6f261b39-3845-5b1d-a2ec-b6f1ab835801";

    /// The client's defaults in these tests: a zone, nothing else.
    pub(crate) fn in_paris() -> Defaults {
        Defaults { zone: crate::model::zone::Zone::parse("fr-par-1"), ..Defaults::default() }
    }

    /// The request, when nothing is wrong with it.
    #[track_caller]
    pub(crate) fn sent(operation: Operation, arguments: serde_json::Value) -> Request {
        let (checked, problems) = check(operation, &arguments.into(), &in_paris());
        assert_eq!(problems, []);
        checked.unwrap().request
    }

    /// What is wrong, as "field reason".
    #[track_caller]
    pub(crate) fn refused(operation: Operation, arguments: serde_json::Value) -> Vec<String> {
        let (checked, problems) = check(operation, &arguments.into(), &in_paris());
        assert_eq!(checked, None);
        problems
            .iter()
            .map(|problem| format!("{} {}", problem.field, problem.reason.word()))
            .collect()
    }
}
