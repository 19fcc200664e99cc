//! The exports of the module `client`: the functions of the room `edge`, for the facade in `js/`.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::edge::{Core, Moment, Start, pure};

thread_local! {
    static CORE: RefCell<Core> = RefCell::default();
}

/// Calls the core. It calls nothing that could call it again, so it is never borrowed here.
fn with_core<T: Default>(call: impl FnOnce(&mut Core) -> T) -> T {
    CORE.with(|core| core.try_borrow_mut().map(|mut core| call(&mut core)).unwrap_or_default())
}

/// [`Core::settings`]
#[wasm_bindgen]
pub fn settings(client: u32, options: &str, sends_user_agent: bool) -> String {
    with_core(|core| core.settings(client, options, sends_user_agent))
}

/// [`Core::plain`]
#[wasm_bindgen]
pub fn plain(client: u32, method: &str, request: &str, options: &str) -> String {
    with_core(|core| core.plain(&Start { client, method, reads: "", request, options, zone: "" }))
}

/// [`Core::sharing`]
#[wasm_bindgen]
pub fn sharing(client: u32, method: &str, request: &str, options: &str) -> String {
    with_core(|core| core.sharing(&Start { client, method, reads: "", request, options, zone: "" }))
}

/// [`Core::begin`]
#[wasm_bindgen]
#[allow(
    clippy::too_many_arguments,
    reason = "an object for them would have to be read field by field"
)]
pub fn begin(
    client: u32,
    method: &str,
    reads: &str,
    request: &str,
    options: &str,
    zone: &str,
    call: u32,
    seed: f64,
    listens: bool,
) -> String {
    let start = Start { client, method, reads, request, options, zone };
    with_core(|core| core.begin(&start, call, seed, listens))
}

/// [`Core::pass`]
#[wasm_bindgen]
pub fn pass(call: u32, input: &str, now: f64, tokens: u32, successes: u32) -> String {
    with_core(|core| core.pass(call, input, Moment { now, tokens, successes }))
}

/// [`Core::leave`]
#[wasm_bindgen]
pub fn leave(call: u32, timed_out_after_ms: f64, unsent: &str, now: f64) -> String {
    with_core(|core| core.leave(call, timed_out_after_ms, unsent, now))
}

/// [`Core::forget`]
#[wasm_bindgen]
pub fn forget(call: u32) {
    with_core(|core| core.forget(call));
}

/// [`Core::running`]
#[wasm_bindgen]
pub fn running() -> usize {
    with_core(|core| core.running())
}

/// [`pure::validate`]
#[wasm_bindgen]
pub fn validate(operation: &str, request: &str, options: &str) -> String {
    pure::validate(operation, request, options)
}

/// [`pure::build_request`]
#[wasm_bindgen(js_name = buildRequest)]
pub fn build_request(operation: &str, request: &str, options: &str) -> String {
    pure::build_request(operation, request, options)
}

/// [`pure::check_same_server`]
#[wasm_bindgen(js_name = checkSameServer)]
pub fn check_same_server(source: &str, destination: &str) -> String {
    pure::check_same_server(source, destination)
}

/// [`pure::parse_ip`]
#[wasm_bindgen(js_name = parseIp)]
pub fn parse_ip(text: &str) -> String {
    pure::parse_ip(text)
}

/// [`pure::zones`]
#[wasm_bindgen]
pub fn zones() -> String {
    pure::zones()
}

/// [`pure::check_address`]
#[wasm_bindgen(js_name = checkAddress)]
pub fn check_address(address: &str) -> String {
    pure::check_address(address)
}

/// [`pure::find_ip`]
#[wasm_bindgen(js_name = findIp)]
pub fn find_ip(address: &str, addresses: &str) -> i32 {
    pure::find_ip(address, addresses)
}
