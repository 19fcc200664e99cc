//! Snapshots of real runs with one or two values changed. Those that are accepted must be possible states:
//! what the emulator shows follows the rules, now and later, and an operation does what it does elsewhere.

use serde_json::{Map, Value};

use flexip::emulator::Timing;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::operation::{Operation, operations, state_fault};
use crate::rules::Rules;
use crate::world::World;
use crate::{settings, unusual};

/// How many mutants: `SNAPSHOT_MUTANTS`, or a few thousand.
fn mutants() -> usize {
    std::env::var("SNAPSHOT_MUTANTS").ok().and_then(|number| number.parse().ok()).unwrap_or(3_000)
}

/// The mutants of one snapshot.
const OF_EACH: usize = 100;

#[test]
fn no_mutant_of_a_snapshot_that_is_accepted_breaks_an_invariant() {
    let (mut made, mut accepted, mut refused_by_name) = (0, 0, 0);
    for seed in 0.. {
        if made >= mutants() {
            break;
        }
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&u64::to_be_bytes(seed));
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let text = real_snapshot(seed, &mut runner);
        let original: Value = serde_json::from_str(&text).unwrap();
        for _ in 0..OF_EACH {
            let mut chance = Chance(draw(&mut runner, proptest::num::u64::ANY));
            let mut mutant = original.clone();
            for _ in 0..=chance.below(2) {
                mutate(&mut mutant, &original, &mut chance);
            }
            if mutant == original {
                continue;
            }
            made += 1;
            let text = mutant.to_string();
            let mut world = World::new(settings(seed, Timing::Recorded));
            match world.restore(&text) {
                Ok(()) => {
                    accepted += 1;
                    let judged = judge(&mut world, &mut runner);
                    judged.unwrap_or_else(|why| panic!("seed {seed}: {why}\n{text}"));
                }
                Err(why) if why.contains("breaks the rule that") => refused_by_name += 1,
                Err(_) => {}
            }
        }
    }
    println!(
        "{made} mutants: {accepted} accepted, {refused_by_name} refused by the name of an invariant"
    );
    assert!(accepted > made / 50, "the mutants are too wild to show anything: {accepted}");
    assert!(refused_by_name > made / 10, "{refused_by_name}");
}

