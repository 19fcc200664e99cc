//! The machine of a move.

use super::decision::Decision;
use super::group::{Cause, Group, Moment};
use super::interval::{Standing, next_interval};
use super::membership::Membership;
use super::pilot::choose_pilot;
use super::preparation::{PATIENCE, PATIENCE_TIME, Preparation};
use super::refusal::{PERMISSIONS_SETTLE, is_final};
use super::report::{Report, failure_of};
use super::request::Relocation;
use super::target::{Target, question};
use crate::error::problem::{Problem, Reason};
use crate::error::{Error, Failure, WaitFailureReason};
use crate::flow::call_policy::CallPolicy;
use crate::flow::command::Command;
use crate::flow::event::Event;
use crate::flow::machine::{Input, Machine};
use crate::flow::outcome::{CallFailure, Outcome, Success};
use crate::flow::poll_result::{FailedRead, PollResult};
use crate::flow::poller::Poller;
use crate::flow::requests::{RequestOutcome, RequestSpec, Requests};
use crate::flow::response::Response;
use crate::flow::tag::Tag;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::model::to_text::{ToText, text};
use crate::ops::attach::attach;
use crate::ops::detach::detach;
use crate::policy::retry::leaves_in_doubt;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The tag of the sleep between two polls.
const INTERVAL: Tag = 0;
/// The tag of the question whether the source exists.
const SOURCE: Tag = 3;
/// The tag of the first step's request. Each step has its own tag, so that an error finds its response.
const FIRST_STEP: Tag = 1_000_000_000;

/// The time before the deadline at which the last poll begins, at most and as a part of the whole.
const LAST_POLL_RESERVE: u64 = 1_000;
const LAST_POLL_PART: u64 = 4;

/// The time before the deadline from which a refusal of the target is believed, so that its group can be
/// attached back: the longest attach that was seen took 28 s. At most, and as a part of the whole.
const RETURN_RESERVE: u64 = 30_000;
const RETURN_PART: u64 = 4;

/// The machine of a move.
pub struct RelocateFlow {
    relocation: Relocation,
    requests: Requests,
    preparation: Preparation,
    groups: Vec<Group>,
    membership: Membership,
    next_step: Tag,
    /// Whether the target is known to exist.
    is_target_known: bool,
    /// What is known of the source of a failover that found nothing on it.
    source: Option<Target>,
    /// The group that goes first while the target is not known to exist.
    pilot: Option<usize>,
    /// When the last poll was sent.
    polled_at: Millis,
    poller: Poller,
    /// The number of polls that have begun. It is also the number of the last one.
    polls: u32,
    is_polling: bool,
    /// Since when all polls were refused.
    refused_since: Option<Millis>,
    began_at: Millis,
    last_poll_at: Millis,
    /// From when on a refusal of the target is believed.
    return_at: Millis,
    /// When a group last arrived.
    last_arrival: Millis,
    /// Whether all groups have arrived or stopped. The last poll reads the states for the result.
    is_closing: bool,
}

impl RelocateFlow {
    /// A machine for this move.
    pub fn new(relocation: Relocation, policy: CallPolicy) -> Self {
        Self {
            preparation: Preparation::new(&relocation),
            poller: Poller::new(relocation.zone.clone()),
            relocation,
            requests: Requests::new(policy),
            groups: Vec::new(),
            membership: Membership::default(),
            next_step: FIRST_STEP,
            is_target_known: false,
            source: None,
            pilot: None,
            polled_at: Millis(0),
            polls: 0,
            is_polling: false,
            refused_since: None,
            began_at: Millis(0),
            last_poll_at: Millis(0),
            return_at: Millis(0),
            last_arrival: Millis(0),
            is_closing: false,
        }
    }

    fn on_started(&mut self, now: Millis, commands: &mut Vec<Command>) {
        self.requests.start_deadline(now);
        self.began_at = now;
        let total = self.requests.time_left(now);
        let reserve = LAST_POLL_RESERVE.min(total.0 / LAST_POLL_PART);
        self.last_poll_at = Millis(self.requests.deadline().0.saturating_sub(reserve));
        let reserve = RETURN_RESERVE.min(total.0 / RETURN_PART);
        self.return_at = Millis(self.requests.deadline().0.saturating_sub(reserve));
        self.preparation.begin(&self.relocation, &mut self.requests, now, commands);
    }

