//! The table of legal transitions.
//!
//! ```text
//!                 attach                           detach, or the server is removed
//!   ready ───▶ updating ───▶ attached ───────────────▶ detaching ───▶ ready
//!                               │  ▲                        │
//!              MAC operation    ▼  │                        ▼ delete
//!                            updating        (MAC group: updating, without MAC) ───▶ deleted
//! ```
//!
//! A flexible IP that is `ready` has no transition for MAC operations and deletion: they are done
//! before the response.

use crate::emulator::settings::Settings;
use crate::emulator::settings::timing::{Delays, Spread};
use crate::emulator::world::records::{IpRecord, JobKind};
use crate::model::mac::MacStatus;
use crate::model::status::Status;

/// What follows the end of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The flexible IP is at rest in this status.
    Rest(Status),
    /// This job begins.
    Job(JobKind),
    /// The flexible IP is deleted.
    Release,
}

/// The statuses that reads show during a job, what follows it, and how long it takes.
pub(super) struct Transition {
    pub(super) kind: JobKind,
    pub(super) status: Status,
    pub(super) mac: MacStatus,
    pub(super) next: Next,
    pub(super) delay: fn(&Delays) -> Spread,
}

/// Every legal transition.
#[rustfmt::skip] // a table is read by its columns
const TRANSITIONS: [Transition; 12] = [
    row(JobKind::Create,               Status::Updating,  MacStatus::Updating, Next::Rest(Status::Attached),             |delays| delays.create),
    row(JobKind::Attach,               Status::Updating,  MacStatus::Updating, Next::Rest(Status::Attached),             |delays| delays.attach),
    row(JobKind::GenerateMac,          Status::Updating,  MacStatus::Updating, Next::Rest(Status::Attached),             |delays| delays.generate_mac),
    row(JobKind::DuplicateMac,         Status::Updating,  MacStatus::Updating, Next::Rest(Status::Attached),             |delays| delays.duplicate_mac),
    row(JobKind::MoveMac,              Status::Updating,  MacStatus::Updating, Next::Rest(Status::Attached),             |delays| delays.move_mac),
    row(JobKind::DeleteMac,            Status::Updating,  MacStatus::Deleting, Next::Rest(Status::Attached),             |delays| delays.delete_mac),
    row(JobKind::Detach,               Status::Detaching, MacStatus::Used,     Next::Rest(Status::Ready),                |delays| delays.detach),
    row(JobKind::LoseServer,           Status::Attached,  MacStatus::Used,     Next::Job(JobKind::DetachFromLostServer), |delays| delays.server_removal),
    row(JobKind::DetachFromLostServer, Status::Detaching, MacStatus::Used,     Next::Rest(Status::Ready),                |delays| delays.server_detach),
    row(JobKind::Delete,               Status::Detaching, MacStatus::Used,     Next::Release,                            |delays| delays.delete),
    row(JobKind::LeaveGroup,           Status::Detaching, MacStatus::Used,     Next::Job(JobKind::DeleteMember),         |delays| delays.group_delete),
    row(JobKind::DeleteMember,         Status::Updating,  MacStatus::Updating, Next::Release,                            |delays| delays.group_release),
];

const fn row(
    kind: JobKind,
    status: Status,
    mac: MacStatus,
    next: Next,
    delay: fn(&Delays) -> Spread,
) -> Transition {
    Transition { kind, status, mac, next, delay }
}

/// The row of a job.
pub(super) fn transition(kind: JobKind) -> &'static Transition {
    let [first, ..] = &TRANSITIONS;
    // A test shows that every kind has a row.
    TRANSITIONS.iter().find(|transition| transition.kind == kind).unwrap_or(first)
}

/// How long a job takes.
pub(super) fn delay(kind: JobKind, settings: &Settings) -> Spread {
    (transition(kind).delay)(&settings.timing.delays())
}

/// The status of a flexible IP's MAC address. It follows from the flexible IP's job and server.
pub(super) fn mac_status(ip: &IpRecord, settings: &Settings) -> MacStatus {
    let Some(job) = &ip.job else {
        return if ip.server_id.is_some() { MacStatus::Used } else { MacStatus::Ready };
    };
    match job.kind {
        JobKind::Create | JobKind::Attach if !settings.show_attaching_mac => MacStatus::Ready,
        JobKind::DeleteMac if !settings.show_deleting_mac => MacStatus::Updating,
        kind => transition(kind).mac,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_job_has_exactly_one_transition_and_comes_to_an_end() {
        let names: BTreeSet<String> =
            TRANSITIONS.iter().map(|row| format!("{:?}", row.kind)).collect();
        assert_eq!(names.len(), TRANSITIONS.len());
        for row in &TRANSITIONS {
            assert_eq!(transition(row.kind).kind, row.kind);
            let mut next = row.next;
            for _ in &TRANSITIONS {
                if let Next::Job(kind) = next {
                    next = transition(kind).next;
                }
            }
            assert!(!matches!(next, Next::Job(_)), "{:?} never ends", row.kind);
        }
    }

    #[test]
    fn only_statuses_that_were_seen_together_are_shown() {
        for row in &TRANSITIONS {
            let shown = (row.status, row.mac);
            let seen = [
                (Status::Updating, MacStatus::Updating),
                (Status::Detaching, MacStatus::Used),
                (Status::Attached, MacStatus::Used),
            ];
            // `deleting` is in the API's description and was never recorded.
            assert!(seen.contains(&shown) || row.kind == JobKind::DeleteMac, "{shown:?}");
        }
    }
}
