//! Moves that are refused: as a whole before anything leaves, or in part by the target.

use flexip::model::id::FlexibleIpId;
use flexip::model::time::Millis;
use flexip::wire::route::Operation;
use serde_json::json;

use crate::moving::*;
use crate::support::network::Trouble;
use crate::support::scenario::{ensure_attached_flow, within};
use crate::support::world::World;

#[test]
fn a_missing_ip_or_a_split_group_is_refused_by_name_before_any_change() {
    let (mut world, servers, ids) = two_servers(9);
    let missing = "7c715b98-e683-493a-9e62-109d684e4348".to_owned();
    let left_out = ids[2].to_string();
    for (fips_ids, name) in [(vec![missing.clone()], missing), (as_texts(&ids[..2]), left_out)] {
        let ensure = json!({ "fipsIds": fips_ids, "serverId": servers[1] });
        let ensure = world.start(ensure_attached_flow(ensure, within(TOTAL)), Millis(TOTAL));
        let failover = start(&mut world, &servers, json!({ "fipsIds": fips_ids }));
        for call in [ensure, failover] {
            let outcome = world.finish(call);
            assert!(problems(outcome).contains(&name));
            assert_eq!(changes(&world, call), []);
        }
    }
}

#[test]
fn an_ip_on_a_third_server_is_refused_by_name_in_a_failover() {
    let (mut world, servers, ids) = two_servers(9);
    let third = world.add_server();
    let elsewhere = world.create_ip(Some(&third));
    let fips_ids = as_texts(&[ids[3], elsewhere]);
    let call = start(&mut world, &servers, json!({ "fipsIds": fips_ids }));
    let outcome = world.finish(call);
    let help = problems(outcome);
    assert!(help.contains(&elsewhere.to_string()) && help.contains(&third), "{help}");
    assert_eq!(changes(&world, call), []);
}

#[test]
fn a_target_without_room_is_refused_as_a_whole_with_the_numbers() {
    let mut world = World::instant();
    let servers = [world.add_server(), world.add_server()];
    for _ in 0..60 {
        world.create_ip(Some(&servers[1]));
    }
    let ids: Vec<FlexibleIpId> = (0..5).map(|_| world.create_ip(Some(&servers[0]))).collect();
    let ensure = json!({ "fipsIds": as_texts(&ids), "serverId": servers[1] });
    let ensure = world.start(ensure_attached_flow(ensure, within(TOTAL)), Millis(TOTAL));
    let dry = start(&mut world, &servers, json!({ "dryRun": true }));
    let failover = start(&mut world, &servers, json!({}));
    for call in [ensure, dry, failover] {
        let outcome = world.finish(call);
        let help = problems(outcome);
        assert!(["64", "60", "5 more"].iter().all(|number| help.contains(number)), "{help}");
        assert_eq!(changes(&world, call), []);
    }
    let fitting = start(&mut world, &servers, json!({ "fipsIds": as_texts(&ids[..4]) }));
    world.finish(fitting).unwrap();
    assert_all_at(&mut world, &ids[..4], &servers[1]);
}

#[test]
fn a_source_that_does_not_exist_is_refused_if_nothing_is_on_it() {
    let (mut world, servers, _) = two_servers(11);
    let misspelt = ["7c715b98-e683-493a-9e62-109d684e4348".to_owned(), servers[1].clone()];
    for more in [json!({}), json!({ "dryRun": true })] {
        let call = start(&mut world, &misspelt, more);
        let outcome = world.finish(call);
        let help = problems(outcome);
        assert!(help.contains(&misspelt[0]) && help.contains("no server"), "{help}");
        assert_eq!(changes(&world, call), []);
    }
    let empty = [world.add_server(), servers[1].clone()];
    let call = start(&mut world, &empty, json!({}));
    assert!(world.finish(call).is_ok());
}

