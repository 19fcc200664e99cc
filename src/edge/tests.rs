use proptest::prelude::*;
use serde_json::json;

use super::value::read_value;
use super::{Core, Moment, Start};
use crate::ops::testing::{FIP, OTHER_FIP, SERVER};
use crate::wire::value::{Unsupported, Value};

const OPTIONS: &str = r#"{"secretKey":"key","defaultZone":"fr-par-1"}"#;

/// A core that knows client 1.
fn core() -> Core {
    let mut core = Core::default();
    let settings = core.settings(1, OPTIONS, true);
    assert!(settings.starts_with('{'), "{settings}");
    core
}

fn start<'a>(method: &'a str, request: &'a str, options: &'a str) -> Start<'a> {
    Start { client: 1, method, reads: "", request, options, zone: "" }
}

const MOMENT: Moment = Moment { now: 0.0, tokens: 500, successes: 0 };

/// Passes an input to call 1; returns the tokens and the commands.
fn pass(core: &mut Core, input: &serde_json::Value, now: f64) -> (u64, Vec<serde_json::Value>) {
    let answer = core.pass(1, &input.to_string(), Moment { now, ..MOMENT });
    let mut list: Vec<serde_json::Value> = serde_json::from_str(&answer).unwrap();
    let commands = list.split_off(1);
    (list[0].as_u64().unwrap(), commands)
}

