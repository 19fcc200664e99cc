//! Waits for transitions.

use flexip::error::{Error, WaitFailureReason};
use flexip::flow::response::{Body, Response};
use flexip::flow::wait::Condition;
use flexip::flow::{Command, Event, Input, Machine, Outcome};
use flexip::model::id::FlexibleIpId;
use flexip::model::status::Status;
use flexip::model::time::Millis;
use flexip::wire::http::ResponseHeaders;
use serde_json::json;

use crate::support::network::Trouble;
use crate::support::scenario::{error, policy, wait_flow, within};
use crate::support::world::{Call, World};

fn wait(world: &mut World, ids: &[FlexibleIpId], condition: Condition, total: u64) -> Call {
    world.start(wait_flow(ids, condition, within(total)), Millis(total))
}

/// Begins to attach these flexible IPs, and does not wait.
fn attach(world: &mut World, ids: &[FlexibleIpId]) {
    let server = world.add_server();
    for id in ids {
        world.request(
            "POST",
            "/attach",
            json!({ "fips_ids": [id.to_string()], "server_id": server }),
        );
    }
}

fn reason(error: Error) -> WaitFailureReason {
    match error {
        Error::WaitFailure(failure) => failure.reason,
        other => panic!("a wait failure was expected, not {other:?}"),
    }
}

#[test]
fn a_wait_for_an_ip_at_rest_costs_one_poll_at_once() {
    let mut world = World::recorded(1);
    let id = world.create_ip(None);
    let call = wait(&mut world, &[id], Condition::Rest, 60_000);
    world.finish(call).unwrap();
    assert_eq!((world.sent(call).len(), world.took(call)), (1, 20));
    assert_eq!(world.sent(call)[0].at, 0);
    assert_eq!(world.bodies(call)[0].text("status"), Some("ready"));
}

#[test]
fn a_wait_ends_at_most_a_twentieth_late() {
    for seed in 0..60 {
        let mut world = World::recorded(seed);
        world.latency = 0;
        let id = world.create_ip(None);
        attach(&mut world, &[id]);
        let due = world.emulator.next_transition_at().unwrap().since(world.timestamp()).0;
        let call = wait(&mut world, &[id], Condition::Rest, 300_000);
        world.finish(call).unwrap();
        let late = world.took(call) - due;
        assert!(late <= (due / 20).max(100), "seed {seed}: {late} ms after {due} ms");
        assert!(world.sent(call).len() < 70, "{}", world.sent(call).len());
    }
}

#[test]
fn several_ips_are_polled_with_one_list_request() {
    let mut world = World::recorded(5);
    let ids: Vec<FlexibleIpId> = (0..20).map(|_| world.create_ip(None)).collect();
    attach(&mut world, &ids);
    let call = wait(&mut world, &ids, Condition::Rest, 600_000);
    world.finish(call).unwrap();
    let sent = world.sent(call);
    assert!(sent.iter().all(|sent| sent.operation.name() == "listFlexibleIPs"));
    assert!(sent.windows(2).all(|pair| pair[0].at < pair[1].at), "two polls at the same time");
    let is_attached = |ip: &flexip::wire::value::Value| ip.text("status") == Some("attached");
    assert!(world.bodies(call).iter().all(is_attached));
    assert_eq!(world.bodies(call).len(), ids.len());
}

#[test]
fn polls_that_fail_are_events_and_do_not_end_the_wait() {
    let mut world = World::recorded(2);
    let ids = [world.create_ip(None), world.create_ip(None)];
    attach(&mut world, &ids);
    world.network.share = 0.7;
    let call = wait(&mut world, &ids, Condition::Rest, 3_600_000);
    world.finish(call).unwrap();
    assert!(world.events(call).iter().any(|event| matches!(event, Event::PollFailed { .. })));
}

