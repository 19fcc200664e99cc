//! The edge, run as WebAssembly in Node and in a browser: what it reads from JavaScript and what it
//! returns. A few lines of JavaScript stand in for the facade, which is tested in tests/js.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use flexip::wasm::client::ClientCore;
use flexip::wasm::emulator::EmulatorCore;
use flexip::wasm::pure::{build_request, check_same_server, parse_ip, validate};
use js_sys::{Array, Function, JSON, Promise, Reflect};
use tsify::Ts;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";
const OTHER_FIP: &str = "1c2efc8c-d423-453d-a445-33e41cd2ef32";
const SERVER: &str = "712736f3-d254-44fe-8301-ce916e057f14";

/// Evaluates a JavaScript expression.
fn js(source: &str) -> JsValue {
    js_sys::eval(&format!("({source})")).unwrap()
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    field(object, name).as_string().unwrap_or_default()
}

/// A client's core as a JavaScript object, and what was sent through it.
struct World {
    core: JsValue,
    world: JsValue,
}

impl World {
    /// `respond` is a JavaScript function from method and URL to `[status, body]`.
    fn new(respond: &str) -> Self {
        let make = "(() => {
            const world = { sent: [] }
            const exchange = (url, method, headers, body, timeoutMs, timeLeftMs, number) => {
                world.sent.push(method + ' ' + url)
                const [status, body_] = (RESPOND)(method, url)
                const headers_ = { get: (name) => name === 'x-request-id' ? 'the-id' : null }
                const completion = { kind: 0, status, headers: headers_, body: body_, text: '' }
                queueMicrotask(() => world.core.complete(number, completion))
                return () => {}
            }
            const sleep = (ms, number) => {
                world.sent.push('SLEEP /fips')
                queueMicrotask(() => world.core.complete(number, { kind: 4, status: 0, text: '' }))
                return () => {}
            }
            world.edge = { exchange, sleep, outline: (body) => body, now: () => 0, hasListener: () => false }
            return world
        })()";
        let world = js(&make.replace("RESPOND", respond));
        let options = js("{ secretKey: 'key', defaultZone: 'fr-par-1' }");
        let edge = field(&world, "edge").unchecked_into();
        let core = JsValue::from(ClientCore::new(&options, edge, true).unwrap());
        Reflect::set(&world, &JsValue::from_str("core"), &core).unwrap();
        Self { core, world }
    }

    async fn call(&self, operation: &str, request: &str) -> Result<JsValue, JsValue> {
        let call: Function = field(&self.core, "call").unchecked_into();
        let promise = call.call3(&self.core, &operation.into(), &js(request), &JsValue::UNDEFINED);
        JsFuture::from(promise.unwrap().unchecked_into::<Promise>()).await
    }

    /// The method and the path of every request, from the zone's collection on.
    fn sent(&self) -> Vec<String> {
        let sent: Array = field(&self.world, "sent").unchecked_into();
        let short = |line: JsValue| {
            let line = line.as_string().unwrap();
            let (method, url) = line.split_once(' ').unwrap();
            format!("{method} {}", url.split("/fips").nth(1).unwrap())
        };
        sent.iter().map(short).collect()
    }
}

#[wasm_bindgen_test]
async fn a_success_resolves_with_its_completion() {
    let world = World::new("() => [200, { any: 'thing' }]");
    let outcome = world.call("getFlexibleIP", &format!("{{ fipId: '{FIP}' }}")).await.unwrap();
    assert_eq!(world.sent(), [format!("GET /{FIP}")]);
    assert_eq!(text(&field(&outcome, "body"), "any"), "thing");
    assert_eq!(field(&outcome, "attempts").as_f64(), Some(1.0));
}

