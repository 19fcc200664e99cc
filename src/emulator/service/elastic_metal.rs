//! As much of the Elastic Metal API as flexible IPs need: servers that come and go.
//!
//! `POST` and `GET /baremetal/v1/zones/{zone}/servers`, and `GET` and `DELETE` of one.

use crate::emulator::check::{Arguments, zone};
use crate::emulator::lifecycle;
use crate::emulator::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use crate::model::id::ServerId;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;
use crate::wire::json::Json;
use crate::wire::value::Value;

/// A request to it.
#[derive(Clone, Copy)]
pub(in crate::emulator) struct Visit<'path> {
    verb: Verb,
    zone: &'path str,
    id: Option<&'path str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    List,
    Read,
    Delete,
}

/// Whether a method and a path are one of the four.
pub(in crate::emulator) fn find<'path>(method: &str, path: &'path str) -> Option<Visit<'path>> {
    let rest = path.strip_prefix("/baremetal/v1/zones/")?;
    let (zone, rest) = rest.split_once("/servers")?;
    let id = match rest {
        "" => None,
        rest => Some(rest.strip_prefix('/')?),
    };
    let verb = match (method, id) {
        ("POST", None) => Verb::Create,
        ("GET", None) => Verb::List,
        ("GET", Some(_)) => Verb::Read,
        ("DELETE", Some(_)) => Verb::Delete,
        _ => return None,
    };
    Some(Visit { verb, zone, id })
}

/// Carries it out.
pub(in crate::emulator) fn serve(
    visit: Visit<'_>,
    body: &Value,
    state: &mut State,
    settings: &Settings,
    now: Timestamp,
) -> Result<Json, Refusal> {
    let zone = zone(visit.zone, settings)?;
    if visit.verb == Verb::Create {
        let mut arguments = Arguments::new(body);
        let name = arguments.text("name").unwrap_or_default();
        arguments.finish()?;
        let id = state.add_machine(zone, name);
        return render(id, "delivering", state);
    }
    if visit.verb == Verb::List {
        return list(&zone, state);
    }
    let text = visit.id.unwrap_or_default();
    let not_found = || Refusal::NotFound { resource: "server", id: text.to_owned() };
    let id = ServerId::parse(text).ok_or_else(not_found)?;
    let machine = state.machines.get(&id).filter(|machine| machine.zone == zone);
    let leaving = machine.ok_or_else(not_found)?.leaves_at.is_some();
    if visit.verb == Verb::Delete && !leaving {
        lifecycle::begin_removal(state, settings, id, now);
    }
    let status = if leaving || visit.verb == Verb::Delete { "deleting" } else { "ready" };
    render(id, status, state)
}

/// The servers of a zone, all on one page.
fn list(zone: &Zone, state: &State) -> Result<Json, Refusal> {
    let here = state.machines.iter().filter(|(_, machine)| machine.zone == *zone);
    let servers: Result<Vec<Json>, Refusal> = here
        .map(|(id, machine)| {
            let status = if machine.leaves_at.is_some() { "deleting" } else { "ready" };
            render(*id, status, state)
        })
        .collect();
    let servers = servers?;
    let total = Json::Integer(u64::try_from(servers.len()).unwrap_or(u64::MAX));
    Ok(Json::Object(vec![("total_count", total), ("servers", Json::List(servers))]))
}

fn render(id: ServerId, status: &str, state: &State) -> Result<Json, Refusal> {
    let machine = state.machines.get(&id).ok_or(Refusal::InternalError)?;
    Ok(Json::Object(vec![
        ("id", Json::text(id)),
        ("organization_id", Json::text(state.organization_id)),
        ("project_id", Json::text_or_null(state.projects.first())),
        ("name", Json::text(&machine.name)),
        ("status", Json::text(status)),
        ("zone", Json::text(&machine.zone)),
    ]))
}
