//! One request, carried out by the facade's `exchange`: the injected `fetch`, its timer, its signal.
//!
//! It is written in TypeScript because it is all promises, listeners and things that may throw:
//! `docs/decisions/003-exchange-in-typescript.md` has the numbers. It neither throws nor rejects.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::value::read;
use crate::error::Error;
use crate::flow::answer::{Answer, Body};
use crate::model::time::Millis;
use crate::wire::http::{AnswerHeaders, Request};
use crate::wire::value::Value;

#[wasm_bindgen]
extern "C" {
    /// How it ended.
    pub type Ending;

    #[wasm_bindgen(method, getter, structural)]
    fn how(this: &Ending) -> u32;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn status(this: &Ending) -> u16;
    #[wasm_bindgen(method, getter, structural)]
    fn headers(this: &Ending) -> Headers;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn body(this: &Ending) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn words(this: &Ending) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn cause(this: &Ending) -> JsValue;

    /// The headers of an answer: whatever `fetch` gave, so that even reading them may throw.
    type Headers;

    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;
}

/// The exchanges on their way, by number. The facade tells their ends here: a promise for each, and
/// the closures to wait for it, would cost a fifth of a call.
#[derive(Default)]
pub(super) struct Exchanges {
    last: Cell<u32>,
    waiting: RefCell<Vec<Waiting>>,
}

struct Waiting {
    exchange: u32,
    ending: Option<Ending>,
    waker: Option<Waker>,
}

impl Exchanges {
    /// Begins an exchange: its number, and the function that ends it early.
    pub(super) fn begin(
        &self,
        function: &Function,
        url: &str,
        request: &Request,
        headers: &Object,
        timeout: Millis,
        signal: &JsValue,
    ) -> Result<(u32, JsValue), JsValue> {
        let exchange = self.last.get().wrapping_add(1);
        self.last.set(exchange);
        // It may end before it has begun: the signal may be aborted already.
        self.waiting.borrow_mut().push(Waiting { exchange, ending: None, waker: None });
        let body = request.body.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
        let stop = function.call7(
            &JsValue::UNDEFINED,
            &JsValue::from_str(url),
            &JsValue::from_str(request.method.as_str()),
            headers,
            &body,
            &JsValue::from_f64(timeout.0 as f64),
            signal,
            &JsValue::from_f64(exchange.into()),
        );
        if stop.is_err() {
            self.waiting.borrow_mut().retain(|one| one.exchange != exchange);
        }
        stop.map(|stop| (exchange, stop))
    }

    /// Tells how an exchange ended.
    pub(super) fn tell(&self, exchange: u32, ending: Ending) {
        let waker =
            self.waiting.borrow_mut().iter_mut().find(|one| one.exchange == exchange).and_then(
                |waiting| {
                    waiting.ending = Some(ending);
                    waiting.waker.take()
                },
            );
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for the end of an exchange.
    pub(super) async fn end(&self, exchange: u32) -> Ending {
        poll_fn(|context| self.poll(exchange, context.waker())).await
    }

    fn poll(&self, exchange: u32, waker: &Waker) -> Poll<Ending> {
        let mut waiting = self.waiting.borrow_mut();
        for place in 0..waiting.len() {
            let Some(one) = waiting.get_mut(place).filter(|one| one.exchange == exchange) else {
                continue;
            };
            match one.ending.take() {
                Some(ending) => {
                    waiting.swap_remove(place);
                    return Poll::Ready(ending);
                }
                None => one.waker = Some(waker.clone()),
            }
        }
        Poll::Pending
    }
}

/// What an end means to a machine.
pub(super) fn outcome(ending: &Ending, timeout: Millis, reads_body: bool) -> Result<Answer, Error> {
    match ending.how() {
        0 => Ok(answer(ending, reads_body)),
        2 => Err(Error::Timeout(timeout)),
        3 => Err(Error::Aborted),
        _ => Err(Error::Connection(ending.words().as_string().unwrap_or_default())),
    }
}

fn answer(ending: &Ending, reads_body: bool) -> Answer {
    let status = ending.status();
    let refused = !(200..300).contains(&status);
    let json = ending.body();
    let body = if json.is_undefined() {
        let words = ending.words().as_string().unwrap_or_default();
        if words.trim().is_empty() { Body::Empty } else { Body::Text(words) }
    } else if reads_body || refused {
        Body::Json(read(&json).unwrap_or(Value::Null))
    } else {
        Body::Unread
    };
    // A success's headers are left with the facade.
    let headers = AnswerHeaders { request_id: refused.then(|| ending.request_id()).flatten() };
    Answer { status, headers, body }
}

impl Ending {
    /// The answer's `X-Request-Id`.
    pub(super) fn request_id(&self) -> Option<String> {
        self.headers().get("x-request-id").ok()?.as_string()
    }
}
