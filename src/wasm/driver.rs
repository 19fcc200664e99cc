//! Drives one machine: carries its steps out, tells it what came of them, settles its promise.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::connection::Connection;
use super::edge::{Begin, Completion, outcome};
use super::events;
use super::plain::{put, put_text};
use super::reports;
use crate::error::Error;
use crate::flow::small_map::SmallMap;
use crate::flow::{
    BodyRef, CallFailure, Command, Input, Machine, Outcome, SendRequest, Success, Tag,
};

#[wasm_bindgen]
extern "C" {
    /// What the facade gets of a success: its ending, and beside it this.
    type Told;

    #[wasm_bindgen(method, setter, structural)]
    fn set_attempts(this: &Told, attempts: u32);
}

/// What one call needs besides its machine.
pub(super) struct Call {
    pub(super) connection: Rc<Connection>,
    pub(super) headers: Vec<(String, String)>,
    /// The caller's signal, or `undefined`.
    pub(super) signal: JsValue,
    /// The call's own watcher, or `undefined`.
    pub(super) on_event: JsValue,
    /// Takes the items of a list's page.
    pub(super) on_page: Option<Function>,
}

pub(super) struct Run {
    call: Call,
    machine: RefCell<Box<dyn Machine>>,
    /// What is on its way: its number, and what ends it.
    on_the_way: RefCell<Vec<(Tag, u32, JsValue)>>,
    /// The answers whose bodies the machine may name.
    kept: RefCell<SmallMap<Tag, Completion>>,
    /// What left a doubt whether the work was done.
    lost: RefCell<Option<Completion>>,
    watched: bool,
    /// Listening to the caller's signal: its number, and what ends it.
    listening: Cell<Option<(u32, JsValue)>>,
    settled: Cell<bool>,
    resolve: Function,
    reject: Function,
}

/// Runs a machine to its end.
pub(super) fn run(call: Call, machine: Box<dyn Machine>) -> Promise {
    start(call, machine).0
}

/// Runs a machine, and gives what it can be told meanwhile.
pub(super) fn start(call: Call, machine: Box<dyn Machine>) -> (Promise, Option<Rc<Run>>) {
    let mut settlers = None;
    let promise = Promise::new(&mut |resolve, reject| settlers = Some((resolve, reject)));
    let run = settlers.map(|(resolve, reject)| {
        let watched = call.connection.edge().is_watched(&call.on_event);
        let run = Rc::new(Run {
            call,
            machine: RefCell::new(machine),
            on_the_way: RefCell::default(),
            kept: RefCell::default(),
            lost: RefCell::default(),
            watched,
            listening: Cell::default(),
            settled: Cell::new(false),
            resolve,
            reject,
        });
        run.begin();
        run
    });
    (promise, run)
}

impl Run {
    fn begin(self: &Rc<Self>) {
        if self.call.signal.is_undefined() {
            return self.tell(Input::Started, None);
        }
        let begun = self.call.connection.begun().begin(&Begin::Listen(&self.call.signal));
        match begun {
            // It is aborted already: nothing is sent.
            Ok((number, unlisten)) if unlisten.is_undefined() => {
                self.call.connection.begun().forget(number);
                self.tell(Input::Aborted, None);
            }
            Ok((number, unlisten)) => {
                self.listening.set(Some((number, unlisten)));
                let run = Rc::clone(self);
                spawn_local(async move {
                    if run.call.connection.begun().end(number).await.is_some() {
                        run.tell(Input::Aborted, None);
                    }
                });
                self.tell(Input::Started, None);
            }
            Err(_) => self.tell(Input::Started, None),
        }
    }

