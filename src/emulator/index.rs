//! What makes finding cheap: which IPs a list shows, which are at a server, what is due next.
//! All of it follows from the IPs themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::held::Ip;
use crate::model::id::{FlexibleIpId, ProjectId, ServerId};
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

/// IPs in the order of lists: by date, and by id where two dates are the same.
type Sorted = Vec<(Timestamp, FlexibleIpId)>;

/// The index.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// What is due, in the order in which it is.
    pub(super) agenda: BTreeSet<(Timestamp, Due)>,
    at_servers: BTreeMap<ServerId, BTreeSet<FlexibleIpId>>,
    /// Of a zone, for one Project or for all. Sorted vectors, so that a page costs the page.
    lists: BTreeMap<(Zone, Option<ProjectId>), Sorted>,
}

impl Index {
    /// The index of all these IPs.
    pub(super) fn of(ips: &BTreeMap<FlexibleIpId, Ip>) -> Self {
        let mut index = Self::default();
        for (id, ip) in ips {
            index.add(*id, ip);
            for project in [None, Some(ip.project_id)] {
                let list = index.lists.entry((ip.zone.clone(), project)).or_default();
                list.push((ip.created_at, *id));
            }
        }
        index.lists.values_mut().for_each(|list| list.sort_unstable());
        index
    }

    /// Takes an IP in where its job and its server say.
    pub(super) fn add(&mut self, id: FlexibleIpId, ip: &Ip) {
        self.agenda.extend(ip.job.as_ref().map(|job| (job.due, Due::Ip(id))));
        if let Some(server) = ip.place() {
            self.at_servers.entry(server).or_default().insert(id);
        }
    }

    /// Undoes `add`.
    pub(super) fn remove(&mut self, id: FlexibleIpId, ip: &Ip) {
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
    }

    /// Takes an IP into the lists.
    pub(super) fn list(&mut self, id: FlexibleIpId, ip: &Ip) {
        for project in [None, Some(ip.project_id)] {
            let list = self.lists.entry((ip.zone.clone(), project)).or_default();
            if let Err(place) = list.binary_search(&(ip.created_at, id)) {
                list.insert(place, (ip.created_at, id));
            }
        }
    }

    /// Undoes `list`.
    pub(super) fn unlist(&mut self, id: FlexibleIpId, ip: &Ip) {
        for project in [None, Some(ip.project_id)] {
            if let Some(list) = self.lists.get_mut(&(ip.zone.clone(), project))
                && let Ok(place) = list.binary_search(&(ip.created_at, id))
            {
                list.remove(place);
            }
        }
    }

    /// The IPs of a zone, of one Project or of all, oldest first.
    pub(super) fn listed(
        &self,
        zone: &Zone,
        project: Option<ProjectId>,
    ) -> &[(Timestamp, FlexibleIpId)] {
        self.lists.get(&(zone.clone(), project)).map_or(&[], Vec::as_slice)
    }

    /// The IPs that are at a server, or on their way to it.
    pub(super) fn at_server(&self, server: ServerId) -> BTreeSet<FlexibleIpId> {
        self.at_servers.get(&server).cloned().unwrap_or_default()
    }
}
