//! Several flexible IPs, read one by one: a group of 64 must not be a burst of 64.

use super::calls::{CallSpec, Calls};
use super::response::{Body, Response};
use super::{BodyRef, Command, Tag};
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::{Spelling, Summary, read_outline};
use crate::wire::value::Value;

const READS_AT_ONCE: usize = 8;

pub(super) struct ReadMany {
    zone: Zone,
    /// The tag of the first read; the others follow it.
    base: Tag,
    ids: Vec<FlexibleIpId>,
    next: usize,
    read: Vec<Option<Summary>>,
}

impl ReadMany {
    pub(super) fn new(zone: Zone, base: Tag, ids: Vec<FlexibleIpId>) -> Self {
        let read = vec![None; ids.len()];
        Self { zone, base, ids, next: 0, read }
    }

    /// Sends the first reads.
    pub(super) fn begin(&mut self, calls: &mut Calls, now: Millis) -> Vec<Command> {
        (0..READS_AT_ONCE).filter_map(|_| self.read_next(calls, now)).collect()
    }

    /// Takes the answer to a read. Gives everything once all have come.
    pub(super) fn on_answer(
        &mut self,
        tag: Tag,
        answer: Response,
        calls: &mut Calls,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<Option<Vec<Summary>>, Error> {
        let summary = one_ip(answer)?;
        if let Some(slot) = self.read.get_mut(tag.wrapping_sub(self.base)) {
            *slot = Some(summary);
        }
        commands.extend(self.read_next(calls, now));
        Ok(self.read.iter().cloned().collect())
    }

    /// Where the answers are, in the order of the ids.
    pub(super) fn places(&self) -> Vec<BodyRef> {
        let tags = (0..self.ids.len()).map(|place| self.base.saturating_add(place));
        tags.map(|tag| BodyRef { tag, item: None }).collect()
    }

    fn read_next(&mut self, calls: &mut Calls, now: Millis) -> Option<Command> {
        let id = *self.ids.get(self.next)?;
        let tag = self.base.saturating_add(self.next);
        self.next = self.next.saturating_add(1);
        Some(calls.send(tag, read_one(&self.zone, id, false), now))
    }
}

/// The request that reads a flexible IP.
pub(super) fn read_one(zone: &Zone, id: FlexibleIpId, once: bool) -> CallSpec {
    let operation = Operation::GetFlexibleIp;
    let path = operation.ip_path(zone, id);
    let request =
        Request { method: operation.route().method, path, query: String::new(), body: None };
    CallSpec { operation, request, reads_body: true, once }
}

/// The flexible IP of an answer.
pub(super) fn one_ip(answer: Response) -> Result<Summary, Error> {
    let body = match answer.body {
        Body::Json(body) => body,
        Body::Empty | Body::Unread | Body::Text(_) => Value::Null,
    };
    let summary = Summary::read(&body, Spelling::SnakeCase).map_err(misread)?;
    Ok(Summary { read_at: answer.headers.date, ..summary })
}

/// The flexible IPs of an answer that lists them, and how many there are in all.
pub(super) fn listed(answer: Response) -> Result<(u32, Vec<Summary>), Error> {
    let Body::Json(body) = answer.body else { return Err(misread("flexible_ips")) };
    let total = match body.field("total_count") {
        Some(Value::Number(total)) if *total >= 0.0 => *total as u32,
        _ => return Err(misread("total_count")),
    };
    let ips: Result<Vec<Summary>, _> = match body.field("flexible_ips") {
        Some(Value::Text(outline)) => read_outline(outline),
        Some(Value::List(items)) => {
            items.iter().map(|ip| Summary::read(ip, Spelling::SnakeCase)).collect()
        }
        _ => Err("flexible_ips"),
    };
    ips.map(|ips| (total, ips)).map_err(misread)
}

fn misread(field: &'static str) -> Error {
    Error::Decode(["its field ", field, " is not as promised"].concat())
}
