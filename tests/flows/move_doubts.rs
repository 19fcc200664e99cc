//! Moves whose steps are answered late, refused or lost, while other programs change the same flexible
//! IPs.

use flexip::error::{Error, WaitFailureReason};
use flexip::flow::{CallFailure, Event, SendRequest};
use flexip::model::time::Millis;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::route::Operation;
use serde_json::{Value as Json, json};

use crate::play::{
    Answer, ID, OTHER_ID, OTHER_SERVER, PROJECT, Played, SERVER, is_list, json_of, list_of,
    play_with_abort,
};
use crate::support::scenario::{failover_flow, within};

const THIRD_SERVER: &str = "11111111-e683-493a-9e62-109d684e4350";
const MAC: &str = "33333333-e683-493a-9e62-109d684e4348";

/// A flexible IP with this id. With a virtual MAC address if `has_mac`.
fn ip(id: &str, status: &str, server: Option<&str>, has_mac: bool) -> Json {
    let mac_status = if server.is_some() { "used" } else { "ready" };
    let mac = has_mac.then(|| json!({ "id": MAC, "status": mac_status }));
    json!({ "id": id, "project_id": PROJECT, "status": status, "server_id": server,
        "zone": "fr-par-1", "mac_address": mac })
}

/// Answers a read with these flexible IPs, the first of which is `ID`.
fn read(request: &SendRequest, ips: &[Json]) -> Answer {
    match is_list(request) {
        true => list_of(ips.len() as u32, ips),
        false => json_of(200, ips[0].clone()),
    }
}

fn on(server: &str) -> [Json; 1] {
    [ip(ID, "attached", Some(server), false)]
}

fn on_none() -> [Json; 1] {
    [ip(ID, "ready", None, false)]
}

/// Plays a failover from `SERVER` to `OTHER_SERVER`, which exists.
fn failover(total: u64, answer: impl FnMut(&SendRequest, u64) -> Answer) -> Played {
    failover_with_abort(total, None, answer)
}

/// The same, with an abort at this time.
fn failover_with_abort(
    total: u64,
    abort_at: Option<u64>,
    mut answer: impl FnMut(&SendRequest, u64) -> Answer,
) -> Played {
    let request = json!({ "fromServerId": SERVER, "toServerId": OTHER_SERVER });
    play_with_abort(failover_flow(request, within(total)), abort_at, move |request, now| {
        match request.request.path.starts_with("/baremetal/") {
            true => json_of(200, json!({ "id": OTHER_SERVER, "status": "ready" })),
            false => answer(request, now),
        }
    })
}

/// A refusal, and its code.
type Refusal = (fn() -> Answer, &'static str);

fn transient() -> Answer {
    json_of(
        409,
        json!({ "type": "transient_state", "message": "resource is in a transient state" }),
    )
}

fn unusable() -> Answer {
    json_of(412, json!({ "type": "precondition_failed", "precondition": "resource_not_usable" }))
}

fn too_many(seconds: u64) -> Answer {
    let mut answer = json_of(429, json!({ "message": "too many requests" }));
    if let Ok(response) = &mut answer {
        let retry_after = Some(Millis(seconds * 1_000));
        response.headers = ResponseHeaders { retry_after, ..ResponseHeaders::default() };
    }
    answer
}

fn times_of(played: &Played, part: &str) -> Vec<u64> {
    let sent = played.sent.iter().filter(|(_, target, _)| target.contains(part));
    sent.map(|(at, ..)| *at).collect()
}

fn failure(played: Played) -> Box<CallFailure> {
    played.outcome.expect_err("a failure was expected")
}

#[test]
fn a_refused_attach_is_not_repeated_before_a_poll_has_shown_where_the_group_is() {
    let (mut is_detached, mut is_taken) = (false, false);
    let played = failover(600_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        // Another program was faster.
        Operation::AttachFlexibleIp => {
            is_taken = true;
            transient()
        }
        _ if is_taken => read(request, &on(THIRD_SERVER)),
        _ if is_detached => read(request, &on_none()),
        _ => read(request, &on(SERVER)),
    });
    assert_eq!(times_of(&played, "/attach").len(), 1);
    let failed = failure(played);
    let error = failed.moves[0].failure.as_ref().unwrap().error.to_string();
    assert!(error.contains(THIRD_SERVER), "{error}");
}

