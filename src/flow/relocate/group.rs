//! The state of a MAC group during a move.

use super::decision::Decision;
use super::refusal::{doubled_interval, is_busy, is_final, may_repeat, may_return};
use crate::error::{Error, Failure, WaitFailure, WaitFailureReason};
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::plan::{PlanStep, Progress};
use crate::flow::poll_result::FailedRead;
use crate::flow::tag::Tag;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::wire::route::Operation;

/// After this long, a group whose flexible IPs were read in different states stops.
const DISAGREEMENT_MAX: u64 = 30_000;

/// A MAC group, or a flexible IP without one.
pub(super) struct Group {
    pub(super) ids: Vec<FlexibleIpId>,
    /// The step whose request is under way, with the tag of the request.
    pub(super) in_flight: Option<(Tag, PlanStep)>,
    /// The operation of the last request and the time of its response, if that was a success.
    pub(super) accepted: Option<(Operation, Millis)>,
    /// The first poll that began after the last response. Earlier polls may show older states.
    pub(super) first_fresh_poll: u32,
    /// The number of consecutive requests that failed, and the time of the first of them.
    pub(super) failures: u32,
    failing_since: Millis,
    /// The operation of these requests, and their attempts.
    failed_attempts: Option<(Operation, u32)>,
    /// The last of them, with its request. One that was not answered says less than a refusal before it.
    pub(super) last_failure: Option<FailedRead>,
    /// When a failed request may be repeated, at the earliest.
    pub(super) repeats_at: Millis,
    /// The number of consecutive accepted requests after which a poll showed no change.
    pub(super) ineffective: u32,
    /// Whether a poll showed no change after the accepted request. If the next poll shows none either,
    /// the request is repeated.
    pub(super) is_unconfirmed: bool,
    /// Whether the group waits on its server until the target is known to exist.
    pub(super) is_held: bool,
    /// The server that the group was detached from.
    origin: Option<ServerId>,
    /// The changes that may still be done because their responses were lost: the server that they
    /// attach to, or none for a detach, and until when.
    unsettled: Vec<(Option<ServerId>, Millis)>,
    /// Since when the flexible IPs were read in different states.
    disagreeing_since: Option<Millis>,
    /// The number of changes that were requested.
    pub(super) changes: u32,
    state: State,
}

/// Why a group stopped.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) failure: Failure,
    /// The request whose exchange the failure is about.
    pub(super) exchange: Option<Tag>,
    /// Of a wait: the last failure before its end, of a step or a poll. It is what `exchange` is about then.
    pub(super) inner: Option<Box<Failure>>,
}

impl Cause {
    pub(super) const fn new(failure: Failure, exchange: Option<Tag>) -> Self {
        Self { failure, exchange, inner: None }
    }
}

enum State {
    Moving,
    /// The target refused the group. It goes back to the server that it came from.
    Returning(Cause),
    Arrived,
    Stopped {
        cause: Cause,
        /// Whether the group is back on the server that it came from.
        has_returned: bool,
        /// The flexible IP that is gone.
        gone: Option<FlexibleIpId>,
    },
}

/// When a decision is made.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: Millis,
    /// The time since the move began.
    pub(super) elapsed: Millis,
    /// When the last poll was sent.
    pub(super) read_at: Millis,
    /// Until when a refusal of the target is waited out. After it, time is left to attach back.
    pub(super) return_at: Millis,
    /// When the last poll begins, at the latest. Only a poll decides on a step.
    pub(super) last_poll_at: Millis,
}

impl Group {
    pub(super) fn new(id: FlexibleIpId) -> Self {
        Self {
            ids: vec![id],
            in_flight: None,
            accepted: None,
            first_fresh_poll: 0,
            failures: 0,
            failing_since: Millis(0),
            failed_attempts: None,
            last_failure: None,
            repeats_at: Millis(0),
            ineffective: 0,
            is_unconfirmed: false,
            is_held: false,
            origin: None,
            unsettled: Vec::new(),
            disagreeing_since: None,
            changes: 0,
            state: State::Moving,
        }
    }

    /// Whether the group can join another.
    pub(super) const fn may_join(&self) -> bool {
        matches!(self.state, State::Moving)
    }

