//! The fault rules with their counters: they decide which fault is injected into a call.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::delay::FaultDelay;
use crate::emulator::control::faults::error::FaultError;
use crate::emulator::control::faults::fault::Fault;
use crate::emulator::control::faults::flap::FlapRest;
use crate::emulator::control::faults::lateness::Late;
use crate::emulator::control::faults::rule::FaultRule;
use crate::emulator::random::Random;
use crate::model::time::Timestamp;
use crate::wire::route::Matched;

/// The most bytes that all rules may have together, as JSON.
const RULES_BYTES_MAX: usize = 1 << 20;

/// The fault rules, with how often each matched and was injected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::emulator) struct Injector {
    rules: Vec<CountedRule>,
    /// The id of the rule that was added last. The rule itself may be removed.
    #[serde(default, skip_serializing_if = "is_zero")]
    last_id: u32,
    /// The bytes of all rules together, as JSON.
    #[serde(skip)]
    bytes: usize,
}

/// A fault rule that was added, with what it did so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ListedFault {
    /// The number of the rule, in the order in which the rules were added, from 1.
    pub id: u32,
    /// The rule.
    pub rule: FaultRule,
    /// How many requests matched the rule.
    pub requests: u32,
    /// How often the fault was injected. A flap counts once.
    pub injections: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedRule {
    /// 0 in snapshots from before rules had ids.
    #[serde(default)]
    id: u32,
    rule: FaultRule,
    /// How many calls matched.
    calls: u32,
    /// How many of them the fault was injected into.
    hits: u32,
    random: Random,
    /// The time when the bucket of a rate gate is full again.
    #[serde(default)]
    full_at: Timestamp,
    #[serde(default, skip_serializing_if = "FlapRest::is_none")]
    flap: FlapRest,
}

/// A fault that is injected into a call. Its delay, if it has one, is drawn.
#[derive(Clone, Debug)]
pub(in crate::emulator) struct Injection {
    pub(in crate::emulator) fault: Fault,
    /// The id of its rule.
    pub(in crate::emulator) rule: u32,
    /// The random numbers of this injection.
    pub(in crate::emulator) random: Random,
}

impl Injector {
    /// Adds a rule, and returns its id. Fails if it is invalid.
    pub(in crate::emulator) fn add(
        &mut self,
        rule: FaultRule,
        seed: u64,
    ) -> Result<u32, FaultError> {
        rule.check()?;
        let bytes = self.bytes.saturating_add(rule.json_bytes());
        check_bytes(bytes)?;
        let id = self.last_id.checked_add(1).ok_or(FaultError::NoRuleIds)?;
        let random = Random::of(seed, "fault", u64::from(self.last_id));
        self.last_id = id;
        self.bytes = bytes;
        self.rules.push(CountedRule {
            id,
            rule,
            calls: 0,
            hits: 0,
            random,
            full_at: Timestamp::default(),
            flap: FlapRest::default(),
        });
        Ok(id)
    }

    /// Removes a rule. Returns whether there is one with this id.
    pub(in crate::emulator) fn remove(&mut self, id: u32) -> bool {
        let Some(index) = self.rules.iter().position(|counted| counted.id == id) else {
            return false;
        };
        let removed = self.rules.remove(index);
        self.bytes = self.bytes.saturating_sub(removed.rule.json_bytes());
        true
    }

    /// Removes all rules. The next one gets the id 1.
    pub(in crate::emulator) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The rules, in the order in which they were added.
    pub(in crate::emulator) fn list(&self) -> impl Iterator<Item = ListedFault> {
        self.rules.iter().map(|counted| ListedFault {
            id: counted.id,
            rule: counted.rule.clone(),
            requests: counted.calls,
            injections: counted.hits,
        })
    }

    /// Counts the bytes of rules that were read, and gives ids to those that have none, as in older snapshots.
    pub(in crate::emulator) fn complete(&mut self) {
        let bytes = self.rules.iter().map(|counted| counted.rule.json_bytes());
        self.bytes = bytes.fold(0, usize::saturating_add);
        if self.rules.iter().all(|counted| counted.id == 0) {
            for (id, counted) in (1..).zip(&mut self.rules) {
                counted.id = id;
                self.last_id = id;
            }
        }
    }