#[test]
fn a_step_that_is_throttled_is_repeated_after_the_time_that_the_service_asks_for() {
    let (mut is_detached, mut attaches) = (false, 0);
    let played = failover(600_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        Operation::AttachFlexibleIp => {
            attaches += 1;
            if attaches < 7 { too_many(20) } else { json_of(200, json!({})) }
        }
        _ if attaches == 7 => read(request, &on(OTHER_SERVER)),
        _ if is_detached => read(request, &on_none()),
        _ => read(request, &on(SERVER)),
    });
    let times = times_of(&played, "/attach");
    assert_eq!(times.len(), 7);
    assert!(
        times.windows(2).all(|pair| (20_000..25_000).contains(&(pair[1] - pair[0]))),
        "{times:?}"
    );
    assert!(played.outcome.is_ok());
}

#[test]
fn a_group_that_went_back_is_not_believed_to_stay_while_a_lost_attach_can_still_be_done() {
    let (mut is_detached, mut attaches, mut returned_at) = (false, 0, None);
    let played = failover(600_000, |request, now| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        Operation::AttachFlexibleIp => {
            attaches += 1;
            match attaches {
                // The service does this one later.
                1 => Err(Error::Timeout(Millis(10))),
                2 => unusable(),
                _ => {
                    returned_at = Some(now);
                    json_of(200, json!({}))
                }
            }
        }
        _ => match returned_at {
            Some(at) if now > at + 5_000 => read(request, &on(OTHER_SERVER)),
            Some(_) => read(request, &on(SERVER)),
            None if is_detached => read(request, &on_none()),
            None => read(request, &on(SERVER)),
        },
    });
    assert!(played.outcome.is_ok(), "{:?}", played.outcome);
}

#[test]
fn a_move_that_ran_out_of_time_names_its_last_failed_poll_as_the_cause() {
    let mut is_detached = false;
    let played = failover(30_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        _ if is_detached => json_of(503, json!({ "message": "no" })),
        _ => read(request, &on(SERVER)),
    });
    let failed = failure(played);
    let state = &failed.moves[0];
    let waited = state.failure.as_ref().unwrap();
    assert!(
        matches!(&waited.error, Error::WaitFailure(wait) if matches!(wait.reason, WaitFailureReason::TimedOut(..))),
        "{waited:?}"
    );
    let cause = state.cause.as_ref().expect("a cause");
    assert!(matches!(&cause.error, Error::Refused(refused) if refused.status == 503), "{cause:?}");
    assert_eq!(cause.request.as_ref().unwrap().0, "GET");
    assert!(state.exchange.is_some());
}

/// Plays a failover of 10 s whose attaches are refused so: all, or those to the target.
fn refused_failover(only_to_target: bool, refusal: fn() -> Answer) -> Played {
    let (mut is_detached, mut is_back) = (false, false);
    failover(10_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        Operation::AttachFlexibleIp => {
            let body = request.request.body.clone().unwrap_or_default();
            is_back = only_to_target && body.contains(SERVER);
            if is_back { json_of(200, json!({})) } else { refusal() }
        }
        _ if is_detached && !is_back => read(request, &on_none()),
        _ => read(request, &on(SERVER)),
    })
}

#[test]
fn a_move_that_ran_out_of_time_names_the_refusal_of_its_last_step_as_the_cause() {
    let unavailable = || json_of(503, json!({ "message": "no healthy upstream" }));
    let throttled = || json_of(429, json!({ "message": "too many requests" }));
    for (refusal, status) in [(throttled as fn() -> Answer, 429), (unavailable, 503)] {
        let failed = failure(refused_failover(false, refusal));
        let state = &failed.moves[0];
        assert!(matches!(state.failure.as_ref().unwrap().error, Error::WaitFailure(_)));
        let cause = state.cause.as_ref().expect("a cause");
        assert!(matches!(&cause.error, Error::Refused(refused) if refused.status == status));
        assert!(cause.request.as_ref().unwrap().1.ends_with("/attach"), "{cause:?}");
        assert!(state.exchange.is_some());
        let message = failed.failure.error.to_string();
        assert!(message.contains(&cause.error.to_string()), "{message}");
    }
}

#[test]
fn nothing_is_detached_that_could_not_be_attached_back_before_the_deadline() {
    // A quarter of the time is left for the way back.
    for (total, wait) in [(40_000, 32), (12_000, 10)] {
        let mut detaches = 0;
        let played = failover(total, |request, now| match request.operation {
            Operation::DetachFlexibleIp => {
                detaches += 1;
                assert_eq!(detaches, 1, "detached again at {now} of {total} ms");
                too_many(wait)
            }
            _ => read(request, &on(SERVER)),
        });
        assert_eq!(detaches, 1);
        let failed = failure(played);
        let cause = failed.moves[0].cause.as_ref().expect("a cause");
        assert!(matches!(&cause.error, Error::Refused(refused) if refused.status == 429));
    }
}

