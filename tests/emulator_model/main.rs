//! The emulator compared with a reference model, which was written from the knowledge about the service, and
//! with rules that hold in every run.
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test fails by a panic"
)]

mod model;
mod mutants;
mod operation;
mod order;
mod rules;
mod world;

use flexip::emulator::{Emulator, Occupied, Population, Request, Settings, Timing};
use flexip::model::status::Status;
use flexip::model::time::Timestamp;
use proptest::prelude::*;

use operation::{Operation, attaches, fault, operations, state_fault};
use world::World;

fn settings(seed: u64, timing: Timing) -> Settings {
    // The limit is low, so that runs reach it.
    Settings { seed, timing, server_limit: 4, ..Settings::default() }
}

/// Settings that allow what the defaults refuse.
pub(crate) fn unusual(settings: Settings, flags: [bool; 5]) -> Settings {
    let [refuse_busy, several_without_group, direct_reattach, replaces, move_elsewhere] = flags;
    Settings {
        refuse_busy,
        several_without_group,
        direct_reattach,
        occupied_destination: if replaces {
            Occupied::Replace
        } else {
            Occupied::PreconditionFailed
        },
        move_elsewhere,
        population: Population::Zones([("fr-par-1".to_owned(), 3)].into()),
        ..settings
    }
}

