//! Lost and refused responses, and futures that are dropped.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use flexip::web::{
    AttachFlexibleIpRequest, CreateFlexibleIpRequest, DeleteFlexibleIpRequest, Event,
    GetFlexibleIpRequest, ListFlexibleIpsRequest, Listener, Reason, RetryOptions,
};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::{Fate, create, instant, recorded};

#[wasm_bindgen_test]
async fn a_lost_answer_is_retried_where_that_is_safe() {
    let (service, _) = instant();
    let events = Rc::new(RefCell::new(Vec::new()));
    let of_listener = Rc::clone(&events);
    let mut options = service.options();
    options.on_event =
        Some(Listener::new(move |event| of_listener.borrow_mut().push(event.clone())));
    let client = flexip::web::Client::new(options).unwrap();
    let ip = create(&client, None).await;
    let attach = AttachFlexibleIpRequest {
        fips_ids: vec![ip.id.clone()],
        server_id: service.add_server("metal-1"),
        ..Default::default()
    };
    service.sent();
    service.meets("POST", Fate::Lost);
    let attached = client.attach_flexible_ip(&attach).await.unwrap();
    assert_eq!((attached.total_count, &attached.flexible_ips[0].id), (1, &ip.id));
    // The flexible IP is read back, and not attached twice.
    let sent = service.sent();
    let posts = sent.iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!((posts, sent.last().unwrap().starts_with("GET /fips")), (1, true), "{sent:?}");

    service.meets("GET", Fate::Lost);
    service.meets("GET", Fate::Status(503));
    let get = GetFlexibleIpRequest { fip_id: ip.id.clone(), ..Default::default() };
    client.get_flexible_ip(&get).await.unwrap();
    assert_eq!(service.sent().len(), 3);
    let retries =
        events.borrow().iter().filter(|event| matches!(event, Event::Retry { .. })).count();
    assert_eq!(retries, 2, "{events:?}");
    assert_eq!(service.timers(), 0);
}

#[wasm_bindgen_test]
async fn a_create_whose_answer_is_lost_is_not_done_twice() {
    let (service, client) = instant();
    service.meets("POST", Fate::Lost);
    let error = client.create_flexible_ip(&CreateFlexibleIpRequest::default()).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("ambiguous_result", false));
    assert_eq!(service.sent(), ["POST /fips"]);
    let page = client.list_flexible_ips(&ListFlexibleIpsRequest::default()).await.unwrap();
    assert_eq!(page.total_count, 1);
}

#[wasm_bindgen_test]
async fn a_refused_request_fails_with_the_words_of_the_service_and_without_the_key() {
    let (service, client) = instant();
    let id = "7c715b98-e683-493a-9e62-109d684e4348".to_owned();
    let get = GetFlexibleIpRequest { fip_id: id.clone(), ..Default::default() };
    let error = client.get_flexible_ip(&get).await.unwrap_err();
    assert_eq!(service.sent().len(), 1);
    assert!(matches!(error.reason(), Reason::Refused(refusal) if refusal.status == 403));
    assert_eq!((error.operation(), error.attempts()), ("getFlexibleIP", 1));
    let (method, target) = error.request().unwrap();
    assert_eq!((method, target.ends_with(&id)), ("GET", true));
    assert!(error.request_id().is_some());

    let mut options = service.options();
    options.secret_key = Some("22222222-2222-4222-8222-222222222222".to_owned());
    let stranger = flexip::web::Client::new(options).unwrap();
    let error = stranger.get_flexible_ip(&get).await.unwrap_err();
    assert_eq!(error.code(), "denied_authentication");
    assert!(!format!("{error} {error:?} {stranger:?}").contains("22222222-2222"), "{error:?}");
}

#[wasm_bindgen_test]
async fn an_invalid_request_is_not_sent_and_names_every_problem() {
    let (service, client) = instant();
    let attach = AttachFlexibleIpRequest { fips_ids: vec!["1".to_owned()], ..Default::default() };
    let error = client.attach_flexible_ip(&attach).await.unwrap_err();
    let fields: Vec<&str> = error.problems().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["fipsIds[0]", "serverId"]);
    assert_eq!(service.sent(), [""; 0]);
    let options =
        flexip::web::Options { default_zone: Some("mars-1".to_owned()), ..service.options() };
    let error = flexip::web::Client::new(options).unwrap_err();
    assert_eq!(
        (error.code(), error.problems()[0].field.as_str()),
        ("configuration", "defaultZone")
    );
}

#[wasm_bindgen_test]
async fn an_attempt_ends_after_its_timeout_and_aborts_its_request() {
    let (service, _) = instant();
    let mut options = service.options();
    options.timeout_ms = Some(250);
    options.retry = Some(RetryOptions { max_attempts: Some(1), ..Default::default() });
    let never = js_sys::Function::new_with_args(
        "request",
        "globalThis.lastSignal = request.signal; return new Promise(() => {})",
    );
    options.fetch = Some(never);
    let client = flexip::web::Client::new(options).unwrap();
    let error = client.list_flexible_ips(&ListFlexibleIpsRequest::default()).await.unwrap_err();
    assert_eq!((error.code(), service.now()), ("timeout", 250.0));
    let is_aborted = js_sys::eval("globalThis.lastSignal.aborted").unwrap();
    assert_eq!(is_aborted.as_bool(), Some(true));
}

fn poll_once<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    matches!(future.poll(&mut context), Poll::Ready(_))
}

#[wasm_bindgen_test]
async fn a_future_that_is_never_polled_sends_nothing() {
    let (service, client) = instant();
    let request = CreateFlexibleIpRequest::default();
    drop(client.create_flexible_ip(&request));
    service.pass().await;
    assert_eq!((service.sent().len(), service.timers()), (0, 0));
}

#[wasm_bindgen_test]
async fn a_dropped_future_aborts_its_request_and_sends_nothing_more() {
    let (service, client) = recorded();
    let server = service.add_server("metal-1");
    let ip = create(&client, Some(&server)).await;
    let get = GetFlexibleIpRequest { fip_id: ip.id.clone(), ..Default::default() };
    service.sent();
    {
        // The first poll of a wait is under way.
        let mut wait = pin!(client.wait_for_flexible_ip(&get));
        assert!(!poll_once(wait.as_mut()));
        assert!(service.with_sent(|sent| sent.len() == 1 && !sent[0].is_aborted()));
    }
    assert!(service.with_sent(|sent| sent[0].is_aborted()));
    service.pass().await;
    assert_eq!((service.sent().len(), service.timers()), (1, 0));
    {
        // A retry is due after its backoff.
        let delete = DeleteFlexibleIpRequest { fip_id: ip.id.clone(), ..Default::default() };
        service.meets("DELETE", Fate::Status(503));
        let mut call = pin!(client.delete_flexible_ip(&delete));
        let mut polls = 0;
        while service.timers() != 1 || polls < 2 {
            assert!(!poll_once(call.as_mut()) && polls < 20);
            polls += 1;
            service.microtasks().await;
        }
    }
    service.pass().await;
    assert_eq!((service.sent().len(), service.timers()), (1, 0));
}
