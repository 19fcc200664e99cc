//! The OpenAPI description agrees with the emulator.
#![cfg(feature = "emulator")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::collections::BTreeSet;
use std::path::Path;

use flexip::emulator::{Emulator, Request, Response, Settings, openapi};
use flexip::model::time::Timestamp;
use flexip::wire::route::{ROUTES, Route, Tail};
use serde_json::{Value, json};

#[test]
fn the_committed_description_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let page = openapi::page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page, "run `UPDATE=1 cargo test --test openapi` and review the change");
}

#[test]
fn every_reference_has_a_target() {
    let document = openapi::document();
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_described_argument_is_read() {
    for route in &ROUTES {
        let operation = described(route);
        for name in fields(&operation) {
            let body = json!({ name.clone(): {} });
            assert!(refused(route, "", &body).contains(&name), "{} {name}", route.name);
        }
        for parameter in operation["parameters"].as_array().unwrap() {
            let Some(name) = parameter["name"].as_str() else { continue };
            // Every text is a valid tag.
            if name != "tags" {
                assert!(refused(route, &format!("?{name}=!"), &json!({})).contains(name), "{name}");
            }
        }
    }
}

#[test]
fn the_required_arguments_are_those_that_are_refused_when_absent() {
    for route in &ROUTES {
        let operation = described(route);
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let required: BTreeSet<String> = texts(&schema["required"]);
        assert_eq!(refused(route, "", &json!({})), required, "{}", route.name);
    }
}

#[test]
fn null_counts_as_absent_for_nullable_arguments_only() {
    for route in &ROUTES {
        let operation = described(route);
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        for name in fields(&operation) {
            let nullable = texts(&schema["properties"][&name]["type"]).contains("null");
            let body = json!({ name.clone(): null });
            assert_eq!(
                !refused(route, "", &body).contains(&name),
                nullable,
                "{} {name}",
                route.name
            );
        }
    }
}

#[test]
fn a_flexible_ip_and_its_mac_address_have_the_described_fields() {
    let mut emulator = Emulator::new(Settings::default()).unwrap();
    let project = emulator.project_id().to_string();
    let ip = parsed(&send(
        &mut emulator,
        "POST",
        "/flexible-ip/v1alpha1/zones/fr-par-1/fips",
        &json!({ "project_id": project }),
    ));
    let path =
        format!("/flexible-ip/v1alpha1/zones/fr-par-1/fips/{}/mac", ip["id"].as_str().unwrap());
    let ip = parsed(&send(&mut emulator, "POST", &path, &json!({ "mac_type": "kvm" })));
    let document = openapi::document();
    for (value, schema) in [(&ip, "FlexibleIP"), (&ip["mac_address"], "MACAddress")] {
        let schema = &document["components"]["schemas"][schema];
        assert_eq!(keys(value), keys(&schema["properties"]));
        assert_eq!(keys(value), texts(&schema["required"]));
    }
}

/// The description of a route's operation.
fn described(route: &Route) -> Value {
    let method = route.method.as_str().to_ascii_lowercase();
    openapi::document()["paths"][route.template()][method].clone()
}

/// The names of the fields of its body.
fn fields(operation: &Value) -> BTreeSet<String> {
    keys(&operation["requestBody"]["content"]["application/json"]["schema"]["properties"])
}

/// The arguments that the emulator refuses.
fn refused(route: &Route, query: &str, body: &Value) -> BTreeSet<String> {
    let mut emulator = Emulator::new(Settings::default()).unwrap();
    let mut path = route.template().replace("{zone}", "fr-par-1");
    if matches!(route.tail, Tail::OneIp(_)) {
        path = path.replace("{fip_id}", "7c715b98-e683-493a-9e62-109d684e4348");
    }
    let response = send(&mut emulator, route.method.as_str(), &(path + query), body);
    if response.status != 400 {
        return BTreeSet::new();
    }
    let details = parsed(&response)["details"].as_array().unwrap().clone();
    details.iter().map(|detail| detail["argument_name"].as_str().unwrap().to_owned()).collect()
}

fn send(emulator: &mut Emulator, method: &str, target: &str, body: &Value) -> Response {
    let headers = vec![("X-Auth-Token".to_owned(), emulator.secret_key().to_owned())];
    let (method, target) = (method.to_owned(), target.to_owned());
    let request = Request { method, target, headers, body: body.to_string().into_bytes() };
    emulator.handle(&request, Timestamp::from_nanos(0))
}

fn parsed(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect()
}

/// The strings of a list, or a single string.
fn texts(list: &Value) -> BTreeSet<String> {
    let items = list.as_array().cloned().unwrap_or_else(|| vec![list.clone()]);
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(target) if name == "$ref" => {
                        found.insert(target.clone());
                    }
                    field => collect_references(field, found),
                }
            }
        }
        _ => {}
    }
}
