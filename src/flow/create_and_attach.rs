//! Creates a flexible IP and waits until it is at rest on a server, with one deadline for both.
//!
//! ```text
//! Started ─▶ the machine of the create ─▶ the machine of the wait ─▶ Done
//!                  │ failed                     │ failed: the failure names the flexible IP
//!                  └─▶ Done(failure) ◀──────────┘
//! ```

use super::call_policy::CallPolicy;
use super::command::Command;
use super::machine::{Input, Leaving, Machine};
use super::operation::OperationFlow;
use super::outcome::{CallFailure, MoveState, Outcome, Resume, Success};
use super::reads::parse_any;
use super::tag::{BodyRef, Tag};
use super::wait::{Condition, WaitFlow, WaitRequest};
use crate::error::{Error, Failure, Incomplete, WaitFailure, WaitFailureReason};
use crate::model::gather::Gather;
use crate::model::id::ServerId;
use crate::model::time::Millis;
use crate::model::zone::Zone;
use crate::ops::CheckedRequest;
use crate::wire::summary::Summary;

/// The client's method.
const NAME: &str = "createAndAttach";

/// The machine of `createAndAttach`.
pub struct CreateAndAttachFlow {
    create: OperationFlow,
    wait: Option<WaitFlow>,
    zone: Zone,
    server: ServerId,
    policy: CallPolicy,
    deadline: Millis,
    /// The flexible IPs of the last response of the create's machine. If it is the result, the created one is among
    /// them.
    last_response: Option<(Tag, Vec<Summary>)>,
    /// The flexible IP as the create returned it, and when.
    created: Option<(Summary, BodyRef)>,
    created_at: Millis,
}

impl CreateAndAttachFlow {
    /// A machine for this create, whose request names this server.
    pub fn new(
        checked: CheckedRequest,
        server: ServerId,
        skip_preflight: bool,
        policy: CallPolicy,
    ) -> Self {
        let zone = checked.zone.clone();
        Self {
            create: OperationFlow::new(checked, skip_preflight, policy.clone()),
            wait: None,
            zone,
            server,
            policy,
            deadline: Millis(u64::MAX),
            last_response: None,
            created: None,
            created_at: Millis(0),
        }
    }

    fn on_create(&mut self, input: Input, now: Millis) -> Vec<Command> {
        if let Input::Responded { tag, outcome: Ok(response) } = &input {
            self.last_response = Some((*tag, parse_any(response).unwrap_or_default()));
        }
        let mut commands = Vec::new();
        for command in self.create.on(input, now) {
            match command {
                Command::Done(Ok(success)) => self.on_created(&success, now, &mut commands),
                command => commands.push(command),
            }
        }
        commands
    }

    /// The flexible IP exists. Begins to wait for it.
    fn on_created(&mut self, success: &Success, now: Millis, commands: &mut Vec<Command>) {
        let created =
            self.last_response.take().and_then(|last| read_created(&success.outcome, last));
        let Some((ip, body)) = created else {
            // A flexible IP was created, but its id is unknown.
            let error = Error::Decode("its flexible IP is not as promised".to_owned());
            let error = Error::Ambiguous(Box::new(error));
            return commands.push(self.failure(error, success.attempts));
        };
        let request = WaitRequest {
            name: NAME,
            zone: self.zone.clone(),
            ids: vec![ip.id],
            condition: Condition::RestOn(self.server),
            is_list: false,
        };
        let left = Millis(self.deadline.0.saturating_sub(now.0));
        let policy = CallPolicy { total_timeout: left, ..self.policy.clone() };
        let mut wait = WaitFlow::new(request, policy).with_known(ip.clone(), body);
        commands.append(&mut wait.on(Input::Started, now));
        self.created = Some((ip, body));
        self.created_at = now;
        self.wait = Some(wait);
    }

