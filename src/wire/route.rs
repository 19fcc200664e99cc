//! The operation table: method, path and success of the 11 operations.
//!
//! The client builds its requests from it, the emulator its router, its OpenAPI description and the
//! names in error messages.

use super::http::Method;
use super::path::encode_into;
use crate::model::id::FlexibleIpId;
use crate::model::to_text::ToText;
use crate::model::zone::Zone;

/// The 11 operations, named as in the API's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "ROUTES describes each")]
pub enum Operation {
    ListFlexibleIps,
    CreateFlexibleIp,
    GetFlexibleIp,
    UpdateFlexibleIp,
    DeleteFlexibleIp,
    AttachFlexibleIp,
    DetachFlexibleIp,
    GenerateMacAddr,
    DeleteMacAddr,
    DuplicateMacAddr,
    MoveMacAddr,
}

/// What a retry of a request does whose outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A retry does no harm: two requests have the effect of one.
    Harmless,
    /// A retry may delete an address that has a new owner by now. A readback decides.
    UnlessReassigned,
    /// A retry does no harm once a readback shows that the work is not done.
    AfterReadback,
    /// A retry may do the work twice. A readback decides, once the settling time has passed.
    AfterSettling,
    /// A retry may do the work twice. Reading before the request, and until the settling time has
    /// passed after it, decides.
    AfterComparison,
    /// A retry may do the work twice. Only an idempotency key shows whether the work was done.
    WithIdempotencyKey,
}

/// The path after `/zones/{zone}/fips`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Fixed segments, or none.
    Collection(&'static [&'static str]),
    /// The id of a flexible IP, then fixed segments.
    OneIp(&'static [&'static str]),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The operation.
    pub operation: Operation,
    /// The name of the operation in JavaScript: in the client's methods, errors and events.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The end of the path.
    pub tail: Tail,
    /// The status of a success.
    pub success: u16,
    /// Whether a success says everything about the one flexible IP, or the page, that it returns. A success
    /// of the other operations is compared with what was asked for.
    pub is_plain: bool,
    /// What a retry does if the outcome is unknown.
    pub repeat: Repeat,
    /// The settling time in milliseconds: how long the effect of the operation may stay away after its
    /// response was lost. It is longer than the service was ever seen to take: 28 s for an attach and
    /// 43 s with a create, 8.5 s for a detach, 21 s for the deletion of an attached flexible IP, 5.8 s
    /// for a duplicated MAC address, 3.1 s for a new one.
    pub settling_ms: u64,
}

const ROOT: [&str; 3] = ["flexible-ip", "v1alpha1", "zones"];
const COLLECTION: &str = "fips";

/// The table. Rows with fixed segments come before those with an id: the first match is right.
#[rustfmt::skip] // keeps the columns aligned
pub const ROUTES: [Route; 11] = [
    row(Operation::ListFlexibleIps,  "listFlexibleIPs",  Method::Get,    Tail::Collection(&[]),              200, true,  Repeat::Harmless,           0),
    row(Operation::CreateFlexibleIp, "createFlexibleIP", Method::Post,   Tail::Collection(&[]),              200, true,  Repeat::WithIdempotencyKey, 10_000),
    row(Operation::AttachFlexibleIp, "attachFlexibleIP", Method::Post,   Tail::Collection(&["attach"]),      200, false, Repeat::AfterReadback,      60_000),
    row(Operation::DetachFlexibleIp, "detachFlexibleIP", Method::Post,   Tail::Collection(&["detach"]),      200, false, Repeat::AfterReadback,      20_000),
    row(Operation::GetFlexibleIp,    "getFlexibleIP",    Method::Get,    Tail::OneIp(&[]),                   200, true,  Repeat::Harmless,           0),
    row(Operation::UpdateFlexibleIp, "updateFlexibleIP", Method::Patch,  Tail::OneIp(&[]),                   200, true,  Repeat::Harmless,           10_000),
    row(Operation::DeleteFlexibleIp, "deleteFlexibleIP", Method::Delete, Tail::OneIp(&[]),                   204, true,  Repeat::UnlessReassigned,   45_000),
    row(Operation::GenerateMacAddr,  "generateMACAddr",  Method::Post,   Tail::OneIp(&["mac"]),              200, false, Repeat::AfterComparison,    10_000),
    row(Operation::DeleteMacAddr,    "deleteMACAddr",    Method::Delete, Tail::OneIp(&["mac"]),              204, false, Repeat::AfterComparison,    10_000),
    row(Operation::DuplicateMacAddr, "duplicateMACAddr", Method::Post,   Tail::OneIp(&["mac", "duplicate"]), 200, false, Repeat::AfterSettling,      15_000),
    row(Operation::MoveMacAddr,      "moveMACAddr",      Method::Post,   Tail::OneIp(&["mac", "move"]),      200, false, Repeat::AfterComparison,    10_000),
];

#[allow(clippy::too_many_arguments, reason = "they are the columns of the table")]
const fn row(
    operation: Operation,
    name: &'static str,
    method: Method,
    tail: Tail,
    success: u16,
    is_plain: bool,
    repeat: Repeat,
    settling_ms: u64,
) -> Route {
    Route { operation, name, method, tail, success, is_plain, repeat, settling_ms }
}

impl Route {
    /// The path with the placeholders `{zone}` and `{fip_id}`.
    pub fn template(&self) -> String {
        let (id, tail): (&[&str], _) = match self.tail {
            Tail::Collection(tail) => (&[], tail),
            Tail::OneIp(tail) => (&["{fip_id}"], tail),
        };
        let segments = ROOT.iter().chain(&["{zone}", COLLECTION]).chain(id).chain(tail);
        segments.flat_map(|segment| ["/", segment]).collect()
    }
}

