//! The exports of the WebAssembly module `emulator`. The TypeScript facade in `js/` is their only caller. It has
//! the clock, waits for the delays, and breaks connections for faults.

use std::cell::RefCell;

use gloo_net::http::{Headers, Response as FetchResponse};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::emulator::{
    Coding, Completion, Drip, Emulator, FaultRule, JournalEntry, ListedFault, Request, Response,
    Settings, Timing,
};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// A server that flexible IPs can be attached to.
#[derive(Tsify, serde::Serialize)]
#[tsify(rename = "EmulatedServer")]
pub struct Server {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The zone.
    pub zone: String,
}

#[wasm_bindgen]
extern "C" {
    /// The response, and how the facade delivers it.
    type Delivery;

    #[wasm_bindgen(method, setter, structural)]
    fn set_response(this: &Delivery, response: &web_sys::Response);
    #[wasm_bindgen(method, setter, structural, js_name = delayMs)]
    fn set_delay_ms(this: &Delivery, millis: f64);
    #[wasm_bindgen(method, setter, structural)]
    fn set_dropped(this: &Delivery, dropped: bool);
    #[wasm_bindgen(method, setter, structural)]
    fn set_cut(this: &Delivery, cut: bool);
    #[wasm_bindgen(method, setter, structural)]
    fn set_reset(this: &Delivery, reset: bool);
    #[wasm_bindgen(method, setter, structural)]
    fn set_pieces(this: &Delivery, pieces: u32);
    #[wasm_bindgen(method, setter, structural, js_name = overMs)]
    fn set_over_ms(this: &Delivery, millis: f64);
    #[wasm_bindgen(method, setter, structural)]
    fn set_chunked(this: &Delivery, chunked: bool);
    #[wasm_bindgen(method, setter, structural)]
    fn set_gzip(this: &Delivery, gzip: bool);
}

#[wasm_bindgen(typescript_custom_section)]
const PLAIN_SINK: &str = "/** What takes the response to a plain request. The bytes are in the module's memory, and change after the call. */
export interface PlainSink {
    take(status: number, bodyAt: number, bytes: Uint8Array): void;
}";

#[wasm_bindgen]
extern "C" {
    /// What takes the response to a plain request. It copies the bytes.
    #[wasm_bindgen(typescript_type = "PlainSink")]
    pub type PlainSink;

    #[wasm_bindgen(method, structural)]
    fn take(this: &PlainSink, status: u16, body_at: usize, bytes: &[u8]);
}

/// The emulator's core.
#[wasm_bindgen]
pub struct EmulatorCore {
    emulator: RefCell<Emulator>,
}

