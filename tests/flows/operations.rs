//! What each operation does when its answer is lost: a row of the table "by operation" each.

use flexip::error::Error;
use flexip::flow::Outcome;
use flexip::model::id::FlexibleIpId;
use flexip::wire::route::Operation;
use serde_json::json;

use crate::support::network::Trouble;
use crate::support::scenario::{Held, defaults, error, keyed, once, operation, policy};
use crate::support::world::{Call, CallResult, World};

/// Runs an operation whose calls meet these troubles, one after another.
fn run(
    world: &mut World,
    name: Operation,
    arguments: serde_json::Value,
    troubles: &[Option<Trouble>],
) -> (Call, CallResult) {
    world.network.next = troubles.to_vec();
    let ended = world.call(name, arguments);
    assert!(world.network.next.is_empty(), "not all troubles were met");
    world.rest();
    ended
}

fn names(world: &World, call: Call) -> Vec<&'static str> {
    world.sent(call).iter().map(|sent| sent.operation.name()).collect()
}

fn held(world: &mut World, id: FlexibleIpId) -> Held {
    world.held(id).unwrap()
}

const LOST: Option<Trouble> = Some(Trouble::LostAfter);
const NOT_SENT: Option<Trouble> = Some(Trouble::LostBefore);

#[test]
fn reads_and_updates_are_simply_sent_again() {
    for trouble in [
        Trouble::LostBefore,
        Trouble::LostAfter,
        Trouble::Silent,
        Trouble::Instead(429),
        Trouble::Instead(500),
        Trouble::NotReached,
        Trouble::After(503),
        Trouble::Cut,
        Trouble::Garbage,
    ] {
        let mut world = World::instant();
        let id = world.ip(None);
        let arguments = json!({ "fipId": id.to_string(), "description": "new" });
        let (call, outcome) =
            run(&mut world, Operation::UpdateFlexibleIp, arguments, &[Some(trouble)]);
        assert_eq!(outcome.unwrap().attempts, 2, "{trouble:?}");
        assert_eq!(names(&world, call), ["updateFlexibleIP"; 2]);
        assert_eq!(held(&mut world, id).description, "new");
    }
}

#[test]
fn a_delete_whose_answer_was_lost_takes_gone_for_done() {
    let mut world = World::instant();
    let id = world.ip(None);
    let arguments = json!({ "fipId": id.to_string() });
    let (_, outcome) = run(&mut world, Operation::DeleteFlexibleIp, arguments.clone(), &[LOST]);
    assert_eq!(outcome.unwrap().found, Outcome::Nothing);
    assert_eq!(world.held(id), None);
    // Without a loss, gone is gone: the service's no.
    let (_, outcome) = run(&mut world, Operation::DeleteFlexibleIp, arguments, &[]);
    assert_eq!(error(outcome).code(), "permissions_denied");
}

#[test]
fn a_delete_that_may_have_begun_is_never_said_not_to_be_done() {
    let mut world = World::recorded(1);
    let server = world.server();
    let id = world.ip(Some(&server));
    let refused = [Some(Trouble::NotReached); 3];
    let troubles = [&[LOST, None], &refused[..]].concat();
    let arguments = json!({ "fipId": id.to_string() });
    let (_, outcome) = run(&mut world, Operation::DeleteFlexibleIp, arguments, &troubles);
    assert_eq!(error(outcome).code(), "ambiguous_result");
    assert_eq!(world.held(id), None);
}

#[test]
fn an_attach_whose_answer_was_lost_is_read_and_not_sent_twice() {
    let mut world = World::recorded(1);
    let (server, id) = (world.server(), world.ip(None));
    let arguments = json!({ "fipsIds": [id.to_string()], "serverId": server });
    let (call, outcome) = run(&mut world, Operation::AttachFlexibleIp, arguments, &[LOST]);
    assert_eq!(outcome.unwrap().attempts, 1);
    assert_eq!(names(&world, call).iter().filter(|name| **name == "attachFlexibleIP").count(), 1);
    assert_eq!(held(&mut world, id).server, Some(server));
}

