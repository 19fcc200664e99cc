//! Drives one machine: carries out its commands, passes it the inputs, and settles its promise.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::connection::Connection;
use super::edge::{Completion, Stop};
use super::events;
use super::pending::EdgeCall;
use super::plain::{get, item, put, put_text};
use super::reports;
use super::response::response_of;
use crate::error::Error;
use crate::flow::small_map::SmallMap;
use crate::flow::{
    BodyReading, BodyRef, CallFailure, Command, Input, Leaving, Machine, Outcome, SendRequest,
    Success, Tag,
};
use crate::model::time::Millis;

#[wasm_bindgen]
extern "C" {
    /// What the promise resolves with: a completion, and the number of attempts.
    type JsOutcome;

    #[wasm_bindgen(method, setter, structural)]
    fn set_attempts(this: &JsOutcome, attempts: u32);
}

/// What a call needs besides its machine.
pub(super) struct Call {
    pub(super) connection: Rc<Connection>,
    /// The headers of this call.
    pub(super) headers: Vec<(String, String)>,
    /// The caller's signal, or `undefined`.
    pub(super) signal: JsValue,
    /// The call's own listener, or `undefined`.
    pub(super) on_event: JsValue,
    /// Receives the pages of a walk.
    pub(super) on_page: Option<Function>,
}

/// The driver of one machine.
pub(super) struct Driver {
    call: Call,
    machine: RefCell<Box<dyn Machine>>,
    /// The exchanges and sleeps that are pending: the tag, the number, and the function that ends it.
    pending: RefCell<Vec<(Tag, u32, JsValue)>>,
    /// The latest end of a sleep or of a timeout: the time is not before it, even if the host's clock
    /// stands still. Else a machine that waits for a moment would sleep again and again.
    earliest_now: Cell<Millis>,
    /// The responses whose bodies the machine may refer to.
    responses: RefCell<SmallMap<Tag, Completion>>,
    /// The last completion of each other request, for the errors that name its exchange.
    exchanges: RefCell<SmallMap<Tag, Completion>>,
    has_listener: bool,
    /// The listening for an abort: its number, and the function that ends it.
    listening: Cell<Option<(u32, JsValue)>>,
    /// Whether the machine knows of the abort.
    is_aborted: Cell<bool>,
    is_settled: Cell<bool>,
    resolve: Function,
    reject: Function,
}

/// Runs a machine; returns the promise of its result.
pub(super) fn run(call: Call, machine: Box<dyn Machine>) -> Promise {
    start(call, machine).0
}

/// Starts a machine; returns the promise of its result, and the driver for further inputs.
pub(super) fn start(call: Call, machine: Box<dyn Machine>) -> (Promise, Option<Rc<Driver>>) {
    let mut settlers = None;
    let promise = Promise::new(&mut |resolve, reject| settlers = Some((resolve, reject)));
    let driver = settlers.map(|(resolve, reject)| {
        let has_listener = call.connection.edge().is_listening(&call.on_event);
        let driver = Rc::new(Driver {
            call,
            machine: RefCell::new(machine),
            pending: RefCell::default(),
            earliest_now: Cell::default(),
            responses: RefCell::default(),
            exchanges: RefCell::default(),
            is_aborted: Cell::new(false),
            has_listener,
            listening: Cell::default(),
            is_settled: Cell::new(false),
            resolve,
            reject,
        });
        driver.begin();
        driver
    });
    (promise, driver)
}

impl Driver {
    fn begin(self: &Rc<Self>) {
        if self.call.signal.is_undefined() {
            return self.on(Input::Started, None);
        }
        let started = self.call.connection.pending().start(&EdgeCall::Listen(&self.call.signal));
        match started {
            // The signal is aborted already: nothing is sent.
            Ok((number, unlisten)) if unlisten.is_undefined() => {
                self.call.connection.pending().forget(number);
                self.abort(None);
            }
            Ok((number, unlisten)) => {
                self.listening.set(Some((number, unlisten)));
                let driver = Rc::clone(self);
                spawn_local(async move {
                    if driver.call.connection.pending().wait(number).await.is_some() {
                        driver.abort(None);
                    }
                });
                self.on(Input::Started, None);
            }
            Err(_) => self.on(Input::Started, None),
        }
    }

