//! One operation: its preflight, if its arguments ask for one, then its request.
//!
//! ```text
//! Started ─▶ [read every flexible IP of the preflight] ─▶ [send the request] ─▶ Done
//!                     │ one cannot be read,                      │ refused,
//!                     │ or the rule does not hold                │ or no answer
//!                     └────────────────────▶ Done(failure) ◀─────┘
//! ```

use super::answer::{Answer, Body, judge};
use super::{Finished, Input, Step, Tag};
use crate::error::{Error, Failure};
use crate::ops::Checked;
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::{Spelling, Summary};
use crate::wire::value::Value;

/// How many flexible IPs a preflight reads at once: a group of 64 must not be a burst of 64.
const READS_AT_ONCE: usize = 8;

/// The machine of one operation.
#[derive(Debug)]
pub struct OperationFlow {
    checked: Checked,
    reads: Vec<Request>,
    next_read: usize,
    read: Vec<Option<Summary>>,
    attempts: u32,
}

impl OperationFlow {
    /// A machine for this request.
    pub fn new(mut checked: Checked, skip_preflight: bool) -> Self {
        if skip_preflight {
            checked.preflight = None;
        }
        let reads = checked.preflight.as_ref().map(|rule| rule.requests()).unwrap_or_default();
        let read = vec![None; reads.len()];
        Self { checked, reads, next_read: 0, read, attempts: 0 }
    }

    /// Takes an input and says what follows from it.
    pub fn on(&mut self, input: Input) -> Vec<Step> {
        match input {
            Input::Started if self.reads.is_empty() => vec![self.send()],
            Input::Started => (0..READS_AT_ONCE).filter_map(|_| self.read_next()).collect(),
            Input::Answered { tag, outcome } if tag == self.own_tag() => {
                vec![self.on_own_answer(tag, outcome)]
            }
            Input::Answered { tag, outcome } => self.on_read(tag, outcome).into_iter().collect(),
        }
    }

    /// The tag of the operation's own request: those before it are reads.
    fn own_tag(&self) -> Tag {
        self.reads.len()
    }

    fn send(&mut self) -> Step {
        self.attempts = self.attempts.saturating_add(1);
        Step::Send { tag: self.own_tag(), request: self.checked.request.clone(), reads_body: false }
    }

    fn read_next(&mut self) -> Option<Step> {
        let tag = self.next_read;
        let request = self.reads.get(tag)?.clone();
        self.next_read = self.next_read.saturating_add(1);
        Some(Step::Send { tag, request, reads_body: true })
    }

    fn on_own_answer(&self, tag: Tag, outcome: Result<Answer, Error>) -> Step {
        Step::Done(match judge(self.checked.operation, outcome) {
            Ok(_) => Ok(Finished { tag, attempts: self.attempts }),
            Err(error) => Err(self.failure(error, Some(&self.checked.request))),
        })
    }

    fn on_read(&mut self, tag: Tag, outcome: Result<Answer, Error>) -> Option<Step> {
        let summary = judge(Operation::GetFlexibleIp, outcome).and_then(summary);
        match summary {
            Ok(summary) => *self.read.get_mut(tag)? = Some(summary),
            Err(error) => return Some(Step::Done(Err(self.failure(error, self.reads.get(tag))))),
        }
        if let Some(step) = self.read_next() {
            return Some(step);
        }
        let read: Option<Vec<Summary>> = self.read.iter().cloned().collect();
        let problem = self.checked.preflight.as_ref()?.problem(&read?);
        Some(match problem {
            None => self.send(),
            Some(problem) => {
                let error = Error::InvalidArguments(vec![problem]);
                Step::Done(Err(self.failure(error, Some(&self.checked.request))))
            }
        })
    }

    fn failure(&self, error: Error, request: Option<&Request>) -> Failure {
        Failure {
            error,
            operation: self.checked.operation,
            request: request.map(|request| (request.method.as_str(), request.target())),
            attempts: self.attempts,
        }
    }
}