#[test]
fn a_transition_of_the_mac_address_is_waited_for() {
    let id = FlexibleIpId::parse("7c715b98-e683-493a-9e62-109d684e4348").unwrap();
    for (status, is_done) in
        [("updating", false), ("deleting", false), ("ready", true), ("used", true)]
    {
        let mut machine = wait_flow(&[id], Condition::Rest, policy());
        let commands = machine.on(Input::Started, Millis(0));
        let Some(Command::Send(sent)) = commands.first() else { panic!("{commands:?}") };
        let mac = json!({ "id": id.to_string(), "status": status });
        let server = id.to_string();
        let ip = json!({ "id": id.to_string(), "status": "attached", "server_id": server, "mac_address": mac });
        let body = Body::Json(ip.into());
        let response = Response { status: 200, headers: ResponseHeaders::default(), body };
        let responded = Input::Responded { tag: sent.tag, outcome: Ok(response) };
        let commands = machine.on(responded, Millis(20));
        let done = commands.iter().any(|command| matches!(command, Command::Done(Ok(_))));
        assert_eq!(done, is_done, "{status}");
    }
}

#[test]
fn a_stuck_ip_ends_the_wait_with_its_last_state() {
    for (status, word) in [(Status::Error, "error"), (Status::Locked, "locked")] {
        let mut world = World::recorded(1);
        let id = world.create_ip(None);
        attach(&mut world, &[id]);
        let call = wait(&mut world, &[id], Condition::Rest, 60_000);
        world.after(1_000, move |world| {
            let now = world.timestamp();
            assert!(world.emulator.force_status(id, status, now));
        });
        let outcome = world.finish(call);
        let last = outcome.as_ref().unwrap_err().last.unwrap();
        assert_eq!(world.body(call, last).text("status"), Some(word));
        assert_eq!(reason(error(outcome)), WaitFailureReason::Stuck(word.to_owned()));
    }
}

#[test]
fn a_deleted_ip_ends_a_wait_for_deletion_and_fails_a_wait_for_rest() {
    let mut world = World::recorded(1);
    let server = world.add_server();
    let ids = [world.create_ip(Some(&server)), world.create_ip(Some(&server))];
    for id in ids {
        world.request("DELETE", &format!("/{id}"), json!(null));
    }
    let gone = wait(&mut world, &ids, Condition::Gone, 60_000);
    let rest = wait(&mut world, &ids[..1], Condition::Rest, 60_000);
    assert_eq!(world.finish(gone).unwrap().outcome, Outcome::Nothing);
    assert!(world.took(gone) >= 5_000, "{}", world.took(gone));
    let outcome = world.finish(rest);
    assert!(matches!(reason(error(outcome)), WaitFailureReason::Gone(_)));
}

#[test]
fn a_wait_ends_at_its_deadline_with_the_last_state() {
    for total in [1, 500, 2_000, 61_000] {
        let mut world = World::recorded(1);
        world.latency = if total == 1 { 0 } else { 10 };
        let id = world.create_ip(None);
        let now = world.timestamp();
        assert!(world.emulator.force_status(id, Status::Updating, now));
        let call = wait(&mut world, &[id], Condition::Rest, total);
        let outcome = world.finish(call);
        assert!(world.took(call) <= total + 1, "{} of {total}", world.took(call));
        let last = outcome.as_ref().unwrap_err().last.unwrap();
        assert_eq!(world.body(call, last).text("status"), Some("updating"));
        assert!(
            matches!(reason(error(outcome)), WaitFailureReason::TimedOut(_, Some(status)) if status == "updating")
        );
    }
}

#[test]
fn a_wait_whose_polls_all_fail_ends_at_its_deadline() {
    let mut world = World::recorded(1);
    let ids = [world.create_ip(None), world.create_ip(None)];
    world.network.next = vec![Some(Trouble::RequestLost); 5_000];
    let call = wait(&mut world, &ids, Condition::Rest, 90_000);
    let outcome = world.finish(call);
    assert!(world.took(call) <= 90_001, "{}", world.took(call));
    assert!(matches!(reason(error(outcome)), WaitFailureReason::TimedOut(_, None)));
}

#[test]
fn an_abort_ends_a_sleeping_wait_at_once() {
    let mut world = World::recorded(1);
    let id = world.create_ip(None);
    attach(&mut world, &[id]);
    let call = wait(&mut world, &[id], Condition::Rest, 60_000);
    world.after(101, move |world| world.input(call, Input::Aborted));
    assert_eq!(error(world.finish(call)), Error::Aborted);
    assert_eq!(world.took(call), 101);
}
