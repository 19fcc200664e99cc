//! Retries: when, after which backoff, and at which cost. The cases are the eight sequences of the AWS
//! SDKs' standard mode, with the costs of 2026 (14 for a failure, 5 for a throttled request), and the
//! table of retries in hcloud-go.

use flexip::error::Error;
use flexip::flow::call_policy::CallPolicy;
use flexip::flow::operation::OperationFlow;
use flexip::flow::response::{Body, Response};
use flexip::flow::{Command, Event, Input, Machine};
use flexip::model::time::Millis;
use flexip::policy::budget::Budget;
use flexip::policy::random::Random;
use flexip::policy::retry::RetryPolicy;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::retry_after;
use flexip::wire::route::Operation;
use serde_json::json;

use crate::support::scenario::{defaults, operation_flow, policy};

const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";
const SEED: u64 = 7;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// A retry after a backoff of up to this many milliseconds.
    Retry(u64),
    Success,
    Failure,
}
use Then::{Failure, Retry, Success};

fn read_flow(max_attempts: u32, budget: &Budget) -> OperationFlow {
    let retry = RetryPolicy { max_attempts, ..RetryPolicy::DEFAULT };
    let policy = CallPolicy { retry, budget: budget.clone(), seed: SEED, ..policy() };
    operation_flow(Operation::GetFlexibleIp, json!({ "fipId": FIP }), &defaults(), policy)
}

fn response(status: u16, retry_after: Option<Millis>, body: Body) -> Input {
    let headers = ResponseHeaders { retry_after, ..ResponseHeaders::default() };
    Input::Responded { tag: 0, outcome: Ok(Response { status, headers, body }) }
}

fn bare(status: u16) -> Input {
    let ip = json!({ "id": FIP, "status": "ready", "server_id": null, "mac_address": null });
    response(status, None, if status == 200 { Body::Json(ip.into()) } else { Body::Empty })
}

/// What follows from a response: the backoff before a retry, or the end of the call.
fn next_of(commands: &[Command]) -> Result<u64, Result<(), Error>> {
    let delay = commands.iter().find_map(|command| match command {
        Command::Emit(Event::Retry { delay, .. }) => Some(Ok(delay.0)),
        Command::Done(Ok(_)) => Some(Err(Ok(()))),
        Command::Done(Err(failed)) => Some(Err(Err(failed.failure.error.clone()))),
        _ => None,
    });
    delay.unwrap()
}

/// Runs a sequence of responses: the status of each, what follows, and the tokens that are left.
#[track_caller]
fn sequence(max_attempts: u32, tokens: u32, steps: &[(u16, Then, u32)]) {
    let budget = Budget::new(500);
    while budget.left() > tokens {
        // Takes 5 tokens at a time; those that were too many are given back one by one below.
        if !budget.take(flexip::policy::budget::Cost::Throttled) {
            break;
        }
    }
    while budget.left() < tokens {
        budget.give_back(None);
    }
    let mut call: Option<(OperationFlow, Random)> = None;
    for (index, (status, then, left)) in steps.iter().enumerate() {
        let (flow, random) = call.get_or_insert_with(|| {
            let mut flow = read_flow(max_attempts, &budget);
            flow.on(Input::Started, Millis(0));
            (flow, Random::new(SEED))
        });
        let next = next_of(&flow.on(bare(*status), Millis(0)));
        match (then, next) {
            (Retry(bound), Ok(delay)) => {
                // Full jitter: a random part of the bound that the sequence states.
                let drawn = (*bound as f64 * random.fraction()) as u64;
                assert_eq!(delay, drawn, "step {index}");
                flow.on(Input::Woke { tag: 0 }, Millis(0));
            }
            (Success, Err(Ok(()))) | (Failure, Err(Err(_))) => call = None,
            (then, next) => panic!("step {index}: {then:?} expected, not {next:?}"),
        }
        assert_eq!(budget.left(), *left, "step {index}");
    }
}

#[test]
fn aws_retry_eventually_succeeds() {
    sequence(3, 500, &[(500, Retry(50), 486), (500, Retry(100), 472), (200, Success, 486)]);
}

#[test]
fn aws_fail_due_to_max_attempts_reached() {
    sequence(3, 500, &[(502, Retry(50), 486), (502, Retry(100), 472), (502, Failure, 472)]);
}

#[test]
fn aws_retry_quota_reached_after_a_single_retry() {
    sequence(3, 14, &[(500, Retry(50), 0), (500, Failure, 0)]);
}

#[test]
fn aws_no_retries_at_all_if_retry_quota_is_0() {
    sequence(3, 0, &[(500, Failure, 0)]);
}

#[test]
fn aws_verifying_exponential_backoff_timing() {
    let steps = [
        (500, Retry(50), 486),
        (500, Retry(100), 472),
        (500, Retry(200), 458),
        (500, Retry(400), 444),
        (500, Failure, 444),
    ];
    sequence(5, 500, &steps);
}

#[test]
fn aws_retry_stops_after_retry_quota_exhaustion() {
    sequence(5, 20, &[(500, Retry(50), 6), (502, Failure, 6)]);
}

#[test]
fn aws_retry_quota_recovery_after_successful_responses() {
    let steps = [
        (500, Retry(50), 16),
        (502, Retry(100), 2),
        (200, Success, 16),
        (500, Retry(50), 2),
        (200, Success, 16),
    ];
    sequence(5, 30, &steps);
}

#[test]
fn aws_throttling_error_token_bucket_drain_and_backoff_duration() {
    sequence(3, 500, &[(429, Retry(1_000), 495), (200, Success, 500)]);
}

