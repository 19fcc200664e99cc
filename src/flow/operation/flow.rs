//! The machine of one operation.
//!
//! ```text
//! Started ─▶ [preflight, lookup] ─▶ send the request ─▶ Done
//!                 │ a read failed,       │ ▲
//!                 │ or a rule does       │ │ it was not done: resend
//!                 │ not hold             │ │
//!                 │        response lost ▼ │
//!                 │      [readback, until the settling time has passed] ─▶ Done: it was done
//!                 └─▶ Done(failure) ◀──────┘ not done, or the outcome stays unknown
//! ```
//!
//! `readback` has what follows a lost response.

use super::doubt::{Doubt, EARLIER, INTERVAL, LOOKUP, OWN, PREFLIGHT};
use crate::error::problem::Problem;
use crate::error::{Error, Failure};
use crate::flow::batch_read::BatchRead;
use crate::flow::call_policy::CallPolicy;
use crate::flow::command::{BodyReading, Command};
use crate::flow::machine::{Input, Leaving, Machine};
use crate::flow::outcome::{CallFailure, Outcome, Success};
use crate::flow::poller::Poller;
use crate::flow::reads::{parse_ip, parse_page, undecodable};
use crate::flow::requests::{RequestOutcome, RequestSpec, Requests};
use crate::flow::response::Response;
use crate::flow::tag::{BodyRef, Tag};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::ops::CheckedRequest;
use crate::ops::lookup::Found;
use crate::ops::readback::Readback;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The time until a flexible IP that is being detached or deleted is read again.
const LOOKUP_INTERVAL: Millis = Millis(1_000);

/// Whether a call is one request whose success says everything: nothing is read before it, and its response
/// is no success unless it has the status of the operation and is about `subject` and `zone`.
pub fn is_plain(checked: &CheckedRequest, skip_preflight: bool, allows_retries: bool) -> bool {
    checked.operation.route().is_plain
        && checked.lookup.is_none()
        && ids_to_read(checked, skip_preflight, allows_retries).is_empty()
}

/// The flexible IPs that are read before the request.
fn ids_to_read(
    checked: &CheckedRequest,
    skip_preflight: bool,
    allows_retries: bool,
) -> Vec<FlexibleIpId> {
    match &checked.preflight {
        _ if skip_preflight => Vec::new(),
        Some(rule) => rule.ids_to_read(),
        // Without retries there is no readback, which would compare the reads.
        None if allows_retries => checked.readback.ids_before(),
        None => Vec::new(),
    }
}

/// The machine of one operation.
pub struct OperationFlow {
    pub(super) checked: CheckedRequest,
    skip_preflight: bool,
    pub(super) requests: Requests,
    /// The reads of the preflight.
    preflight: Option<BatchRead>,
    /// The flexible IPs as the preflight read them.
    pub(super) before: Vec<Summary>,
    /// Reads back what a request did whose response was lost.
    pub(super) poller: Poller,
    /// The outcome that is unknown, while readbacks find it out.
    pub(super) doubt: Option<Doubt>,
}

impl OperationFlow {
    /// A machine for this request.
    pub fn new(checked: CheckedRequest, skip_preflight: bool, policy: CallPolicy) -> Self {
        let poller = Poller::new(checked.zone.clone());
        Self {
            checked,
            skip_preflight,
            requests: Requests::new(policy),
            preflight: None,
            before: Vec::new(),
            poller,
            doubt: None,
        }
    }

    fn on_started(&mut self, now: Millis, commands: &mut Vec<Command>) {
        // A key that is not looked up would not prevent a second flexible IP.
        if let Some(lookup) = self.send_lookup(false, now) {
            return commands.push(lookup);
        }
        let ids = ids_to_read(&self.checked, self.skip_preflight, self.allows_retries());
        if ids.is_empty() {
            return commands.push(self.send(now));
        }
        let mut reads = BatchRead::new(self.checked.zone.clone(), PREFLIGHT, ids);
        reads.begin(&mut self.requests, now, commands);
        self.preflight = Some(reads);
    }

    pub(super) const fn allows_retries(&self) -> bool {
        self.requests.policy().retry.max_attempts > 1
    }