#[test]
fn an_attach_that_did_not_arrive_is_sent_again() {
    let mut world = World::instant();
    let (server, id) = (world.server(), world.ip(None));
    let arguments = json!({ "fipsIds": [id.to_string()], "serverId": server });
    let (call, outcome) = run(&mut world, Operation::AttachFlexibleIp, arguments, &[NOT_SENT]);
    assert_eq!(outcome.unwrap().attempts, 2);
    assert_eq!(names(&world, call), ["attachFlexibleIP", "getFlexibleIP", "attachFlexibleIP"]);
    assert_eq!(held(&mut world, id).server, Some(server));
}

#[test]
fn an_attach_that_did_not_arrive_is_not_taken_for_another_one_on_its_way() {
    let mut world = World::recorded(3);
    let (one, other, id) = (world.server(), world.server(), world.ip(None));
    let fips_ids = [id.to_string()];
    world.order("POST", "/attach", json!({ "fips_ids": fips_ids, "server_id": one }));
    let arguments = json!({ "fipsIds": fips_ids, "serverId": other });
    let (_, outcome) = run(&mut world, Operation::AttachFlexibleIp, arguments, &[NOT_SENT]);
    assert!(outcome.is_ok());
    assert_eq!(held(&mut world, id).server, Some(other));
}

#[test]
fn a_detach_whose_answer_was_lost_is_read_and_not_sent_into_a_conflict() {
    let mut world = World::recorded(1);
    let server = world.server();
    let id = world.ip(Some(&server));
    let arguments = json!({ "fipsIds": [id.to_string()] });
    let (call, outcome) = run(&mut world, Operation::DetachFlexibleIp, arguments, &[LOST]);
    assert_eq!(outcome.unwrap().attempts, 1);
    assert_eq!(names(&world, call), ["detachFlexibleIP", "getFlexibleIP"]);
    assert_eq!(held(&mut world, id).server, None);
}

#[test]
fn a_mac_that_was_generated_is_not_generated_twice() {
    let mut world = World::instant();
    let id = world.ip(None);
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    let (call, outcome) =
        run(&mut world, Operation::GenerateMacAddr, arguments.clone(), &[None, LOST]);
    assert_eq!(outcome.unwrap().attempts, 1);
    assert_eq!(names(&world, call), ["getFlexibleIP", "generateMACAddr", "getFlexibleIP"]);
    let told = world.bodies(call)[0].field("mac_address").unwrap().text("id").map(str::to_owned);
    assert_eq!(held(&mut world, id).mac, told);
    let (_, outcome) = run(&mut world, Operation::GenerateMacAddr, arguments, &[None, NOT_SENT]);
    assert_eq!(outcome.unwrap().attempts, 2);
    assert_ne!(held(&mut world, id).mac, told);
}

#[test]
fn a_mac_that_was_deleted_or_moved_or_duplicated_is_found_so() {
    let mut world = World::instant();
    let server = world.server();
    let group = world.group(&server, 1);
    let (one, other) = (group[0], world.ip(Some(&server)));
    let mac = held(&mut world, one).mac;
    let arguments = json!({ "fipId": one.to_string(), "dstFipId": other.to_string() });
    let (_, outcome) = run(&mut world, Operation::MoveMacAddr, arguments, &[None, LOST]);
    assert_eq!(outcome.unwrap().attempts, 1);
    assert_eq!([held(&mut world, one).mac, held(&mut world, other).mac], [None, mac.clone()]);
    let arguments = json!({ "fipId": one.to_string(), "duplicateFromFipId": other.to_string() });
    let (_, outcome) = run(&mut world, Operation::DuplicateMacAddr, arguments, &[None, None, LOST]);
    assert_eq!(outcome.unwrap().attempts, 1);
    assert_eq!(held(&mut world, one).mac, mac);
    let arguments = json!({ "fipId": one.to_string() });
    let (_, outcome) = run(&mut world, Operation::DeleteMacAddr, arguments, &[None, LOST]);
    assert_eq!(outcome.unwrap().attempts, 1);
    assert_eq!(held(&mut world, one).mac, None);
}

