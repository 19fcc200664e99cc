//! The requests of one call, with their attempts. All machines send through this file; it is the only
//! one that retries.
//!
//! ```text
//! send ─▶ response ─▶ Response
//!   ▲         │ failure: not done, or harmless to repeat
//!   └─ woke ◀─┤ a retry is allowed: sleep for the backoff
//!             │ no retry is allowed ─────▶ Failed
//!             └ it may have been done ───▶ Unknown: the machine finds out, and may call `resend`
//! ```

use super::call_policy::CallPolicy;
use super::command::{BodyReading, Command, SendRequest};
use super::event::Event;
use super::machine::Input;
use super::response::{Response, check_response, check_zone};
use super::small_map::SmallMap;
use super::tag::Tag;
use crate::error::Error;
use crate::model::time::Millis;
use crate::policy::backoff::backoff_delay;
use crate::policy::budget::Cost;
use crate::policy::random::Random;
use crate::policy::retry::{RetryClass, RetryPolicy};
use crate::wire::http::Request;
use crate::wire::route::{Operation, Repeat};

/// What to send.
pub(super) struct RequestSpec {
    pub(super) operation: Operation,
    /// The name of the operation in events.
    pub(super) name: &'static str,
    pub(super) request: Request,
    /// What the machine reads of the body of a success.
    pub(super) reading: BodyReading,
    /// Whether the request has one attempt only: the next poll takes the place of a retry.
    pub(super) is_single_attempt: bool,
    /// The attempts before, in requests with other tags.
    pub(super) earlier_attempts: u32,
}

impl RequestSpec {
    /// A request with retries, whose body stays unread.
    pub(super) fn new(operation: Operation, request: Request) -> Self {
        Self {
            operation,
            name: operation.name(),
            request,
            reading: BodyReading::None,
            is_single_attempt: false,
            earlier_attempts: 0,
        }
    }
}

/// How a request ended, if an input ended one.
#[derive(Debug)]
pub(super) enum RequestOutcome {
    /// The input ended no request.
    Pending,
    /// The request succeeded.
    Response(Tag, Response),
    /// The request failed, and is not retried.
    Failed(Tag, Error),
    /// No response tells whether the request was done.
    Unknown(Tag, Error),
}

pub(super) struct Requests {
    policy: CallPolicy,
    random: Random,
    deadline: Millis,
    requests: SmallMap<Tag, SentRequest>,
    /// After an abort nothing is sent.
    is_aborted: bool,
    /// The requests under way for which `fetch` was not called yet.
    unsent: Vec<Tag>,
}

struct SentRequest {
    spec: RequestSpec,
    attempts: u32,
    /// The attempts, and those for which `fetch` was not called. This number is bounded.
    tries: u32,
    /// The cost of the last retry, which a success gives back to the budget.
    retry_cost: Option<Cost>,
    has_renewed_key: bool,
    /// Whether an attempt may have been done whose response was lost.
    is_in_doubt: bool,
    /// The error of the last attempt whose outcome is unknown.
    lost: Option<Error>,
    /// When the first attempt was sent.
    sent_at: Millis,
}

impl SentRequest {
    /// The attempts, with those in requests with other tags.
    const fn attempts_in_all(&self) -> u32 {
        self.attempts.saturating_add(self.spec.earlier_attempts)
    }
}

impl Requests {
    pub(super) fn new(policy: CallPolicy) -> Self {
        let random = Random::new(policy.seed);
        Self {
            policy,
            random,
            deadline: Millis(u64::MAX),
            requests: SmallMap::default(),
            is_aborted: false,
            unsent: Vec::new(),
        }
    }

    /// Sets the deadline: the total timeout counts from `now`.
    pub(super) fn start_deadline(&mut self, now: Millis) {
        self.deadline = Millis(now.0.saturating_add(self.policy.total_timeout.0));
    }

    /// The moment at which the call must be over.
    pub(super) const fn deadline(&self) -> Millis {
        self.deadline
    }

    /// The time left until the deadline.
    pub(super) const fn time_left(&self, now: Millis) -> Millis {
        Millis(self.deadline.0.saturating_sub(now.0))
    }

    pub(super) const fn policy(&self) -> &CallPolicy {
        &self.policy
    }

