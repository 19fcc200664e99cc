//! What the module `emulator` exports. The facade in `js/` is its only user: it holds the clock,
//! waits out the delays and breaks connections where a fault says so.

use std::cell::RefCell;

use gloo_net::http::{Headers, Response};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::emulator::{Emulator, Ending, Entry, FaultRule, Reply, Request, Settings, Timing};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// A server that flexible IPs can be attached to.
#[derive(Tsify, serde::Serialize)]
#[tsify(rename = "EmulatedServer")]
pub struct Server {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
}

#[wasm_bindgen]
extern "C" {
    /// What the facade does with a reply.
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
    fn set_status(this: &Delivery, status: u16);
    #[wasm_bindgen(method, setter, structural)]
    fn set_head(this: &Delivery, head: &str);
    #[wasm_bindgen(method, setter, structural)]
    fn set_body(this: &Delivery, body: js_sys::Uint8Array);
}

/// The emulator's core.
#[wasm_bindgen]
pub struct EmulatorCore {
    emulator: RefCell<Emulator>,
}

#[wasm_bindgen]
impl EmulatorCore {
    /// Takes the settings as JSON, where a field that is not there is refused: serde-wasm-bindgen
    /// looks only at those that are. Throws a text when they cannot be.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<EmulatorCore, JsValue> {
        let settings = Settings::from_json(settings).map_err(text)?;
        let emulator = Emulator::new(settings).map_err(text)?;
        Ok(Self { emulator: RefCell::new(emulator) })
    }

    /// Answers a request. The headers are names and values in turn.
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
        let reply = self.change(|emulator| emulator.handle(&request, time(now_ms)))?;
        deliver(reply)
    }

    /// Answers a request for an edge that writes to a connection: as `handle`, without a `Response`.
    /// Headers are names and values in turn, a line each, there and back: one text crosses the
    /// border faster than many.
    pub fn answer(
        &self,
        method: String,
        target: String,
        head: &str,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let mut lines = head.lines();
        let mut headers = Vec::new();
        while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let request = Request { method, target, headers, body };
        let reply = self.change(|emulator| emulator.handle(&request, time(now_ms)))?;
        let delivery = ending(&reply);
        delivery.set_status(reply.status);
        let lines: Vec<&str> = reply
            .headers
            .iter()
            .flat_map(|(name, value)| [name.as_str(), value.as_str()])
            .collect();
        delivery.set_head(&lines.join("\n"));
        delivery.set_body(js_sys::Uint8Array::from(reply.body.as_slice()));
        Ok(delivery.into())
    }

    /// Lets happen what is due by now.
    pub fn settle(&self, now_ms: f64) -> Result<(), JsValue> {
        self.change(|emulator| emulator.settle(time(now_ms)))
    }

    /// When something happens next by itself, in milliseconds since the epoch, rounded up.
    #[wasm_bindgen(js_name = nextTransitionAt)]
    pub fn next_transition_at(&self) -> Option<f64> {
        let next = self.emulator.try_borrow().ok()?.next_transition_at()?;
        Some(next.nanos().div_ceil(1_000_000) as f64)
    }

    /// The secret key that requests must carry.
    #[wasm_bindgen(getter, js_name = secretKey)]
    pub fn secret_key(&self) -> Result<String, JsValue> {
        self.look(|emulator| emulator.secret_key().to_owned())
    }

    /// The default Project.
    #[wasm_bindgen(getter, js_name = projectId)]
    pub fn project_id(&self) -> Result<String, JsValue> {
        self.look(|emulator| emulator.project_id().to_string())
    }

    /// The Organization.
    #[wasm_bindgen(getter, js_name = organizationId)]
    pub fn organization_id(&self) -> Result<String, JsValue> {
        self.look(|emulator| emulator.organization_id().to_string())
    }

    /// Adds a server.
    #[wasm_bindgen(js_name = addServer)]
    pub fn add_server(&self, zone: &str, name: &str) -> Result<Ts<Server>, JsValue> {
        let added = Zone::parse(zone)
            .and_then(|zone| self.change(|emulator| emulator.add_server(&zone, name)).ok()?);
        let id = added.ok_or_else(|| text(["no flexible IPs are sold in zone ", zone].concat()))?;
        let server = Server { id: id.to_string(), name: name.to_owned(), zone: zone.to_owned() };
        server.into_ts().map_err(text)
    }

    /// Deletes a server. Says whether there was one.
    #[wasm_bindgen(js_name = removeServer)]
    pub fn remove_server(&self, id: &str, now_ms: f64) -> Result<bool, JsValue> {
        let Some(id) = ServerId::parse(id) else { return Ok(false) };
        self.change(|emulator| emulator.remove_server(id, time(now_ms)))
    }

    /// The servers.
    pub fn servers(&self) -> Result<Vec<Ts<Server>>, JsValue> {
        self.look(|emulator| {
            emulator
                .servers()
                .filter(|server| !server.leaving)
                .filter_map(|server| {
                    let (id, zone) = (server.id.to_string(), server.zone.to_string());
                    Server { id, name: server.name, zone }.into_ts().ok()
                })
                .collect()
        })
    }

    /// Puts a flexible IP into a status that no request leads to. Says whether there is such an IP.
    #[wasm_bindgen(js_name = forceStatus)]
    pub fn force_status(&self, id: &str, status: &str, now_ms: f64) -> Result<bool, JsValue> {
        let status =
            Status::parse(status).ok_or_else(|| text(["there is no status ", status].concat()))?;
        let Some(id) = FlexibleIpId::parse(id) else { return Ok(false) };
        self.change(|emulator| emulator.force_status(id, status, time(now_ms)))
    }

    /// Sets how long transitions take, as JSON.
    #[wasm_bindgen(js_name = setTiming)]
    pub fn set_timing(&self, timing: &str) -> Result<(), JsValue> {
        let timing: Timing = serde_json::from_str(timing).map_err(text)?;
        self.change(|emulator| emulator.set_timing(timing))?.map_err(text)
    }

    /// Adds a fault, as JSON.
    #[wasm_bindgen(js_name = addFault)]
    pub fn add_fault(&self, rule: &str) -> Result<(), JsValue> {
        let rule = FaultRule::from_json(rule).map_err(text)?;
        self.change(|emulator| emulator.add_fault(rule))?.map_err(text)
    }

    /// Forgets all faults.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) -> Result<(), JsValue> {
        self.change(Emulator::clear_faults)
    }

    /// The latest requests, oldest first: a list of journal entries.
    pub fn journal(&self) -> Result<JsValue, JsValue> {
        let journal = self.look(|emulator| {
            let entries: Vec<&Entry> = emulator.journal().collect();
            serde_wasm_bindgen::to_value(&entries)
        })?;
        journal.map_err(text)
    }

    /// Forgets the requests so far.
    #[wasm_bindgen(js_name = clearJournal)]
    pub fn clear_journal(&self) -> Result<(), JsValue> {
        self.change(Emulator::clear_journal)
    }

    /// All that is held, as a JSON text.
    pub fn snapshot(&self) -> Result<String, JsValue> {
        self.look(Emulator::snapshot)
    }

    /// Holds what a snapshot says, and nothing else.
    pub fn restore(&self, snapshot: &str) -> Result<(), JsValue> {
        self.change(|emulator| emulator.restore(snapshot))?.map_err(text)
    }

    fn look<T>(&self, look: impl FnOnce(&Emulator) -> T) -> Result<T, JsValue> {
        let emulator = self.emulator.try_borrow().map_err(text)?;
        Ok(look(&emulator))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Emulator) -> T) -> Result<T, JsValue> {
        let mut emulator = self.emulator.try_borrow_mut().map_err(text)?;
        Ok(change(&mut emulator))
    }
}