/// The backoff of a read after a 503 with these headers. Without them it is at most 50 ms.
fn backoff_with(millis: Option<&str>, retry_after: Option<&str>, date: Option<&str>) -> u64 {
    let mut flow = read_flow(3, &Budget::new(500));
    flow.on(Input::Started, Millis(0));
    let retry_after = retry_after::read(millis, retry_after, date);
    next_of(&flow.on(response(503, retry_after, Body::Empty), Millis(0))).unwrap()
}

#[test]
fn retry_after_is_obeyed_in_each_of_its_forms() {
    assert_eq!(backoff_with(Some("1500"), None, None), 1_500);
    assert_eq!(backoff_with(None, Some("2"), None), 2_000);
    assert_eq!(backoff_with(Some("1500"), Some("9"), None), 1_500);
    let (date, later) = ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:03 GMT");
    assert_eq!(backoff_with(None, Some(later), Some(date)), 3_000);
}

#[test]
fn an_unreadable_retry_after_is_ignored() {
    for text in ["invalid", "-5", "", "NaN"] {
        assert!(backoff_with(Some(text), Some(text), None) <= 50, "{text}");
    }
}

#[test]
fn a_retry_after_of_a_day_is_cut_to_a_minute() {
    assert_eq!(backoff_with(None, Some("86400"), None), 60_000);
}

#[test]
fn a_backoff_that_ends_after_the_deadline_is_not_begun() {
    let policy = CallPolicy { total_timeout: Millis(10_000), ..policy() };
    let mut flow =
        operation_flow(Operation::GetFlexibleIp, json!({ "fipId": FIP }), &defaults(), policy);
    flow.on(Input::Started, Millis(0));
    let commands = flow.on(response(503, Some(Millis(10_000)), Body::Empty), Millis(0));
    assert_eq!(next_of(&commands).unwrap_err().unwrap_err().code(), "unavailable");
}

/// The number of retries, and the end of the call, if each attempt ends with `input`; if `recovers`, the
/// second attempt succeeds.
fn hcloud(input: &Input, recovers: bool) -> (u32, Result<(), &'static str>) {
    let mut flow = read_flow(6, &Budget::new(500));
    flow.on(Input::Started, Millis(0));
    let mut retries = 0;
    let mut next = input.clone();
    loop {
        match next_of(&flow.on(next, Millis(0))) {
            Ok(_) => retries += 1,
            Err(end) => return (retries, end.map_err(|error| error.code())),
        }
        flow.on(Input::Woke { tag: 0 }, Millis(0));
        next = if recovers { bare(200) } else { input.clone() };
    }
}

fn typed(status: u16, word: &str) -> Input {
    response(status, None, Body::Json(json!({ "type": word, "message": "no" }).into()))
}

#[test]
fn hcloud_a_network_error_of_a_read_is_retried_unlike_in_hcloud_go() {
    let lost = Err(Error::Connection("network error".to_owned()));
    let lost = Input::Responded { tag: 0, outcome: lost };
    assert_eq!(hcloud(&lost, true), (1, Ok(())));
}

#[test]
fn hcloud_502_and_conflict_are_retried_until_they_recover_or_retries_run_out() {
    assert_eq!(hcloud(&bare(502), true), (1, Ok(())));
    assert_eq!(hcloud(&bare(502), false), (5, Err("unavailable")));
    assert_eq!(hcloud(&typed(409, "transient_state"), true), (1, Ok(())));
    assert_eq!(hcloud(&typed(409, "transient_state"), false), (5, Err("transient_state")));
}

#[test]
fn hcloud_the_table_of_retried_responses_and_two_that_only_this_client_retries() {
    let is_retried = |input: Input| hcloud(&input, true).0 == 1;
    for input in
        [bare(502), bare(504), typed(429, "too_many_requests"), typed(409, "transient_state")]
    {
        assert!(is_retried(input.clone()), "{input:?}");
    }
    // A conflict of another type, and a lock, are not retried.
    for input in [bare(409), typed(409, "already_exists"), typed(423, "locked"), bare(423)] {
        assert!(!is_retried(input.clone()), "{input:?}");
    }
    // hcloud-go does not retry these. Scaleway's gateway sends them for short outages.
    for input in [bare(503), bare(429)] {
        assert!(is_retried(input.clone()), "{input:?}");
    }
}

#[test]
fn neither_a_refusal_nor_an_abort_is_retried() {
    for status in [400, 401, 403, 404, 410, 412] {
        assert_eq!(hcloud(&bare(status), true).0, 0, "{status}");
    }
    let mut flow = read_flow(6, &Budget::new(500));
    flow.on(Input::Started, Millis(0));
    flow.on(bare(500), Millis(0));
    let end = next_of(&flow.on(Input::Aborted, Millis(0)));
    assert_eq!(end, Err(Err(Error::Aborted)));
}

#[test]
fn a_request_that_is_sent_again_with_a_new_key_says_so() {
    let policy = CallPolicy { renews_key: true, ..policy() };
    let mut flow =
        operation_flow(Operation::GetFlexibleIp, json!({ "fipId": FIP }), &defaults(), policy);
    flow.on(Input::Started, Millis(0));
    let body = json!({ "type": "denied_authentication", "method": "api_key", "reason": "expired" });
    let commands = flow.on(response(401, None, Body::Json(body.into())), Millis(5));
    let [Command::Emit(Event::Retry { attempts, delay, error, .. }), Command::Send(send)] =
        commands.as_slice()
    else {
        panic!("{commands:?}")
    };
    assert_eq!((*attempts, *delay, error.code()), (1, Millis(0), "denied_authentication"));
    assert_eq!((send.attempt, send.renews_key), (2, true));
}