    /// Sends a request. It replaces one with the same tag.
    pub(super) fn send(&mut self, tag: Tag, spec: RequestSpec, now: Millis) -> Command {
        let request = SentRequest {
            spec,
            attempts: 0,
            tries: 0,
            retry_cost: None,
            has_renewed_key: false,
            is_in_doubt: false,
            lost: None,
            sent_at: now,
        };
        self.requests.insert(tag, request);
        self.send_attempt(tag, false, now)
    }

    /// Ends all sending: from now on no request is sent, and none is retried.
    pub(super) const fn abort(&mut self) {
        self.is_aborted = true;
    }

    /// How long the effect of an operation may stay away after its response was lost.
    pub(super) fn settling_time(&self, operation: Operation) -> Millis {
        self.policy.settling_time.unwrap_or(Millis(operation.route().settling_ms))
    }

    /// Drops the request with this tag.
    pub(super) fn forget(&mut self, tag: Tag) {
        self.requests.remove(tag);
    }

    /// The number of attempts of a request so far.
    pub(super) fn attempts(&self, tag: Tag) -> u32 {
        let attempts = self.requests.get(tag).map_or(0, |request| request.attempts);
        attempts.saturating_sub(u32::from(self.unsent.contains(&tag)))
    }

    /// The backoff before a request is sent again whose attempts the machine counts: `attempts` so far,
    /// the last of which failed with this error.
    pub(super) fn backoff(&mut self, attempts: u32, error: &Error) -> Millis {
        let is_throttled = RetryClass::of(error) == RetryClass::NotDone(Cost::Throttled);
        let retry_after = retry_after_of(error);
        let fraction = self.random.fraction();
        backoff_delay(&self.policy.retry, attempts, is_throttled, retry_after, fraction)
    }

    /// The time since the first attempt of a request.
    pub(super) fn elapsed(&self, tag: Tag, now: Millis) -> Millis {
        let sent_at = self.requests.get(tag).map_or(now, |request| request.sent_at);
        Millis(now.0.saturating_sub(sent_at.0))
    }

    /// The request with this tag.
    pub(super) fn request(&self, tag: Tag) -> Option<&Request> {
        self.requests.get(tag).map(|request| &request.spec.request)
    }

    /// The error of the last attempt of a request whose outcome is unknown.
    pub(super) fn lost(&self, tag: Tag) -> Option<Error> {
        self.requests.get(tag)?.lost.clone()
    }

    /// Whether an attempt of a request may have been done whose response was lost.
    pub(super) fn is_in_doubt(&self, tag: Tag) -> bool {
        self.requests.get(tag).is_some_and(|request| request.is_in_doubt)
    }

