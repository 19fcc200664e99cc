//! What the service does after its answer, and when. The only place where state moves by time.
//!
//! ```text
//!                 attach                           detach, or the server is removed
//!   ready ───▶ updating ───▶ attached ───────────────▶ detaching ───▶ ready
//!                               │  ▲                        │
//!              MAC operation    ▼  │                        ▼ delete
//!                            updating        (MAC group: updating, without MAC) ───▶ gone
//! ```
//!
//! What is `ready` changes at once: its MAC operations and its deletion are done with the answer.

use serde::{Deserialize, Serialize};

use super::held::Ip;
use super::index::Due;
use super::settings::Settings;
use super::state::State;
use super::timing::{Delays, Spread};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::mac::MacStatus;
use crate::model::status::Status;
use crate::model::time::Timestamp;

/// What the service is doing to an IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Work {
    Create,
    Attach,
    GenerateMac,
    DuplicateMac,
    MoveMac,
    DeleteMac,
    Detach,
    LoseServer,
    DetachLost,
    Delete,
    LeaveGroup,
    EndOfMember,
}

/// A work in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) due: Timestamp,
    /// The server that is being attached to.
    pub(super) target: Option<ServerId>,
    /// The IP that a MAC address is duplicated from.
    pub(super) source: Option<FlexibleIpId>,
}

/// What comes of a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Rest(Status),
    Next(Work),
    End,
}

/// What an IP shows while a work is in progress, what comes of it, and how long it takes.
struct Transition {
    work: Work,
    status: Status,
    mac: MacStatus,
    then: Then,
    delay: fn(&Delays) -> Spread,
}

/// Every legal transition.
#[rustfmt::skip] // a table is read by its columns
const TRANSITIONS: [Transition; 12] = [
    during(Work::Create,       Status::Updating,  MacStatus::Updating, Then::Rest(Status::Attached),    |delays| delays.create),
    during(Work::Attach,       Status::Updating,  MacStatus::Updating, Then::Rest(Status::Attached),    |delays| delays.attach),
    during(Work::GenerateMac,  Status::Updating,  MacStatus::Updating, Then::Rest(Status::Attached),    |delays| delays.generate_mac),
    during(Work::DuplicateMac, Status::Updating,  MacStatus::Updating, Then::Rest(Status::Attached),    |delays| delays.duplicate_mac),
    during(Work::MoveMac,      Status::Updating,  MacStatus::Updating, Then::Rest(Status::Attached),    |delays| delays.move_mac),
    during(Work::DeleteMac,    Status::Updating,  MacStatus::Deleting, Then::Rest(Status::Attached),    |delays| delays.delete_mac),
    during(Work::Detach,       Status::Detaching, MacStatus::Used,     Then::Rest(Status::Ready),       |delays| delays.detach),
    during(Work::LoseServer,   Status::Attached,  MacStatus::Used,     Then::Next(Work::DetachLost),    |delays| delays.server_removal),
    during(Work::DetachLost,   Status::Detaching, MacStatus::Used,     Then::Rest(Status::Ready),       |delays| delays.server_detach),
    during(Work::Delete,       Status::Detaching, MacStatus::Used,     Then::End,                       |delays| delays.delete),
    during(Work::LeaveGroup,   Status::Detaching, MacStatus::Used,     Then::Next(Work::EndOfMember),   |delays| delays.group_delete),
    during(Work::EndOfMember,  Status::Updating,  MacStatus::Updating, Then::End,                       |delays| delays.group_release),
];

const fn during(
    work: Work,
    status: Status,
    mac: MacStatus,
    then: Then,
    delay: fn(&Delays) -> Spread,
) -> Transition {
    Transition { work, status, mac, then, delay }
}

impl Work {
    /// How long it takes.
    pub(super) fn delay(self, settings: &Settings) -> Spread {
        (self.transition().delay)(&settings.timing.delays())
    }

    fn transition(self) -> &'static Transition {
        let [first, ..] = &TRANSITIONS;
        // Every work has its row, which a test shows.
        TRANSITIONS.iter().find(|transition| transition.work == self).unwrap_or(first)
    }
}

/// Carries out all that is due at `now`, in the order in which it is. Doing it twice changes nothing.
pub(super) fn settle(state: &mut State, settings: &Settings, now: Timestamp) {
    while let Some((at, due)) = state.index.agenda.first().copied().filter(|(at, _)| *at <= now) {
        state.index.agenda.remove(&(at, due));
        match due {
            Due::Machine(id) => {
                state.machines.remove(&id);
            }
            Due::Ip(id) => finish(state, settings, id, at),
        }
    }
}

/// Begins a work on an IP at `at`, with as much time as such a work takes.
pub(super) fn begin(
    state: &mut State,
    settings: &Settings,
    id: FlexibleIpId,
    work: Work,
    at: Timestamp,
) {
    let due = at.after(work.delay(settings).draw(&mut state.random));
    start(state, id, Job { work, due, target: None, source: None });
}

