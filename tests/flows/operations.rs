//! What each operation does when a response is lost.

use flexip::error::Error;
use flexip::flow::Outcome;
use flexip::flow::call_policy::CallPolicy;
use flexip::model::id::FlexibleIpId;
use flexip::model::time::Millis;
use flexip::wire::route::Operation;
use serde_json::json;

use crate::support::network::Trouble;
use crate::support::scenario::{
    ActualIp, defaults, error, operation_flow, policy, with_key, without_retries,
};
use crate::support::world::{Call, CallResult, World};

/// Runs an operation. Its requests meet these troubles, one by one.
fn run(
    world: &mut World,
    name: Operation,
    arguments: serde_json::Value,
    troubles: &[Option<Trouble>],
) -> (Call, CallResult) {
    world.network.next = troubles.to_vec();
    let result = world.call(name, arguments);
    assert!(world.network.next.is_empty(), "fewer requests than troubles");
    world.settle();
    result
}

fn names(world: &World, call: Call) -> Vec<&'static str> {
    world.sent(call).iter().map(|sent| sent.operation.name()).collect()
}

fn count(world: &World, call: Call, name: &str) -> usize {
    names(world, call).iter().filter(|other| **other == name).count()
}

fn actual(world: &mut World, id: FlexibleIpId) -> ActualIp {
    world.actual_ip(id).unwrap()
}

const LOST: Option<Trouble> = Some(Trouble::ResponseLost);
const NOT_DONE: Option<Trouble> = Some(Trouble::RequestLost);

#[test]
fn reads_and_updates_are_retried() {
    for trouble in [
        Trouble::RequestLost,
        Trouble::ResponseLost,
        Trouble::NoResponse,
        Trouble::Rejected(429),
        Trouble::Rejected(500),
        Trouble::Unreached,
        Trouble::DoneThenStatus(503),
        Trouble::Cut,
        Trouble::Garbage,
    ] {
        let mut world = World::instant();
        let id = world.create_ip(None);
        let arguments = json!({ "fipId": id.to_string(), "description": "new" });
        let (call, result) =
            run(&mut world, Operation::UpdateFlexibleIp, arguments, &[Some(trouble)]);
        assert_eq!(result.unwrap().attempts, 2, "{trouble:?}");
        assert_eq!(names(&world, call), ["updateFlexibleIP"; 2]);
        assert_eq!(actual(&mut world, id).description, "new");
    }
}

#[test]
fn a_delete_whose_response_was_lost_succeeds_if_the_ip_is_gone() {
    let mut world = World::instant();
    let id = world.create_ip(None);
    let arguments = json!({ "fipId": id.to_string() });
    let (_, result) = run(&mut world, Operation::DeleteFlexibleIp, arguments.clone(), &[LOST]);
    assert_eq!(result.unwrap().outcome, Outcome::Nothing);
    assert_eq!(world.actual_ip(id), None);
    // Without a lost response, the refusal is the result.
    let (_, result) = run(&mut world, Operation::DeleteFlexibleIp, arguments, &[]);
    assert_eq!(error(result).code(), "permissions_denied");
}

#[test]
fn a_delete_whose_response_was_lost_is_sent_once_and_polled_until_the_ip_is_gone() {
    let mut world = World::recorded(1);
    let server = world.add_server();
    let id = world.create_ip(Some(&server));
    let refused = [Some(Trouble::Unreached); 3];
    let troubles = [&[LOST, None], &refused[..]].concat();
    let arguments = json!({ "fipId": id.to_string() });
    let (call, result) = run(&mut world, Operation::DeleteFlexibleIp, arguments, &troubles);
    assert_eq!(result.unwrap().outcome, Outcome::Nothing);
    assert_eq!(world.actual_ip(id), None);
    assert_eq!(count(&world, call, "deleteFlexibleIP"), 1);
}

#[test]
fn a_delete_in_doubt_of_an_ip_that_was_just_written_is_read_until_it_is_gone() {
    for late in [300, 3_000, 40_000] {
        let mut world = World::instant();
        let arguments = json!({ "fipId": world.create_ip(None).to_string() });
        let late = [Some(Trouble::DoneLater(late))];
        let (call, result) = run(&mut world, Operation::DeleteFlexibleIp, arguments, &late);
        assert_eq!(result.unwrap().attempts, 1, "{late:?}");
        assert_eq!(count(&world, call, "deleteFlexibleIP"), 1);
    }
}

