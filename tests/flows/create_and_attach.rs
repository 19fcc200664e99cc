//! `createAndAttach`: a create, and the wait until its flexible IP is at rest on the asked server.

use flexip::error::{Error, WaitFailureReason};
use flexip::flow::create_and_attach::CreateAndAttachFlow;
use flexip::flow::{BodyRef, Outcome, SendRequest};
use flexip::model::id::ServerId;
use flexip::ops::arguments::Defaults;
use flexip::ops::check;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::json;

use crate::play::{
    Answer, ID, OTHER_SERVER, PROJECT, Played, SERVER, ip_of, is_list, json_of, list_of, play,
    play_with_abort, text_of,
};
use crate::support::scenario::{defaults, with_key, within};

fn flow(defaults: &Defaults, total: u64) -> CreateAndAttachFlow {
    let arguments = Value::from(json!({ "serverId": SERVER, "projectId": PROJECT }));
    let (checked, problems) = check(Operation::CreateFlexibleIp, &arguments, defaults);
    let checked = checked.unwrap_or_else(|| panic!("{problems:?}"));
    CreateAndAttachFlow::new(checked, ServerId::parse(SERVER).unwrap(), false, within(total))
}

fn is_create(request: &SendRequest) -> bool {
    request.operation == Operation::CreateFlexibleIp
}

/// The service: it creates at once, and shows a state of the flexible IP at each time.
fn service(state: impl Fn(u64) -> serde_json::Value) -> impl FnMut(&SendRequest, u64) -> Answer {
    move |request, now| match is_create(request) {
        true => json_of(200, ip_of("updating", None)),
        false => json_of(200, state(now)),
    }
}

#[track_caller]
fn reason(played: &Played) -> WaitFailureReason {
    match &played.outcome.as_ref().unwrap_err().failure.error {
        Error::WaitFailure(failure) => {
            assert_eq!(failure.id.to_string(), ID);
            failure.reason.clone()
        }
        other => panic!("a wait failure was expected, not {other:?}"),
    }
}

#[test]
fn the_result_is_the_ip_at_rest_on_the_asked_server() {
    let played = play(
        flow(&defaults(), 60_000),
        service(|now| {
            if now < 3_000 { ip_of("updating", None) } else { ip_of("attached", Some(SERVER)) }
        }),
    );
    assert!(matches!(played.outcome.as_ref().unwrap().outcome, Outcome::Ip(BodyRef { .. })));
    assert!((3_000..3_500).contains(&played.at), "{}", played.at);
    assert_eq!(played.count("POST"), 1);
}

#[test]
fn an_ip_whose_server_is_removed_rejects_with_its_place() {
    let played = play(
        flow(&defaults(), 60_000),
        service(|now| match now {
            ..2_000 => ip_of("updating", None),
            2_000..4_000 => ip_of("detaching", Some(SERVER)),
            _ => ip_of("ready", None),
        }),
    );
    let expected = format!("{ID} is at rest as ready on no server, not on server {SERVER}");
    assert_eq!(played.error(), expected);
    let failed = played.outcome.unwrap_err();
    assert!(failed.last.is_some());
    assert_eq!(failed.failure.operation, "createAndAttach");
    assert!((9_000..10_000).contains(&played.at), "{}", played.at);
}

#[test]
fn an_ip_of_a_known_key_on_another_server_rejects_with_its_place() {
    let mut keyed = ip_of("attached", Some(OTHER_SERVER));
    keyed["tags"] = json!(["idempotency:k"]);
    keyed["ip_address"] = json!("51.159.124.9");
    let played = play(flow(&with_key("k"), 60_000), |request, _| match is_list(request) {
        true => list_of(1, &[keyed.clone()]),
        false => json_of(200, keyed.clone()),
    });
    assert!(played.error().contains(&format!("on server {OTHER_SERVER}, not on server {SERVER}")));
    assert_eq!(played.count("POST"), 0);
}

#[test]
fn one_deadline_bounds_the_create_and_the_wait() {
    let played = play(flow(&defaults(), 10_000), |request, now| match is_create(request) {
        true if now < 4_000 => text_of(429, ""),
        true => json_of(200, ip_of("updating", None)),
        false => json_of(200, ip_of("updating", None)),
    });
    assert!(matches!(reason(&played), WaitFailureReason::Misplaced(_)), "{}", played.error());
    assert!((9_700..=10_000).contains(&played.at), "{}", played.at);
    // A second call would create a second flexible IP.
    assert!(!played.outcome.unwrap_err().failure.error.is_retryable());
}

#[test]
fn a_create_that_takes_all_the_time_still_names_its_ip() {
    let played = play(flow(&defaults(), 10), service(|_| ip_of("updating", None)));
    assert!(played.outcome.is_err());
    let played = play(flow(&defaults(), 11), service(|_| ip_of("updating", None)));
    assert!(matches!(reason(&played), WaitFailureReason::Misplaced(_)));
    assert!(played.at <= 11 && played.outcome.unwrap_err().last.is_some());
}

#[test]
fn an_abort_before_the_create_is_sent_is_the_abort_itself() {
    let played = play_with_abort(flow(&with_key("k"), 60_000), Some(5), |_, _| list_of(0, &[]));
    assert_eq!(played.outcome.unwrap_err().failure.error, Error::Aborted);
    assert_eq!(played.sent.len(), 1);
}

#[test]
fn an_abort_after_the_create_was_sent_names_the_ip_if_it_is_known() {
    for (at, is_known) in [(5, false), (15, true), (1_500, true)] {
        let played = play_with_abort(
            flow(&defaults(), 60_000),
            Some(at),
            service(|_| ip_of("updating", None)),
        );
        assert_eq!(played.at, at);
        let failed = played.outcome.unwrap_err();
        assert_eq!(failed.failure.error.code(), "aborted");
        assert!(matches!(failed.failure.error, Error::Incomplete(_)));
        let ids: Vec<String> = failed.moves.iter().map(|state| state.id.to_string()).collect();
        assert_eq!(ids, if is_known { vec![ID.to_owned()] } else { vec![] }, "at {at}");
        assert!(failed.moves.iter().all(|state| state.last.is_some() && !state.arrived));
        let resume =
            failed.resume.map(|resume| (resume.ids[0].to_string(), resume.server.to_string()));
        assert_eq!(resume, is_known.then(|| (ID.to_owned(), SERVER.to_owned())));
    }
}

#[test]
fn a_create_that_fails_has_its_own_error() {
    let body =
        json!({ "type": "quotas_exceeded", "message": "quota(s) exceeded for this resource" });
    let played = play(flow(&defaults(), 60_000), |_, _| json_of(403, body.clone()));
    let failed = played.outcome.unwrap_err();
    assert_eq!(failed.failure.error.code(), "quotas_exceeded");
    assert_eq!(failed.failure.operation, "createAndAttach");
}

#[test]
fn a_key_that_is_refused_while_the_ip_is_waited_for_rejects_with_an_error_that_names_the_ip() {
    let denied = json!({ "type": "denied_authentication", "message": "authentication is denied" });
    let played = play(flow(&defaults(), 60_000), |request, _| match is_create(request) {
        true => json_of(200, ip_of("updating", None)),
        false => json_of(401, denied.clone()),
    });
    assert!(matches!(reason(&played), WaitFailureReason::Refused(_, error)
        if error.code() == "denied_authentication"));
    let failed = played.outcome.unwrap_err();
    assert!(failed.last.is_some());
    assert_eq!(failed.cause.unwrap().error.code(), "denied_authentication");
}
