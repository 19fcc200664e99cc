//! What a `fetch` of others can do. Every call ends with an error, and no text repeats the key.

use flexip::web::{Client, GetFlexibleIpRequest, Options, Reason, RetryOptions};
use js_sys::Function;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::instant;

const ID: &str = "7c715b98-e683-493a-9e62-109d684e4348";
const KEY: &str = "11111111-1111-4111-8111-111111111111";

/// A client whose `fetch` has this body.
fn client(body: &str) -> Client {
    let (service, _) = instant();
    let once = RetryOptions { max_attempts: Some(1), ..Default::default() };
    Client::new(Options {
        secret_key: Some(KEY.to_owned()),
        fetch: Some(Function::new_with_args("request", body)),
        retry: Some(once),
        ..service.options()
    })
    .unwrap()
}

async fn reason_of(body: &str) -> Reason {
    let get = GetFlexibleIpRequest { fip_id: ID.to_owned(), ..Default::default() };
    client(body).get_flexible_ip(&get).await.unwrap_err().reason().clone()
}

#[wasm_bindgen_test]
async fn every_call_ends_whatever_a_fetch_does() {
    let connection = |reason: Reason| matches!(reason, Reason::Connection(_));
    for body in [
        "throw new Error('broken')",
        "throw undefined",
        "throw 'a text'",
        "return undefined",
        "return null",
        "return 5",
        "return {}",
        "return Promise.reject('a text')",
        "return Promise.reject(undefined)",
        "return { get then() { throw 1 } }",
        "return { get status() { throw 1 } }",
        "return { status: 200 }",
        "return { status: 200.5, text: async () => '' }",
        "return { status: 200, text: () => { throw null } }",
        "return { status: 200, text: async () => 5 }",
        "return { status: 0, text: async () => '' }",
        "return Promise.reject(new Proxy({}, { get() { throw 1 }, has() { throw 1 } }))",
    ] {
        let reason = reason_of(body).await;
        assert!(connection(reason.clone()), "{body}: {reason:?}");
    }
}

#[wasm_bindgen_test]
async fn an_object_like_a_response_is_enough() {
    let refused = "return { status: 404, text: async () => '{\"type\":\"not_found\"}' }";
    assert_eq!(reason_of(refused).await.code(), "not_found");
    let portal = "return new Response('<html>', { status: 200 })";
    assert_eq!(reason_of(portal).await.code(), "decode");
    let mark = "return new Response('\\ufeff{\"type\":\"not_found\"}', { status: 404 })";
    assert_eq!(reason_of(mark).await.code(), "not_found");
}

#[wasm_bindgen_test]
async fn another_flexible_ip_or_zone_is_not_accepted() {
    let body = |id: &str, zone: &str| {
        format!(
            r#"return new Response(JSON.stringify({{ id: "{id}", zone: "{zone}", organization_id: "", project_id: "",
                description: "", tags: [], status: "ready", ip_address: "1.2.3.4/32", reverse: "" }}))"#
        )
    };
    let get = GetFlexibleIpRequest { fip_id: ID.to_uppercase(), ..Default::default() };
    let read = |body: String| {
        let get = get.clone();
        async move { client(&body).get_flexible_ip(&get).await.map_err(|error| error.code()) }
    };
    assert_eq!(read(body(ID, "fr-par-1")).await.unwrap().id, ID);
    assert_eq!(read(body(ID, "nl-ams-1")).await.unwrap_err(), "decode");
    assert_eq!(read(body(&ID.replace('7', "8"), "fr-par-1")).await.unwrap_err(), "decode");
    assert_eq!(read(body("", "fr-par-1")).await.unwrap_err(), "decode");
}

#[wasm_bindgen_test]
async fn an_error_says_whether_the_request_was_sent() {
    let refused = "throw Object.assign(new Error('no'), { cause: { code: 'ECONNREFUSED', message: 'refused' } })";
    let reason = reason_of(refused).await;
    assert!(matches!(&reason, Reason::Unsent(_)), "{reason:?}");
    assert!(reason.to_string().contains("no: refused"), "{reason}");
}

#[wasm_bindgen_test]
async fn no_text_repeats_the_key() {
    for body in [
        format!("throw new Error('bad header {KEY}')"),
        format!("return new Response('key {KEY}', {{ status: 500 }})"),
        format!(
            "return new Response(JSON.stringify({{ type: 'x', message: 'key {KEY}' }}), {{ status: 400, headers: {{ 'x-request-id': '{KEY}' }} }})"
        ),
        "throw new Error(request.headers.get('x-auth-token'))".to_owned(),
    ] {
        let reason = reason_of(&body).await;
        assert!(!format!("{reason} {reason:?}").contains(KEY), "{reason:?}");
        assert!(format!("{reason:?}").contains("[secret]"), "{reason:?}");
    }
}