#[test]
fn a_delete_in_doubt_of_an_ip_that_was_just_written_stays_in_doubt_after_the_settling_time() {
    let mut world = World::instant();
    let arguments = json!({ "fipId": world.create_ip(None).to_string() });
    let (call, result) = run(&mut world, Operation::DeleteFlexibleIp, arguments, &[NOT_DONE]);
    assert_eq!(error(result).code(), "ambiguous_result");
    assert_eq!(count(&world, call, "deleteFlexibleIP"), 1);
    let settling = Operation::DeleteFlexibleIp.route().settling_ms;
    assert!((settling..settling + 1_000).contains(&world.took(call)), "{}", world.took(call));
}

#[test]
fn the_deletion_of_a_mac_address_that_another_client_replaces_is_read_until_it_is_done() {
    let mut world = World::instant();
    let server = world.add_server();
    let id = world.create_group(&server, 1)[0];
    world.network.next = vec![None, Some(Trouble::DoneLater(3_000))];
    let arguments = json!({ "fipId": id.to_string() });
    let machine = operation_flow(Operation::DeleteMacAddr, arguments, &defaults(), policy());
    let call = world.start(machine, policy().total_timeout);
    world.after(100, move |world| {
        world.request("POST", &format!("/{id}/mac"), json!({ "mac_type": "kvm" }));
    });
    assert_eq!(world.finish(call).unwrap().attempts, 1);
    assert!(world.took(call) >= 3_000, "{}", world.took(call));
    assert_eq!(actual(&mut world, id).mac, None);
}

#[test]
fn a_create_in_doubt_whose_key_another_request_has_taken_is_read_until_it_is_done() {
    let mut world = World::instant();
    let project = world.emulator.project_id().to_string();
    world.network.next = vec![None, Some(Trouble::DoneLater(3_000))];
    let arguments = json!({ "projectId": project });
    let key = with_key("order-1");
    let machine = operation_flow(Operation::CreateFlexibleIp, arguments, &key, policy());
    let call = world.start(machine, policy().total_timeout);
    world.after(100, move |world| {
        let tags = ["idempotency:order-1", "idempotency-request:7"];
        let other = json!({ "project_id": project, "is_ipv6": false, "tags": tags });
        world.request("POST", "", other);
    });
    assert_eq!(world.finish(call).unwrap().attempts, 1);
    assert_eq!(count(&world, call, "createFlexibleIP"), 1);
    assert_eq!(world.actual_ips().len(), 2);
}

#[test]
fn an_attach_whose_response_was_lost_is_read_back_and_not_repeated() {
    let mut world = World::recorded(1);
    let (server, id) = (world.add_server(), world.create_ip(None));
    let arguments = json!({ "fipsIds": [id.to_string()], "serverId": server });
    let (call, result) = run(&mut world, Operation::AttachFlexibleIp, arguments, &[LOST]);
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!(names(&world, call).iter().filter(|name| **name == "attachFlexibleIP").count(), 1);
    assert_eq!(actual(&mut world, id).server, Some(server));
}

#[test]
fn an_attach_that_was_not_done_is_repeated() {
    let mut world = World::instant();
    let (server, id) = (world.add_server(), world.create_ip(None));
    let arguments = json!({ "fipsIds": [id.to_string()], "serverId": server });
    let (call, result) = run(&mut world, Operation::AttachFlexibleIp, arguments, &[NOT_DONE]);
    assert_eq!(result.unwrap().attempts, 2);
    assert_eq!(names(&world, call), ["attachFlexibleIP", "getFlexibleIP", "attachFlexibleIP"]);
    assert_eq!(actual(&mut world, id).server, Some(server));
}

#[test]
fn a_readback_does_not_mistake_another_attach_for_its_own() {
    let mut world = World::recorded(3);
    let (one, other, id) = (world.add_server(), world.add_server(), world.create_ip(None));
    let fips_ids = [id.to_string()];
    world.request("POST", "/attach", json!({ "fips_ids": fips_ids, "server_id": one }));
    let arguments = json!({ "fipsIds": fips_ids, "serverId": other });
    let (_, result) = run(&mut world, Operation::AttachFlexibleIp, arguments, &[NOT_DONE]);
    assert!(result.is_ok());
    assert_eq!(actual(&mut world, id).server, Some(other));
}

