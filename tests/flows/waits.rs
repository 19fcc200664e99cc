//! Waits for transitions.

use flexip::error::{Error, WaitFailureReason};
use flexip::flow::response::{Body, Response};
use flexip::flow::wait::Condition;
use flexip::flow::{Command, Event, Input, Machine, Outcome};
use flexip::model::id::{FlexibleIpId, ServerId};
use flexip::model::status::Status;
use flexip::model::time::Millis;
use flexip::wire::http::ResponseHeaders;
use serde_json::json;

use crate::play::{
    ID, OTHER_ID, OTHER_SERVER, SERVER, denied, ip_of, is_list, json_of, list_of, play, text_of,
};
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
            assert!(world.emulator.force_status(id, status, now).unwrap());
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
        assert!(world.emulator.force_status(id, Status::Updating, now).unwrap());
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

fn id() -> FlexibleIpId {
    FlexibleIpId::parse(ID).unwrap()
}

fn rest(total: u64) -> flexip::flow::wait::WaitFlow {
    wait_flow(&[id()], Condition::Rest, within(total))
}

/// A wait for rest on `SERVER`.
fn rest_on_server(total: u64) -> flexip::flow::wait::WaitFlow {
    let condition = Condition::RestOn(ServerId::parse(SERVER).unwrap());
    wait_flow(&[id()], condition, within(total))
}

#[test]
fn a_status_that_this_version_does_not_know_is_not_rest() {
    let with_mac = |status: &str| {
        let mut ip = ip_of("attached", Some(SERVER));
        ip["mac_address"] = json!({ "id": ID, "status": status });
        ip
    };
    for ip in [
        ip_of("provisioning", None),
        ip_of("unknown", None),
        ip_of("", None),
        with_mac("migrating"),
        with_mac("unknown"),
    ] {
        let played = play(rest(700), |_, _| json_of(200, ip.clone()));
        assert!(played.error().contains("is still"), "{ip}: {}", played.error());
    }
}

#[test]
fn a_status_that_disagrees_with_the_server_is_not_rest() {
    for torn in [ip_of("attached", None), ip_of("ready", Some(SERVER))] {
        let played = play(rest(60_000), |_, now| match now {
            ..2_000 => json_of(200, torn.clone()),
            _ => json_of(200, ip_of("attached", Some(SERVER))),
        });
        assert!(played.outcome.is_ok() && played.at >= 2_000, "{torn}");
    }
}

#[test]
fn bodies_that_are_not_a_flexible_ip_are_failed_polls() {
    let mut with_mac = ip_of("ready", None);
    with_mac["mac_address"] = json!("52:54:00:11:22:33");
    let mut without_status = ip_of("ready", None);
    without_status["status"] = json!(null);
    let mut with_number = ip_of("ready", None);
    with_number["status"] = json!(1);
    for body in [with_mac, without_status, with_number, json!([]), json!(null)] {
        let played = play(rest(60_000), |_, now| match now {
            ..2_000 => json_of(200, body.clone()),
            _ => json_of(200, ip_of("ready", None)),
        });
        assert!(played.outcome.is_ok() && played.at >= 2_000, "{body}");
        assert!(played.events.iter().any(|event| matches!(event, Event::PollFailed { .. })));
    }
}

#[test]
fn an_ip_at_rest_on_no_server_ends_a_wait_for_a_server_after_five_seconds() {
    let played = play(rest_on_server(60_000), |_, now| {
        json_of(200, ip_of(if now < 3_000 { "updating" } else { "ready" }, None))
    });
    let expected = format!("{ID} is at rest as ready on no server, not on server {SERVER}");
    assert_eq!(played.error(), expected);
    assert!((8_000..9_000).contains(&played.at), "{}", played.at);
    assert!(!played.outcome.unwrap_err().failure.error.is_retryable());
}