#[test]
fn a_refusal_of_the_target_that_can_pass_leaves_time_to_go_back_before_the_deadline() {
    let denied = || json_of(403, json!({ "type": "permissions_denied", "details": [] }));
    let conflict = || json_of(409, json!({ "type": "conflict", "message": "in use" }));
    let refusals: [Refusal; 3] =
        [(denied, "permissions_denied"), (conflict, "conflict"), (transient, "transient_state")];
    for ((refusal, code), can_return) in refusals.iter().flat_map(|one| [(one, true), (one, false)])
    {
        let played = refused_failover(can_return, *refusal);
        assert!(played.at <= 10_000, "{code}: {}", played.at);
        let attaches = times_of(&played, "/attach");
        assert!(attaches.iter().any(|at| *at > 5_000), "{code}: {attaches:?}");
        let failed = failure(played);
        let state = &failed.moves[0];
        assert_eq!((state.returned, state.arrived), (can_return, false), "{code}");
        assert_eq!(state.failure.as_ref().unwrap().error.code(), *code);
        assert!(state.exchange.is_some());
    }
}

#[test]
fn a_refusal_of_the_way_back_is_repeated_and_one_that_stays_ends_the_move() {
    for (refusals, returned) in [(1, true), (usize::MAX, false)] {
        let (mut is_detached, mut is_back, mut refused) = (false, false, 0);
        let played = failover(60_000, |request, _| match request.operation {
            Operation::DetachFlexibleIp => {
                is_detached = true;
                json_of(200, json!({}))
            }
            Operation::AttachFlexibleIp => {
                let body = request.request.body.clone().unwrap_or_default();
                if !body.contains(SERVER) {
                    return unusable();
                }
                refused += 1;
                is_back = refused > refusals;
                if is_back { json_of(200, json!({})) } else { unusable() }
            }
            _ if is_detached && !is_back => read(request, &on_none()),
            _ => read(request, &on(SERVER)),
        });
        assert!(played.at < 20_000, "{}", played.at);
        assert_eq!(failure(played).moves[0].returned, returned);
        assert!(refused == if returned { 2 } else { 4 }, "{refused}");
    }
}

#[test]
fn an_abort_during_the_way_back_names_the_refusal_of_the_target() {
    for abort_at in (0..4_000).step_by(50) {
        let (mut is_detached, mut refused_at) = (false, None);
        let played =
            failover_with_abort(60_000, Some(abort_at), |request, now| match request.operation {
                Operation::DetachFlexibleIp => {
                    is_detached = true;
                    json_of(200, json!({}))
                }
                Operation::AttachFlexibleIp => {
                    let is_back = request.request.body.clone().unwrap_or_default().contains(SERVER);
                    refused_at.get_or_insert(now);
                    if is_back { transient() } else { unusable() }
                }
                _ if is_detached => read(request, &on_none()),
                _ => read(request, &on(SERVER)),
            });
        let has_answer = refused_at.is_some_and(|at| at + 10 <= abort_at);
        assert!(has_answer || abort_at < 2_000, "no attach before {abort_at} ms");
        let failed = failure(played);
        let named = failed.moves.first().and_then(|state| state.failure.as_ref());
        assert_eq!(
            named.map(|failure| failure.error.code()),
            has_answer.then_some("precondition_failed"),
            "{abort_at}"
        );
    }
}

#[test]
fn a_mac_group_that_another_ip_has_joined_is_not_attached_without_it() {
    let mut is_detached = false;
    let played = failover(120_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        _ if is_detached => {
            let joined = ip(OTHER_ID, "attached", Some(SERVER), true);
            read(request, &[ip(ID, "ready", None, true), joined])
        }
        _ => read(request, &[ip(ID, "attached", Some(SERVER), true)]),
    });
    assert_eq!(times_of(&played, "/attach"), Vec::<u64>::new());
    let failed = failure(played);
    let Error::WaitFailure(wait) = &failed.moves[0].failure.as_ref().unwrap().error else {
        panic!("{failed:?}")
    };
    assert_eq!(wait.id.to_string(), OTHER_ID);
    assert!(matches!(wait.reason, WaitFailureReason::Disagreement(_)));
}

