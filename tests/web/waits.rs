//! Waits and moves, with the delays of the real service.

use flexip::web::{
    CallOptions, CreateFlexibleIpRequest, DeleteFlexibleIpRequest, EnsureAttachedRequest, Event,
    FailoverRequest, FlexibleIpStatus, GetFlexibleIpRequest, Listener, WaitForFlexibleIpsRequest,
};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::{create, recorded};

#[wasm_bindgen_test]
async fn a_wait_ends_when_the_flexible_ip_is_attached() {
    let (service, client) = recorded();
    let server = service.add_server("metal-1");
    let ip = create(&client, Some(&server)).await;
    assert_eq!(ip.status, FlexibleIpStatus::Updating);
    let get = GetFlexibleIpRequest { fip_id: ip.id.clone(), ..Default::default() };
    let attached = client.wait_for_flexible_ip(&get).await.unwrap();
    assert_eq!((attached.status, attached.server_id), (FlexibleIpStatus::Attached, Some(server)));
    assert!(service.now() > 0.0);
    let several = WaitForFlexibleIpsRequest { fips_ids: vec![ip.id.clone()], ..Default::default() };
    assert_eq!(client.wait_for_flexible_ips(&several).await.unwrap()[0].id, ip.id);

    let delete = DeleteFlexibleIpRequest { fip_id: ip.id, ..Default::default() };
    client.delete_flexible_ip(&delete).await.unwrap();
    client.wait_until_deleted(&get).await.unwrap();
    assert_eq!(service.timers(), 0);
}

#[wasm_bindgen_test]
async fn a_wait_that_is_too_short_fails_with_the_last_known_state() {
    let (service, client) = recorded();
    let server = service.add_server("metal-1");
    let ip = create(&client, Some(&server)).await;
    let options = CallOptions { total_timeout_ms: Some(50), ..Default::default() };
    let get = GetFlexibleIpRequest { fip_id: ip.id.clone(), ..Default::default() };
    let error = client.with_options(&options).wait_for_flexible_ip(&get).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("wait", true));
    assert_eq!(
        error.last().map(|last| (&last.id, &last.status)),
        Some((&ip.id, &FlexibleIpStatus::Updating))
    );
}

#[wasm_bindgen_test]
async fn a_create_and_its_attach_are_one_call() {
    let (service, client) = recorded();
    let server_id = Some(service.add_server("metal-1"));
    let request = CreateFlexibleIpRequest { server_id, ..Default::default() };
    let ip = client.create_and_attach(&request).await.unwrap();
    assert_eq!((ip.status, ip.server_id), (FlexibleIpStatus::Attached, request.server_id));
}

#[wasm_bindgen_test]
async fn a_failover_moves_all_flexible_ips_of_a_server() {
    let (service, client) = recorded();
    let [from, to] = ["metal-1", "metal-2"].map(|name| service.add_server(name));
    let mut ids = Vec::new();
    for _ in 0..3 {
        let server_id = Some(from.clone());
        let request = CreateFlexibleIpRequest { server_id, ..Default::default() };
        ids.push(client.create_and_attach(&request).await.unwrap().id);
    }
    let request = FailoverRequest {
        from_server_id: from.clone(),
        to_server_id: to.clone(),
        ..Default::default()
    };
    service.sent();
    let plan = client.plan_failover(&request).await.unwrap();
    assert_eq!(plan.len(), 6, "{plan:?}");
    assert!(service.sent().iter().all(|line| line.starts_with("GET")));

    let steps = Rc::new(Cell::new(0));
    let of_listener = Rc::clone(&steps);
    let on_event = Listener::new(move |event| {
        if matches!(event, Event::Moving { .. }) {
            of_listener.set(of_listener.get() + 1);
        }
    });
    let options = CallOptions { on_event: Some(on_event), ..Default::default() };
    let moved = client.with_options(&options).failover(&request).await.unwrap();
    assert_eq!(moved.len(), 3);
    assert!(moved.iter().all(|ip| ip.server_id.as_ref() == Some(&to)));
    assert_eq!(steps.get(), 12);

    let back =
        EnsureAttachedRequest { fips_ids: ids, server_id: from.clone(), ..Default::default() };
    assert_eq!(client.plan_ensure_attached(&back).await.unwrap().len(), 6);
    let back = client.ensure_attached(&back).await.unwrap();
    assert!(back.iter().all(|ip| ip.server_id.as_ref() == Some(&from)));
}

#[wasm_bindgen_test]
async fn a_move_that_is_cut_short_says_where_each_is_and_how_to_continue() {
    let (service, client) = recorded();
    let [from, to] = ["metal-1", "metal-2"].map(|name| service.add_server(name));
    let request = CreateFlexibleIpRequest { server_id: Some(from.clone()), ..Default::default() };
    let ip = client.create_and_attach(&request).await.unwrap();
    let options = CallOptions { total_timeout_ms: Some(200), ..Default::default() };
    let request =
        FailoverRequest { from_server_id: from, to_server_id: to.clone(), ..Default::default() };
    let error = client.with_options(&options).failover(&request).await.unwrap_err();
    assert_eq!(error.code(), "incomplete");
    let [moved] = error.moves() else { panic!("{:?}", error.moves()) };
    assert_eq!((&moved.fip_id, moved.arrived), (&ip.id, false));
    let resumed = client.ensure_attached(&error.resume().unwrap()).await.unwrap();
    assert_eq!(resumed[0].server_id, Some(to));
}
