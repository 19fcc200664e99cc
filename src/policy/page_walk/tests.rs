//! The walk over lists that stay, that change, and that a service makes up.
#![allow(clippy::arithmetic_side_effects, reason = "a test that panics has failed")]

use super::*;
use crate::model::id::Uuid;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn id(number: u32) -> FlexibleIpId {
    let mut bytes = [0; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    FlexibleIpId(Uuid::from_bytes(bytes))
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<FlexibleIpId> {
    numbers.into_iter().map(id).collect()
}

/// A page of a list, as the service pages it.
fn page_of(list: &[u32], page: u32, size: u32) -> Vec<FlexibleIpId> {
    let before = ((page - 1) * size) as usize;
    ids(list.iter().skip(before).take(size as usize).copied())
}

/// How a walk ended.
struct Walked {
    /// The flexible IPs in the order in which they were found.
    found: Vec<FlexibleIpId>,
    /// Those of them that the last pass read.
    last_pass: Vec<FlexibleIpId>,
    requested: u32,
    last_total: u32,
    is_whole: bool,
}

/// Walks over the pages that `respond` gives for the number of the request and of the page.
fn walk(size: u32, mut respond: impl FnMut(u32, u32) -> (u32, Vec<FlexibleIpId>)) -> Walked {
    let mut walk = PageWalk::new(1, size);
    let (mut found, mut requested) = (Vec::new(), 0);
    loop {
        match walk.next_step() {
            WalkStep::Request(page) => {
                requested += 1;
                assert!(requested <= 10_000, "the walk does not end");
                let (total, ids) = respond(requested, page);
                for (item, id) in walk.on_page(page, total, &ids).into_iter().zip(ids) {
                    if item.is_new {
                        assert_eq!(item.position, found.len());
                        found.push(id);
                    }
                }
            }
            WalkStep::Wait => panic!("no page is pending"),
            WalkStep::End => {
                assert_eq!(walk.found(), found.len());
                let read = |position: &usize| walk.was_read_by_last_pass(*position);
                let last_pass = (0..found.len()).filter(read).map(|at| found[at]).collect();
                let (last_total, is_whole) = (walk.last_total(), walk.is_whole());
                return Walked { found, last_pass, requested, last_total, is_whole };
            }
        }
    }
}

/// Walks over a list that `change` changes before each page.
fn walk_over(mut list: Vec<u32>, size: u32, mut change: impl FnMut(u32, &mut Vec<u32>)) -> Walked {
    walk(size, |requested, page| {
        change(requested, &mut list);
        (list.len() as u32, page_of(&list, page, size))
    })
}

/// The most requests of a walk, as the guide states it.
const fn bound(total: u32, size: u32) -> u32 {
    10 * total.div_ceil(size) + 50
}

#[test]
fn a_list_that_does_not_change_is_read_in_one_pass() {
    for (length, pages) in [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (25, 3)] {
        let walked = walk_over((0..length).collect(), 10, |_, _| {});
        assert_eq!((walked.found.len() as u32, walked.requested), (length, pages));
        assert!(walked.is_whole);
    }
}

#[test]
fn an_ip_that_moves_to_a_page_that_was_read_already_is_found() {
    let walked = walk_over((0..25).collect(), 10, |requested, list| {
        if requested == 2 {
            list.remove(0);
        }
    });
    assert_eq!(walked.last_pass.len(), 24);
    assert_eq!(walked.last_pass.iter().collect::<BTreeSet<_>>(), ids(1..25).iter().collect());
    assert!(walked.is_whole);
}

#[test]
fn further_pages_are_requested_after_the_first_page_has_arrived() {
    for size in [10, 100] {
        // The service has pages of 10, whatever size was asked for.
        let mut walk = PageWalk::new(1, size);
        assert_eq!(walk.next_step(), WalkStep::Request(1));
        assert_eq!(walk.next_step(), WalkStep::Wait);
        walk.on_page(1, 25, &ids(0..10));
        assert_eq!(
            [walk.next_step(), walk.next_step(), walk.next_step()],
            [WalkStep::Request(2), WalkStep::Request(3), WalkStep::Wait]
        );
        assert!(!walk.is_whole());
    }
}

#[test]
fn a_walk_from_a_later_page_skips_the_pages_before_it() {
    let mut walk = PageWalk::new(3, 10);
    assert_eq!(walk.next_step(), WalkStep::Request(3));
    walk.on_page(3, 25, &ids(20..25));
    assert_eq!(walk.next_step(), WalkStep::End);
    assert!(walk.is_whole());
}

#[test]
fn a_page_past_the_end_is_a_whole_list() {
    let mut walk = PageWalk::new(9, 10);
    assert_eq!(walk.next_step(), WalkStep::Request(9));
    walk.on_page(9, 25, &[]);
    assert_eq!(walk.next_step(), WalkStep::End);
    assert!(walk.is_whole());
}

#[test]
fn a_list_that_never_stops_changing_is_not_whole_after_a_bounded_number_of_requests() {
    let walked = walk_over((0..25).collect(), 10, |requested, list| {
        if requested % 2 == 0 { list.push(100 + requested) } else { list.truncate(25) }
    });
    assert!(!walked.is_whole);
    assert!(walked.requested <= bound(25, 10), "{}", walked.requested);
    assert!(ids(0..25).iter().all(|id| walked.found.contains(id)));
}

#[test]
fn when_each_ip_is_deleted_once_it_was_read_all_are_found_in_few_requests() {
    for (length, size) in [(7, 1), (300, 1), (300, 7), (500, 3), (1_000, 10), (1_000, 100)] {
        let mut last: Vec<FlexibleIpId> = Vec::new();
        let mut list: Vec<u32> = (0..length).collect();
        let walked = walk(size, |_, page| {
            list.retain(|number| !last.contains(&id(*number)));
            last = page_of(&list, page, size);
            (list.len() as u32, last.clone())
        });
        assert_eq!(walked.found.len() as u32, length, "of {length}, in pages of {size}");
        assert!(walked.is_whole);
        let pages = length.div_ceil(size);
        assert!(walked.requested <= pages + pages.ilog2() + 3, "{}", walked.requested);
    }
}

#[test]
fn a_service_that_ignores_the_page_gives_no_whole_list() {
    let walked = walk(100, |_, _| (250, ids(0..100)));
    assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (false, 100, 18));
}

#[test]
fn a_service_that_repeats_one_page_and_has_a_huge_total_ends_the_walk() {
    let walked = walk(100, |_, _| (1_000_000_000, ids(0..100)));
    assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (false, 100, 72));
}