impl Operation {
    /// The row of the operation.
    pub fn route(self) -> &'static Route {
        let [first, ..] = &ROUTES;
        // The fallback is never used: a test shows that every variant has a row.
        ROUTES.iter().find(|route| route.operation == self).unwrap_or(first)
    }

    /// Whether the operation changes anything.
    pub fn is_write(self) -> bool {
        self.route().method != Method::Get
    }

    /// The name of the operation in JavaScript.
    pub fn name(self) -> &'static str {
        self.route().name
    }

    /// The operation of this name in JavaScript, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        ROUTES.iter().find(|route| route.name == name).map(|route| route.operation)
    }

    /// The path of the operation on the zone's collection.
    pub fn collection_path(self, zone: &Zone) -> String {
        self.path(zone, None)
    }

    /// The path of the operation on one flexible IP.
    pub fn ip_path(self, zone: &Zone, id: FlexibleIpId) -> String {
        self.path(zone, Some(id))
    }

    fn path(self, zone: &Zone, id: Option<FlexibleIpId>) -> String {
        let (Tail::Collection(tail) | Tail::OneIp(tail)) = self.route().tail;
        let mut path = String::with_capacity(100);
        for segment in ROOT {
            push_segment(&mut path, segment);
        }
        push_segment(&mut path, zone.as_str());
        push_segment(&mut path, COLLECTION);
        if let Some(id) = id {
            push_segment(&mut path, &id.to_text());
        }
        for segment in tail {
            push_segment(&mut path, segment);
        }
        path
    }
}

fn push_segment(path: &mut String, segment: &str) {
    path.push('/');
    encode_into(path, segment);
}

/// The operation of a request, with the variable segments of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched<'path> {
    /// The operation.
    pub operation: Operation,
    /// The segment of the zone, percent-encoded and unchecked.
    pub zone: &'path str,
    /// The segment of the flexible IP, percent-encoded and unchecked.
    pub fip_id: Option<&'path str>,
}

/// Finds the operation of a method and a path, if the API has one.
pub fn find<'path>(method: Method, path: &'path str) -> Option<Matched<'path>> {
    let mut segments = path.strip_prefix('/')?.split('/');
    for expected in ROOT {
        if segments.next()? != expected {
            return None;
        }
    }
    let zone = segments.next()?;
    if segments.next()? != COLLECTION {
        return None;
    }
    let rest: Vec<&'path str> = segments.collect();
    ROUTES.iter().filter(|route| route.method == method).find_map(|route| {
        let fip_id = match (route.tail, rest.as_slice()) {
            (Tail::Collection(tail), rest) if rest == tail => None,
            (Tail::OneIp(tail), [id, rest @ ..]) if rest == tail => Some(*id),
            _ => return None,
        };
        Some(Matched { operation: route.operation, zone, fip_id })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";

    fn path_of(route: &Route) -> String {
        let zone = Zone::parse("fr-par-1").unwrap();
        match route.tail {
            Tail::Collection(_) => route.operation.collection_path(&zone),
            Tail::OneIp(_) => route.operation.ip_path(&zone, FlexibleIpId::parse(FIP).unwrap()),
        }
    }

    #[test]
    fn every_operation_has_exactly_one_row() {
        let operations: BTreeSet<Operation> = ROUTES.iter().map(|route| route.operation).collect();
        assert_eq!(operations.len(), ROUTES.len());
        for route in &ROUTES {
            assert_eq!(route.operation.name(), route.name);
            assert_eq!(Operation::named(route.name), Some(route.operation));
        }
    }

    #[test]
    fn every_path_that_is_built_is_found() {
        for route in &ROUTES {
            let path = path_of(route);
            let found = find(route.method, &path).unwrap();
            assert_eq!(found.operation, route.operation, "{path}");
            assert_eq!(found.zone, "fr-par-1");
            assert_eq!(found.fip_id.is_some(), matches!(route.tail, Tail::OneIp(_)));
        }
    }

    #[test]
    fn the_paths_are_those_of_the_api() {
        let paths: Vec<String> = ROUTES
            .iter()
            .map(|route| {
                format!("{} {}", route.method.as_str(), path_of(route).replace(FIP, "{fip_id}"))
            })
            .collect();
        let base = "/flexible-ip/v1alpha1/zones/fr-par-1/fips";
        let expected = [
            ("GET", ""),
            ("POST", ""),
            ("POST", "/attach"),
            ("POST", "/detach"),
            ("GET", "/{fip_id}"),
            ("PATCH", "/{fip_id}"),
            ("DELETE", "/{fip_id}"),
            ("POST", "/{fip_id}/mac"),
            ("DELETE", "/{fip_id}/mac"),
            ("POST", "/{fip_id}/mac/duplicate"),
            ("POST", "/{fip_id}/mac/move"),
        ]
        .map(|(method, tail)| format!("{method} {base}{tail}"));
        assert_eq!(paths, expected);
        let templates = ROUTES
            .iter()
            .map(|route| format!("{} {}", route.method.as_str(), route.template()))
            .map(|template| template.replace("{zone}", "fr-par-1"));
        assert_eq!(templates.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_path_that_the_api_does_not_have_is_not_found() {
        for path in [
            "",
            "/",
            "/flexible-ip/v1alpha1/zones/fr-par-1",
            "/flexible-ip/v1alpha1/zones/fr-par-1/fips/",
            "/flexible-ip/v1/zones/fr-par-1/fips",
            "/flexible-ip/v1alpha1/zones/fr-par-1/fips/x/mac/copy",
        ] {
            let found = find(Method::Post, path);
            assert_eq!(found, None, "{path}");
        }
    }
}
