//! The facade's edge: exchanges, sleeps, the caller's signal, and those who watch.
//!
//! It is written in TypeScript because it is all promises, listeners and things that may throw:
//! `docs/decisions/003-exchange-in-typescript.md` has the numbers. It neither throws nor rejects.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::value::read;
use crate::error::Error;
use crate::flow::response::{Body, Response};
use crate::model::time::Millis;
use crate::wire::calendar::parse_http_date;
use crate::wire::http::{Request, ResponseHeaders};
use crate::wire::retry_after;
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    /// What the facade does for the core. Each of the first three begins something, gives the
    /// function that ends it early, and tells how it ended by its number.
    #[derive(Clone)]
    pub type Edge;

    #[wasm_bindgen(method, structural, catch)]
    #[allow(clippy::too_many_arguments, reason = "an object for each exchange would cost more")]
    fn exchange(
        this: &Edge,
        url: &str,
        method: &str,
        headers: &Object,
        body: Option<&str>,
        timeout_ms: f64,
        number: u32,
        renews_key: bool,
        watched: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn sleep(this: &Edge, ms: f64, number: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn listen(this: &Edge, signal: &JsValue, number: u32) -> Result<JsValue, JsValue>;

    /// Whether somebody watches this call.
    #[wasm_bindgen(method, structural, catch)]
    fn watches(this: &Edge, on_event: &JsValue) -> Result<bool, JsValue>;
    /// Tells an event to whoever watches.
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn tell(this: &Edge, on_event: &JsValue, event: &Object) -> Result<(), JsValue>;
    /// What the rules need of the flexible IPs in a body.
    #[wasm_bindgen(method, structural, catch)]
    fn outline(this: &Edge, body: &JsValue) -> Result<JsValue, JsValue>;
    /// A clock that never goes back, in milliseconds.
    #[wasm_bindgen(method, structural, catch)]
    fn now(this: &Edge) -> Result<f64, JsValue>;

    /// How it ended.
    #[derive(Clone)]
    pub type Completion;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn how(this: &Completion) -> u32;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn method(this: &Completion) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn url(this: &Completion) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn status(this: &Completion) -> u16;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn headers(this: &Completion) -> Headers;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn body(this: &Completion) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn words(this: &Completion) -> JsValue;
    /// Whether it ended before anything was sent.
    #[wasm_bindgen(method, getter, structural)]
    fn unsent(this: &Completion) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn cause(this: &Completion) -> JsValue;

    /// The headers of an answer: whatever `fetch` gave, so that even reading them may throw.
    pub type Headers;

    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;
}

impl Edge {
    /// Whether somebody watches a call with this `onEvent`.
    pub(super) fn is_watched(&self, on_event: &JsValue) -> bool {
        self.watches(on_event).unwrap_or_default()
    }

    /// What time it is; where it counts from does not matter.
    pub(super) fn time(&self) -> Millis {
        Millis(self.now().unwrap_or_default() as u64)
    }
}

/// What is to be begun.
pub(super) enum Begin<'a> {
    Exchange {
        url: &'a str,
        request: &'a Request,
        headers: &'a Object,
        timeout: Millis,
        renews_key: bool,
        watched: &'a JsValue,
    },
    Sleep(Millis),
    Listen(&'a JsValue),
}

/// What was begun, by number. The facade tells the ends here: a promise for each, and the closures
/// to wait for it, would cost a fifth of a call.
pub(super) struct Begun {
    edge: Edge,
    last: Cell<u32>,
    waiting: RefCell<Vec<WaitRequest>>,
}

struct WaitRequest {
    number: u32,
    ending: Option<Completion>,
    waker: Option<Waker>,
}

impl Begun {
    pub(super) fn new(edge: Edge) -> Self {
        Self { edge, last: Cell::default(), waiting: RefCell::default() }
    }

    pub(super) const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Begins something: its number, and the function that ends it early.
    pub(super) fn begin(&self, what: &Begin<'_>) -> Result<(u32, JsValue), JsValue> {
        let number = self.last.get().wrapping_add(1);
        self.last.set(number);
        // It may end before it has begun.
        self.waiting.borrow_mut().push(WaitRequest { number, ending: None, waker: None });
        let stop = match what {
            Begin::Exchange { url, request, headers, timeout, renews_key, watched } => {
                self.edge.exchange(
                    url,
                    request.method.as_str(),
                    headers,
                    request.body.as_deref(),
                    timeout.0 as f64,
                    number,
                    *renews_key,
                    watched,
                )
            }
            Begin::Sleep(length) => self.edge.sleep(length.0 as f64, number),
            Begin::Listen(signal) => self.edge.listen(signal, number),
        };
        if stop.is_err() {
            self.forget(number);
        }
        stop.map(|stop| (number, stop))
    }

    /// Forgets what was begun: its end will not be waited for.
    pub(super) fn forget(&self, number: u32) {
        let mut waiting = self.waiting.borrow_mut();
        let place = waiting.iter().position(|one| one.number == number);
        let waker = place.and_then(|place| waiting.swap_remove(place).waker);
        drop(waiting);
        // Whoever waits is told that there is nothing to wait for.
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Tells how something ended.
    pub(super) fn tell(&self, number: u32, ending: Completion) {
        let waker = self.waiting.borrow_mut().iter_mut().find(|one| one.number == number).and_then(
            |waiting| {
                waiting.ending = Some(ending);
                waiting.waker.take()
            },
        );
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for an end; nothing if it was forgotten.
    pub(super) async fn end(&self, number: u32) -> Option<Completion> {
        poll_fn(|context| self.poll(number, context.waker())).await
    }

    fn poll(&self, number: u32, waker: &Waker) -> Poll<Option<Completion>> {
        let mut waiting = self.waiting.borrow_mut();
        let Some(place) = waiting.iter().position(|one| one.number == number) else {
            return Poll::Ready(None);
        };
        let Some(one) = waiting.get_mut(place) else { return Poll::Ready(None) };
        match one.ending.take() {
            Some(ending) => {
                waiting.swap_remove(place);
                Poll::Ready(Some(ending))
            }
            None => {
                one.waker = Some(waker.clone());
                Poll::Pending
            }
        }
    }
}

/// What the end of an exchange means to a machine.
pub(super) fn outcome(
    edge: &Edge,
    ending: &Completion,
    timeout: Millis,
    reads_body: bool,
) -> Result<Response, Error> {
    let error = match ending.how() {
        0 => return Ok(answer(edge, ending, reads_body)),
        2 => Error::Timeout(timeout),
        _ => Error::Connection(ending.words().as_string().unwrap_or_default()),
    };
    Err(if ending.unsent().is_truthy() { Error::Unsent(Box::new(error)) } else { error })
}

fn answer(edge: &Edge, ending: &Completion, reads_body: bool) -> Response {
    let status = ending.status();
    let refused = !(200..300).contains(&status);
    let json = ending.body();
    let body = if json.is_undefined() {
        let words = ending.words().as_string().unwrap_or_default();
        if words.trim().is_empty() { Body::Empty } else { Body::Text(words) }
    } else if refused {
        Body::Json(read(&json).unwrap_or(Value::Null))
    } else if reads_body {
        let outline = edge.outline(&json).unwrap_or_default();
        Body::Json(read(&outline).unwrap_or(Value::Null))
    } else {
        Body::Unread
    };
    let headers = if refused {
        refusal_headers(ending)
    } else if reads_body {
        ResponseHeaders { date: ending.date(), ..ResponseHeaders::default() }
    } else {
        // They are left with the facade.
        ResponseHeaders::default()
    };
    Response { status, headers, body }
}

fn refusal_headers(ending: &Completion) -> ResponseHeaders {
    let (millis, after) = (ending.header("retry-after-ms"), ending.header("retry-after"));
    let date = after.as_ref().and_then(|_| ending.header("date"));
    let retry_after = retry_after::read(millis.as_deref(), after.as_deref(), date.as_deref());
    ResponseHeaders { request_id: ending.request_id(), retry_after, date: None }
}

impl Completion {
    /// The answer's `X-Request-Id`.
    pub(super) fn request_id(&self) -> Option<String> {
        self.header("x-request-id")
    }

    fn date(&self) -> Option<u64> {
        parse_http_date(&self.header("date")?)
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers().get(name).ok()?.as_string()
    }
}