    /// The zone is read: selects the groups, and returns the plan or begins to move them.
    fn on_prepared(&mut self, now: Millis, commands: &mut Vec<Command>) {
        match self.preparation.inventory.select(&self.relocation) {
            Ok(groups) => self.groups = groups,
            Err(error) => return commands.push(self.failure(error, None)),
        }
        if self.groups.is_empty() && self.ask_for_source(now, commands) {
            return;
        }
        let mut plan = Vec::new();
        for group in &self.groups {
            plan.extend(self.preparation.inventory.plan(&self.relocation, group));
        }
        let is_needed = !plan.is_empty() || self.groups.is_empty();
        if self.preparation.target == Target::Absent && is_needed {
            return commands.push(self.failure(self.absent_target(), None));
        }
        if let (Some(Target::Absent), Some(source)) = (self.source, self.relocation.source) {
            return commands.push(self.failure(self.absent("fromServerId", source), None));
        }
        if self.relocation.is_dry_run {
            let outcome = Outcome::Plan(plan);
            return commands.push(Command::Done(Ok(Success { outcome, attempts: 0 })));
        }
        let (mut ips, mut pages) = (Vec::new(), Vec::new());
        for (ip, body) in self.preparation.inventory.entries() {
            if self.groups.iter().any(|group| group.ids.contains(&ip.id)) {
                ips.push(ip.clone());
                pages.push(body.tag);
            }
        }
        self.preparation.drop_pages(&pages, &mut self.requests, commands);
        for (ip, _) in self.preparation.inventory.entries() {
            self.membership.note(ip);
        }
        self.is_target_known = self.preparation.target == Target::Exists;
        self.last_arrival = now;
        self.advance(&ips, 0, now, commands);
        self.wait_or_finish(now, commands);
    }

    fn absent_target(&self) -> Error {
        self.absent(self.relocation.target_field(), self.relocation.target)
    }

    fn absent(&self, field: &str, server: ServerId) -> Error {
        let zone = self.relocation.zone.as_str();
        let help = text!("there is no server ", server.to_text(), " in zone ", zone);
        Error::InvalidArguments(vec![Problem::error(field, Reason::Constraint, help)])
    }

    /// Asks once whether the source exists, if nothing is on it: its id may be misspelt. Returns whether the
    /// response is awaited.
    fn ask_for_source(&mut self, now: Millis, commands: &mut Vec<Command>) -> bool {
        let Some(source) = self.relocation.source.filter(|_| self.source.is_none()) else {
            return false;
        };
        self.source = Some(Target::Asked);
        let length = PATIENCE_TIME.min(self.requests.time_left(now));
        let question = question(&self.relocation.zone, source);
        commands.push(self.requests.send(SOURCE, question, now));
        commands.push(Command::Sleep { tag: PATIENCE, length });
        true
    }

    /// Goes on with what is known of the source. A late response changes nothing.
    fn on_source(&mut self, source: Target, now: Millis, commands: &mut Vec<Command>) {
        if self.source == Some(Target::Asked) {
            self.source = Some(source);
            let end = if source == Target::Unknown { SOURCE } else { PATIENCE };
            commands.push(Command::Cancel { tag: end });
            self.on_prepared(now, commands);
        }
    }

    /// Decides the next step of each group by the flexible IPs that a poll has read. The inventory
    /// counts as poll 0.
    fn advance(&mut self, ips: &[Summary], poll: u32, now: Millis, commands: &mut Vec<Command>) {
        self.join_groups(poll, now);
        if !self.is_target_known {
            self.choose_pilot(ips);
        }
        let was_target_known = self.is_target_known;
        for index in 0..self.groups.len() {
            self.advance_group(index, ips, poll, now, commands);
        }
        // The group that went first has arrived, so the others may leave.
        if self.is_target_known && !was_target_known {
            for index in 0..self.groups.len() {
                if self.groups.get(index).is_some_and(|group| group.is_held) {
                    self.advance_group(index, ips, poll, now, commands);
                }
            }
        }
    }