fn draw<S: Strategy>(runner: &mut TestRunner, strategy: S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// The snapshot of a run that was stopped at any moment, with faults that leave something in the state.
fn real_snapshot(seed: u64, runner: &mut TestRunner) -> String {
    let flags = draw(runner, proptest::array::uniform5(proptest::bool::ANY));
    let mut world = World::new(unusual(settings(seed, Timing::Recorded), flags));
    for operation in draw(runner, operations(40)) {
        if draw(runner, 0..12) == 0 {
            world.add_fault(draw(runner, state_fault()));
        }
        world.apply(&operation);
    }
    world.snapshot()
}

/// Whether an accepted state is possible, as far as it shows.
fn judge(world: &mut World, runner: &mut TestRunner) -> Result<(), String> {
    world.clear_faults();
    world.check_invariants()?;
    let mut rules = Rules::forced();
    rules.check(&world.all_ips())?;
    for operation in draw(runner, operations(12)) {
        let before = world.all_ips();
        world.adopt(&before);
        let response = world.apply(&operation);
        let after = world.all_ips();
        rules.check(&after)?;
        world.check_invariants()?;
        if matches!(operation, Operation::Create { .. }) && response.status == 200 {
            let id = &response.body["id"];
            let remaining =
                before.iter().filter(|ip| after.iter().any(|other| other["id"] == ip["id"]));
            let is_new = before.iter().all(|ip| ip["id"] != *id);
            if !is_new || remaining.count() != before.len() || after.len() != before.len() + 1 {
                return Err(format!("a create gave {id}, {} became {}", before.len(), after.len()));
            }
        }
    }
    while world.advance_to_next_transition() {
        world.check_invariants()?;
        rules.check(&world.all_ips())?;
    }
    world.restore(&world.snapshot())
}

/// Small random numbers.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// Changes one value: it is removed, doubled, exchanged for another of the snapshot, or moved to an edge.
fn mutate(mutant: &mut Value, original: &Value, chance: &mut Chance) {
    let mut leaves = Vec::new();
    pointers(original, String::new(), &mut leaves);
    let chosen = &leaves[chance.below(leaves.len())];
    let (parent, key) = chosen.rsplit_once('/').unwrap_or(("", ""));
    let key = key.replace("~1", "/").replace("~0", "~");
    match chance.below(5) {
        0 => match mutant.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.remove(&key)),
            Some(Value::Array(items)) => {
                if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                    items.remove(index);
                }
            }
            _ => {}
        },
        1 => {
            // The value of another place of the same name, such as the server of another flexible IP.
            let alike: Vec<&String> = leaves
                .iter()
                .filter(|other| {
                    other.rsplit('/').next() == chosen.rsplit('/').next()
                        || key.parse::<u8>().is_ok()
                })
                .collect();
            let other = original.pointer(alike[chance.below(alike.len())]).cloned();
            put(mutant, chosen, other);
        }
        2 => {
            let other = original.pointer(&leaves[chance.below(leaves.len())]).cloned();
            put(mutant, chosen, other);
        }
        3 => match mutant.pointer_mut(parent) {
            Some(Value::Array(items)) => {
                let copy = original.pointer(chosen).cloned().unwrap_or_default();
                items.push(copy);
            }
            Some(Value::Object(fields)) => rename(fields, &key, original, chance),
            _ => {}
        },
        _ => {
            let edge = original.pointer(chosen).map(|value| edge(value, chance));
            put(mutant, chosen, edge);
        }
    }
}

fn put(mutant: &mut Value, pointer: &str, value: Option<Value>) {
    if let (Some(place), Some(value)) = (mutant.pointer_mut(pointer), value) {
        *place = value;
    }
}

/// Moves a value to another key: that of a sibling, or one from elsewhere.
fn rename(fields: &mut Map<String, Value>, key: &str, original: &Value, chance: &mut Chance) {
    let mut all = Vec::new();
    pointers(original, String::new(), &mut all);
    let other = all[chance.below(all.len())].rsplit('/').next().unwrap_or_default().to_owned();
    if let Some(value) = fields.remove(key) {
        fields.insert(other, value);
    }
}

fn edge(value: &Value, chance: &mut Chance) -> Value {
    match value {
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or_default();
            let edges = [
                0,
                1,
                number.wrapping_add(1),
                number.wrapping_sub(1),
                1 << 31,
                u64::from(u32::MAX),
                1 << 52,
            ];
            Value::from(edges[chance.below(edges.len())])
        }
        Value::String(text) => {
            if let Ok(number) = text.parse::<u64>() {
                let second = 1_000_000_000;
                let edges =
                    [0, number.wrapping_add(second), number.wrapping_sub(second), u64::MAX, 1];
                return Value::from(edges[chance.below(edges.len())].to_string());
            }
            let words = [
                "",
                "ready",
                "attached",
                "updating",
                "detaching",
                "kvm",
                "xen",
                "fr-par-2",
                "x",
                "attach",
                "detach",
                "192.0.2.1",
                "10.0.0.0/11",
            ];
            Value::from(words[chance.below(words.len())])
        }
        Value::Null => Value::from("7c715b98-e683-493a-9e62-109d684e4348"),
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Object(_) => Value::Object(Map::new()),
    }
}

/// The JSON pointers of everything within a value.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                let pointer = format!("{at}/{key}");
                found.push(pointer.clone());
                pointers(value, pointer, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let pointer = format!("{at}/{index}");
                found.push(pointer.clone());
                pointers(value, pointer, found);
            }
        }
        _ => {}
    }
}
