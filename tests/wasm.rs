//! The modules' exports, run as WebAssembly in Node and in a browser. What the client's exports answer is
//! tested in `src/edge/tests.rs`, and the facade in tests/js.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use flexip::wasm::client::act;
use flexip::wasm::emulator::EmulatorCore;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";

// The functions of the core, by their numbers.
const SETTINGS: u8 = 0;
const PLAIN: u8 = 1;
const BEGIN: u8 = 3;
const PASS: u8 = 4;
const RUNNING: u8 = 7;
const VALIDATE: u8 = 8;
const BUILD_REQUEST: u8 = 9;

const OPTIONS: &str = r#"{"secretKey":"key","defaultZone":"fr-par-1"}"#;

fn ask(function: u8, one: u32, lines: &[&str]) -> String {
    act(function, one, 0, 0.0, 0.0, &lines.join("\n"))
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

#[wasm_bindgen_test]
fn a_plain_call_is_one_request() {
    ask(SETTINGS, 1, &[OPTIONS]);
    let request = format!(r#"{{"fipId":"{FIP}"}}"#);
    let answer = ask(PLAIN, 1, &["getFlexibleIP", &request, ""]);
    assert!(answer.starts_with("p\nGET\n/flexible-ip/v1alpha1/zones/fr-par-1/fips/"), "{answer}");
    assert!(ask(PLAIN, 1, &["getFlexibleIP", "{}", ""]).starts_with("!{"));
}

#[wasm_bindgen_test]
fn a_machine_is_held_under_its_number_until_it_is_done() {
    ask(SETTINGS, 2, &[OPTIONS]);
    let request = format!(r#"{{"fipId":"{FIP}"}}"#);
    let before: u32 = ask(RUNNING, 0, &[]).parse().unwrap();
    let lines = ["waitForFlexibleIP", &request, "", "", ""].join("\n");
    assert_eq!(act(BEGIN, 2, 7, 1.0, 0.0, &lines), "");
    assert!(act(PASS, 7, 500, 0.0, 0.0, r#"{"input":"started"}"#).contains(r#""do":"send""#));
    assert_eq!(ask(RUNNING, 0, &[]), (before + 1).to_string());
    assert!(act(PASS, 7, 500, 1.0, 0.0, r#"{"input":"aborted"}"#).contains(r#""code":"aborted""#));
    assert_eq!(ask(RUNNING, 0, &[]), before.to_string());
}

#[wasm_bindgen_test]
fn a_request_is_checked_and_built_without_a_client() {
    let request = format!(r#"{{"zone":"nl-ams-1","fipId":"{FIP}","macType":"kvm"}}"#);
    let options = r#"{"baseUrl":"http://127.0.0.1:4010/"}"#;
    let url = format!("http://127.0.0.1:4010/flexible-ip/v1alpha1/zones/nl-ams-1/fips/{FIP}/mac");
    assert_eq!(
        ask(BUILD_REQUEST, 0, &["generateMACAddr", &request, options]),
        format!(
            r#"{{"method":"POST","url":"{url}","headers":{{"Accept":"application/json","Content-Type":"application/json"}},"body":"{{\"mac_type\":\"kvm\"}}"}}"#
        )
    );
    assert_eq!(ask(VALIDATE, 0, &["generateMACAddr", &request, ""]), "[]");
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
