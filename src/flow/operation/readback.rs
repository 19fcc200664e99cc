//! What follows a lost response: readbacks, a retry, or the end of the call.
//!
//! A readback that shows the effect ends the call. One that does not show it proves nothing yet: the
//! service may still be at work. "Not done" is concluded only after the effect has stayed away for the
//! settling time of the operation. Only an attach or a detach is sent again before that, since a
//! second one does no harm.

use super::doubt::{Doubt, EARLIER, INTERVAL, OWN};
use super::flow::OperationFlow;
use crate::error::Error;
use crate::flow::command::Command;
use crate::flow::outcome::Outcome;
use crate::flow::poll_result::{PollResult, bodies_of};
use crate::flow::response::Response;
use crate::flow::tag::Tag;
use crate::model::time::Millis;
use crate::ops::readback::{Readback, Verdict};
use crate::policy::retry::leaves_in_doubt;
use crate::wire::route::Repeat;

/// The shortest and the longest time between two readbacks, in milliseconds.
const INTERVAL_MIN: u64 = 250;
const INTERVAL_MAX: u64 = 5_000;
/// The part of the elapsed time after which the next readback follows.
const INTERVAL_SHARE: u64 = 4;

impl OperationFlow {
    pub(super) const fn is_interval(&self, tag: Tag) -> bool {
        tag == INTERVAL
    }

    /// The response to the operation's own request was lost.
    pub(super) fn on_unknown(&mut self, error: Error, now: Millis, commands: &mut Vec<Command>) {
        let can_read_back =
            self.checked.lookup.is_some() || !self.checked.readback.ids_after().is_empty();
        if !can_read_back || !self.allows_retries() {
            return commands.push(self.ambiguous(error));
        }
        let is_touched = self.doubt.as_ref().is_some_and(|doubt| doubt.is_touched);
        self.doubt = Some(Doubt { error, since: now, read_at: now, is_touched, may_resend: true });
        self.read_back(now, commands);
    }

    /// An attempt was refused, but an earlier one may have done the work.
    pub(super) fn on_refused_in_doubt(
        &mut self,
        error: Error,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        match self.doubt.take() {
            Some(doubt) => {
                self.doubt = Some(Doubt { error, may_resend: false, ..doubt });
                self.read_back(now, commands);
            }
            // An update is not read back. Its lost response is why the outcome is unknown.
            None => {
                // The exchange of an attempt before a refusal is not the last one of the request.
                let (lost, tag) = match self.requests.lost(OWN) {
                    Some(lost) if !leaves_in_doubt(&error) => (lost, EARLIER),
                    _ => (error, OWN),
                };
                commands.push(self.failure(Error::Ambiguous(Box::new(lost)), tag));
            }
        }
    }

    /// Begins a readback. After the deadline the outcome stays unknown.
    pub(super) fn read_back(&mut self, now: Millis, commands: &mut Vec<Command>) {
        if self.requests.time_left(now) == Millis(0) {
            return self.end_in_doubt(commands);
        }
        if let Some(doubt) = &mut self.doubt {
            doubt.read_at = now;
        }
        if let Some(lookup) = self.send_lookup(true, now) {
            return commands.push(lookup);
        }
        let ids = self.checked.readback.ids_after();
        self.poller.begin(ids, &mut self.requests, now, commands);
    }

    /// Takes the end of a request of a readback.
    pub(super) fn on_poll_response(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        match self.poller.on_response(tag, outcome, &mut self.requests, now, commands) {
            Ok(None) => {}
            Ok(Some(result)) => self.on_readback(&result, now, commands),
            // The credentials are refused, so no readback can succeed.
            Err(_) => self.end_in_doubt(commands),
        }
    }

    fn on_readback(&mut self, result: &PollResult, now: Millis, commands: &mut Vec<Command>) {
        if let (Readback::Gone(id), true) = (&self.checked.readback, result.failed.is_none())
            && result.gone.has(*id)
        {
            return commands.push(self.success(Outcome::Nothing));
        }
        if !result.gone.is_empty() {
            // Another client has deleted a flexible IP that the verdict needs.
            return self.end_in_doubt(commands);
        }
        let ids = self.checked.readback.ids_after();
        let mut after = Vec::new();
        for id in ids {
            let Some((ip, _)) = result.ips.get(id) else { return self.poll_later(now, commands) };
            after.push(ip.clone());
        }
        let elapsed = self.requests.elapsed(OWN, now);
        if let Some(doubt) = &mut self.doubt {
            doubt.is_touched |= self.checked.readback.is_touched(&self.before, &after, elapsed);
        }
        match self.checked.readback.verdict(&self.before, &after, elapsed) {
            Verdict::Done => commands.push(self.success_by_readback(result)),
            Verdict::NotDone => self.on_not_done(now, commands),
            Verdict::Pending => self.poll_later(now, commands),
            Verdict::Unknown => self.on_undecided(now, commands),
        }
    }

