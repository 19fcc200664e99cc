//! When a request is sent again, after how long, and at what price. The sequences are the eight of
//! AWS's standard mode, with the prices of 2026 (14 for a failure, 5 for a throttled request), and
//! the table of hcloud-go's retries.

use flexip::error::Error;
use flexip::flow::calls::CallPolicy;
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

use crate::support::scenario::{defaults, operation, policy};

const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";
const SEED: u64 = 7;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// Again, after a wait of up to so many milliseconds.
    Retry(u64),
    Success,
    Failure,
}
use Then::{Failure, Retry, Success};

fn reading(max_attempts: u32, budget: &Budget) -> OperationFlow {
    let retry = RetryPolicy { max_attempts, ..RetryPolicy::DEFAULT };
    let policy = CallPolicy { retry, budget: budget.clone(), seed: SEED, ..policy() };
    operation(Operation::GetFlexibleIp, json!({ "fipId": FIP }), &defaults(), policy)
}

fn answer(status: u16, retry_after: Option<Millis>, body: Body) -> Input {
    let headers = ResponseHeaders { retry_after, ..ResponseHeaders::default() };
    Input::Responded { tag: 0, outcome: Ok(Response { status, headers, body }) }
}

fn bare(status: u16) -> Input {
    answer(status, None, if status == 200 { Body::Unread } else { Body::Empty })
}

/// What follows from an answer: how long it waits, or how it ends.
fn follows(commands: &[Command]) -> Result<u64, Result<(), Error>> {
    let delay = commands.iter().find_map(|step| match step {
        Command::Emit(Event::Retry { delay, .. }) => Some(Ok(delay.0)),
        Command::Done(Ok(_)) => Some(Err(Ok(()))),
        Command::Done(Err(failed)) => Some(Err(Err(failed.failure.error.clone()))),
        _ => None,
    });
    delay.unwrap()
}