    /// Takes a response, the end of a backoff, or a later deadline. Other inputs change nothing.
    pub(super) fn on(
        &mut self,
        input: Input,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> RequestOutcome {
        match input {
            Input::Woke { tag } if self.requests.has(tag) => {
                commands.push(self.send_attempt(tag, false, now));
                RequestOutcome::Pending
            }
            Input::Responded { tag, outcome } => self.on_response(tag, outcome, now, commands),
            Input::Unsent { tags } => {
                self.unsent = tags;
                RequestOutcome::Pending
            }
            Input::Extended { by } => {
                self.deadline = Millis(self.deadline.0.saturating_add(by.0));
                RequestOutcome::Pending
            }
            _ => RequestOutcome::Pending,
        }
    }

    /// Retries a request that ended with [`RequestOutcome::Unknown`]. `is_in_doubt` says whether it
    /// may have been done after all. Returns `error`, the cause of the retry, if no retry is allowed.
    pub(super) fn resend(
        &mut self,
        tag: Tag,
        is_in_doubt: bool,
        error: Error,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<(), Error> {
        if let Some(request) = self.requests.get_mut(tag) {
            request.is_in_doubt = is_in_doubt;
        }
        self.retry(tag, Cost::Failed, error, now, commands)
    }

    fn on_response(
        &mut self,
        tag: Tag,
        outcome: Result<Response, Error>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> RequestOutcome {
        self.unsent.retain(|unsent| *unsent != tag);
        let Some(request) = self.requests.get_mut(tag) else { return RequestOutcome::Pending };
        if matches!(outcome, Err(Error::Withheld(_))) {
            request.attempts = request.attempts.saturating_sub(1);
        }
        let checked = check_response(request.spec.operation, outcome);
        let error = match checked.and_then(|one| check_zone(&request.spec.request, one)) {
            Ok(response) => {
                self.policy.budget.give_back(request.retry_cost.take());
                return RequestOutcome::Response(tag, response);
            }
            Err(error) => error,
        };
        let repeat = request.spec.operation.route().repeat;
        let cost = match RetryClass::of(&error) {
            RetryClass::Credentials if self.policy.renews_key && !request.has_renewed_key => {
                request.has_renewed_key = true;
                let (operation, attempts) = (request.spec.operation, request.attempts_in_all());
                let delay = Millis(0);
                commands.push(Command::Emit(Event::Retry { operation, attempts, delay, error }));
                commands.push(self.send_attempt(tag, true, now));
                return RequestOutcome::Pending;
            }
            RetryClass::Final | RetryClass::Credentials => {
                return RequestOutcome::Failed(tag, error);
            }
            RetryClass::NotDone(cost) => cost,
            RetryClass::Unproven if !request.spec.operation.is_write() => {
                return RequestOutcome::Failed(tag, error);
            }
            RetryClass::Unknown | RetryClass::Unproven if repeat == Repeat::Harmless => {
                request.is_in_doubt |= request.spec.operation.is_write();
                request.lost = Some(error.clone());
                Cost::Failed
            }
            RetryClass::Unknown | RetryClass::Unproven => {
                request.is_in_doubt = true;
                request.lost = Some(error.clone());
                return RequestOutcome::Unknown(tag, error);
            }
        };
        if request.spec.is_single_attempt {
            return RequestOutcome::Failed(tag, error);
        }
        match self.retry(tag, cost, error, now, commands) {
            Ok(()) => RequestOutcome::Pending,
            Err(error) => RequestOutcome::Failed(tag, error),
        }
    }

    /// Begins the backoff before a retry. Returns the error if attempts, time or budget are used up.
    fn retry(
        &mut self,
        tag: Tag,
        cost: Cost,
        error: Error,
        now: Millis,
        commands: &mut Vec<Command>,
    ) -> Result<(), Error> {
        let Some(request) = self.requests.get(tag) else { return Err(error) };
        let RetryPolicy { max_attempts, .. } = self.policy.retry;
        let tries = request.tries;
        let delay = self.backoff(tries, &error);
        let in_time = now.0.saturating_add(delay.0) < self.deadline.0;
        let is_allowed = tries < max_attempts && in_time && !self.is_aborted;
        if !is_allowed || !self.policy.budget.take(cost) {
            return Err(error);
        }
        let Some(request) = self.requests.get_mut(tag) else { return Err(error) };
        request.retry_cost = Some(cost);
        let (operation, attempts) = (request.spec.operation, request.attempts_in_all());
        commands.push(Command::Emit(Event::Retry { operation, attempts, delay, error }));
        commands.push(Command::Sleep { tag, length: delay });
        Ok(())
    }

    fn send_attempt(&mut self, tag: Tag, renews_key: bool, now: Millis) -> Command {
        let left = self.deadline.0.saturating_sub(now.0).max(1);
        let Some(request) = self.requests.get_mut(tag).filter(|_| !self.is_aborted) else {
            return Command::Cancel { tag };
        };
        request.attempts = request.attempts.saturating_add(1);
        request.tries = request.tries.saturating_add(1);
        Command::Send(SendRequest {
            tag,
            operation: request.spec.operation,
            name: request.spec.name,
            request: request.spec.request.clone(),
            reading: request.spec.reading,
            timeout: Millis(self.policy.timeout.0.min(left)),
            attempt_timeout: self.policy.timeout,
            time_left: Millis(left),
            attempt: request.attempts_in_all(),
            renews_key,
        })
    }
}

/// How long the service asks to wait before a retry.
const fn retry_after_of(error: &Error) -> Option<Millis> {
    match error {
        Error::Refused(refused) => refused.retry_after,
        _ => None,
    }
}
