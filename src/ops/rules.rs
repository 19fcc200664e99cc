//! The rules between several flexible IPs, which need to know where each one is.

use super::arguments::Reader;
use crate::error::field::{Problem, Reason};
use crate::model::id::FlexibleIpId;
use crate::wire::summary::Summary;

/// What has to hold of the flexible IPs before a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// Both are attached to the same server.
    SameServer {
        /// The flexible IP whose virtual MAC address is duplicated.
        source: FlexibleIpId,
        /// The flexible IP that is to get it.
        destination: FlexibleIpId,
    },
    /// All carry the same virtual MAC address.
    OneMacGroup {
        /// The flexible IPs, at least two.
        ids: Vec<FlexibleIpId>,
    },
}

impl Preflight {
    /// The rule for a request that acts on these; a single one needs none.
    pub(super) fn one_mac_group(ids: Vec<FlexibleIpId>) -> Option<Self> {
        (ids.len() > 1).then_some(Self::OneMacGroup { ids })
    }

    /// The flexible IPs that the rule has to know, in the order that [`Self::problem`] takes them.
    pub fn reads(&self) -> Vec<FlexibleIpId> {
        match self {
            Self::SameServer { source, destination } => vec![*source, *destination],
            Self::OneMacGroup { ids } => ids.clone(),
        }
    }

    /// What is wrong, once they are read.
    pub fn problem(&self, read: &[Summary]) -> Option<Problem> {
        match (self, read) {
            (Self::SameServer { .. }, [source, destination]) => same_server(source, destination),
            (Self::OneMacGroup { .. }, members) => one_mac_group(members),
            (Self::SameServer { .. }, _) => None,
        }
    }
}

/// A virtual MAC address is duplicated only between flexible IPs on one server.
pub fn same_server(source: &Summary, destination: &Summary) -> Option<Problem> {
    if source.server_id.is_some() && source.server_id == destination.server_id {
        return None;
    }
    let help = format!(
        "both flexible IPs must be attached to the same server: source {}, destination {}",
        place(source),
        place(destination)
    );
    Some(Problem::error("duplicateFromFipId", Reason::Constraint, help))
}

/// Several flexible IPs are attached or detached at once only as one MAC group.
pub fn one_mac_group(members: &[Summary]) -> Option<Problem> {
    let (first, others) = members.split_first()?;
    let stranger =
        others.iter().find(|member| member.mac_id.is_none() || member.mac_id != first.mac_id)?;
    let carries = |member: &Summary| match member.mac_id {
        Some(mac) => format!("{} carries MAC {mac}", member.id),
        None => format!("{} carries no MAC", member.id),
    };
    let help = format!(
        "several flexible IPs must belong to one MAC group: {}, {}; send one request for each group",
        carries(first),
        carries(stranger)
    );
    Some(Problem::error("fipsIds", Reason::Constraint, help))
}

/// Refuses a source that is its own destination.
pub(super) fn different(
    reader: &mut Reader<'_>,
    field: &'static str,
    one: Option<FlexibleIpId>,
    other: Option<FlexibleIpId>,
) {
    if one.is_some() && one == other {
        reader.refuse(
            field,
            Reason::Constraint,
            "source and destination must be different flexible IPs",
        );
    }
}

fn place(ip: &Summary) -> String {
    match ip.server_id {
        Some(server) => format!("{} is attached to server {server}", ip.id),
        None => format!("{} is attached to no server (status {})", ip.id, ip.status),
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
            status: "ready".to_owned(),
            server_id: server.map(|server| ServerId(uuid(server))),
            mac_id: mac.map(|mac| MacId(uuid(mac))),
            mac_status: None,
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
    fn being_attached_to_nothing_is_not_being_on_one_server() {
        assert!(same_server(&ip(1, None, None), &ip(2, None, None)).is_some());
        assert!(same_server(&ip(1, Some(3), None), &ip(2, None, None)).is_some());
        assert_eq!(same_server(&ip(1, Some(3), None), &ip(2, Some(3), None)), None);
    }

    #[test]
    fn a_mac_group_is_known_by_its_mac() {
        assert_eq!(one_mac_group(&[ip(1, None, Some(9)), ip(2, None, Some(9))]), None);
        assert!(one_mac_group(&[ip(1, None, Some(9)), ip(2, None, Some(8))]).is_some());
        assert!(one_mac_group(&[ip(1, None, Some(9)), ip(2, None, None)]).is_some());
        let help = one_mac_group(&[ip(1, None, None), ip(2, None, None)]).unwrap().help;
        assert!(help.contains("01010101-") && help.contains("02020202-"), "{help}");
    }
}
