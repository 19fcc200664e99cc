//! Whether a failure says what is known, with the facts of its requests, and nothing was done twice.

use flexip::error::Error;
use flexip::flow::CallFailure;

use super::super::facts;
use super::super::setup::Job;
use super::super::truth::*;
use super::{Judged, name};

impl Judged<'_> {
    pub(super) fn counts(&mut self, failure: Option<&CallFailure>) {
        let job = &self.run.spec.job;
        let is_once = matches!(
            job,
            Job::Create { .. }
                | Job::Generate { .. }
                | Job::DeleteMac { .. }
                | Job::Duplicate { .. }
                | Job::MoveMac { .. }
        );
        let deeds: Vec<&Effect> = self
            .effects()
            .filter(|effect| !matches!(effect.deed, Deed::LoseMac { .. }))
            .filter(|effect| !self.is_undone(effect))
            .collect();
        if is_once && deeds.len() > 1 {
            let text = format!("{} times: {}", deeds.len(), name(job));
            self.fault("an operation was done more than once", text);
        }
        let deletions = self.effects().filter(|effect| effect.deed == Deed::Delete).count();
        if matches!(job, Job::Delete { .. }) && deletions > 1 {
            self.fault("a deletion deleted what was bought again", format!("{deletions} times"));
        }
        let is_operation = is_once
            || matches!(
                job,
                Job::Update { .. } | Job::Delete { .. } | Job::Attach { .. } | Job::Detach { .. }
            );
        if let Some(failure) = failure
            && is_operation
            && !deeds.is_empty()
            && !facts::leaves_doubt(&failure.failure.error)
        {
            let text = format!("{}: {}", name(job), failure.failure.error);
            self.fault("a failure that leaves no doubt, and yet it was done", text);
        }
    }

    pub(super) fn failure(&mut self, failure: &CallFailure) {
        let attempts = failure.failure.attempts as usize;
        if attempts > self.run.exchanges.len() {
            let sent = self.run.exchanges.len();
            self.fault(
                "a failure counts more attempts than were sent",
                format!("{attempts} of {sent}"),
            );
        }
        for refused in facts::refusals(failure) {
            let Some(id) = &refused.request_id else { continue };
            let exchange = self.run.exchanges.iter().find(|exchange| {
                exchange.received.as_ref().is_some_and(|(received, _)| received == id)
            });
            match exchange {
                None => self.fault("a failure with the request id of another call", id.clone()),
                Some(exchange)
                    if exchange
                        .received
                        .as_ref()
                        .is_none_or(|(_, status)| *status != refused.status) =>
                {
                    self.fault("a failure with the status of another request", id.clone());
                }
                // A failure that is about one exchange repeats no refusal of another.
                Some(exchange)
                    if facts::is_of_one_exchange(&failure.failure.error)
                        && failure.exchange.is_some_and(|tag| {
                            // An earlier attempt of a request has no exchange any more.
                            tag != exchange.tag
                                && self.run.exchanges.iter().any(|other| other.tag == tag)
                        }) =>
                {
                    self.fault(
                        "a failure names one exchange and the refusal of another",
                        id.clone(),
                    );
                }
                Some(_) => {}
            }
        }
        if let Some((method, target)) = &failure.failure.request {
            let sent = self
                .run
                .exchanges
                .iter()
                .any(|exchange| exchange.method == *method && exchange.target == *target);
            // What was refused before it was sent names the request that it would have been.
            if !sent && !facts::is_before_sending(&failure.failure.error) {
                self.fault(
                    "a failure names a request that was not sent",
                    format!("{method} {target}"),
                );
            }
            let inner =
                facts::parts(&failure.failure.error).into_iter().find_map(|error| match error {
                    Error::Refused(refused) => refused.request_id.as_ref(),
                    _ => None,
                });
            let is_incomplete = matches!(failure.failure.error, Error::Incomplete(_));
            let other = inner.filter(|_| !is_incomplete).and_then(|id| {
                self.run.exchanges.iter().find(|exchange| {
                    exchange.received.as_ref().is_some_and(|(received, _)| received == id)
                        && (exchange.method != *method || exchange.target != *target)
                })
            });
            if let Some(other) = other {
                let text = format!(
                    "{method} {target}, but the refusal is of {} {}",
                    other.method, other.target
                );
                self.fault("a failure names one request and the refusal of another", text);
            }
        }
    }
}
