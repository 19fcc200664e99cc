//! Who is in the zone before the move, and who of them moves with whom.

use super::group::Group;
use super::request::{Relocation, Selection, Strategy};
use crate::error::Error;
use crate::error::problem::{Problem, Reason};
use crate::flow::PlanStep;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The flexible IPs of a zone, as they were read.
#[derive(Default)]
pub(super) struct Inventory {
    ips: Vec<Summary>,
}

impl Inventory {
    /// Takes some of them. Who was read before is as read last.
    pub(super) fn take(&mut self, ips: Vec<Summary>) {
        for ip in ips {
            self.ips.retain(|other| other.id != ip.id);
            self.ips.push(ip);
        }
    }

    /// All of them.
    pub(super) fn into_ips(self) -> Vec<Summary> {
        self.ips
    }

    /// Those who move: whole MAC groups, or an error that says who is missing.
    pub(super) fn selected(&self, relocation: &Relocation) -> Result<Vec<Group>, Error> {
        let ids = match &relocation.who {
            Selection::Ids(ids) => ids.clone(),
            Selection::On(server, unfinished) => {
                let on = |ip: &&Summary| {
                    ip.server_id == Some(*server)
                        || (ip.server_id.is_none() && unfinished.contains(&ip.id))
                };
                return Ok(self.grouped(self.ips.iter().filter(on).map(|ip| ip.id)));
            }
        };
        let mut problems = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            let field = format!("fipsIds[{place}]");
            let Some(ip) = self.ip(*id) else {
                let help = format!("there is no flexible IP {id} in zone {}", relocation.zone);
                problems.push(Problem::error(field, Reason::Constraint, help));
                continue;
            };
            let left_out = |other: &&Summary| {
                ip.mac_id.is_some() && other.mac_id == ip.mac_id && !ids.contains(&other.id)
            };
            if let Some(other) = self.ips.iter().find(left_out) {
                let help =
                    format!("{id} is of one MAC group with {}, which must move with it", other.id);
                problems.push(Problem::error(field, Reason::Constraint, help));
            }
        }
        if !problems.is_empty() {
            return Err(Error::InvalidArguments(problems));
        }
        Ok(self.grouped(ids.into_iter()))
    }

    /// Those who carry one virtual MAC address move together.
    fn grouped(&self, ids: impl Iterator<Item = FlexibleIpId>) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for id in ids {
            let mac = self.ip(id).and_then(|ip| ip.mac_id);
            let of = |group: &Group| self.ip(*group.ids.first()?)?.mac_id;
            let place = groups.iter().position(|group| mac.is_some() && of(group) == mac);
            match place.and_then(|place| groups.get_mut(place)) {
                Some(group) => group.ids.push(id),
                None => groups.push(Group::new(id)),
            }
        }
        groups
    }

    fn ip(&self, id: FlexibleIpId) -> Option<&Summary> {
        self.ips.iter().find(|ip| ip.id == id)
    }

    /// What would be done with a group.
    pub(super) fn plan(&self, relocation: &Relocation, group: &Group) -> Vec<PlanStep> {
        let servers: Vec<Option<ServerId>> =
            group.ids.iter().map(|id| self.ip(*id).and_then(|ip| ip.server_id)).collect();
        let to = Some(relocation.to);
        if servers.iter().all(|server| *server == to) {
            return Vec::new();
        }
        let mut plan = Vec::new();
        let elsewhere = servers.iter().flatten().find(|server| Some(**server) != to).copied();
        if elsewhere.is_some() && relocation.strategy == Strategy::Detach {
            plan.push(group.action(Operation::DetachFlexibleIp, elsewhere));
        }
        plan.push(group.action(Operation::AttachFlexibleIp, to));
        plan
    }
}