#[test]
fn a_moved_mac_that_somebody_else_has_taken_away_leaves_the_result_unknown() {
    let mut world = World::instant();
    let server = world.server();
    let (one, other) = (world.group(&server, 1)[0], world.ip(Some(&server)));
    world.network.next = vec![None, LOST];
    let arguments = json!({ "fipId": one.to_string(), "dstFipId": other.to_string() });
    let machine = operation(Operation::MoveMacAddr, arguments, &defaults(), policy());
    let call = world.start(machine, policy().total);
    world.after(35, move |world| {
        world.order("DELETE", &format!("/{other}/mac"), json!(null));
    });
    let outcome = world.finish(call);
    assert!(matches!(error(outcome), Error::Ambiguous(cause) if cause.code() == "connection"));
}

#[test]
fn what_cannot_be_read_back_is_unknown() {
    let mut world = World::instant();
    let id = world.ip(None);
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    let lost_reads = [None, LOST, NOT_SENT, NOT_SENT, NOT_SENT, NOT_SENT];
    let (_, outcome) = run(&mut world, Operation::GenerateMacAddr, arguments, &lost_reads);
    assert_eq!(error(outcome).code(), "ambiguous_result");
}

#[test]
fn what_is_sent_once_is_unknown_after_a_loss_and_reads_nothing() {
    let mut world = World::instant();
    let id = world.ip(None);
    world.network.next = vec![LOST];
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    let machine = operation(Operation::GenerateMacAddr, arguments, &defaults(), once());
    let call = world.start(machine, once().total);
    assert_eq!(error(world.finish(call)).code(), "ambiguous_result");
    assert_eq!(names(&world, call), ["generateMACAddr"]);
}

fn create(
    world: &mut World,
    key: Option<&str>,
    troubles: &[Option<Trouble>],
) -> (Call, CallResult) {
    let project = world.emulator.project_id().to_string();
    let defaults = key.map_or_else(defaults, keyed);
    let arguments = json!({ "projectId": project });
    world.network.next = troubles.to_vec();
    let machine = operation(Operation::CreateFlexibleIp, arguments, &defaults, policy());
    let call = world.start(machine, policy().total);
    (call, world.finish(call))
}

#[test]
fn a_create_without_a_key_is_sent_once_and_unknown_after_a_loss() {
    let mut world = World::instant();
    let (call, outcome) = create(&mut world, None, &[NOT_SENT]);
    assert_eq!(error(outcome).code(), "ambiguous_result");
    assert_eq!(names(&world, call), ["createFlexibleIP"]);
    assert_eq!(world.truth().len(), 0);
}

#[test]
fn a_create_that_surely_was_not_done_is_sent_again_without_a_key() {
    let mut world = World::instant();
    for trouble in [Trouble::Instead(429), Trouble::NotReached] {
        let (call, outcome) = create(&mut world, None, &[Some(trouble)]);
        assert_eq!(outcome.unwrap().attempts, 2);
        assert_eq!(names(&world, call), ["createFlexibleIP"; 2]);
    }
    assert_eq!(world.truth().len(), 2);
}

#[test]
fn a_create_with_a_key_is_found_whenever_it_was_done_and_made_once() {
    let mut world = World::instant();
    let lost = create(&mut world, Some("order-1"), &[None, LOST]);
    assert_eq!(names(&world, lost.0), ["listFlexibleIPs", "createFlexibleIP", "listFlexibleIPs"]);
    let id = world.bodies(lost.0)[0].text("id").map(str::to_owned);
    // A later call with the same key finds it at once.
    let again = create(&mut world, Some("order-1"), &[]);
    assert_eq!(names(&world, again.0), ["listFlexibleIPs"]);
    assert_eq!(world.bodies(again.0)[0].text("id").map(str::to_owned), id);
    let other = create(&mut world, Some("order-2"), &[None, NOT_SENT]);
    assert_eq!(other.1.unwrap().attempts, 2);
    assert_eq!(world.truth().len(), 2);
}

#[test]
fn an_answer_that_comes_after_its_timeout_changes_nothing_any_more() {
    let mut world = World::instant();
    let id = world.ip(None);
    let arguments = json!({ "fipId": id.to_string() });
    let late = Some(Trouble::Late(45_000));
    let (call, outcome) = run(&mut world, Operation::GetFlexibleIp, arguments, &[late]);
    assert_eq!(outcome.unwrap().attempts, 2);
    assert!(world.took(call) < 31_000, "{}", world.took(call));
}