    /// Whether a rule needs the states before the last changes.
    pub(in crate::emulator) fn needs_history(&self) -> bool {
        self.rules.iter().any(|counted| counted.rule.fault.needs_history())
    }

    /// Checks every rule and its counters at a time, for rules that were read from a snapshot.
    pub(in crate::emulator) fn check(&self, at: Timestamp) -> Result<(), FaultError> {
        let ids = || self.rules.iter().map(|counted| counted.id);
        let is_ascending = ids().zip(ids().skip(1)).all(|(one, next)| one < next);
        if !is_ascending || ids().any(|id| id == 0 || id > self.last_id) {
            return Err(FaultError::NoRuleIds);
        }
        for counted in &self.rules {
            counted.rule.check()?;
            if !counted.is_consistent(at) {
                return Err(FaultError::Miscounted(counted.id));
            }
        }
        check_bytes(self.bytes)
    }

    /// The fault to inject into a call: that of the first rule that is due. Every rule that matches counts
    /// the call, and so does every gate whose other conditions hold: it takes a token.
    pub(in crate::emulator) fn inject(
        &mut self,
        call: &Matched<'_>,
        now: Timestamp,
    ) -> Option<Injection> {
        let mut injection = None;
        for counted in &mut self.rules {
            if let Some(due) = counted.due(call, now)
                && injection.is_none()
            {
                let (fault, random) = counted.hit(due, now);
                injection = Some(Injection { fault, rule: counted.id, random });
            }
        }
        injection
    }
}

const fn check_bytes(bytes: usize) -> Result<(), FaultError> {
    if bytes > RULES_BYTES_MAX { Err(FaultError::TooLarge(bytes, RULES_BYTES_MAX)) } else { Ok(()) }
}

/// Whether a fault that is due begins, or is a flap that continues.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Begins,
    Continues,
}

impl CountedRule {
    /// Whether the counters are such as calls until this time leave them.
    fn is_consistent(&self, at: Timestamp) -> bool {
        let Self { rule, calls, hits, full_at, flap, .. } = self;
        let times = rule.times.unwrap_or_else(|| rule.default_times());
        let latest_full = match rule.fault {
            Fault::RateGate(gate) => gate.latest_full(at),
            _ => Timestamp::default(),
        };
        let fits_flap = match rule.fault {
            Fault::Flap(whole) => flap.is_rest_of(whole, at),
            _ => flap.is_none(),
        };
        hits <= calls && *hits <= times && fits_flap && *full_at <= latest_full
    }

    fn due(&mut self, call: &Matched<'_>, now: Timestamp) -> Option<Due> {
        let rule = &self.rule;
        if !rule.matches(call) {
            return None;
        }
        let is_flapping = self.flap.takes_call(now);
        self.calls = self.calls.saturating_add(1);
        if is_flapping {
            return Some(Due::Continues);
        }
        let times = rule.times.unwrap_or_else(|| rule.default_times());
        if self.calls < rule.nth.unwrap_or(1) || self.hits >= times {
            return None;
        }
        let drawn = self.random.fraction();
        if rule.probability.is_some_and(|probability| drawn >= probability) {
            return None;
        }
        match &rule.fault {
            Fault::RateGate(gate) if gate.take_token(&mut self.full_at, now) => None,
            _ => Some(Due::Begins),
        }
    }

    /// Counts an injection. Returns the fault and its random numbers.
    fn hit(&mut self, due: Due, now: Timestamp) -> (Fault, Random) {
        if due == Due::Begins {
            self.hits = self.hits.saturating_add(1);
            if let Fault::Flap(flap) = self.rule.fault {
                self.flap.begin(flap, now);
            }
        }
        let fault = self.drawn();
        // Other faults draw none, so that older logs are replayed with the same numbers.
        let seed = if matches!(fault, Fault::Tear(_)) { self.random.next() } else { 0 };
        (fault, Random::new(seed))
    }

    /// The fault of the rule. A range of milliseconds becomes a number.
    fn drawn(&mut self) -> Fault {
        match self.rule.fault {
            Fault::Delay(delay) => Fault::Delay(self.drawn_delay(delay)),
            Fault::Late(late) => Fault::Late(Late { ms: self.drawn_delay(late.ms), ..late }),
            ref fault => fault.clone(),
        }
    }

