//! What the tests of moves share: a world with two servers, failovers, and what they did.

use flexip::error::{Error, Incomplete};
use flexip::flow::{CallFailure, Event, Resume, SendRequest};
use flexip::model::id::FlexibleIpId;
use flexip::model::time::Millis;
use flexip::wire::route::Operation;
use serde_json::{Value as Json, json};

use crate::support::scenario::{ensure_attached_flow, failover_flow, within};
use crate::support::world::{Call, CallResult, World};

pub(crate) const TOTAL: u64 = 600_000;

/// A world with two servers. On the first are a MAC group of three and two flexible IPs without one.
pub(crate) fn two_servers(seed: u64) -> (World, [String; 2], Vec<FlexibleIpId>) {
    let mut world = World::recorded(seed);
    let servers = [world.add_server(), world.add_server()];
    let mut ids = world.create_group(&servers[0], 3);
    ids.extend([world.create_ip(Some(&servers[0])), world.create_ip(Some(&servers[0]))]);
    (world, servers, ids)
}

pub(crate) fn as_texts(ids: &[FlexibleIpId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// Starts a failover from the first server to the second.
pub(crate) fn start(world: &mut World, servers: &[String; 2], more: Json) -> Call {
    let mut arguments = json!({ "fromServerId": servers[0], "toServerId": servers[1] });
    arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.start(failover_flow(arguments, within(TOTAL)), Millis(TOTAL))
}

/// Starts the move that an error says continues it.
pub(crate) fn start_resume(world: &mut World, failed: &CallFailure) -> Call {
    let Resume { ids, server, .. } = failed.resume.clone().unwrap();
    let arguments = json!({ "fipsIds": as_texts(&ids), "serverId": server.to_string() });
    world.start(ensure_attached_flow(arguments, within(TOTAL)), Millis(TOTAL))
}

/// The steps of a move in its events, as `attach begun`.
pub(crate) fn steps(world: &World, call: Call) -> Vec<String> {
    let step = |event: &Event| match event {
        Event::Moving { step, progress, .. } => {
            Some(format!("{} {progress:?}", step.operation.name()))
        }
        _ => None,
    };
    world.events(call).iter().filter_map(step).collect()
}

/// Answers requests of this operation with a refusal, as long as `is_refused` says so.
pub(crate) fn refuse(
    world: &mut World,
    operation: Operation,
    status: u16,
    body: Json,
    mut is_refused: impl FnMut(&SendRequest) -> bool + 'static,
) {
    world.tamper = Some(Box::new(move |request, reply| {
        if request.operation == operation && is_refused(request) {
            reply.status = status;
            reply.body = body.to_string().into_bytes();
        }
    }));
}

pub(crate) fn is_question(request: &SendRequest) -> bool {
    request.request.path.starts_with("/baremetal/")
}

pub(crate) fn denied() -> Json {
    json!({ "type": "permissions_denied", "message": "insufficient permissions", "details": [] })
}

pub(crate) fn unusable() -> Json {
    json!({ "type": "precondition_failed", "precondition": "resource_not_usable" })
}

#[track_caller]
pub(crate) fn problems(outcome: CallResult) -> String {
    let failed = outcome.unwrap_err();
    assert_eq!(failed.failure.error.code(), "invalid_arguments");
    failed.failure.error.to_string()
}

#[track_caller]
pub(crate) fn incomplete(outcome: CallResult) -> (Box<CallFailure>, Incomplete) {
    let failed = outcome.unwrap_err();
    let Error::Incomplete(incomplete) = failed.failure.error.clone() else { panic!("{failed:?}") };
    (failed, *incomplete)
}

/// The requests that change something: when they were sent, their operation, and their flexible IPs.
pub(crate) fn changes(world: &World, call: Call) -> Vec<(u64, &'static str, Vec<String>)> {
    let sent = world.sent(call).iter().filter(|sent| sent.operation.is_write());
    sent.map(|sent| {
        let body: Json = serde_json::from_str(&sent.body).unwrap();
        let ids = body["fips_ids"].as_array().unwrap();
        let mut ids: Vec<String> = ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        ids.sort();
        (sent.at, sent.operation.name(), ids)
    })
    .collect()
}

#[track_caller]
pub(crate) fn assert_all_at(world: &mut World, ids: &[FlexibleIpId], server: &str) {
    world.settle();
    for id in ids {
        assert_eq!(world.actual_ip(*id).unwrap().server.as_deref(), Some(server), "{id}");
    }
}