#[test]
fn a_service_that_repeats_pages_gives_no_whole_list() {
    // Pages 2 and 3 are one.
    let walked = walk(100, |_, page| (250, ids((page.min(2) - 1) * 100..page.min(2) * 100)));
    assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (false, 200, 18));
}

#[test]
fn a_total_that_is_too_large_gives_no_whole_list() {
    let list: Vec<u32> = (0..150).collect();
    let walked = walk(100, |_, page| (151, page_of(&list, page, 100)));
    assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (false, 150, 12));
}

#[test]
fn a_total_that_is_too_small_gives_no_whole_list() {
    for total in [0, 1, 120] {
        let list: Vec<u32> = (0..250).collect();
        let walked = walk(100, |_, page| (total, page_of(&list, page, 100)));
        assert!(!walked.is_whole);
        assert!(walked.found.len() >= 100 && walked.requested <= 12, "{}", walked.requested);
    }
}

#[test]
fn a_total_that_grows_with_each_page_ends_the_walk() {
    let walked = walk(100, |n, _| (100 * (n + 1), ids((n - 1) * 100..n * 100)));
    assert!(!walked.is_whole);
    assert_eq!(walked.requested, bound(200, 100));
    assert_eq!(walked.found.len() as u32, 100 * walked.requested);
}

#[test]
fn a_huge_total_with_empty_pages_costs_five_requests() {
    let walked = walk(100, |_, _| (1_000_000_000, Vec::new()));
    assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (false, 0, 5));
}

#[test]
fn pages_with_more_items_than_asked_for_are_a_whole_list_if_they_fit_the_total() {
    let list: Vec<u32> = (0..300).collect();
    for (size, pages) in [(300, 1), (150, 2)] {
        let walked = walk(100, |_, page| (300, page_of(&list, page, size)));
        assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (true, 300, pages));
    }
    let walked = walk(100, |_, _| (250, ids(0..300)));
    assert_eq!((walked.is_whole, walked.found.len()), (false, 300));
}

