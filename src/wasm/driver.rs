//! Drives one machine: carries its steps out, tells it what came of them, settles its promise.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::client::Connection;
use super::fetch::{Broken, Exchange, Init, Signal, Watch, in_words};
use super::types::{FailureReport, plain};
use crate::error::{Error, Failure};
use crate::flow::operation::OperationFlow;
use crate::flow::{Finished, Input, Step, Tag};
use crate::model::time::Millis;
use crate::ops::settings::is_credential;
use crate::wire::http::Request;

#[wasm_bindgen]
extern "C" {
    /// What the facade gets of a success.
    type Outcome;

    #[wasm_bindgen(method, setter, structural)]
    fn set_body(this: &Outcome, body: &JsValue);
    #[wasm_bindgen(method, setter, structural)]
    fn set_status(this: &Outcome, status: u16);
    #[wasm_bindgen(method, setter, structural)]
    fn set_headers(this: &Outcome, headers: &JsValue);
    #[wasm_bindgen(method, setter, structural)]
    fn set_attempts(this: &Outcome, attempts: u32);
    #[wasm_bindgen(method, setter, structural, js_name = requestId)]
    fn set_request_id(this: &Outcome, request_id: &str);

    /// What the facade gets of a failure, beside the report.
    type Report;

    #[wasm_bindgen(method, setter, structural)]
    fn set_cause(this: &Report, cause: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = body)]
    fn set_refusal(this: &Report, body: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = status)]
    fn set_refusal_status(this: &Report, status: u16);
    #[wasm_bindgen(method, setter, structural, js_name = requestId)]
    fn set_refusal_id(this: &Report, request_id: &str);
}

/// What one call needs besides its machine.
pub(super) struct Call {
    pub(super) connection: Rc<Connection>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Millis,
    pub(super) signal: Option<Signal>,
}

/// What came for a tag, for whoever needs more of it than the machine.
enum Kept {
    Nothing,
    Answer(Exchange),
    Thrown(JsValue),
}

struct Run {
    call: Call,
    machine: RefCell<OperationFlow>,
    watches: RefCell<Vec<Rc<Watch>>>,
    kept: RefCell<Kept>,
    settled: Cell<bool>,
    resolve: Function,
    reject: Function,
}

/// Runs a machine to its end.
pub(super) fn run(call: Call, machine: OperationFlow) -> Promise {
    let mut settlers = None;
    let promise = Promise::new(&mut |resolve, reject| settlers = Some((resolve, reject)));
    if let Some((resolve, reject)) = settlers {
        let run = Rc::new(Run {
            call,
            machine: RefCell::new(machine),
            watches: RefCell::default(),
            kept: RefCell::new(Kept::Nothing),
            settled: Cell::new(false),
            resolve,
            reject,
        });
        run.tell(Input::Started, Kept::Nothing);
    }
    promise
}

impl Run {
    fn tell(self: &Rc<Self>, input: Input, kept: Kept) {
        if self.settled.get() {
            return;
        }
        self.kept.replace(kept);
        // The machine is never told anything while it is thinking, so it is never borrowed here.
        let steps = match self.machine.try_borrow_mut() {
            Ok(mut machine) => machine.on(input),
            Err(_) => Vec::new(),
        };
        for step in steps {
            match step {
                Step::Send { tag, request, reads_body } => {
                    spawn_local(Rc::clone(self).send(tag, request, reads_body));
                }
                Step::Done(result) => self.settle(result),
            }
        }
    }

    async fn send(self: Rc<Self>, tag: Tag, request: Request, reads_body: bool) {
        let watch = Rc::new(Watch::start(self.call.timeout, self.call.signal.clone()));
        self.watches.borrow_mut().push(Rc::clone(&watch));
        let sent = self.exchange(&watch, &request, reads_body).await;
        let (outcome, kept) = match sent {
            Ok(exchange) => (Ok(exchange.answer.clone()), Kept::Answer(exchange)),
            Err(Broken::Threw(thrown)) => {
                let words = in_words(&thrown, &self.call.connection.secrets());
                (Err(Error::Connection(words)), Kept::Thrown(thrown))
            }
            Err(Broken::Unreadable(why)) => (Err(Error::Connection(why.to_owned())), Kept::Nothing),
            Err(Broken::Interrupted) if watch.is_aborted() => (Err(Error::Aborted), Kept::Nothing),
            Err(Broken::Interrupted) => (Err(Error::Timeout(self.call.timeout)), Kept::Nothing),
        };
        self.tell(Input::Answered { tag, outcome }, kept);
    }

