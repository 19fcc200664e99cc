//! The machine of one operation.
//!
//! ```text
//! Started ─▶ [preflight] ─▶ send the request ─▶ Done
//!                 │ a read failed,    │ ▲
//!                 │ or a rule does    │ │ it was not done: resend
//!                 │ not hold          │ │
//!                 │     response lost ▼ │
//!                 │              [readback] ─▶ Done: it was done
//!                 └─▶ Done(failure) ◀─┘ the outcome stays unknown: ambiguous
//! ```

use crate::error::{Error, Failure};
use crate::flow::batch_read::BatchRead;
use crate::flow::call_policy::CallPolicy;
use crate::flow::command::Command;
use crate::flow::machine::{Input, Machine};
use crate::flow::outcome::{Outcome, Success};
use crate::flow::reads::parse_page;
use crate::flow::requests::{RequestOutcome, RequestSpec, Requests};
use crate::flow::response::Response;
use crate::flow::status::is_gone;
use crate::flow::tag::{BodyRef, Tag};
use crate::model::id::FlexibleIpId;
use crate::model::time::Millis;
use crate::ops::CheckedRequest;
use crate::ops::readback::{Readback, Verdict};
use crate::policy::poll_interval::{Transition, poll_interval};
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The tag of the operation's own request.
pub(super) const OWN: Tag = 0;
/// The tag of the list that finds the flexible IP of an idempotency key.
const LOOKUP: Tag = 1;
/// The tag of the first read before the request.
pub(super) const PREFLIGHT: Tag = 2;
/// The tag of the sleep before the readback is repeated.
const INTERVAL: Tag = 999;
/// The tag of the first read after the request.
const READBACK: Tag = 1_000;

/// The machine of one operation.
pub struct OperationFlow {
    checked: CheckedRequest,
    skip_preflight: bool,
    requests: Requests,
    /// The reads of the preflight or of the readback.
    reads: Option<BatchRead>,
    /// The flexible IPs as the preflight read them.
    before: Vec<Summary>,
    /// Whether the response to an attempt was lost.
    has_lost_response: bool,
    /// Why the outcome is unknown, while a readback or a lookup finds out.
    unknown_cause: Option<Error>,
}

impl OperationFlow {
    /// A machine for this request.
    pub fn new(checked: CheckedRequest, skip_preflight: bool, policy: CallPolicy) -> Self {
        Self {
            checked,
            skip_preflight,
            requests: Requests::new(policy),
            reads: None,
            before: Vec::new(),
            has_lost_response: false,
            unknown_cause: None,
        }
    }

    fn on_started(&mut self, now: Millis) -> Vec<Command> {
        if self.skip_preflight {
            return vec![self.send(now)];
        }
        if let Some(lookup) = self.checked.lookup.clone() {
            return vec![self.send_lookup(lookup, now)];
        }
        let ids = match &self.checked.preflight {
            Some(rule) => rule.ids_to_read(),
            // Without retries there is no readback, which would compare the reads.
            None if self.allows_retries() => self.checked.readback.ids_before(),
            None => Vec::new(),
        };
        if ids.is_empty() {
            return vec![self.send(now)];
        }
        self.begin_reads(PREFLIGHT, ids, now)
    }

    const fn allows_retries(&self) -> bool {
        self.requests.policy().retry.max_attempts > 1
    }

    fn begin_reads(&mut self, first_tag: Tag, ids: Vec<FlexibleIpId>, now: Millis) -> Vec<Command> {
        let mut reads = BatchRead::new(self.checked.zone.clone(), first_tag, ids);
        let commands = reads.begin(&mut self.requests, now);
        self.reads = Some(reads);
        commands
    }

    fn send(&mut self, now: Millis) -> Command {
        let CheckedRequest { operation, request, .. } = &self.checked;
        let spec = RequestSpec::new(*operation, request.clone());
        self.requests.send(OWN, spec, now)
    }

    fn send_lookup(&mut self, lookup: Request, now: Millis) -> Command {
        let spec = RequestSpec::new(Operation::ListFlexibleIps, lookup);
        self.requests.send(LOOKUP, RequestSpec { reads_body: true, ..spec }, now)
    }

    fn on_response(
        &mut self,
        tag: Tag,
        response: Response,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        match tag {
            OWN => commands.push(self.success(Outcome::Response(OWN))),
            LOOKUP => match parse_page(response) {
                Ok((_, ips)) => self.on_lookup(!ips.is_empty(), now, commands),
                Err(error) => commands.push(self.on_failure(LOOKUP, error)),
            },
            tag => {
                let Some(reads) = &mut self.reads else { return };
                match reads.on_response(tag, response, &mut self.requests, now, commands) {
                    Ok(None) => {}
                    Ok(Some(ips)) if tag < READBACK => self.on_preflight(ips, now, commands),
                    Ok(Some(ips)) => self.on_readback(&ips, now, commands),
                    Err(error) => commands.push(self.on_failure(tag, error)),
                }
            }
        }
    }

    /// Sends the request if the rule of the preflight holds.
    fn on_preflight(&mut self, ips: Vec<Summary>, now: Millis, commands: &mut Vec<Command>) {
        let problem = self.checked.preflight.as_ref().and_then(|rule| rule.problem(&ips));
        self.before = ips;
        commands.push(match problem {
            None => self.send(now),
            Some(problem) => self.failure(Error::InvalidArguments(vec![problem]), OWN),
        });
    }

