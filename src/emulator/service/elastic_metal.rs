//! The part of the Elastic Metal API that flexible IPs need: creating, reading and deleting servers, and the
//! offer that every server has.

use crate::emulator::http::check::{Arguments, zone};
use crate::emulator::http::refusal::Refusal;
use crate::emulator::random::Random;
use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle;
use crate::emulator::world::state::State;
use crate::model::id::ServerId;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::wire::json::Json;
use crate::wire::value::Value;

/// A request to this API.
#[derive(Clone, Copy)]
pub(in crate::emulator) struct ServerRequest<'path> {
    operation: ServerOperation,
    zone: &'path str,
    id: Option<&'path str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ServerOperation {
    Create,
    List,
    Read,
    Delete,
    ListOffers,
    ReadOffer,
}

/// The operations: method, collection below `/baremetal/v1/zones/{zone}/`, whether an id follows.
const ROUTES: [(&str, &str, bool, ServerOperation); 6] = [
    ("POST", "servers", false, ServerOperation::Create),
    ("GET", "servers", false, ServerOperation::List),
    ("GET", "servers", true, ServerOperation::Read),
    ("DELETE", "servers", true, ServerOperation::Delete),
    ("GET", "offers", false, ServerOperation::ListOffers),
    ("GET", "offers", true, ServerOperation::ReadOffer),
];

/// The name of the offer. The id follows from the seed.
const OFFER: &str = "EM-EMULATED";

/// Finds the operation of a method and a path; `None` if there is none.
pub(in crate::emulator) fn find<'path>(
    method: &str,
    path: &'path str,
) -> Option<ServerRequest<'path>> {
    let rest = path.strip_prefix("/baremetal/v1/zones/")?;
    let (zone, rest) = rest.split_once('/')?;
    let (collection, id) = match rest.split_once('/') {
        Some((collection, id)) => (collection, Some(id)),
        None => (rest, None),
    };
    let route = ROUTES
        .iter()
        .find(|route| (route.0, route.1, route.2) == (method, collection, id.is_some()));
    route.map(|route| ServerRequest { operation: route.3, zone, id })
}

/// Does the work of an operation.
pub(in crate::emulator) fn serve(
    request: ServerRequest<'_>,
    body: &Value,
    state: &mut State,
    settings: &Settings,
    now: Timestamp,
) -> Result<Json, Refusal> {
    let zone = zone(request.zone, settings)?;
    if request.operation == ServerOperation::Create {
        let mut arguments = Arguments::new(body);
        let name = arguments.text("name").unwrap_or_default();
        arguments.finish()?;
        let id = state.add_server(zone, name);
        let id = id.ok_or(Refusal::OutOfStock { resource: "server" })?;
        return render(id, "delivering", state);
    }
    let text = request.id.unwrap_or_default();
    match request.operation {
        ServerOperation::List => return list(&zone, state),
        ServerOperation::ListOffers => return Ok(page("offers", vec![offer(&zone, state)])),
        ServerOperation::ReadOffer if text == offer_id(state) => return Ok(offer(&zone, state)),
        ServerOperation::ReadOffer => {
            return Err(Refusal::NotFound { resource: "offer", id: text.to_owned() });
        }
        _ => (),
    }
    let not_found = || Refusal::NotFound { resource: "server", id: text.to_owned() };
    let id = ServerId::parse(text).ok_or_else(not_found)?;
    let server = state.servers.get(&id).filter(|server| server.zone == zone);
    let is_deleting = server.ok_or_else(not_found)?.gone_at.is_some();
    if request.operation == ServerOperation::Delete && !is_deleting {
        lifecycle::begin_server_removal(state, settings, id, now);
    }
    let status = if is_deleting || request.operation == ServerOperation::Delete {
        "deleting"
    } else {
        "ready"
    };
    render(id, status, state)
}

/// The servers of a zone, all on one page.
fn list(zone: &Zone, state: &State) -> Result<Json, Refusal> {
    let here = state.servers.iter().filter(|(_, server)| server.zone == *zone);
    let servers: Result<Vec<Json>, Refusal> = here
        .map(|(id, server)| {
            let status = if server.gone_at.is_some() { "deleting" } else { "ready" };
            render(*id, status, state)
        })
        .collect();
    Ok(page("servers", servers?))
}

fn page(name: &'static str, items: Vec<Json>) -> Json {
    let total = Json::Integer(u64::try_from(items.len()).unwrap_or(u64::MAX));
    Json::Object(vec![("total_count", total), (name, Json::List(items))])
}

fn render(id: ServerId, status: &str, state: &State) -> Result<Json, Refusal> {
    let server = state.servers.get(&id).ok_or(Refusal::InternalError)?;
    Ok(Json::Object(vec![
        ("id", Json::text(id)),
        ("organization_id", Json::text(state.organization_id)),
        ("project_id", Json::text_or_null(state.projects.first())),
        ("name", Json::text(&server.name)),
        ("status", Json::text(status)),
        ("offer_id", Json::Text(offer_id(state))),
        ("offer_name", Json::text(OFFER)),
        ("zone", Json::text(&server.zone)),
    ]))
}

fn offer(zone: &Zone, state: &State) -> Json {
    Json::Object(vec![
        ("id", Json::Text(offer_id(state))),
        ("name", Json::text(OFFER)),
        ("stock", Json::text("available")),
        ("enable", Json::Bool(true)),
        ("zone", Json::text(zone)),
    ])
}

fn offer_id(state: &State) -> String {
    Random::of(state.seed, "offer", 0).uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_by_method_collection_and_id() {
        let found = |method, path| find(method, path).map(|found| (found.zone, found.id));
        for (method, path, expected) in [
            ("GET", "/baremetal/v1/zones/nl-ams-1/servers", Some(("nl-ams-1", None))),
            ("DELETE", "/baremetal/v1/zones/nl-ams-1/servers/x", Some(("nl-ams-1", Some("x")))),
            ("GET", "/baremetal/v1/zones/nl-ams-1/offers/x", Some(("nl-ams-1", Some("x")))),
            ("DELETE", "/baremetal/v1/zones/nl-ams-1/servers", None),
            ("POST", "/baremetal/v1/zones/nl-ams-1/offers", None),
            ("GET", "/baremetal/v1/zones/nl-ams-1/serversx", None),
            ("GET", "/baremetal/v1/zones/nl-ams-1/os", None),
            ("GET", "/baremetal/v1/zones/nl-ams-1", None),
        ] {
            assert_eq!(found(method, path), expected, "{method} {path}");
        }
    }
}