    async fn exchange(
        &self,
        watch: &Watch,
        request: &Request,
        reads_body: bool,
    ) -> Result<Exchange, Broken> {
        if watch.is_aborted() {
            return Err(Broken::Interrupted);
        }
        let connection = &self.call.connection;
        let fetch = connection
            .fetch()
            .ok_or(Broken::Unreadable("there is no fetch here; give one in the client's options"))?;
        let init = self.init(watch, request).await?;
        let url = [connection.base_url(), &request.target()].concat();
        watch.exchange(&fetch, &url, &init, reads_body).await
    }

    /// The `init` of `fetch`, credentials included.
    async fn init(&self, watch: &Watch, request: &Request) -> Result<Init, Broken> {
        let headers = self.call.connection.headers();
        if let Some(function) = self.call.connection.secret_function() {
            let key = watch.settle(function.call0(&JsValue::UNDEFINED)).await?;
            let key = key
                .as_string()
                .filter(|key| is_credential(key))
                .ok_or(Broken::Unreadable("the function secretKey gave no key"))?;
            set(&headers, "X-Auth-Token", &key);
            self.call.connection.remember(key);
        }
        for (name, value) in &self.call.headers {
            set(&headers, name, value);
        }
        let init: Init = Object::new().unchecked_into();
        init.set_method(request.method.as_str());
        if let Some(body) = &request.body {
            set(&headers, "Content-Type", "application/json");
            init.set_body(body);
        }
        init.set_headers(&headers);
        // Followed, a redirection could carry the key to another host.
        init.set_redirect("manual");
        Ok(init)
    }

    fn settle(&self, result: Result<Finished, Failure>) {
        self.settled.set(true);
        for watch in self.watches.take() {
            watch.interrupt();
        }
        let kept = self.kept.replace(Kept::Nothing);
        // A promise's own functions do not throw.
        let _ = match result {
            Ok(finished) => self.resolve.call1(&JsValue::UNDEFINED, &outcome(&finished, kept)),
            Err(failure) => self.reject.call1(&JsValue::UNDEFINED, &self.report(&failure, kept)),
        };
    }

    fn report(&self, failure: &Failure, kept: Kept) -> JsValue {
        let report = plain(FailureReport::new(failure, self.call.connection.base_url()));
        let extra: &Report = report.unchecked_ref();
        match kept {
            Kept::Answer(exchange) => {
                extra.set_refusal(&exchange.body);
                extra.set_refusal_status(exchange.answer.status);
                if let Some(id) = &exchange.answer.headers.request_id {
                    extra.set_refusal_id(id);
                }
            }
            Kept::Thrown(thrown) => extra.set_cause(&thrown),
            Kept::Nothing => {}
        }
        if let (Error::Aborted, Some(signal)) = (&failure.error, &self.call.signal) {
            extra.set_cause(&signal.given_reason());
        }
        report
    }
}

fn outcome(finished: &Finished, kept: Kept) -> JsValue {
    let outcome: Outcome = Object::new().unchecked_into();
    outcome.set_attempts(finished.attempts);
    if let Kept::Answer(exchange) = kept {
        outcome.set_body(&exchange.body);
        outcome.set_status(exchange.answer.status);
        outcome.set_headers(&exchange.headers);
        if let Some(id) = &exchange.answer.headers.request_id {
            outcome.set_request_id(id);
        }
    }
    outcome.into()
}

/// Sets a text on a plain object, which does not throw.
pub(super) fn set(object: &Object, name: &str, value: &str) {
    let _ = Reflect::set(object, &JsValue::from_str(name), &JsValue::from_str(value));
}