    /// Takes the flexible IPs of another group, and what may still happen to them.
    pub(super) fn join(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.accepted = None;
        self.is_unconfirmed = false;
        self.disagreeing_since = None;
        self.first_fresh_poll = self.first_fresh_poll.max(other.first_fresh_poll);
        self.repeats_at = self.repeats_at.max(other.repeats_at);
        self.failures = self.failures.max(other.failures);
        self.failed_attempts = self.failed_attempts.or(other.failed_attempts);
        self.changes = self.changes.saturating_add(other.changes);
        self.origin = self.origin.or(other.origin);
        self.unsettled.extend(other.unsettled);
    }

    pub(super) const fn is_moving(&self) -> bool {
        matches!(self.state, State::Moving | State::Returning(_))
    }

    pub(super) const fn has_arrived(&self) -> bool {
        matches!(self.state, State::Arrived)
    }

    pub(super) const fn has_returned(&self) -> bool {
        matches!(self.state, State::Stopped { has_returned: true, .. })
    }

    /// Why the group stopped.
    pub(super) const fn cause(&self) -> Option<&Cause> {
        match &self.state {
            State::Stopped { cause, .. } => Some(cause),
            State::Moving | State::Returning(_) | State::Arrived => None,
        }
    }

    /// Whether this flexible IP exists and has not arrived.
    pub(super) fn is_left_over(&self, id: FlexibleIpId) -> bool {
        match &self.state {
            State::Arrived => false,
            State::Stopped { gone, .. } => *gone != Some(id),
            State::Moving | State::Returning(_) => true,
        }
    }

    /// The server that the group goes back to, because the target refused it.
    pub(super) const fn destination_of_return(&self) -> Option<ServerId> {
        if matches!(self.state, State::Returning(_)) { self.origin } else { None }
    }

    /// The refusal of the target, if the group goes back because of it.
    pub(super) const fn refusal_of_target(&self) -> Option<&Cause> {
        match &self.state {
            State::Returning(cause) => Some(cause),
            State::Moving | State::Arrived | State::Stopped { .. } => None,
        }
    }

    /// The attempts of this operation since a request was last accepted. All of them failed.
    pub(super) fn attempts_before(&self, operation: Operation) -> u32 {
        self.failed_attempts.map_or(0, |(failed, attempts)| match failed == operation {
            true => attempts,
            false => 0,
        })
    }

    pub(super) fn step(&self, operation: Operation, server: Option<ServerId>) -> PlanStep {
        PlanStep { operation, ids: self.ids.clone(), server }
    }

    /// Whether a poll with this number can decide the next step now: no request is under way, the poll
    /// is newer than the last response, and the backoff after a failure is over.
    pub(super) const fn is_decided_by(&self, poll: u32, now: Millis) -> bool {
        self.is_moving()
            && self.in_flight.is_none()
            && poll >= self.first_fresh_poll
            && now.0 >= self.repeats_at.0
    }

    /// Whether a change whose response was lost may still take the group off this server, after a
    /// reading of that moment.
    fn is_unsettled_on(&self, server: Option<ServerId>, read_at: Millis) -> bool {
        self.unsettled.iter().any(|(other, until)| *other != server && read_at < *until)
    }

