//! One operation: its preflight, its request, and what that did when its answer was lost.
//!
//! ```text
//! Started ─▶ [read what its rule and its proof need] ─▶ [send] ─▶ Done
//!                     │ one cannot be read,              │ ▲
//!                     │ or the rule does not hold        │ │ it was not done: again
//!                     │                     answer lost  ▼ │
//!                     │                            [read what it did] ─▶ Done: it was done
//!                     └──────▶ Done(failure) ◀───────────┘ nothing can be said: ambiguous
//! ```

use super::calls::{CallOutcome, CallPolicy, CallSpec, Calls};
use super::reading::{ReadMany, listed};
use super::response::Response;
use super::{BodyRef, Command, Input, Machine, Outcome, Success, Tag};
use crate::error::kind::Kind;
use crate::error::{Error, Failure};
use crate::model::time::Millis;
use crate::ops::CheckedRequest;
use crate::ops::readback::{Readback, Verdict};
use crate::policy::poll_interval::{Transition, pause};
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::Summary;

/// The operation's own request, and the list that shows what was made for an idempotency key.
const OWN: Tag = 0;
const LOOKUP: Tag = 1;
/// The sleep before what it did is read once more.
const NOT_YET: Tag = 999;
/// The first read before it, and the first after it.
const BEFORE: Tag = 2;
const AFTER: Tag = 1_000;

/// The machine of one operation.
pub struct OperationFlow {
    checked: CheckedRequest,
    skip_preflight: bool,
    calls: Calls,
    reading: Option<ReadMany>,
    before: Vec<Summary>,
    /// Whether an answer was lost.
    lost: bool,
    /// What left it unknown whether the request was done, while that is being found out.
    doubt: Option<Error>,
}

impl OperationFlow {
    /// A machine for this request.
    pub fn new(checked: CheckedRequest, skip_preflight: bool, policy: CallPolicy) -> Self {
        let calls = Calls::new(policy);
        Self {
            checked,
            skip_preflight,
            calls,
            reading: None,
            before: Vec::new(),
            lost: false,
            doubt: None,
        }
    }

    fn on_started(&mut self, now: Millis) -> Vec<Command> {
        if self.skip_preflight {
            return vec![self.send(now)];
        }
        if let Some(lookup) = self.checked.lookup.clone() {
            return vec![self.look_up(lookup, now)];
        }
        let ids = match &self.checked.preflight {
            Some(rule) => rule.ids_to_read(),
            // A request that is sent once needs no reading back.
            None if self.calls.policy().retry.max_attempts > 1 => {
                self.checked.readback.ids_before()
            }
            None => Vec::new(),
        };
        if ids.is_empty() {
            return vec![self.send(now)];
        }
        let mut reading = ReadMany::new(self.checked.zone.clone(), BEFORE, ids);
        let commands = reading.begin(&mut self.calls, now);
        self.reading = Some(reading);
        commands
    }

    fn send(&mut self, now: Millis) -> Command {
        let CheckedRequest { operation, request, .. } = &self.checked;
        let what = CallSpec {
            operation: *operation,
            request: request.clone(),
            reads_body: false,
            once: false,
        };
        self.calls.send(OWN, what, now)
    }

    fn look_up(&mut self, request: Request, now: Millis) -> Command {
        let operation = Operation::ListFlexibleIps;
        let what = CallSpec { operation, request, reads_body: true, once: false };
        self.calls.send(LOOKUP, what, now)
    }

    fn on_answer(&mut self, tag: Tag, answer: Response, now: Millis, commands: &mut Vec<Command>) {
        match tag {
            OWN => commands.push(self.finished(Outcome::Response(OWN))),
            LOOKUP => match listed(answer) {
                Ok((_, found)) => self.on_looked_up(!found.is_empty(), now, commands),
                Err(error) => commands.push(self.on_failed(LOOKUP, error)),
            },
            tag => {
                let Some(reading) = &mut self.reading else { return };
                match reading.on_answer(tag, answer, &mut self.calls, now, commands) {
                    Ok(None) => {}
                    Ok(Some(read)) if tag < AFTER => self.on_before(read, now, commands),
                    Ok(Some(read)) => self.on_after(&read, now, commands),
                    Err(error) => commands.push(self.on_failed(tag, error)),
                }
            }
        }
    }

    /// What the rule and the proof need is read.
    fn on_before(&mut self, read: Vec<Summary>, now: Millis, commands: &mut Vec<Command>) {
        let problem = self.checked.preflight.as_ref().and_then(|rule| rule.problem(&read));
        self.before = read;
        commands.push(match problem {
            None => self.send(now),
            Some(problem) => self.failed(Error::InvalidArguments(vec![problem]), OWN),
        });
    }

    /// The answer was lost. Finds out what can be found out.
    fn on_unknown(&mut self, error: Error, now: Millis, commands: &mut Vec<Command>) {
        self.lost = true;
        let ids = self.checked.readback.ids_after();
        let in_time = now < self.calls.deadline();
        let may_try_again = in_time && self.calls.policy().retry.max_attempts > 1;
        if let Some(lookup) = self.checked.lookup.clone().filter(|_| may_try_again) {
            self.doubt = Some(error);
            commands.push(self.look_up(lookup, now));
        } else if ids.is_empty() || !may_try_again {
            commands.push(self.failed(Error::Ambiguous(Box::new(error)), OWN));
        } else {
            self.doubt = Some(error);
            commands.extend(self.read_after(now));
        }
    }