#[test]
fn what_json_cannot_hold_is_read() {
    let unsupported = |text| match read_value(text) {
        Value::Unsupported(unsupported) => unsupported,
        other => panic!("{other:?}"),
    };
    assert_eq!(read_value("#3ff8000000000000"), Value::Number(1.5));
    assert!(matches!(read_value("#7ff8000000000000"), Value::Number(number) if number.is_nan()));
    assert_eq!(read_value("-12"), Value::Number(-12.0));
    assert_eq!(unsupported(r#"!k"function""#), Unsupported::Kind("function".to_owned()));
    assert_eq!(unsupported("!l70000"), Unsupported::TooLong(70_000));
    assert_eq!(unsupported("!m10001"), Unsupported::TooMany(10_001));
    assert_eq!(unsupported("!s"), Unsupported::LoneSurrogate);
    assert_eq!(
        unsupported(r#"!t"do not \"touch\"""#),
        Unsupported::Threw("do not \"touch\"".to_owned())
    );
    assert_eq!(unsupported("!d"), Unsupported::TooDeep);
}

#[test]
fn a_plain_call_is_one_request_with_what_a_success_is_about() {
    let request = json!({ "fipId": FIP }).to_string();
    let plain = core().plain(&start("getFlexibleIP", &request, ""));
    let path = format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips/{FIP}");
    assert_eq!(plain, format!("p\nGET\n{path}\n200\n{FIP}\nfr-par-1\n"));

    let options = r#"{"timeoutMs":5,"headers":{"X-Trace":"1"}}"#;
    let plain = core().plain(&start("getFlexibleIP", &request, options));
    assert!(
        plain.starts_with(
            "p{\"timeoutMs\":5,\"totalMs\":120000,\"headers\":{\"X-Trace\":\"1\"}}\nGET\n"
        ),
        "{plain}"
    );
}

#[test]
fn a_call_that_reads_before_its_request_or_compares_its_response_needs_a_machine() {
    let ip = json!({ "fipId": FIP });
    for (method, request, options) in [
        ("attachFlexibleIP", json!({ "fipsIds": [FIP], "serverId": SERVER }), ""),
        ("generateMACAddr", json!({ "fipId": FIP, "macType": "kvm" }), ""),
        ("duplicateMACAddr", json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP }), ""),
        ("deleteMACAddr", ip.clone(), r#"{"retry":false}"#),
        ("waitForFlexibleIP", ip, ""),
        ("createFlexibleIP", json!({ "projectId": SERVER }), r#"{"idempotencyKey":"k"}"#),
    ] {
        let answer = core().plain(&start(method, &request.to_string(), options));
        assert_eq!(answer, "m", "{method}");
    }
}

#[test]
fn a_call_that_is_refused_is_a_report() {
    let refused = core().plain(&start("getFlexibleIP", r#"{"fipId":"x"}"#, r#"{"signal":3}"#));
    let report: serde_json::Value =
        serde_json::from_str(refused.strip_prefix('!').unwrap()).unwrap();
    assert_eq!(report["code"], "invalid_arguments");
    assert_eq!(report["problems"][0]["field"], "signal");
    let unknown = core().plain(&start("getFlexibleIp", "", ""));
    assert!(unknown.contains("there is no such operation"), "{unknown}");
}

#[test]
fn the_core_has_the_settings_of_the_latest_clients_and_asks_for_others() {
    let mut core = core();
    let request = json!({ "fipId": FIP }).to_string();
    for client in 2..17 {
        core.settings(client, OPTIONS, true);
    }
    assert!(core.plain(&start("getFlexibleIP", &request, "")).starts_with('p'));
    core.settings(17, OPTIONS, true);
    assert_eq!(core.plain(&start("getFlexibleIP", &request, "")), "?");
    assert_eq!(core.begin(&start("getFlexibleIP", &request, ""), 1, 0.0, false), "?");
    core.settings(1, OPTIONS, true);
    assert!(core.plain(&start("getFlexibleIP", &request, "")).starts_with('p'));
}

#[test]
fn a_machine_is_driven_by_texts_until_it_is_done_and_then_dropped() {
    let mut core = core();
    let request = json!({ "fipId": FIP }).to_string();
    assert_eq!(core.begin(&start("getFlexibleIP", &request, ""), 1, 7.0, true), "");
    let (_, commands) = pass(&mut core, &json!({ "input": "started" }), 0.0);
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0]["do"], "send");
    assert!(commands[0]["url"].as_str().unwrap().ends_with(FIP));
    let tag = &commands[0]["tag"];

    let throttled =
        json!({ "input": "responded", "tag": tag, "kind": "answered", "status": 429, "text": "" });
    let (tokens, commands) = pass(&mut core, &throttled, 5.0);
    assert_eq!(tokens, 495, "a retry after a 429 costs 5 tokens");
    assert_eq!(commands[0]["event"]["type"], "retry");
    assert_eq!(commands[1]["do"], "sleep");

    let (_, commands) = pass(&mut core, &json!({ "input": "woke", "tag": tag }), 2_000.0);
    assert_eq!(commands[0]["attempt"], 2);
    assert_eq!(core.running(), 1);
    let refused = json!({ "input": "responded", "tag": tag, "kind": "answered", "status": 403,
        "body": { "type": "permissions_denied", "message": "no" }, "requestId": "the-id" });
    let (_, commands) = pass(&mut core, &refused, 2_010.0);
    assert_eq!(commands[0]["report"]["code"], "permissions_denied");
    assert_eq!(commands[0]["report"]["exchange"], *tag);
    assert_eq!(
        commands[0]["report"]["message"],
        "getFlexibleIP: 403 permissions_denied: no (request id the-id)"
    );
    assert_eq!(core.running(), 0);
    assert_eq!(core.pass(1, r#"{"input":"aborted"}"#, MOMENT), "[0]");
}

#[test]
fn events_are_written_only_where_something_listens() {
    let mut core = core();
    let request = json!({ "fipId": FIP }).to_string();
    core.begin(&start("getFlexibleIP", &request, ""), 1, 7.0, false);
    let (_, commands) = pass(&mut core, &json!({ "input": "started" }), 0.0);
    let lost = json!({ "input": "responded", "tag": commands[0]["tag"], "kind": "broken", "status": 0, "text": "reset" });
    let (_, commands) = pass(&mut core, &lost, 5.0);
    assert_eq!(commands.iter().map(|command| &command["do"]).collect::<Vec<_>>(), ["sleep"]);
}

proptest! {
    #[test]
    fn every_text_and_every_list_of_json_is_read(
        texts: Vec<String>, number in -9_007_199_254_740_991_i64..=9_007_199_254_740_991, name: String
    ) {
        let value = json!({ name: { "texts": texts, "number": number, "null": null, "list": [], "object": {}, "is": [true, false] } });
        prop_assert_eq!(read_value(&value.to_string()), Value::from(value));
    }

    #[test]
    fn no_text_makes_the_core_panic(method: String, texts in proptest::array::uniform4("[\\PC]*|[\\[\\]{}\"!#:,0-9ktn]*")) {
        let [request, options, zone, input] = &texts;
        let mut core = core();
        let methods = ["getFlexibleIP", "createAndAttach", "failover", "findByIp", method.as_str()];
        for (call, method) in methods.into_iter().enumerate() {
            let start = Start { client: 1, method, reads: "", request, options, zone };
            core.plain(&start);
            core.sharing(&start);
            let call = call as u32;
            core.begin(&start, call, 0.0, true);
            core.pass(call, input, MOMENT);
            core.leave(call, 1.0, input, f64::NAN);
            core.settings(1, options, true);
        }
    }
}