#[test]
fn a_detach_whose_response_was_lost_is_read_back_and_not_repeated() {
    let mut world = World::recorded(1);
    let server = world.add_server();
    let id = world.create_ip(Some(&server));
    let arguments = json!({ "fipsIds": [id.to_string()] });
    let (call, result) = run(&mut world, Operation::DetachFlexibleIp, arguments, &[LOST]);
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!(names(&world, call), ["detachFlexibleIP", "getFlexibleIP"]);
    assert_eq!(actual(&mut world, id).server, None);
}

#[test]
fn a_mac_address_is_not_generated_twice() {
    let mut world = World::instant();
    let id = world.create_ip(None);
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    let (call, result) =
        run(&mut world, Operation::GenerateMacAddr, arguments.clone(), &[None, LOST]);
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!(names(&world, call), ["getFlexibleIP", "generateMACAddr", "getFlexibleIP"]);
    let generated =
        world.bodies(call)[0].field("mac_address").unwrap().text("id").map(str::to_owned);
    assert_eq!(actual(&mut world, id).mac, generated);
    let (_, result) = run(&mut world, Operation::GenerateMacAddr, arguments, &[None, NOT_DONE]);
    assert_eq!(result.unwrap().attempts, 2);
    assert_ne!(actual(&mut world, id).mac, generated);
}

#[test]
fn a_readback_finds_that_a_mac_address_was_moved_duplicated_or_deleted() {
    let mut world = World::instant();
    let server = world.add_server();
    let group = world.create_group(&server, 1);
    let (one, other) = (group[0], world.create_ip(Some(&server)));
    let mac = actual(&mut world, one).mac;
    let arguments = json!({ "fipId": one.to_string(), "dstFipId": other.to_string() });
    let (_, result) = run(&mut world, Operation::MoveMacAddr, arguments, &[None, LOST]);
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!([actual(&mut world, one).mac, actual(&mut world, other).mac], [None, mac.clone()]);
    let arguments = json!({ "fipId": one.to_string(), "duplicateFromFipId": other.to_string() });
    let (_, result) = run(&mut world, Operation::DuplicateMacAddr, arguments, &[None, None, LOST]);
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!(actual(&mut world, one).mac, mac);
    let arguments = json!({ "fipId": one.to_string() });
    let (_, result) = run(&mut world, Operation::DeleteMacAddr, arguments, &[None, LOST]);
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!(actual(&mut world, one).mac, None);
}

#[test]
fn a_moved_mac_address_that_another_client_deletes_leaves_the_outcome_unknown() {
    let mut world = World::instant();
    let server = world.add_server();
    let (one, other) = (world.create_group(&server, 1)[0], world.create_ip(Some(&server)));
    world.network.next = vec![None, LOST];
    let arguments = json!({ "fipId": one.to_string(), "dstFipId": other.to_string() });
    let machine = operation_flow(Operation::MoveMacAddr, arguments, &defaults(), policy());
    let call = world.start(machine, policy().total_timeout);
    world.after(35, move |world| {
        world.request("DELETE", &format!("/{other}/mac"), json!(null));
    });
    let result = world.finish(call);
    assert!(matches!(error(result), Error::Ambiguous(cause) if cause.code() == "connection"));
}

#[test]
fn a_failed_readback_leaves_the_outcome_unknown() {
    let mut world = World::instant();
    let id = world.create_ip(None);
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    world.network.next = [vec![None, LOST], vec![NOT_DONE; 200]].concat();
    let (call, result) = world.call(Operation::GenerateMacAddr, arguments);
    assert_eq!(error(result).code(), "ambiguous_result");
    assert_eq!(world.took(call), policy().total_timeout.0);
}

