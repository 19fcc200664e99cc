//! The commands of one operation, input by input.

use super::doubt::{OWN, PREFLIGHT};
use super::flow::OperationFlow;
use crate::error::{Error, Failure};
use crate::flow::call_policy::CallPolicy;
use crate::flow::command::{Command, SendRequest};
use crate::flow::machine::{Input, Leaving, Machine};
use crate::flow::outcome::{Outcome, Success};
use crate::flow::response::{Body, Response};
use crate::flow::tag::Tag;
use crate::model::time::Millis;
use crate::ops::check;
use crate::ops::testing::{FIP, OTHER_FIP, SERVER, defaults};
use crate::policy::budget::Budget;
use crate::policy::retry::RetryPolicy;
use crate::wire::http::ResponseHeaders;
use crate::wire::route::Operation;
use serde_json::json;

fn flow(operation: Operation, arguments: serde_json::Value) -> OperationFlow {
    let (checked, _) = check(operation, &arguments.into(), &defaults());
    OperationFlow::new(checked.unwrap(), false, policy())
}

fn policy() -> CallPolicy {
    CallPolicy {
        retry: RetryPolicy::DEFAULT,
        timeout: Millis(30_000),
        total_timeout: Millis(120_000),
        settling_time: None,
        renews_key: false,
        budget: Budget::new(500),
        seed: 1,
    }
}

/// The commands that follow from an input at time 0.
fn on(flow: &mut OperationFlow, input: Input) -> Vec<Command> {
    flow.on(input, Millis(0))
}

fn duplication() -> OperationFlow {
    flow(Operation::DuplicateMacAddr, json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP }))
}

fn sent(commands: &[Command]) -> Vec<(Tag, String)> {
    commands
        .iter()
        .map(|command| match command {
            Command::Send(SendRequest { tag, request, .. }) => (
                *tag,
                format!(
                    "{} {}",
                    request.method.as_str(),
                    request.path.split("fips").last().unwrap()
                ),
            ),
            _ => panic!("a request expected, not {command:?}"),
        })
        .collect()
}

fn responded(tag: Tag, status: u16, body: serde_json::Value) -> Input {
    let response =
        Response { status, headers: ResponseHeaders::default(), body: Body::Json(body.into()) };
    Input::Responded { tag, outcome: Ok(response) }
}

fn ip(id: &str, server: Option<&str>) -> serde_json::Value {
    json!({ "id": id, "status": "attached", "server_id": server, "mac_address": null })
}

/// The flexible IP with a virtual MAC address.
fn with_mac(mut ip: serde_json::Value) -> serde_json::Value {
    ip["mac_address"] = json!({ "id": FIP, "status": "used" });
    ip
}

#[track_caller]
fn expect_failure(commands: Vec<Command>) -> Failure {
    match commands.into_iter().next() {
        Some(Command::Done(Err(call))) => call.failure,
        other => panic!("a failure expected, not {other:?}"),
    }
}

#[test]
fn an_operation_without_a_preflight_is_one_request() {
    let mut flow = flow(Operation::GetFlexibleIp, json!({ "fipId": FIP }));
    assert_eq!(sent(&on(&mut flow, Input::Started)), [(0, format!("GET /{FIP}"))]);
    assert_eq!(
        on(&mut flow, responded(0, 200, ip(FIP, None))),
        [Command::Done(Ok(Success { outcome: Outcome::Response(OWN), attempts: 1 }))]
    );
}

#[test]
fn a_duplication_reads_both_flexible_ips_at_once_before_it_is_sent() {
    let mut flow = duplication();
    let reads = [(PREFLIGHT, format!("GET /{OTHER_FIP}")), (PREFLIGHT + 1, format!("GET /{FIP}"))];
    assert_eq!(sent(&on(&mut flow, Input::Started)), reads);
    assert_eq!(on(&mut flow, responded(PREFLIGHT + 1, 200, ip(FIP, Some(SERVER)))), []);
    let commands = on(&mut flow, responded(PREFLIGHT, 200, ip(OTHER_FIP, Some(SERVER))));
    assert_eq!(sent(&commands), [(OWN, format!("POST /{FIP}/mac/duplicate"))]);
    assert_eq!(
        on(&mut flow, responded(OWN, 200, with_mac(ip(FIP, Some(SERVER))))),
        [Command::Done(Ok(Success { outcome: Outcome::Response(OWN), attempts: 1 }))]
    );
}

#[test]
fn a_response_about_another_flexible_ip_leaves_the_outcome_of_a_change_unknown() {
    let mut flow = duplication();
    on(&mut flow, Input::Started);
    on(&mut flow, responded(PREFLIGHT + 1, 200, ip(FIP, Some(SERVER))));
    on(&mut flow, responded(PREFLIGHT, 200, ip(OTHER_FIP, Some(SERVER))));
    let commands = on(&mut flow, responded(OWN, 200, ip(OTHER_FIP, Some(SERVER))));
    assert!(sent(&commands)[0].1.starts_with("GET "), "a readback follows: {commands:?}");
}

