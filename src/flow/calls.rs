//! Requests with their attempts. Every machine sends through this: here, and only here, a request is
//! sent a second time.
//!
//! ```text
//! send ─▶ answered ─▶ Answer
//!   ▲         │ not done, or harmless to repeat: may it be tried again?
//!   └─ woke ◀─┤ yes: sleep
//!             │ no ────────────────────────────▶ Failed
//!             └ nobody knows whether it was done ▶ Unknown: its owner finds out, and may call `again`
//! ```

use super::response::{Response, judge};
use super::small_map::SmallMap;
use super::{Command, Event, Input, SendRequest, Tag};
use crate::error::Error;
use crate::model::time::Millis;
use crate::policy::backoff::pause;
use crate::policy::budget::{Budget, Cost};
use crate::policy::random::Random;
use crate::policy::retry::{RetryClass, RetryPolicy, retry_class};
use crate::wire::http::Request;
use crate::wire::route::{Operation, Repeat};

/// What holds for all requests of one call of the client.
#[derive(Clone, Debug)]
pub struct CallPolicy {
    /// How often a request may be sent.
    pub retry: RetryPolicy,
    /// How long one attempt may take.
    pub timeout: Millis,
    /// How long everything together may take.
    pub total: Millis,
    /// Whether the credentials can be asked for anew.
    pub renews_key: bool,
    /// The client's budget of retries.
    pub budget: Budget,
    /// What the jitter is drawn from.
    pub seed: u64,
}

/// What to send.
pub(super) struct CallSpec {
    pub(super) operation: Operation,
    pub(super) request: Request,
    pub(super) reads_body: bool,
    /// A look that is repeated anyway is sent once.
    pub(super) once: bool,
}

/// What came of an input.
#[derive(Debug)]
pub(super) enum CallOutcome {
    /// Nothing that ends a request.
    None,
    /// The request's success.
    Response(Tag, Response),
    /// The request did not succeed, and will not be sent again.
    Failed(Tag, Error),
    /// Nobody knows whether the request was done.
    Unknown(Tag, Error),
}

pub(super) struct Calls {
    policy: CallPolicy,
    random: Random,
    deadline: Millis,
    calls: SmallMap<Tag, Call>,
}

struct Call {
    what: CallSpec,
    attempts: u32,
    /// What the last retry cost.
    paid: Option<Cost>,
    renewed: bool,
    /// Whether an attempt may have done the work, though none has said so.
    doubtful: bool,
    /// Whether it waits for its next attempt.
    asleep: bool,
    /// When it was first sent.
    sent_at: Millis,
}

impl Calls {
    pub(super) fn new(policy: CallPolicy) -> Self {
        let random = Random::new(policy.seed);
        Self { policy, random, deadline: Millis(u64::MAX), calls: SmallMap::default() }
    }

    /// Starts the time that everything together may take.
    pub(super) fn start(&mut self, now: Millis) {
        self.deadline = Millis(now.0.saturating_add(self.policy.total.0));
    }

    /// When everything must be over.
    pub(super) const fn deadline(&self) -> Millis {
        self.deadline
    }

    pub(super) const fn policy(&self) -> &CallPolicy {
        &self.policy
    }

    /// Sends a request. One with the same tag is forgotten.
    pub(super) fn send(&mut self, tag: Tag, what: CallSpec, now: Millis) -> Command {
        let call = Call {
            what,
            attempts: 0,
            paid: None,
            renewed: false,
            doubtful: false,
            asleep: false,
            sent_at: now,
        };
        self.calls.insert(tag, call);
        self.attempt(tag, false, now)
    }

    /// Forgets the request with this tag.
    pub(super) fn forget(&mut self, tag: Tag) {
        self.calls.remove(tag);
    }

    /// How often the request with this tag was sent.
    pub(super) fn attempts(&self, tag: Tag) -> u32 {
        self.calls.get(tag).map_or(0, |call| call.attempts)
    }

    /// How long ago the request with this tag was first sent.
    pub(super) fn since(&self, tag: Tag, now: Millis) -> Millis {
        let sent_at = self.calls.get(tag).map_or(now, |call| call.sent_at);
        Millis(now.0.saturating_sub(sent_at.0))
    }

    /// The request with this tag.
    pub(super) fn request(&self, tag: Tag) -> Option<&Request> {
        self.calls.get(tag).map(|call| &call.what.request)
    }