#[wasm_bindgen]
impl EmulatorCore {
    /// Creates an emulator from settings as JSON, since serde-wasm-bindgen ignores unknown fields. Throws a
    /// text if the settings are invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<EmulatorCore, JsValue> {
        let settings = Settings::from_json(settings).map_err(text)?;
        let emulator = Emulator::new(settings).map_err(text)?;
        Ok(Self { emulator: RefCell::new(emulator) })
    }

    /// Handles a request. `headers` alternates names and values.
    pub fn handle(
        &self,
        method: String,
        target: String,
        headers: Vec<String>,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let headers = headers
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [name, value] => Some((name.clone(), value.clone())),
                _ => None,
            })
            .collect();
        let request = Request { method, target, headers, body };
        let response = self.change(|emulator| emulator.handle(&request, time(now_ms)))?;
        deliver(response)
    }

    /// Handles a request for a server that writes to a connection: as `handle`, without a `Response` object.
    /// `head` alternates names and values, one a line: one text crosses from JavaScript faster than many.
    ///
    /// Returns three numbers of 32 bits, the least significant byte first: the status, the length of the head,
    /// and that of the delivery. The head follows, in lines like the argument, then the delivery as JSON, which
    /// is empty if nothing is unusual, then the body. So a response crosses to JavaScript in one piece, and
    /// what JavaScript gets is a copy.
    pub fn answer(
        &self,
        method: String,
        target: String,
        head: &str,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<Vec<u8>, JsValue> {
        // `lines` would leave out a last line that is empty: the value of a header that has none.
        let mut lines = head.split('\n');
        let mut headers = Vec::new();
        while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let request = Request { method, target, headers, body };
        let response = self.change(|emulator| emulator.handle(&request, time(now_ms)))?;
        pack(&response).map_err(text)
    }

    /// Handles a plain request, which arrived as these bytes; `head_length` are those before the last empty line
    /// of its head. `sink` takes the whole response, for a connection that stays open for `keep_alive_s` seconds,
    /// and makes of it what it needs: so no copy is made in between. Only without fault rules.
    #[wasm_bindgen(js_name = answerPlain)]
    pub fn answer_plain(
        &self,
        bytes: Vec<u8>,
        head_length: u32,
        keep_alive_s: u32,
        now_ms: f64,
        sink: &PlainSink,
    ) -> Result<(), JsValue> {
        let head_length = usize::try_from(head_length).unwrap_or(usize::MAX);
        let response = self.change(|emulator| {
            emulator.handle_plain(bytes, head_length, keep_alive_s, time(now_ms))
        })?;
        let response = response.ok_or_else(|| text("the request is not a plain one"))?;
        sink.take(response.status, response.body_at, &response.bytes);
        Ok(())
    }

    /// Carries out everything that is due by `now_ms`.
    pub fn settle(&self, now_ms: f64) -> Result<(), JsValue> {
        self.change(|emulator| emulator.settle(time(now_ms)))
    }

    /// The time of the next transition that ends without a request, in milliseconds since the Unix epoch,
    /// rounded up.
    #[wasm_bindgen(js_name = nextTransitionAt)]
    pub fn next_transition_at(&self) -> Option<f64> {
        let next = self.emulator.try_borrow().ok()?.next_transition_at()?;
        Some(next.nanos().div_ceil(1_000_000) as f64)
    }

    /// The secret key that requests must carry.
    #[wasm_bindgen(getter, js_name = secretKey)]
    pub fn secret_key(&self) -> Result<String, JsValue> {
        self.read(|emulator| emulator.secret_key().to_owned())
    }

    /// A target without the emulator's secrets, and with the same response at replay.
    #[wasm_bindgen(js_name = targetForLog)]
    pub fn target_for_log(&self, target: &str) -> Result<String, JsValue> {
        self.read(|emulator| emulator.target_for_log(target))
    }

    /// Whether the secret key was set, and does not follow from the seed.
    #[wasm_bindgen(getter, js_name = hasOwnKey)]
    pub fn has_own_key(&self) -> Result<bool, JsValue> {
        self.read(Emulator::has_own_key)
    }

    /// The default Project.
    #[wasm_bindgen(getter, js_name = projectId)]
    pub fn project_id(&self) -> Result<String, JsValue> {
        self.read(|emulator| emulator.project_id().to_string())
    }

    /// The Organization.
    #[wasm_bindgen(getter, js_name = organizationId)]
    pub fn organization_id(&self) -> Result<String, JsValue> {
        self.read(|emulator| emulator.organization_id().to_string())
    }

    /// Begins another run of a state: the ids of its requests are others than those of any run before.
    #[wasm_bindgen(js_name = beginRun)]
    pub fn begin_run(&self, run: u32) -> Result<(), JsValue> {
        self.change(|emulator| emulator.begin_run(run))
    }

    /// Adds a server. Throws a text for a zone without flexible IPs.
    #[wasm_bindgen(js_name = addServer)]
    pub fn add_server(&self, zone: &str, name: &str) -> Result<Ts<Server>, JsValue> {
        let added = Zone::parse(zone)
            .and_then(|zone| self.change(|emulator| emulator.add_server(&zone, name)).ok()?);
        let id = added.ok_or_else(|| text(["no flexible IPs are sold in zone ", zone].concat()))?;
        let server = Server { id: id.to_string(), name: name.to_owned(), zone: zone.to_owned() };
        server.into_ts().map_err(text)
    }

    /// Begins to delete a server. Returns whether it exists and is not being deleted already.
    #[wasm_bindgen(js_name = removeServer)]
    pub fn remove_server(&self, id: &str, now_ms: f64) -> Result<bool, JsValue> {
        let Some(id) = ServerId::parse(id) else { return Ok(false) };
        self.change(|emulator| emulator.remove_server(id, time(now_ms)))
    }

    /// The servers that are not being deleted.
    pub fn servers(&self) -> Result<Vec<Ts<Server>>, JsValue> {
        self.read(|emulator| {
            emulator
                .servers()
                .filter(|server| !server.is_deleting)
                .filter_map(|server| {
                    let (id, zone) = (server.id.to_string(), server.zone.to_string());
                    Server { id, name: server.name, zone }.into_ts().ok()
                })
                .collect()
        })
    }

    /// Puts a flexible IP into a status that no request leads to. Returns whether the flexible IP exists.
    #[wasm_bindgen(js_name = forceStatus)]
    pub fn force_status(&self, id: &str, status: &str, now_ms: f64) -> Result<bool, JsValue> {
        let status =
            Status::parse(status).ok_or_else(|| text(["there is no status ", status].concat()))?;
        let Some(id) = FlexibleIpId::parse(id) else { return Ok(false) };
        self.change(|emulator| emulator.force_status(id, status, time(now_ms)))?.map_err(text)
    }

    /// Sets the delays of transitions, as JSON.
    #[wasm_bindgen(js_name = setTiming)]
    pub fn set_timing(&self, timing: &str) -> Result<(), JsValue> {
        let timing = Timing::from_json(timing).map_err(text)?;
        self.change(|emulator| emulator.set_timing(timing))?.map_err(text)
    }

    /// Reads a list of fault rules, and checks them. Returns them as JSON. An error names the line or the rule.
    #[wasm_bindgen(js_name = readFaults)]
    pub fn read_faults(rules: &str) -> Result<String, JsValue> {
        let rules = FaultRule::list_from_json(rules).map_err(text)?;
        serde_json::to_string(&rules).map_err(text)
    }

    /// The fault rules, as JSON.
    pub fn faults(&self) -> Result<String, JsValue> {
        let faults = self.read(|emulator| emulator.faults().collect::<Vec<ListedFault>>())?;
        serde_json::to_string(&faults).map_err(text)
    }

    /// Removes a fault rule. Returns whether there is one with this id.
    #[wasm_bindgen(js_name = removeFault)]
    pub fn remove_fault(&self, id: f64) -> Result<bool, JsValue> {
        // An id that is not a whole number of 32 bits would become another one.
        let whole = id as u32;
        self.change(|emulator| f64::from(whole) == id && emulator.remove_fault(whole))
    }

    /// Adds a fault rule, as JSON, and returns its id.
    #[wasm_bindgen(js_name = addFault)]
    pub fn add_fault(&self, rule: &str) -> Result<u32, JsValue> {
        let rule = FaultRule::from_json(rule).map_err(text)?;
        self.change(|emulator| emulator.add_fault(rule))?.map_err(text)
    }

    /// Removes all fault rules.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) -> Result<(), JsValue> {
        self.change(Emulator::clear_faults)
    }

    /// The journal: the latest requests, oldest first.
    pub fn journal(&self) -> Result<JsValue, JsValue> {
        let journal = self.read(|emulator| {
            let entries: Vec<&JournalEntry> = emulator.journal().collect();
            serde_wasm_bindgen::to_value(&entries)
        })?;
        journal.map_err(text)
    }

    /// Removes the requests so far from the journal.
    #[wasm_bindgen(js_name = clearJournal)]
    pub fn clear_journal(&self) -> Result<(), JsValue> {
        self.change(Emulator::clear_journal)
    }

    /// The whole state as JSON, with the time at which it is taken. Throws a text if it is too long.
    pub fn snapshot(&self, now_ms: f64) -> Result<String, JsValue> {
        self.read(|emulator| emulator.snapshot(time(now_ms)))?.map_err(text)
    }

    /// Replaces the state by that of a snapshot. Returns the time of the snapshot in milliseconds since the Unix
    /// epoch. Throws a text if it is invalid.
    pub fn restore(&self, snapshot: &str) -> Result<f64, JsValue> {
        let at = self.change(|emulator| emulator.restore(snapshot))?.map_err(text)?;
        Ok(millis(at))
    }

    fn read<T>(&self, read: impl FnOnce(&Emulator) -> T) -> Result<T, JsValue> {
        let emulator = self.emulator.try_borrow().map_err(text)?;
        Ok(read(&emulator))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Emulator) -> T) -> Result<T, JsValue> {
        let mut emulator = self.emulator.try_borrow_mut().map_err(text)?;
        Ok(change(&mut emulator))
    }
}