#[wasm_bindgen_test]
async fn a_refusal_is_reported_with_its_code_and_its_request() {
    let world = World::new("() => [403, { type: 'permissions_denied', message: 'no' }]");
    let request = format!("{{ fipId: '{FIP}' }}");
    let report = world.call("deleteFlexibleIP", &request).await.unwrap_err();
    assert_eq!(text(&report, "code"), "permissions_denied");
    assert_eq!(text(&report, "requestId"), "the-id");
    assert_eq!(text(&report, "method"), "DELETE");
    assert!(text(&report, "url").ends_with(FIP));
    let message = "deleteFlexibleIP: 403 permissions_denied: no (request id the-id)";
    assert_eq!(text(&report, "message"), message);
}

#[wasm_bindgen_test]
async fn a_duplication_reads_both_ips_before_it_is_sent_or_refused() {
    let request = format!("{{ fipId: '{FIP}', duplicateFromFipId: '{OTHER_FIP}' }}");
    let on = |server: &str| {
        let mac = format!(
            "{{ id: '{SERVER}', mac_address: '02:00:00:00:00:01', mac_type: 'kvm', status: 'ready' }}"
        );
        format!(
            "(method, url) => [200, {{ id: url.split('/')[8], status: 'attached', server_id: {server},
                mac_address: method === 'POST' ? {mac} : null }}]"
        )
    };
    let reads = [format!("GET /{OTHER_FIP}"), format!("GET /{FIP}")];

    let together = World::new(&on(&format!("'{SERVER}'")));
    together.call("duplicateMACAddr", &request).await.unwrap();
    assert_eq!(together.sent()[..2], reads);
    assert_eq!(together.sent()[2..], [format!("POST /{FIP}/mac/duplicate")]);

    let apart = World::new(&on("null"));
    let report = apart.call("duplicateMACAddr", &request).await.unwrap_err();
    assert_eq!(text(&report, "code"), "invalid_arguments");
    assert_eq!(apart.sent(), reads);
}