#[test]
fn a_duplication_between_servers_is_not_sent() {
    let mut flow = duplication();
    on(&mut flow, Input::Started);
    on(&mut flow, responded(PREFLIGHT, 200, ip(OTHER_FIP, Some(SERVER))));
    let failure = expect_failure(on(&mut flow, responded(PREFLIGHT + 1, 200, ip(FIP, None))));
    assert_eq!(failure.error.code(), "invalid_arguments");
    assert_eq!(failure.attempts, 0);
    assert_eq!(
        failure.to_string(),
        format!(
            "duplicateMACAddr: invalid argument(s): duplicateFromFipId (constraint): both flexible IPs must be attached to the same server: \
             source {OTHER_FIP} is attached to server {SERVER}, destination {FIP} is attached to no server (status attached)"
        )
    );
}

#[test]
fn a_preflight_that_fails_names_the_request_that_failed() {
    let mut flow = duplication();
    on(&mut flow, Input::Started);
    let failure = expect_failure(on(
        &mut flow,
        responded(PREFLIGHT + 1, 403, json!({ "type": "permissions_denied" })),
    ));
    assert_eq!(failure.error.code(), "permissions_denied");
    assert!(failure.request.unwrap().1.ends_with(FIP));
    let mut flow = duplication();
    on(&mut flow, Input::Started);
    assert_eq!(
        expect_failure(on(&mut flow, responded(PREFLIGHT, 200, json!({ "id": 1 })))).error.code(),
        "decode"
    );
}

#[test]
fn a_large_group_is_read_with_at_most_eight_requests_at_once() {
    let ids: Vec<String> =
        (0..20).map(|n| format!("{n:08x}-e683-493a-9e62-109d684e4348")).collect();
    let mut flow = flow(Operation::DetachFlexibleIp, json!({ "fipsIds": ids }));
    let mut pending = sent(&on(&mut flow, Input::Started)).len();
    assert_eq!(pending, 8);
    let member = |id: &String| json!({ "id": id, "status": "attached", "server_id": SERVER, "mac_address": { "id": SERVER } });
    for (tag, id) in ids.iter().enumerate() {
        let commands = on(&mut flow, responded(PREFLIGHT + tag, 200, member(id)));
        pending = pending + commands.len() - 1;
        assert!(pending <= 8);
    }
    // Only the operation's own request is pending.
    assert_eq!(pending, 1);
}

#[test]
fn a_skipped_preflight_reads_nothing() {
    let arguments = json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP });
    let (checked, _) = check(Operation::DuplicateMacAddr, &arguments.into(), &defaults());
    let mut flow = OperationFlow::new(checked.unwrap(), true, policy());
    assert_eq!(sent(&on(&mut flow, Input::Started)), [(0, format!("POST /{FIP}/mac/duplicate"))]);
}

/// A create with a key, whose POST is under way.
fn create_under_way() -> OperationFlow {
    let project = "6f261b39-3845-5b1d-a2ec-b6f1ab835801";
    let mut flow = flow(Operation::CreateFlexibleIp, json!({ "projectId": project }));
    assert_eq!(sent(&on(&mut flow, Input::Started)), [(OWN, "POST ".to_owned())]);
    flow
}

#[test]
fn a_request_that_was_withheld_is_no_attempt_and_is_tried_again_as_often_as_another() {
    let mut flow = create_under_way();
    for attempt in 1..=RetryPolicy::DEFAULT.max_attempts {
        let error = Error::Withheld(Box::new(Error::Timeout(Millis(1))));
        let commands = on(&mut flow, Input::Responded { tag: OWN, outcome: Err(error) });
        if attempt < RetryPolicy::DEFAULT.max_attempts {
            let woke = on(&mut flow, Input::Woke { tag: OWN });
            assert!(matches!(woke.as_slice(), [Command::Send(send)] if send.attempt == 1));
        } else {
            let failure = expect_failure(commands);
            assert_eq!((failure.attempts, failure.sent_request()), (0, None));
        }
    }
}

#[test]
fn an_abort_does_not_count_a_request_that_was_not_sent_yet() {
    for (tags, attempts) in [(vec![OWN], 0), (vec![], 1)] {
        let mut flow = create_under_way();
        on(&mut flow, Input::Unsent { tags });
        assert_eq!(expect_failure(on(&mut flow, Input::Aborted)).attempts, attempts);
    }
}

#[test]
fn a_caller_that_leaves_has_the_facts_of_the_request_and_ends_nothing() {
    let mut flow = create_under_way();
    let time = Leaving::TimedOut(Millis(300));
    on(&mut flow, Input::Unsent { tags: vec![OWN] });
    let failure = flow.on_leaving(time, Millis(300)).unwrap().failure;
    assert_eq!((failure.error.code(), failure.attempts), ("timeout", 0));
    on(&mut flow, Input::Unsent { tags: Vec::new() });
    let failure = flow.on_leaving(time, Millis(300)).unwrap().failure;
    assert_eq!((failure.error.code(), failure.attempts), ("ambiguous_result", 1));
    assert_eq!(failure.sent_request().map(|(method, _)| *method), Some("POST"));
    assert_eq!(flow.on_leaving(Leaving::Aborted, Millis(0)).unwrap().failure.error, Error::Aborted);
    let created = on(&mut flow, responded(OWN, 200, ip(FIP, None)));
    assert!(matches!(created.as_slice(), [Command::Done(Ok(_))]));
}
