//! Idempotency keys.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use flexip::web::{CallOptions, CreateFlexibleIpRequest, ListFlexibleIpsRequest};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::{Fate, instant};

fn keyed() -> CallOptions {
    CallOptions { idempotency_key: Some("order-17".to_owned()), ..Default::default() }
}

#[wasm_bindgen_test]
async fn a_create_with_a_key_is_done_once_however_often_it_is_called() {
    let (service, client) = instant();
    let client = client.with_options(&keyed());
    let request = CreateFlexibleIpRequest::default();
    service.meets("POST", Fate::Lost);
    let first = client.create_flexible_ip(&request).await.unwrap();
    let second = client.create_flexible_ip(&request).await.unwrap();
    assert_eq!(first.id, second.id);
    let page = client.with_options(&CallOptions::default());
    let page = page.list_flexible_ips(&ListFlexibleIpsRequest::default()).await.unwrap();
    assert_eq!(page.total_count, 1);
}

#[wasm_bindgen_test]
async fn a_create_whose_key_is_under_way_is_refused_until_that_is_over_or_dropped() {
    let (_, client) = instant();
    let client = client.with_options(&keyed());
    let request = CreateFlexibleIpRequest::default();
    {
        let mut first = pin!(client.create_flexible_ip(&request));
        assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let error = client.create_flexible_ip(&request).await.unwrap_err();
        assert_eq!(error.problems()[0].field, "idempotencyKey");
    }
    client.create_flexible_ip(&request).await.unwrap();
}