fn summary(answer: Answer) -> Result<Summary, Error> {
    let body = match answer.body {
        Body::Json(body) => body,
        Body::Empty | Body::Unread | Body::Text(_) => Value::Null,
    };
    Summary::read(&body, Spelling::Wire)
        .map_err(|field| Error::Decode(["its field ", field, " is not as promised"].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::check;
    use crate::ops::tests::{FIP, OTHER_FIP, SERVER, in_paris};
    use crate::wire::http::AnswerHeaders;
    use serde_json::json;

    fn flow(operation: Operation, arguments: serde_json::Value) -> OperationFlow {
        let (checked, _) = check(operation, &arguments.into(), &in_paris());
        OperationFlow::new(checked.unwrap(), false)
    }

    fn duplication() -> OperationFlow {
        flow(Operation::DuplicateMacAddr, json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP }))
    }

    fn sent(steps: &[Step]) -> Vec<(Tag, String)> {
        steps
            .iter()
            .map(|step| match step {
                Step::Send { tag, request, .. } => (
                    *tag,
                    format!(
                        "{} {}",
                        request.method.as_str(),
                        request.path.split("fips").last().unwrap()
                    ),
                ),
                Step::Done(_) => panic!("a request expected, not {step:?}"),
            })
            .collect()
    }

    fn answered(tag: Tag, status: u16, body: serde_json::Value) -> Input {
        let answer =
            Answer { status, headers: AnswerHeaders::default(), body: Body::Json(body.into()) };
        Input::Answered { tag, outcome: Ok(answer) }
    }

    fn ip(id: &str, server: Option<&str>) -> serde_json::Value {
        json!({ "id": id, "status": "attached", "server_id": server, "mac_address": null })
    }

    #[track_caller]
    fn failed(steps: Vec<Step>) -> Failure {
        match steps.into_iter().next() {
            Some(Step::Done(Err(failure))) => failure,
            other => panic!("a failure expected, not {other:?}"),
        }
    }

    #[test]
    fn an_operation_without_a_preflight_is_one_request() {
        let mut flow = flow(Operation::GetFlexibleIp, json!({ "fipId": FIP }));
        assert_eq!(sent(&flow.on(Input::Started)), [(0, format!("GET /{FIP}"))]);
        assert_eq!(
            flow.on(answered(0, 200, json!({}))),
            [Step::Done(Ok(Finished { tag: 0, attempts: 1 }))]
        );
    }

    #[test]
    fn a_duplication_reads_both_flexible_ips_at_once_and_then_is_sent() {
        let mut flow = duplication();
        let reads = [(0, format!("GET /{OTHER_FIP}")), (1, format!("GET /{FIP}"))];
        assert_eq!(sent(&flow.on(Input::Started)), reads);
        assert_eq!(flow.on(answered(1, 200, ip(FIP, Some(SERVER)))), []);
        let steps = flow.on(answered(0, 200, ip(OTHER_FIP, Some(SERVER))));
        assert_eq!(sent(&steps), [(2, format!("POST /{FIP}/mac/duplicate"))]);
        assert_eq!(
            flow.on(answered(2, 200, json!({}))),
            [Step::Done(Ok(Finished { tag: 2, attempts: 1 }))]
        );
    }

    #[test]
    fn a_duplication_between_servers_is_not_sent() {
        let mut flow = duplication();
        flow.on(Input::Started);
        flow.on(answered(0, 200, ip(OTHER_FIP, Some(SERVER))));
        let failure = failed(flow.on(answered(1, 200, ip(FIP, None))));
        assert_eq!(failure.error.code(), "invalid_arguments");
        assert_eq!(failure.attempts, 0);
        assert_eq!(
            failure.to_string(),
            format!(
                "duplicateMACAddr: invalid argument(s): duplicateFromFipId (constraint): both flexible IPs must be attached to the same server: \
                 source {OTHER_FIP} is attached to server {SERVER}, destination {FIP} is attached to no server (status attached)"
            )
        );
    }

    #[test]
    fn a_preflight_that_cannot_read_says_which_request_failed() {
        let mut flow = duplication();
        flow.on(Input::Started);
        let failure = failed(flow.on(answered(1, 403, json!({ "type": "permissions_denied" }))));
        assert_eq!(failure.error.code(), "permissions_denied");
        assert!(failure.request.unwrap().1.ends_with(FIP));
        let mut flow = duplication();
        flow.on(Input::Started);
        assert_eq!(failed(flow.on(answered(0, 200, json!({ "id": 1 })))).error.code(), "decode");
    }

    #[test]
    fn a_large_group_is_read_a_few_at_a_time() {
        let ids: Vec<String> =
            (0..20).map(|n| format!("{n:08x}-e683-493a-9e62-109d684e4348")).collect();
        let mut flow = flow(Operation::DetachFlexibleIp, json!({ "fipsIds": ids }));
        let mut on_the_way = sent(&flow.on(Input::Started)).len();
        assert_eq!(on_the_way, READS_AT_ONCE);
        let member = |id: &String| json!({ "id": id, "status": "attached", "server_id": SERVER, "mac_address": { "id": SERVER } });
        for (tag, id) in ids.iter().enumerate() {
            let steps = flow.on(answered(tag, 200, member(id)));
            on_the_way = on_the_way + steps.len() - 1;
            assert!(on_the_way <= READS_AT_ONCE);
        }
        // Only the operation's own request is left.
        assert_eq!(on_the_way, 1);
    }

    #[test]
    fn a_skipped_preflight_reads_nothing() {
        let arguments = json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP });
        let (checked, _) = check(Operation::DuplicateMacAddr, &arguments.into(), &in_paris());
        let mut flow = OperationFlow::new(checked.unwrap(), true);
        assert_eq!(sent(&flow.on(Input::Started)), [(0, format!("POST /{FIP}/mac/duplicate"))]);
    }
}