    /// Applies a decision. Returns the request to send: attach to or detach from this server.
    /// `failure` adds the move to an error.
    pub(super) fn on_decision(
        &mut self,
        decision: Decision,
        target: ServerId,
        moment: Moment,
        failure: &dyn Fn(Error) -> Failure,
        commands: &mut Vec<Command>,
    ) -> Option<(Operation, ServerId)> {
        if !matches!(decision, Decision::Disagree(_)) {
            self.disagreeing_since = None;
        }
        match decision {
            Decision::Wait => self.is_unconfirmed = false,
            // What is detached so late may be on no server at the deadline.
            Decision::Send(Operation::DetachFlexibleIp, _) if moment.now >= moment.return_at => {
                self.is_unconfirmed = false;
            }
            Decision::Disagree(id) => {
                let since = *self.disagreeing_since.get_or_insert(moment.now);
                let time = Millis(moment.now.0.saturating_sub(since.0));
                if time.0 >= DISAGREEMENT_MAX {
                    self.stop(id, WaitFailureReason::Disagreement(time), None, failure);
                }
            }
            // A slow response is about the moment at which its request was sent.
            Decision::Arrived if self.is_unsettled_on(Some(target), moment.read_at) => {
                self.is_unconfirmed = false;
            }
            Decision::Returned if self.is_unsettled_on(self.origin, moment.read_at) => {
                self.is_unconfirmed = false;
            }
            Decision::Arrived => {
                self.emit_done(Some(target), moment, commands);
                self.state = State::Arrived;
            }
            Decision::Returned => {
                self.emit_done(self.origin, moment, commands);
                self.end_return(true);
            }
            Decision::Stop(id, reason) => self.stop(id, reason, None, failure),
            // The poll shows no change after the accepted request, but the service may have answered
            // it with an older state. A second poll confirms it before the request is repeated, and
            // the interval before that poll doubles with each repetition.
            Decision::Send(operation, _)
                if !self.is_unconfirmed && self.has_accepted(operation) =>
            {
                self.is_unconfirmed = true;
                self.ineffective = self.ineffective.saturating_add(1);
            }
            Decision::Send(operation, server) => {
                if !self.is_unconfirmed {
                    self.ineffective = 0;
                }
                self.is_unconfirmed = false;
                // A step that follows another one shows that the earlier step is done.
                if !self.has_accepted(operation) {
                    self.emit_done(None, moment, commands);
                }
                if operation == Operation::DetachFlexibleIp {
                    self.origin = Some(server);
                }
                return Some((operation, server));
            }
        }
        None
    }

    /// Notes that the request of a step is under way.
    pub(super) fn begin(
        &mut self,
        tag: Tag,
        operation: Operation,
        server: ServerId,
        moment: Moment,
        commands: &mut Vec<Command>,
    ) {
        let step = self.step(operation, Some(server));
        self.in_flight = Some((tag, step.clone()));
        self.changes = self.changes.saturating_add(1);
        commands.push(moving(step, Progress::Begun, moment));
    }

    /// Takes the end of the request under way. `next_poll` is the number of the next poll to begin.
    /// `settling_time` is how long the change may still be done whose response was lost; none if no
    /// response was lost. `backoff` is the time until it may be repeated. Returns the refusal if the
    /// target refuses the group.
    pub(super) fn on_response(
        &mut self,
        outcome: Result<(), Failure>,
        next_poll: u32,
        settling_time: Option<Millis>,
        backoff: Millis,
        moment: Moment,
        commands: &mut Vec<Command>,
    ) -> Option<Cause> {
        let (tag, step) = self.in_flight.take()?;
        self.first_fresh_poll = next_poll;
        if let Some(time) = settling_time {
            let is_attach = step.operation == Operation::AttachFlexibleIp;
            let until = Millis(moment.now.0.saturating_add(time.0));
            self.unsettled.push((step.server.filter(|_| is_attach), until));
        }
        let Err(failure) = outcome else {
            self.accepted = Some((step.operation, moment.now));
            self.failures = 0;
            self.failed_attempts = None;
            self.last_failure = None;
            return None;
        };
        if self.failures == 0 {
            self.failing_since = moment.now;
        }
        let failing = Millis(moment.now.0.saturating_sub(self.failing_since.0));
        let is_attach = step.operation == Operation::AttachFlexibleIp;
        let is_detached = is_attach && self.origin.is_some();
        let delay = doubled_interval(self.failures).max(backoff);
        let repeats_at = moment.now.0.saturating_add(delay.0);
        let is_returning = matches!(self.state, State::Returning(_));
        let has_time = repeats_at < moment.return_at.0 || is_returning;
        // A target that is busy until the deadline would leave the group on no server.
        let is_late = is_detached && !has_time && is_busy(&failure.error);
        let may_repeat =
            may_repeat(&failure.error, self.failures, failing, is_detached && has_time)
                || is_returning && may_return(&failure.error, self.failures);
        if may_repeat && !is_late {
            // The next poll decides whether the request is repeated.
            self.accepted = None;
            self.failures = self.failures.saturating_add(1);
            self.repeats_at = Millis(moment.now.0.saturating_add(backoff.0));
            let (error, elapsed) = (failure.error, moment.elapsed);
            if self.last_failure.is_none() || !matches!(error, Error::Timeout(_)) {
                self.last_failure = Some(FailedRead { error: error.clone(), tag });
            }
            let operation = step.operation;
            let attempts = self.attempts_before(operation).saturating_add(failure.attempts);
            self.failed_attempts = Some((operation, attempts));
            commands.push(Command::Emit(match self.repeats_at.0 <= moment.last_poll_at.0 {
                true => Event::Retry { operation, attempts, delay, error },
                false => Event::PollFailed { error, elapsed },
            }));
            return None;
        }
        let server = step.server.filter(|_| is_attach);
        commands.push(moving(step, Progress::Failed, moment));
        self.failures = 0;
        self.failed_attempts = None;
        self.accepted = None;
        if matches!(self.state, State::Returning(_)) {
            self.end_return(false);
            return None;
        }
        // An attempt whose response was lost may have been carried out.
        let is_open =
            |(other, until): &(Option<ServerId>, Millis)| *other == server && moment.now < *until;
        let is_refused = is_final(&failure.error) || !self.unsettled.iter().any(is_open);
        let failure = if is_refused {
            failure
        } else {
            Failure { error: Error::Ambiguous(Box::new(failure.error)), ..failure }
        };
        let cause = Cause::new(failure, Some(tag));
        let refusal = (is_attach && is_refused).then(|| cause.clone());
        self.state = if refusal.is_some() && self.origin.is_some() {
            State::Returning(cause)
        } else {
            State::Stopped { cause, has_returned: false, gone: None }
        };
        refusal
    }

