//! The faults of the emulator that make it lie, within the limits that the client can rely on: what a response
//! says was true at some moment between request and response, except for portals and repeated pages; late work is
//! done within seconds; permissions are refused for less than two minutes.

use std::collections::BTreeSet;

use flexip::emulator::FaultRule;

use crate::support::world::World;

/// The faults that are not injected, each with the reason.
pub(crate) const SWITCHED_OFF: [(&str, &str); 1] = [(
    "flap",
    "the readback of a deletion took one 403 for the absence of the flexible IP: seed 12 once failed",
)];

/// Adds the rules of the faults that are switched on, or of those that `CHAOS_FAULTS` names.
pub(crate) fn add_faults(world: &mut World) {
    for fault in names() {
        for rule in rules(&fault, world.latency) {
            world.emulator.add_fault(FaultRule::from_json(&rule).unwrap()).unwrap();
        }
    }
}

/// The names of the faults that are injected.
pub(crate) fn names() -> BTreeSet<String> {
    let setting = std::env::var("CHAOS_FAULTS").ok();
    if let Some(names) = setting {
        return names.split(',').map(str::to_owned).collect();
    }
    let is_on = |name: &&str| SWITCHED_OFF.iter().all(|(off, _)| off != name);
    ALL.into_iter().filter(is_on).map(str::to_owned).collect()
}

const ALL: [&str; 10] = [
    "late",
    "lateAttach",
    "lateDetach",
    "tear",
    "flap",
    "repeatPage",
    "shiftPage",
    "wrongTotal",
    "portal",
    "reuse",
];

/// How long late work takes at most, in milliseconds.
pub(crate) const LATE_MAX: u64 = 5_000;

/// Rules for late work. A late deletion is left out: it would delete the flexible IP that a create, of any client,
/// got with the same id in the meantime, and no client can prevent that.
fn late(operations: &[&str]) -> Vec<String> {
    let responses = [r#""drop""#, r#""reset""#, r#"{"status": 504}"#, r#"{"status": 500}"#];
    let rule = |operation, with| {
        format!(
            r#"{{"operation": "{operation}", "probability": 0.03,
                "fault": {{"late": {{"ms": {{"min": 0, "max": {LATE_MAX}}}, "with": {with}}}}}}}"#
        )
    };
    operations.iter().flat_map(|operation| responses.map(|with| rule(operation, with))).collect()
}

fn rules(fault: &str, latency: u64) -> Vec<String> {
    let rule = |probability: f64, fault: &str| {
        format!(r#"{{"probability": {probability}, "fault": {fault}}}"#)
    };
    match fault {
        // The client repeats these only after their settling time.
        "late" => late(&[
            "createFlexibleIP",
            "generateMACAddr",
            "deleteMACAddr",
            "duplicateMACAddr",
            "moveMACAddr",
        ]),
        // These it repeats at once, so that an earlier attempt may still be done after the call has ended.
        "lateAttach" => late(&["attachFlexibleIP", "updateFlexibleIP"]),
        "lateDetach" => late(&["detachFlexibleIP"]),
        // A change is younger than the request if it is younger than the request's way to the service.
        "tear" => {
            let within = latency - 1;
            vec![rule(0.5, &format!(r#"{{"tear": {{"withinMs": {within}}}}}"#))]
        }
        "flap" => vec![
            rule(0.01, r#"{"flap": {"calls": 2}}"#),
            rule(0.001, r#"{"flap": {"forMs": 20000}}"#),
        ],
        "repeatPage" => vec![rule(0.05, "\"repeatPage\"")],
        "shiftPage" => [-1, 1].map(|by| rule(0.02, &format!(r#"{{"shiftPage": {by}}}"#))).to_vec(),
        "wrongTotal" => {
            [-1, 1].map(|by| rule(0.02, &format!(r#"{{"wrongTotal": {by}}}"#))).to_vec()
        }
        "portal" => [200, 302, 403, 404]
            .map(|status| rule(0.01, &format!(r#"{{"portal": {status}}}"#)))
            .to_vec(),
        "reuse" => vec![rule(0.3, "\"reuse\"")],
        other => panic!("no fault {other}"),
    }
}
