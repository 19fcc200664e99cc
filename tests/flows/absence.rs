//! Waits whose polls are refused: what shows that a flexible IP is gone, and what does not.

use flexip::error::{Error, WaitFailureReason};
use flexip::flow::wait::{Condition, WaitFlow};
use flexip::flow::{Event, Outcome};
use flexip::model::id::FlexibleIpId;
use flexip::wire::http::ResponseHeaders;
use serde_json::json;

use crate::play::{
    Answer, ID, OTHER_ID, PROJECT, Played, denied, ip_of, is_list, json_of, list_of, play, text_of,
};
use crate::support::scenario::{wait_flow, within};

fn wait(condition: Condition, total: u64) -> WaitFlow {
    wait_flow(&[FlexibleIpId::parse(ID).unwrap()], condition, within(total))
}

#[track_caller]
fn is_gone(played: &Played) {
    assert_eq!(played.outcome.as_ref().unwrap().outcome, Outcome::Nothing);
}

#[track_caller]
fn reason(played: &Played) -> WaitFailureReason {
    match &played.outcome.as_ref().unwrap_err().failure.error {
        Error::WaitFailure(failure) => failure.reason.clone(),
        other => panic!("a wait failure was expected, not {other:?}"),
    }
}

#[test]
fn a_refused_read_of_an_ip_that_the_list_has_does_not_end_a_wait_for_deletion() {
    let played =
        play(wait(Condition::Gone, 60_000), |request, now| match (is_list(request), now) {
            (false, 200..) => denied(),
            (true, ..20_000) => list_of(1, &[ip_of("detaching", None)]),
            (true, _) => list_of(0, &[]),
            (false, _) => json_of(200, ip_of("detaching", None)),
        });
    is_gone(&played);
    assert!((20_000..23_000).contains(&played.at), "{}", played.at);
}

#[test]
fn a_list_that_fails_shows_no_absence() {
    for broken in [
        || text_of(502, "bad gateway"),
        || Err(Error::Connection("reset".to_owned())),
        || text_of(200, "<html>sign in</html>"),
        denied,
    ] {
        let played = play(wait(Condition::Gone, 60_000), |request, now| match is_list(request) {
            false => denied(),
            true if now < 20_000 => broken(),
            true => list_of(0, &[]),
        });
        is_gone(&played);
        assert!(played.at >= 20_000, "{}", played.at);
        assert!(played.events.iter().any(|event| matches!(event, Event::PollFailed { .. })));
    }
}

#[test]
fn a_list_that_is_not_whole_shows_no_absence() {
    let other = json!({ "id": OTHER_ID, "status": "ready" });
    for (total, ips) in [(2, vec![other.clone()]), (1, vec![]), (2, vec![other.clone(), other])] {
        let played = play(wait(Condition::Gone, 20_000), |request, _| match is_list(request) {
            false => denied(),
            true => list_of(total, &ips),
        });
        assert!(matches!(reason(&played), WaitFailureReason::TimedOut(..)), "{total}");
    }
}

#[test]
fn the_list_begins_after_the_refusal() {
    let played = play(wait(Condition::Gone, 20_000), |request, _| match is_list(request) {
        false => denied(),
        true => list_of(0, &[]),
    });
    is_gone(&played);
    let [first, second, ..] = &played.sent[..] else { panic!("{:?}", played.sent) };
    assert!(first.1.ends_with(ID) && second.1.contains("/fips?"), "{:?}", played.sent);
    assert!(second.0 >= first.0 + 10);
}

#[test]
fn the_list_is_of_the_project_that_an_earlier_poll_has_read() {
    // A key that has lost its permissions for the Project gets a list without it.
    let played = play(wait(Condition::Gone, 60_000), |request, now| match is_list(request) {
        false if now == 0 || now > 30_000 => json_of(200, ip_of("detaching", None)),
        false => denied(),
        true if request.request.query.contains(&format!("project_id={PROJECT}")) => denied(),
        true => list_of(0, &[]),
    });
    assert!(matches!(reason(&played), WaitFailureReason::TimedOut(..)));
    assert!(played.count("/fips?project_id=") > 3);
    assert_eq!(played.count("/fips?page"), 0);
}

/// The flexible IP, as its own zone has it.
fn in_amsterdam() -> Answer {
    let mut ip = ip_of("ready", None);
    ip["zone"] = json!("nl-ams-1");
    json_of(200, ip)
}