#[test]
fn a_group_that_the_target_refused_and_a_third_server_has_is_not_in_the_request_that_goes_on() {
    let (mut is_detached, mut is_refused) = (false, false);
    let played = failover(600_000, |request, _| {
        let pair = |status: &str, server: Option<&str>| {
            [ip(ID, status, server, true), ip(OTHER_ID, status, server, true)]
        };
        match request.operation {
            Operation::DetachFlexibleIp => {
                is_detached = true;
                json_of(200, json!({}))
            }
            Operation::AttachFlexibleIp => {
                is_refused = true;
                unusable()
            }
            _ if is_refused => read(request, &pair("attached", Some(THIRD_SERVER))),
            _ if is_detached => read(request, &pair("ready", None)),
            _ => read(request, &pair("attached", Some(SERVER))),
        }
    });
    let failed = failure(played);
    assert!(failed.moves.iter().all(|state| !state.arrived && !state.returned));
    assert_eq!(failed.resume, None);
}

#[test]
fn an_attach_that_was_only_ever_refused_is_no_doubt_and_the_group_goes_back() {
    for refusal in [transient, || too_many(1)] {
        let (mut is_detached, mut is_back) = (false, false);
        let played = failover(600_000, |request, _| match request.operation {
            Operation::DetachFlexibleIp => {
                is_detached = true;
                json_of(200, json!({}))
            }
            Operation::AttachFlexibleIp => {
                let body = request.request.body.clone().unwrap_or_default();
                is_back = body.contains(SERVER);
                if is_back { json_of(200, json!({})) } else { refusal() }
            }
            _ if is_back => read(request, &on(SERVER)),
            _ if is_detached => read(request, &on_none()),
            _ => read(request, &on(SERVER)),
        });
        let failed = failure(played);
        let state = &failed.moves[0];
        let error = &state.failure.as_ref().unwrap().error;
        assert!(matches!(error, Error::Refused(_)), "{error}");
        assert!(state.returned && !state.arrived);
    }
}

#[test]
fn a_poll_that_fails_in_part_does_not_make_a_move_forget_the_members_of_a_mac_group() {
    let (mut is_detached, mut polls) = (false, 0);
    // The zone has more than one page. The second shows the flexible IP that joins.
    let page = |ips: &[Json]| list_of(101, ips);
    let played = failover(90_000, |request, _| {
        let target = request.request.target();
        match request.operation {
            Operation::DetachFlexibleIp => {
                is_detached = true;
                json_of(200, json!({}))
            }
            Operation::AttachFlexibleIp => json_of(200, json!({})),
            _ if !is_detached && target.contains("page=2") => {
                page(&[ip(OTHER_ID, "attached", Some(SERVER), false)])
            }
            _ if !is_detached => page(&[ip(ID, "attached", Some(SERVER), true)]),
            _ if target.contains("page=2") => {
                polls += 1;
                match polls {
                    1..4 => page(&[ip(OTHER_ID, "attached", Some(SERVER), true)]),
                    _ => json_of(503, json!({ "message": "no" })),
                }
            }
            _ => page(&[ip(ID, "ready", None, true)]),
        }
    });
    assert_eq!(times_of(&played, "/attach"), Vec::<u64>::new());
}

#[test]
fn groups_of_a_move_that_come_to_share_a_mac_address_move_together() {
    let (mut is_detached, mut attached) = (false, Vec::new());
    let played = failover(90_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => {
            is_detached = true;
            json_of(200, json!({}))
        }
        Operation::AttachFlexibleIp => {
            attached.push(request.request.body.clone().unwrap_or_default());
            json_of(200, json!({}))
        }
        _ => {
            let server = if attached.is_empty() { SERVER } else { OTHER_SERVER };
            let (status, server) = match is_detached && attached.is_empty() {
                true => ("ready", None),
                false => ("attached", Some(server)),
            };
            read(
                request,
                &[ip(ID, status, server, true), ip(OTHER_ID, status, server, is_detached)],
            )
        }
    });
    assert!(played.outcome.is_ok(), "{:?}", played.outcome);
    assert_eq!(attached.len(), 1);
    assert!(attached[0].contains(ID) && attached[0].contains(OTHER_ID), "{attached:?}");
}

