//! The bindings to `js/transport/edge.ts`: exchanges, sleeps, the caller's signal, and listeners.
//!
//! The other side is TypeScript because it consists of promises, listeners and calls that may throw:
//! `docs/decisions/003-exchange-in-typescript.md` has the measurements. It neither throws nor rejects.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::model::time::Millis;
use crate::wire::calendar::parse_http_date;

#[wasm_bindgen]
extern "C" {
    /// What the core calls. `exchange`, `sleep` and `listen` return the function that ends them early,
    /// and report their completion under the number that they were given.
    #[derive(Clone)]
    pub type Edge;

    #[wasm_bindgen(method, structural, catch)]
    #[allow(clippy::too_many_arguments, reason = "an object for each exchange would cost more")]
    pub(super) fn exchange(
        this: &Edge,
        url: &str,
        method: &str,
        headers: &Object,
        body: Option<&str>,
        timeout_ms: f64,
        time_left_ms: f64,
        number: u32,
        renews_key: bool,
        signal: &JsValue,
        context: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn sleep(this: &Edge, ms: f64, number: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn listen(this: &Edge, signal: &JsValue, number: u32) -> Result<JsValue, JsValue>;

    /// Whether a signal is aborted.
    #[wasm_bindgen(method, structural, catch, js_name = isAborted)]
    fn is_aborted_now(this: &Edge, signal: &JsValue) -> Result<bool, JsValue>;

    /// Whether the client or the call has a listener for events.
    #[wasm_bindgen(method, structural, catch, js_name = hasListener)]
    fn has_listener(this: &Edge, on_event: &JsValue) -> Result<bool, JsValue>;
    /// Emits an event to the listeners of the client and of the call.
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn emit(this: &Edge, on_event: &JsValue, event: &Object) -> Result<(), JsValue>;
    /// Reduces a body to the fields that the rules read.
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn outline(this: &Edge, body: &JsValue) -> Result<JsValue, JsValue>;
    /// The time of a clock that never goes back, in milliseconds.
    #[wasm_bindgen(method, structural, catch)]
    fn now(this: &Edge) -> Result<f64, JsValue>;

    /// The function that ends an exchange early, with two more. A sleep's does not have them.
    pub(super) type Stop;

    /// Whether `fetch` was called.
    #[wasm_bindgen(method, structural, catch, js_name = isSent)]
    fn is_sent(this: &Stop) -> Result<bool, JsValue>;
    /// Moves the deadline of the call by this many milliseconds.
    #[wasm_bindgen(method, structural, catch)]
    fn extend(this: &Stop, by_ms: f64) -> Result<(), JsValue>;

    /// How an exchange, a sleep or the listening for an abort ended: `js/transport/completion.ts`.
    #[derive(Clone)]
    pub type Completion;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn kind(this: &Completion) -> u32;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn status(this: &Completion) -> u16;
    #[wasm_bindgen(method, getter, structural)]
    fn headers(this: &Completion) -> Headers;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn body(this: &Completion) -> JsValue;
    /// The beginning of a body that is not JSON, or the message of what broke the exchange.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn text(this: &Completion) -> JsValue;
    /// How long the response was waited for, in milliseconds. Only where the timeout passed.
    #[wasm_bindgen(method, getter, structural, js_name = limitMs)]
    pub(super) fn limit_ms(this: &Completion) -> JsValue;
    /// Whether it is certain that the request was not sent.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn unsent(this: &Completion) -> JsValue;
    /// Whether `fetch` was not called.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn withheld(this: &Completion) -> JsValue;
    /// A copy of what `fetch` threw.
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn cause(this: &Completion) -> JsValue;

    /// The headers of a response. They come from the caller's `fetch`, so reading them may throw.
    pub type Headers;

    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;
}

impl Edge {
    /// Whether a call with this `onEvent` has a listener, its own or the client's.
    pub(super) fn is_listening(&self, on_event: &JsValue) -> bool {
        self.has_listener(on_event).unwrap_or_default()
    }

    /// Whether a call with this signal is aborted.
    pub(super) fn is_aborted(&self, signal: &JsValue) -> bool {
        !signal.is_undefined() && self.is_aborted_now(signal).unwrap_or_default()
    }

    /// The current time. Only differences of two such times have a meaning.
    pub(super) fn time(&self) -> Millis {
        Millis(self.now().unwrap_or_default() as u64)
    }
}

impl Stop {
    /// Whether this is an exchange for which `fetch` was not called yet.
    pub(super) fn is_unsent(&self) -> bool {
        self.is_sent().is_ok_and(|is_sent| !is_sent)
    }

    /// Moves the deadline of an exchange.
    pub(super) fn extend_by(&self, by: Millis) {
        let _ = self.extend(by.0 as f64);
    }
}

// The numbers of `CompletionKind` in js/transport/completion.ts.
const ANSWERED: u32 = 0;
const ABORTED: u32 = 3;

impl Completion {
    /// Whether the exchange ended because of the caller's abort.
    pub(super) fn is_aborted(&self) -> bool {
        self.kind() == ABORTED
    }

    /// Whether the response has the status of a success.
    pub(super) fn is_success(&self) -> bool {
        self.kind() == ANSWERED && (200..300).contains(&self.status())
    }

    /// The response's `X-Request-Id`.
    pub(super) fn request_id(&self) -> Option<String> {
        self.header("x-request-id")
    }

    /// The response's `Date`, in seconds since the epoch.
    pub(super) fn date(&self) -> Option<u64> {
        parse_http_date(&self.header("date")?)
    }

    /// A header of the response, if it can be read.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.headers().get(name).ok()?.as_string()
    }
}
