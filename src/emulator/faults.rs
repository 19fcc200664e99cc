//! Failures on order. Off by default, counted, and the same for the same seed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::exchange::{Ending, Reply};
use super::random::Random;
use crate::wire::route::Operation;

/// When to fail, and how. All conditions must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FaultRule {
    /// Only this operation, by its name in JavaScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only from this matching call on, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    /// At most so many times. Without it, once where `nth` is given, else any number of times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How likely it is for each call, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What happens.
    pub fault: Fault,
}

/// What happens instead of the answer, or to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Fault {
    /// Another answer, and the work is not done.
    Status(FaultStatus),
    /// 429 as the gateway sends it: no body, no type, no `Retry-After`. The work is not done.
    RateLimit,
    /// The answer comes so many milliseconds later.
    Delay(u64),
    /// The connection breaks, and the work is not done.
    DropBefore,
    /// The work is done, and the connection breaks.
    DropAfter,
    /// The work is done, and only so many bytes of the answer's body arrive.
    Truncate(usize),
    /// The work is done, and the answer's body is no JSON.
    Garbage,
}

/// An answer of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(hashmap_as_object))]
pub struct FaultStatus {
    /// Its status.
    pub status: u16,
    /// Its body. A text is sent as it is, anything else as JSON.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "unknown"))]
    pub body: serde_json::Value,
    /// Its headers, such as `Retry-After`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// A rule that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// The text is no rule.
    #[error("the fault cannot be read: {0}")]
    Unreadable(String),
    /// There is no such operation.
    #[error("there is no operation {0:?}")]
    NoOperation(String),
    /// The probability is not within 0 and 1.
    #[error("a probability is within 0 and 1: {0}")]
    NoProbability(f64),
    /// The status is no HTTP status of an answer.
    #[error("an answer's status is within 200 and 599: {0}")]
    NoStatus(u16),
}

impl FaultRule {
    /// Reads a rule from JSON.
    pub fn from_json(text: &str) -> Result<Self, FaultError> {
        serde_json::from_str(text).map_err(|error| FaultError::Unreadable(error.to_string()))
    }

    fn check(&self) -> Result<(), FaultError> {
        if let Some(name) = self.operation.as_ref().filter(|name| Operation::named(name).is_none())
        {
            return Err(FaultError::NoOperation(name.clone()));
        }
        match (self.probability, &self.fault) {
            (Some(probability), _) if !(0.0..=1.0).contains(&probability) => {
                Err(FaultError::NoProbability(probability))
            }
            (_, Fault::Status(answer)) if !(200..=599).contains(&answer.status) => {
                Err(FaultError::NoStatus(answer.status))
            }
            _ => Ok(()),
        }
    }
}

/// The rules, and how often each was met.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Faults {
    rules: Vec<Counted>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Counted {
    rule: FaultRule,
    calls: u32,
    hits: u32,
    random: Random,
}

impl Faults {
    /// Adds a rule.
    pub(super) fn add(&mut self, rule: FaultRule, seed: u64) -> Result<(), FaultError> {
        rule.check()?;
        let number = u64::try_from(self.rules.len()).unwrap_or(u64::MAX);
        let random = Random::of(seed, "fault", number);
        self.rules.push(Counted { rule, calls: 0, hits: 0, random });
        Ok(())
    }

    /// Forgets all rules.
    pub(super) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The fault that hits a call of this operation: that of the first rule whose turn it is. Every
    /// rule counts the call.
    pub(super) fn strike(&mut self, operation: Operation) -> Option<Fault> {
        let mut struck = None;
        for counted in &mut self.rules {
            if counted.is_due(operation) && struck.is_none() {
                counted.hits = counted.hits.saturating_add(1);
                struck = Some(counted.rule.fault.clone());
            }
        }
        struck
    }
}

impl Counted {
    fn is_due(&mut self, operation: Operation) -> bool {
        let rule = &self.rule;
        if rule.operation.as_deref().is_some_and(|name| name != operation.name()) {
            return false;
        }
        self.calls = self.calls.saturating_add(1);
        let times = rule.times.or_else(|| rule.nth.map(|_| 1)).unwrap_or(u32::MAX);
        if self.calls < rule.nth.unwrap_or(1) || self.hits >= times {
            return false;
        }
        // 53 bits are what an f64 holds exactly.
        let drawn = (self.random.next() >> 11) as f64 / (1_u64 << 53) as f64;
        rule.probability.is_none_or(|probability| drawn < probability)
    }
}

