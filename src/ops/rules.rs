//! The rules between several flexible IPs.

use super::arguments::Reader;
use crate::error::problem::{Problem, Reason};
use crate::model::id::FlexibleIpId;
use crate::model::to_text::text;
use crate::wire::summary::Summary;

/// A rule on the state of flexible IPs that is checked before a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// Both flexible IPs are attached to the same server.
    SameServer {
        /// The flexible IP whose virtual MAC address is duplicated.
        source: FlexibleIpId,
        /// The flexible IP that receives the address.
        destination: FlexibleIpId,
    },
    /// All flexible IPs carry the same virtual MAC address.
    OneMacGroup {
        /// The flexible IPs: at least two.
        ids: Vec<FlexibleIpId>,
    },
}

impl Preflight {
    /// The rule for a request that acts on these flexible IPs. A single one needs no rule.
    pub(super) fn one_mac_group(ids: Vec<FlexibleIpId>) -> Option<Self> {
        (ids.len() > 1).then_some(Self::OneMacGroup { ids })
    }

    /// The flexible IPs to read for the rule, in the order in which [`Self::problem`] takes them.
    pub fn ids_to_read(&self) -> Vec<FlexibleIpId> {
        match self {
            Self::SameServer { source, destination } => vec![*source, *destination],
            Self::OneMacGroup { ids } => ids.clone(),
        }
    }

    /// Checks the rule against the flexible IPs that were read. Returns a problem if it is broken.
    pub fn problem(&self, read: &[Summary]) -> Option<Problem> {
        match (self, read) {
            (Self::SameServer { .. }, [source, destination]) => same_server(source, destination),
            (Self::OneMacGroup { .. }, members) => one_mac_group(members),
            (Self::SameServer { .. }, _) => None,
        }
    }
}

/// A virtual MAC address can be duplicated only between flexible IPs on one server.
pub fn same_server(source: &Summary, destination: &Summary) -> Option<Problem> {
    if source.server_id.is_some() && source.server_id == destination.server_id {
        return None;
    }
    let help = text!(
        "both flexible IPs must be attached to the same server: source ",
        location(source),
        ", destination ",
        location(destination)
    );
    Some(Problem::error("duplicateFromFipId", Reason::Constraint, help))
}

/// Several flexible IPs can be attached or detached together only if they are of one MAC group.
pub fn one_mac_group(members: &[Summary]) -> Option<Problem> {
    let (first, others) = members.split_first()?;
    let foreign =
        others.iter().find(|member| member.mac_id.is_none() || member.mac_id != first.mac_id)?;
    let carries = |member: &Summary| match member.mac_id {
        Some(mac) => text!(member.id, " carries MAC ", mac),
        None => text!(member.id, " carries no MAC"),
    };
    let help = text!(
        "several flexible IPs must belong to one MAC group: ",
        carries(first),
        ", ",
        carries(foreign),
        "; send one request for each group"
    );
    Some(Problem::error("fipsIds", Reason::Constraint, help))
}

/// Notes a problem if the source is also the destination.
pub(super) fn check_different(
    reader: &mut Reader<'_>,
    field: &'static str,
    source: Option<FlexibleIpId>,
    destination: Option<FlexibleIpId>,
) {
    if source.is_some() && source == destination {
        reader.refuse(
            field,
            Reason::Constraint,
            "source and destination must be different flexible IPs",
        );
    }
}

fn location(ip: &Summary) -> String {
    match ip.server_id {
        Some(server) => text!(ip.id, " is attached to server ", server),
        None => text!(ip.id, " is attached to no server (status ", ip.status, ")"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::{MacId, ServerId, Uuid};

    fn ip(number: u8, server: Option<u8>, mac: Option<u8>) -> Summary {
        let uuid = |number| Uuid::from_bytes([number; 16]);
        Summary {
            id: uuid(number).into(),
            project_id: None,
            status: "ready".to_owned(),
            server_id: server.map(|server| ServerId(uuid(server))),
            mac_id: mac.map(|mac| MacId(uuid(mac))),
            mac_status: None,
            mac_type: None,
            updated_at: None,
            read_at: None,
        }
    }

    #[test]
    fn a_refused_duplication_names_both_servers() {
        let problem = same_server(&ip(1, Some(0xa), None), &ip(2, Some(0xb), None)).unwrap();
        assert!(problem.help.contains("attached to server 0a0a0a0a-"), "{}", problem.help);
        assert!(problem.help.contains("attached to server 0b0b0b0b-"), "{}", problem.help);
    }

    #[test]
    fn two_ips_without_a_server_are_not_on_one_server() {
        assert!(same_server(&ip(1, None, None), &ip(2, None, None)).is_some());
        assert!(same_server(&ip(1, Some(3), None), &ip(2, None, None)).is_some());
        assert_eq!(same_server(&ip(1, Some(3), None), &ip(2, Some(3), None)), None);
    }

    #[test]
    fn a_mac_group_is_known_by_the_mac_id_that_its_members_share() {
        assert_eq!(one_mac_group(&[ip(1, None, Some(9)), ip(2, None, Some(9))]), None);
        assert!(one_mac_group(&[ip(1, None, Some(9)), ip(2, None, Some(8))]).is_some());
        assert!(one_mac_group(&[ip(1, None, Some(9)), ip(2, None, None)]).is_some());
        let help = one_mac_group(&[ip(1, None, None), ip(2, None, None)]).unwrap().help;
        assert!(help.contains("01010101-") && help.contains("02020202-"), "{help}");
    }
}