    /// A wait that cannot go on, for example because the key is refused, must name the flexible IP.
    fn name_created(&self, failed: &mut CallFailure, now: Millis) {
        let Some((ip, body)) = &self.created else { return };
        if matches!(
            failed.failure.error,
            Error::WaitFailure(_) | Error::Aborted | Error::Incomplete(_)
        ) {
            return;
        }
        let elapsed = Millis(now.0.saturating_sub(self.created_at.0));
        failed.cause = Some(Box::new(failed.failure.clone()));
        let error = Box::new(failed.failure.error.clone());
        let reason = WaitFailureReason::Refused(elapsed, error);
        failed.failure.error = Error::WaitFailure(Box::new(WaitFailure { id: ip.id, reason }));
        let known = self.wait.as_ref().and_then(|wait| wait.last_known(ip.id));
        failed.last = Some(known.map_or(*body, |(_, body)| *body));
    }

    /// The failure of an abort after the create was sent: what is known of the flexible IP.
    fn aborted(&self) -> CallFailure {
        let last = self.created.as_ref().map(|(ip, body)| {
            let wait = self.wait.as_ref();
            let known = wait.and_then(|wait| wait.last_known(ip.id));
            (ip.id, known.map_or(*body, |(_, body)| *body))
        });
        let resume = last.map(|(id, _)| Resume {
            zone: self.zone.clone(),
            ids: vec![id],
            server: self.server,
            is_direct: false,
            stays: false,
        });
        let moves = last.map(|(id, body)| MoveState {
            id,
            arrived: false,
            returned: false,
            last: Some(body),
            failure: None,
            exchange: None,
            cause: None,
        });
        let incomplete = Incomplete {
            arrived: 0,
            total: 1,
            returned: 0,
            first_error: Box::new(Error::Aborted),
            last: None,
            is_retryable: false,
        };
        let failure =
            self.plain_failure(Error::Incomplete(Box::new(incomplete)), self.create.attempts());
        let moves = moves.into_iter().gather();
        CallFailure { moves, resume, ..failure.into() }
    }

    /// Whether the create was sent, so that an abort can leave a flexible IP behind.
    fn is_sent(&self) -> bool {
        self.create.attempts() > 0
    }

    fn failure(&self, error: Error, attempts: u32) -> Command {
        Command::Done(Err(self.plain_failure(error, attempts).into()))
    }

    const fn plain_failure(&self, error: Error, attempts: u32) -> Failure {
        Failure { error, operation: NAME, request: None, attempts }
    }
}

/// The flexible IP of a successful create, in the response that ended it.
fn read_created(outcome: &Outcome, (tag, ips): (Tag, Vec<Summary>)) -> Option<(Summary, BodyRef)> {
    let body = match outcome {
        Outcome::Response(tag) => BodyRef { tag: *tag, item: None },
        Outcome::Ip(body) => *body,
        Outcome::Ips(_) | Outcome::Nothing | Outcome::Plan(_) => return None,
    };
    let ip = ips.into_iter().nth(body.item.unwrap_or_default()).filter(|_| body.tag == tag)?;
    Some((ip, body))
}

impl Machine for CreateAndAttachFlow {
    fn on_leaving(&self, leaving: Leaving, now: Millis) -> Option<CallFailure> {
        let mut failed = match (leaving, &self.wait) {
            (Leaving::Aborted, _) if self.is_sent() => self.aborted(),
            (Leaving::TimedOut(_), Some(wait)) => match wait.timed_out(now) {
                Command::Done(Err(failed)) => failed,
                _ => return None,
            },
            _ => self.create.on_leaving(leaving, now)?,
        };
        failed.failure.operation = NAME;
        Some(failed)
    }

    fn on(&mut self, input: Input, now: Millis) -> Vec<Command> {
        if matches!(input, Input::Started) {
            self.deadline = Millis(now.0.saturating_add(self.policy.total_timeout.0));
        }
        if let Input::Extended { by } = input {
            self.deadline = Millis(self.deadline.0.saturating_add(by.0));
        }
        if matches!(input, Input::Aborted) && self.is_sent() {
            return vec![Command::Done(Err(self.aborted()))];
        }
        let mut commands = match &mut self.wait {
            Some(wait) => wait.on(input, now),
            None => self.on_create(input, now),
        };
        for command in &mut commands {
            if let Command::Done(Err(failed)) = command {
                failed.failure.operation = NAME;
                self.name_created(failed, now);
            }
        }
        commands
    }
}
