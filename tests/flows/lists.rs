//! Lists over all pages, also of a zone that changes while its pages are read.

use std::collections::BTreeSet;

use flexip::flow::Input;
use flexip::model::id::FlexibleIpId;
use serde_json::json;

use crate::support::network::Trouble;
use crate::support::scenario::{error, list_flow, policy};
use crate::support::world::{Call, World};

const SIZE: usize = 5;

fn zone_with(count: usize) -> (World, Vec<FlexibleIpId>) {
    let mut world = World::instant();
    let ids = (0..count).map(|_| world.create_ip(None)).collect();
    (world, ids)
}

fn start_all(world: &mut World) -> Call {
    let machine = list_flow(json!({ "pageSize": SIZE }), true, policy());
    world.start(machine, policy().total_timeout)
}

fn ids_of(world: &World, call: Call) -> Vec<String> {
    world.bodies(call).iter().map(|ip| ip.text("id").unwrap().to_owned()).collect()
}

fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}

#[test]
fn each_page_is_read_once_and_four_at_a_time() {
    let (mut world, ids) = zone_with(58);
    let call = start_all(&mut world);
    world.finish(call).unwrap();
    assert_eq!(ids_of(&world, call), ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(world.sent(call).len(), 12);
    assert_eq!(world.pending_max(call), 4);
    // One page, then at most three batches of four pages, 20 ms each.
    assert_eq!(world.took(call), 20 * 4);
}

#[test]
fn a_list_of_a_zone_that_shrinks_has_each_ip_that_stays() {
    for moment in (5..110).step_by(5) {
        let (mut world, ids) = zone_with(28);
        let gone = ids[moment % 11];
        let call = start_all(&mut world);
        world.after(moment as u64, move |world| {
            world.request("DELETE", &format!("/{gone}"), json!(null));
        });
        world.finish(call).unwrap();
        let found = ids_of(&world, call);
        assert_eq!(set(&found).len(), found.len(), "listed twice: changed at {moment}");
        let lost = ids.iter().filter(|id| **id != gone && !found.contains(&id.to_string()));
        assert_eq!(lost.count(), 0, "lost: changed at {moment}");
    }
}

#[test]
fn a_list_of_a_zone_that_grows_has_no_ip_twice() {
    for moment in (5..110).step_by(5) {
        let (mut world, ids) = zone_with(28);
        let call = start_all(&mut world);
        world.after(moment, |world| {
            let project = world.emulator.project_id().to_string();
            world.request("POST", "", json!({ "project_id": project }));
        });
        world.finish(call).unwrap();
        let found = ids_of(&world, call);
        assert_eq!(set(&found).len(), found.len(), "listed twice: changed at {moment}");
        assert!(ids.iter().all(|id| found.contains(&id.to_string())), "lost: changed at {moment}");
    }
}

#[test]
fn a_page_is_read_only_when_it_is_requested() {
    let (mut world, ids) = zone_with(12);
    let call = world
        .start(list_flow(json!({ "pageSize": SIZE }), false, policy()), policy().total_timeout);
    world.pass(1_000);
    assert_eq!(world.sent(call).len(), 0, "no page was requested");
    for pages in 1..=2 {
        world.input(call, Input::PageRequested);
        world.pass(1_000);
        assert_eq!((world.sent(call).len(), world.delivered(call).len()), (pages, pages * SIZE));
    }
    world.input(call, Input::PageRequested);
    world.pass(1_000);
    world.input(call, Input::PageRequested);
    world.finish(call).unwrap();
    assert_eq!(world.delivered(call).len(), ids.len());
    assert_eq!(world.sent(call).len(), 3);
}

#[test]
fn a_page_that_fails_is_retried_and_one_that_keeps_failing_ends_the_list() {
    let (mut world, ids) = zone_with(12);
    world.network.next = vec![None, Some(Trouble::Cut), Some(Trouble::Rejected(429))];
    let call = start_all(&mut world);
    world.finish(call).unwrap();
    assert_eq!(ids_of(&world, call).len(), ids.len());
    world.network.next = vec![Some(Trouble::Rejected(500)); 4];
    let call = start_all(&mut world);
    let outcome = world.finish(call);
    assert_eq!(error(outcome).code(), "internal_error");
    assert_eq!(world.sent(call).len(), 4);
}

#[test]
fn an_abort_ends_a_list_at_once_and_sends_nothing_more() {
    let (mut world, _) = zone_with(28);
    let call = start_all(&mut world);
    world.pass(25);
    let sent = world.sent(call).len();
    world.input(call, Input::Aborted);
    assert_eq!(error(world.finish(call)).code(), "aborted");
    world.settle();
    assert_eq!(world.sent(call).len(), sent);
}
