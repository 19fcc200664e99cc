//! Sleeps, and the clock. Both are read from the platform at each use, so that a test can replace them.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Date, Function, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::model::time::Millis;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(run: &Function, millis: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}

/// The longest delay of a timer. A longer one would end at once.
const DELAY_MAX: u64 = 2_147_483_647;

#[derive(Default)]
struct State {
    is_over: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A sleep. Its timer starts when it is made, and is stopped when it is dropped.
pub(super) struct Sleep {
    state: Rc<State>,
    timer: Option<JsValue>,
    /// What the timer calls.
    _closure: Closure<dyn FnMut()>,
}

impl Sleep {
    pub(super) fn new(length: Millis) -> Self {
        let state = Rc::new(State::default());
        let of_timer = Rc::clone(&state);
        let closure: Closure<dyn FnMut()> = Closure::new(move || {
            of_timer.is_over.set(true);
            if let Some(waker) = of_timer.waker.take() {
                waker.wake();
            }
        });
        let millis = length.0.min(DELAY_MAX) as f64;
        let timer = set_timeout(closure.as_ref().unchecked_ref(), millis).ok();
        // Without timers a sleep is over at once, so that every call ends.
        state.is_over.set(timer.is_none());
        Self { state, timer, _closure: closure }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.is_over.get() {
            return Poll::Ready(());
        }
        self.state.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take().filter(|_| !self.state.is_over.get()) {
            // It throws only where there is no such function. Then the timer calls and changes nothing.
            let _ = clear_timeout(&timer);
        }
    }
}

/// A clock that never goes back.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last: Cell<f64>,
    time: Cell<f64>,
}

impl Clock {
    pub(super) fn now(&self) -> Millis {
        let now = platform_now();
        let passed = now - self.last.replace(now);
        if passed > 0.0 {
            self.time.set(self.time.get() + passed);
        }
        Millis(self.time.get() as u64)
    }
}

/// The time of `performance`; of `Date` where there is no `performance`.
fn platform_now() -> f64 {
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).ok();
    let read = performance.and_then(|performance| {
        let now: Function = Reflect::get(&performance, &"now".into()).ok()?.dyn_into().ok()?;
        now.call0(&performance).ok()?.as_f64()
    });
    read.unwrap_or_else(Date::now)
}
