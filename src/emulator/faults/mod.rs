//! Failures on order. Off by default, counted, and the same for the same seed.
//!
//! | file | what it knows |
//! |---|---|
//! | `rule` | what a rule says, and what it may not |
//! | `gate` | how fast calls may come |
//! | `effect` | what a fault does to a reply |

mod effect;
mod gate;
mod rule;

use serde::{Deserialize, Serialize};

pub use rule::{Drip, Fault, FaultDelay, FaultError, FaultRule, FaultStatus, RateGate};

use super::random::Random;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;
use crate::wire::path::decode;
use crate::wire::route::Matched;

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
    /// When the bucket of a rate gate is full again.
    #[serde(default)]
    full_at: Timestamp,
}

/// A fault that strikes, with nothing left to draw.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strike {
    pub(super) fault: Fault,
    /// Which rule it is of, in the order in which they were added, from 1.
    pub(super) rule: usize,
}

impl Faults {
    /// Adds a rule.
    pub(super) fn add(&mut self, rule: FaultRule, seed: u64) -> Result<(), FaultError> {
        rule.check()?;
        let number = u64::try_from(self.rules.len()).unwrap_or(u64::MAX);
        let random = Random::of(seed, "fault", number);
        self.rules.push(Counted { rule, calls: 0, hits: 0, random, full_at: Timestamp::default() });
        Ok(())
    }

    /// Forgets all rules.
    pub(super) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Whether every rule can be, for those that were read.
    pub(super) fn check(&self) -> Result<(), FaultError> {
        self.rules.iter().try_for_each(|counted| counted.rule.check())
    }

    /// The fault that hits a call: that of the first rule whose turn it is. Every rule counts the
    /// call, and every gate that it comes to lets it through or not.
    pub(super) fn strike(&mut self, call: &Matched<'_>, now: Timestamp) -> Option<Strike> {
        let mut struck = None;
        for (number, counted) in (1..).zip(&mut self.rules) {
            if counted.is_due(call, now) && struck.is_none() {
                counted.hits = counted.hits.saturating_add(1);
                struck = Some(Strike { fault: counted.drawn(), rule: number });
            }
        }
        struck
    }
}

impl Counted {
    fn is_due(&mut self, call: &Matched<'_>, now: Timestamp) -> bool {
        let rule = &self.rule;
        if !rule.is_about(call) {
            return false;
        }
        self.calls = self.calls.saturating_add(1);
        let times = rule.times.or_else(|| rule.nth.map(|_| 1)).unwrap_or(u32::MAX);
        if self.calls < rule.nth.unwrap_or(1) || self.hits >= times {
            return false;
        }
        // 53 bits are what an f64 holds exactly.
        let drawn = (self.random.next() >> 11) as f64 / (1_u64 << 53) as f64;
        if rule.probability.is_some_and(|probability| drawn >= probability) {
            return false;
        }
        match &rule.fault {
            Fault::RateGate(gate) => !gate::lets_through(gate, &mut self.full_at, now),
            _ => true,
        }
    }

    /// The fault, with a delay drawn if it is to be.
    fn drawn(&mut self) -> Fault {
        match self.rule.fault {
            Fault::Delay(FaultDelay::Jitter { min, max }) => {
                let width = max.saturating_sub(min).saturating_add(1);
                Fault::Delay(FaultDelay::Fixed(min.saturating_add(self.random.below(width))))
            }
            ref fault => fault.clone(),
        }
    }
}