/// A delivery with the delay and the completion of a response.
fn delivery_of(response: &Response) -> Delivery {
    let delivery: Delivery = js_sys::Object::new().unchecked_into();
    delivery.set_delay_ms(response.delay_ms as f64);
    delivery.set_dropped(response.completion == Completion::Dropped);
    delivery.set_cut(response.completion == Completion::Cut);
    // These are rare, and every call into JavaScript costs time.
    if response.completion == Completion::Reset {
        delivery.set_reset(true);
    }
    match response.coding {
        Coding::Identity => {}
        Coding::Chunked => delivery.set_chunked(true),
        Coding::Gzip => delivery.set_gzip(true),
    }
    if let Some(drip) = response.drip {
        delivery.set_pieces(drip.pieces);
        delivery.set_over_ms(drip.over_ms as f64);
    }
    delivery
}

/// How a response is delivered, if not at once and as a whole.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Unusual {
    delay_ms: u64,
    dropped: bool,
    reset: bool,
    cut: bool,
    chunked: bool,
    gzip: bool,
    #[serde(flatten)]
    drip: Option<Drip>,
}

/// A response in the format of `answer`.
fn pack(response: &Response) -> Result<Vec<u8>, serde_json::Error> {
    let Response { completion, coding, delay_ms, drip, .. } = *response;
    let is_usual =
        completion == Completion::Complete && coding == Coding::Identity && delay_ms == 0;
    let delivery = if is_usual && drip.is_none() {
        String::new()
    } else {
        serde_json::to_string(&Unusual {
            delay_ms,
            dropped: completion == Completion::Dropped,
            reset: completion == Completion::Reset,
            cut: completion == Completion::Cut,
            chunked: coding == Coding::Chunked,
            gzip: coding == Coding::Gzip,
            drip,
        })?
    };
    let mut head = String::with_capacity(512);
    for (name, value) in &response.headers {
        for line in [name, value] {
            if !head.is_empty() {
                head.push('\n');
            }
            head.push_str(line);
        }
    }
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
    let parts: [&[u8]; 6] = [
        &u32::from(response.status).to_le_bytes(),
        &length(&head),
        &length(&delivery),
        head.as_bytes(),
        delivery.as_bytes(),
        &response.body,
    ];
    Ok(parts.concat())
}

