//! Lists over all pages, also of a zone that changes while its pages are read.

use std::collections::BTreeSet;

use flexip::error::{Error, IncompleteList};
use flexip::flow::list::ListFlow;
use flexip::flow::response::{Body, Response};
use flexip::flow::{CallFailure, Command, Input, Machine, Outcome};
use flexip::model::id::FlexibleIpId;
use flexip::model::time::Millis;
use flexip::ops::list::check_walk;
use flexip::wire::http::ResponseHeaders;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::{Value as Json, json};

use crate::support::network::Trouble;
use crate::support::scenario::{defaults, ensure_attached_flow, error, list_flow, policy, within};
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

#[test]
fn when_the_caller_deletes_each_ip_of_a_page_before_it_asks_for_the_next_all_are_delivered() {
    for (count, size) in [(300, 1), (300, 7), (230, 100)] {
        let (mut world, ids) = zone_with(count);
        let flow = list_flow(json!({ "pageSize": size }), false, policy());
        let call = world.start(flow, Millis(10_000_000));
        let mut deleted = 0;
        while world.outcome(call).is_none() {
            world.input(call, Input::PageRequested);
            world.pass(500);
            for at in deleted..world.delivered(call).len() {
                let id = world.delivered(call)[at].text("id").unwrap().to_owned();
                world.request("DELETE", &format!("/{id}"), json!(null));
            }
            deleted = world.delivered(call).len();
        }
        world.finish(call).unwrap();
        let delivered = world.delivered(call).iter().map(|ip| ip.text("id").unwrap().to_owned());
        let delivered: BTreeSet<String> = delivered.collect();
        assert_eq!(delivered.len(), deleted, "an IP was delivered twice");
        assert_eq!(delivered, ids.iter().map(ToString::to_string).collect());
        let pages = count.div_ceil(size);
        assert!(world.sent(call).len() <= pages + 12, "{} requests", world.sent(call).len());
    }
}

#[test]
fn when_the_caller_replaces_each_ip_of_a_page_all_that_were_there_are_delivered() {
    let (mut world, ids) = zone_with(60);
    let project = world.emulator.project_id().to_string();
    let flow = list_flow(json!({ "pageSize": SIZE }), false, policy());
    let call = world.start(flow, Millis(10_000_000));
    let mut seen = 0;
    while world.outcome(call).is_none() {
        world.input(call, Input::PageRequested);
        world.pass(500);
        let delivered = world.delivered(call)[seen..].to_vec();
        seen += delivered.len();
        for ip in delivered {
            let id = FlexibleIpId::parse(ip.text("id").unwrap()).unwrap();
            if ids.contains(&id) {
                // The total stays as it is.
                world.request("POST", "", json!({ "project_id": project }));
                world.request("DELETE", &format!("/{id}"), json!(null));
                world.input(call, Input::ListChanged);
            }
        }
    }
    world.finish(call).unwrap();
    let delivered: BTreeSet<String> =
        world.delivered(call).iter().map(|ip| ip.text("id").unwrap().to_owned()).collect();
    assert!(ids.iter().all(|id| delivered.contains(&id.to_string())));
}

#[test]
fn when_the_caller_moves_ips_into_a_filter_and_out_of_it_all_that_stayed_are_delivered() {
    for (filter, requests) in [(json!({ "tags": ["a"] }), 3 + 3), (json!({}), 3)] {
        let (mut world, ids) = zone_with(12);
        let tag = |world: &mut World, id: &FlexibleIpId, tags: &[&str]| {
            world.request("PATCH", &format!("/{id}"), json!({ "tags": tags }));
        };
        for id in &ids[..11] {
            tag(&mut world, id, &["a"]);
        }
        let mut request = filter.clone();
        request["pageSize"] = json!(SIZE);
        let call = world.start(list_flow(request, false, policy()), Millis(10_000_000));
        world.input(call, Input::PageRequested);
        world.pass(100);
        // The total stays as it is.
        tag(&mut world, &ids[0], &[]);
        tag(&mut world, &ids[11], &["a"]);
        world.input(call, Input::IpsChanged);
        while world.outcome(call).is_none() {
            world.input(call, Input::PageRequested);
            world.pass(100);
        }
        world.finish(call).unwrap();
        let delivered: BTreeSet<String> =
            world.delivered(call).iter().map(|ip| ip.text("id").unwrap().to_owned()).collect();
        assert!(ids[1..11].iter().all(|id| delivered.contains(&id.to_string())), "{filter}");
        assert_eq!(world.sent(call).len(), requests, "{filter}");
    }
}

