//! Makes a failing world smaller: fewer calls, then fewer kinds of nastiness.

use super::judge::judge;
use super::setup::Seed;
use super::world::World;

/// The smallest world found that breaks the same invariant.
pub(crate) fn shrink(seed: &Seed, kind: &str, job: &str) -> Seed {
    let fails = |seed: &Seed| {
        let violations = judge(&World::run(seed, false));
        violations.iter().any(|violation| violation.kind == kind && violation.job == job)
    };
    let mut best = seed.clone();
    if best.calls.is_none() {
        best.calls = Some(World::run(seed, false).runs.iter().map(|run| run.spec.number).collect());
    }
    loop {
        let mut smaller = Vec::new();
        for call in best.calls.iter().flatten() {
            let calls =
                best.calls.iter().flatten().filter(|other| *other != call).copied().collect();
            smaller.push(Seed { calls: Some(calls), ..best.clone() });
        }
        for kind in best.kinds.names() {
            smaller.push(Seed { kinds: best.kinds.without(kind), ..best.clone() });
        }
        match smaller.into_iter().find(|seed| fails(seed)) {
            Some(seed) => best = seed,
            None => return best,
        }
    }
}
