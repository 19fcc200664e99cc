//! The part of the Elastic Metal API that flexible IPs need: creating, reading and deleting servers.
//!
//! `POST` and `GET /baremetal/v1/zones/{zone}/servers`, `GET` and `DELETE` of one server.

use crate::emulator::http::check::{Arguments, zone};
use crate::emulator::http::refusal::Refusal;
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
}

/// Finds the operation of a method and a path; `None` if there is none.
pub(in crate::emulator) fn find<'path>(
    method: &str,
    path: &'path str,
) -> Option<ServerRequest<'path>> {
    let rest = path.strip_prefix("/baremetal/v1/zones/")?;
    let (zone, rest) = rest.split_once("/servers")?;
    let id = match rest {
        "" => None,
        rest => Some(rest.strip_prefix('/')?),
    };
    let operation = match (method, id) {
        ("POST", None) => ServerOperation::Create,
        ("GET", None) => ServerOperation::List,
        ("GET", Some(_)) => ServerOperation::Read,
        ("DELETE", Some(_)) => ServerOperation::Delete,
        _ => return None,
    };
    Some(ServerRequest { operation, zone, id })
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
    if request.operation == ServerOperation::List {
        return list(&zone, state);
    }
    let text = request.id.unwrap_or_default();
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
    let servers = servers?;
    let total = Json::Integer(u64::try_from(servers.len()).unwrap_or(u64::MAX));
    Ok(Json::Object(vec![("total_count", total), ("servers", Json::List(servers))]))
}

fn render(id: ServerId, status: &str, state: &State) -> Result<Json, Refusal> {
    let server = state.servers.get(&id).ok_or(Refusal::InternalError)?;
    Ok(Json::Object(vec![
        ("id", Json::text(id)),
        ("organization_id", Json::text(state.organization_id)),
        ("project_id", Json::text_or_null(state.projects.first())),
        ("name", Json::text(&server.name)),
        ("status", Json::text(status)),
        ("zone", Json::text(&server.zone)),
    ]))
}