#[test]
fn a_change_after_the_last_page_costs_no_request() {
    let (mut world, _) = zone_with(12);
    let flow = list_flow(json!({ "pageSize": SIZE }), false, policy());
    let call = world.start(flow, Millis(10_000));
    for _ in 0..3 {
        world.input(call, Input::PageRequested);
        world.pass(100);
    }
    world.input(call, Input::ListChanged);
    world.input(call, Input::PageRequested);
    world.finish(call).unwrap();
    assert_eq!(world.sent(call).len(), 3);
}

/// The page that a service responds with to the request of this number, for the page of this number.
type Service = fn(usize, usize) -> (Json, std::ops::Range<usize>);

/// What a list of a made-up service ended with.
struct Listed {
    requests: usize,
    delivered: usize,
    result: Result<usize, CallFailure>,
}

/// Lists from a made-up service, in pages of 100: all at once, or page by page.
fn list_from(service: Service, all: bool) -> Listed {
    let (listing, _) = check_walk(&Value::from(json!({ "pageSize": 100 })), &defaults());
    let (listing, policy) = (listing.unwrap(), policy());
    if all {
        run(Box::new(ListFlow::all(listing, policy)), service)
    } else {
        run(Box::new(ListFlow::by_page(listing, policy)), service)
    }
}

/// Runs a machine whose lists a made-up service responds to. Other requests get no response.
fn run(mut machine: Box<dyn Machine>, service: Service) -> Listed {
    let mut listed = Listed { requests: 0, delivered: 0, result: Ok(0) };
    let mut commands = machine.on(Input::Started, Millis(0));
    commands.extend(machine.on(Input::PageRequested, Millis(0)));
    while !commands.is_empty() {
        match commands.remove(0) {
            Command::Send(sent) if sent.operation == Operation::ListFlexibleIps => {
                listed.requests += 1;
                assert!(listed.requests < 1_000, "the list asks without end");
                let mut parts = sent.request.query.split('&');
                let page = parts.find_map(|part| part.strip_prefix("page=")).unwrap();
                let (total, numbers) = service(listed.requests, page.parse().unwrap());
                let outcome = Ok(page_response(&total, numbers));
                commands.extend(machine.on(Input::Responded { tag: sent.tag, outcome }, Millis(0)));
            }
            Command::DeliverPage { items, .. } => {
                listed.delivered += items.len();
                commands.extend(machine.on(Input::PageRequested, Millis(0)));
            }
            Command::Done(result) => {
                listed.result = result.map(|success| match success.outcome {
                    Outcome::Ips(ips) => ips.len(),
                    other => panic!("{other:?}"),
                });
                return listed;
            }
            _ => {}
        }
    }
    panic!("the call does not end")
}

#[test]
fn a_move_is_refused_if_the_list_of_its_zone_is_not_whole() {
    let server = "5c7d9dd9-7f28-4db6-8436-e2da60fdf4a0";
    let request =
        json!({ "fipsIds": ["7c715b98-e683-493a-9e62-000000000007"], "serverId": server });
    let flow = Box::new(ensure_attached_flow(request, policy()));
    let listed = run(flow, |_, _| (json!(250), 0..100));
    let failure = listed.result.unwrap_err().failure;
    assert_eq!((failure.error.code(), listed.requests), ("incomplete_list", 18));
}

fn page_response(total: &Json, numbers: std::ops::Range<usize>) -> Response {
    let ips: Vec<Json> = numbers
        .map(|number| {
            let id = format!("7c715b98-e683-493a-9e62-{number:012}");
            json!({ "id": id, "status": "ready", "server_id": null, "mac_address": null })
        })
        .collect();
    let body = Body::Json(Value::from(json!({ "total_count": total, "flexible_ips": ips })));
    Response { status: 200, headers: ResponseHeaders::default(), body }
}

/// A list that is not whole: it was read in so many requests, and its error says what was read.
fn check_incomplete(service: Service, requests: usize, read: usize, total: u32) {
    for all in [true, false] {
        let listed = list_from(service, all);
        let failure = listed.result.unwrap_err();
        let expected = Error::IncompleteList(IncompleteList { read, total });
        assert_eq!(failure.failure.error, expected);
        assert_eq!(listed.requests, requests, "all: {all}");
        assert_eq!(failure.failure.attempts as usize, requests);
        let received = if all { failure.read.len() } else { listed.delivered };
        assert_eq!(received, read, "all: {all}");
        assert!(failure.failure.error.is_retryable());
        assert_eq!(failure.failure.error.code(), "incomplete_list");
    }
}