    /// A readback decides nothing, but the effect may still appear: reads on through the settling time.
    pub(super) fn on_undecided(&self, now: Millis, commands: &mut Vec<Command>) {
        let is_settled = self.doubt.as_ref().is_none_or(|doubt| doubt.read_at >= self.settled_at());
        // Without the readings of the preflight, no later reading decides more.
        let lacks_before = self.before.is_empty() && !self.checked.readback.ids_before().is_empty();
        if is_settled || lacks_before {
            self.end_in_doubt(commands);
        } else {
            self.poll_later(now, commands);
        }
    }

    /// A readback shows no effect: resends the request as soon as that is safe.
    pub(super) fn on_not_done(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let Some(doubt) = &self.doubt else { return };
        let (error, may_resend) = (doubt.error.clone(), doubt.may_resend);
        let is_settled = doubt.read_at >= self.settled_at();
        let is_harmless = self.checked.operation.route().repeat == Repeat::AfterReadback;
        if may_resend && (is_settled || is_harmless) {
            let error = error.clone();
            if self.requests.resend(OWN, !is_settled, error, now, commands).is_ok() {
                return;
            }
            if let Some(doubt) = &mut self.doubt {
                doubt.may_resend = false;
            }
        }
        if is_settled && self.doubt.as_ref().is_some_and(|doubt| doubt.is_touched) {
            // It may have been done, and undone by another client.
            self.end_in_doubt(commands);
        } else if is_settled {
            // The request was certainly not done, so its own error is the result.
            commands.push(self.failure(error, OWN));
        } else {
            self.poll_later(now, commands);
        }
    }

    /// Sleeps until the next readback: at growing intervals, and when the settling time has passed.
    pub(super) fn poll_later(&self, now: Millis, commands: &mut Vec<Command>) {
        let time_left = self.requests.time_left(now);
        let Some(doubt) = self.doubt.as_ref().filter(|_| time_left > Millis(0)) else {
            return self.end_in_doubt(commands);
        };
        let elapsed = now.0.saturating_sub(doubt.since.0);
        let interval = (elapsed / INTERVAL_SHARE).clamp(INTERVAL_MIN, INTERVAL_MAX);
        let until_settled = self.settled_at().0.saturating_sub(now.0);
        // A readback that was sent earlier proves nothing, so one follows at once.
        let is_due = until_settled == 0 && doubt.read_at < self.settled_at();
        let until_settled = match until_settled {
            0 if is_due => 0,
            0 => u64::MAX,
            left => left,
        };
        let length = Millis(interval.min(until_settled).min(time_left.0));
        commands.push(Command::Sleep { tag: INTERVAL, length });
    }

    /// When the effect of the request can no longer appear.
    fn settled_at(&self) -> Millis {
        let since = self.doubt.as_ref().map_or(Millis(0), |doubt| doubt.since);
        let settling = self.requests.settling_time(self.checked.operation);
        Millis(since.0.saturating_add(settling.0))
    }

    /// Ends the call with an outcome that stays unknown.
    pub(super) fn end_in_doubt(&self, commands: &mut Vec<Command>) {
        let error = self.doubt.as_ref().map_or(Error::Aborted, |doubt| doubt.error.clone());
        commands.push(self.ambiguous(error));
    }

    fn ambiguous(&self, error: Error) -> Command {
        self.failure(Error::Ambiguous(Box::new(error)), OWN)
    }

    /// The result of a request whose response was lost: the flexible IPs that the readback read.
    fn success_by_readback(&self, result: &PollResult) -> Command {
        let ids = self.checked.readback.ids_after();
        let bodies = bodies_of(&result.ips, &ids);
        self.success(match (&self.checked.readback, bodies.last()) {
            (Readback::NoMac(_) | Readback::Gone(_), _) | (_, None) => Outcome::Nothing,
            (Readback::Attached { .. } | Readback::Detached { .. }, _) => Outcome::Ips(bodies),
            (_, Some(last)) => Outcome::Ip(*last),
        })
    }
}