    /// `last` is the ending that the input tells of, for what the machine does not keep.
    pub(super) fn tell(self: &Rc<Self>, input: Input, last: Option<&Completion>) {
        if self.settled.get() {
            return;
        }
        let now = self.call.connection.edge().time();
        // A machine is never told anything while it is thinking, so it is not borrowed here.
        let commands = match self.machine.try_borrow_mut() {
            Ok(mut machine) => machine.on(input, now),
            Err(_) => Vec::new(),
        };
        for step in commands {
            match step {
                Command::Send(sending) => self.send(&sending),
                Command::Sleep { tag, length } => self.sleep(tag, &Begin::Sleep(length)),
                Command::Cancel { tag } => self.cancel(tag),
                Command::DeliverPage { tag, items } => self.give(tag, &items),
                Command::Emit(event) => {
                    if self.watched {
                        events::tell(self.call.connection.edge(), &self.call.on_event, &event);
                    }
                }
                Command::Done(result) => self.settle(result, last),
            }
        }
    }

    /// Ends without a result: nobody is interested any more.
    pub(super) fn stop(&self) {
        if !self.settled.replace(true) {
            self.clear();
            let _ = self.resolve.call0(&JsValue::UNDEFINED);
        }
    }

    fn send(self: &Rc<Self>, sending: &SendRequest) {
        let Call { connection, headers, on_event, .. } = &self.call;
        let SendRequest { tag, request, timeout, reads_body, renews_key, .. } = sending;
        let (tag, timeout, reads_body) = (*tag, *timeout, *reads_body);
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
        let watched =
            if self.watched { events::watched(sending, on_event) } else { JsValue::UNDEFINED };
        let (renews_key, watched) = (*renews_key, &watched);
        let begin = Begin::Exchange { url, request, headers, timeout, renews_key, watched };
        // The facade's exchange does not throw. If it did, the call would still end.
        let Ok((number, stop)) = connection.begun().begin(&begin) else {
            let outcome = Err(Error::Connection("the exchange failed".to_owned()));
            return self.tell(Input::Responded { tag, outcome }, None);
        };
        self.on_the_way.borrow_mut().push((tag, number, stop));
        let run = Rc::clone(self);
        spawn_local(async move {
            let Some(ending) = run.end(number).await else { return };
            let outcome = outcome(run.call.connection.edge(), &ending, timeout, reads_body);
            if reads_body {
                run.kept.borrow_mut().insert(tag, ending.clone());
            } else if !matches!(&outcome, Ok(answer) if answer.status < 500) {
                run.lost.replace(Some(ending.clone()));
            }
            run.tell(Input::Responded { tag, outcome }, Some(&ending));
        });
    }

    fn sleep(self: &Rc<Self>, tag: Tag, begin: &Begin<'_>) {
        let Ok((number, stop)) = self.call.connection.begun().begin(begin) else {
            return self.tell(Input::Woke { tag }, None);
        };
        self.on_the_way.borrow_mut().push((tag, number, stop));
        let run = Rc::clone(self);
        spawn_local(async move {
            if run.end(number).await.is_some() {
                run.tell(Input::Woke { tag }, None);
            }
        });
    }

    /// Waits for an end; nothing if it was cancelled.
    async fn end(&self, number: u32) -> Option<Completion> {
        let ending = self.call.connection.begun().end(number).await;
        self.on_the_way.borrow_mut().retain(|(_, other, _)| *other != number);
        ending
    }

    fn cancel(&self, tag: Tag) {
        self.kept.borrow_mut().remove(tag);
        let cancelled: Vec<_> =
            self.on_the_way.borrow_mut().extract_if(.., |(other, _, _)| *other == tag).collect();
        for (_, number, stop) in cancelled {
            self.end_early(number, &stop);
        }
    }

    fn end_early(&self, number: u32, stop: &JsValue) {
        // Nothing that the facade made throws. Whoever waits for the end is told that there is none.
        let _ = stop.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
        self.call.connection.begun().forget(number);
    }

