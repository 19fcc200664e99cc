//! The modules' exports, run as WebAssembly in Node and in a browser. What the client's exports answer is
//! tested in `src/edge/tests.rs`, and the facade in tests/js.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use flexip::wasm::client::{
    begin, build_request, parse_ip, pass, plain, running, settings, validate,
};
use flexip::wasm::emulator::EmulatorCore;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

#[wasm_bindgen_test]
fn a_plain_call_is_one_request() {
    settings(1, r#"{"secretKey":"key","defaultZone":"fr-par-1"}"#, true);
    let request = format!(r#"{{"fipId":"{FIP}"}}"#);
    let answer = plain(1, "getFlexibleIP", &request, "");
    assert!(answer.starts_with("p\nGET\n/flexible-ip/v1alpha1/zones/fr-par-1/fips/"), "{answer}");
    assert!(plain(1, "getFlexibleIP", "{}", "").starts_with("!{"));
}

#[wasm_bindgen_test]
fn a_machine_is_held_under_its_number_until_it_is_done() {
    settings(2, r#"{"secretKey":"key","defaultZone":"fr-par-1"}"#, true);
    let request = format!(r#"{{"fipId":"{FIP}"}}"#);
    let before = running();
    assert_eq!(begin(2, "waitForFlexibleIP", "", &request, "", "", 7, 1.0, false), "");
    assert!(pass(7, r#"{"input":"started"}"#, 0.0, 500, 0).contains(r#""do":"send""#));
    assert_eq!(running(), before + 1);
    assert!(pass(7, r#"{"input":"aborted"}"#, 1.0, 500, 0).contains(r#""code":"aborted""#));
    assert_eq!(running(), before);
}

#[wasm_bindgen_test]
fn a_request_is_checked_and_built_without_a_client() {
    let request = format!(r#"{{"zone":"nl-ams-1","fipId":"{FIP}","macType":"kvm"}}"#);
    let options = r#"{"baseUrl":"http://127.0.0.1:4010/"}"#;
    let url = format!("http://127.0.0.1:4010/flexible-ip/v1alpha1/zones/nl-ams-1/fips/{FIP}/mac");
    assert_eq!(
        build_request("generateMACAddr", &request, options),
        format!(
            r#"{{"method":"POST","url":"{url}","headers":{{"Accept":"application/json","Content-Type":"application/json"}},"body":"{{\"mac_type\":\"kvm\"}}"}}"#
        )
    );
    assert_eq!(validate("generateMACAddr", &request, ""), "[]");
    assert!(parse_ip("2001:0bc8:0702:06b7::1/64").contains(r#""text":"2001:bc8:702:6b7::1/64""#));
    assert_eq!(parse_ip("1.2.3"), "");
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