#[test]
fn an_ip_at_rest_on_another_server_ends_a_wait_for_a_server_after_five_seconds() {
    let played =
        play(rest_on_server(60_000), |_, _| json_of(200, ip_of("attached", Some(OTHER_SERVER))));
    let expected =
        format!("{ID} is at rest as attached on server {OTHER_SERVER}, not on server {SERVER}");
    assert_eq!(played.error(), expected);
    assert!((5_000..6_000).contains(&played.at), "{}", played.at);
}

#[test]
fn an_ip_that_leaves_its_rest_elsewhere_is_waited_for() {
    let played = play(rest_on_server(60_000), |_, now| {
        json_of(
            200,
            match now {
                ..4_000 => ip_of("ready", None),
                4_000..6_000 => ip_of("updating", None),
                6_000..10_000 => ip_of("ready", None),
                _ => ip_of("attached", Some(SERVER)),
            },
        )
    });
    assert!(played.outcome.is_ok(), "{:?}", played.outcome);
}

#[test]
fn a_wait_for_a_server_names_the_place_at_its_deadline() {
    for (total, status, expected) in [
        (2_000, "ready", "is at rest as ready on no server"),
        (2_000, "updating", "is still updating on no server"),
    ] {
        let played = play(rest_on_server(total), |_, _| json_of(200, ip_of(status, None)));
        assert!(played.error().contains(expected), "{}", played.error());
    }
}

#[test]
fn the_last_poll_begins_while_it_has_time_and_the_wait_ends_in_time() {
    for total in [4, 100, 1_000, 3_000, 20_000, 120_000] {
        let played = play(rest(total), |_, _| json_of(200, ip_of("updating", None)));
        let reserve = (total / 4).min(1_000);
        let has_time =
            |(at, _, timeout): &&(u64, String, u64)| *at + reserve <= total && *timeout >= reserve;
        let last = played.sent.iter().rfind(has_time).expect("no poll had time");
        assert!(last.0 + 2 * reserve + 100 >= total || total < 100, "{total}: {last:?}");
        assert_eq!(played.at, total);
        let least = played.sent.iter().map(|(_, _, timeout)| *timeout).min().unwrap();
        assert!(least >= reserve / 4, "{total}: {least}");
    }
}

#[test]
fn a_response_at_the_last_moment_counts() {
    for total in [1_000, 5_000, 60_000] {
        let reserve = (total / 4).min(1_000);
        let played = play(rest(total), |_, now| {
            json_of(200, ip_of(if now + reserve < total { "updating" } else { "ready" }, None))
        });
        assert!(played.outcome.is_ok(), "{total}: {:?}", played.outcome);
    }
}

#[test]
fn a_refused_read_does_not_fail_a_wait_for_an_ip_that_the_list_has() {
    let played = play(rest(60_000), |request, now| match is_list(request) {
        false => denied(),
        true if now < 2_000 => list_of(1, &[ip_of("updating", None)]),
        true => list_of(1, &[ip_of("ready", None)]),
    });
    assert!(played.outcome.is_ok(), "{:?}", played.outcome);
}

#[test]
fn a_foreign_page_is_a_failed_poll() {
    for status in [200, 302, 403, 404, 500] {
        let played = play(rest(60_000), |_, now| match now {
            ..2_000 => text_of(status, "<html>sign in</html>"),
            _ => json_of(200, ip_of("ready", None)),
        });
        assert!(played.outcome.is_ok() && played.at >= 2_000, "{status}: {:?}", played.outcome);
    }
}

#[test]
fn a_wait_whose_last_polls_fail_is_about_the_ip_that_was_not_at_rest() {
    let ids = [ID, OTHER_ID].map(|id| FlexibleIpId::parse(id).unwrap());
    let at_rest = ip_of("ready", None);
    let mut updating = ip_of("updating", None);
    updating["id"] = json!(OTHER_ID);
    let played = play(wait_flow(&ids, Condition::Rest, within(10_000)), |_, now| match now {
        0..5_000 => list_of(2, &[at_rest.clone(), updating.clone()]),
        _ => json_of(503, json!({ "message": "no" })),
    });
    let Error::WaitFailure(wait) = played.outcome.unwrap_err().failure.error else { panic!() };
    assert_eq!(wait.id.to_string(), OTHER_ID);
}