#[test]
fn work_that_ends_after_an_error_response_is_found_and_not_repeated() {
    for late in [300, 3_000, 9_000] {
        let mut world = World::instant();
        let (server, other_server) = (world.add_server(), world.add_server());
        let (one, other) = (world.create_group(&server, 1)[0], world.create_ip(Some(&server)));
        let late = Some(Trouble::DoneLater(late));
        let (id, spare) = (world.create_ip(None).to_string(), world.create_ip(None).to_string());
        let generate = json!({ "fipId": id, "macType": "kvm" });
        let duplicate =
            json!({ "fipId": other.to_string(), "duplicateFromFipId": one.to_string() });
        let attach = json!({ "fipsIds": [spare], "serverId": other_server });
        let detach = json!({ "fipsIds": [spare] });
        for (operation, arguments, troubles) in [
            (Operation::GenerateMacAddr, generate, vec![None, late]),
            (Operation::DuplicateMacAddr, duplicate, vec![None, None, late]),
            (Operation::DeleteFlexibleIp, json!({ "fipId": id }), vec![late]),
        ] {
            let (call, result) = run(&mut world, operation, arguments, &troubles);
            assert_eq!(result.unwrap().attempts, 1, "{operation:?} {late:?}");
            assert_eq!(count(&world, call, operation.name()), 1);
        }
        // A second attach to the same server, or a second detach, does no harm.
        for (operation, arguments) in
            [(Operation::AttachFlexibleIp, attach), (Operation::DetachFlexibleIp, detach)]
        {
            let (_, result) = run(&mut world, operation, arguments, &[late]);
            assert!(result.is_ok(), "{operation:?} {late:?}");
        }
    }
}

#[test]
fn a_create_with_a_key_makes_one_ip_although_each_attempt_is_done_late() {
    let mut world = World::instant();
    let late = Some(Trouble::DoneLater(300));
    let troubles = [None, late, None, late, None, late];
    world.network.next = troubles.to_vec();
    let (call, result) = create(&mut world, Some("order-1"), &troubles);
    world.settle();
    assert_eq!(result.unwrap().attempts, 1);
    assert_eq!(count(&world, call, "createFlexibleIP"), 1);
    assert_eq!(world.actual_ips().len(), 1);
}

#[test]
fn not_done_is_concluded_after_the_settling_time_and_no_earlier() {
    for operation in [Operation::GenerateMacAddr, Operation::MoveMacAddr] {
        let mut world = World::instant();
        let server = world.add_server();
        let (one, other) = (world.create_group(&server, 1)[0], world.create_ip(Some(&server)));
        let arguments = if operation == Operation::MoveMacAddr {
            json!({ "fipId": one.to_string(), "dstFipId": other.to_string() })
        } else {
            json!({ "fipId": one.to_string(), "macType": "kvm" })
        };
        let (call, result) = run(&mut world, operation, arguments, &[None, NOT_DONE]);
        assert_eq!(result.unwrap().attempts, 2);
        let sent = world.sent(call).iter().filter(|sent| sent.operation == operation);
        let at: Vec<u64> = sent.map(|sent| sent.at).collect();
        assert!(at[1] - at[0] >= operation.route().settling_ms, "{at:?}");
    }
}

#[test]
fn an_outcome_stays_unknown_if_the_deadline_comes_before_the_settling_time_has_passed() {
    let mut world = World::instant();
    let id = world.create_ip(None);
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    world.network.next = vec![None, NOT_DONE];
    let hurried = CallPolicy { total_timeout: Millis(5_000), ..policy() };
    let machine = operation_flow(Operation::GenerateMacAddr, arguments, &defaults(), hurried);
    let call = world.start(machine, Millis(5_000));
    assert_eq!(error(world.finish(call)).code(), "ambiguous_result");
    assert_eq!(count(&world, call, "generateMACAddr"), 1);
}

#[test]
fn without_retries_a_lost_response_leaves_the_outcome_unknown_and_reads_nothing() {
    let mut world = World::instant();
    let id = world.create_ip(None);
    world.network.next = vec![LOST];
    let arguments = json!({ "fipId": id.to_string(), "macType": "kvm" });
    let machine =
        operation_flow(Operation::GenerateMacAddr, arguments, &defaults(), without_retries());
    let call = world.start(machine, without_retries().total_timeout);
    assert_eq!(error(world.finish(call)).code(), "ambiguous_result");
    assert_eq!(names(&world, call), ["generateMACAddr"]);
}

fn create(
    world: &mut World,
    key: Option<&str>,
    troubles: &[Option<Trouble>],
) -> (Call, CallResult) {
    let project = world.emulator.project_id().to_string();
    let defaults = key.map_or_else(defaults, with_key);
    let arguments = json!({ "projectId": project });
    world.network.next = troubles.to_vec();
    let machine = operation_flow(Operation::CreateFlexibleIp, arguments, &defaults, policy());
    let call = world.start(machine, policy().total_timeout);
    (call, world.finish(call))
}