    /// The response was lost. Begins a lookup or a readback, if one can decide and a retry is allowed.
    fn on_unknown(&mut self, error: Error, now: Millis, commands: &mut Vec<Command>) {
        self.has_lost_response = true;
        let ids = self.checked.readback.ids_after();
        let may_retry = now < self.requests.deadline() && self.allows_retries();
        if let Some(lookup) = self.checked.lookup.clone().filter(|_| may_retry) {
            self.unknown_cause = Some(error);
            commands.push(self.send_lookup(lookup, now));
        } else if ids.is_empty() || !may_retry {
            commands.push(self.failure(Error::Ambiguous(Box::new(error)), OWN));
        } else {
            self.unknown_cause = Some(error);
            commands.extend(self.begin_reads(READBACK, ids, now));
        }
    }

    /// Ends the call, resends the request, or sleeps until the next readback, by the verdict.
    fn on_readback(&mut self, ips: &[Summary], now: Millis, commands: &mut Vec<Command>) {
        let elapsed = self.requests.elapsed(OWN, now);
        match self.checked.readback.verdict(&self.before, ips, elapsed) {
            Verdict::Done => commands.push(self.success_by_readback()),
            Verdict::NotDone => self.resend(false, now, commands),
            Verdict::SafeToRepeat => self.resend(true, now, commands),
            Verdict::Pending if now < self.requests.deadline() => {
                let interval = poll_interval(Transition::Attach, elapsed, 0);
                let length = interval.min(self.requests.time_left(now));
                commands.push(Command::Sleep { tag: INTERVAL, length });
            }
            Verdict::Pending | Verdict::Unknown => {
                let error = self.unknown_cause.take().unwrap_or(Error::Aborted);
                commands.push(self.failure(Error::Ambiguous(Box::new(error)), OWN));
            }
        }
    }

    /// Ends the call if a flexible IP carries the idempotency key. Otherwise it sends the request, or
    /// resends it if its response was lost.
    fn on_lookup(&mut self, is_found: bool, now: Millis, commands: &mut Vec<Command>) {
        if is_found {
            commands.push(self.success(Outcome::Ip(BodyRef { tag: LOOKUP, item: Some(0) })));
        } else if self.unknown_cause.is_some() {
            self.resend(false, now, commands);
        } else {
            commands.push(self.send(now));
        }
    }

    /// Resends the request if a retry is allowed. `is_in_doubt` says whether it may have been done.
    fn resend(&mut self, is_in_doubt: bool, now: Millis, commands: &mut Vec<Command>) {
        let Some(error) = self.unknown_cause.take() else { return };
        if let Err(error) = self.requests.resend(OWN, is_in_doubt, error, now, commands) {
            // If the request was certainly not done, the error itself is the result.
            let error = if is_in_doubt { Error::Ambiguous(Box::new(error)) } else { error };
            commands.push(self.failure(error, OWN));
        }
    }

    /// The result of a request whose response was lost: the flexible IPs that the readback read.
    fn success_by_readback(&self) -> Command {
        let bodies = self.reads.as_ref().map(BatchRead::bodies).unwrap_or_default();
        self.success(match (&self.checked.readback, bodies.last()) {
            (Readback::NoMac(_) | Readback::Gone(_), _) | (_, None) => Outcome::Nothing,
            (Readback::Attached { .. } | Readback::Detached { .. }, _) => Outcome::Ips(bodies),
            (_, Some(last)) => Outcome::Ip(*last),
        })
    }

    /// Ends the call after a request that failed for good.
    fn on_failure(&mut self, tag: Tag, error: Error) -> Command {
        let is_own = tag == OWN;
        // After a lost response to a delete, a missing flexible IP means that the delete was done.
        let is_delete = matches!(self.checked.readback, Readback::Gone(_));
        if self.has_lost_response && is_delete && is_gone(&error) {
            return self.success(Outcome::Nothing);
        }
        if let Some(cause) = self.unknown_cause.take().filter(|_| !is_own) {
            // The readback failed, so the outcome stays unknown.
            return self.failure(Error::Ambiguous(Box::new(cause)), OWN);
        }
        if is_own && self.requests.is_in_doubt(OWN) {
            return self.failure(Error::Ambiguous(Box::new(error)), OWN);
        }
        self.failure(error, tag)
    }

    fn success(&self, outcome: Outcome) -> Command {
        Command::Done(Ok(Success { outcome, attempts: self.requests.attempts(OWN) }))
    }

    fn failure(&self, error: Error, tag: Tag) -> Command {
        let request = self.requests.request(tag).unwrap_or(&self.checked.request);
        Command::Done(Err(Failure {
            error,
            operation: self.checked.operation.name(),
            request: Some((request.method.as_str(), request.target())),
            attempts: self.requests.attempts(OWN),
        }
        .into()))
    }
}

impl Machine for OperationFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.requests.start_deadline(now);
                return self.on_started(now);
            }
            Input::Aborted => return vec![self.failure(Error::Aborted, OWN)],
            Input::Woke { tag: INTERVAL } => {
                return self.begin_reads(READBACK, self.checked.readback.ids_after(), now);
            }
            other => match self.requests.on(other, now, &mut commands) {
                RequestOutcome::Pending => {}
                RequestOutcome::Response(tag, response) => {
                    self.on_response(tag, response, now, &mut commands);
                }
                RequestOutcome::Failed(tag, error) => commands.push(self.on_failure(tag, error)),
                RequestOutcome::Unknown(_, error) => self.on_unknown(error, now, &mut commands),
            },
        }
        commands
    }
}