impl FaultRule {
    /// Whether the rule is about such a call. Zone and id are compared as they are meant, however
    /// they are spelled.
    fn is_about(&self, call: &Matched<'_>) -> bool {
        let zone = |zone: &String| decode(call.zone).is_some_and(|asked| asked == zone.as_str());
        let id = |id: &String| {
            let asked = call.fip_id.and_then(decode);
            asked.is_some_and(|asked| FlexibleIpId::parse(&asked) == FlexibleIpId::parse(id))
        };
        self.operation.as_ref().is_none_or(|name| name == call.operation.name())
            && self.zone.as_ref().is_none_or(zone)
            && self.fip_id.as_ref().is_none_or(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::route::Operation;

    type Struck = Vec<Option<(&'static str, usize)>>;

    fn faults(rules: &[&str]) -> Faults {
        let mut faults = Faults::default();
        for rule in rules {
            faults.add(FaultRule::from_json(rule).unwrap(), 1).unwrap();
        }
        faults
    }

    fn strikes(rules: &[&str], calls: &[Matched<'_>]) -> Struck {
        let mut faults = faults(rules);
        let strike = |call| faults.strike(call, Timestamp::default());
        calls.iter().map(strike).map(|hit| hit.map(|hit| (hit.fault.name(), hit.rule))).collect()
    }

    const ID: &str = "7c715b98-e683-493a-9e62-109d684e4348";
    const GET: Matched<'static> =
        Matched { operation: Operation::GetFlexibleIp, zone: "fr-par-1", fip_id: Some(ID) };
    const LIST: Matched<'static> =
        Matched { operation: Operation::ListFlexibleIps, zone: "fr-par-1", fip_id: None };

    #[test]
    fn without_rules_nothing_fails() {
        assert_eq!(strikes(&[], &[GET, LIST]), [None, None]);
    }

    #[test]
    fn a_rule_hits_the_nth_call_of_its_operation_once() {
        let rule = r#"{"operation": "getFlexibleIP", "nth": 2, "fault": "rateLimit"}"#;
        let hit = Some(("rateLimit", 1));
        assert_eq!(strikes(&[rule], &[GET, LIST, GET, GET]), [None, None, hit, None]);
    }

    #[test]
    fn a_rule_hits_as_often_as_it_says() {
        let rule = r#"{"nth": 2, "times": 2, "fault": "dropAfter"}"#;
        let hit = Some(("dropAfter", 1));
        assert_eq!(strikes(&[rule], &[GET; 4]), [None, hit, hit, None]);
        let rule = r#"{"fault": {"delay": 5}}"#;
        assert_eq!(strikes(&[rule], &[GET; 3]), [Some(("delay", 1)); 3]);
    }

    #[test]
    fn the_first_rule_whose_turn_it_is_wins() {
        let rules = [r#"{"times": 1, "fault": "garbage"}"#, r#"{"fault": "dropBefore"}"#];
        assert_eq!(strikes(&rules, &[GET; 2]), [Some(("garbage", 1)), Some(("dropBefore", 2))]);
    }

    #[test]
    fn a_rule_hits_the_flexible_ip_and_the_zone_of_the_path_however_they_are_spelled() {
        let of_ip = format!(r#"{{"fipId": "{}", "fault": "resetBefore"}}"#, ID.to_uppercase());
        let other = Matched { fip_id: Some("00000000-e683-493a-9e62-109d684e4348"), ..GET };
        let no_id = Matched { fip_id: Some("none"), ..GET };
        let hit = Some(("resetBefore", 1));
        assert_eq!(strikes(&[&of_ip], &[GET, other, no_id, LIST]), [hit, None, None, None]);
        let of_zone = r#"{"zone": "fr-par-1", "fault": "resetBefore"}"#;
        let spelled = Matched { zone: "fr%2Dpar-1", ..LIST };
        let other = Matched { zone: "fr-par-2", ..LIST };
        assert_eq!(strikes(&[of_zone], &[GET, spelled, other]), [hit, hit, None]);
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
    fn a_jitter_is_within_its_span_reaches_both_ends_and_is_alike_for_a_seed() {
        let run = || {
            let mut faults = faults(&[r#"{"fault": {"delay": {"min": 20, "max": 25}}}"#]);
            let delay = |_| match faults.strike(&GET, Timestamp::default()).unwrap().fault {
                Fault::Delay(FaultDelay::Fixed(millis)) => millis,
                other => panic!("{other:?}"),
            };
            (0..200).map(delay).collect::<Vec<u64>>()
        };
        let delays = run();
        assert_eq!(delays, run());
        assert_eq!((delays.iter().min(), delays.iter().max()), (Some(&20), Some(&25)));
    }

    #[test]
    fn a_gate_strikes_who_comes_too_fast_and_only_calls_it_is_about_take_from_it() {
        let rule = r#"{"operation": "getFlexibleIP", "fault": {"rateGate": {"perSecond": 1, "burst": 2}}}"#;
        let mut faults = faults(&[rule]);
        let mut hits = |call, at| faults.strike(&call, Timestamp::from_millis(at)).is_some();
        assert_eq!(
            [hits(GET, 0), hits(LIST, 0), hits(GET, 0), hits(GET, 0)],
            [false, false, false, true]
        );
        assert_eq!([hits(GET, 999), hits(GET, 1_000), hits(GET, 1_001)], [true, false, true]);
    }

    #[test]
    fn rules_that_cannot_be_are_refused() {
        let refused = |json| Faults::default().add(FaultRule::from_json(json)?, 1);
        let cases = [
            (
                r#"{"operation": "getFlexibleIp", "fault": "garbage"}"#,
                r#"no operation "getFlexibleIp""#,
            ),
            (r#"{"zone": "xx-abc-1", "fault": "garbage"}"#, r#"zone "xx-abc-1""#),
            (r#"{"fipId": "7c71", "fault": "garbage"}"#, r#"fipId must be a UUID; found "7c71""#),
            (
                r#"{"operation": "attachFlexibleIP", "fipId": "7c715b98-e683-493a-9e62-109d684e4348", "fault": "garbage"}"#,
                "attachFlexibleIP names no flexible IP",
            ),
            (r#"{"nth": 0, "fault": "garbage"}"#, "counted from 1"),
            (r#"{"probability": 1.5, "fault": "garbage"}"#, "within 0 and 1: 1.5"),
            (r#"{"fault": {"status": {"status": 42}}}"#, "within 200 and 599: 42"),
            (r#"{"fault": {"status": {"status": 401, "after": true}}}"#, "cannot come after"),
            (
                r#"{"fault": {"status": {"status": 503, "headers": {"A": "b\r\nC: d"}}}}"#,
                "is no header",
            ),
            (r#"{"fault": {"status": {"status": 503, "headers": {"": "b"}}}}"#, "is no header"),
            (r#"{"fault": {"rateGate": {"perSecond": 0, "burst": 1}}}"#, "perSecond is above 0"),
            (r#"{"fault": {"rateGate": {"perSecond": 1, "burst": 0}}}"#, "burst at least 1"),
            (r#"{"fault": {"delay": {"min": 3, "max": 2}}}"#, "not below its min: 3, 2"),
            (
                r#"{"fault": {"delay": "long"}}"#,
                "a delay is a number of milliseconds, or {min, max}",
            ),
            (r#"{"fault": {"drip": {"pieces": 0, "overMs": 2}}}"#, "at least 1 piece"),
            (r#"{"fault": "earthquake"}"#, "cannot be read: unknown variant `earthquake`"),
            (r#"{"fault": "garbage", "nht": 1}"#, "cannot be read: unknown field `nht`"),
        ];
        for (rule, why) in cases {
            let said = refused(rule).map_err(|error| error.to_string()).unwrap_err();
            assert!(said.contains(why), "{rule}: {said}");
        }
    }
}
