//! What the edge was asked for and has not completed yet.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::edge::{Completion, Edge};
use crate::model::time::Millis;
use crate::wire::http::Request;

/// What the edge can be asked for.
pub(super) enum EdgeCall<'a> {
    /// One attempt at a request.
    Exchange {
        url: &'a str,
        request: &'a Request,
        headers: &'a Object,
        timeout: Millis,
        /// The time until the deadline of the call.
        time_left: Millis,
        renews_key: bool,
        /// The caller's signal, or `undefined`.
        signal: &'a JsValue,
        /// What the events of this exchange need; `undefined` without a listener.
        context: &'a JsValue,
    },
    /// A sleep of this length.
    Sleep(Millis),
    /// Listening for the abort of this signal.
    Listen(&'a JsValue),
}

/// The pending calls of the edge, by number. The facade reports completions under these numbers: a
/// promise and closures for each would cost a fifth of a client's call.
pub(super) struct PendingCalls {
    edge: Edge,
    last_number: Cell<u32>,
    calls: RefCell<Vec<PendingCall>>,
}

struct PendingCall {
    number: u32,
    completion: Option<Completion>,
    waker: Option<Waker>,
}

impl PendingCalls {
    pub(super) fn new(edge: Edge) -> Self {
        Self { edge, last_number: Cell::default(), calls: RefCell::default() }
    }

    pub(super) const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Starts a call of the edge. Returns its number and the function that ends it early.
    pub(super) fn start(&self, call: &EdgeCall<'_>) -> Result<(u32, JsValue), JsValue> {
        let number = self.last_number.get().wrapping_add(1);
        self.last_number.set(number);
        // Added first, because the call may complete before `exchange` returns.
        self.calls.borrow_mut().push(PendingCall { number, completion: None, waker: None });
        let stop = match call {
            EdgeCall::Exchange {
                url,
                request,
                headers,
                timeout,
                time_left,
                renews_key,
                signal,
                context,
            } => self.edge.exchange(
                url,
                request.method.as_str(),
                headers,
                request.body.as_deref(),
                timeout.0 as f64,
                time_left.0 as f64,
                number,
                *renews_key,
                signal,
                context,
            ),
            EdgeCall::Sleep(length) => self.edge.sleep(length.0 as f64, number),
            EdgeCall::Listen(signal) => self.edge.listen(signal, number),
        };
        if stop.is_err() {
            self.forget(number);
        }
        stop.map(|stop| (number, stop))
    }

    /// Removes a call. A task that waits for it gets `None`.
    pub(super) fn forget(&self, number: u32) {
        let mut calls = self.calls.borrow_mut();
        let index = calls.iter().position(|call| call.number == number);
        let waker = index.and_then(|index| calls.swap_remove(index).waker);
        drop(calls);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Sets the completion of a call and wakes the task that waits for it. Ignores numbers that are
    /// not pending.
    pub(super) fn complete(&self, number: u32, completion: Completion) {
        let waker = self.calls.borrow_mut().iter_mut().find(|call| call.number == number).and_then(
            |call| {
                call.completion = Some(completion);
                call.waker.take()
            },
        );
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for the completion of a call; `None` if it was forgotten.
    pub(super) async fn wait(&self, number: u32) -> Option<Completion> {
        poll_fn(|context| self.poll(number, context.waker())).await
    }

    fn poll(&self, number: u32, waker: &Waker) -> Poll<Option<Completion>> {
        let mut calls = self.calls.borrow_mut();
        let Some(index) = calls.iter().position(|call| call.number == number) else {
            return Poll::Ready(None);
        };
        let Some(call) = calls.get_mut(index) else { return Poll::Ready(None) };
        match call.completion.take() {
            Some(completion) => {
                calls.swap_remove(index);
                Poll::Ready(Some(completion))
            }
            None => {
                call.waker = Some(waker.clone());
                Poll::Pending
            }
        }
    }
}
