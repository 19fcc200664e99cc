//! Whether a request was carried out whose response was lost, judged by flexible IPs that are read.

use crate::model::id::{FlexibleIpId, MacId, ServerId};
use crate::model::time::Millis;
use crate::wire::summary::Summary;

/// The state of the flexible IPs that shows that a request was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readback {
    /// No state shows it, or a repeated request does no harm.
    None,
    /// All flexible IPs are on the server.
    Attached {
        /// The flexible IPs.
        ids: Vec<FlexibleIpId>,
        /// The server.
        server: ServerId,
    },
    /// All flexible IPs have left their server, or are leaving it.
    Detached {
        /// The flexible IPs.
        ids: Vec<FlexibleIpId>,
    },
    /// Both flexible IPs carry the same virtual MAC address.
    SameMac {
        /// The flexible IP whose MAC address is duplicated.
        source: FlexibleIpId,
        /// The flexible IP that receives it.
        destination: FlexibleIpId,
    },
    /// The flexible IP is deleted, or being deleted.
    Gone(FlexibleIpId),
    /// The flexible IP carries another virtual MAC address than before, of the requested type.
    NewMac {
        /// The flexible IP.
        id: FlexibleIpId,
        /// The API's word for the type.
        mac_type: &'static str,
    },
    /// The flexible IP has lost its virtual MAC address, or is losing it.
    NoMac(FlexibleIpId),
    /// The virtual MAC address is on the destination.
    MovedMac {
        /// The flexible IP whose MAC address is moved.
        source: FlexibleIpId,
        /// The flexible IP that receives it.
        destination: FlexibleIpId,
    },
}

/// Whether a request was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request was carried out.
    Done,
    /// The request was not carried out so far. Its work may still be under way.
    NotDone,
    /// A transition is under way, and it does not show yet whether the request started it.
    Pending,
    /// Unknown.
    Unknown,
}

impl Readback {
    /// The flexible IPs to read before the request is sent.
    pub fn ids_before(&self) -> Vec<FlexibleIpId> {
        match self {
            Self::NewMac { id, .. } | Self::NoMac(id) | Self::MovedMac { source: id, .. } => {
                vec![*id]
            }
            _ => Vec::new(),
        }
    }

    /// The flexible IPs to read after the request. The last one is the result of a MAC operation;
    /// the result of an attach or a detach is all of them.
    pub fn ids_after(&self) -> Vec<FlexibleIpId> {
        match self {
            Self::None => Vec::new(),
            Self::Attached { ids, .. } | Self::Detached { ids } => ids.clone(),
            Self::SameMac { source, destination } | Self::MovedMac { source, destination } => {
                vec![*source, *destination]
            }
            Self::Gone(id) | Self::NewMac { id, .. } | Self::NoMac(id) => vec![*id],
        }
    }

    /// Whether a flexible IP that the verdict reads was written after the request was sent, `elapsed`
    /// ago. Then the request may have been carried out, and another client may have undone it. `before`
    /// are the readings of a preflight. They show it where no dates can be read.
    pub fn is_touched(&self, before: &[Summary], after: &[Summary], elapsed: Millis) -> bool {
        let is_dated = |ip: &&Summary| ip.read_at.is_some() && ip.updated_at.is_some();
        let is_partly_done = match self {
            Self::Attached { server, .. } => after.iter().any(|ip| is_on(ip, *server)),
            Self::Detached { .. } => after.iter().any(is_detached_or_detaching),
            _ => false,
        };
        let has_changed = |ip: &Summary| {
            let before = before.iter().find(|before| before.id == ip.id);
            before.is_some_and(|before| state_of(before) != state_of(ip))
        };
        is_partly_done
            || after.iter().any(has_changed)
            || after.iter().filter(is_dated).any(|ip| !is_unchanged_since(ip, elapsed))
    }

