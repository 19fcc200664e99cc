//! Lists over all pages, also of a zone that others change meanwhile.

use std::collections::BTreeSet;

use flexip::flow::Input;
use flexip::model::id::FlexibleIpId;
use serde_json::json;

use crate::support::network::Trouble;
use crate::support::scenario::{error, listing, policy};
use crate::support::world::{Call, World};

const SIZE: usize = 5;

fn zone_of(number: usize) -> (World, Vec<FlexibleIpId>) {
    let mut world = World::instant();
    let ids = (0..number).map(|_| world.ip(None)).collect();
    (world, ids)
}

fn all(world: &mut World) -> Call {
    let machine = listing(json!({ "pageSize": SIZE }), true, policy());
    world.start(machine, policy().total)
}

fn found(world: &World, call: Call) -> Vec<String> {
    world.bodies(call).iter().map(|ip| ip.text("id").unwrap().to_owned()).collect()
}

fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}

#[test]
fn everything_is_read_once_with_four_pages_on_their_way() {
    let (mut world, ids) = zone_of(58);
    let call = all(&mut world);
    world.finish(call).unwrap();
    assert_eq!(found(&world, call), ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(world.sent(call).len(), 12);
    assert_eq!(world.at_once(call), 4);
    // One page, then three times four at the most.
    assert_eq!(world.took(call), 20 * 4);
}

#[test]
fn a_zone_that_shrinks_loses_nobody_who_was_there_throughout() {
    for moment in (5..110).step_by(5) {
        let (mut world, ids) = zone_of(28);
        let gone = ids[moment % 11];
        let call = all(&mut world);
        world.after(moment as u64, move |world| {
            world.order("DELETE", &format!("/{gone}"), json!(null));
        });
        world.finish(call).unwrap();
        let found = found(&world, call);
        assert_eq!(set(&found).len(), found.len(), "doubled at {moment}");
        let lost = ids.iter().filter(|id| **id != gone && !found.contains(&id.to_string()));
        assert_eq!(lost.count(), 0, "lost at {moment}");
    }
}

#[test]
fn a_zone_that_grows_doubles_nobody() {
    for moment in (5..110).step_by(5) {
        let (mut world, ids) = zone_of(28);
        let call = all(&mut world);
        world.after(moment, |world| {
            let project = world.emulator.project_id().to_string();
            world.order("POST", "", json!({ "project_id": project }));
        });
        world.finish(call).unwrap();
        let found = found(&world, call);
        assert_eq!(set(&found).len(), found.len(), "doubled at {moment}");
        assert!(ids.iter().all(|id| found.contains(&id.to_string())), "lost at {moment}");
    }
}

#[test]
fn pages_are_read_as_they_are_wanted_and_no_further() {
    let (mut world, ids) = zone_of(12);
    let call = world.start(listing(json!({ "pageSize": SIZE }), false, policy()), policy().total);
    world.pass(1_000);
    assert_eq!(world.sent(call).len(), 0, "nobody has asked for anything");
    for pages in 1..=2 {
        world.input(call, Input::PageRequested);
        world.pass(1_000);
        assert_eq!((world.sent(call).len(), world.given(call).len()), (pages, pages * SIZE));
    }
    world.input(call, Input::PageRequested);
    world.pass(1_000);
    world.input(call, Input::PageRequested);
    world.finish(call).unwrap();
    assert_eq!(world.given(call).len(), ids.len());
    assert_eq!(world.sent(call).len(), 3);
}

#[test]
fn a_page_that_fails_is_read_again_and_one_that_keeps_failing_ends_the_list() {
    let (mut world, ids) = zone_of(12);
    world.network.next = vec![None, Some(Trouble::Cut), Some(Trouble::Instead(429))];
    let call = all(&mut world);
    world.finish(call).unwrap();
    assert_eq!(found(&world, call).len(), ids.len());
    world.network.next = vec![Some(Trouble::Instead(500)); 4];
    let call = all(&mut world);
    let outcome = world.finish(call);
    assert_eq!(error(outcome).code(), "internal_error");
    assert_eq!(world.sent(call).len(), 4);
}

#[test]
fn an_abort_ends_a_list_at_once_and_nothing_is_sent_after() {
    let (mut world, _) = zone_of(28);
    let call = all(&mut world);
    world.pass(25);
    let sent = world.sent(call).len();
    world.input(call, Input::Aborted);
    assert_eq!(error(world.finish(call)).code(), "aborted");
    world.rest();
    assert_eq!(world.sent(call).len(), sent);
}
