//! The attaches of one server: it serves one request after the other.

use crate::emulator::settings::Settings;
use crate::emulator::world::lifecycle::start;
use crate::emulator::world::records::{Job, JobKind};
use crate::emulator::world::state::State;
use crate::emulator::world::transitions::delay;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::{Millis, Timestamp};

/// Begins to attach the flexible IPs of one request to a server. All are attached at the same moment.
/// A server serves its requests one after the other, though not always in the order of their arrival.
pub(in crate::emulator) fn begin_attach(
    state: &mut State,
    settings: &Settings,
    ids: &[FlexibleIpId],
    kind: JobKind,
    server: ServerId,
    at: Timestamp,
) {
    let spread = delay(kind, settings);
    let soonest = at.after(Millis(spread.min));
    let idle_due = at.after(spread.draw(&mut state.random));
    let between = settings.timing.delays().between_attaches.draw(&mut state.random);
    let pending = pending_attaches(state, server);
    let last = pending.iter().map(|(due, _)| *due).max();
    // A busy server's queue decides when the attach ends, though never before the shortest delay.
    let mut due = last.map_or(idle_due, |last| soonest.max(last.after(between)));
    if !pending.is_empty() && state.random.below(100) < u64::from(settings.attach_disorder) {
        let count = u64::try_from(pending.len()).unwrap_or(u64::MAX);
        let chosen = usize::try_from(state.random.below(count)).unwrap_or(0);
        if let Some(&(earlier, _)) = pending.get(chosen).filter(|(due, _)| *due >= soonest) {
            for (_, id) in pending.iter().filter(|(due, _)| *due == earlier) {
                state.edit(*id, |ip| ip.job.iter_mut().for_each(|job| job.due = due));
            }
            due = earlier;
        }
    }
    for id in ids {
        state.edit(*id, |ip| ip.server_id = None);
        start(state, *id, Job { kind, due, target: Some(server), source: None });
    }
}

/// The attaches to a server that have not ended, with their due times.
fn pending_attaches(state: &State, server: ServerId) -> Vec<(Timestamp, FlexibleIpId)> {
    let due = |id: FlexibleIpId| {
        let job = state.ips.get(&id).and_then(|ip| ip.job.as_ref());
        job.filter(|job| job.target == Some(server)).map(|job| (job.due, id))
    };
    state.index.assigned_to(server).into_iter().filter_map(due).collect()
}
