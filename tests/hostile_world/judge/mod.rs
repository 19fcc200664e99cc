//! The invariants, judged by the history after a world has ended.
//!
//! | file | what it judges |
//! |---|---|
//! | `success` | the postcondition of each method |
//! | `creation` | what was made, and for which key |
//! | `lists` | whether a list is whole |
//! | `moves` | that moves lose no address and no MAC address |
//! | `failures` | that failures say what is known, and that nothing is done twice |

mod creation;
mod failures;
mod lists;
mod moves;
mod success;

use super::run::Run;
use super::setup::Job;
use super::truth::*;
use super::world::World;

pub(crate) struct Violation {
    /// The invariant.
    pub(crate) kind: &'static str,
    /// The call, by its number, and its method.
    pub(crate) call: usize,
    pub(crate) job: String,
    pub(crate) text: String,
}

/// A call with the world around it.
struct Judged<'a> {
    world: &'a World,
    run: &'a Run,
    call: usize,
    from: Ms,
    to: Ms,
    found: Vec<(&'static str, String)>,
}

/// All violations of a world.
pub(crate) fn judge(world: &World) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (call, run) in world.runs.iter().enumerate() {
        let mut found = run.faults.clone();
        match &run.ended {
            None => found.push(("a call never ended", String::new())),
            Some((to, result)) => {
                let (from, found_more) = (run.began, Vec::new());
                let mut judged = Judged { world, run, call, from, to: *to, found: found_more };
                match result {
                    Ok(success) => judged.success(success),
                    Err(failure) => judged.failure(failure),
                }
                judged.counts(result.as_ref().err());
                judged.moves(result.as_ref().err());
                found.append(&mut judged.found);
            }
        }
        let call = run.spec.number;
        violations.extend(found.into_iter().map(|(kind, text)| {
            let job = name(&run.spec.job);
            Violation { kind, call, job, text }
        }));
    }
    violations
}

const FALSE_SUCCESS: &str = "a success whose postcondition never held";

impl<'a> Judged<'a> {
    fn fault(&mut self, kind: &'static str, text: impl Into<String>) {
        self.found.push((kind, text.into()));
    }

    fn slot_of(&self, id: &str) -> Option<&'a Slot> {
        let number = usize::from_str_radix(id.get(24..)?, 16).ok()?;
        self.world.service.slots.get(number)
    }

    /// Whether a flexible IP was, at some moment of the call, in such a state.
    fn was(&self, id: &str, holds: impl Fn(&State) -> bool) -> bool {
        self.slot_of(id).is_some_and(|slot| slot.any(self.from, self.to, holds))
    }

    fn server_of(&self, id: &str) -> usize {
        usize::from_str_radix(&id[24..], 16).unwrap_or(usize::MAX)
    }

    fn effects(&self) -> impl Iterator<Item = &'a Effect> {
        let call = self.call;
        self.world.service.effects.iter().filter(move |effect| effect.origin.call() == Some(call))
    }

    /// Whether others changed again during the call what the call had done: no reading shows it then.
    fn is_undone(&self, effect: &Effect) -> bool {
        let versions = self.world.service.slots[effect.slot].versions.iter();
        let mut after = versions.filter(|version| version.at >= effect.at && version.at <= self.to);
        after.any(|version| {
            version.origin != Origin::Service && version.origin.call() != Some(self.call)
        })
    }
}

fn name(job: &Job) -> String {
    let text = format!("{job:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}
