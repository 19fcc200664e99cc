//! The operation table: the one place that says what the 11 operations are on the wire.
//!
//! The client's builders, the emulator's router, the messages of errors and the published
//! description all read it. A twelfth operation is a row here and a file in each half.

use super::http::Method;
use super::path::encode_into;
use crate::model::id::FlexibleIpId;
use crate::model::zone::Zone;

/// The 11 operations, by the names of the API's own description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the row of its name in ROUTES")]
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

/// What happens when a request is sent again after an outcome that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// The same again: sending it twice is sending it once.
    Harmless,
    /// What it takes away is gone already, which is what was wanted; or somebody else's by now.
    UntilGone,
    /// It would do a thing twice. What it has done can be read from the flexible IPs.
    AfterReading,
    /// It would do a thing twice. Only what was read before it shows what it has done.
    AfterComparing,
    /// It would do a thing twice. Only a mark in the request itself shows what it has done.
    ByMark,
}

/// What stands behind `/zones/{zone}/fips`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing, or fixed segments: no path id.
    Collection(&'static [&'static str]),
    /// The id of a flexible IP, then fixed segments.
    OneIp(&'static [&'static str]),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The operation.
    pub operation: Operation,
    /// Its name in JavaScript: the client's method, and what errors and events say.
    pub name: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path.
    pub tail: Tail,
    /// The status of its success.
    pub success: u16,
    /// What a second sending would do.
    pub repeat: Repeat,
}

const ROOT: [&str; 3] = ["flexible-ip", "v1alpha1", "zones"];
const COLLECTION: &str = "fips";

/// The table. Literal tails stand before the id of a flexible IP, so the first match is the right one.
#[rustfmt::skip] // a table is read by its columns
pub const ROUTES: [Route; 11] = [
    row(Operation::ListFlexibleIps,  "listFlexibleIPs",  Method::Get,    Tail::Collection(&[]),              200, Repeat::Harmless),
    row(Operation::CreateFlexibleIp, "createFlexibleIP", Method::Post,   Tail::Collection(&[]),              200, Repeat::ByMark),
    row(Operation::AttachFlexibleIp, "attachFlexibleIP", Method::Post,   Tail::Collection(&["attach"]),      200, Repeat::AfterReading),
    row(Operation::DetachFlexibleIp, "detachFlexibleIP", Method::Post,   Tail::Collection(&["detach"]),      200, Repeat::AfterReading),
    row(Operation::GetFlexibleIp,    "getFlexibleIP",    Method::Get,    Tail::OneIp(&[]),                   200, Repeat::Harmless),
    row(Operation::UpdateFlexibleIp, "updateFlexibleIP", Method::Patch,  Tail::OneIp(&[]),                   200, Repeat::Harmless),
    row(Operation::DeleteFlexibleIp, "deleteFlexibleIP", Method::Delete, Tail::OneIp(&[]),                   204, Repeat::UntilGone),
    row(Operation::GenerateMacAddr,  "generateMACAddr",  Method::Post,   Tail::OneIp(&["mac"]),              200, Repeat::AfterComparing),
    row(Operation::DeleteMacAddr,    "deleteMACAddr",    Method::Delete, Tail::OneIp(&["mac"]),              204, Repeat::AfterComparing),
    row(Operation::DuplicateMacAddr, "duplicateMACAddr", Method::Post,   Tail::OneIp(&["mac", "duplicate"]), 200, Repeat::AfterReading),
    row(Operation::MoveMacAddr,      "moveMACAddr",      Method::Post,   Tail::OneIp(&["mac", "move"]),      200, Repeat::AfterComparing),
];

const fn row(
    operation: Operation,
    name: &'static str,
    method: Method,
    tail: Tail,
    success: u16,
    repeat: Repeat,
) -> Route {
    Route { operation, name, method, tail, success, repeat }
}

impl Route {
    /// Its path with `{zone}` and `{fip_id}` in place of both.
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
    /// Its row.
    pub fn route(self) -> &'static Route {
        let [first, ..] = &ROUTES;
        // Every variant has its row, which a test shows.
        ROUTES.iter().find(|route| route.operation == self).unwrap_or(first)
    }

    /// Whether it changes anything.
    pub fn changes(self) -> bool {
        self.route().method != Method::Get
    }

    /// Its name in JavaScript.
    pub fn name(self) -> &'static str {
        self.route().name
    }

    /// The operation of this JavaScript name.
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
            push_segment(&mut path, &id.to_string());
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

/// What a path and a method mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched<'path> {
    /// The operation.
    pub operation: Operation,
    /// The zone's segment, as it stands: percent-encoded and unchecked.
    pub zone: &'path str,
    /// The flexible IP's segment, as it stands: percent-encoded and unchecked.
    pub fip_id: Option<&'path str>,
}

/// Finds the operation of a method and a path; nothing if the API has none.
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
    fn every_path_that_is_built_is_found_again() {
        for route in &ROUTES {
            let path = path_of(route);
            let found = find(route.method, &path).unwrap();
            assert_eq!(found.operation, route.operation, "{path}");
            assert_eq!(found.zone, "fr-par-1");
            assert_eq!(found.fip_id.is_some(), matches!(route.tail, Tail::OneIp(_)));
        }
    }

    #[test]
    fn the_paths_are_those_of_the_service() {
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
    fn a_path_that_only_resembles_one_is_not_found() {
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