#[test]
fn a_create_without_a_key_is_sent_once_and_unknown_after_a_lost_response() {
    let mut world = World::instant();
    let (call, result) = create(&mut world, None, &[NOT_DONE]);
    assert_eq!(error(result).code(), "ambiguous_result");
    assert_eq!(names(&world, call), ["createFlexibleIP"]);
    assert_eq!(world.actual_ips().len(), 0);
}

#[test]
fn a_create_that_surely_was_not_done_is_sent_again_without_a_key() {
    let mut world = World::instant();
    for trouble in [Trouble::Rejected(429), Trouble::Unreached] {
        let (call, result) = create(&mut world, None, &[Some(trouble)]);
        assert_eq!(result.unwrap().attempts, 2);
        assert_eq!(names(&world, call), ["createFlexibleIP"; 2]);
    }
    assert_eq!(world.actual_ips().len(), 2);
}

#[test]
fn a_create_with_a_key_is_found_whenever_it_was_done_and_made_without_retries() {
    let mut world = World::instant();
    let lost = create(&mut world, Some("order-1"), &[None, LOST]);
    assert_eq!(names(&world, lost.0), ["listFlexibleIPs", "createFlexibleIP", "listFlexibleIPs"]);
    let id = world.bodies(lost.0)[0].text("id").map(str::to_owned);
    // A later call with the same key finds it at once.
    let again = create(&mut world, Some("order-1"), &[]);
    assert_eq!(names(&world, again.0), ["listFlexibleIPs"]);
    assert_eq!(world.bodies(again.0)[0].text("id").map(str::to_owned), id);
    let other = create(&mut world, Some("order-2"), &[None, NOT_DONE]);
    assert_eq!(other.1.unwrap().attempts, 2);
    assert_eq!(world.actual_ips().len(), 2);
}

#[test]
fn another_request_with_the_same_key_is_refused_and_the_same_one_is_not() {
    let mut world = World::instant();
    let (one, other) = (world.add_server(), world.add_server());
    let project = world.emulator.project_id().to_string();
    let request = json!({ "projectId": project, "serverId": one, "description": "a",
        "tags": ["x"], "reverse": "" });
    let ask = |world: &mut World, changes: serde_json::Value| {
        let mut request = request.clone();
        request.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let key = with_key("order-1");
        let machine = operation_flow(Operation::CreateFlexibleIp, request, &key, policy());
        let call = world.start(machine, policy().total_timeout);
        (call, world.finish(call))
    };
    let (first, result) = ask(&mut world, json!({}));
    result.unwrap();
    let id = world.bodies(first)[0].text("id").unwrap().to_owned();
    world.settle();
    for changes in [
        json!({ "serverId": other }),
        json!({ "serverId": null }),
        json!({ "description": "b" }),
        json!({ "tags": ["x", "y"] }),
        json!({ "reverse": "b.example" }),
    ] {
        let (call, result) = ask(&mut world, changes.clone());
        let refused = error(result);
        assert_eq!(refused.code(), "invalid_arguments", "{changes}");
        assert!(refused.to_string().contains(&id), "{refused}");
        assert_eq!(names(&world, call), ["listFlexibleIPs"], "{changes}");
    }
    world.request("PATCH", &format!("/{id}"), json!({ "description": "changed" }));
    world.request("POST", "/detach", json!({ "fips_ids": [id] }));
    world.settle();
    // Absent, null and empty are the same.
    let (again, result) = ask(&mut world, json!({ "reverse": null, "isIpv6": false }));
    result.unwrap();
    assert_eq!(world.bodies(again)[0].text("id"), Some(id.as_str()));
    assert_eq!(world.actual_ips().len(), 1);
}

#[test]
fn a_response_after_its_timeout_is_ignored() {
    let mut world = World::instant();
    let id = world.create_ip(None);
    let arguments = json!({ "fipId": id.to_string() });
    let late = Some(Trouble::Late(45_000));
    let (call, result) = run(&mut world, Operation::GetFlexibleIp, arguments, &[late]);
    assert_eq!(result.unwrap().attempts, 2);
    assert!(world.took(call) < 31_000, "{}", world.took(call));
}
