//! Drives one machine: carries its steps out, tells it what came of them, settles its promise.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::client::Connection;
use super::fetch::{Ending, outcome};
use super::plain::{put_text, report};
use crate::error::{Error, Failure};
use crate::flow::operation::OperationFlow;
use crate::flow::{Finished, Input, Step, Tag};
use crate::model::time::Millis;
use crate::wire::http::Request;

#[wasm_bindgen]
extern "C" {
    /// What the facade gets: of a success its ending, of a failure its report, and beside it this.
    type Told;

    #[wasm_bindgen(method, setter, structural)]
    fn set_attempts(this: &Told, attempts: u32);
    #[wasm_bindgen(method, setter, structural)]
    fn set_body(this: &Told, body: &JsValue);
    #[wasm_bindgen(method, setter, structural)]
    fn set_status(this: &Told, status: u16);
    #[wasm_bindgen(method, setter, structural, js_name = requestId)]
    fn set_request_id(this: &Told, request_id: &str);
    #[wasm_bindgen(method, setter, structural)]
    fn set_cause(this: &Told, cause: &JsValue);
}

/// What one call needs besides its machine.
pub(super) struct Call {
    pub(super) connection: Rc<Connection>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Millis,
    /// The caller's signal, or `undefined`.
    pub(super) signal: JsValue,
}

struct Run {
    call: Call,
    machine: RefCell<OperationFlow>,
    /// What ends the exchanges that are on their way.
    stops: RefCell<Vec<(Tag, JsValue)>>,
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
            stops: RefCell::default(),
            settled: Cell::new(false),
            resolve,
            reject,
        });
        run.tell(Input::Started, None);
    }
    promise
}

impl Run {
    /// `last` is the ending that the input tells of, for what the machine does not keep.
    fn tell(self: &Rc<Self>, input: Input, last: Option<Ending>) {
        if self.settled.get() {
            return;
        }
        // A machine is never told anything while it is thinking, so it is not borrowed here.
        let steps = match self.machine.try_borrow_mut() {
            Ok(mut machine) => machine.on(input),
            Err(_) => Vec::new(),
        };
        for step in steps {
            match step {
                Step::Send { tag, request, reads_body } => self.send(tag, &request, reads_body),
                Step::Done(result) => self.settle(result, last.as_ref()),
            }
        }
    }

    fn send(self: &Rc<Self>, tag: Tag, request: &Request, reads_body: bool) {
        let Call { connection, headers, timeout, signal } = &self.call;
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
        let url = [connection.base_url(), &request.target()].concat();
        let exchanges = connection.exchanges();
        let begun =
            exchanges.begin(connection.exchange(), &url, request, headers, *timeout, signal);
        // The facade's exchange does not throw. If it did, the call would still end.
        let Ok((exchange, stop)) = begun else {
            let outcome = Err(Error::Connection("the exchange failed".to_owned()));
            return self.tell(Input::Answered { tag, outcome }, None);
        };
        self.stops.borrow_mut().push((tag, stop));
        let run = Rc::clone(self);
        spawn_local(async move {
            let ending = run.call.connection.exchanges().end(exchange).await;
            run.stops.borrow_mut().retain(|(other, _)| *other != tag);
            let outcome = outcome(&ending, run.call.timeout, reads_body);
            run.tell(Input::Answered { tag, outcome }, Some(ending));
        });
    }

    fn settle(&self, result: Result<Finished, Failure>, last: Option<&Ending>) {
        self.settled.set(true);
        for (_, stop) in self.stops.take() {
            // Nothing that the facade made throws.
            let _ = stop.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
        }
        // A promise's own functions do not throw.
        let _ = match result {
            Ok(finished) => {
                let told = last.map_or(JsValue::UNDEFINED, JsValue::from);
                told.unchecked_ref::<Told>().set_attempts(finished.attempts);
                self.resolve.call1(&JsValue::UNDEFINED, &told)
            }
            Err(failure) => self.reject.call1(&JsValue::UNDEFINED, &self.report(&failure, last)),
        };
    }

    fn report(&self, failure: &Failure, last: Option<&Ending>) -> JsValue {
        let report: JsValue = report(failure, self.call.connection.base_url()).into();
        let told: &Told = report.unchecked_ref();
        if let Some(ending) = last {
            if ending.status() > 0 {
                told.set_status(ending.status());
                told.set_body(&ending.body());
                if let Some(id) = ending.request_id() {
                    told.set_request_id(&id);
                }
            } else if !ending.cause().is_undefined() {
                told.set_cause(&ending.cause());
            }
        }
        report
    }
}