#[test]
fn a_failover_of_nothing_whose_source_is_not_shown_resolves_after_a_second_at_most() {
    let mut world = World::instant();
    let servers = [world.add_server(), world.add_server()];
    world.network.next = vec![None, None, Some(Trouble::NoResponse)];
    let silent = start(&mut world, &servers, json!({}));
    assert!(world.finish(silent).is_ok());
    assert!((1_000..1_500).contains(&world.took(silent)), "{}", world.took(silent));
    refuse(&mut world, Operation::GetFlexibleIp, 403, denied(), is_question);
    let refused = start(&mut world, &servers, json!({}));
    assert!(world.finish(refused).is_ok());
}

#[test]
fn a_target_that_does_not_exist_is_refused_as_a_whole() {
    let (mut world, servers, ids) = two_servers(11);
    let unknown = [servers[0].clone(), "7c715b98-e683-493a-9e62-109d684e4348".to_owned()];
    for more in [json!({}), json!({ "dryRun": true }), json!({ "strategy": "direct" })] {
        let call = start(&mut world, &unknown, more);
        let outcome = world.finish(call);
        assert!(problems(outcome).contains(&unknown[1]));
        assert_eq!(changes(&world, call), []);
    }
    assert_all_at(&mut world, &ids, &servers[0]);
}

#[test]
fn a_refused_question_about_the_target_lets_one_group_go_first() {
    for (status, body) in [(403, denied()), (404, json!({ "message": "no such page" }))] {
        let (mut world, servers, ids) = two_servers(12);
        refuse(&mut world, Operation::GetFlexibleIp, status, body, is_question);
        let call = start(&mut world, &servers, json!({}));
        world.finish(call).unwrap();
        let changes = changes(&world, call);
        let detaches: Vec<_> =
            changes.iter().filter(|change| change.1 == "detachFlexibleIP").collect();
        let first_attach = changes.iter().find(|change| change.1 == "attachFlexibleIP").unwrap();
        assert_eq!(detaches.len(), 3);
        // The first is one of the smallest groups, and the others leave after it was attached.
        assert_eq!(detaches[0].2.len(), 1);
        assert!(detaches[1..].iter().all(|detach| detach.0 > first_attach.0 + 1_000));
        assert_all_at(&mut world, &ids, &servers[1]);
    }
}

#[test]
fn a_question_about_the_target_without_a_response_delays_a_move_by_a_second_at_most() {
    let mut world = World::recorded(12);
    let servers = [world.add_server(), world.add_server()];
    let id = world.create_ip(Some(&servers[0]));
    world.network.next = vec![None, Some(Trouble::NoResponse)];
    let call = start(&mut world, &servers, json!({}));
    world.finish(call).unwrap();
    assert!(changes(&world, call)[0].0 <= 1_020);
    assert_all_at(&mut world, &[id], &servers[1]);
}

#[test]
fn a_target_that_holds_an_ip_needs_no_answer_to_the_question() {
    let (mut world, servers, ids) = two_servers(12);
    world.create_ip(Some(&servers[1]));
    world.network.next = vec![None, Some(Trouble::NoResponse)];
    let call = start(&mut world, &servers, json!({}));
    world.finish(call).unwrap();
    assert_eq!(changes(&world, call)[2].0, 20);
    assert_all_at(&mut world, &ids, &servers[1]);
}