    fn send(&mut self, now: Millis) -> Command {
        let CheckedRequest { operation, request, .. } = &self.checked;
        // The response to a change is checked to be about that change. The facade checks a read
        // when it decodes it.
        let is_read = operation.is_write() && operation.route().success != 204;
        let reading = if is_read { BodyReading::Outline } else { BodyReading::None };
        let spec = RequestSpec { reading, ..RequestSpec::new(*operation, request.clone()) };
        self.requests.send(OWN, spec, now)
    }

    /// Sends the list that finds the flexible IP of an idempotency key.
    pub(super) fn send_lookup(&mut self, is_single_attempt: bool, now: Millis) -> Option<Command> {
        let request = self.checked.lookup.as_ref()?.request.clone();
        let spec = RequestSpec {
            reading: BodyReading::Whole,
            is_single_attempt,
            ..RequestSpec::new(Operation::ListFlexibleIps, request)
        };
        Some(self.requests.send(LOOKUP, spec, now))
    }

    fn on_response(
        &mut self,
        tag: Tag,
        response: Response,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        match tag {
            OWN => match self.check_subject(response) {
                Ok(()) => commands.push(self.success(Outcome::Response(OWN))),
                Err(error) if self.checked.operation.is_write() => {
                    self.on_unknown(error, now, commands);
                }
                Err(error) => commands.push(self.failure(error, OWN)),
            },
            LOOKUP => match self.search(response) {
                Ok(Found::Item(item)) => {
                    let body = BodyRef { tag: LOOKUP, item: Some(item) };
                    commands.push(self.success(Outcome::Ip(body)));
                }
                // Our own attempt may be done all the same.
                Ok(Found::Other(_)) if self.doubt.is_some() => self.on_undecided(now, commands),
                Ok(Found::Other(problem)) => {
                    commands.push(self.refusal_by_rule(problem));
                }
                Ok(Found::Leaving) if self.doubt.is_some() => self.poll_later(now, commands),
                Ok(Found::Leaving) => self.find_later(now, commands),
                Ok(Found::None) if self.doubt.is_some() => self.on_not_done(now, commands),
                Ok(Found::None) => commands.push(self.send(now)),
                Err(_) if self.doubt.is_some() => self.poll_later(now, commands),
                Err(error) => commands.push(self.failure(error, LOOKUP)),
            },
            tag => {
                let Some(reads) = &mut self.preflight else { return };
                match reads.on_response(tag, response, &mut self.requests, now, commands) {
                    Ok(None) => {}
                    Ok(Some(ips)) => self.on_preflight(ips, now, commands),
                    Err(error) => commands.push(self.failure(error, tag)),
                }
            }
        }
    }

    /// Whether the response is about the flexible IPs of the request. Proxies and caches can answer
    /// with another response.
    fn check_subject(&self, response: Response) -> Result<(), Error> {
        let is_about = match (&self.checked.readback, self.checked.operation) {
            (Readback::Attached { ids, .. } | Readback::Detached { ids }, _) => {
                let (_, ips) = parse_page(response)?;
                ids.iter().all(|id| ips.iter().any(|ip| ip.id == *id))
                    && self.checked.readback.agrees(&ips)
            }
            (_, Operation::CreateFlexibleIp) => parse_ip(response).map(|_| true)?,
            (_, operation) if !operation.is_write() || operation.route().success == 204 => true,
            _ => match self.checked.subject {
                Some(id) => {
                    let ip = parse_ip(response)?;
                    let needs_mac = self.checked.operation != Operation::UpdateFlexibleIp;
                    if needs_mac && ip.mac_id.is_none() {
                        return Err(undecodable("mac_address"));
                    }
                    ip.id == id
                }
                None => true,
            },
        };
        if is_about { Ok(()) } else { Err(undecodable("id")) }
    }

    /// The flexible IP of the key is being detached or deleted. Reads it again, while there is time.
    fn find_later(&self, now: Millis, commands: &mut Vec<Command>) {
        let left = self.requests.time_left(now);
        if left <= LOOKUP_INTERVAL {
            let time = self.requests.policy().total_timeout;
            let error = Error::Withheld(Box::new(Error::Timeout(time)));
            return commands.push(self.failure(error, LOOKUP));
        }
        commands.push(Command::Sleep { tag: INTERVAL, length: LOOKUP_INTERVAL });
    }

    fn search(&self, response: Response) -> Result<Found, Error> {
        let body = response.into_json();
        match &self.checked.lookup {
            Some(lookup) => lookup.search(&body).map_err(undecodable),
            None => Ok(Found::None),
        }
    }

