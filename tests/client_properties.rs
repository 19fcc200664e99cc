//! Properties of the client that hold for all arguments and all responses.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "these are tests")]

use flexip::error::Error;
use flexip::error::problem::Severity;
use flexip::flow::call_policy::CallPolicy;
use flexip::flow::operation::OperationFlow;
use flexip::flow::response::{Body, Response};
use flexip::flow::{Command, Input, Machine, SendRequest};
use flexip::model::time::Millis;
use flexip::model::zone::Zone;
use flexip::ops::arguments::Defaults;
use flexip::ops::check;
use flexip::policy::budget::Budget;
use flexip::policy::retry::RetryPolicy;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::route::{Operation, ROUTES, Tail, find};
use flexip::wire::value::{Unsupported, Value};
use proptest::prelude::*;

fn operations() -> impl Strategy<Value = Operation> {
    (0..ROUTES.len()).prop_map(|row| ROUTES.get(row).unwrap().operation)
}

/// Values: often valid, often almost valid, sometimes arbitrary.
fn values() -> impl Strategy<Value = Value> {
    let uuid = any::<[u8; 16]>().prop_map(|b| flexip::model::id::Uuid::from_bytes(b).to_string());
    let words = prop::sample::select(vec![
        "fr-par-1",
        "mars-1",
        "../..",
        "kvm",
        "ready",
        "created_at_asc",
        "a.example.org",
        "",
        "%2e%2e",
        "a/b?c#d",
    ]);
    let leaf = prop_oneof![
        4 => uuid.prop_map(Value::Text),
        2 => words.prop_map(|word| Value::Text(word.to_owned())),
        1 => any::<String>().prop_map(Value::Text),
        1 => any::<f64>().prop_map(Value::Number),
        1 => (0_u32..120).prop_map(|n| Value::Number(n.into())),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
        1 => Just(Value::Unsupported(Unsupported::LoneSurrogate)),
        1 => any::<u32>().prop_map(|n| Value::Unsupported(Unsupported::TooLong(n))),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::List))
}

fn uuids() -> impl Strategy<Value = Value> {
    any::<[u8; 16]>().prop_map(|b| Value::Text(flexip::model::id::Uuid::from_bytes(b).to_string()))
}

/// Valid arguments of an operation.
fn valid_arguments(operation: Operation) -> BoxedStrategy<Vec<(String, Value)>> {
    let named = |name: &'static str, value: BoxedStrategy<Value>| {
        value.prop_map(move |value| (name.to_owned(), value))
    };
    let word = |words: &'static [&'static str]| {
        prop::sample::select(words).prop_map(|word: &str| Value::Text(word.to_owned())).boxed()
    };
    let ids = || prop::collection::vec(uuids(), 1..5).prop_map(Value::List).boxed();
    let text = || any::<String>().prop_map(Value::Text).boxed();
    let fip = || named("fipId", uuids().boxed());
    let fields = match operation {
        Operation::ListFlexibleIps => vec![
            named("page", (1_u32..9).prop_map(|n| Value::Number(n.into())).boxed()),
            named("tags", prop::collection::vec(text(), 0..3).prop_map(Value::List).boxed()),
            named("orderBy", word(&["created_at_asc", "created_at_desc"])),
            named("serverIds", ids()),
        ],
        Operation::CreateFlexibleIp => vec![
            named("projectId", uuids().boxed()),
            named("description", text()),
            named("isIpv6", any::<bool>().prop_map(Value::Bool).boxed()),
        ],
        Operation::UpdateFlexibleIp => vec![
            fip(),
            named("description", text()),
            named("reverse", word(&["", "a.example.org."])),
        ],
        Operation::GetFlexibleIp | Operation::DeleteFlexibleIp | Operation::DeleteMacAddr => {
            vec![fip()]
        }
        Operation::AttachFlexibleIp => {
            vec![named("fipsIds", ids()), named("serverId", uuids().boxed())]
        }
        Operation::DetachFlexibleIp => vec![named("fipsIds", ids())],
        Operation::GenerateMacAddr => {
            vec![fip(), named("macType", word(&["kvm", "xen", "vmware"]))]
        }
        Operation::DuplicateMacAddr => vec![fip(), named("duplicateFromFipId", uuids().boxed())],
        Operation::MoveMacAddr => vec![fip(), named("dstFipId", uuids().boxed())],
    };
    fields.boxed()
}

/// A field to change, with its new value; none removes the field.
fn change() -> impl Strategy<Value = Option<(prop::sample::Index, Option<Value>)>> {
    let change = (any::<prop::sample::Index>(), prop::option::of(values()));
    prop::option::weighted(0.45, change)
}

/// A field to add.
fn addition() -> impl Strategy<Value = Option<(&'static str, Value)>> {
    let names = prop::sample::select(vec!["zone", "fip_id", "tags"]);
    prop::option::weighted(0.1, (names, values()))
}

