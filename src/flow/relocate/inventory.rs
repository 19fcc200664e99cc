//! The flexible IPs of a zone before a move, and the plan that follows from them.

use super::group::Group;
use super::request::{Relocation, Selection, Strategy};
use crate::error::Error;
use crate::error::problem::{Problem, Reason};
use crate::flow::plan::PlanStep;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The flexible IPs of a zone.
#[derive(Default)]
pub(super) struct Inventory {
    ips: Vec<Summary>,
}

impl Inventory {
    /// Adds the flexible IPs of a page. The last read of a flexible IP replaces an earlier one.
    pub(super) fn add(&mut self, ips: Vec<Summary>) {
        for ip in ips {
            self.ips.retain(|other| other.id != ip.id);
            self.ips.push(ip);
        }
    }

    pub(super) fn into_ips(self) -> Vec<Summary> {
        self.ips
    }

    /// Returns the groups that move. Fails if a selected flexible IP does not exist, or if the
    /// selection splits a MAC group.
    pub(super) fn select(&self, relocation: &Relocation) -> Result<Vec<Group>, Error> {
        let ids = match &relocation.selection {
            Selection::Ids(ids) => ids.clone(),
            Selection::OnServer { source, unfinished } => {
                let is_selected = |ip: &&Summary| {
                    ip.server_id == Some(*source)
                        || (ip.server_id.is_none() && unfinished.contains(&ip.id))
                };
                return Ok(self.group(self.ips.iter().filter(is_selected).map(|ip| ip.id)));
            }
        };
        let mut problems = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            let field = format!("fipsIds[{index}]");
            let Some(ip) = self.ip(*id) else {
                let help = format!("there is no flexible IP {id} in zone {}", relocation.zone);
                problems.push(Problem::error(field, Reason::Constraint, help));
                continue;
            };
            let is_left_out = |other: &&Summary| {
                ip.mac_id.is_some() && other.mac_id == ip.mac_id && !ids.contains(&other.id)
            };
            if let Some(other) = self.ips.iter().find(is_left_out) {
                let help =
                    format!("{id} is in one MAC group with {}, which must move with it", other.id);
                problems.push(Problem::error(field, Reason::Constraint, help));
            }
        }
        if !problems.is_empty() {
            return Err(Error::InvalidArguments(problems));
        }
        Ok(self.group(ids.into_iter()))
    }

    /// Groups flexible IPs by their virtual MAC address.
    fn group(&self, ids: impl Iterator<Item = FlexibleIpId>) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for id in ids {
            let mac = self.ip(id).and_then(|ip| ip.mac_id);
            let mac_of = |group: &Group| self.ip(*group.ids.first()?)?.mac_id;
            let index = groups.iter().position(|group| mac.is_some() && mac_of(group) == mac);
            match index.and_then(|index| groups.get_mut(index)) {
                Some(group) => group.ids.push(id),
                None => groups.push(Group::new(id)),
            }
        }
        groups
    }

    fn ip(&self, id: FlexibleIpId) -> Option<&Summary> {
        self.ips.iter().find(|ip| ip.id == id)
    }

    /// Returns the steps that a group needs.
    pub(super) fn plan(&self, relocation: &Relocation, group: &Group) -> Vec<PlanStep> {
        let servers: Vec<Option<ServerId>> =
            group.ids.iter().map(|id| self.ip(*id).and_then(|ip| ip.server_id)).collect();
        let target = Some(relocation.target);
        if servers.iter().all(|server| *server == target) {
            return Vec::new();
        }
        let mut plan = Vec::new();
        let source = servers.iter().flatten().find(|server| Some(**server) != target).copied();
        if source.is_some() && relocation.strategy == Strategy::Detach {
            plan.push(group.step(Operation::DetachFlexibleIp, source));
        }
        plan.push(group.step(Operation::AttachFlexibleIp, target));
        plan
    }
}