    /// Whether the flexible IPs of a response to an attach or a detach are in a state that it can have
    /// brought about.
    pub fn agrees(&self, ips: &[Summary]) -> bool {
        ips.iter().all(|ip| match self {
            Self::Attached { server, .. } => ip.server_id.is_none_or(|on| on == *server),
            Self::Detached { .. } => ip.status != "attached",
            _ => true,
        })
    }

    /// Judges whether the request was carried out.
    ///
    /// `before` and `after` are the flexible IPs of [`Self::ids_before`] and [`Self::ids_after`],
    /// in that order. `elapsed` is the time since the request was sent.
    pub fn verdict(&self, before: &[Summary], after: &[Summary], elapsed: Millis) -> Verdict {
        let done = |done: bool| if done { Verdict::Done } else { Verdict::NotDone };
        match (self, before, after) {
            // An IP that is being attached names no server yet: another attach may have started it.
            (Self::Attached { .. }, _, after) if after.iter().any(is_being_attached) => {
                Verdict::Pending
            }
            (Self::Attached { server, .. }, _, after) => {
                done(after.iter().all(|ip| is_on(ip, *server)))
            }
            (Self::Detached { .. }, _, after) => done(after.iter().all(is_detached_or_detaching)),
            // A deleted address goes back to the pool and keeps its id, so another client may hold
            // it by now. A second deletion is safe only while the IP still shows its old state.
            (Self::Gone(_), _, [ip]) if is_leaving_its_server(ip) => Verdict::Pending,
            // A list has no dates; a later reading has.
            (Self::Gone(_), _, [ip]) if ip.updated_at.is_none() => Verdict::Pending,
            (Self::Gone(_), _, [ip]) if is_unchanged_since(ip, elapsed) => Verdict::NotDone,
            (Self::SameMac { .. }, before, [source, destination]) => {
                // The preflight reads the source first. Another client may have changed it since.
                let wanted = before.first().map_or(source.mac_id, |before| before.mac_id);
                match wanted {
                    None => Verdict::Unknown,
                    Some(_) if destination.mac_id == wanted => Verdict::Done,
                    Some(_) if source.mac_id == wanted => Verdict::NotDone,
                    Some(_) => Verdict::Unknown,
                }
            }
            (Self::NewMac { mac_type, .. }, [before], [after]) => {
                let is_new = after.mac_id.is_some() && after.mac_id != before.mac_id;
                // Another client may have made one of another type.
                done(is_new && after.mac_type.as_deref().is_none_or(|word| word == *mac_type))
            }
            (Self::NoMac(_), [before], [after]) => match has_lost(after, before.mac_id) {
                // Another client has given it another MAC address, before or after ours was deleted.
                true if after.mac_id != before.mac_id && after.mac_id.is_some() => Verdict::Unknown,
                lost => done(lost),
            },
            // The source is losing the MAC address: the move or another client's request may do that.
            (Self::MovedMac { .. }, _, [source, _]) if is_losing_mac(source) => Verdict::Pending,
            (Self::MovedMac { .. }, [before], [source, destination]) => {
                match (before.mac_id, has_lost(source, before.mac_id)) {
                    (None, _) => Verdict::Unknown,
                    (_, false) => Verdict::NotDone,
                    (mac, true) if destination.mac_id == mac => Verdict::Done,
                    // The source lost the MAC address, but the destination does not have it:
                    // another client must have changed it.
                    (_, true) => Verdict::Unknown,
                }
            }
            _ => Verdict::Unknown,
        }
    }
}

const fn state_of(ip: &Summary) -> (&String, Option<ServerId>, Option<MacId>) {
    (&ip.status, ip.server_id, ip.mac_id)
}

fn is_losing_mac(ip: &Summary) -> bool {
    ip.mac_status.as_deref() == Some("deleting")
}

fn is_being_attached(ip: &Summary) -> bool {
    ip.server_id.is_none() && ip.status == "updating"
}