/// Fails over two flexible IPs within five seconds. The first one is ready at the last poll, the second
/// one stays on its way.
fn late_failover(is_second_there: bool) -> Played {
    let (mut detached, mut is_attached) = (0, false);
    failover(5_000, |request, now| match request.operation {
        Operation::DetachFlexibleIp => {
            detached += 1;
            json_of(200, json!({}))
        }
        Operation::AttachFlexibleIp => {
            is_attached = true;
            json_of(200, json!({}))
        }
        _ => {
            let is_leaving = detached > 0 && now < 3_990;
            let first = match (detached > 0, is_attached) {
                (false, _) => ip(ID, "attached", Some(SERVER), false),
                (true, false) if is_leaving => ip(ID, "detaching", Some(SERVER), false),
                (true, false) => ip(ID, "ready", None, false),
                (true, true) => ip(ID, "attached", Some(OTHER_SERVER), false),
            };
            let status = if detached > 0 { "detaching" } else { "attached" };
            let second = ip(OTHER_ID, status, Some(SERVER), false);
            let ips = if is_second_there { vec![first, second] } else { vec![first] };
            match ips.iter().find(|ip| request.request.path.ends_with(ip["id"].as_str().unwrap())) {
                Some(ip) => json_of(200, ip.clone()),
                None => list_of(ips.len() as u32, &ips),
            }
        }
    })
}

#[test]
fn what_is_accepted_in_the_last_moments_is_polled_once_more() {
    let played = late_failover(false);
    assert_eq!(times_of(&played, "/attach").len(), 1);
    assert!(played.outcome.is_ok(), "{:?}", played.outcome);
    assert!(played.at < 5_000);
}

#[test]
fn a_group_that_stays_on_its_way_does_not_end_the_move_while_a_step_of_another_is_under_way() {
    let played = late_failover(true);
    let (steps, at) = (played.count("/attach") + played.count("/detach"), played.at);
    assert_eq!((played.count("/attach"), at < 5_000), (1, true));
    let failed = failure(played);
    assert_eq!(failed.failure.attempts as usize, steps);
    let arrived = failed.moves.iter().find(|step| step.arrived);
    assert!(arrived.is_some_and(|step| step.id.to_string() == ID), "{:?}", failed.moves);
}

#[test]
fn nothing_leaves_its_server_in_the_last_moments_of_a_move() {
    let played = failover(5_000, |request, now| match request.operation {
        Operation::DetachFlexibleIp | Operation::AttachFlexibleIp => json_of(200, json!({})),
        _ => {
            let status = if now < 3_990 { "updating" } else { "attached" };
            read(request, &[ip(ID, status, Some(SERVER), false)])
        }
    });
    assert_eq!(played.count("POST"), 0);
    failure(played);
}

#[test]
fn a_step_that_will_be_sent_again_says_so_and_counts_its_attempts() {
    let refusals = [too_many(2), transient()];
    let mut attempts = Vec::new();
    let played = failover(600_000, |request, _| {
        if request.operation == Operation::DetachFlexibleIp {
            attempts.push(request.attempt);
            let refusal = refusals.get(attempts.len() - 1);
            return refusal.cloned().unwrap_or_else(|| list_of(1, &on(SERVER)));
        }
        if request.operation == Operation::AttachFlexibleIp {
            attempts.push(request.attempt);
            return list_of(1, &on_none());
        }
        match attempts.len() {
            ..3 => read(request, &on(SERVER)),
            3 => read(request, &on_none()),
            _ => read(request, &on(OTHER_SERVER)),
        }
    });
    assert!(played.outcome.is_ok());
    assert_eq!(attempts, [1, 2, 3, 1]);
    let is_poll_failed = |event: &Event| matches!(event, Event::PollFailed { .. });
    assert!(!played.events.iter().any(is_poll_failed));
    let retry = |event: &Event| match event {
        Event::Retry { operation, attempts, delay, error } => {
            Some((*operation, *attempts, delay.0, error.code()))
        }
        _ => None,
    };
    let retries: Vec<_> = played.events.iter().filter_map(retry).collect();
    let [first, second] = retries.as_slice() else { panic!("{retries:?}") };
    assert_eq!(*first, (Operation::DetachFlexibleIp, 1, 2_000, "too_many_requests"));
    assert_eq!((second.0, second.1, second.3), (Operation::DetachFlexibleIp, 2, "transient_state"));
    let detaches = times_of(&played, "/detach");
    assert!(detaches[1] >= detaches[0] + 2_000);
    assert!(detaches[2] >= detaches[1] + second.2);
}

#[test]
fn a_step_that_no_time_is_left_for_announces_no_retry() {
    let played = failover(10_000, |request, _| match request.operation {
        Operation::DetachFlexibleIp => too_many(60),
        _ => read(request, &on(SERVER)),
    });
    assert!(played.error().contains("too many requests"), "{}", played.error());
    assert_eq!(played.count("/detach"), 1);
    assert!(!played.events.iter().any(|event| matches!(event, Event::Retry { .. })));
    assert!(played.events.iter().any(|event| matches!(event, Event::PollFailed { .. })));
}