    /// Joins groups that have come to share a virtual MAC address: they move together from now on.
    fn join_groups(&mut self, poll: u32, now: Millis) {
        let mut index = 0;
        while let Some(group) = self.groups.get(index) {
            let may_join = |group: &Group| group.may_join() && group.is_decided_by(poll, now);
            let is_together = |other: &Group| match (group.ids.first(), other.ids.first()) {
                (Some(one), Some(other)) => self.membership.are_together(*one, *other),
                _ => false,
            };
            let mut found = None;
            for (other_index, other) in self.groups.iter().enumerate() {
                let is_later = other_index > index && found.is_none();
                if is_later && may_join(group) && may_join(other) && is_together(other) {
                    found = Some(other_index);
                }
            }
            let Some(found) = found else {
                index = index.saturating_add(1);
                continue;
            };
            let other = self.groups.remove(found);
            if let Some(group) = self.groups.get_mut(index) {
                group.join(other);
            }
            self.pilot = self.pilot.map(|pilot| match pilot {
                pilot if pilot == found => index,
                pilot if pilot > found => pilot.saturating_sub(1),
                pilot => pilot,
            });
        }
    }

    /// Chooses the group that goes first. If the last one has left its server and stopped, nothing shows
    /// that the target exists, so the groups that wait for it stay where they are.
    fn choose_pilot(&mut self, ips: &[Summary]) {
        let last = self.pilot.and_then(|index| self.groups.get(index));
        let spent = last.filter(|group| group.changes > 0 && !group.is_moving());
        match spent.and_then(Group::cause).cloned() {
            Some(cause) => self.stop_waiting_groups(&cause),
            None => self.pilot = choose_pilot(&self.groups, self.pilot, ips),
        }
    }

    fn stop_waiting_groups(&mut self, cause: &Cause) {
        let is_waiting = |group: &&mut Group| group.is_moving() && group.changes == 0;
        for group in self.groups.iter_mut().filter(is_waiting) {
            group.stop_with(cause.clone());
        }
    }

    /// The response to the question came after the first group had left.
    fn on_late_target(&mut self, target: Option<Target>) {
        match target {
            Some(Target::Exists) => self.is_target_known = true,
            Some(Target::Absent) if !self.is_target_known => {
                let failure = failure_of(&self.relocation, self.absent_target());
                self.stop_waiting_groups(&Cause::new(failure, None));
            }
            _ => {}
        }
    }

    fn advance_group(
        &mut self,
        index: usize,
        ips: &[Summary],
        poll: u32,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let moment = self.moment(now);
        let Some(group) = self.groups.get_mut(index).filter(|group| group.is_decided_by(poll, now))
        else {
            return;
        };
        // A group of which the poll has not read all flexible IPs waits for the next poll.
        let mut members: Vec<&Summary> = Vec::new();
        for id in &group.ids {
            let Some(ip) = ips.iter().find(|ip| ip.id == *id) else { return };
            members.push(ip);
        }
        let outsider = self.membership.outsider(&group.ids);
        let origin = group.destination_of_return();
        let decision = Decision::of(&self.relocation, origin, &members, outsider);
        let leaves = matches!(decision, Decision::Send(..))
            && members.iter().any(|ip| ip.server_id.is_some());
        group.is_held = leaves && !self.is_target_known && self.pilot != Some(index);
        // What leaves its server in the last moments could not arrive in time.
        if group.is_held || (leaves && now >= self.last_poll_at) {
            return;
        }
        let relocation = &self.relocation;
        let failure = |error| failure_of(relocation, error);
        let request = group.on_decision(decision, relocation.target, moment, &failure, commands);
        if group.has_arrived() {
            self.last_arrival = now;
            self.is_target_known = true;
        }
        if let Some((operation, server)) = request {
            let spec = step_request(relocation, group, operation, server);
            let tag = self.next_step;
            self.next_step = tag.saturating_add(1);
            group.begin(tag, operation, server, moment, commands);
            commands.push(self.requests.send(tag, spec, now));
        }
    }

