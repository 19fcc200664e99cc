//! The emulator behind a `fetch`, and a fake clock that goes on when no request is under way.

use std::cell::RefCell;
use std::rc::Rc;

use flexip::emulator::{self, Emulator, Settings};
use flexip::model::time::Timestamp;
use flexip::model::zone::Zone;
use flexip::web::{Client, CreateFlexibleIpRequest, FlexibleIp, Options};
use js_sys::{Array, Error, Function, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Replaces the timers and the clock. The time goes on to the next timer when no request is under way.
const CLOCK: &str = r#"(() => {
  const after = globalThis.realSetTimeout ??= globalThis.setTimeout.bind(globalThis)
  const timers = new Map()
  const clock = { now: 0, inFlight: 0, get timers() { return timers.size } }
  let last = 0
  const tick = () => after(() => {
    if (clock.inFlight > 0 || timers.size === 0) return
    const [id, { run, at }] = [...timers].sort(([, one], [, other]) => one.at - other.at)[0]
    timers.delete(id)
    clock.now = Math.max(clock.now, at)
    run()
    tick()
  }, 0)
  clock.begin = () => void clock.inFlight++
  clock.end = () => { clock.inFlight--; tick() }
  // A browser reads a body in further tasks, in which the time must not go on.
  const read = globalThis.realText ??= Response.prototype.text
  Response.prototype.text = function () {
    clock.begin()
    return read.call(this).finally(clock.end)
  }
  clock.microtasks = async () => { for (let turn = 0; turn < 50; turn++) await null }
  clock.pass = () => new Promise((resolve) => after(() => after(resolve, 0), 0))
  globalThis.setTimeout = (run, ms) => { timers.set(++last, { run, at: clock.now + ms }); tick(); return last }
  globalThis.clearTimeout = (id) => void timers.delete(id)
  globalThis.performance.now = () => clock.now
  return clock
})()"#;

#[wasm_bindgen]
extern "C" {
    pub(crate) type Clock;
    #[wasm_bindgen(method, getter, structural)]
    fn now(this: &Clock) -> f64;
    #[wasm_bindgen(method, getter, structural)]
    fn timers(this: &Clock) -> u32;
    #[wasm_bindgen(method, structural)]
    fn begin(this: &Clock);
    #[wasm_bindgen(method, structural)]
    fn end(this: &Clock);
    #[wasm_bindgen(method, structural)]
    fn microtasks(this: &Clock) -> js_sys::Promise;
    #[wasm_bindgen(method, structural)]
    fn pass(this: &Clock) -> js_sys::Promise;
}

/// What becomes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The service does its work, and the response is lost.
    Lost,
    /// The service responds with this status, and does nothing.
    Status(u16),
}

/// A request that was sent.
pub(crate) struct Sent {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    signal: web_sys::AbortSignal,
}

struct State {
    emulator: Emulator,
    clock: Clock,
    sent: Vec<Sent>,
    /// The fate of the next requests whose line begins so.
    fates: Vec<(String, Fate)>,
}

/// The emulator behind a `fetch`.
#[derive(Clone)]
pub(crate) struct Service {
    state: Rc<RefCell<State>>,
    fetch: Function,
}

impl Service {
    pub(crate) fn new(settings: &str) -> Self {
        let clock: Clock = js_sys::eval(CLOCK).unwrap().unchecked_into();
        let emulator = Emulator::new(Settings::from_json(settings).unwrap()).unwrap();
        let state = State { emulator, clock, sent: Vec::new(), fates: Vec::new() };
        let state = Rc::new(RefCell::new(state));
        let of_fetch = Rc::clone(&state);
        let fetch: Closure<dyn Fn(web_sys::Request) -> js_sys::Promise> =
            Closure::new(move |request| {
                let state = Rc::clone(&of_fetch);
                note(&state, &request);
                future_to_promise(async move {
                    let answer = answer(&state, &request).await;
                    state.borrow().clock.end();
                    answer
                })
            });
        Self { state, fetch: fetch.into_js_value().unchecked_into() }
    }

    /// The options of a client of this service.
    pub(crate) fn options(&self) -> Options {
        let emulator = &self.state.borrow().emulator;
        Options {
            secret_key: Some(emulator.secret_key().to_owned()),
            base_url: Some("http://service.test".to_owned()),
            default_zone: Some("fr-par-1".to_owned()),
            default_project_id: Some(emulator.project_id().to_string()),
            fetch: Some(self.fetch.clone()),
            ..Options::default()
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.options()).unwrap()
    }

    pub(crate) fn add_server(&self, name: &str) -> String {
        let zone = Zone::parse("fr-par-1").unwrap();
        self.state.borrow_mut().emulator.add_server(&zone, name).unwrap().to_string()
    }