/// One of the sequences: each status, what follows, and the tokens that are left.
#[track_caller]
fn sequence(max_attempts: u32, tokens: u32, commands: &[(u16, Then, u32)]) {
    let budget = Budget::new(500);
    while budget.left() > tokens {
        // Every failure costs 14, every throttled request 5; what is left is given back one by one.
        if !budget.pay(flexip::policy::budget::Cost::Throttled) {
            break;
        }
    }
    while budget.left() < tokens {
        budget.succeed(None);
    }
    let mut call: Option<(OperationFlow, Random)> = None;
    for (place, (status, then, left)) in commands.iter().enumerate() {
        let (flow, random) = call.get_or_insert_with(|| {
            let mut flow = reading(max_attempts, &budget);
            flow.on(Input::Started, Millis(0));
            (flow, Random::new(SEED))
        });
        let followed = follows(&flow.on(bare(*status), Millis(0)));
        match (then, followed) {
            (Retry(bound), Ok(delay)) => {
                // Full jitter: the drawn part of the bound that the sequence names.
                let drawn = (*bound as f64 * random.fraction()) as u64;
                assert_eq!(delay, drawn, "step {place}");
                flow.on(Input::Woke { tag: 0 }, Millis(0));
            }
            (Success, Err(Ok(()))) | (Failure, Err(Err(_))) => call = None,
            (then, followed) => panic!("step {place}: {then:?} expected, not {followed:?}"),
        }
        assert_eq!(budget.left(), *left, "step {place}");
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
    let commands = [
        (500, Retry(50), 486),
        (500, Retry(100), 472),
        (500, Retry(200), 458),
        (500, Retry(400), 444),
        (500, Failure, 444),
    ];
    sequence(5, 500, &commands);
}

#[test]
fn aws_retry_stops_after_retry_quota_exhaustion() {
    sequence(5, 20, &[(500, Retry(50), 6), (502, Failure, 6)]);
}

#[test]
fn aws_retry_quota_recovery_after_successful_responses() {
    let commands = [
        (500, Retry(50), 16),
        (502, Retry(100), 2),
        (200, Success, 16),
        (500, Retry(50), 2),
        (200, Success, 16),
    ];
    sequence(5, 30, &commands);
}

#[test]
fn aws_throttling_error_token_bucket_drain_and_backoff_duration() {
    sequence(3, 500, &[(429, Retry(1_000), 495), (200, Success, 500)]);
}

/// How long a read waits after a 503 with these headers, the bound of its own wait being 50 ms.
fn wait_with(millis: Option<&str>, retry_after: Option<&str>, date: Option<&str>) -> u64 {
    let mut flow = reading(3, &Budget::new(500));
    flow.on(Input::Started, Millis(0));
    let asked = retry_after::read(millis, retry_after, date);
    follows(&flow.on(answer(503, asked, Body::Empty), Millis(0))).unwrap()
}

#[test]
fn a_wait_that_the_service_asks_for_is_kept_in_each_of_its_forms() {
    assert_eq!(wait_with(Some("1500"), None, None), 1_500);
    assert_eq!(wait_with(None, Some("2"), None), 2_000);
    assert_eq!(wait_with(Some("1500"), Some("9"), None), 1_500);
    let (date, later) = ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:03 GMT");
    assert_eq!(wait_with(None, Some(later), Some(date)), 3_000);
}

#[test]
fn a_wait_that_nobody_can_read_is_as_good_as_none() {
    for text in ["invalid", "-5", "", "NaN"] {
        assert!(wait_with(Some(text), Some(text), None) <= 50, "{text}");
    }
}

#[test]
fn a_wait_of_a_day_is_cut_at_a_minute() {
    assert_eq!(wait_with(None, Some("86400"), None), 60_000);
}

#[test]
fn a_wait_that_ends_after_the_total_timeout_is_not_begun() {
    let policy = CallPolicy { total: Millis(10_000), ..policy() };
    let mut flow =
        operation(Operation::GetFlexibleIp, json!({ "fipId": FIP }), &defaults(), policy);
    flow.on(Input::Started, Millis(0));
    let commands = flow.on(answer(503, Some(Millis(10_000)), Body::Empty), Millis(0));
    assert_eq!(follows(&commands).unwrap_err().unwrap_err().code(), "unavailable");
}

/// How many retries there are when the same comes again and again, and the error in the end; or when
/// it comes once, and then a success.
fn hcloud(input: &Input, recovers: bool) -> (u32, Result<(), &'static str>) {
    let mut flow = reading(6, &Budget::new(500));
    flow.on(Input::Started, Millis(0));
    let mut retries = 0;
    let mut next = input.clone();
    loop {
        match follows(&flow.on(next, Millis(0))) {
            Ok(_) => retries += 1,
            Err(end) => return (retries, end.map_err(|error| error.code())),
        }
        flow.on(Input::Woke { tag: 0 }, Millis(0));
        next = if recovers { bare(200) } else { input.clone() };
    }
}

fn typed(status: u16, word: &str) -> Input {
    answer(status, None, Body::Json(json!({ "type": word, "message": "no" }).into()))
}

#[test]
fn hcloud_a_network_error_is_retried_here_since_a_read_does_no_harm() {
    let lost = Err(Error::Connection("network error".to_owned()));
    let lost = Input::Responded { tag: 0, outcome: lost };
    assert_eq!(hcloud(&lost, true), (1, Ok(())));
}

#[test]
fn hcloud_502_and_conflict_recover_or_use_up_their_retries() {
    assert_eq!(hcloud(&bare(502), true), (1, Ok(())));
    assert_eq!(hcloud(&bare(502), false), (5, Err("unavailable")));
    assert_eq!(hcloud(&typed(409, "transient_state"), true), (1, Ok(())));
    assert_eq!(hcloud(&typed(409, "transient_state"), false), (5, Err("transient_state")));
}

#[test]
fn hcloud_its_table_of_what_is_retried_and_where_a_read_here_goes_further() {
    let is_retried = |input: Input| hcloud(&input, true).0 == 1;
    for input in
        [bare(502), bare(504), typed(429, "too_many_requests"), typed(409, "transient_state")]
    {
        assert!(is_retried(input.clone()), "{input:?}");
    }
    // A conflict without that type, and a lock, stay as they are.
    for input in [bare(409), typed(409, "already_exists"), typed(423, "locked"), bare(423)] {
        assert!(!is_retried(input.clone()), "{input:?}");
    }
    // hcloud-go gives up on these. Scaleway's gateway sends them for what is over in a moment.
    for input in [bare(503), bare(429)] {
        assert!(is_retried(input.clone()), "{input:?}");
    }
}

#[test]
fn neither_a_refusal_nor_an_abort_is_sent_again() {
    for status in [400, 401, 403, 404, 410, 412] {
        assert_eq!(hcloud(&bare(status), true).0, 0, "{status}");
    }
    let mut flow = reading(6, &Budget::new(500));
    flow.on(Input::Started, Millis(0));
    flow.on(bare(500), Millis(0));
    let end = follows(&flow.on(Input::Aborted, Millis(0)));
    assert_eq!(end, Err(Err(Error::Aborted)));
}