#[test]
fn a_wait_for_the_deletion_of_an_ip_in_another_zone_names_that_zone() {
    let played = play(wait(Condition::Gone, 60_000), |request, _| match is_list(request) {
        true => list_of(0, &[]),
        false if request.request.path.contains("nl-ams-1") => in_amsterdam(),
        false => denied(),
    });
    let error = played.error();
    assert!(error.contains(&format!("{ID} is in zone nl-ams-1")), "{error}");
    assert!(error.contains("zone (constraint)") && error.contains("fr-par-1"), "{error}");
}

#[test]
fn other_zones_are_not_asked_for_an_ip_that_was_read() {
    let played =
        play(wait(Condition::Gone, 60_000), |request, now| match (is_list(request), now) {
            (true, _) => list_of(0, &[]),
            (false, 0) => json_of(200, ip_of("detaching", None)),
            (false, _) => denied(),
        });
    is_gone(&played);
    assert_eq!(played.count("/zones/fr-par-1/"), played.sent.len());
}

#[test]
fn lost_permissions_do_not_hide_that_an_ip_is_in_another_zone() {
    let played = play(wait(Condition::Gone, 300_000), |request, now| {
        let is_other = request.request.path.contains("nl-ams-1");
        match is_list(request) {
            _ if is_other && now < 60_000 => denied(),
            true => list_of(0, &[]),
            false if is_other => in_amsterdam(),
            false => denied(),
        }
    });
    assert!(played.error().contains("is in zone nl-ams-1"), "{}", played.error());
}

#[test]
fn a_zone_that_answers_with_foreign_pages_is_left_out_after_half_a_minute() {
    let played = play(wait(Condition::Gone, 60_000), |request, _| match is_list(request) {
        _ if request.request.path.contains("pl-waw-3") => text_of(404, "no such route"),
        true => list_of(0, &[]),
        false => denied(),
    });
    is_gone(&played);
    let zones = ["fr-par-2", "nl-ams-1", "nl-ams-2", "pl-waw-2", "pl-waw-3"];
    assert!(zones.iter().all(|zone| played.count(zone) > 0), "{:?}", played.sent);
    assert!((30_000..33_000).contains(&played.at), "{}", played.at);
}

#[test]
fn a_zone_that_gives_no_answer_at_all_leaves_a_wait_for_deletion_without_a_conclusion() {
    let played = play(wait(Condition::Gone, 60_000), |request, _| match is_list(request) {
        _ if request.request.path.contains("pl-waw-2") => Err(Error::Connection(String::new())),
        true => list_of(0, &[]),
        false => denied(),
    });
    assert!(played.error().contains("could not be read"), "{}", played.error());
    assert!(played.at <= 60_000, "{}", played.at);
}

#[test]
fn a_proxy_that_serves_one_zone_does_not_delay_a_wait_for_deletion() {
    let played = play(wait(Condition::Gone, 60_000), |request, _| match is_list(request) {
        _ if !request.request.path.contains("fr-par-1") => text_of(404, "no such route"),
        true => list_of(0, &[]),
        false => denied(),
    });
    is_gone(&played);
    assert!(played.at < 400, "{}", played.at);
}

#[test]
fn an_ip_that_never_existed_is_gone_at_once() {
    let played = play(wait(Condition::Gone, 60_000), |request, _| match is_list(request) {
        true => list_of(0, &[]),
        false => denied(),
    });
    is_gone(&played);
    // A read and a list of each zone, and no interval.
    assert_eq!((played.sent.len(), played.at), (12, 40));
}

#[test]
fn permissions_that_return_within_two_minutes_do_not_end_a_wait() {
    let played = play(wait(Condition::Rest, 300_000), |_, now| match now {
        0 => json_of(200, ip_of("updating", None)),
        1..119_000 => denied(),
        _ => json_of(200, ip_of("ready", None)),
    });
    assert!(played.outcome.is_ok(), "{:?}", played.outcome);
}

#[test]
fn two_minutes_of_nothing_but_refusals_end_a_wait() {
    for condition in [Condition::Rest, Condition::Gone] {
        let played = play(wait(condition, 300_000), |_, _| denied());
        assert!(matches!(reason(&played), WaitFailureReason::Refused(..)), "{}", played.error());
        assert!((120_000..123_000).contains(&played.at), "{}", played.at);
    }
}

#[test]
fn pages_of_a_portal_say_nothing_so_they_do_not_end_a_wait_before_its_deadline() {
    for page in [|| text_of(403, "<html>Blocked by policy</html>"), || text_of(404, "")] {
        for condition in [Condition::Rest, Condition::Gone] {
            let played = play(wait(condition, 200_000), |_, now| match (now, condition) {
                (0..180_000, _) => page(),
                (_, Condition::Gone) => denied(),
                _ => json_of(200, ip_of("ready", None)),
            });
            assert!(played.at >= 180_000, "{}", played.at);
            let is_ready = condition == Condition::Rest;
            assert_eq!(played.outcome.is_ok(), is_ready, "{:?}", played.outcome);
        }
    }
}