    /// Passes an input to the machine and carries out its commands. `last` is the completion that
    /// caused the input; the result may refer to it.
    pub(super) fn on(self: &Rc<Self>, input: Input, last: Option<&Completion>) {
        // The completion of an abort comes a moment after the abort, and other inputs in that moment.
        if self.call.connection.edge().is_aborted(&self.call.signal) {
            self.abort(None);
        }
        self.pass(input, last);
    }

    /// Passes the abort to the machine, once. `unsent` is a request that ended by it before it was sent.
    fn abort(self: &Rc<Self>, unsent: Option<Tag>) {
        if !self.is_aborted.replace(true) {
            let tags = self.unsent().into_iter().chain(unsent).collect();
            self.pass(Input::Unsent { tags }, None);
            self.pass(Input::Aborted, None);
        }
    }

    /// The requests that wait for a slot or a key.
    fn unsent(&self) -> Vec<Tag> {
        let pending = self.pending.borrow();
        let unsent = pending.iter().filter(|(_, _, stop)| stop.unchecked_ref::<Stop>().is_unsent());
        unsent.map(|(tag, _, _)| *tag).collect()
    }

    /// The report for a caller that stops waiting for this call; `undefined` if the call is over.
    pub(super) fn leave(self: &Rc<Self>, leaving: Leaving) -> JsValue {
        if self.is_settled.get() {
            return JsValue::UNDEFINED;
        }
        self.pass(Input::Unsent { tags: self.unsent() }, None);
        let now = self.now();
        let failed = self.machine.try_borrow().ok().and_then(|call| call.on_leaving(leaving, now));
        failed.map_or(JsValue::UNDEFINED, |failed| self.report(&failed, None))
    }

    /// Moves the deadline: another caller, who has more time, waits for the result as well.
    pub(super) fn extend(self: &Rc<Self>, by: Millis) {
        for (_, _, stop) in self.pending.borrow().iter() {
            stop.unchecked_ref::<Stop>().extend_by(by);
        }
        self.pass(Input::Extended { by }, None);
    }

    fn pass(self: &Rc<Self>, input: Input, last: Option<&Completion>) {
        if self.is_settled.get() {
            return;
        }
        let now = self.now();
        // The machine does not call the driver, so it is not borrowed here.
        let commands = match self.machine.try_borrow_mut() {
            Ok(mut machine) => machine.on(input, now),
            Err(_) => Vec::new(),
        };
        for command in commands {
            match command {
                Command::Send(request) => self.send(&request),
                Command::Sleep { tag, length } => self.sleep(tag, length),
                Command::Cancel { tag } => self.cancel(tag),
                Command::DeliverPage { tag, items } => self.deliver_page(tag, &items),
                Command::Emit(event) => {
                    if self.has_listener {
                        events::emit(self.call.connection.edge(), &self.call.on_event, &event);
                    }
                }
                Command::Done(result) => self.settle(result, last),
            }
        }
    }

    fn now(&self) -> Millis {
        self.call.connection.edge().time().max(self.earliest_now.get())
    }

    /// Sets that this much time has passed since `start`.
    fn has_passed(&self, start: Millis, length: Millis) {
        let end = Millis(start.0.saturating_add(length.0));
        self.earliest_now.set(self.earliest_now.get().max(end));
    }

    /// Ends the call without a result: the caller has stopped reading the pages.
    pub(super) fn stop(&self) {
        if !self.is_settled.replace(true) {
            self.clear();
            let _ = self.resolve.call0(&JsValue::UNDEFINED);
        }
    }

