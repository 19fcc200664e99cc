//! The start and the end of jobs: what the service does after its response, and when. State changes
//! by time here and nowhere else.

use crate::emulator::settings::Settings;
use crate::emulator::world::index::Due;
use crate::emulator::world::records::{IpRecord, Job, JobKind};
use crate::emulator::world::state::State;
use crate::emulator::world::transitions::{Next, delay, transition};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::status::Status;
use crate::model::time::Timestamp;

/// Carries out everything that is due by `now`, in the order of the due times. A second call with the
/// same `now` changes nothing.
pub(in crate::emulator) fn settle(state: &mut State, settings: &Settings, now: Timestamp) {
    let mut last = None;
    while let Some((at, due)) = state.index.agenda.first().copied().filter(|(at, _)| *at <= now) {
        // What ends at one moment is one change.
        if last != Some(at) {
            state.history.begin_change(at);
        }
        last = Some(at);
        state.index.agenda.remove(&(at, due));
        match due {
            Due::Server(id) => {
                state.servers.remove(&id);
            }
            Due::Ip(id) => finish(state, settings, id, at),
        }
    }
}

/// Begins a job on a flexible IP at `at`, with a delay drawn for its kind.
pub(in crate::emulator) fn begin(
    state: &mut State,
    settings: &Settings,
    id: FlexibleIpId,
    kind: JobKind,
    at: Timestamp,
) {
    let due = at.after(delay(kind, settings).draw(&mut state.random));
    start(state, id, Job { kind, due, target: None, source: None });
}

/// Begins to detach the flexible IPs of one request. All are detached at the same moment.
pub(in crate::emulator) fn begin_detach(
    state: &mut State,
    settings: &Settings,
    ids: &[FlexibleIpId],
    at: Timestamp,
) {
    let kind = JobKind::Detach;
    let due = at.after(delay(kind, settings).draw(&mut state.random));
    for id in ids {
        start(state, *id, Job { kind, due, target: None, source: None });
    }
}

/// Begins the transition of a flexible IP that carries the MAC address of `source` from now on.
pub(in crate::emulator) fn begin_duplicate(
    state: &mut State,
    settings: &Settings,
    id: FlexibleIpId,
    source: FlexibleIpId,
    at: Timestamp,
) {
    let kind = JobKind::DuplicateMac;
    let due = at.after(delay(kind, settings).draw(&mut state.random));
    start(state, id, Job { kind, due, target: None, source: Some(source) });
}

/// Begins to delete a server. It stays for a while, and its flexible IPs are detached.
pub(in crate::emulator) fn begin_server_removal(
    state: &mut State,
    settings: &Settings,
    id: ServerId,
    at: Timestamp,
) {
    let delay = settings.timing.delays().server_delete.draw(&mut state.random);
    state.schedule_server_end(id, at.after(delay));
    for ip in state.index.assigned_to(id) {
        detach_if_server_is_removed(state, settings, ip, at);
    }
}

/// Puts a flexible IP under a job.
pub(super) fn start(state: &mut State, id: FlexibleIpId, job: Job) {
    state.edit(id, |ip| {
        ip.status = transition(job.kind).status;
        ip.job = Some(job);
    });
}

/// Ends the job of a flexible IP. `at` is when it was due.
fn finish(state: &mut State, settings: &Settings, id: FlexibleIpId, at: Timestamp) {
    let mut ended = None;
    state.edit(id, |ip| ended = ip.job.take());
    let Some(job) = ended else { return };
    match transition(job.kind).next {
        Next::Release => state.release(id),
        Next::Job(kind) => {
            if job.kind == JobKind::LeaveGroup {
                state.set_mac(id, None);
            }
            begin(state, settings, id, kind, at);
            state.touch(id, at);
            state.touch_mac(id, at);
        }
        Next::Rest(status) => {
            state.edit(id, |ip| {
                ip.status = status;
                ip.server_id =
                    if status == Status::Ready { None } else { ip.server_id.or(job.target) };
            });
            write_dates(state, &job, id, at);
            detach_if_server_is_removed(state, settings, id, at);
        }
    }
}

/// Writes the dates that the end of a job changes, in the order that was recorded: after generating, the MAC
/// address and then the flexible IP; after duplicating, the flexible IP, the MAC address and then the source.
fn write_dates(state: &mut State, job: &Job, id: FlexibleIpId, at: Timestamp) {
    match job.kind {
        JobKind::GenerateMac => {
            state.touch_mac(id, at);
            state.touch(id, at);
        }
        JobKind::DeleteMac => {
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

/// Begins to detach an attached flexible IP at rest whose server is being deleted or is gone.
pub(in crate::emulator) fn detach_if_server_is_removed(
    state: &mut State,
    settings: &Settings,
    id: FlexibleIpId,
    at: Timestamp,
) {
    let is_at_rest = |ip: &&IpRecord| ip.job.is_none() && ip.status == Status::Attached;
    let attached = state.ips.get(&id).map(AsRef::as_ref).filter(is_at_rest);
    let Some(server) = attached.and_then(|ip| ip.server_id) else { return };
    if !state.server_stays(server) {
        begin(state, settings, id, JobKind::LoseServer, at);
    }
}