    /// Whether an attempt may have done the work, though none has said so.
    pub(super) fn is_doubtful(&self, tag: Tag) -> bool {
        self.calls.get(tag).is_some_and(|call| call.doubtful)
    }

    /// Whether the request with this tag waits for its next attempt.
    pub(super) fn is_asleep(&self, tag: Tag) -> bool {
        self.calls.get(tag).is_some_and(|call| call.asleep)
    }

    /// Takes an answer or the end of a sleep.
    pub(super) fn on(
        &mut self,
        input: Input,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> CallOutcome {
        match input {
            Input::Woke { tag } if self.calls.has(tag) => {
                commands.push(self.attempt(tag, false, now));
                CallOutcome::None
            }
            Input::Responded { tag, outcome } => self.on_answer(tag, outcome, now, commands),
            _ => CallOutcome::None,
        }
    }

    /// Sends a request again whose answer was lost. Gives the error back if it may not be. `doubtful`
    /// is whether its work may have been done all the same.
    pub(super) fn again(
        &mut self,
        tag: Tag,
        doubtful: bool,
        error: Error,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<(), Error> {
        if let Some(call) = self.calls.get_mut(tag) {
            call.doubtful = doubtful;
        }
        self.retry(tag, Cost::Failed, error, now, commands)
    }

    fn on_answer(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> CallOutcome {
        let Some(call) = self.calls.get_mut(tag) else { return CallOutcome::None };
        let error = match judge(call.what.operation, outcome) {
            Ok(answer) => {
                self.policy.budget.succeed(call.paid.take());
                return CallOutcome::Response(tag, answer);
            }
            Err(error) => error,
        };
        let repeat = call.what.operation.route().repeat;
        let cost = match retry_class(&error) {
            RetryClass::Credentials if self.policy.renews_key && !call.renewed => {
                call.renewed = true;
                commands.push(self.attempt(tag, true, now));
                return CallOutcome::None;
            }
            RetryClass::Final | RetryClass::Credentials => return CallOutcome::Failed(tag, error),
            RetryClass::NotDone(cost) => cost,
            RetryClass::Unknown if repeat == Repeat::Harmless => {
                call.doubtful |= call.what.operation.is_write();
                Cost::Failed
            }
            RetryClass::Unknown => {
                call.doubtful = true;
                return CallOutcome::Unknown(tag, error);
            }
        };
        if call.what.once {
            return CallOutcome::Failed(tag, error);
        }
        match self.retry(tag, cost, error, now, commands) {
            Ok(()) => CallOutcome::None,
            Err(error) => CallOutcome::Failed(tag, error),
        }
    }

    fn retry(
        &mut self,
        tag: Tag,
        cost: Cost,
        error: Error,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<(), Error> {
        let Some(call) = self.calls.get_mut(tag) else { return Err(error) };
        let RetryPolicy { max_attempts, .. } = self.policy.retry;
        let asked = match &error {
            Error::Refused(refused) => refused.retry_after,
            _ => None,
        };
        let throttled = cost == Cost::Throttled;
        let delay =
            pause(&self.policy.retry, call.attempts, throttled, asked, self.random.fraction());
        let in_time = now.0.saturating_add(delay.0) < self.deadline.0;
        if call.attempts >= max_attempts || !in_time || !self.policy.budget.pay(cost) {
            return Err(error);
        }
        call.paid = Some(cost);
        call.asleep = true;
        let (operation, attempts) = (call.what.operation, call.attempts);
        commands.push(Command::Emit(Event::Retry { operation, attempts, delay, error }));
        commands.push(Command::Sleep { tag, length: delay });
        Ok(())
    }

    fn attempt(&mut self, tag: Tag, renews_key: bool, now: Millis) -> Command {
        let left = self.deadline.0.saturating_sub(now.0).max(1);
        let Some(call) = self.calls.get_mut(tag) else { return Command::Cancel { tag } };
        call.attempts = call.attempts.saturating_add(1);
        call.asleep = false;
        Command::Send(SendRequest {
            tag,
            operation: call.what.operation,
            request: call.what.request.clone(),
            reads_body: call.what.reads_body,
            timeout: Millis(self.policy.timeout.0.min(left)),
            attempt: call.attempts,
            renews_key,
        })
    }
}
