//! The attaches of one server: it serves one request after the other.

use super::lifecycle::{Job, Work, start};
use super::settings::Settings;
use super::state::State;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::{Millis, Timestamp};

/// Begins to attach IPs to a server, all at one time. A server takes one request after the other,
/// though not always in their order.
pub(super) fn begin_attach(
    state: &mut State,
    settings: &Settings,
    ids: &[FlexibleIpId],
    work: Work,
    server: ServerId,
    at: Timestamp,
) {
    let spread = work.delay(settings);
    let soonest = at.after(Millis(spread.min));
    let own = at.after(spread.draw(&mut state.random));
    let between = settings.timing.delays().between_attaches.draw(&mut state.random);
    let waiting = waiting(state, server);
    let last = waiting.iter().map(|(due, _)| *due).max();
    // On a busy server the queue decides, and an attach still takes as long as the shortest.
    let mut due = last.map_or(own, |last| soonest.max(last.after(between)));
    if !waiting.is_empty() && state.random.below(100) < u64::from(settings.attach_disorder) {
        let count = u64::try_from(waiting.len()).unwrap_or(u64::MAX);
        let chosen = usize::try_from(state.random.below(count)).unwrap_or(0);
        if let Some(&(earlier, _)) = waiting.get(chosen).filter(|(due, _)| *due >= soonest) {
            for (_, id) in waiting.iter().filter(|(due, _)| *due == earlier) {
                state.edit(*id, |ip| ip.job.iter_mut().for_each(|job| job.due = due));
            }
            due = earlier;
        }
    }
    for id in ids {
        state.edit(*id, |ip| ip.server_id = None);
        start(state, *id, Job { work, due, target: Some(server), source: None });
    }
}

/// The attaches that a server has not served yet.
fn waiting(state: &State, server: ServerId) -> Vec<(Timestamp, FlexibleIpId)> {
    let job = |id: &FlexibleIpId| state.ips.get(id).and_then(|ip| ip.job.as_ref());
    let attaching = |id: FlexibleIpId| {
        job(&id).filter(|job| job.target == Some(server)).map(|job| (job.due, id))
    };
    state.index.at_server(server).into_iter().filter_map(attaching).collect()
}