    /// Stops the group because of one of its flexible IPs. A group that goes back stops because of the
    /// refusal of the target. `exchange` is the request that shows the reason.
    pub(super) fn stop(
        &mut self,
        id: FlexibleIpId,
        reason: WaitFailureReason,
        exchange: Option<Tag>,
        failure: &dyn Fn(Error) -> Failure,
    ) {
        let gone = matches!(reason, WaitFailureReason::Gone(_)).then_some(id);
        let error = Error::WaitFailure(Box::new(WaitFailure { id, reason }));
        let failure = Failure { attempts: self.changes, ..failure(error) };
        let cause = Cause::new(failure, exchange);
        let cause = self.refusal_of_target().cloned().unwrap_or(cause);
        self.state = State::Stopped { cause, has_returned: false, gone };
    }

    /// Stops the group at the deadline. `last` is the last failure before it, with its request.
    pub(super) fn stop_at_deadline(
        &mut self,
        id: FlexibleIpId,
        reason: WaitFailureReason,
        last: Option<(Tag, Failure)>,
        failure: &dyn Fn(Error) -> Failure,
    ) {
        self.stop(id, reason, last.as_ref().map(|(tag, _)| *tag), failure);
        if let State::Stopped { cause, .. } = &mut self.state {
            let is_own = matches!(&cause.failure.error, Error::WaitFailure(_));
            cause.inner = last.filter(|_| is_own).map(|(_, failure)| Box::new(failure));
        }
    }

    /// Stops the group because of a failure that is not its own.
    pub(super) fn stop_with(&mut self, cause: Cause) {
        let cause = self.refusal_of_target().cloned().unwrap_or(cause);
        self.state = State::Stopped { cause, has_returned: false, gone: None };
    }

    /// Ends the way back, if the group is on it.
    pub(super) fn end_return(&mut self, has_returned: bool) {
        if let State::Returning(cause) = &self.state {
            let cause = cause.clone();
            self.state = State::Stopped { cause, has_returned, gone: None };
        }
    }

    fn has_accepted(&self, operation: Operation) -> bool {
        self.accepted.is_some_and(|(accepted, _)| accepted == operation)
    }

    fn emit_done(&self, server: Option<ServerId>, moment: Moment, commands: &mut Vec<Command>) {
        if let Some((operation, _)) = self.accepted {
            commands.push(moving(self.step(operation, server), Progress::Done, moment));
        }
    }
}

fn moving(step: PlanStep, progress: Progress, moment: Moment) -> Command {
    Command::Emit(Event::Moving { step, progress, elapsed: moment.elapsed })
}