/// Begins to detach IPs that one request names: they leave at the same moment.
pub(super) fn begin_detach(
    state: &mut State,
    settings: &Settings,
    ids: &[FlexibleIpId],
    at: Timestamp,
) {
    let work = Work::Detach;
    let due = at.after(work.delay(settings).draw(&mut state.random));
    for id in ids {
        start(state, *id, Job { work, due, target: None, source: None });
    }
}

/// Begins to duplicate the MAC address of `source` to an IP that carries it from now on.
pub(super) fn begin_duplicate(
    state: &mut State,
    settings: &Settings,
    id: FlexibleIpId,
    source: FlexibleIpId,
    at: Timestamp,
) {
    let work = Work::DuplicateMac;
    let due = at.after(work.delay(settings).draw(&mut state.random));
    start(state, id, Job { work, due, target: None, source: Some(source) });
}

/// Begins to delete a server: it stays a while, and its IPs are detached.
pub(super) fn begin_removal(state: &mut State, settings: &Settings, id: ServerId, at: Timestamp) {
    let stays = settings.timing.delays().server_delete.draw(&mut state.random);
    state.plan_leave(id, at.after(stays));
    for ip in state.index.at_server(id) {
        lose_server_if_leaving(state, settings, ip, at);
    }
}

/// The status of the MAC address of an IP: it follows from what the IP is doing.
pub(super) fn mac_status(ip: &Ip, settings: &Settings) -> MacStatus {
    let Some(job) = &ip.job else {
        return if ip.server_id.is_some() { MacStatus::Used } else { MacStatus::Ready };
    };
    match job.work {
        Work::Create | Work::Attach if !settings.show_attaching_mac => MacStatus::Ready,
        Work::DeleteMac if !settings.show_deleting_mac => MacStatus::Updating,
        work => work.transition().mac,
    }
}

/// Sets an IP to work.
pub(super) fn start(state: &mut State, id: FlexibleIpId, job: Job) {
    state.edit(id, |ip| {
        ip.status = job.work.transition().status;
        ip.job = Some(job);
    });
}

/// Ends the work on an IP, at the time when it was due.
fn finish(state: &mut State, settings: &Settings, id: FlexibleIpId, at: Timestamp) {
    let mut ended = None;
    state.edit(id, |ip| ended = ip.job.take());
    let Some(job) = ended else { return };
    match job.work.transition().then {
        Then::End => state.release(id),
        Then::Next(work) => {
            if job.work == Work::LeaveGroup {
                state.set_mac(id, None);
            }
            begin(state, settings, id, work, at);
            state.touch(id, at);
            state.touch_mac(id, at);
        }
        Then::Rest(status) => {
            state.edit(id, |ip| {
                ip.status = status;
                ip.server_id =
                    if status == Status::Ready { None } else { ip.server_id.or(job.target) };
            });
            stamp_end(state, &job, id, at);
            lose_server_if_leaving(state, settings, id, at);
        }
    }
}

/// Marks what the end of a work writes, in the order that was seen: generating ends with the MAC
/// address and then the IP; duplicating with the IP, the MAC address and then its source.
fn stamp_end(state: &mut State, job: &Job, id: FlexibleIpId, at: Timestamp) {
    match job.work {
        Work::GenerateMac => {
            state.touch_mac(id, at);
            state.touch(id, at);
        }
        Work::DeleteMac => {
            state.set_mac(id, None);
            state.touch(id, at);
        }
        _ => {
            state.touch(id, at);
            state.touch_mac(id, at);
        }
    }
    if let Some(source) = job.source {
        state.touch(source, at);
    }
}

/// An attached IP whose server is being deleted, or is gone, begins to lose it.
fn lose_server_if_leaving(state: &mut State, settings: &Settings, id: FlexibleIpId, at: Timestamp) {
    let resting = |ip: &&Ip| ip.job.is_none() && ip.status == Status::Attached;
    let attached = state.ips.get(&id).filter(resting);
    let Some(server) = attached.and_then(|ip| ip.server_id) else { return };
    if state.machines.get(&server).is_none_or(|machine| machine.leaves_at.is_some()) {
        begin(state, settings, id, Work::LoseServer, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_work_has_exactly_one_transition_and_comes_to_an_end() {
        let names: BTreeSet<String> =
            TRANSITIONS.iter().map(|transition| format!("{:?}", transition.work)).collect();
        assert_eq!(names.len(), TRANSITIONS.len());
        for transition in &TRANSITIONS {
            assert_eq!(transition.work.transition().work, transition.work);
            let mut then = transition.then;
            for _ in &TRANSITIONS {
                if let Then::Next(work) = then {
                    then = work.transition().then;
                }
            }
            assert!(!matches!(then, Then::Next(_)), "{:?} goes round", transition.work);
        }
    }

    #[test]
    fn only_statuses_that_were_seen_together_are_shown() {
        for transition in &TRANSITIONS {
            let shown = (transition.status, transition.mac);
            let seen = [
                (Status::Updating, MacStatus::Updating),
                (Status::Detaching, MacStatus::Used),
                (Status::Attached, MacStatus::Used),
            ];
            // The description has a word for a MAC address that goes; nobody saw it.
            assert!(seen.contains(&shown) || transition.work == Work::DeleteMac, "{shown:?}");
        }
    }
}
