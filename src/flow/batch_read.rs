//! Reads several flexible IPs, one request for each, with a bounded number of requests at once.

use super::command::Command;
use super::reads::{get_ip, parse_ip, undecodable};
use super::requests::Requests;
use super::response::Response;
use super::small_map::SmallMap;
use super::tag::Tag;
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::wire::summary::Summary;

/// A MAC group of 64 flexible IPs must not cause a burst of 64 requests.
const READS_AT_ONCE: usize = 8;

pub(super) struct BatchRead {
    zone: Zone,
    /// The tag of the first read; the tags of the others follow it.
    first_tag: Tag,
    ids: Vec<FlexibleIpId>,
    /// The index of the next flexible IP to read.
    next: usize,
    /// What was read, by the index of its id.
    read: SmallMap<usize, Summary>,
}

impl BatchRead {
    pub(super) fn new(zone: Zone, first_tag: Tag, ids: Vec<FlexibleIpId>) -> Self {
        Self { zone, first_tag, ids, next: 0, read: SmallMap::default() }
    }

    /// Sends the first reads.
    pub(super) fn begin(
        &mut self,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        for _ in 0..READS_AT_ONCE {
            self.send_next(requests, now, commands);
        }
    }

    /// Takes the response to a read, and sends the next read. Returns all flexible IPs, in the order
    /// of their ids, after the last response.
    pub(super) fn on_response(
        &mut self,
        tag: Tag,
        response: Response,
        requests: &mut Requests,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<Option<Vec<Summary>>, Error> {
        let summary = parse_ip(response)?;
        let index = tag.wrapping_sub(self.first_tag);
        if self.ids.get(index) != Some(&summary.id) {
            return Err(undecodable("id"));
        }
        self.read.insert(index, summary);
        self.send_next(requests, now, commands);
        let mut all = Vec::new();
        for index in 0..self.ids.len() {
            let Some(summary) = self.read.get(index) else { return Ok(None) };
            all.push(summary.clone());
        }
        Ok(Some(all))
    }

    fn send_next(&mut self, requests: &mut Requests, now: Millis, commands: &mut Vec<Command>) {
        let Some(id) = self.ids.get(self.next) else { return };
        let tag = self.first_tag.saturating_add(self.next);
        self.next = self.next.saturating_add(1);
        commands.push(requests.send(tag, get_ip(&self.zone, *id), now));
    }
}