    /// Takes the end of a group's request.
    fn on_step_end(
        &mut self,
        tag: Tag,
        outcome: Result<(), Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let (moment, next_poll) = (self.moment(now), self.polls.saturating_add(1));
        let is_in_doubt = self.requests.is_in_doubt(tag)
            || matches!(&outcome, Err(error) if leaves_in_doubt(error));
        let is_own = |group: &Group| matches!(&group.in_flight, Some((own, _)) if *own == tag);
        let Some(index) = self.groups.iter().position(is_own) else { return };
        let Some(group) = self.groups.get(index) else { return };
        let operation = group.in_flight.as_ref().map(|(_, step)| step.operation);
        let settling_time = operation
            .filter(|_| is_in_doubt)
            .map(|operation| self.requests.settling_time(operation));
        let attempts = group.failures.saturating_add(1);
        let backoff = outcome.as_ref().err().map(|error| self.requests.backoff(attempts, error));
        let backoff = backoff.unwrap_or_default();
        let outcome = outcome.map_err(|error| self.step_failure(error, Some(tag)));
        let refusal = self.groups.get_mut(index).and_then(|group| {
            let refusal =
                group.on_response(outcome, next_poll, settling_time, backoff, moment, commands)?;
            if self.relocation.stays {
                group.end_return(false);
            }
            Some(refusal)
        });
        // What the target refused one group, it would refuse the groups that wait for that one.
        if let Some(refusal) = refusal.filter(|_| !self.is_target_known) {
            for group in self.groups.iter_mut().filter(|group| group.is_held && group.is_moving()) {
                group.stop_with(refusal.clone());
            }
        }
        // A poll under way continues. It began before this response, so it cannot decide this group.
        if self.is_polling {
            return;
        }
        commands.push(Command::Cancel { tag: INTERVAL });
        self.wait_or_finish(now, commands);
    }

    /// Sleeps until the next poll, begins it, or ends the move. While each moving group has a request
    /// under way, there is nothing to poll.
    fn wait_or_finish(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let (mut is_moving, mut is_sending, mut is_waiting, mut have_arrived) =
            (false, false, false, true);
        for group in &self.groups {
            have_arrived &= group.has_arrived();
            if group.is_moving() {
                is_moving = true;
                is_sending |= group.in_flight.is_some();
                is_waiting |= group.in_flight.is_none() && !group.is_held;
            }
        }
        if !is_moving {
            if have_arrived || self.next_step == FIRST_STEP {
                return commands.push(self.report().result());
            }
            self.is_closing = true;
            return self.poll(now, commands);
        }
        if is_sending && !is_waiting {
            return;
        }
        if now >= self.last_poll_at {
            return self.finish_at_deadline(now, commands);
        }
        let elapsed = self.moment(now).elapsed;
        let standing =
            Standing { now, elapsed, last_arrival: self.last_arrival, polls: self.polls };
        let interval = next_interval(&self.groups, &standing);
        if interval == Millis(0) {
            return self.poll(now, commands);
        }
        let left = Millis(self.last_poll_at.0.saturating_sub(now.0));
        let length = interval.min(left);
        commands.push(self.report().wait(elapsed, length));
        commands.push(Command::Sleep { tag: INTERVAL, length });
    }

    /// Begins no more waits. What was sent is still awaited, and what was accepted is polled once more.
    fn finish_at_deadline(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let mut is_unpolled = false;
        for group in &self.groups {
            if group.is_moving() {
                if group.in_flight.is_some() {
                    return;
                }
                is_unpolled |= group.first_fresh_poll > self.polls;
            }
        }
        if is_unpolled && self.requests.time_left(now) > Millis(0) {
            return self.poll(now, commands);
        }
        self.stop_at_deadline(now, commands);
    }

