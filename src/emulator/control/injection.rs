//! What the emulator does in place of the work of a request, or besides it, when a fault is injected.

use crate::emulator::Emulator;
use crate::emulator::control::faults::distortion::Read;
use crate::emulator::control::faults::fault::Fault;
use crate::emulator::control::faults::injector::Injection;
use crate::emulator::control::redaction::REMOVED;
use crate::emulator::http::check;
use crate::emulator::http::exchange::{Request, Response};
use crate::emulator::http::refusal::Refusal;
use crate::emulator::http::render;
use crate::emulator::service::distortion::Distortion;
use crate::emulator::world::late::LateWork;
use crate::model::time::{Millis, Timestamp};
use crate::wire::http::Method;
use crate::wire::route;
use serde_json::Map;

/// The fields of bodies that the state keeps as they are.
const TEXTS: [&str; 3] = ["description", "tags", "reverse"];

/// The other fields of bodies. All others are ignored.
const IDS: [&str; 7] = [
    "project_id",
    "server_id",
    "fips_ids",
    "mac_type",
    "duplicate_from_fip_id",
    "dst_fip_id",
    "is_ipv6",
];

/// The most bytes that the bodies of all late work may have together.
const LATE_BYTES_MAX: usize = 16 << 20;

impl Emulator {
    /// The response that a fault sends in place of the work; `None` if the work is done.
    pub(in crate::emulator) fn replacement(
        &mut self,
        fault: &Fault,
        request: &Request,
        path: &str,
        now: Timestamp,
    ) -> Option<Response> {
        match fault {
            Fault::Flap(_) => Some(render::refusal(&Refusal::PermissionsDenied, &self.settings)),
            Fault::RetryAfter(after) => Some(after.response(now)),
            Fault::Late(late) => {
                if let Err(refusal) = self.authenticate(request) {
                    return Some(render::refusal(&refusal, &self.settings));
                }
                let late_bytes = self.state.late.iter().map(|work| work.body.len());
                let late_bytes = late_bytes.fold(request.body.len(), usize::saturating_add);
                if late_bytes > LATE_BYTES_MAX {
                    return Some(too_much_late_work());
                }
                // The service would refuse a body that is not UTF-8.
                if let Ok(body) = String::from_utf8(request.body.clone()) {
                    let due = now.after(Millis(late.ms.millis()));
                    let (method, path) = (request.method.clone(), self.target_for_log(path));
                    let body = self.body_of_late_work(body);
                    self.state.late.push(LateWork { due, method, path, body });
                }
                fault.replacement()
            }
            _ => fault.replacement(),
        }
    }

    /// A body as a snapshot may have it: without the emulator's secrets, and with the same work. The texts that
    /// the state would keep stay, and so do ids of what exists.
    fn body_of_late_work(&self, body: String) -> String {
        if self.redaction().clean(&body) == body {
            return body;
        }
        // Other bodies are refused, and so is this.
        let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_str(&body) else {
            return REMOVED.to_owned();
        };
        fields.retain(|name, _| TEXTS.contains(&name.as_str()) || IDS.contains(&name.as_str()));
        for (name, value) in &mut fields {
            if IDS.contains(&name.as_str()) {
                self.clean_ids(value);
            }
        }
        serde_json::Value::Object(fields).to_string()
    }

    /// Puts an unknown id in the place of a secret that is an id, and no id in the place of another.
    fn clean_ids(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(items) => {
                items.iter_mut().for_each(|item| self.clean_ids(item));
            }
            serde_json::Value::String(text) => *text = self.id_for_log(text),
            // What is neither is refused, whatever it contains.
            serde_json::Value::Object(_) => *value = serde_json::Value::Object(Map::new()),
            serde_json::Value::Number(_) => *value = 0.into(),
            _ => {}
        }
    }

    /// How a fault makes a read differ from the state.
    pub(in crate::emulator) fn distortion(
        &self,
        injection: Option<&Injection>,
        matched: &route::Matched<'_>,
        request: &Request,
        now: Timestamp,
    ) -> Distortion {
        let Some(Injection { fault, random, .. }) = injection else { return Distortion::default() };
        let zone = check::zone(matched.zone, &self.settings).ok();
        let fip_id = matched.fip_id.and_then(|id| check::fip_id(id, &self.settings).ok());
        let read = Read { state: &self.state, headers: &request.headers, zone, fip_id, now };
        fault.distortion(random.clone(), &read)
    }

    /// Does the work of a request whose response was sent before. The service may refuse it by now.
    pub(in crate::emulator) fn do_late(&mut self, work: &LateWork) {
        let LateWork { due, method, path, body } = work;
        let method = Method::parse(method);
        if let Some(matched) = method.and_then(|method| route::find(method, path)) {
            let distortion = Distortion::default();
            let _ = self.work(&matched, "", body.as_bytes(), distortion, *due);
        }
    }
}

/// The response in place of that of `late` when the work cannot be kept. The work is not done.
fn too_much_late_work() -> Response {
    let message = format!("the bodies of late work have over {LATE_BYTES_MAX} bytes together");
    Response::json(503, format!(r#"{{"message":"{message}","type":"emulator_limit"}}"#))
}