    fn send(self: &Rc<Self>, send: &SendRequest) {
        let Call { connection, headers, on_event, signal, .. } = &self.call;
        let SendRequest { tag, request, time_left, reading, renews_key, .. } = send;
        let (tag, timeout, reading) = (*tag, send.attempt_timeout, *reading);
        let has_body = request.body.is_some();
        let own = (has_body || !headers.is_empty()).then(|| {
            let own = Object::assign(&Object::new(), connection.headers());
            if has_body {
                put_text(&own, "Content-Type", "application/json");
            }
            headers.iter().for_each(|(name, value)| put_text(&own, name, value));
            own
        });
        let headers = own.as_ref().unwrap_or(connection.headers());
        let url = &[connection.base_url(), &request.target()].concat();
        let context = if self.has_listener {
            events::exchange_context(send, on_event)
        } else {
            JsValue::UNDEFINED
        };
        let call = EdgeCall::Exchange {
            url,
            request,
            headers,
            timeout,
            time_left: *time_left,
            renews_key: *renews_key,
            signal,
            context: &context,
        };
        // The facade's `exchange` does not throw. If it did, the call would still end.
        let Ok((number, stop)) = connection.pending().start(&call) else {
            let outcome = Err(Error::Connection("the exchange failed".to_owned()));
            return self.on(Input::Responded { tag, outcome }, None);
        };
        let start = self.now();
        self.pending.borrow_mut().push((tag, number, stop));
        let driver = Rc::clone(self);
        spawn_local(async move {
            let Some(completion) = driver.wait(number).await else { return };
            if completion.is_aborted() {
                return driver.abort(completion.withheld().is_truthy().then_some(tag));
            }
            if let Some(limit) = completion.limit_ms().as_f64() {
                driver.has_passed(start, Millis(limit as u64));
            }
            let edge = driver.call.connection.edge();
            let outcome = response_of(edge, &completion, timeout, reading);
            if completion.is_success() && reading != BodyReading::None {
                driver.exchanges.borrow_mut().remove(tag);
                driver.responses.borrow_mut().insert(tag, completion.clone());
            } else {
                driver.exchanges.borrow_mut().insert(tag, completion.clone());
            }
            driver.on(Input::Responded { tag, outcome }, Some(&completion));
        });
    }

    fn sleep(self: &Rc<Self>, tag: Tag, length: Millis) {
        let start = self.now();
        let started = self.call.connection.pending().start(&EdgeCall::Sleep(length));
        let Ok((number, stop)) = started else { return self.on(Input::Woke { tag }, None) };
        self.pending.borrow_mut().push((tag, number, stop));
        let driver = Rc::clone(self);
        spawn_local(async move {
            if driver.wait(number).await.is_some() {
                driver.has_passed(start, length);
                driver.on(Input::Woke { tag }, None);
            }
        });
    }

    /// Waits for a completion; `None` if the exchange or sleep was cancelled.
    async fn wait(&self, number: u32) -> Option<Completion> {
        let completion = self.call.connection.pending().wait(number).await;
        self.pending.borrow_mut().retain(|(_, other, _)| *other != number);
        completion
    }

    fn cancel(&self, tag: Tag) {
        self.responses.borrow_mut().remove(tag);
        let cancelled: Vec<_> =
            self.pending.borrow_mut().extract_if(.., |(other, _, _)| *other == tag).collect();
        for (_, number, stop) in cancelled {
            self.end_early(number, &stop);
        }
    }

    fn end_early(&self, number: u32, stop: &JsValue) {
        // The facade's functions do not throw. The task that waits for the completion gets `None`.
        let _ = stop.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
        self.call.connection.pending().forget(number);
    }

    /// Passes these items of a response to `on_page`, as a page.
    fn deliver_page(&self, tag: Tag, items: &[usize]) {
        let Some(completion) = self.responses.borrow_mut().remove(tag) else { return };
        let list = get(&completion.body(), "flexible_ips");
        let items: Array = items.iter().map(|index| item(&list, *index)).collect();
        let outcome = outcome_from(&completion, 1);
        put(&outcome, "body", &page(&items, &get(&completion.body(), "total_count")));
        if let Some(on_page) = &self.call.on_page {
            let _ = on_page.call1(&JsValue::UNDEFINED, &outcome);
        }
    }