    fn poll(&mut self, now: Millis, commands: &mut Vec<Command>) {
        self.polls = self.polls.saturating_add(1);
        self.is_polling = true;
        self.polled_at = now;
        // What has arrived is not polled again: the result shows it as it arrived.
        let mut ids: Vec<FlexibleIpId> = Vec::new();
        for group in &self.groups {
            if !group.has_arrived() {
                ids.extend_from_slice(&group.ids);
            }
        }
        // Pages also show a flexible IP that has joined a MAC group since the move began.
        let has_mac = ids.iter().any(|id| {
            let polled = self.poller.last_known(*id).map(|(ip, _)| ip);
            let known = polled.or_else(|| self.preparation.inventory.ip(*id));
            known.is_some_and(|ip| ip.mac_id.is_some())
        });
        let requests = &mut self.requests;
        match has_mac {
            true => self.poller.begin_pages(ids, requests, now, commands),
            false => self.poller.begin(ids, requests, now, commands),
        }
    }

    fn on_poll(&mut self, result: PollResult, now: Millis, commands: &mut Vec<Command>) {
        self.is_polling = false;
        if self.is_closing {
            return commands.push(self.report().result());
        }
        let moment = self.moment(now);
        self.note_refusal(result.failed.as_ref(), now);
        if let Some(FailedRead { error, .. }) = result.failed {
            let elapsed = moment.elapsed;
            commands.push(Command::Emit(Event::PollFailed { error, elapsed }));
        }
        let relocation = &self.relocation;
        let failure = |error| failure_of(relocation, error);
        for group in self.groups.iter_mut().filter(|group| group.is_moving()) {
            let gone = group.ids.iter().find_map(|id| Some((*id, result.gone.get(*id)?.clone())));
            if let Some((id, FailedRead { error, tag })) = gone {
                group.stop(id, WaitFailureReason::Gone(Box::new(error)), Some(tag), &failure);
            }
        }
        let mut ips = Vec::new();
        for (_, (ip, _)) in result.ips.iter() {
            self.membership.note(ip);
            ips.push(ip.clone());
        }
        result.others.iter().for_each(|ip| self.membership.note(ip));
        result.gone.iter().for_each(|(id, _)| self.membership.forget(id));
        self.advance(&ips, self.polls, now, commands);
        self.wait_or_finish(now, commands);
    }

    /// Stops all groups if nothing but refusals was read for too long.
    fn note_refusal(&mut self, failed: Option<&FailedRead>, now: Millis) {
        let Some(failed) = failed.filter(|failed| is_final(&failed.error)) else {
            self.refused_since = None;
            return;
        };
        let since = *self.refused_since.get_or_insert(now);
        if now.0.saturating_sub(since.0) >= PERMISSIONS_SETTLE.0 {
            let exchange = Some(failed.tag);
            let failure = self.step_failure(failed.error.clone(), exchange);
            let cause = Cause::new(failure, exchange);
            for group in self.groups.iter_mut().filter(|group| group.is_moving()) {
                group.stop_with(cause.clone());
            }
        }
    }

    /// Stops all groups that still move, and ends the move.
    fn stop_at_deadline(&mut self, now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.moment(now).elapsed;
        let mut ends = Vec::new();
        for group in &self.groups {
            // The failure of a step that was to be repeated says more than that of a poll.
            let last = group.last_failure.as_ref().or(self.poller.last_failure());
            let last = last.map(|FailedRead { error, tag }| {
                (*tag, self.step_failure(error.clone(), Some(*tag)))
            });
            let first = group.ids.first();
            ends.push(first.map(|id| (*id, self.report().last_status(*id), last)));
        }
        let relocation = &self.relocation;
        let failure = |error| failure_of(relocation, error);
        for (group, end) in self.groups.iter_mut().zip(ends) {
            if let Some((id, status, last)) = end.filter(|_| group.is_moving()) {
                let reason = WaitFailureReason::TimedOut(elapsed, status);
                group.stop_at_deadline(id, reason, last, &failure);
            }
        }
        commands.push(self.report().result());
    }