/// The numbers of the flexible IPs of a page of 100 from a list of `count`.
fn hundred(page: usize, count: usize) -> std::ops::Range<usize> {
    (page * 100 - 100).min(count)..(page * 100).min(count)
}

#[test]
fn a_service_that_ignores_the_page_gives_no_list() {
    check_incomplete(|_, _| (json!(250), 0..100), 18, 100, 250);
}

#[test]
fn a_service_that_repeats_a_page_gives_no_list() {
    check_incomplete(|_, page| (json!(250), hundred(page.min(2), 250)), 18, 200, 250);
}

#[test]
fn a_total_that_is_too_large_gives_no_list() {
    check_incomplete(|_, page| (json!(151), hundred(page, 150)), 12, 150, 151);
}

#[test]
fn a_total_that_is_too_small_gives_no_list() {
    check_incomplete(|_, page| (json!(120), hundred(page, 250)), 12, 200, 120);
}

#[test]
fn a_total_of_0_with_items_gives_no_list() {
    check_incomplete(|_, page| (json!(0), hundred(page, 2)), 6, 2, 0);
}

#[test]
fn a_huge_total_with_empty_pages_gives_no_list() {
    check_incomplete(|_, _| (json!(1_000_000_000), 0..0), 5, 0, 1_000_000_000);
}

#[test]
fn a_huge_total_with_one_page_again_and_again_gives_no_list() {
    check_incomplete(|_, _| (json!(1_000_000_000), 0..100), 72, 100, 1_000_000_000);
}

#[test]
fn a_total_that_grows_with_each_page_gives_no_list() {
    // 10 for each page of the first total, and 50.
    let grows = |request, _| (json!(100 * (request + 1)), request * 100..request * 100 + 100);
    check_incomplete(grows, 70, 7_000, 7_100);
}

#[test]
fn over_full_pages_are_a_list_if_they_fit_the_total() {
    for all in [true, false] {
        let listed = list_from(|_, _| (json!(300), 0..300), all);
        assert_eq!((listed.requests, listed.result), (1, Ok(if all { 300 } else { 0 })));
        assert_eq!(listed.delivered, if all { 0 } else { 300 });
    }
    check_incomplete(|_, _| (json!(250), 0..300), 6, 300, 250);
}

#[test]
fn pages_that_are_capped_to_50_are_all_read() {
    for all in [true, false] {
        let capped = |_, page: usize| (json!(230), (page * 50 - 50).min(230)..(page * 50).min(230));
        let listed = list_from(capped, all);
        assert_eq!((listed.requests, listed.result), (5, Ok(if all { 230 } else { 0 })));
        assert_eq!(listed.delivered, if all { 0 } else { 230 });
    }
}

#[test]
fn a_total_that_is_not_a_whole_number_from_0_on_is_refused_as_undecodable() {
    let services: [Service; 6] = [
        |_, _| (json!(null), 0..0),
        |_, _| (json!("3"), 0..3),
        |_, _| (json!(-1), 0..1),
        |_, _| (json!(1.5), 0..1),
        |_, _| (json!(9_007_199_254_740_992_u64), 0..1),
        |_, _| (json!([1]), 0..1),
    ];
    for service in services {
        for all in [true, false] {
            let failure = list_from(service, all).result.unwrap_err().failure;
            assert_eq!(failure.error.code(), "decode", "{:?}", service(1, 1));
        }
    }
}

#[test]
fn an_empty_list_is_one_page_without_items() {
    for all in [true, false] {
        let listed = list_from(|_, _| (json!(0), 0..0), all);
        assert_eq!((listed.requests, listed.delivered, listed.result), (1, 0, Ok(0)));
    }
}

#[test]
fn the_total_timeout_counts_for_each_page_or_for_all_pages_of_one_call() {
    let (mut world, _) = zone_with(25);
    let listing = || check_walk(&Value::from(json!({ "pageSize": SIZE })), &defaults()).0.unwrap();
    // Five pages of 20 ms each.
    let by_page = world.start(ListFlow::by_page(listing(), within(50)), Millis(10_000));
    let one_call =
        world.start(ListFlow::by_page_in_one_call(listing(), within(50)), Millis(10_000));
    for call in [by_page, one_call] {
        for _ in 0..6 {
            world.input(call, Input::PageRequested);
            world.pass(100);
        }
    }
    assert!(matches!(world.outcome(by_page), Some(Ok(_))));
    assert_eq!(world.delivered(by_page).len(), 25);
    assert_eq!(error(world.finish(one_call)).code(), "timeout");
}
