//! One request, carried out by the facade's `exchange`: the injected `fetch`, its timer, its signal.
//!
//! It is written in TypeScript because it is all promises, listeners and things that may throw:
//! `docs/decisions/003-exchange-in-typescript.md` has the numbers. It never rejects.

use js_sys::{Function, JsString, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::value::read;
use crate::error::Error;
use crate::flow::answer::{Answer, Body};
use crate::model::time::Millis;
use crate::wire::http::{AnswerHeaders, Request};
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    /// An exchange on its way.
    #[derive(Clone)]
    pub(super) type Handle;

    #[wasm_bindgen(method, getter, structural)]
    fn ended(this: &Handle) -> Promise;
    /// Ends it early.
    #[wasm_bindgen(method, structural)]
    pub(super) fn stop(this: &Handle);

    /// How it ended.
    pub(super) type Ending;

    #[wasm_bindgen(method, getter, structural)]
    fn how(this: &Ending) -> u32;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn status(this: &Ending) -> u16;
    #[wasm_bindgen(method, getter, structural)]
    fn headers(this: &Ending) -> Headers;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn body(this: &Ending) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn words(this: &Ending) -> JsString;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn cause(this: &Ending) -> JsValue;

    /// The headers of an answer: whatever `fetch` gave, so that even reading them may throw.
    type Headers;

    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;
}

/// Begins an exchange.
pub(super) fn begin(
    exchange: &Function,
    url: &str,
    request: &Request,
    headers: &Object,
    timeout: Millis,
    signal: &JsValue,
) -> Result<Handle, JsValue> {
    let body = request.body.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
    exchange
        .call6(
            &JsValue::UNDEFINED,
            &JsValue::from_str(url),
            &JsValue::from_str(request.method.as_str()),
            headers,
            &body,
            &JsValue::from_f64(timeout.0 as f64),
            signal,
        )
        .map(JsCast::unchecked_into)
}

/// Waits for its end.
pub(super) async fn end(handle: &Handle) -> Result<Ending, JsValue> {
    JsFuture::from(handle.ended()).await.map(JsCast::unchecked_into)
}

/// What an end means to a machine.
pub(super) fn outcome(ending: &Ending, timeout: Millis, reads_body: bool) -> Result<Answer, Error> {
    match ending.how() {
        0 => Ok(answer(ending, reads_body)),
        2 => Err(Error::Timeout(timeout)),
        3 => Err(Error::Aborted),
        _ => Err(Error::Connection(ending.words().into())),
    }
}

fn answer(ending: &Ending, reads_body: bool) -> Answer {
    let status = ending.status();
    let refused = !(200..300).contains(&status);
    let json = ending.body();
    let body = if json.is_undefined() {
        let words: String = ending.words().into();
        if words.trim().is_empty() { Body::Empty } else { Body::Text(words) }
    } else if reads_body || refused {
        Body::Json(read(&json).unwrap_or(Value::Null))
    } else {
        Body::Unread
    };
    // A success's headers are left with the facade.
    let headers = if refused { ending.answer_headers() } else { AnswerHeaders::default() };
    Answer { status, headers, body }
}

impl Ending {
    /// The answer's `X-Request-Id`.
    pub(super) fn request_id(&self) -> Option<String> {
        self.header("x-request-id")
    }

    fn answer_headers(&self) -> AnswerHeaders {
        AnswerHeaders {
            request_id: self.request_id(),
            retry_after: self.header("retry-after"),
            retry_after_ms: self.header("retry-after-ms"),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers().get(name).ok()?.as_string()
    }
}