    fn on_request_end(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        if tag == SOURCE {
            let source = self.relocation.source.unwrap_or(self.relocation.target);
            self.on_source(Target::of(&outcome, source), now, commands);
        } else if Preparation::is_own(tag) {
            if self.preparation.is_over {
                return self.on_late_target(self.preparation.late_target(tag, &outcome));
            }
            let requests = &mut self.requests;
            match self.preparation.on_response(tag, outcome, requests, now, commands) {
                Ok(()) if self.preparation.is_over => self.on_prepared(now, commands),
                Ok(()) => {}
                Err(error) => commands.push(self.failure(error, Some(tag))),
            }
        } else if self.poller.is_pending(tag) {
            match self.poller.on_response(tag, outcome, &mut self.requests, now, commands) {
                Ok(Some(result)) => self.on_poll(result, now, commands),
                Ok(None) => {}
                // The next poll takes the place of one that is refused.
                Err(error) => {
                    self.poller.cancel(commands);
                    let failed = Some(FailedRead { error, tag });
                    let result = PollResult { failed, ..PollResult::default() };
                    self.on_poll(result, now, commands);
                }
            }
        } else {
            self.on_step_end(tag, outcome.map(|_| ()), now, commands);
        }
    }

    fn report(&self) -> Report<'_> {
        let steps = FIRST_STEP..self.next_step;
        Report {
            relocation: &self.relocation,
            groups: self.groups.as_slice(),
            inventory: &self.preparation.inventory,
            poller: &self.poller,
            polls: self.polls,
            attempts: steps.map(|tag| self.requests.attempts(tag)).sum(),
        }
    }

    /// The end of a move that has changed nothing. `tag` is the tag of the request that failed.
    fn failure(&self, error: Error, tag: Option<Tag>) -> Command {
        let failure = self.step_failure(error, tag);
        Command::Done(Err(CallFailure { exchange: tag, ..failure.into() }))
    }

    /// An error with the request that failed.
    fn step_failure(&self, error: Error, tag: Option<Tag>) -> Failure {
        let request = tag.and_then(|tag| self.requests.request(tag));
        Failure {
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: tag.map_or(0, |tag| self.requests.attempts(tag)),
            ..failure_of(&self.relocation, error)
        }
    }

    /// Ends the move at once. Nothing is sent any more, and what is under way is not awaited.
    fn on_abort(&mut self) -> Command {
        self.requests.abort();
        let report = self.report();
        if report.attempts == 0 {
            self.failure(Error::Aborted, None)
        } else {
            report.incomplete(Error::Aborted, None)
        }
    }

    const fn moment(&self, now: Millis) -> Moment {
        let elapsed = Millis(now.0.saturating_sub(self.began_at.0));
        Moment {
            now,
            elapsed,
            read_at: self.polled_at,
            return_at: self.return_at,
            last_poll_at: self.last_poll_at,
        }
    }
}

/// The request of a group's step.
fn step_request(
    relocation: &Relocation,
    group: &Group,
    operation: Operation,
    server: ServerId,
) -> RequestSpec {
    let zone = relocation.zone.clone();
    let checked = if operation == Operation::DetachFlexibleIp {
        detach(zone, &group.ids)
    } else {
        attach(zone, &group.ids, server)
    };
    // The next poll decides whether a step is repeated: while its response was awaited, another program
    // may have moved the group.
    RequestSpec {
        is_single_attempt: true,
        earlier_attempts: group.attempts_before(operation),
        ..RequestSpec::new(operation, checked.request)
    }
}

impl Machine for RelocateFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => self.on_started(now, &mut commands),
            Input::Aborted => commands.push(self.on_abort()),
            Input::Woke { tag: INTERVAL } => self.poll(now, &mut commands),
            Input::Woke { tag: PATIENCE } => {
                if self.preparation.is_over {
                    self.on_source(Target::Unknown, now, &mut commands);
                } else {
                    self.preparation.on_end_of_patience();
                    self.on_prepared(now, &mut commands);
                }
            }
            other => match self.requests.on(other, now, &mut commands) {
                RequestOutcome::Pending => {}
                RequestOutcome::Response(tag, response) => {
                    self.on_request_end(tag, Ok(response), now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) | RequestOutcome::Unknown(tag, error) => {
                    self.on_request_end(tag, Err(error), now, &mut commands);
                }
            },
        }
        commands
    }
}
