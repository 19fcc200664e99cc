//! Moves of flexible IPs to a server: `ensureAttached` and `failover`.

use flexip::error::Error;
use flexip::flow::{Input, Outcome};
use flexip::model::id::FlexibleIpId;
use flexip::model::status::Status;
use flexip::model::time::Millis;
use serde_json::{Value as Json, json};

use crate::support::network::Trouble;
use crate::support::scenario::{ensure_attached_flow, error, failover_flow, within};
use crate::support::world::{Call, World};

const TOTAL: u64 = 600_000;

/// A world with two servers. On the first are a MAC group of three and two flexible IPs without one.
fn two_servers(seed: u64) -> (World, [String; 2], Vec<FlexibleIpId>) {
    let mut world = World::recorded(seed);
    let servers = [world.add_server(), world.add_server()];
    let mut ids = world.create_group(&servers[0], 3);
    ids.extend([world.create_ip(Some(&servers[0])), world.create_ip(Some(&servers[0]))]);
    (world, servers, ids)
}

fn as_texts(ids: &[FlexibleIpId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// Starts a failover from the first server to the second. `unfinished` is what an earlier one left.
fn start(
    world: &mut World,
    servers: &[String; 2],
    more: Json,
    unfinished: Vec<FlexibleIpId>,
) -> Call {
    let mut arguments = json!({ "fromServerId": servers[0], "toServerId": servers[1] });
    arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.start(failover_flow(arguments, unfinished, within(TOTAL)), Millis(TOTAL))
}

/// The requests that change something: when they were sent, their operation, and their flexible IPs.
fn changes(world: &World, call: Call) -> Vec<(u64, &'static str, Vec<String>)> {
    let sent = world.sent(call).iter().filter(|sent| sent.operation.is_write());
    sent.map(|sent| {
        let body: Json = serde_json::from_str(&sent.body).unwrap();
        let ids = body["fips_ids"].as_array().unwrap();
        let mut ids: Vec<String> = ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        ids.sort();
        (sent.at, sent.operation.name(), ids)
    })
    .collect()
}

#[track_caller]
fn assert_all_at(world: &mut World, ids: &[FlexibleIpId], server: &str) {
    world.settle();
    for id in ids {
        assert_eq!(world.actual_ip(*id).unwrap().server.as_deref(), Some(server), "{id}");
    }
}

#[test]
fn groups_are_detached_at_once_and_never_split() {
    let (mut world, servers, ids) = two_servers(1);
    let call = start(&mut world, &servers, json!({}), Vec::new());
    world.finish(call).unwrap();
    let changes = changes(&world, call);
    let mut group = as_texts(&ids[..3]);
    group.sort();
    let is_whole = |moved: &Vec<String>| *moved == group || moved.len() == 1;
    assert!(changes.iter().all(|(.., moved)| is_whole(moved)), "{changes:?}");
    // Three groups: three detaches at the same time, and an attach after each.
    let detached: Vec<u64> = changes
        .iter()
        .filter(|change| change.1 == "detachFlexibleIP")
        .map(|change| change.0)
        .collect();
    assert_eq!(detached, [20; 3]);
    assert_eq!(changes.iter().filter(|change| change.1 == "attachFlexibleIP").count(), 3);
    assert_eq!(world.bodies(call).len(), ids.len());
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn a_direct_move_detaches_nothing() {
    let (mut world, servers, ids) = two_servers(2);
    let call = start(&mut world, &servers, json!({ "strategy": "direct" }), Vec::new());
    world.finish(call).unwrap();
    assert!(changes(&world, call).iter().all(|change| change.1 == "attachFlexibleIP"));
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn a_dry_run_returns_every_step_and_sends_only_reads() {
    let (mut world, servers, ids) = two_servers(3);
    let call = start(&mut world, &servers, json!({ "dryRun": true }), Vec::new());
    let Outcome::Plan(plan) = world.finish(call).unwrap().outcome else { panic!("no plan") };
    let steps: Vec<_> = plan.iter().map(|step| (step.operation.name(), step.ids.len())).collect();
    let mut sizes: Vec<usize> = steps.iter().map(|step| step.1).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1, 1, 1, 3, 3], "{steps:?}");
    for pair in steps.chunks(2) {
        assert_eq!((pair[0].0, pair[1].0), ("detachFlexibleIP", "attachFlexibleIP"));
    }
    assert_eq!(changes(&world, call), []);
    assert_all_at(&mut world, &ids, &servers[0]);
}

#[test]
fn a_move_that_fails_in_part_says_where_each_ip_is_and_continues_when_repeated() {
    let (mut world, servers, ids) = two_servers(4);
    let (stuck, now) = (ids[4], world.timestamp());
    assert!(world.emulator.force_status(stuck, Status::Locked, now));
    let call = start(&mut world, &servers, json!({}), Vec::new());
    let failed = world.finish(call).unwrap_err();
    let Error::Incomplete(incomplete) = &failed.failure.error else { panic!("{failed:?}") };
    assert_eq!((incomplete.arrived, incomplete.total), (4, 5));
    for moved in &failed.moves {
        let last = world.body(call, moved.last.unwrap());
        let server = if moved.id == stuck { &servers[0] } else { &servers[1] };
        assert_eq!(last.text("server_id"), Some(server.as_str()));
        assert_eq!((moved.arrived, moved.error.is_none()), (moved.id != stuck, moved.id != stuck));
    }
    let now = world.timestamp();
    assert!(world.emulator.force_status(stuck, Status::Attached, now));
    let again = start(&mut world, &servers, json!({}), Vec::new());
    world.finish(again).unwrap();
    assert!(changes(&world, again).iter().all(|(.., moved)| *moved == [stuck.to_string()]));
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn an_abort_waits_for_requests_under_way_and_sends_nothing_more() {
    // Before the first change, during the detach, while it waits, and between detach and attach.
    for moment in [5, 25, 500, 7_000, 9_000] {
        let (mut world, servers, ids) = two_servers(5);
        let call = start(&mut world, &servers, json!({}), Vec::new());
        world.pass(moment);
        let sent = changes(&world, call).len();
        world.input(call, Input::Aborted);
        let failed = world.finish(call).unwrap_err();
        assert_eq!(failed.failure.error, Error::Aborted);
        assert!(world.took(call) <= moment + 20, "{moment}: {}", world.took(call));
        world.settle();
        assert_eq!(changes(&world, call).len(), sent, "sent after the abort at {moment}");
        // A repeated call continues with the flexible IPs that are on no server.
        let unfinished: Vec<FlexibleIpId> = world
            .actual_ips()
            .iter()
            .filter(|ip| ip.server.is_none())
            .map(|ip| ip.flexible_ip_id())
            .collect();
        let again = start(&mut world, &servers, json!({}), unfinished);
        world.finish(again).unwrap();
        assert_all_at(&mut world, &ids, &servers[1]);
    }
}

#[test]
fn the_next_poll_decides_after_a_lost_response() {
    for trouble in [
        Trouble::ResponseLost,
        Trouble::RequestLost,
        Trouble::DoneThenStatus(500),
        Trouble::Garbage,
    ] {
        let mut world = World::recorded(6);
        let servers = [world.add_server(), world.add_server()];
        let id = world.create_ip(Some(&servers[0]));
        world.network.next = vec![None, Some(trouble)];
        let call = start(&mut world, &servers, json!({}), Vec::new());
        world.finish(call).unwrap();
        let detaches =
            changes(&world, call).iter().filter(|change| change.1 == "detachFlexibleIP").count();
        assert_eq!(detaches, if trouble.reaches_service() { 1 } else { 2 }, "{trouble:?}");
        assert_all_at(&mut world, &[id], &servers[1]);
    }
}

#[test]
fn a_conflict_with_another_client_is_waited_out() {
    let mut world = World::recorded(7);
    let servers = [world.add_server(), world.add_server()];
    let id = world.create_ip(Some(&servers[0]));
    let call = start(&mut world, &servers, json!({}), Vec::new());
    // After the zone is read, and before the detach arrives.
    world.after(15, move |world| {
        world.request("POST", &format!("/{id}/mac"), json!({ "mac_type": "kvm" }));
    });
    world.finish(call).unwrap();
    assert!(changes(&world, call).len() > 2, "the detach met no conflict");
    assert_all_at(&mut world, &[id], &servers[1]);
}

#[test]
fn a_move_finds_the_ips_on_all_pages_of_a_zone() {
    let mut world = World::instant();
    let servers = [world.add_server(), world.add_server()];
    let mut ids = vec![world.create_ip(Some(&servers[0]))];
    for _ in 0..130 {
        world.create_ip(None);
    }
    ids.push(world.create_ip(Some(&servers[0])));
    let call = start(&mut world, &servers, json!({}), Vec::new());
    world.finish(call).unwrap();
    assert_eq!(world.bodies(call).len(), 2);
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn ips_that_are_on_the_target_already_are_polled_for_the_result() {
    let (mut world, servers, ids) = two_servers(8);
    world.network.next = vec![None, Some(Trouble::ResponseLost), Some(Trouble::Rejected(503))];
    let arguments = json!({ "fipsIds": as_texts(&ids), "serverId": servers[0] });
    let call = world.start(ensure_attached_flow(arguments, within(TOTAL)), Millis(TOTAL));
    world.finish(call).unwrap();
    assert_eq!(changes(&world, call), []);
    assert_eq!(world.bodies(call).len(), ids.len());
}

#[test]
fn a_missing_ip_or_a_split_group_is_refused_before_any_change() {
    let (mut world, servers, ids) = two_servers(9);
    let missing = "7c715b98-e683-493a-9e62-109d684e4348".to_owned();
    for fips_ids in [vec![missing], as_texts(&ids[..2])] {
        let arguments = json!({ "fipsIds": fips_ids, "serverId": servers[1] });
        let call = world.start(ensure_attached_flow(arguments, within(TOTAL)), Millis(TOTAL));
        let outcome = world.finish(call);
        assert_eq!(error(outcome).code(), "invalid_arguments");
        assert_eq!(changes(&world, call), []);
    }
}

#[test]
fn a_move_ends_at_its_deadline() {
    let (mut world, servers, _) = two_servers(10);
    let arguments = json!({ "fromServerId": servers[0], "toServerId": servers[1] });
    let call = world.start(failover_flow(arguments, Vec::new(), within(3_000)), Millis(3_000));
    let outcome = world.finish(call);
    assert_eq!(error(outcome).code(), "incomplete");
    assert!(world.took(call) <= 3_001, "{}", world.took(call));
}
