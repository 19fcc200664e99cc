//! The result of a wait, and its failures.

use super::flow::WaitFlow;
use super::request::Condition;
use super::wrong_zone::WrongZone;
use crate::error::{Error, Failure, WaitFailure, WaitFailureReason};
use crate::flow::command::Command;
use crate::flow::outcome::{CallFailure, Outcome, Success};
use crate::flow::poll_result::{FailedRead, PollResult, bodies_of};
use crate::flow::small_map::SmallMap;
use crate::flow::status::{is_at_rest, is_refusal, is_stuck};
use crate::flow::tag::{BodyRef, Tag};
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::time::Millis;
use crate::model::to_text::{ToText, text};
use crate::wire::summary::Summary;

/// A flexible IP that has been at rest elsewhere for so long does not come to the server.
const ELSEWHERE_MAX: Millis = Millis(5_000);

/// Permissions can be lost for two minutes. After that, refusals are final.
const REFUSALS_MAX: Millis = Millis(120_000);

impl WaitFlow {
    pub(super) fn success(&self, ips: &SmallMap<FlexibleIpId, (Summary, BodyRef)>) -> Command {
        let bodies = bodies_of(ips, &self.request.ids);
        let outcome = match (self.request.condition, self.request.is_list, bodies.first()) {
            (Condition::Gone, _, _) => Outcome::Nothing,
            (_, false, Some(body)) => Outcome::Ip(*body),
            _ => Outcome::Ips(bodies),
        };
        Command::Done(Ok(Success { outcome, attempts: self.polls }))
    }

    /// The failure at the deadline. Its cause is the last poll that failed.
    pub(in crate::flow) fn timed_out(&self, now: Millis) -> Command {
        let Some(id) = self.first() else { return self.success(&SmallMap::default()) };
        let ip = self.poller.last_known(id).map(|(ip, _)| ip);
        let reason = match (self.request.condition, ip) {
            (Condition::RestOn(_), Some(ip)) => WaitFailureReason::Misplaced(self.place(ip)),
            _ => WaitFailureReason::TimedOut(self.elapsed(now), ip.map(|ip| ip.status.clone())),
        };
        let question = self.wrong_zone.as_ref();
        let cause = question.map_or_else(|| self.poller.last_failure(), WrongZone::last_failure);
        self.wait_failure(id, reason, cause)
    }

    /// Where a flexible IP is that is not on the asked server.
    fn place(&self, ip: &Summary) -> String {
        let server = |id: Option<ServerId>| match id {
            Some(id) => text!("server ", id.to_text()),
            None => "no server".to_owned(),
        };
        let asked = match self.request.condition {
            Condition::RestOn(server) => Some(server),
            Condition::Rest | Condition::Gone => None,
        };
        let still = if is_at_rest(ip) { "at rest as " } else { "still " };
        text!(still, ip.status, " on ", server(ip.server_id), ", not on ", server(asked))
    }

    fn wait_failure(
        &self,
        id: FlexibleIpId,
        reason: WaitFailureReason,
        cause: Option<&FailedRead>,
    ) -> Command {
        let error = Error::WaitFailure(Box::new(WaitFailure { id, reason }));
        let last = self.poller.last_known(id).map(|(_, body)| *body);
        Command::Done(Err(CallFailure {
            exchange: cause.map(|cause| cause.tag),
            cause: cause.map(|cause| Box::new(self.failure(cause.error.clone(), cause.tag))),
            last,
            ..self.plain_failure(error).into()
        }))
    }

    /// The failure of a call that a request has ended.
    pub(super) fn failed(&self, error: Error, tag: Tag) -> Command {
        let failure = Failure { attempts: self.polls, ..self.failure(error, tag) };
        Command::Done(Err(CallFailure { exchange: Some(tag), ..failure.into() }))
    }

    /// The failure of a request.
    fn failure(&self, error: Error, tag: Tag) -> Failure {
        let request = self.requests.request(tag);
        Failure {
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.requests.attempts(tag),
            ..self.plain_failure(error)
        }
    }

    pub(super) const fn plain_failure(&self, error: Error) -> Failure {
        Failure { error, operation: self.request.name, request: None, attempts: self.polls }
    }

    /// The failure of a wait for rest, if the poll shows that its condition cannot be met.
    pub(super) fn failure_of_poll(&mut self, result: &PollResult) -> Option<Command> {
        // A poll that failed between two readings leaves open where the flexible IP was.
        if result.failed.is_some() {
            self.elsewhere_since = None;
        }
        if let Some((id, refusal)) = result.gone.iter().next() {
            let reason = WaitFailureReason::Gone(Box::new(refusal.error.clone()));
            return Some(self.wait_failure(id, reason, Some(refusal)));
        }
        for (_, (ip, _)) in result.ips.iter() {
            if is_stuck(ip) {
                let word =
                    if ip.mac_status.as_deref() == Some("error") { "error" } else { &ip.status };
                let reason = WaitFailureReason::Stuck(word.to_owned());
                return Some(self.wait_failure(ip.id, reason, None));
            }
            let is_elsewhere = is_at_rest(ip) && !self.is_goal(ip);
            // A slow response is about the moment at which its poll was sent.
            let read_at = self.polled_at;
            self.elsewhere_since = is_elsewhere.then(|| self.elsewhere_since.unwrap_or(read_at));
            if since(self.elsewhere_since, read_at) >= ELSEWHERE_MAX {
                let reason = WaitFailureReason::Misplaced(self.place(ip));
                return Some(self.wait_failure(ip.id, reason, None));
            }
        }
        None
    }

    /// The failure of a wait whose polls are all refused.
    pub(super) fn on_refusals(
        &mut self,
        failed: Option<&FailedRead>,
        now: Millis,
    ) -> Option<Command> {
        let refusal = failed.filter(|failed| is_refusal(&failed.error));
        self.refused_since = refusal.map(|_| self.refused_since.unwrap_or(now));
        let refusal = refusal.filter(|_| since(self.refused_since, now) >= REFUSALS_MAX)?;
        let id = self.first()?;
        let reason = WaitFailureReason::Refused(REFUSALS_MAX, Box::new(refusal.error.clone()));
        Some(self.wait_failure(id, reason, Some(refusal)))
    }
}

/// The time since a moment; none is no time.
fn since(moment: Option<Millis>, now: Millis) -> Millis {
    Millis(now.0.saturating_sub(moment.unwrap_or(now).0))
}
