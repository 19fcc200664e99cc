//! Waits for what takes its time.

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
use crate::support::scenario::{error, policy, waiting, within};
use crate::support::world::{Call, World};

fn wait(world: &mut World, ids: &[FlexibleIpId], until: Condition, total: u64) -> Call {
    world.start(waiting(ids, until, within(total)), Millis(total))
}

/// Begins to attach these, and does not wait.
fn attach(world: &mut World, ids: &[FlexibleIpId]) {
    let server = world.server();
    for id in ids {
        world.order(
            "POST",
            "/attach",
            json!({ "fips_ids": [id.to_string()], "server_id": server }),
        );
    }
}

fn why(error: Error) -> WaitFailureReason {
    match error {
        Error::WaitFailure(waited) => waited.reason,
        other => panic!("a wait's end was expected, not {other:?}"),
    }
}

#[test]
fn what_is_at_rest_costs_one_look_at_once() {
    let mut world = World::recorded(1);
    let id = world.ip(None);
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
        let id = world.ip(None);
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
fn many_are_looked_at_with_one_list_request() {
    let mut world = World::recorded(5);
    let ids: Vec<FlexibleIpId> = (0..20).map(|_| world.ip(None)).collect();
    attach(&mut world, &ids);
    let call = wait(&mut world, &ids, Condition::Rest, 600_000);
    world.finish(call).unwrap();
    let sent = world.sent(call);
    assert!(sent.iter().all(|sent| sent.operation.name() == "listFlexibleIPs"));
    assert!(sent.windows(2).all(|pair| pair[0].at < pair[1].at), "two polls at one moment");
    let attached = |ip: &flexip::wire::value::Value| ip.text("status") == Some("attached");
    assert!(world.bodies(call).iter().all(attached));
    assert_eq!(world.bodies(call).len(), ids.len());
}

#[test]
fn looks_that_fail_are_told_of_and_are_not_the_end() {
    let mut world = World::recorded(2);
    let ids = [world.ip(None), world.ip(None)];
    attach(&mut world, &ids);
    world.network.share = 0.7;
    let call = wait(&mut world, &ids, Condition::Rest, 3_600_000);
    world.finish(call).unwrap();
    assert!(world.events(call).iter().any(|event| matches!(event, Event::PollFailed { .. })));
}

#[test]
fn a_mac_that_is_still_written_or_taken_away_is_not_done() {
    let id = FlexibleIpId::parse("7c715b98-e683-493a-9e62-109d684e4348").unwrap();
    for (status, is_done) in
        [("updating", false), ("deleting", false), ("ready", true), ("used", true)]
    {
        let mut machine = waiting(&[id], Condition::Rest, policy());
        let commands = machine.on(Input::Started, Millis(0));
        let Some(Command::Send(sending)) = commands.first() else { panic!("{commands:?}") };
        let mac = json!({ "id": id.to_string(), "status": status });
        let ip = json!({ "id": id.to_string(), "status": "attached", "mac_address": mac });
        let body = Body::Json(ip.into());
        let answer = Response { status: 200, headers: ResponseHeaders::default(), body };
        let answered = Input::Responded { tag: sending.tag, outcome: Ok(answer) };
        let commands = machine.on(answered, Millis(20));
        let done = commands.iter().any(|step| matches!(step, Command::Done(Ok(_))));
        assert_eq!(done, is_done, "{status}");
    }
}

#[test]
fn what_is_stuck_ends_the_wait_with_what_was_seen() {
    for (status, word) in [(Status::Error, "error"), (Status::Locked, "locked")] {
        let mut world = World::recorded(1);
        let id = world.ip(None);
        attach(&mut world, &[id]);
        let call = wait(&mut world, &[id], Condition::Rest, 60_000);
        world.after(1_000, move |world| {
            let now = world.timestamp();
            assert!(world.emulator.force_status(id, status, now));
        });
        let outcome = world.finish(call);
        let last = outcome.as_ref().unwrap_err().last.unwrap();
        assert_eq!(world.body(call, last).text("status"), Some(word));
        assert_eq!(why(error(outcome)), WaitFailureReason::Stuck(word.to_owned()));
    }
}

#[test]
fn who_waits_for_the_end_is_done_when_it_is_gone_and_who_waits_for_rest_is_not() {
    let mut world = World::recorded(1);
    let server = world.server();
    let ids = [world.ip(Some(&server)), world.ip(Some(&server))];
    for id in ids {
        world.order("DELETE", &format!("/{id}"), json!(null));
    }
    let gone = wait(&mut world, &ids, Condition::Gone, 60_000);
    let rest = wait(&mut world, &ids[..1], Condition::Rest, 60_000);
    assert_eq!(world.finish(gone).unwrap().found, Outcome::Nothing);
    assert!(world.took(gone) >= 5_000, "{}", world.took(gone));
    let outcome = world.finish(rest);
    assert!(matches!(why(error(outcome)), WaitFailureReason::Gone(_)));
}

#[test]
fn a_wait_whose_time_is_up_says_what_it_saw_last_and_not_later_than_that() {
    for total in [1, 500, 2_000, 61_000] {
        let mut world = World::recorded(1);
        world.latency = if total == 1 { 0 } else { 10 };
        let id = world.ip(None);
        let now = world.timestamp();
        assert!(world.emulator.force_status(id, Status::Updating, now));
        let call = wait(&mut world, &[id], Condition::Rest, total);
        let outcome = world.finish(call);
        assert!(world.took(call) <= total + 1, "{} of {total}", world.took(call));
        let last = outcome.as_ref().unwrap_err().last.unwrap();
        assert_eq!(world.body(call, last).text("status"), Some("updating"));
        assert!(
            matches!(why(error(outcome)), WaitFailureReason::TimedOut(_, Some(status)) if status == "updating")
        );
    }
}

#[test]
fn a_wait_that_never_sees_anything_ends_in_time() {
    let mut world = World::recorded(1);
    let ids = [world.ip(None), world.ip(None)];
    world.network.next = vec![Some(Trouble::LostBefore); 5_000];
    let call = wait(&mut world, &ids, Condition::Rest, 90_000);
    let outcome = world.finish(call);
    assert!(world.took(call) <= 90_001, "{}", world.took(call));
    assert!(matches!(why(error(outcome)), WaitFailureReason::TimedOut(_, None)));
}

#[test]
fn an_abort_ends_a_sleeping_wait_at_once() {
    let mut world = World::recorded(1);
    let id = world.ip(None);
    attach(&mut world, &[id]);
    let call = wait(&mut world, &[id], Condition::Rest, 60_000);
    world.after(101, move |world| world.input(call, Input::Aborted));
    assert_eq!(error(world.finish(call)), Error::Aborted);
    assert_eq!(world.took(call), 101);
}