    fn read_after(&mut self, now: Millis) -> Vec<Command> {
        let ids = self.checked.readback.ids_after();
        let mut reading = ReadMany::new(self.checked.zone.clone(), AFTER, ids);
        let commands = reading.begin(&mut self.calls, now);
        self.reading = Some(reading);
        commands
    }

    /// What the request may have done is read.
    fn on_after(&mut self, read: &[Summary], now: Millis, commands: &mut Vec<Command>) {
        let since = self.calls.since(OWN, now);
        match self.checked.readback.verdict(&self.before, read, since) {
            Verdict::Done => commands.push(self.found_done()),
            Verdict::NotDone => self.again(false, now, commands),
            Verdict::SafeToRepeat => self.again(true, now, commands),
            Verdict::Pending if now < self.calls.deadline() => {
                let left = self.calls.deadline().0.saturating_sub(now.0);
                let length = Millis(pause(Transition::Attach, since, 0).0.min(left));
                commands.push(Command::Sleep { tag: NOT_YET, length });
            }
            Verdict::Pending | Verdict::Unknown => {
                let error = self.doubt.take().unwrap_or(Error::Aborted);
                commands.push(self.failed(Error::Ambiguous(Box::new(error)), OWN));
            }
        }
    }

    fn on_looked_up(&mut self, found: bool, now: Millis, commands: &mut Vec<Command>) {
        if found {
            commands.push(self.finished(Outcome::Ip(BodyRef { tag: LOOKUP, item: Some(0) })));
        } else if self.doubt.is_some() {
            self.again(false, now, commands);
        } else {
            commands.push(self.send(now));
        }
    }

    /// Sends it again, if it may be. `doubtful` is whether it may have been done all the same.
    fn again(&mut self, doubtful: bool, now: Millis, commands: &mut Vec<Command>) {
        let Some(error) = self.doubt.take() else { return };
        if let Err(error) = self.calls.again(OWN, doubtful, error, now, commands) {
            // Without a doubt this error is the truth: it was not done.
            let error = if doubtful { Error::Ambiguous(Box::new(error)) } else { error };
            commands.push(self.failed(error, OWN));
        }
    }

    /// The result of a request whose answer was lost: what was read after it.
    fn found_done(&self) -> Command {
        let places = self.reading.as_ref().map(ReadMany::places).unwrap_or_default();
        self.finished(match (&self.checked.readback, places.last()) {
            (Readback::NoMac(_) | Readback::Gone(_), _) | (_, None) => Outcome::Nothing,
            (Readback::Attached { .. } | Readback::Detached { .. }, _) => Outcome::Ips(places),
            (_, Some(last)) => Outcome::Ip(*last),
        })
    }

    fn on_failed(&mut self, tag: Tag, error: Error) -> Command {
        let is_own = tag == OWN;
        // Of a deletion whose answer was lost: so it was done, by whichever attempt.
        if self.lost && matches!(self.checked.readback, Readback::Gone(_)) && is_gone(&error) {
            return self.finished(Outcome::Nothing);
        }
        if let Some(doubt) = self.doubt.take().filter(|_| !is_own) {
            // What it did cannot be read.
            return self.failed(Error::Ambiguous(Box::new(doubt)), OWN);
        }
        if is_own && self.calls.is_doubtful(OWN) {
            return self.failed(Error::Ambiguous(Box::new(error)), OWN);
        }
        self.failed(error, tag)
    }

    fn finished(&self, found: Outcome) -> Command {
        Command::Done(Ok(Success { found, attempts: self.calls.attempts(OWN) }))
    }

    fn failed(&self, error: Error, tag: Tag) -> Command {
        let request = self.calls.request(tag).unwrap_or(&self.checked.request);
        Command::Done(Err(Failure {
            error,
            operation: self.checked.operation.name(),
            request: Some((request.method.as_str(), request.target())),
            attempts: self.calls.attempts(OWN),
        }
        .into()))
    }
}

/// Whether a flexible IP is not there: the service answers 403 for one that was deleted.
pub(super) fn is_gone(error: &Error) -> bool {
    let Error::Refused(refused) = error else { return false };
    matches!(refused.kind, Kind::PermissionsDenied | Kind::NotFound)
}

impl Machine for OperationFlow {
    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        let mut commands = Vec::new();
        match input {
            Input::Started => {
                self.calls.start(now);
                return self.on_started(now);
            }
            Input::Aborted => return vec![self.failed(Error::Aborted, OWN)],
            Input::Woke { tag: NOT_YET } => return self.read_after(now),
            other => match self.calls.on(other, now, &mut commands) {
                CallOutcome::None => {}
                CallOutcome::Response(tag, answer) => {
                    self.on_answer(tag, answer, now, &mut commands)
                }
                CallOutcome::Failed(tag, error) => commands.push(self.on_failed(tag, error)),
                CallOutcome::Unknown(_, error) => self.on_unknown(error, now, &mut commands),
            },
        }
        commands
    }
}

#[cfg(test)]
mod tests;
