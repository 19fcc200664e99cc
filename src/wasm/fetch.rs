//! One request: the injected `fetch`, raced against its timer, the caller's signal and the end of
//! the whole call. Whatever `fetch` does, the exchange ends.

use js_sys::{Array, Function, JsString, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::value::{describe, read};
use crate::flow::answer::{Answer, Body};
use crate::model::time::Millis;
use crate::wire::http::AnswerHeaders;
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(handler: &Function, millis: f64, argument: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;

    /// The `init` of `fetch`.
    pub(super) type Init;

    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_method(this: &Init, method: &str);
    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_headers(this: &Init, headers: &Object);
    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_body(this: &Init, body: &str);
    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_redirect(this: &Init, redirect: &str);
    #[wasm_bindgen(method, setter, structural)]
    fn set_signal(this: &Init, signal: &JsValue);

    /// The caller's signal: an `AbortSignal`, or anything that behaves like one.
    #[derive(Clone)]
    pub(super) type Signal;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn aborted(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn reason(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = addEventListener)]
    fn listener(this: &Signal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Signal, event: &str, listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal, event: &str, listener: &Function)
    -> Result<(), JsValue>;

    /// What `fetch` gives: a `Response`, or anything that behaves like one.
    type Reply;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &Reply) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &Reply) -> Result<Headers, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn text(this: &Reply) -> Result<JsValue, JsValue>;

    /// The headers of an answer.
    pub(super) type Headers;

    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;
}

impl Signal {
    /// Whether the caller has given up.
    pub(super) fn is_aborted(&self) -> bool {
        self.aborted().is_ok_and(|aborted| aborted.is_truthy())
    }

    /// Whether it can be asked and listened to.
    pub(super) fn is_usable(&self) -> bool {
        self.aborted().is_ok_and(|aborted| aborted.as_bool().is_some())
            && self.listener().is_ok_and(|listener| listener.is_function())
    }

    /// Why, in the caller's own words.
    pub(super) fn given_reason(&self) -> JsValue {
        self.reason().unwrap_or(JsValue::UNDEFINED)
    }
}

/// Watches over one exchange: ends it when its time is up, when the caller's signal says so, or when
/// the whole call is over. It leaves no timer and no listener behind.
pub(super) struct Watch {
    interrupted: Promise,
    interrupt: Function,
    /// What an interruption resolves with. No `fetch` can give this very object.
    mark: JsValue,
    signal: Option<Signal>,
    timer: Option<JsValue>,
    controller: Option<AbortController>,
}

/// Why an exchange gave no answer.
pub(super) enum Broken {
    /// The timer, the caller's signal or the end of the call.
    Interrupted,
    /// `fetch` threw or rejected, with this.
    Threw(JsValue),
    /// What `fetch` gave is no answer.
    Unreadable(&'static str),
}

/// What one request brought.
pub(super) struct Exchange {
    /// As far as the machine sees it.
    pub(super) answer: Answer,
    /// The parsed body, if it is JSON.
    pub(super) body: JsValue,
    /// The headers as they came.
    pub(super) headers: JsValue,
}

impl Watch {
    /// Begins to watch.
    pub(super) fn start(timeout: Millis, signal: Option<Signal>) -> Self {
        let mut interrupt = Function::default();
        let interrupted = Promise::new(&mut |resolve, _| interrupt = resolve);
        let mark: JsValue = Object::new().into();
        let timer = set_timeout(&interrupt, timeout.0 as f64, &mark).ok();
        if let Some(signal) = &signal {
            let _ = signal.add_event_listener("abort", &interrupt);
        }
        let controller = AbortController::new().ok();
        Self { interrupted, interrupt, mark, signal, timer, controller }
    }

    /// Ends the exchange from outside.
    pub(super) fn interrupt(&self) {
        // A promise's own resolver does not throw.
        let _ = self.interrupt.call1(&JsValue::UNDEFINED, &self.mark);
    }

    /// Whether the caller has given up.
    pub(super) fn is_aborted(&self) -> bool {
        self.signal.as_ref().is_some_and(Signal::is_aborted)
    }

    /// What a call into JavaScript gives, or what its promise settles with.
    pub(super) async fn settle(
        &self,
        called: Result<JsValue, JsValue>,
    ) -> Result<JsValue, Broken> {
        let promise = Promise::resolve(&called.map_err(Broken::Threw)?);
        let race = Promise::race(&Array::of2(&promise, &self.interrupted));
        let settled = JsFuture::from(race).await;
        if self.is_aborted() || settled.as_ref().is_ok_and(|value| *value == self.mark) {
            if let Some(controller) = &self.controller {
                controller.abort();
            }
            return Err(Broken::Interrupted);
        }
        settled.map_err(Broken::Threw)
    }

    /// Sends a request and reads the answer.
    pub(super) async fn exchange(
        &self,
        fetch: &Function,
        url: &str,
        init: &Init,
        reads_body: bool,
    ) -> Result<Exchange, Broken> {
        if let Some(controller) = &self.controller {
            init.set_signal(&controller.signal());
        }
        let sent = fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(url), init.as_ref());
        let reply = self.settle(sent).await?;
        let reply: &Reply = reply.unchecked_ref();
        let status = reply.status().ok().and_then(|status| status.as_f64()).unwrap_or_default();
        if !(100.0..1000.0).contains(&status) || status.fract() != 0.0 {
            return Err(Broken::Unreadable(
                "fetch gave a redirection, or something that is no Response",
            ));
        }
        let status = status as u16;
        let headers = reply.headers().map_err(Broken::Threw)?;
        let text = self.settle(reply.text()).await?;
        if !text.is_string() {
            return Err(Broken::Unreadable("the text() of what fetch gave is no string"));
        }
        let reads = reads_body || !(200..300).contains(&status);
        let (body, json) = read_body(text.unchecked_ref(), reads);
        let answer = Answer { status, headers: answer_headers(&headers, status), body };
        Ok(Exchange { answer, body: json, headers: headers.into() })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            let _ = clear_timeout(timer);
        }
        if let Some(signal) = &self.signal {
            let _ = signal.remove_event_listener("abort", &self.interrupt);
        }
    }
}

fn read_body(text: &JsString, reads: bool) -> (Body, JsValue) {
    const EXCERPT_UNITS: u32 = 400;
    if let Ok(json) = parse_json(text) {
        let body = if reads { Body::Json(read(&json).unwrap_or(Value::Null)) } else { Body::Unread };
        return (body, json);
    }
    let body = if text.trim().length() == 0 {
        Body::Empty
    } else {
        Body::Text(text.slice(0, EXCERPT_UNITS).into())
    };
    (body, JsValue::UNDEFINED)
}

fn answer_headers(headers: &Headers, status: u16) -> AnswerHeaders {
    let get = |name| headers.get(name).ok().and_then(|value| value.as_string());
    let refused = status >= 300;
    AnswerHeaders {
        request_id: get("x-request-id"),
        retry_after: refused.then(|| get("retry-after")).flatten(),
        retry_after_ms: refused.then(|| get("retry-after-ms")).flatten(),
    }
}

/// Why there was no answer, in words that hold no secret.
pub(super) fn in_words(thrown: &JsValue, secrets: &[String]) -> String {
    let mut words = describe(thrown);
    for secret in secrets {
        words = words.replace(secret.as_str(), "[secret]");
    }
    words
}