/// When the reply comes, and how its connection ends.
fn ending(reply: &Reply) -> Delivery {
    let delivery: Delivery = js_sys::Object::new().unchecked_into();
    delivery.set_delay_ms(reply.delay_ms as f64);
    delivery.set_dropped(reply.ending == Ending::Dropped);
    delivery.set_cut(reply.ending == Ending::Cut);
    // These are rare, and every border that is crossed costs.
    if reply.ending == Ending::Reset {
        delivery.set_reset(true);
    }
    if let Some(drip) = reply.drip {
        delivery.set_pieces(drip.pieces);
        delivery.set_over_ms(drip.over_ms as f64);
    }
    delivery
}

fn deliver(reply: Reply) -> Result<JsValue, JsValue> {
    let delivery = ending(&reply);
    let headers = Headers::new();
    for (name, value) in &reply.headers {
        headers.append(name, value);
    }
    let response = Response::builder().status(reply.status).headers(headers);
    // A reply without a body, such as 204, may not even have an empty one.
    let mut body = reply.body;
    let body = (!body.is_empty()).then_some(body.as_mut_slice());
    let response = response.body(body).map_err(text)?;
    delivery.set_response(&response.into());
    Ok(delivery.into())
}

fn time(millis: f64) -> Timestamp {
    // Whole milliseconds are exact; as nanoseconds they would have more digits than an f64.
    let whole = Timestamp::from_millis(millis.trunc() as u64);
    Timestamp::from_nanos(whole.nanos().saturating_add((millis.fract() * 1e6) as u64))
}

fn text(error: impl ToString) -> JsValue {
    JsValue::from_str(&error.to_string())
}
