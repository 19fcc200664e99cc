//! The flexible IPs of a zone before a move, and the plan that follows from them.

use super::group::Group;
use super::request::{Relocation, Selection, Strategy};
use crate::error::Error;
use crate::error::problem::{Problem, Reason};
use crate::flow::plan::PlanStep;
use crate::flow::tag::{BodyRef, Tag};
use crate::model::id::{FlexibleIpId, MacId, ServerId};
use crate::model::limits::SERVER_FLEXIBLE_IPS_MAX;
use crate::model::to_text::text;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The flexible IPs of a zone, with their bodies.
#[derive(Default)]
pub(super) struct Inventory {
    ips: Vec<(Summary, BodyRef)>,
}

impl Inventory {
    /// Adds the flexible IPs of a page. The last read of a flexible IP replaces an earlier one.
    pub(super) fn add(&mut self, tag: Tag, ips: Vec<Summary>) {
        for (item, ip) in ips.into_iter().enumerate() {
            self.ips.retain(|(other, _)| other.id != ip.id);
            self.ips.push((ip, BodyRef { tag, item: Some(item) }));
        }
    }

    fn entry(&self, id: FlexibleIpId) -> Option<&(Summary, BodyRef)> {
        self.ips.iter().find(|(ip, _)| ip.id == id)
    }

    /// The body of a flexible IP.
    pub(super) fn body(&self, id: FlexibleIpId) -> Option<BodyRef> {
        self.entry(id).map(|(_, body)| *body)
    }

    pub(super) fn ip(&self, id: FlexibleIpId) -> Option<&Summary> {
        self.entry(id).map(|(ip, _)| ip)
    }

    /// All flexible IPs, with their bodies.
    pub(super) fn entries(&self) -> &[(Summary, BodyRef)] {
        &self.ips
    }

    fn ips(&self) -> impl Iterator<Item = &Summary> {
        self.ips.iter().map(|(ip, _)| ip)
    }

    /// Whether the server is known to exist because it holds a flexible IP.
    pub(super) fn holds_any(&self, server: ServerId) -> bool {
        self.ips().any(|ip| ip.server_id == Some(server) && ip.status != "detaching")
    }

    /// Returns the groups that move. Fails if a selected flexible IP does not exist or is on a third
    /// server, if the selection splits a MAC group, and if the target has no room for all of them.
    pub(super) fn select(&self, relocation: &Relocation) -> Result<Vec<Group>, Error> {
        let mut problems = Vec::new();
        let groups = match &relocation.selection {
            Selection::Ids(ids) => {
                for (index, id) in ids.iter().enumerate() {
                    if let Some(help) = self.problem_of(relocation, ids, *id) {
                        let field = text!("fipsIds[", index, "]");
                        problems.push(Problem::error(field, Reason::Constraint, help));
                    }
                }
                self.group(ids)
            }
            Selection::OnSource => self.group(&self.on_source(relocation)),
        };
        if problems.is_empty()
            && let Some(problem) = self.lack_of_room(relocation, &groups)
        {
            problems.push(problem);
        }
        if problems.is_empty() { Ok(groups) } else { Err(Error::InvalidArguments(problems)) }
    }

    /// Why a flexible IP that the caller names cannot move.
    fn problem_of(
        &self,
        relocation: &Relocation,
        ids: &[FlexibleIpId],
        id: FlexibleIpId,
    ) -> Option<String> {
        let Some(ip) = self.ip(id) else {
            return Some(text!("there is no flexible IP ", id, " in zone ", relocation.zone));
        };
        if let Some(server) = ip.server_id.filter(|server| !relocation.may_leave(*server)) {
            return Some(text!(id, " is on server ", server, ", which is not fromServerId"));
        }
        let is_left_out = |other: &&Summary| {
            ip.mac_id.is_some() && other.mac_id == ip.mac_id && !ids.contains(&other.id)
        };
        let other = self.ips().find(is_left_out)?;
        Some(text!(id, " is in one MAC group with ", other.id, ", which must move with it"))
    }

    /// The flexible IPs on the source, and the others of their MAC groups. A page may have shown a
    /// member of a group while it was in transition, so that it seems to be on no server.
    fn on_source(&self, relocation: &Relocation) -> Vec<FlexibleIpId> {
        let mut macs = Vec::new();
        for (ip, _) in &self.ips {
            if ip.server_id == relocation.source {
                macs.extend(ip.mac_id);
            }
        }
        let mut ids = Vec::new();
        for (ip, _) in &self.ips {
            let is_along = ip.mac_id.is_some_and(|mac| macs.contains(&mac));
            if ip.server_id == relocation.source || is_along {
                ids.push(ip.id);
            }
        }
        ids
    }

    /// The problem if the target cannot hold all flexible IPs that would arrive.
    fn lack_of_room(&self, relocation: &Relocation, groups: &[Group]) -> Option<Problem> {
        let target = relocation.target;
        let (mut held, mut arriving) = (0_usize, 0_usize);
        for (ip, _) in &self.ips {
            if ip.server_id == Some(target) {
                held = held.saturating_add(1);
            } else if groups.iter().any(|group| group.ids.contains(&ip.id)) {
                arriving = arriving.saturating_add(1);
            }
        }
        if arriving == 0 || held.saturating_add(arriving) <= SERVER_FLEXIBLE_IPS_MAX {
            return None;
        }
        let help = text!(
            "a server has at most ",
            SERVER_FLEXIBLE_IPS_MAX,
            " flexible IPs; ",
            target,
            " has ",
            held,
            ", and ",
            arriving,
            " more would arrive"
        );
        Some(Problem::error(relocation.target_field(), Reason::Constraint, help))
    }

    /// Groups flexible IPs by their virtual MAC address.
    fn group(&self, ids: &[FlexibleIpId]) -> Vec<Group> {
        let (mut groups, mut macs): (Vec<Group>, Vec<Option<MacId>>) = (Vec::new(), Vec::new());
        for id in ids {
            let mac = self.ip(*id).and_then(|ip| ip.mac_id);
            let index = macs.iter().position(|other| mac.is_some() && *other == mac);
            match index.and_then(|index| groups.get_mut(index)) {
                Some(group) => group.ids.push(*id),
                None => {
                    groups.push(Group::new(*id));
                    macs.push(mac);
                }
            }
        }
        groups
    }

    /// Returns the steps that a group needs.
    pub(super) fn plan(&self, relocation: &Relocation, group: &Group) -> Vec<PlanStep> {
        let target = Some(relocation.target);
        let (mut source, mut is_needed) = (None, false);
        for id in &group.ids {
            let server = self.ip(*id).and_then(|ip| ip.server_id);
            if server != target {
                source = source.or(server);
                is_needed = true;
            }
        }
        let mut plan = Vec::new();
        if source.is_some() && relocation.strategy == Strategy::Detach {
            plan.push(group.step(Operation::DetachFlexibleIp, source));
        }
        if is_needed {
            plan.push(group.step(Operation::AttachFlexibleIp, target));
        }
        plan
    }
}
