//! Each of the 11 operations.

use flexip::web::{
    AttachFlexibleIpRequest, CreateFlexibleIpRequest, DeleteFlexibleIpRequest,
    DeleteMacAddrRequest, DetachFlexibleIpRequest, DuplicateMacAddrRequest, FlexibleIpStatus,
    GenerateMacAddrRequest, GetFlexibleIpRequest, ListFlexibleIpsRequest, MacAddressType,
    MoveMacAddrRequest, UpdateFlexibleIpRequest,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::{create, instant};

fn get(fip_id: &str) -> GetFlexibleIpRequest {
    GetFlexibleIpRequest { fip_id: fip_id.to_owned(), ..Default::default() }
}

#[wasm_bindgen_test]
async fn a_created_flexible_ip_is_read_listed_updated_and_deleted() {
    let (service, client) = instant();
    let request = CreateFlexibleIpRequest {
        description: Some("mail \u{1f4ee} \"quoted\"\n".to_owned()),
        tags: Some(vec!["prod".to_owned()]),
        ..Default::default()
    };
    let created = client.create_flexible_ip(&request).await.unwrap();
    assert_eq!(created.description, "mail \u{1f4ee} \"quoted\"\n");
    assert_eq!((&created.status, created.zone.as_str()), (&FlexibleIpStatus::Ready, "fr-par-1"));
    assert_eq!((created.mac_address.is_none(), created.server_id.is_none()), (true, true));

    let read = client.get_flexible_ip(&get(&created.id)).await.unwrap();
    assert_eq!(read.ip_address, created.ip_address);
    let filter =
        ListFlexibleIpsRequest { tags: Some(vec!["prod".to_owned()]), ..Default::default() };
    let page = client.list_flexible_ips(&filter).await.unwrap();
    assert_eq!((page.total_count, &page.flexible_ips[0].id), (1, &created.id));

    let update = UpdateFlexibleIpRequest {
        fip_id: created.id.clone(),
        description: Some(String::new()),
        ..Default::default()
    };
    let updated = client.update_flexible_ip(&update).await.unwrap();
    assert_eq!((updated.description.as_str(), updated.tags), ("", vec!["prod".to_owned()]));

    let delete = DeleteFlexibleIpRequest { fip_id: created.id.clone(), ..Default::default() };
    client.delete_flexible_ip(&delete).await.unwrap();
    assert_eq!(
        client.get_flexible_ip(&get(&created.id)).await.unwrap_err().code(),
        "permissions_denied"
    );
    let id = created.id;
    assert_eq!(
        service.sent(),
        [
            "POST /fips".to_owned(),
            format!("GET /fips/{id}"),
            "GET /fips?tags=prod".to_owned(),
            format!("PATCH /fips/{id}"),
            format!("DELETE /fips/{id}"),
            format!("GET /fips/{id}"),
        ]
    );
}

#[wasm_bindgen_test]
async fn a_flexible_ip_is_attached_and_detached() {
    let (service, client) = instant();
    let server = service.add_server("metal-1");
    let ip = create(&client, None).await;
    let fips_ids = vec![ip.id.clone()];
    let request = AttachFlexibleIpRequest {
        fips_ids: fips_ids.clone(),
        server_id: server.clone(),
        ..Default::default()
    };
    let attached = client.attach_flexible_ip(&request).await.unwrap();
    assert_eq!(attached.flexible_ips[0].status, FlexibleIpStatus::Updating);
    let read = client.get_flexible_ip(&get(&ip.id)).await.unwrap();
    assert_eq!((read.status, read.server_id), (FlexibleIpStatus::Attached, Some(server)));
    let request = DetachFlexibleIpRequest { fips_ids, ..Default::default() };
    client.detach_flexible_ip(&request).await.unwrap();
    assert_eq!(client.get_flexible_ip(&get(&ip.id)).await.unwrap().server_id, None);
}

#[wasm_bindgen_test]
async fn a_mac_address_is_generated_duplicated_moved_and_deleted() {
    let (service, client) = instant();
    let server = service.add_server("metal-1");
    let [one, two, three] = [
        create(&client, Some(&server)).await.id,
        create(&client, Some(&server)).await.id,
        create(&client, Some(&server)).await.id,
    ];
    let generate = GenerateMacAddrRequest {
        fip_id: one.clone(),
        mac_type: Some(MacAddressType::Kvm),
        ..Default::default()
    };
    let mac = client.generate_mac_addr(&generate).await.unwrap().mac_address.unwrap();
    assert_eq!(mac.mac_type, MacAddressType::Kvm);

    let duplicate = DuplicateMacAddrRequest {
        fip_id: two.clone(),
        duplicate_from_fip_id: one.clone(),
        ..Default::default()
    };
    let duplicated = client.duplicate_mac_addr(&duplicate).await.unwrap();
    assert_eq!((&duplicated.id, &duplicated.mac_address.unwrap().id), (&two, &mac.id));

    let delete = DeleteMacAddrRequest { fip_id: two.clone(), ..Default::default() };
    client.delete_mac_addr(&delete).await.unwrap();
    assert_eq!(client.get_flexible_ip(&get(&two)).await.unwrap().mac_address, None);

    let request =
        MoveMacAddrRequest { fip_id: one.clone(), dst_fip_id: three.clone(), ..Default::default() };
    let moved = client.move_mac_addr(&request).await.unwrap();
    assert_eq!((&moved.id, &moved.mac_address.unwrap().mac_address), (&three, &mac.mac_address));
    assert_eq!(client.get_flexible_ip(&get(&one)).await.unwrap().mac_address, None);
}

#[wasm_bindgen_test]
async fn requests_carry_the_credentials_and_the_checked_headers() {
    let (service, _) = instant();
    let mut options = service.options();
    options.headers.insert("X-Mine".to_owned(), "a value".to_owned());
    options.session_token = Some("token".to_owned());
    let key = options.secret_key.clone();
    let client = flexip::web::Client::new(options).unwrap();
    client.create_flexible_ip(&CreateFlexibleIpRequest::default()).await.unwrap();
    service.with_sent(|sent| {
        let header = |name| sent[0].header(name);
        assert_eq!(header("x-auth-token"), key.as_deref());
        assert_eq!(header("x-session-token"), Some("token"));
        assert_eq!(header("x-mine"), Some("a value"));
        assert_eq!(header("content-type"), Some("application/json"));
    });
}