impl Fault {
    /// Its name, for the journal.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::RateLimit => "rateLimit",
            Self::Delay(_) => "delay",
            Self::DropBefore => "dropBefore",
            Self::DropAfter => "dropAfter",
            Self::Truncate(_) => "truncate",
            Self::Garbage => "garbage",
        }
    }

    /// The reply that comes instead of the work; nothing if the work is done all the same.
    pub(super) fn instead(&self) -> Option<Reply> {
        match self {
            Self::Status(answer) => Some(answer.reply()),
            Self::RateLimit => {
                let mut reply = Reply::bare(429);
                reply.headers.push(("X-Envoy-Ratelimited".to_owned(), "true".to_owned()));
                Some(reply)
            }
            // A status is needed; nobody gets to see it.
            Self::DropBefore => Some(Reply { ending: Ending::Dropped, ..Reply::bare(503) }),
            Self::Delay(_) | Self::DropAfter | Self::Truncate(_) | Self::Garbage => None,
        }
    }

    /// What becomes of the reply to a work that was done.
    pub(super) fn spoil(&self, reply: &mut Reply) {
        match self {
            Self::Delay(millis) => reply.delay_ms = *millis,
            Self::DropAfter => reply.ending = Ending::Dropped,
            Self::Truncate(bytes) if *bytes < reply.body.len() => {
                reply.body.truncate(*bytes);
                reply.ending = Ending::Cut;
            }
            Self::Garbage => reply.body = b"<html>\xff upstream".to_vec(),
            Self::Truncate(_) | Self::Status(_) | Self::RateLimit | Self::DropBefore => {}
        }
    }
}

impl FaultStatus {
    fn reply(&self) -> Reply {
        let text = match &self.body {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        let mut reply =
            if text.is_empty() { Reply::bare(self.status) } else { Reply::json(self.status, text) };
        reply.headers.extend(self.headers.clone());
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strikes(rules: &[&str], calls: &[Operation]) -> Vec<Option<&'static str>> {
        let mut faults = Faults::default();
        for rule in rules {
            faults.add(FaultRule::from_json(rule).unwrap(), 1).unwrap();
        }
        calls.iter().map(|call| faults.strike(*call).map(|fault| fault.name())).collect()
    }

    const GET: Operation = Operation::GetFlexibleIp;
    const LIST: Operation = Operation::ListFlexibleIps;

    #[test]
    fn without_rules_nothing_fails() {
        assert_eq!(strikes(&[], &[GET, LIST]), [None, None]);
    }

    #[test]
    fn a_rule_hits_the_nth_call_of_its_operation_once() {
        let rule = r#"{"operation": "getFlexibleIP", "nth": 2, "fault": "rateLimit"}"#;
        assert_eq!(strikes(&[rule], &[GET, LIST, GET, GET]), [None, None, Some("rateLimit"), None]);
    }

    #[test]
    fn a_rule_hits_as_often_as_it_says() {
        let rule = r#"{"nth": 2, "times": 2, "fault": "dropAfter"}"#;
        let hit = Some("dropAfter");
        assert_eq!(strikes(&[rule], &[GET; 4]), [None, hit, hit, None]);
        let rule = r#"{"fault": {"delay": 5}}"#;
        assert_eq!(strikes(&[rule], &[GET; 3]), [Some("delay"); 3]);
    }

    #[test]
    fn the_first_rule_whose_turn_it_is_wins() {
        let rules = [r#"{"times": 1, "fault": "garbage"}"#, r#"{"fault": "dropBefore"}"#];
        assert_eq!(strikes(&rules, &[GET; 2]), [Some("garbage"), Some("dropBefore")]);
    }

    #[test]
    fn a_probability_is_met_about_as_often_and_alike_for_a_seed() {
        let rule = r#"{"probability": 0.25, "fault": {"truncate": 3}}"#;
        let once = strikes(&[rule], &[GET; 2_000]);
        assert_eq!(once, strikes(&[rule], &[GET; 2_000]));
        let hits = once.iter().flatten().count();
        assert!((430..570).contains(&hits), "{hits}");
    }

    #[test]
    fn rules_that_cannot_be_are_refused() {
        let add = |json| Faults::default().add(FaultRule::from_json(json)?, 1);
        assert_eq!(
            add(r#"{"operation": "getFlexibleIp", "fault": "garbage"}"#),
            Err(FaultError::NoOperation("getFlexibleIp".to_owned()))
        );
        assert_eq!(
            add(r#"{"probability": 1.5, "fault": "garbage"}"#),
            Err(FaultError::NoProbability(1.5))
        );
        assert_eq!(add(r#"{"fault": {"status": {"status": 42}}}"#), Err(FaultError::NoStatus(42)));
        assert!(matches!(add(r#"{"fault": "earthquake"}"#), Err(FaultError::Unreadable(_))));
        assert!(matches!(add(r#"{"fault": "garbage", "nht": 1}"#), Err(FaultError::Unreadable(_))));
    }

    #[test]
    fn a_status_of_ones_own_has_its_body_and_headers() {
        let rule = FaultRule::from_json(
            r#"{"fault": {"status": {"status": 503, "body": {"message": "no"}, "headers": {"Retry-After": "2"}}}}"#,
        );
        let reply = rule.unwrap().fault.instead().unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (503, br#"{"message":"no"}"#.as_slice()));
        assert!(reply.headers.contains(&("Retry-After".to_owned(), "2".to_owned())));
    }

    #[test]
    fn a_bare_429_has_neither_body_nor_type() {
        let reply = Fault::RateLimit.instead().unwrap();
        assert_eq!(reply.headers, [("X-Envoy-Ratelimited".to_owned(), "true".to_owned())]);
        assert!(reply.body.is_empty());
    }
}