/// An operation and its arguments. Half of them are valid. In the others a field is changed, removed or
/// added, or the arguments are no object.
fn requests() -> impl Strategy<Value = (Operation, Value)> {
    operations().prop_flat_map(|operation| {
        (valid_arguments(operation), change(), addition(), prop::option::weighted(0.05, values()))
            .prop_map(move |(mut fields, change, addition, replacement)| {
                if let Some((index, value)) = change {
                    let index = index.index(fields.len());
                    let (name, _) = fields.remove(index);
                    fields.extend(value.map(|value| (name, value)));
                }
                fields.extend(addition.map(|(name, value)| (name.to_owned(), value)));
                (operation, replacement.unwrap_or(Value::Object(fields)))
            })
    })
}

fn defaults() -> Defaults {
    Defaults { zone: Zone::parse("fr-par-1"), ..Defaults::default() }
}

fn responses() -> impl Strategy<Value = Result<Response, Error>> {
    let json = any::<Vec<u8>>().prop_map(|bytes| {
        serde_json::from_slice::<serde_json::Value>(&bytes).ok().map(Value::from)
    });
    let body = prop_oneof![
        Just(Body::Empty),
        Just(Body::Unread),
        any::<String>().prop_map(Body::Text),
        values().prop_map(Body::Json),
        requests().prop_map(|(_, body)| Body::Json(body)),
        json.prop_map(|json| json.map_or(Body::Empty, Body::Json)),
    ];
    let response =
        (any::<u16>(), body, any::<Option<String>>()).prop_map(|(status, body, request_id)| {
            let headers = ResponseHeaders { request_id, retry_after: None, date: None };
            Ok(Response { status, headers, body })
        });
    prop_oneof![8 => response, 1 => any::<String>().prop_map(|message| Err(Error::Connection(message))), 1 => Just(Err(Error::Aborted))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_checked_request_has_the_path_segments_of_its_route((operation, request) in requests()) {
        let (checked, _) = check(operation, &request, &defaults());
        let Some(checked) = checked else { return Ok(()) };
        let route = operation.route();
        let path = checked.request.path;
        let found = find(route.method, &path).unwrap();
        prop_assert_eq!(found.operation, operation);
        let (Tail::Collection(tail) | Tail::OneIp(tail)) = route.tail;
        let count = 5 + usize::from(matches!(route.tail, Tail::OneIp(_))) + tail.len();
        prop_assert_eq!(path.split('/').skip(1).count(), count, "{}", path);
        prop_assert!(path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-.".contains(&b)), "{}", path);
        if let Some(body) = checked.request.body {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&body).unwrap().is_object());
        }
    }

    #[test]
    fn a_request_is_either_sent_or_has_an_error((operation, request) in requests()) {
        let (checked, problems) = check(operation, &request, &defaults());
        let has_error = problems.iter().any(|problem| problem.severity == Severity::Error);
        // Only a checked request can be sent: a machine needs one.
        prop_assert_eq!(checked.is_none(), has_error, "{:?}", problems);
    }

    #[test]
    fn every_operation_ends_for_all_responses(
        (operation, request) in requests(),
        skip_preflight: bool,
        responses in prop::collection::vec(responses(), 40),
    ) {
        let (Some(checked), _) = check(operation, &request, &defaults()) else { return Ok(()) };
        let policy = CallPolicy {
            retry: RetryPolicy::DEFAULT,
            timeout: Millis(30_000),
            total_timeout: Millis(120_000),
            settling_time: None,
            renews_key: true,
            budget: Budget::new(500),
            seed: 1,
        };
        let mut flow = OperationFlow::new(checked, skip_preflight, policy);
        let mut commands = flow.on(Input::Started, Millis(0));
        let mut responses = responses.into_iter();
        let (mut done, mut now) = (0, Millis(0));
        while let Some(command) = commands.pop() {
            match command {
                Command::Done(_) => {
                    done += 1;
                    break;
                }
                Command::Send(SendRequest { tag, .. }) => {
                    // When all responses are used, each request fails until the deadline.
                    let lost = || Err(Error::Connection("lost".to_owned()));
                    let outcome = responses.next().unwrap_or_else(lost);
                    now.0 += 10;
                    commands.extend(flow.on(Input::Responded { tag, outcome }, now));
                }
                Command::Sleep { tag, length } => {
                    now.0 += length.0;
                    commands.extend(flow.on(Input::Woke { tag }, now));
                }
                Command::Cancel { .. } | Command::DeliverPage { .. } | Command::Emit(_) => {}
            }
        }
        prop_assert_eq!(done, 1);
        prop_assert!(now.0 <= 120_000 + 30_000, "ended at {}", now.0);
    }
}
