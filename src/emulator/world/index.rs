//! The index of the flexible IPs: by the properties that lists filter by, by server, and by due time.
//! All of it follows from the flexible IPs and servers themselves.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::emulator::world::positions::PositionSet;
use crate::emulator::world::records::IpRecord;
use crate::model::id::{FlexibleIpId, ProjectId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;
use crate::model::zone::Zone;

/// What changes at a due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::emulator) enum Due {
    /// The job of a flexible IP ends.
    Ip(FlexibleIpId),
    /// The deletion of a server ends.
    Server(ServerId),
}

/// A property that a list can filter by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::emulator) enum Property {
    /// Every flexible IP has this one.
    Exists,
    Project(ProjectId),
    Status(Status),
    Server(ServerId),
    Tag(Box<str>),
}

/// The index.
#[derive(Clone, Debug, Default)]
pub(in crate::emulator) struct Index {
    /// What is due, in the order of the due times.
    pub(in crate::emulator) agenda: BTreeSet<(Timestamp, Due)>,
    by_server: BTreeMap<ServerId, BTreeSet<FlexibleIpId>>,
    /// For each zone the positions of the flexible IPs with a property. No set is empty.
    by_property: BTreeMap<Zone, Sets>,
}

/// The sets of a zone. Those of tags are apart: their key can be compared without a copy of it.
#[derive(Clone, Debug, Default)]
struct Sets {
    by_tag: BTreeMap<Box<str>, PositionSet>,
    by_other: BTreeMap<Property, PositionSet>,
}

impl Sets {
    fn of(&self, property: &Property) -> Option<&PositionSet> {
        match property {
            Property::Tag(tag) => self.by_tag.get(tag),
            other => self.by_other.get(other),
        }
    }
}

impl Index {
    /// Adds a flexible IP at its position in the zone's lists.
    pub(in crate::emulator) fn add(&mut self, id: FlexibleIpId, position: u32, ip: &IpRecord) {
        self.agenda.extend(ip.job.as_ref().map(|job| (job.due, Due::Ip(id))));
        if let Some(server) = ip.assigned_server() {
            self.by_server.entry(server).or_default().insert(id);
        }
        if !self.by_property.contains_key(&ip.zone) {
            self.by_property.insert(ip.zone.clone(), Sets::default());
        }
        let Some(sets) = self.by_property.get_mut(&ip.zone) else { return };
        for property in properties_but_tags(ip) {
            sets.by_other.entry(property).or_default().insert(position);
        }
        for tag in &ip.tags {
            match sets.by_tag.get_mut(tag.as_str()) {
                Some(positions) => positions.insert(position),
                None => sets.by_tag.entry(tag.as_str().into()).or_default().insert(position),
            }
        }
    }

    /// Removes a flexible IP that was added with the same arguments.
    pub(in crate::emulator) fn remove(&mut self, id: FlexibleIpId, position: u32, ip: &IpRecord) {
        if let Some(job) = &ip.job {
            self.agenda.remove(&(job.due, Due::Ip(id)));
        }
        if let Some(server) = ip.assigned_server()
            && let Some(ips) = self.by_server.get_mut(&server)
        {
            ips.remove(&id);
            if ips.is_empty() {
                self.by_server.remove(&server);
            }
        }
        let Some(sets) = self.by_property.get_mut(&ip.zone) else { return };
        for property in properties_but_tags(ip) {
            if sets.by_other.get_mut(&property).is_some_and(|set| set.is_empty_without(position)) {
                sets.by_other.remove(&property);
            }
        }
        for tag in &ip.tags {
            let set = sets.by_tag.get_mut(tag.as_str());
            if set.is_some_and(|set| set.is_empty_without(position)) {
                sets.by_tag.remove(tag.as_str());
            }
        }
    }

    /// The positions in a zone of the flexible IPs that have, of each list in `filters`, at least one
    /// property. Without filters, all positions.
    pub(in crate::emulator) fn positions(
        &self,
        zone: &Zone,
        filters: &[&[Property]],
    ) -> Cow<'_, PositionSet> {
        let of =
            |property: &Property| Some(Cow::Borrowed(self.by_property.get(zone)?.of(property)?));
        let any_of = |properties: &&[Property]| {
            let sets = properties.iter().filter_map(of);
            sets.reduce(|one, other| changed(one, |one| one.unite(&other))).unwrap_or_default()
        };
        let mut sets: Vec<Cow<'_, PositionSet>> = filters.iter().map(any_of).collect();
        // The smallest set first: the intersections are small then.
        sets.sort_by_key(|set| set.len());
        let all = sets.into_iter().reduce(|one, other| changed(one, |one| one.intersect(&other)));
        all.or_else(|| of(&Property::Exists)).unwrap_or_default()
    }

    /// The flexible IPs that are attached to a server or are being attached to it.
    pub(in crate::emulator) fn assigned_to(&self, server: ServerId) -> BTreeSet<FlexibleIpId> {
        self.by_server.get(&server).cloned().unwrap_or_default()
    }
}

fn changed(
    mut positions: Cow<'_, PositionSet>,
    change: impl FnOnce(&mut PositionSet),
) -> Cow<'_, PositionSet> {
    change(positions.to_mut());
    positions
}

/// Whether a flexible IP has, of each list in `filters`, at least one property.
pub(in crate::emulator) fn has_one_of_each(ip: &IpRecord, filters: &[&[Property]]) -> bool {
    filters.iter().all(|any| properties(ip).any(|property| any.contains(&property)))
}

fn properties(ip: &IpRecord) -> impl Iterator<Item = Property> {
    properties_but_tags(ip).chain(ip.tags.iter().map(|tag| Property::Tag(tag.as_str().into())))
}

fn properties_but_tags(ip: &IpRecord) -> impl Iterator<Item = Property> {
    [Property::Exists, Property::Project(ip.project_id), Property::Status(ip.status)]
        .into_iter()
        .chain(ip.server_id.map(Property::Server))
}