fn is_on(ip: &Summary, server: ServerId) -> bool {
    ip.server_id == Some(server) && ip.status != "detaching"
}

/// An IP that is being attached names no server either, but it was not detached.
fn is_detached_or_detaching(ip: &Summary) -> bool {
    ip.status == "detaching" || (ip.server_id.is_none() && !is_being_attached(ip))
}

/// Whether the IP is leaving a server. A client that got the address from the pool a moment ago has
/// not had the time to attach it and to detach it again, so it is still the caller's.
fn is_leaving_its_server(ip: &Summary) -> bool {
    ip.server_id.is_some() && matches!(ip.status.as_str(), "detaching" | "updating")
}

/// Whether the IP was last written before the request was sent, by the service's own clock.
fn is_unchanged_since(ip: &Summary, elapsed: Millis) -> bool {
    // In seconds: both dates are cut to whole seconds, and the local clock may run differently.
    const MARGIN: u64 = 2;
    let elapsed = (elapsed.0 / 1_000).saturating_add(MARGIN);
    let sent_at = ip.read_at.and_then(|read_at| read_at.checked_sub(elapsed));
    sent_at.zip(ip.updated_at).is_some_and(|(sent_at, updated_at)| updated_at < sent_at)
}

/// Whether the IP no longer carries this MAC address, or is about to lose it.
fn has_lost(ip: &Summary, mac: Option<MacId>) -> bool {
    ip.mac_id.is_none() || ip.mac_id != mac || is_losing_mac(ip)
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
            project_id: None,
            status: status.to_owned(),
            server_id: server.map(|server| ServerId(uuid(server))),
            mac_id: mac.map(|mac| MacId(uuid(mac))),
            mac_status: mac.map(|_| "ready".to_owned()),
            mac_type: mac.map(|_| "kvm".to_owned()),
            updated_at: None,
            read_at: None,
        }
    }

    #[test]
    fn an_attach_was_done_when_the_ip_is_on_the_server_and_is_pending_while_it_names_none() {
        let readback = Readback::Attached { ids: vec![id(1)], server: ServerId(uuid(9)) };
        let verdict = |ip: Summary| readback.verdict(&[], &[ip], Millis(0));
        assert_eq!(verdict(ip("attached", Some(9), None)), Verdict::Done);
        assert_eq!(verdict(ip("updating", None, None)), Verdict::Pending);
        assert_eq!(verdict(ip("updating", Some(9), None)), Verdict::Done);
        assert_eq!(verdict(ip("ready", None, None)), Verdict::NotDone);
        assert_eq!(verdict(ip("attached", Some(8), None)), Verdict::NotDone);
        assert_eq!(verdict(ip("detaching", Some(9), None)), Verdict::NotDone);
        let two = [ip("attached", Some(9), None), ip("ready", None, None)];
        assert_eq!(readback.verdict(&[], &two, Millis(0)), Verdict::NotDone);
    }

    #[test]
    fn a_detach_was_done_when_the_ip_has_left_its_server_or_is_leaving_it() {
        let verdict =
            |ip: Summary| Readback::Detached { ids: vec![id(1)] }.verdict(&[], &[ip], Millis(0));
        assert_eq!(verdict(ip("detaching", Some(9), None)), Verdict::Done);
        assert_eq!(verdict(ip("ready", None, None)), Verdict::Done);
        assert_eq!(verdict(ip("attached", Some(9), None)), Verdict::NotDone);
        assert_eq!(verdict(ip("updating", None, None)), Verdict::NotDone);
    }

    #[test]
    fn a_mac_operation_was_done_when_the_mac_address_differs_from_before() {
        let (none, one, other) =
            (ip("ready", None, None), ip("ready", None, Some(1)), ip("ready", None, Some(2)));
        let verdict = |readback: &Readback, before: &Summary, after: &[&Summary]| {
            let after: Vec<Summary> = after.iter().map(|ip| (*ip).clone()).collect();
            readback.verdict(std::slice::from_ref(before), &after, Millis(0))
        };
        let generate = Readback::NewMac { id: id(1), mac_type: "kvm" };
        assert_eq!(verdict(&generate, &none, &[&one]), Verdict::Done);
        assert_eq!(verdict(&generate, &one, &[&other]), Verdict::Done);
        assert_eq!(verdict(&generate, &one, &[&one]), Verdict::NotDone);
        assert_eq!(verdict(&generate, &none, &[&none]), Verdict::NotDone);
        let delete = Readback::NoMac(id(1));
        assert_eq!(verdict(&delete, &one, &[&none]), Verdict::Done);
        assert_eq!(verdict(&delete, &one, &[&one]), Verdict::NotDone);
        assert_eq!(verdict(&delete, &one, &[&other]), Verdict::Unknown);
        let deleting = Summary { mac_status: Some("deleting".to_owned()), ..one.clone() };
        assert_eq!(verdict(&delete, &one, &[&deleting]), Verdict::Done);
        let moved = Readback::MovedMac { source: id(1), destination: id(2) };
        assert_eq!(verdict(&moved, &one, &[&none, &one]), Verdict::Done);
        assert_eq!(verdict(&moved, &one, &[&one, &none]), Verdict::NotDone);
        assert_eq!(verdict(&moved, &one, &[&none, &other]), Verdict::Unknown);
        assert_eq!(verdict(&moved, &none, &[&none, &none]), Verdict::Unknown);
    }

    #[test]
    fn without_the_state_before_the_request_the_verdict_is_unknown() {
        let after = [ip("ready", None, Some(1)), ip("ready", None, Some(1))];
        assert_eq!(
            Readback::NewMac { id: id(1), mac_type: "kvm" }.verdict(&[], &after[..1], Millis(0)),
            Verdict::Unknown
        );
        assert_eq!(Readback::NoMac(id(1)).verdict(&[], &after[..1], Millis(0)), Verdict::Unknown);
        assert_eq!(
            Readback::MovedMac { source: id(1), destination: id(2) }.verdict(
                &[],
                &after,
                Millis(0)
            ),
            Verdict::Unknown
        );
        assert_eq!(Readback::None.verdict(&[], &[], Millis(0)), Verdict::Unknown);
    }

    #[test]
    fn a_duplication_was_done_when_both_carry_the_same_mac_address() {
        let readback = Readback::SameMac { source: id(1), destination: id(2) };
        let verdict = |source, destination| {
            readback.verdict(
                &[],
                &[ip("attached", Some(1), source), ip("attached", Some(1), destination)],
                Millis(0),
            )
        };
        assert_eq!(verdict(Some(1), Some(1)), Verdict::Done);
        assert_eq!(verdict(Some(1), None), Verdict::NotDone);
        assert_eq!(verdict(None, None), Verdict::Unknown);
    }

    #[test]
    fn an_ip_written_after_its_deletion_was_sent_may_belong_to_another_client() {
        let at = |status, server, updated_at| Summary {
            updated_at: Some(updated_at),
            read_at: Some(1_000),
            ..ip(status, server, None)
        };
        let verdict = |ip| Readback::Gone(id(1)).verdict(&[], &[ip], Millis(3_000));
        assert_eq!(verdict(at("ready", None, 900)), Verdict::NotDone);
        assert_eq!(verdict(at("ready", None, 996)), Verdict::Unknown);
        assert_eq!(verdict(at("attached", Some(9), 1_000)), Verdict::Unknown);
        assert_eq!(verdict(at("detaching", Some(9), 1_000)), Verdict::Pending);
        assert_eq!(verdict(Summary { updated_at: None, ..at("ready", None, 0) }), Verdict::Pending);
        assert_eq!(verdict(Summary { read_at: None, ..at("ready", None, 0) }), Verdict::Unknown);
    }
}