#[test]
fn a_poll_that_succeeds_or_breaks_begins_the_two_minutes_anew() {
    let played = play(wait(Condition::Rest, 250_000), |_, now| match now {
        100_000..103_000 => Err(Error::Connection("reset".to_owned())),
        _ => denied(),
    });
    assert!(matches!(reason(&played), WaitFailureReason::Refused(..)), "{}", played.error());
    assert!(played.at > 220_000, "{}", played.at);
}

#[test]
fn refused_credentials_end_a_wait_at_once() {
    let body = json!({ "type": "denied_authentication", "message": "authentication is denied" });
    let played = play(wait(Condition::Rest, 60_000), |_, _| json_of(401, body.clone()));
    assert_eq!((played.sent.len(), played.at), (1, 10));
    assert_eq!(played.outcome.unwrap_err().failure.error.code(), "denied_authentication");
}

#[test]
fn a_body_of_another_ip_is_a_failed_poll() {
    let other = json!({ "id": OTHER_ID, "status": "ready" });
    let played = play(wait(Condition::Rest, 2_000), |_, _| json_of(200, other.clone()));
    assert!(matches!(reason(&played), WaitFailureReason::TimedOut(_, None)), "{}", played.error());
    assert!(played.sent.len() > 3);
}

#[test]
fn a_retry_after_of_a_day_is_cut_to_a_minute_and_to_the_deadline() {
    let throttled = || {
        let retry_after = Some(flexip::model::time::Millis(86_400_000));
        let headers = ResponseHeaders { retry_after, ..ResponseHeaders::default() };
        text_of(429, "").map(|response| flexip::flow::response::Response { headers, ..response })
    };
    let played = play(wait(Condition::Rest, 300_000), |_, now| match now {
        0 => throttled(),
        _ => json_of(200, ip_of("ready", None)),
    });
    assert!(played.outcome.is_ok());
    assert_eq!(played.sent[1].0, 60_010);
    let played = play(wait(Condition::Rest, 8_000), |_, now| match now {
        0 => throttled(),
        _ => json_of(200, ip_of("ready", None)),
    });
    assert!(played.outcome.is_ok());
    assert_eq!(played.sent[1].0, 7_000);
}

#[test]
fn the_cause_of_a_wait_failure_is_the_last_poll_that_failed() {
    let identified = |id: &str, answer: crate::play::Answer| {
        let headers =
            ResponseHeaders { request_id: Some(id.to_owned()), ..ResponseHeaders::default() };
        answer.map(|response| flexip::flow::response::Response { headers, ..response })
    };
    let played = play(wait(Condition::Rest, 4_000), |_, now| match now {
        0 => identified("first", text_of(502, "")),
        1..2_000 => identified(&format!("at {now}"), text_of(503, "down")),
        _ => json_of(200, ip_of("updating", None)),
    });
    assert!(matches!(reason(&played), WaitFailureReason::TimedOut(..)));
    let last = played.sent.iter().rfind(|(at, ..)| *at < 2_000).unwrap();
    let failed = played.outcome.as_ref().unwrap_err();
    let cause = failed.cause.as_ref().unwrap();
    let Error::Refused(refusal) = &cause.error else { panic!("{cause:?}") };
    assert_eq!(refusal.request_id, Some(format!("at {}", last.0)));
    assert_eq!((refusal.status, cause.attempts), (503, 1));
    assert!(cause.request.as_ref().unwrap().1.ends_with(ID));
    assert_eq!(failed.failure.request, None);
    assert!(failed.exchange.is_some() && failed.last.is_some());
}

#[test]
fn a_wait_without_a_failed_poll_has_no_cause() {
    let played = play(wait(Condition::Rest, 1_000), |_, _| json_of(200, ip_of("updating", None)));
    let failed = played.outcome.unwrap_err();
    assert_eq!((failed.cause, failed.exchange), (None, None));
}

#[test]
fn the_cause_of_a_wait_for_an_ip_that_is_gone_is_its_refusal() {
    let played = play(wait(Condition::Rest, 60_000), |request, _| match is_list(request) {
        true => list_of(0, &[]),
        false => denied(),
    });
    assert!(matches!(reason(&played), WaitFailureReason::Gone(_)));
    let cause = played.outcome.unwrap_err().cause.unwrap();
    assert_eq!(cause.error.code(), "permissions_denied");
    assert!(cause.request.unwrap().1.ends_with(ID));
}