    /// Decides what becomes of the next request whose method and path begin so.
    pub(crate) fn meets(&self, line: &str, fate: Fate) {
        self.state.borrow_mut().fates.push((line.to_owned(), fate));
    }

    /// Takes the methods and the ends of the paths of the requests since the last call.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.state.borrow_mut().sent.drain(..).map(|sent| sent.line).collect()
    }

    pub(crate) fn with_sent<T>(&self, read: impl FnOnce(&[Sent]) -> T) -> T {
        read(&self.state.borrow().sent)
    }

    /// The timers that have been started and neither ended nor stopped.
    pub(crate) fn timers(&self) -> u32 {
        self.state.borrow().clock.timers()
    }

    pub(crate) fn now(&self) -> f64 {
        self.state.borrow().clock.now()
    }

    /// Lets happen what needs no timer.
    pub(crate) async fn microtasks(&self) {
        let promise = self.state.borrow().clock.microtasks();
        JsFuture::from(promise).await.unwrap();
    }

    /// Lets everything happen that can happen now.
    pub(crate) async fn pass(&self) {
        for _ in 0..5 {
            let promise = self.state.borrow().clock.pass();
            JsFuture::from(promise).await.unwrap();
        }
    }
}

impl Sent {
    pub(crate) fn is_aborted(&self) -> bool {
        self.signal.aborted()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(own, _)| own == name)?;
        Some(value)
    }
}

fn note(state: &RefCell<State>, request: &web_sys::Request) {
    let entries = Array::from(request.headers().as_ref());
    let headers = entries.iter().map(|entry| {
        let [name, value] = [0, 1].map(|place| Array::from(&entry).get(place).as_string().unwrap());
        (name, value)
    });
    let target = request.url().replace("http://service.test", "");
    let zone = "/flexible-ip/v1alpha1/zones/fr-par-1";
    let line = format!("{} {}", request.method(), target.replace(zone, ""));
    let mut state = state.borrow_mut();
    state.clock.begin();
    state.sent.push(Sent { line, headers: headers.collect(), signal: request.signal() });
}

async fn answer(state: &RefCell<State>, request: &web_sys::Request) -> Result<JsValue, JsValue> {
    let text = JsFuture::from(request.text()?).await?.as_string().unwrap();
    let mut state = state.borrow_mut();
    let now = Timestamp::from_millis(1_700_000_000_000 + state.clock.now() as u64);
    let target = request.url().replace("http://service.test", "");
    let line = format!("{} {target}", request.method());
    let place = state.fates.iter().position(|(start, _)| line.starts_with(start.as_str()));
    let fate = place.map(|place| state.fates.remove(place).1);
    let entries = Array::from(request.headers().as_ref());
    let headers = entries.iter().map(|entry| {
        let [name, value] = [0, 1].map(|place| Array::from(&entry).get(place).as_string().unwrap());
        (name, value)
    });
    if let Some(Fate::Status(status)) = fate {
        return response(status, &[], "");
    }
    let request = emulator::Request {
        method: request.method(),
        target,
        headers: headers.collect(),
        body: text.into_bytes(),
    };
    let answered = state.emulator.handle(&request, now);
    if fate == Some(Fate::Lost) {
        return Err(Error::new("the connection was reset").into());
    }
    let body = String::from_utf8(answered.body).unwrap();
    response(answered.status, &answered.headers, &body)
}

fn response(status: u16, headers: &[(String, String)], body: &str) -> Result<JsValue, JsValue> {
    let own = Object::new();
    for (name, value) in headers {
        Reflect::set(&own, &name.into(), &value.into())?;
    }
    let init = Object::new();
    Reflect::set(&init, &"status".into(), &status.into())?;
    Reflect::set(&init, &"headers".into(), &own)?;
    let make = Function::new_with_args("body, init", "return new Response(body || null, init)");
    make.call2(&JsValue::UNDEFINED, &body.into(), &init)
}

/// A service whose transitions end at once, and its client.
pub(crate) fn instant() -> (Service, Client) {
    let service = Service::new(r#"{"seed": 1}"#);
    let client = service.client();
    (service, client)
}

/// The same with the delays of the real service.
pub(crate) fn recorded() -> (Service, Client) {
    let service = Service::new(r#"{"seed": 1, "timing": "recorded"}"#);
    let client = service.client();
    (service, client)
}

pub(crate) async fn create(client: &Client, server: Option<&str>) -> FlexibleIp {
    let server_id = server.map(str::to_owned);
    let request = CreateFlexibleIpRequest { server_id, ..Default::default() };
    client.create_flexible_ip(&request).await.unwrap()
}