    /// Hands items of a page over.
    fn give(&self, tag: Tag, items: &[usize]) {
        let Some(ending) = self.kept.borrow_mut().remove(tag) else { return };
        let list = get(&ending.body(), "flexible_ips");
        let items: Array = items.iter().map(|item| at(&list, *item)).collect();
        let told = self.outcome_of(&ending, 1);
        put(&told, "body", &page(&items, &get(&ending.body(), "total_count")));
        if let Some(on_page) = &self.call.on_page {
            let _ = on_page.call1(&JsValue::UNDEFINED, &told);
        }
    }

    fn settle(&self, result: Result<Success, CallFailure>, last: Option<&Completion>) {
        if self.settled.replace(true) {
            return;
        }
        // A promise's own functions do not throw.
        let _ = match result {
            Ok(finished) => self.resolve.call1(&JsValue::UNDEFINED, &self.result(&finished, last)),
            Err(failed) => self.reject.call1(&JsValue::UNDEFINED, &self.report(&failed, last)),
        };
        self.clear();
    }

    fn clear(&self) {
        for (_, number, stop) in self.on_the_way.take() {
            self.end_early(number, &stop);
        }
        // Whoever waits for the abort has to end as well: it holds this run.
        if let Some((number, unlisten)) = self.listening.take() {
            self.end_early(number, &unlisten);
        }
        self.kept.take();
    }

    fn result(&self, finished: &Success, last: Option<&Completion>) -> JsValue {
        let attempts = finished.attempts;
        match &finished.outcome {
            Outcome::Response(_) | Outcome::Nothing => {
                let told = last.map_or_else(|| Object::new().into(), JsValue::from);
                told.unchecked_ref::<Told>().set_attempts(attempts);
                told
            }
            Outcome::Ip(place) => {
                let told = self.outcome_at(Some(place), attempts);
                put(&told, "body", &self.body(*place));
                told.into()
            }
            Outcome::Ips(places) => {
                let told = self.outcome_at(places.first(), attempts);
                let items: Array = places.iter().map(|place| self.body(*place)).collect();
                let total = JsValue::from_f64(places.len() as f64);
                put(&told, "body", &page(&items, &total));
                told.into()
            }
            Outcome::Plan(plan) => plan
                .iter()
                .map(|action| JsValue::from(events::action(action)))
                .collect::<Array>()
                .into(),
        }
    }

    /// The body of a flexible IP.
    fn body(&self, place: BodyRef) -> JsValue {
        let kept = self.kept.borrow();
        let Some(ending) = kept.get(place.tag) else { return JsValue::UNDEFINED };
        match place.item {
            None => ending.body(),
            Some(item) => at(&get(&ending.body(), "flexible_ips"), item),
        }
    }

    fn outcome_at(&self, place: Option<&BodyRef>, attempts: u32) -> Object {
        let kept = self.kept.borrow();
        match place.and_then(|place| kept.get(place.tag)) {
            Some(ending) => self.outcome_of(ending, attempts),
            None => Object::new(),
        }
    }

    /// A result that stands in another answer.
    fn outcome_of(&self, ending: &Completion, attempts: u32) -> Object {
        let told = Object::assign(&Object::new(), ending.unchecked_ref());
        told.unchecked_ref::<Told>().set_attempts(attempts);
        told
    }

    fn report(&self, failed: &CallFailure, last: Option<&Completion>) -> JsValue {
        let lost = self.lost.borrow();
        let body = |place| self.body(place);
        let base_url = self.call.connection.base_url();
        let report = reports::failed(failed, base_url, last, lost.as_ref(), &body);
        if matches!(failed.failure.error, Error::Aborted) {
            put(&report, "cause", &get(&self.call.signal, "reason"));
        }
        report.into()
    }
}

/// A page, as the service writes it.
fn page(items: &Array, total: &JsValue) -> Object {
    let page = Object::new();
    put(&page, "total_count", total);
    put(&page, "flexible_ips", items);
    page
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

fn at(list: &JsValue, place: usize) -> JsValue {
    u32::try_from(place)
        .ok()
        .and_then(|place| Reflect::get_u32(list, place).ok())
        .unwrap_or_default()
}
