//! Lists as streams.

use std::future::poll_fn;
use std::pin::Pin;

use flexip::web::{Client, DeleteFlexibleIpRequest, ListFlexibleIpsRequest};
use futures_core::Stream;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::{create, instant};

async fn ids_of(client: &Client, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(create(client, None).await.id);
    }
    ids
}

const BY_TWO: fn() -> ListFlexibleIpsRequest =
    || ListFlexibleIpsRequest { page_size: Some(2), ..Default::default() };

#[wasm_bindgen_test]
async fn a_stream_gives_the_flexible_ips_of_all_pages_and_reads_a_page_at_a_time() {
    let (service, client) = instant();
    let ids = ids_of(&client, 5).await;
    service.sent();
    let mut ips = client.flexible_ips(&BY_TWO());
    assert_eq!(service.sent(), [""; 0]);
    let mut read = Vec::new();
    let mut requests = Vec::new();
    while let Some(ip) = poll_fn(|context| Pin::new(&mut ips).poll_next(context)).await {
        read.push(ip.unwrap().id);
        requests.push(service.sent().len());
    }
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(read), sorted(ids));
    assert_eq!(requests, [1, 0, 1, 0, 1]);
    assert!(ips.next().await.is_none());
}

#[wasm_bindgen_test]
async fn a_list_of_all_is_one_call() {
    let (_, client) = instant();
    let ids = ids_of(&client, 5).await;
    assert_eq!(client.all_flexible_ips(&BY_TWO()).await.unwrap().len(), ids.len());
    assert_eq!(client.all_flexible_ips(&ListFlexibleIpsRequest::default()).await.unwrap().len(), 5);
}

#[wasm_bindgen_test]
async fn a_deletion_by_the_same_client_between_two_pages_makes_the_stream_miss_nothing() {
    let (_, client) = instant();
    let ids = ids_of(&client, 6).await;
    let mut pages = client.pages(&BY_TWO());
    let first = pages.next().await.unwrap().unwrap();
    let deleted = first.flexible_ips[0].id.clone();
    client
        .delete_flexible_ip(&DeleteFlexibleIpRequest { fip_id: deleted, ..Default::default() })
        .await
        .unwrap();
    // The total stays as it is.
    ids_of(&client, 1).await;
    let mut read: Vec<String> = first.flexible_ips.into_iter().map(|ip| ip.id).collect();
    while let Some(page) = pages.next().await {
        read.extend(page.unwrap().flexible_ips.into_iter().map(|ip| ip.id));
    }
    assert!(ids.iter().all(|id| read.contains(id)), "{ids:?} {read:?}");
}

#[wasm_bindgen_test]
async fn an_invalid_list_fails_at_its_first_page() {
    let (service, client) = instant();
    let request = ListFlexibleIpsRequest { page_size: Some(101), ..Default::default() };
    let mut ips = client.flexible_ips(&request);
    let error = ips.next().await.unwrap().unwrap_err();
    assert_eq!(error.problems()[0].field, "pageSize");
    assert!(ips.next().await.is_none());
    assert_eq!(service.sent(), [""; 0]);
}
