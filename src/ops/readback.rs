//! How to find out whether a request was done when its answer was lost.

use crate::model::id::{FlexibleIpId, MacId, ServerId};
use crate::model::time::Millis;
use crate::wire::summary::Summary;

/// What shows that a request was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readback {
    /// Nothing has to: done twice is done once, or nothing can.
    None,
    /// All are on the server.
    Attached {
        /// The flexible IPs.
        ids: Vec<FlexibleIpId>,
        /// The server.
        server: ServerId,
    },
    /// All have left their server, or are leaving it.
    Detached {
        /// The flexible IPs.
        ids: Vec<FlexibleIpId>,
    },
    /// Both carry the same virtual MAC address.
    SameMac {
        /// Whose MAC address is duplicated.
        source: FlexibleIpId,
        /// Who gets it.
        destination: FlexibleIpId,
    },
    /// It is gone, or going.
    Gone(FlexibleIpId),
    /// It carries another virtual MAC address than before.
    NewMac(FlexibleIpId),
    /// It carries no virtual MAC address any more, or not for long.
    NoMac(FlexibleIpId),
    /// The virtual MAC address is where it was to go.
    MovedMac {
        /// Whose MAC address is moved.
        source: FlexibleIpId,
        /// Who gets it.
        destination: FlexibleIpId,
    },
}

/// What the proof says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was done.
    Done,
    /// It was not done.
    NotDone,
    /// Whether it was done cannot be said, but doing it again does no harm.
    Repeatable,
    /// Something is under way, and it does not show yet whether that is it.
    Pending,
    /// Nothing can be said.
    Nothing,
}

impl Readback {
    /// The flexible IPs that must be read before the request is sent.
    pub fn before(&self) -> Vec<FlexibleIpId> {
        match self {
            Self::NewMac(id) | Self::NoMac(id) | Self::MovedMac { source: id, .. } => vec![*id],
            _ => Vec::new(),
        }
    }

    /// The flexible IPs that must be read after it; the last ones are the request's result.
    pub fn after(&self) -> Vec<FlexibleIpId> {
        match self {
            Self::None => Vec::new(),
            Self::Attached { ids, .. } | Self::Detached { ids } => ids.clone(),
            Self::SameMac { source, destination } | Self::MovedMac { source, destination } => {
                vec![*source, *destination]
            }
            Self::Gone(id) | Self::NewMac(id) | Self::NoMac(id) => vec![*id],
        }
    }

    /// What is known, given what was read before and after, and how long ago the request was sent.
    pub fn tells(&self, before: &[Summary], after: &[Summary], since: Millis) -> Verdict {
        let done = |done: bool| if done { Verdict::Done } else { Verdict::NotDone };
        match (self, before, after) {
            // While an IP is attached anew it names no server yet: it could be another attach's.
            (Self::Attached { .. }, _, after) if after.iter().any(is_arriving) => Verdict::Pending,
            (Self::Attached { server, .. }, _, after) => {
                done(after.iter().all(|ip| is_at(ip, *server)))
            }
            (Self::Detached { .. }, _, after) => done(after.iter().all(has_left_or_is_leaving)),
            // Addresses come from a pool: what is there may be somebody else's by now.
            (Self::Gone(_), _, [ip]) if is_leaving(ip) => Verdict::Repeatable,
            (Self::Gone(_), _, [ip]) if is_untouched(ip, since) => Verdict::NotDone,
            (Self::SameMac { .. }, _, [source, destination]) => {
                done(source.mac_id.is_some() && source.mac_id == destination.mac_id)
            }
            (Self::NewMac(_), [before], [after]) => {
                done(after.mac_id.is_some() && after.mac_id != before.mac_id)
            }
            (Self::NoMac(_), [before], [after]) => done(has_lost(after, before.mac_id)),
            (Self::MovedMac { .. }, [before], [source, destination]) => {
                match (before.mac_id, has_lost(source, before.mac_id)) {
                    (None, _) => Verdict::Nothing,
                    (_, false) => Verdict::NotDone,
                    (mac, true) if destination.mac_id == mac => Verdict::Done,
                    // Somebody else has been at work.
                    (_, true) => Verdict::Nothing,
                }
            }
            _ => Verdict::Nothing,
        }
    }
}