    /// Sends the request if the rule of the preflight holds.
    fn on_preflight(&mut self, ips: Vec<Summary>, now: Millis, commands: &mut Vec<Command>) {
        let problem = self.checked.preflight.as_ref().and_then(|rule| rule.problem(&ips));
        self.before = ips;
        commands.push(match problem {
            None => self.send(now),
            Some(problem) => self.refusal_by_rule(problem),
        });
    }

    fn on_request_failed(
        &mut self,
        tag: Tag,
        error: Error,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        match tag {
            LOOKUP if self.doubt.is_some() => self.poll_later(now, commands),
            // An earlier attempt may have done the work, so this refusal proves nothing yet.
            OWN if self.requests.is_in_doubt(OWN) => self.on_refused_in_doubt(error, now, commands),
            tag => commands.push(self.failure(error, tag)),
        }
    }

    /// The number of attempts of the operation's own request.
    pub(in crate::flow) fn attempts(&self) -> u32 {
        self.requests.attempts(OWN)
    }

    pub(super) fn success(&self, outcome: Outcome) -> Command {
        Command::Done(Ok(Success { outcome, attempts: self.requests.attempts(OWN) }))
    }

    /// Ends the call because a rule does not hold. The request was not sent, so the error names none.
    fn refusal_by_rule(&self, problem: Problem) -> Command {
        let error = Error::InvalidArguments(vec![problem]);
        let operation = self.checked.operation.name();
        let failure = Failure { error, operation, request: None, attempts: 0 };
        Command::Done(Err(failure.into()))
    }

    /// Ends the call with an error of the request with this tag.
    pub(super) fn failure(&self, error: Error, tag: Tag) -> Command {
        Command::Done(Err(self.call_failure(error, tag)))
    }

    fn call_failure(&self, error: Error, tag: Tag) -> CallFailure {
        let request = self.requests.request(tag).unwrap_or(&self.checked.request);
        let failure = Failure {
            error,
            operation: self.checked.operation.name(),
            request: Some((request.method.as_str(), request.target())),
            attempts: self.requests.attempts(OWN),
        };
        CallFailure { exchange: Some(tag), ..failure.into() }
    }
}

impl Machine for OperationFlow {
    fn on_leaving(&self, leaving: Leaving, _now: Millis) -> Option<CallFailure> {
        let Leaving::TimedOut(time) = leaving else {
            return Some(self.call_failure(Error::Aborted, OWN));
        };
        let timeout = Error::Timeout(time);
        Some(match self.requests.lost(OWN) {
            Some(lost) => self.call_failure(Error::Ambiguous(Box::new(lost)), OWN),
            // No exchange has ended that the error could be about.
            None if self.attempts() > 0 => {
                self.call_failure(Error::Ambiguous(Box::new(timeout)), EARLIER)
            }
            None => {
                let was_asked = self.requests.attempts(LOOKUP) > 0;
                let error = if was_asked { timeout } else { Error::Withheld(Box::new(timeout)) };
                CallFailure { exchange: None, ..self.call_failure(error, LOOKUP) }
            }
        })
    }

    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.requests.start_deadline(now);
                self.on_started(now, &mut commands);
            }
            Input::Aborted => {
                self.requests.abort();
                commands.push(self.failure(Error::Aborted, OWN));
            }
            Input::Woke { tag } if self.is_interval(tag) && self.doubt.is_none() => {
                if let Some(lookup) = self.send_lookup(false, now) {
                    commands.push(lookup);
                }
            }
            Input::Woke { tag } if self.is_interval(tag) => self.read_back(now, &mut commands),
            other => match self.requests.on(other, now, &mut commands) {
                RequestOutcome::Pending => {}
                RequestOutcome::Response(tag, response) if self.poller.is_pending(tag) => {
                    self.on_poll_response(tag, Ok(response), now, &mut commands);
                }
                RequestOutcome::Response(tag, response) => {
                    self.on_response(tag, response, now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) if self.poller.is_pending(tag) => {
                    self.on_poll_response(tag, Err(error), now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) => {
                    self.on_request_failed(tag, error, now, &mut commands);
                }
                RequestOutcome::Unknown(_, error) => self.on_unknown(error, now, &mut commands),
            },
        }
        commands
    }
}