#[test]
fn a_group_that_the_target_refuses_goes_back_and_the_others_stay() {
    let (mut world, servers, ids) = two_servers(13);
    let target = servers[1].clone();
    world.tamper = Some(Box::new(move |request, reply| {
        let refusal = match request.operation {
            _ if is_question(request) => (403, denied()),
            Operation::AttachFlexibleIp
                if request.request.body.as_ref().is_some_and(|body| body.contains(&target)) =>
            {
                (412, unusable())
            }
            _ => return,
        };
        (reply.status, reply.body) = (refusal.0, refusal.1.to_string().into_bytes());
    }));
    // The service does not carry out what it refuses.
    let target = servers[1].clone();
    world.refuses = Some(Box::new(move |request| {
        request.operation == Operation::AttachFlexibleIp
            && request.request.body.as_ref().is_some_and(|body| body.contains(&target))
    }));
    let call = start(&mut world, &servers, json!({}));
    let (failed, incomplete) = incomplete(world.finish(call));
    assert_eq!((incomplete.arrived, incomplete.returned, incomplete.is_retryable), (0, 1, false));
    assert!(incomplete.to_string().contains("1 were attached back"), "{incomplete}");
    for moved in &failed.moves {
        let failure = moved.failure.as_ref().unwrap();
        assert_eq!(failure.error.code(), "precondition_failed");
        assert!(failure.request.as_ref().unwrap().1.ends_with("/attach"));
        assert_eq!(failure.attempts, 1);
    }
    assert_eq!(failed.moves.iter().filter(|moved| moved.returned).count(), 1);
    let expected = [
        "detachFlexibleIP Begun",
        "detachFlexibleIP Done",
        "attachFlexibleIP Begun",
        "attachFlexibleIP Failed",
        "attachFlexibleIP Begun",
        "attachFlexibleIP Done",
    ];
    assert_eq!(steps(&world, call), expected);
    assert_all_at(&mut world, &ids, &servers[0]);
    let resume = failed.resume.unwrap();
    assert_eq!(resume.ids.len(), ids.len());
}

#[test]
fn refused_polls_are_waited_out_for_two_minutes() {
    for (first, last, arrives) in [(2, 4, true), (2, u32::MAX, false)] {
        let (mut world, servers, ids) = two_servers(16);
        let mut lists = 0;
        refuse(&mut world, Operation::ListFlexibleIps, 403, denied(), move |_| {
            lists += 1;
            (first..=last).contains(&lists)
        });
        let call = start(&mut world, &servers, json!({}));
        let outcome = world.finish(call);
        if arrives {
            outcome.unwrap();
            assert_all_at(&mut world, &ids, &servers[1]);
        } else {
            let (failed, _) = incomplete(outcome);
            assert!((120_000..130_000).contains(&world.took(call)), "{}", world.took(call));
            let error = &failed.moves[0].failure.as_ref().unwrap().error;
            assert_eq!(error.code(), "permissions_denied");
        }
    }
}

#[test]
fn a_later_page_of_the_zone_that_is_refused_is_read_again() {
    let mut world = World::instant();
    let servers = [world.add_server(), world.add_server()];
    let id = world.create_ip(Some(&servers[0]));
    for _ in 0..130 {
        world.create_ip(None);
    }
    let mut lists = 0;
    refuse(&mut world, Operation::ListFlexibleIps, 403, denied(), move |_| {
        lists += 1;
        (2..=5).contains(&lists)
    });
    let call = start(&mut world, &servers, json!({}));
    world.finish(call).unwrap();
    assert_all_at(&mut world, &[id], &servers[1]);
}

#[test]
fn a_first_page_that_is_refused_ends_the_move_with_that_refusal() {
    let (mut world, servers, _) = two_servers(16);
    refuse(&mut world, Operation::ListFlexibleIps, 403, denied(), |_| true);
    let call = start(&mut world, &servers, json!({}));
    let failed = world.finish(call).unwrap_err();
    assert_eq!((failed.failure.error.code(), failed.failure.attempts), ("permissions_denied", 1));
    assert!(failed.moves.is_empty() && failed.resume.is_none());
}

#[test]
fn an_attach_refused_for_lack_of_permissions_after_the_detach_is_repeated() {
    let (mut world, servers, ids) = two_servers(17);
    let mut attaches = 0;
    world.refuses = Some(Box::new(move |request| {
        attaches += u32::from(request.operation == Operation::AttachFlexibleIp);
        request.operation == Operation::AttachFlexibleIp && attaches <= 6
    }));
    refuse(&mut world, Operation::AttachFlexibleIp, 403, denied(), {
        let mut attaches = 0;
        move |_| {
            attaches += 1;
            attaches <= 6
        }
    });
    let call = start(&mut world, &servers, json!({}));
    world.finish(call).unwrap();
    assert_all_at(&mut world, &ids, &servers[1]);
}