/// The number of runs of each property: `PROPTEST_CASES`, or a small default.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn the_emulator_does_what_the_model_does(seed: u64, operations in operations(60)) {
        let mut world = World::new(settings(seed, Timing::Instant));
        let mut model = model::Model::new(4);
        for operation in &operations {
            let response = world.apply(operation);
            model.apply(operation, &response).map_err(TestCaseError::fail)?;
            model.compare(&world.all_ips()).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn the_rules_hold_at_every_moment(seed: u64, operations in operations(60)) {
        let mut world = World::new(settings(seed, Timing::Recorded));
        let mut rules = rules::Rules::default();
        for operation in &operations {
            world.apply(operation);
            rules.check(&world.all_ips()).map_err(TestCaseError::fail)?;
        }
        while world.advance_to_next_transition() {
            rules.check(&world.all_ips()).map_err(TestCaseError::fail)?;
        }
        for ip in world.all_ips() {
            let status = ip["status"].as_str().unwrap_or_default();
            prop_assert!(matches!(status, "ready" | "attached"), "{status} at the end");
            let server = ip["server_id"].as_str();
            prop_assert!(server.is_none_or(|server| world.has_server(server)), "{ip} at the end");
        }
    }

    #[test]
    fn the_invariants_hold_at_every_moment_with_any_settings_faults_and_forced_statuses(
        seed: u64,
        flags: [bool; 5],
        operations in operations(60),
        forced in proptest::collection::vec(proptest::option::weighted(0.1, (0_usize..5, 0_usize..7)), 90),
        faults in proptest::collection::vec(proptest::option::weighted(0.1, state_fault()), 90),
    ) {
        let mut world = World::new(unusual(settings(seed, Timing::Recorded), flags));
        for ((operation, forced), fault) in operations.iter().zip(forced).zip(faults) {
            if let Some(fault) = fault {
                world.add_fault(fault);
            }
            world.apply(operation);
            world.check_invariants().map_err(TestCaseError::fail)?;
            if let Some((number, status)) = forced {
                world.force_status(number, Status::ALL[status]);
                world.check_invariants().map_err(TestCaseError::fail)?;
            }
        }
        let snapshot = world.snapshot();
        world.restore(&snapshot).map_err(TestCaseError::fail)?;
        while world.advance_to_next_transition() {
            world.check_invariants().map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn only_due_transitions_and_successful_requests_change_the_state(
        seed: u64,
        operations in operations(60),
    ) {
        let mut world = World::new(settings(seed, Timing::Recorded));
        for operation in &operations {
            let before = world.all_ips();
            let response = world.apply(operation);
            let is_done = matches!(operation, Operation::RemoveServer(_)) || (200..300).contains(&response.status);
            if !is_done && !world.is_due() {
                prop_assert_eq!(before, world.all_ips(), "{:?}", operation);
            }
        }
    }

    #[test]
    fn a_fault_before_the_work_changes_nothing_and_one_after_it_changes_no_more_than_the_work(
        seed: u64,
        operations in operations(50),
        faults in proptest::collection::vec(proptest::option::of(fault()), 60),
    ) {
        let mut faulty = World::new(settings(seed, Timing::Recorded));
        let mut healthy = World::new(settings(seed, Timing::Recorded));
        for (operation, fault) in operations.iter().zip(faults) {
            match fault.filter(|_| operation.is_request()) {
                Some((fault, is_done)) => {
                    faulty.apply_with_fault(operation, fault);
                    if is_done {
                        healthy.apply(operation);
                    }
                }
                None => {
                    let responses = (faulty.apply(operation), healthy.apply(operation));
                    prop_assert_eq!(responses.0.status, responses.1.status);
                }
            }
            faulty.copy_ids(&healthy);
            prop_assert_eq!(faulty.all_ips(), healthy.all_ips(), "{:?} {:?}", operation, fault);
        }
    }

    #[test]
    fn a_server_serves_its_attaches_in_order_without_attach_disorder(
        seed: u64,
        operations in attaches(40),
    ) {
        let ordered = Settings { attach_disorder: 0, ..settings(seed, Timing::Recorded) };
        let mut world = World::new(Settings { server_limit: 64, ..ordered });
        let mut order = order::Order::default();
        for operation in &operations {
            if let Operation::Advance(millis) = operation {
                let mut left = *millis;
                while left > 0 {
                    left = world.advance_at_most(left);
                    order.check(&world.all_ips()).map_err(TestCaseError::fail)?;
                }
                continue;
            }
            let response = world.apply(operation);
            order.check(&world.all_ips()).map_err(TestCaseError::fail)?;
            order.note(&world, operation, &response.body);
        }
        while world.advance_to_next_transition() {
            order.check(&world.all_ips()).map_err(TestCaseError::fail)?;
        }
        prop_assert!(order.is_empty());
    }

    #[test]
    fn the_same_seed_gives_the_same_run(seed: u64, operations in operations(40)) {
        let run = || {
            let mut world = World::new(settings(seed, Timing::Recorded));
            operations.iter().for_each(|operation| drop(world.apply(operation)));
            world.transcript
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn reads_change_nothing(seed: u64, operations in operations(40)) {
        let run = |reads: bool| {
            let mut world = World::new(settings(seed, Timing::Recorded));
            for operation in operations.iter().filter(|operation| !operation.is_read()) {
                world.apply(operation);
                if reads {
                    world.all_ips();
                }
            }
            world.all_ips()
        };
        prop_assert_eq!(run(false), run(true));
    }

    #[test]
    fn a_restored_emulator_continues_as_the_first(
        seed: u64,
        before in operations(30),
        after in operations(20),
    ) {
        let mut first = World::new(settings(seed, Timing::Recorded));
        before.iter().for_each(|operation| drop(first.apply(operation)));
        let mut second = first.restored(settings(seed, Timing::Recorded));
        for world in [&mut first, &mut second] {
            world.transcript.clear();
            after.iter().for_each(|operation| drop(world.apply(operation)));
            while world.advance_to_next_transition() {}
            world.all_ips();
        }
        prop_assert_eq!(first.transcript, second.transcript);
    }

    #[test]
    fn no_request_makes_it_panic(
        method in "[A-Z]{0,7}|GET|POST|PATCH|DELETE",
        target in "\\PC*|(/flexible-ip/v1alpha1/zones/fr-par-1/fips(/[^/]{0,4}){0,4}(\\?\\PC*)?)",
        name: String,
        value: String,
        body: Vec<u8>,
        now: u64,
    ) {
        let settings = Settings { require_token: false, ..Settings::default() };
        let mut emulator = Emulator::new(settings).unwrap();
        let request = Request { method, target, headers: vec![(name, value)], body };
        let response = emulator.handle(&request, Timestamp::from_nanos(now));
        prop_assert!((200..=599).contains(&response.status));
    }

    #[test]
    fn no_body_makes_it_panic(body in "\\{(\"(project_id|fips_ids|server_id|tags|mac_type|dst_fip_id)\":(null|\"\\PC{0,9}\"|\\[\\]|1e999),?){0,4}\\}", nth in 0_usize..6) {
        let settings = Settings { require_token: false, ..Settings::default() };
        let mut emulator = Emulator::new(settings).unwrap();
        let ip = "7c715b98-e683-493a-9e62-109d684e4348";
        let tails = [String::new(), "/attach".into(), "/detach".into(), format!("/{ip}/mac"), format!("/{ip}/mac/move"), format!("/{ip}/mac/duplicate")];
        let target = format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips{}", tails[nth]);
        let request = Request { method: "POST".to_owned(), target, headers: Vec::new(), body: body.into_bytes() };
        let response = emulator.handle(&request, Timestamp::default());
        prop_assert!((400..=499).contains(&response.status), "{}", response.status);
    }

    #[test]
    fn no_text_makes_a_restore_panic(text in "\\PC*|\\{\"version\":1,\"\\PC*\\}") {
        let mut emulator = Emulator::new(Settings::default()).unwrap();
        prop_assert!(emulator.restore(&text).is_err());
    }
}
