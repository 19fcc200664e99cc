//! What makes finding cheap: which IPs a filter of a list lets through, which are at a server, what
//! is due next. All of it follows from the IPs themselves.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::held::Ip;
use super::places::Places;
use crate::model::id::{FlexibleIpId, ProjectId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// What moves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// The job on an IP ends.
    Ip(FlexibleIpId),
    /// A server is gone.
    Machine(ServerId),
}

/// What IPs have in common that a list can ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    /// That they are there.
    Held,
    Project(ProjectId),
    Status(Status),
    Server(ServerId),
    Tag(Box<str>),
}

/// The index.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// What is due, in the order in which it is.
    pub(super) agenda: BTreeSet<(Timestamp, Due)>,
    at_servers: BTreeMap<ServerId, BTreeSet<FlexibleIpId>>,
    /// The places in each zone of the IPs that have something in common. None is empty.
    shelves: BTreeMap<Zone, BTreeMap<Facet, Places>>,
}

impl Index {
    /// Takes an IP in.
    pub(super) fn add(&mut self, id: FlexibleIpId, place: u32, ip: &Ip) {
        self.agenda.extend(ip.job.as_ref().map(|job| (job.due, Due::Ip(id))));
        if let Some(server) = ip.place() {
            self.at_servers.entry(server).or_default().insert(id);
        }
        if !self.shelves.contains_key(&ip.zone) {
            self.shelves.insert(ip.zone.clone(), BTreeMap::new());
        }
        let Some(shelf) = self.shelves.get_mut(&ip.zone) else { return };
        for facet in facets(ip) {
            shelf.entry(facet).or_default().insert(place);
        }
    }

    /// Undoes `add`.
    pub(super) fn remove(&mut self, id: FlexibleIpId, place: u32, ip: &Ip) {
        if let Some(job) = &ip.job {
            self.agenda.remove(&(job.due, Due::Ip(id)));
        }
        if let Some(server) = ip.place()
            && let Some(ips) = self.at_servers.get_mut(&server)
        {
            ips.remove(&id);
            if ips.is_empty() {
                self.at_servers.remove(&server);
            }
        }
        let Some(shelf) = self.shelves.get_mut(&ip.zone) else { return };
        for facet in facets(ip) {
            if let Some(places) = shelf.get_mut(&facet) {
                places.remove(place);
                if places.len() == 0 {
                    shelf.remove(&facet);
                }
            }
        }
    }

    /// The places of a zone that have, of each list of facets, one at least.
    pub(super) fn places(&self, zone: &Zone, wanted: &[&[Facet]]) -> Cow<'_, Places> {
        let of = |facet: &Facet| Some(Cow::Borrowed(self.shelves.get(zone)?.get(facet)?));
        let either = |any: &&[Facet]| {
            let sets = any.iter().filter_map(of);
            sets.reduce(|one, other| changed(one, |one| one.unite(&other))).unwrap_or_default()
        };
        let mut sets: Vec<Cow<'_, Places>> = wanted.iter().map(either).collect();
        // What the smallest leaves over is little.
        sets.sort_by_key(|set| set.len());
        let all = sets.into_iter().reduce(|one, other| changed(one, |one| one.intersect(&other)));
        all.or_else(|| of(&Facet::Held)).unwrap_or_default()
    }

    /// The IPs that are at a server, or on their way to it.
    pub(super) fn at_server(&self, server: ServerId) -> BTreeSet<FlexibleIpId> {
        self.at_servers.get(&server).cloned().unwrap_or_default()
    }
}

fn changed(mut places: Cow<'_, Places>, change: impl FnOnce(&mut Places)) -> Cow<'_, Places> {
    change(places.to_mut());
    places
}

fn facets(ip: &Ip) -> impl Iterator<Item = Facet> {
    [Facet::Held, Facet::Project(ip.project_id), Facet::Status(ip.status)]
        .into_iter()
        .chain(ip.server_id.map(Facet::Server))
        .chain(ip.tags.iter().map(|tag| Facet::Tag(tag.as_str().into())))
}