fn is_arriving(ip: &Summary) -> bool {
    ip.server_id.is_none() && ip.status == "updating"
}

fn is_at(ip: &Summary, server: ServerId) -> bool {
    ip.server_id == Some(server) && ip.status != "detaching"
}

/// One that names no server yet because it is being attached has not left.
fn has_left_or_is_leaving(ip: &Summary) -> bool {
    ip.status == "detaching" || (ip.server_id.is_none() && !is_arriving(ip))
}

/// Nobody who was given the address a moment ago is leaving a server with it already.
fn is_leaving(ip: &Summary) -> bool {
    ip.server_id.is_some() && matches!(ip.status.as_str(), "detaching" | "updating")
}

/// Whether it was last written before the request was sent, by the service's own clock.
fn is_untouched(ip: &Summary, since: Millis) -> bool {
    // Both stamps are whole seconds, and the clock here is not the service's.
    const MARGIN: u64 = 2;
    let since = (since.0 / 1_000).saturating_add(MARGIN);
    let sent_at = ip.read_at.and_then(|read_at| read_at.checked_sub(since));
    sent_at.zip(ip.updated_at).is_some_and(|(sent_at, updated_at)| updated_at < sent_at)
}

fn has_lost(ip: &Summary, mac: Option<MacId>) -> bool {
    ip.mac_id.is_none() || ip.mac_id != mac || ip.mac_status.as_deref() == Some("deleting")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::Uuid;

    fn uuid(number: u8) -> Uuid {
        Uuid::from_bytes([number; 16])
    }

    fn id(number: u8) -> FlexibleIpId {
        FlexibleIpId(uuid(number))
    }

    fn ip(status: &str, server: Option<u8>, mac: Option<u8>) -> Summary {
        Summary {
            id: id(1),
            status: status.to_owned(),
            server_id: server.map(|server| ServerId(uuid(server))),
            mac_id: mac.map(|mac| MacId(uuid(mac))),
            mac_status: mac.map(|_| "ready".to_owned()),
            updated_at: None,
            read_at: None,
        }
    }

    #[test]
    fn an_attach_was_done_when_the_ip_is_there_and_whereto_it_is_on_its_way_does_not_show() {
        let readback = Readback::Attached { ids: vec![id(1)], server: ServerId(uuid(9)) };
        let tells = |ip: Summary| readback.tells(&[], &[ip], Millis(0));
        assert_eq!(tells(ip("attached", Some(9), None)), Verdict::Done);
        assert_eq!(tells(ip("updating", None, None)), Verdict::Pending);
        assert_eq!(tells(ip("updating", Some(9), None)), Verdict::Done);
        assert_eq!(tells(ip("ready", None, None)), Verdict::NotDone);
        assert_eq!(tells(ip("attached", Some(8), None)), Verdict::NotDone);
        assert_eq!(tells(ip("detaching", Some(9), None)), Verdict::NotDone);
        let two = [ip("attached", Some(9), None), ip("ready", None, None)];
        assert_eq!(readback.tells(&[], &two, Millis(0)), Verdict::NotDone);
    }

    #[test]
    fn a_detach_was_done_when_the_ip_has_left_or_is_leaving() {
        let tells =
            |ip: Summary| Readback::Detached { ids: vec![id(1)] }.tells(&[], &[ip], Millis(0));
        assert_eq!(tells(ip("detaching", Some(9), None)), Verdict::Done);
        assert_eq!(tells(ip("ready", None, None)), Verdict::Done);
        assert_eq!(tells(ip("attached", Some(9), None)), Verdict::NotDone);
        assert_eq!(tells(ip("updating", None, None)), Verdict::NotDone);
    }

    #[test]
    fn the_difference_between_before_and_after_decides_for_mac_addresses() {
        let (none, one, other) =
            (ip("ready", None, None), ip("ready", None, Some(1)), ip("ready", None, Some(2)));
        let tells = |readback: &Readback, before: &Summary, after: &[&Summary]| {
            let after: Vec<Summary> = after.iter().map(|ip| (*ip).clone()).collect();
            readback.tells(std::slice::from_ref(before), &after, Millis(0))
        };
        let generate = Readback::NewMac(id(1));
        assert_eq!(tells(&generate, &none, &[&one]), Verdict::Done);
        assert_eq!(tells(&generate, &one, &[&other]), Verdict::Done);
        assert_eq!(tells(&generate, &one, &[&one]), Verdict::NotDone);
        assert_eq!(tells(&generate, &none, &[&none]), Verdict::NotDone);
        let delete = Readback::NoMac(id(1));
        assert_eq!(tells(&delete, &one, &[&none]), Verdict::Done);
        assert_eq!(tells(&delete, &one, &[&one]), Verdict::NotDone);
        let deleting = Summary { mac_status: Some("deleting".to_owned()), ..one.clone() };
        assert_eq!(tells(&delete, &one, &[&deleting]), Verdict::Done);
        let moved = Readback::MovedMac { source: id(1), destination: id(2) };
        assert_eq!(tells(&moved, &one, &[&none, &one]), Verdict::Done);
        assert_eq!(tells(&moved, &one, &[&one, &none]), Verdict::NotDone);
        assert_eq!(tells(&moved, &one, &[&none, &other]), Verdict::Nothing);
        assert_eq!(tells(&moved, &none, &[&none, &none]), Verdict::Nothing);
    }

    #[test]
    fn without_having_read_before_nothing_can_be_said() {
        let after = [ip("ready", None, Some(1)), ip("ready", None, Some(1))];
        assert_eq!(Readback::NewMac(id(1)).tells(&[], &after[..1], Millis(0)), Verdict::Nothing);
        assert_eq!(Readback::NoMac(id(1)).tells(&[], &after[..1], Millis(0)), Verdict::Nothing);
        assert_eq!(
            Readback::MovedMac { source: id(1), destination: id(2) }.tells(&[], &after, Millis(0)),
            Verdict::Nothing
        );
        assert_eq!(Readback::None.tells(&[], &[], Millis(0)), Verdict::Nothing);
    }

    #[test]
    fn a_duplication_was_done_when_both_carry_one_mac_address() {
        let readback = Readback::SameMac { source: id(1), destination: id(2) };
        let tells = |source, destination| {
            readback.tells(
                &[],
                &[ip("attached", Some(1), source), ip("attached", Some(1), destination)],
                Millis(0),
            )
        };
        assert_eq!(tells(Some(1), Some(1)), Verdict::Done);
        assert_eq!(tells(Some(1), None), Verdict::NotDone);
        assert_eq!(tells(None, None), Verdict::NotDone);
    }

    #[test]
    fn what_was_written_since_a_deletion_was_sent_may_be_somebody_elses() {
        let at = |status, server, updated_at| Summary {
            updated_at: Some(updated_at),
            read_at: Some(1_000),
            ..ip(status, server, None)
        };
        let tells = |ip| Readback::Gone(id(1)).tells(&[], &[ip], Millis(3_000));
        assert_eq!(tells(at("ready", None, 900)), Verdict::NotDone);
        assert_eq!(tells(at("ready", None, 996)), Verdict::Nothing);
        assert_eq!(tells(at("attached", Some(9), 1_000)), Verdict::Nothing);
        assert_eq!(tells(at("detaching", Some(9), 1_000)), Verdict::Repeatable);
        assert_eq!(tells(Summary { updated_at: None, ..at("ready", None, 0) }), Verdict::Nothing);
        assert_eq!(tells(Summary { read_at: None, ..at("ready", None, 0) }), Verdict::Nothing);
    }
}