    fn settle(&self, result: Result<Success, CallFailure>, last: Option<&Completion>) {
        if self.is_settled.replace(true) {
            return;
        }
        // A promise's own functions do not throw.
        let _ = match result {
            Ok(success) => self.resolve.call1(&JsValue::UNDEFINED, &self.result(&success, last)),
            Err(failure) => self.reject.call1(&JsValue::UNDEFINED, &self.report(&failure, last)),
        };
        self.clear();
    }

    /// Ends everything that is pending, and drops the responses.
    fn clear(&self) {
        for (_, number, stop) in self.pending.take() {
            self.end_early(number, &stop);
        }
        // The task that waits for the abort holds this driver, so it has to end as well.
        if let Some((number, unlisten)) = self.listening.take() {
            self.end_early(number, &unlisten);
        }
        self.responses.take();
        self.exchanges.take();
    }

    fn result(&self, success: &Success, last: Option<&Completion>) -> JsValue {
        let attempts = success.attempts;
        match &success.outcome {
            Outcome::Response(_) | Outcome::Nothing => {
                let outcome = last.map_or_else(|| Object::new().into(), JsValue::from);
                outcome.unchecked_ref::<JsOutcome>().set_attempts(attempts);
                outcome
            }
            Outcome::Ip(body_ref) => {
                let outcome = self.outcome_at(Some(body_ref), attempts);
                put(&outcome, "body", &self.body(*body_ref));
                outcome.into()
            }
            Outcome::Ips(body_refs) => {
                let outcome = self.outcome_at(body_refs.first(), attempts);
                let items: Array = body_refs.iter().map(|one| self.body(*one)).collect();
                let total = JsValue::from_f64(body_refs.len() as f64);
                put(&outcome, "body", &page(&items, &total));
                outcome.into()
            }
            Outcome::Plan(plan) => plan
                .iter()
                .map(|step| JsValue::from(events::plan_step(step)))
                .collect::<Array>()
                .into(),
        }
    }

    /// The body of a flexible IP; `undefined` if its response is not there any more.
    fn body(&self, body_ref: BodyRef) -> JsValue {
        let responses = self.responses.borrow();
        let Some(completion) = responses.get(body_ref.tag) else { return JsValue::UNDEFINED };
        match body_ref.item {
            None => completion.body(),
            Some(index) => item(&get(&completion.body(), "flexible_ips"), index),
        }
    }

    /// An outcome from the response that holds a body.
    fn outcome_at(&self, body_ref: Option<&BodyRef>, attempts: u32) -> Object {
        let responses = self.responses.borrow();
        match body_ref.and_then(|body_ref| responses.get(body_ref.tag)) {
            Some(completion) => outcome_from(completion, attempts),
            None => Object::new(),
        }
    }

    fn report(&self, failure: &CallFailure, last: Option<&Completion>) -> JsValue {
        let named = failure.exchange.and_then(|tag| self.exchange(tag));
        let last = if failure.exchange.is_some() { named.as_ref() } else { last };
        let exchange = |tag| self.exchange(tag);
        let body = |body_ref| self.body(body_ref);
        let base_url = self.call.connection.base_url();
        let report = reports::flow_failure(failure, base_url, last, &exchange, &body);
        if failure.failure.error.code() == "aborted" {
            put(&report, "cause", &get(&self.call.signal, "reason"));
        }
        report.into()
    }

    /// The last completion of a request.
    fn exchange(&self, tag: Tag) -> Option<Completion> {
        let exchanges = self.exchanges.borrow();
        exchanges.get(tag).cloned().or_else(|| self.responses.borrow().get(tag).cloned())
    }
}

/// A copy of a completion with the number of attempts. The copy's body can be replaced.
fn outcome_from(completion: &Completion, attempts: u32) -> Object {
    let outcome = Object::assign(&Object::new(), completion.unchecked_ref());
    outcome.unchecked_ref::<JsOutcome>().set_attempts(attempts);
    outcome
}

/// A page in the form of the API's response.
fn page(items: &Array, total: &JsValue) -> Object {
    let page = Object::new();
    put(&page, "total_count", total);
    put(&page, "flexible_ips", items);
    page
}