    fn drawn_delay(&mut self, delay: FaultDelay) -> FaultDelay {
        match delay {
            FaultDelay::Jitter { min, max } => {
                let width = max.saturating_sub(min).saturating_add(1);
                FaultDelay::Fixed(min.saturating_add(self.random.below(width)))
            }
            fixed => fixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::route::Operation;

    type Injections = Vec<Option<(&'static str, u32)>>;

    fn faults(rules: &[&str]) -> Injector {
        let mut faults = Injector::default();
        for rule in rules {
            faults.add(FaultRule::from_json(rule).unwrap(), 1).unwrap();
        }
        faults
    }

    fn injections(rules: &[&str], calls: &[Matched<'_>]) -> Injections {
        let mut faults = faults(rules);
        let inject = |call| faults.inject(call, Timestamp::default());
        calls.iter().map(inject).map(|hit| hit.map(|hit| (hit.fault.name(), hit.rule))).collect()
    }

    const ID: &str = "7c715b98-e683-493a-9e62-109d684e4348";
    const GET: Matched<'static> =
        Matched { operation: Operation::GetFlexibleIp, zone: "fr-par-1", fip_id: Some(ID) };
    const LIST: Matched<'static> =
        Matched { operation: Operation::ListFlexibleIps, zone: "fr-par-1", fip_id: None };

    #[test]
    fn rules_are_refused_when_their_bytes_are_too_many() {
        let rule = |length: usize| {
            let fault = format!(
                r#"{{"fault": {{"status": {{"status": 500, "body": "{}"}}}}}}"#,
                "x".repeat(length)
            );
            FaultRule::from_json(&fault).unwrap()
        };
        let mut faults = Injector::default();
        assert!(matches!(faults.add(rule(1 << 20), 1), Err(FaultError::TooLarge(..))));
        faults.add(rule(600_000), 1).unwrap();
        assert!(matches!(faults.add(rule(600_000), 1), Err(FaultError::TooLarge(..))));
        assert_eq!(faults.rules.len(), 1);
        faults.clear();
        assert_eq!(faults.add(rule(600_000), 1), Ok(1));
        assert!(matches!(faults.add(rule(600_000), 1), Err(FaultError::TooLarge(..))));
        assert!(!faults.remove(7) && faults.remove(1));
        assert_eq!(faults.add(rule(600_000), 1), Ok(2));
        let text = serde_json::to_string(&faults).unwrap();
        let mut read: Injector = serde_json::from_str(&text).unwrap();
        read.complete();
        assert!(matches!(read.add(rule(600_000), 1), Err(FaultError::TooLarge(..))));
    }

    #[test]
    fn a_gate_and_a_flap_end_within_their_time_from_the_time_of_the_state() {
        let rules = [
            r#"{"fault": {"rateGate": {"perSecond": 1, "burst": 3}}}"#,
            r#"{"times": 9, "fault": {"flap": {"forMs": 3000}}}"#,
        ];
        let at = Timestamp::from_millis(50_000);
        for rule in rules {
            let mut faults = faults(&[rule]);
            for _ in 0..6 {
                faults.inject(&GET, at);
            }
            assert_eq!(faults.check(at), Ok(()), "{rule}");
            let before = Timestamp::from_millis(49_999);
            assert_eq!(faults.check(before), Err(FaultError::Miscounted(1)), "{rule}");
        }
    }

    #[test]
    fn without_rules_nothing_fails() {
        assert_eq!(injections(&[], &[GET, LIST]), [None, None]);
    }

    #[test]
    fn a_rule_with_nth_hits_that_call_of_its_operation_once() {
        let rule = r#"{"operation": "getFlexibleIP", "nth": 2, "fault": "rateLimit"}"#;
        let hit = Some(("rateLimit", 1));
        assert_eq!(injections(&[rule], &[GET, LIST, GET, GET]), [None, None, hit, None]);
    }

    #[test]
    fn a_rule_hits_as_often_as_its_times_or_always() {
        let rule = r#"{"nth": 2, "times": 2, "fault": "dropAfter"}"#;
        let hit = Some(("dropAfter", 1));
        assert_eq!(injections(&[rule], &[GET; 4]), [None, hit, hit, None]);
        let rule = r#"{"fault": {"delay": 5}}"#;
        assert_eq!(injections(&[rule], &[GET; 3]), [Some(("delay", 1)); 3]);
    }

    #[test]
    fn the_first_rule_that_is_due_wins() {
        let rules = [r#"{"times": 1, "fault": "garbage"}"#, r#"{"fault": "dropBefore"}"#];
        assert_eq!(injections(&rules, &[GET; 2]), [Some(("garbage", 1)), Some(("dropBefore", 2))]);
    }

    #[test]
    fn zone_and_id_of_the_path_match_in_any_spelling() {
        let of_ip = format!(r#"{{"fipId": "{}", "fault": "resetBefore"}}"#, ID.to_uppercase());
        let other = Matched { fip_id: Some("00000000-e683-493a-9e62-109d684e4348"), ..GET };
        let no_id = Matched { fip_id: Some("none"), ..GET };
        let hit = Some(("resetBefore", 1));
        assert_eq!(injections(&[&of_ip], &[GET, other, no_id, LIST]), [hit, None, None, None]);
        let of_zone = r#"{"zone": "fr-par-1", "fault": "resetBefore"}"#;
        let spelled = Matched { zone: "fr%2Dpar-1", ..LIST };
        let other = Matched { zone: "fr-par-2", ..LIST };
        assert_eq!(injections(&[of_zone], &[GET, spelled, other]), [hit, hit, None]);
    }

    #[test]
    fn a_probability_gives_about_as_many_hits_and_the_same_for_a_seed() {
        let rule = r#"{"probability": 0.25, "fault": {"truncate": 3}}"#;
        let once = injections(&[rule], &[GET; 2_000]);
        assert_eq!(once, injections(&[rule], &[GET; 2_000]));
        let hits = once.iter().flatten().count();
        assert!((430..570).contains(&hits), "{hits}");
    }

    #[test]
    fn a_jitter_reaches_both_ends_of_its_range_and_is_the_same_for_a_seed() {
        let run = || {
            let mut faults = faults(&[r#"{"fault": {"delay": {"min": 20, "max": 25}}}"#]);
            let delay = |_| match faults.inject(&GET, Timestamp::default()).unwrap().fault {
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
    fn a_gate_hits_calls_that_are_too_fast_and_counts_only_those_that_match() {
        let rule = r#"{"operation": "getFlexibleIP", "fault": {"rateGate": {"perSecond": 1, "burst": 2}}}"#;
        let mut faults = faults(&[rule]);
        let mut hits = |call, at| faults.inject(&call, Timestamp::from_millis(at)).is_some();
        assert_eq!(
            [hits(GET, 0), hits(LIST, 0), hits(GET, 0), hits(GET, 0)],
            [false, false, false, true]
        );
        assert_eq!([hits(GET, 999), hits(GET, 1_000), hits(GET, 1_001)], [true, false, true]);
    }

    #[test]
    fn a_flap_lasts_for_its_calls_and_counts_once_for_each_beginning() {
        let hit = Some(("flap", 1));
        let once = r#"{"fault": {"flap": {"calls": 2}}}"#;
        assert_eq!(injections(&[once], &[GET; 4]), [hit, hit, None, None]);
        let twice = r#"{"nth": 2, "times": 2, "fault": {"flap": {"calls": 2}}}"#;
        assert_eq!(injections(&[twice], &[GET; 6]), [None, hit, hit, hit, hit, None]);
    }

    #[test]
    fn a_flap_lasts_for_its_time_from_the_first_refusal() {
        let mut faults = faults(&[r#"{"nth": 2, "fault": {"flap": {"forMs": 10}}}"#]);
        let mut hits = |at| faults.inject(&GET, Timestamp::from_millis(at)).is_some();
        let hits: Vec<bool> = [0, 100, 105, 109, 110, 200].into_iter().map(&mut hits).collect();
        assert_eq!(hits, [false, true, true, true, false, false]);
    }

    #[test]
    fn a_fault_matches_only_operations_that_it_can_be_injected_into() {
        let hit = |name| Some((name, 1));
        assert_eq!(injections(&[r#"{"fault": {"tear": {}}}"#], &[GET, LIST]), [None, hit("tear")]);
        assert_eq!(injections(&[r#"{"fault": {"late": {"ms": 1}}}"#], &[GET, LIST]), [None, None]);
        assert_eq!(injections(&[r#"{"fault": {"stale": {}}}"#], &[GET]), [hit("stale")]);
        assert_eq!(injections(&[r#"{"fault": "reuse"}"#], &[GET, LIST]), [None, None]);
    }

    #[test]
    fn a_removed_rule_injects_nothing_and_the_others_keep_their_ids() {
        let always = r#"{"fault": "garbage"}"#;
        let mut faults = faults(&[always, r#"{"nth": 2, "fault": "rateLimit"}"#, always]);
        assert_eq!([faults.remove(1), faults.remove(1), faults.remove(9)], [true, false, false]);
        let mut inject = || faults.inject(&GET, Timestamp::default()).unwrap();
        assert_eq!([inject().rule, inject().rule], [3, 2]);
        let listed: Vec<_> =
            faults.list().map(|fault| (fault.id, fault.requests, fault.injections)).collect();
        assert_eq!(listed, [(2, 2, 1), (3, 2, 1)]);
        let next = FaultRule::from_json(always).unwrap();
        assert_eq!(faults.add(next.clone(), 1).unwrap(), 4);
        faults.clear();
        assert_eq!(faults.add(next, 1).unwrap(), 1);
    }

    #[test]
    fn rules_of_older_snapshots_get_ids_and_impossible_ids_are_refused() {
        let mut stored = serde_json::to_value(faults(&[r#"{"fault": "gzip"}"#; 3])).unwrap();
        let mut read = |ids: [u32; 3], last: u32| {
            stored["lastId"] = last.into();
            for (index, id) in ids.into_iter().enumerate() {
                stored["rules"][index]["id"] = id.into();
            }
            let mut faults: Injector = serde_json::from_value(stored.clone()).unwrap();
            faults.complete();
            faults
                .check(Timestamp::default())
                .map(|()| faults.list().map(|fault| fault.id).collect::<Vec<u32>>())
        };
        assert_eq!(read([0, 0, 0], 0), Ok(vec![1, 2, 3]));
        assert_eq!(read([2, 5, 6], 7), Ok(vec![2, 5, 6]));
        for ids in [[1, 1, 2], [3, 2, 1], [0, 1, 2], [1, 2, 8]] {
            assert_eq!(read(ids, 7), Err(FaultError::NoRuleIds), "{ids:?}");
        }
    }

    #[test]
    fn a_rule_after_the_last_possible_id_is_refused() {
        let stored = serde_json::json!({"rules": [], "lastId": u32::MAX});
        let mut faults: Injector = serde_json::from_value(stored).unwrap();
        let rule = FaultRule::from_json(r#"{"fault": "gzip"}"#).unwrap();
        assert_eq!(faults.add(rule, 1), Err(FaultError::NoRuleIds));
        assert_eq!(faults.list().count(), 0);
    }

    #[test]
    fn a_list_of_rules_is_read_or_refused_with_the_line() {
        let list = |text: &str| {
            FaultRule::list_from_json(text)
                .map(|rules| rules.len())
                .map_err(|error| error.to_string())
        };
        assert_eq!(list(r#"[{"fault": "gzip"}, {"fault": {"chunked": 2}}]"#), Ok(2));
        let cases = [
            ("[\n{\"fault\": \"gzip\"},\n{\"falt\": 1}]", "unknown field `falt`", "line 3"),
            (
                "[{\"fault\": \"gzip\"},\n{\"fault\": \"gzip\", \"nth\": 0}]",
                "nth is counted from 1; found 0",
                "rule 2 of the list",
            ),
            ("[{\"fault\": \"gzip\"}\n", "EOF", "line 2"),
            ("{\"fault\": \"gzip\"}", "expected a sequence", "line 1"),
        ];
        for (text, what, place) in cases {
            let message = list(text).unwrap_err();
            assert!(message.contains(what) && message.contains(place), "{text}: {message}");
        }
    }

    #[test]
    fn invalid_rules_are_refused() {
        let refused = |json| Injector::default().add(FaultRule::from_json(json)?, 1);
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
            (r#"{"fault": {"delay": 2147483648}}"#, "at most 2147483647 milliseconds"),
            (r#"{"fault": {"delay": {"min": 0, "max": 2147483648}}}"#, "at most 2147483647"),
            (r#"{"fault": {"drip": {"pieces": 1, "overMs": 2147483648}}}"#, "at most 2147483647"),
            (r#"{"fault": {"flap": {"forMs": 2147483648}}}"#, "at most 2147483647"),
            (r#"{"fault": {"late": {"ms": 2147483648}}}"#, "at most 2147483647"),
            (r#"{"fault": {"rateGate": {"perSecond": 1e-9, "burst": 1}}}"#, "at least 0.000001"),
            (r#"{"fault": {"status": {"status": 204, "body": {}}}}"#, "status 204 has no body"),
            (r#"{"nth": 4294967296, "fault": "garbage"}"#, "nth: invalid value"),
            (r#"{"times": -1, "fault": "garbage"}"#, "times: invalid value"),
            (r#"{"fault": {"chunked": 0}}"#, "at least 1; found 0"),
            (r#"{"fault": {"retryAfter": {}}}"#, "missing field `form`"),
            (r#"{"fault": {"retryAfter": {"form": "later"}}}"#, "unknown variant `later`"),
            (r#"{"fault": {"retryAfter": {"form": {"seconds": -1}}}}"#, "invalid value"),
            (
                r#"{"fault": {"retryAfter": {"form": "huge", "status": 200}}}"#,
                "retryAfter is within 300 and 599, and not 304 or 401; found 200",
            ),
            (r#"{"fault": {"late": {}}}"#, "missing field `ms`"),
            (r#"{"fault": {"late": {"ms": {"min": 3, "max": 2}}}}"#, "not below its min: 3, 2"),
            (r#"{"fault": {"late": {"ms": 3, "with": {"status": 200}}}}"#, "late is within 500"),
            (r#"{"fault": {"late": {"ms": 3, "after": 1}}}"#, "unknown field `after`"),
            (
                r#"{"operation": "getFlexibleIP", "fault": {"late": {"ms": 3}}}"#,
                "late cannot be injected into getFlexibleIP: it is for operations that write",
            ),
            (r#"{"fault": {"flap": {}}}"#, "either forMs or calls"),
            (r#"{"fault": {"flap": {"forMs": 0}}}"#, "at least 1"),
            (r#"{"fault": {"flap": {"forMs": 1, "calls": 1}}}"#, "either forMs or calls"),
            (r#"{"fault": {"tear": {"fipsIds": ["x"]}}}"#, r#"must be UUIDs; found "x""#),
            (r#"{"fault": {"tear": {"share": 2}}}"#, "within 0 and 1: 2"),
            (r#"{"fault": {"tear": {"share": 1, "fipsIds": []}}}"#, "either fipsIds or a share"),
            (
                r#"{"operation": "getFlexibleIP", "fault": {"tear": {}}}"#,
                "tear cannot be injected into getFlexibleIP: it is for listFlexibleIPs",
            ),
            (
                r#"{"fipId": "7c715b98-e683-493a-9e62-109d684e4348", "fault": "repeatPage"}"#,
                "listFlexibleIPs names no flexible IP",
            ),
            (r#"{"fault": {"shiftPage": 0}}"#, "shiftPage is a whole number other than 0"),
            (r#"{"fault": {"wrongTotal": 0}}"#, "wrongTotal is a whole number other than 0"),
            (r#"{"fault": {"wrongTotal": 0.5}}"#, "cannot be read"),
            (r#"{"fault": {"portal": 204}}"#, "portal is within 200 and 599, and not 204"),
            (r#"{"fault": {"portal": 100}}"#, "portal is within 200 and 599"),
            (
                r#"{"operation": "createFlexibleIP", "fault": "reuse"}"#,
                "reuse cannot be injected into createFlexibleIP: it is for deleteFlexibleIP",
            ),
            (
                r#"{"operation": "moveMACAddr", "fault": {"stale": {}}}"#,
                "stale cannot be injected into moveMACAddr: it is for operations that read",
            ),
            (r#"{"fault": {"stale": {"noStore": true}}}"#, "unknown field `noStore`"),
            (r#"{"fault": "earthquake"}"#, "cannot be read: fault: unknown variant `earthquake`"),
            (r#"{"fault": "garbage", "nht": 1}"#, "cannot be read: nht: unknown field `nht`"),
        ];
        for (rule, why) in cases {
            let message = refused(rule).map_err(|error| error.to_string()).unwrap_err();
            assert!(message.contains(why), "{rule}: {message}");
        }
    }
}
