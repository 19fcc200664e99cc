//! Moves of flexible IPs to a server: `ensureAttached` and `failover`.

use flexip::error::Error;
use flexip::flow::{Input, Outcome};
use flexip::model::id::FlexibleIpId;
use flexip::model::status::Status;
use flexip::model::time::Millis;
use flexip::wire::route::Operation;
use serde_json::{Value as Json, json};

use crate::moving::*;
use crate::support::network::Trouble;
use crate::support::scenario::{ensure_attached_flow, error, failover_flow, within};
use crate::support::world::World;

#[test]
fn groups_are_detached_at_once_and_never_split() {
    let (mut world, servers, ids) = two_servers(1);
    let call = start(&mut world, &servers, json!({}));
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
    let call = start(&mut world, &servers, json!({ "strategy": "direct" }));
    world.finish(call).unwrap();
    assert!(changes(&world, call).iter().all(|change| change.1 == "attachFlexibleIP"));
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn a_dry_run_returns_every_step_and_sends_only_reads() {
    let (mut world, servers, ids) = two_servers(3);
    let call = start(&mut world, &servers, json!({ "dryRun": true }));
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
fn a_move_that_fails_in_part_says_where_each_ip_is_and_how_it_goes_on() {
    let (mut world, servers, ids) = two_servers(4);
    let (stuck, now) = (ids[4], world.timestamp());
    assert!(world.emulator.force_status(stuck, Status::Locked, now).unwrap());
    let call = start(&mut world, &servers, json!({}));
    let (failed, incomplete) = incomplete(world.finish(call));
    assert_eq!((incomplete.arrived, incomplete.total, incomplete.is_retryable), (4, 5, false));
    for moved in &failed.moves {
        let last = world.body(call, moved.last.unwrap());
        let server = if moved.id == stuck { &servers[0] } else { &servers[1] };
        assert_eq!(last.text("server_id"), Some(server.as_str()));
        assert_eq!(
            (moved.arrived, moved.failure.is_none()),
            (moved.id != stuck, moved.id != stuck)
        );
    }
    let now = world.timestamp();
    assert!(world.emulator.force_status(stuck, Status::Attached, now).unwrap());
    let again = start_resume(&mut world, &failed);
    world.finish(again).unwrap();
    assert!(changes(&world, again).iter().all(|(.., moved)| *moved == [stuck.to_string()]));
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn an_abort_ends_a_move_at_once_and_sends_nothing_more() {
    // While it reads, during the detach, while it waits, and between detach and attach.
    for moment in [5, 25, 500, 7_000, 9_000] {
        let (mut world, servers, ids) = two_servers(5);
        let call = start(&mut world, &servers, json!({}));
        world.pass(moment);
        let sent = world.sent(call).len();
        world.input(call, Input::Aborted);
        let failed = world.finish(call).unwrap_err();
        assert_eq!(world.took(call), moment);
        assert_eq!(failed.failure.error.code(), "aborted");
        world.settle();
        assert_eq!(world.sent(call).len(), sent, "sent after the abort at {moment}");
        if moment == 5 {
            assert_eq!(
                (failed.failure.error.clone(), failed.failure.attempts),
                (Error::Aborted, 0)
            );
            assert_all_at(&mut world, &ids, &servers[0]);
            continue;
        }
        let (failed, incomplete) = incomplete(Err(failed));
        assert!(!incomplete.is_retryable);
        assert!(failed.failure.attempts > 0);
        assert_eq!(failed.moves.len(), ids.len());
        for moved in &failed.moves {
            assert!(world.body(call, moved.last.unwrap()).text("status").is_some());
        }
        let again = start_resume(&mut world, &failed);
        world.finish(again).unwrap();
        assert_all_at(&mut world, &ids, &servers[1]);
    }
}

#[test]
fn an_abort_also_ends_the_retry_that_a_refusal_would_have() {
    let (mut world, servers, _) = two_servers(5);
    refuse(&mut world, Operation::DetachFlexibleIp, 429, json!({}), |_| true);
    let call = start(&mut world, &servers, json!({}));
    world.pass(25);
    let sent = world.sent(call).len();
    world.input(call, Input::Aborted);
    world.settle();
    assert_eq!(world.sent(call).len(), sent);
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
        world.network.next = vec![None, None, Some(trouble)];
        let call = start(&mut world, &servers, json!({}));
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
    let call = start(&mut world, &servers, json!({}));
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
    let call = start(&mut world, &servers, json!({}));
    world.finish(call).unwrap();
    assert_eq!(world.bodies(call).len(), 2);
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn ips_that_are_on_the_target_already_need_no_poll() {
    let (mut world, servers, ids) = two_servers(8);
    let arguments = json!({ "fipsIds": as_texts(&ids), "serverId": servers[0] });
    let call = world.start(ensure_attached_flow(arguments, within(TOTAL)), Millis(TOTAL));
    world.finish(call).unwrap();
    assert_eq!(world.sent(call).len(), 2);
    assert_eq!(world.bodies(call).len(), ids.len());
}

#[test]
fn an_ip_that_comes_to_a_third_server_during_a_failover_is_left_there() {
    let mut world = World::recorded(9);
    let servers = [world.add_server(), world.add_server()];
    let (third, id) = (world.add_server(), world.create_ip(Some(&servers[0])));
    let call = start(&mut world, &servers, json!({}));
    // Another client attaches it as soon as it is detached.
    fn take(world: &mut World, id: FlexibleIpId, server: String) {
        match world.actual_ip(id).unwrap().status.as_str() {
            "ready" => {
                let body = json!({ "fips_ids": [id.to_string()], "server_id": server });
                world.request("POST", "/attach", body);
            }
            _ => world.after(1, move |world| take(world, id, server)),
        }
    }
    let server = third.clone();
    world.after(30, move |world| take(world, id, server));
    let (failed, _) = incomplete(world.finish(call));
    let error = failed.moves[0].failure.as_ref().unwrap().error.to_string();
    assert!(error.contains(&third), "{error}");
    assert_eq!(failed.resume, None);
    assert_all_at(&mut world, &[id], &third);
}

/// Shows a flexible IP in transition and on no server in the first lists.
fn tear(world: &mut World, id: FlexibleIpId, mut lists: u32, status: &'static str) {
    world.tamper = Some(Box::new(move |request, reply| {
        if request.operation != Operation::ListFlexibleIps || lists == 0 {
            return;
        }
        lists -= 1;
        let mut list: Json = serde_json::from_slice(&reply.body).unwrap();
        let ips = list["flexible_ips"].as_array_mut().unwrap();
        let ip = ips.iter_mut().find(|ip| ip["id"] == id.to_string()).unwrap();
        ip["server_id"] = Json::Null;
        ip["status"] = json!(status);
        reply.body = list.to_string().into_bytes();
    }));
}

#[test]
fn a_torn_list_does_not_split_a_mac_group() {
    for (status, lists) in [("updating", 1), ("updating", 3), ("ready", 1), ("ready", 3)] {
        let (mut world, servers, ids) = two_servers(14);
        tear(&mut world, ids[1], lists, status);
        let call = start(&mut world, &servers, json!({}));
        world.finish(call).unwrap();
        let mut group = as_texts(&ids[..3]);
        group.sort();
        let changes = changes(&world, call);
        assert!(
            changes.iter().all(|(.., moved)| *moved == group || moved.len() == 1),
            "{changes:?}"
        );
        assert_all_at(&mut world, &ids, &servers[1]);
        let macs: Vec<_> = ids[..3].iter().map(|id| world.actual_ip(*id).unwrap().mac).collect();
        assert!(macs[0].is_some() && macs.iter().all(|mac| *mac == macs[0]));
    }
}

#[test]
fn a_group_whose_ips_disagree_for_thirty_seconds_stops_and_nothing_of_it_is_detached() {
    let (mut world, servers, ids) = two_servers(15);
    tear(&mut world, ids[1], u32::MAX, "ready");
    let call = start(&mut world, &servers, json!({}));
    let (failed, incomplete) = incomplete(world.finish(call));
    assert_eq!((incomplete.arrived, incomplete.total), (2, 5));
    assert!((30_000..40_000).contains(&world.took(call)), "{}", world.took(call));
    let error = failed.moves.iter().find_map(|moved| moved.failure.clone()).unwrap().error;
    assert!(error.to_string().contains("different states"), "{error}");
    assert!(changes(&world, call).iter().all(|(.., moved)| moved.len() == 1));
    assert_all_at(&mut world, &ids[..3], &servers[0]);
}

#[test]
fn a_detach_that_is_done_late_does_not_undo_a_move_that_has_ended() {
    let mut world = World::recorded(18);
    let servers = [world.add_server(), world.add_server()];
    let id = world.create_ip(Some(&servers[0]));
    // The first detach seems lost. The service does it when the flexible IP is on the target.
    world.network.next = vec![None, None, Some(Trouble::RequestLost)];
    let call = start(&mut world, &servers, json!({}));
    world.after(18_000, move |world| {
        world.request("POST", "/detach", json!({ "fips_ids": [id.to_string()] }));
    });
    world.finish(call).unwrap();
    assert!(world.took(call) > 18_000, "{}", world.took(call));
    assert_all_at(&mut world, &[id], &servers[1]);
}

#[test]
fn an_ip_that_is_gone_is_not_in_the_request_that_goes_on() {
    let (mut world, servers, ids) = two_servers(19);
    let call = start(&mut world, &servers, json!({}));
    let gone = ids[4];
    world.after(30, move |world| {
        world.request("DELETE", &format!("/{gone}"), Json::Null);
    });
    let (failed, incomplete) = incomplete(world.finish(call));
    assert_eq!((incomplete.arrived, failed.resume), (4, None));
}

#[test]
fn only_a_failover_that_can_succeed_unchanged_is_retryable() {
    let (mut world, servers, ids) = two_servers(20);
    let before = world.start(
        failover_flow(
            json!({ "fromServerId": servers[0], "toServerId": servers[1] }),
            within(3_000),
        ),
        Millis(3_000),
    );
    let (_, without_ids) = incomplete(world.finish(before));
    assert!(!without_ids.is_retryable);
    world.settle();
    let named =
        json!({ "fromServerId": servers[0], "toServerId": servers[1], "fipsIds": as_texts(&ids) });
    let named = world.start(failover_flow(named, within(3_000)), Millis(3_000));
    let (_, with_ids) = incomplete(world.finish(named));
    assert!(with_ids.is_retryable);
}

#[test]
fn a_move_ends_at_its_deadline() {
    let (mut world, servers, _) = two_servers(10);
    let arguments = json!({ "fromServerId": servers[0], "toServerId": servers[1] });
    let call = world.start(failover_flow(arguments, within(3_000)), Millis(3_000));
    let outcome = world.finish(call);
    assert_eq!(error(outcome).code(), "incomplete");
    assert!(world.took(call) <= 3_001, "{}", world.took(call));
}
