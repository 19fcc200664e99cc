//! The tests that run as WebAssembly, in Node and in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_crate_runs_as_webassembly() {
    assert_eq!(std::env::consts::ARCH, "wasm32");
}
