//! Whether another zone has flexible IPs that are absent from the zone of a request.
//!
//! The API answers for an id of another zone as for one that was deleted. A wait for a deletion that
//! has never read its flexible IP therefore asks the other zones. A zone that gives no answer changes
//! nothing: the flexible IP is absent from the zone that the caller named.

use super::command::Command;
use super::reads::get_ip;
use super::requests::Requests;
use super::tag::Tag;
use crate::error::Error;
use crate::error::problem::{Problem, Reason};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::model::zone::{KNOWN_ZONES, Zone};
use crate::wire::summary::Summary;

/// The tag of the first read; the tags of the others follow it.
const FIRST_TAG: Tag = 1;

pub(super) struct WrongZone {
    asked: Zone,
    /// The reads, in the order of their tags.
    reads: Vec<(Zone, FlexibleIpId)>,
    /// The number of reads without a response.
    pending: usize,
}

impl WrongZone {
    pub(super) fn new(asked: Zone, ids: Vec<FlexibleIpId>) -> Self {
        let mut reads = Vec::new();
        for zone in KNOWN_ZONES.iter().filter_map(|zone| Zone::parse(zone)) {
            if zone != asked {
                reads.extend(ids.iter().map(|id| (zone.clone(), *id)));
            }
        }
        Self { asked, pending: reads.len(), reads }
    }

    pub(super) fn begin(&self, requests: &mut Requests, now: Millis) -> Vec<Command> {
        let send = |(index, (zone, id)): (usize, &(Zone, FlexibleIpId))| {
            requests.send(FIRST_TAG.saturating_add(index), get_ip(zone, *id), now)
        };
        self.reads.iter().enumerate().map(send).collect()
    }

    /// Takes what a read has read. Returns an error that names the zone if it is the flexible IP, and a
    /// success after the last read.
    pub(super) fn on_response(
        &mut self,
        tag: Tag,
        ip: Option<Summary>,
    ) -> Option<Result<(), Error>> {
        let (zone, id) = self.reads.get(tag.wrapping_sub(FIRST_TAG))?;
        if ip.is_some_and(|ip| ip.id == *id) {
            let help = [
                &id.to_string(),
                " is in zone ",
                zone.as_str(),
                ", and the request is for zone ",
                self.asked.as_str(),
            ];
            let problem = Problem::error("zone", Reason::Constraint, help.concat());
            return Some(Err(Error::InvalidArguments(vec![problem])));
        }
        self.pending = self.pending.saturating_sub(1);
        (self.pending == 0).then_some(Ok(()))
    }
}