#[test]
fn pages_with_fewer_items_than_asked_for_are_all_read() {
    let list: Vec<u32> = (0..1_030).collect();
    for size in [50, 10, 1] {
        let walked = walk(100, |_, page| (1_030, page_of(&list, page, size)));
        assert_eq!((walked.is_whole, walked.found.len()), (true, 1_030));
        assert_eq!(walked.requested, 1_030_u32.div_ceil(size));
    }
}

#[test]
fn a_walk_from_a_later_page_reads_all_smaller_pages_from_there() {
    let list: Vec<u32> = (0..230).collect();
    let mut walk = PageWalk::new(3, 100);
    while let WalkStep::Request(page) = walk.next_step() {
        walk.on_page(page, 230, &page_of(&list, page, 50));
    }
    assert_eq!((walk.is_whole(), walk.found()), (true, 130));
}

#[test]
fn an_item_that_comes_twice_in_one_page_is_found_once_and_the_list_is_not_whole() {
    let walked = walk(10, |_, _| (2, ids([1, 1])));
    assert_eq!((walked.is_whole, walked.found.len(), walked.requested), (false, 1, 6));
}

/// A change of a list between two requests.
#[derive(Clone, Copy, Debug)]
enum Change {
    None,
    Delete(usize),
    Insert(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => Just(Change::None),
        1 => any::<usize>().prop_map(Change::Delete),
        1 => any::<usize>().prop_map(Change::Insert),
    ]
}

proptest! {
    #[test]
    fn what_existed_throughout_is_found_and_nothing_comes_twice(
        length in 0_u32..150,
        size in 1_u32..20,
        // At most one change comes before each request: two that cancel out leave the total as it is.
        changes in prop::collection::vec(change(), 0..120),
    ) {
        let (mut deleted, mut added) = (BTreeSet::new(), BTreeSet::new());
        let mut first_total = 0;
        let walked = walk_over((0..length).collect(), size, |requested, list| {
            match changes.get(requested as usize - 1).copied().unwrap_or(Change::None) {
                Change::None => {}
                Change::Delete(at) if list.is_empty() => _ = at,
                Change::Delete(at) => _ = deleted.insert(list.remove(at % list.len())),
                Change::Insert(at) => {
                    list.insert(at % (list.len() + 1), 1_000 + requested);
                    added.insert(1_000 + requested);
                }
            }
            if requested == 1 {
                first_total = list.len() as u32;
            }
        });
        let found: BTreeSet<_> = walked.found.iter().copied().collect();
        prop_assert_eq!(found.len(), walked.found.len());
        prop_assert!(walked.requested <= bound(first_total, size), "{}", walked.requested);
        let throughout = (0..length).filter(|number| !deleted.contains(number));
        if walked.is_whole {
            let last_pass: BTreeSet<_> = walked.last_pass.iter().copied().collect();
            for number in throughout {
                prop_assert!(last_pass.contains(&id(number)), "{number} is missing");
            }
        }
        // Four passes over more than one page have eight requests. The fifth pass finds no more changes.
        prop_assert!(walked.is_whole || changes.len() > 8);
    }

    #[test]
    fn pages_of_any_content_end_the_walk_within_its_bound(
        size in 1_u32..20,
        pages in prop::collection::vec((0_u32..400, prop::collection::vec(0_u32..300, 0..40)), 1..40),
    ) {
        let mut first = None;
        let walked = walk(size, |requested, _| {
            let (total, numbers) = &pages[(requested as usize - 1) % pages.len()];
            first.get_or_insert((*total, numbers.len() as u32));
            (*total, ids(numbers.iter().copied()))
        });
        let (total, count) = first.unwrap();
        let effective = if count > size || (count > 0 && count != total) { count } else { size };
        prop_assert!(walked.requested <= bound(total, effective), "{}", walked.requested);
        let distinct: BTreeSet<_> = walked.found.iter().collect();
        prop_assert_eq!(distinct.len(), walked.found.len());
        if walked.is_whole {
            prop_assert_eq!(walked.last_pass.len() as u32, walked.last_total);
        }
    }
}