#[wasm_bindgen_test]
async fn a_request_that_is_refused_for_now_is_retried_after_a_sleep() {
    let world = World::new("() => world.sent.length > 1 ? [200, {}] : [429, undefined]");
    let request = format!("{{ fipId: '{FIP}' }}");
    let outcome = world.call("getFlexibleIP", &request).await.unwrap();
    let get = format!("GET /{FIP}");
    assert_eq!(world.sent(), [get.as_str(), "SLEEP ", get.as_str()]);
    assert_eq!(field(&outcome, "attempts").as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
async fn an_exchange_that_throws_still_settles_the_promise() {
    let options = js("{ secretKey: 'key', defaultZone: 'fr-par-1' }");
    let throwing = "new Proxy({}, { get: () => () => { throw new Error('boo') } })";
    for edge in [throwing, "{}"] {
        let core = ClientCore::new(&options, js(edge).unchecked_into(), true).unwrap();
        let promise = core.call(&"listFlexibleIPs".into(), &js("{}"), &JsValue::UNDEFINED);
        let report = JsFuture::from(promise).await.unwrap_err();
        assert_eq!(text(&report, "code"), "connection");
    }
}

#[wasm_bindgen_test]
async fn a_request_that_cannot_be_read_is_refused_and_not_sent() {
    let world = World::new("() => [200, {}]");
    for request in [
        "{ get fipId() { throw new Error('boo') } }",
        "new Proxy({}, { ownKeys() { throw 1 } })",
        "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()",
        "{ fipId: '\\ud800' }",
        "{ fipId: 'x'.repeat(1e7) }",
        "{ fipId: Symbol('x') }",
        "{ fipId: 5n }",
        "(() => { const cycle = {}; cycle.fipId = cycle; return cycle })()",
        "{ fipId: [] }",
        "() => {}",
        "null",
    ] {
        let report = world.call("getFlexibleIP", request).await.unwrap_err();
        assert_eq!(text(&report, "code"), "invalid_arguments", "{request}");
    }
    assert!(world.sent().is_empty());
}

#[wasm_bindgen_test]
fn each_problem_of_a_request_is_a_plain_object() {
    let request = js("{ zone: 'mars-1', fipsIds: ['x'] }");
    let problems = validate(&"detachFlexibleIP".into(), &request, &JsValue::UNDEFINED).unwrap();
    let written: Vec<String> = problems
        .iter()
        .map(|problem| JSON::stringify(&problem.js_value()).unwrap().into())
        .collect();
    assert_eq!(
        written[1],
        r#"{"field":"fipsIds[0]","argumentName":"fips_ids","reason":"format","helpMessage":"value must be a valid UUID; found \"x\"","severity":"error"}"#
    );
    assert_eq!(written.len(), 2);
}

#[wasm_bindgen_test]
fn a_built_request_holds_no_credentials() {
    let request = js(&format!("{{ zone: 'nl-ams-1', fipId: '{FIP}', macType: 'kvm' }}"));
    let options = js("{ baseUrl: 'http://127.0.0.1:4010/' }");
    let built = build_request(&"generateMACAddr".into(), &request, &options).unwrap();
    let written: String = JSON::stringify(&built.js_value()).unwrap().into();
    let url = format!("http://127.0.0.1:4010/flexible-ip/v1alpha1/zones/nl-ams-1/fips/{FIP}/mac");
    assert_eq!(
        written,
        format!(
            r#"{{"method":"POST","url":"{url}","headers":{{"Accept":"application/json","Content-Type":"application/json"}},"body":"{{\"mac_type\":\"kvm\"}}"}}"#
        )
    );
}

#[wasm_bindgen_test]
fn the_same_server_rule_takes_plain_objects() {
    let on = |id: &str, server: &str| {
        Ts::new_unchecked(js(&format!("{{ id: '{id}', status: 'attached', serverId: {server} }}")))
    };
    let here = format!("'{SERVER}'");
    assert!(check_same_server(&on(FIP, &here), &on(OTHER_FIP, &here)).is_empty());
    assert_eq!(check_same_server(&on(FIP, &here), &on(OTHER_FIP, "undefined")).len(), 1);
    assert_eq!(check_same_server(&on(FIP, &here), &Ts::new_unchecked(js("7"))).len(), 1);
}

#[wasm_bindgen_test]
fn an_address_is_parsed_in_any_spelling() {
    let parsed = parse_ip(&"2001:0bc8:0702:06b7::1/64".into()).unwrap().js_value();
    assert_eq!(text(&parsed, "text"), "2001:bc8:702:6b7::1/64");
    assert!(parse_ip(&"1.2.3".into()).is_none());
    assert!(parse_ip(&JsValue::from_f64(7.0)).is_none());
}

#[wasm_bindgen_test]
fn the_emulator_returns_a_response_of_the_platform() {
    let emulator = EmulatorCore::new(r#"{"seed": 7}"#).unwrap();
    let path = "/flexible-ip/v1alpha1/zones/fr-par-1/fips";
    let ask = |key: String| {
        let headers = vec!["X-Auth-Token".to_owned(), key];
        let delivery = emulator.handle("GET".into(), path.into(), headers, Vec::new(), 1e12);
        field(&field(&delivery.unwrap(), "response"), "status").as_f64()
    };
    assert_eq!(ask("wrong".to_owned()), Some(401.0));
    assert_eq!(ask(emulator.secret_key().unwrap()), Some(200.0));
    let journal: Array = emulator.journal().unwrap().unchecked_into();
    assert_eq!(journal.length(), 2);
    let written: String = JSON::stringify(&journal).unwrap().into();
    assert!(!written.contains(&emulator.secret_key().unwrap()));
}

#[wasm_bindgen_test]
fn invalid_emulator_settings_are_refused_with_a_message() {
    let message = |settings| EmulatorCore::new(settings).err().and_then(|text| text.as_string());
    assert!(message(r#"{"sead": 7}"#).unwrap().contains("sead"));
    assert!(message("[").is_some());
}