fn deliver(response: Response) -> Result<JsValue, JsValue> {
    let delivery = delivery_of(&response);
    let headers = Headers::new();
    for (name, value) in &response.headers {
        headers.append(name, value);
    }
    let fetch_response = FetchResponse::builder().status(response.status).headers(headers);
    // A response without a body, such as 204, must not have an empty one.
    // It has a copy of the bytes: some hosts read a body later, when the memory has other contents.
    let body = js_sys::Uint8Array::from(response.body.as_slice());
    let body: Option<&js_sys::Object> = (!response.body.is_empty()).then_some(body.as_ref());
    let fetch_response = fetch_response.body(body).map_err(text)?;
    delivery.set_response(&fetch_response.into());
    Ok(delivery.into())
}

fn time(millis: f64) -> Timestamp {
    // Whole milliseconds are exact in an f64, nanoseconds since the epoch are not.
    let whole = Timestamp::from_millis(millis.trunc() as u64);
    Timestamp::from_nanos(whole.nanos().saturating_add((millis.fract() * 1e6) as u64))
}

/// The milliseconds of a time, with the part of a millisecond that is left.
fn millis(at: Timestamp) -> f64 {
    let rest = at.nanos().saturating_sub(Timestamp::from_millis(at.millis()).nanos());
    at.millis() as f64 + rest as f64 / 1e6
}

fn text(error: impl ToString) -> JsValue {
    JsValue::from_str(&error.to_string())
}
