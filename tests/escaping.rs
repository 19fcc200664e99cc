//! The vectors of Smithy's restJson1 protocol tests for paths and queries, with Smithy's names.
//! Where the client's checks refuse a value, the test shows that.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use flexip::model::zone::Zone;
use flexip::ops::arguments::Defaults;
use flexip::ops::check;
use flexip::wire::path::encode_into;
use flexip::wire::query::Query;
use flexip::wire::route::Operation;
use flexip::wire::value::Value;
use serde_json::{Value as Json, json};

const RESERVED: &str = "%:/?#[]@!$&'()*+,;=😹";
const ESCAPED: &str = "%25%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%F0%9F%98%B9";
const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";

fn encode(text: &str) -> String {
    let mut out = String::new();
    encode_into(&mut out, text);
    out
}

fn query(parameters: &[(&str, &str)]) -> String {
    let mut query = Query::default();
    parameters.iter().for_each(|(key, value)| query.push(key, value));
    query.into_string()
}

/// The path and query of a request, or the fields that are refused.
fn target(operation: Operation, arguments: Json) -> Result<String, Vec<String>> {
    let defaults = Defaults { zone: Zone::parse("fr-par-1"), ..Defaults::default() };
    let (checked, problems) = check(operation, &Value::from(arguments), &defaults);
    checked
        .map(|checked| checked.request.target())
        .ok_or_else(|| problems.into_iter().map(|problem| problem.field.to_string()).collect())
}

/// The query of a list request, or the fields that are refused.
fn list_query(arguments: Json) -> Result<String, Vec<String>> {
    let target = target(Operation::ListFlexibleIps, arguments)?;
    Ok(target.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default())
}

#[test]
fn rest_json_http_request_label_escaping() {
    assert_eq!(encode(&[" ", RESERVED].concat()), ["%20", ESCAPED].concat());
    // Such a text is neither an id nor a zone.
    let text = [" ", RESERVED].concat();
    let refused = |arguments| target(Operation::GetFlexibleIp, arguments).unwrap_err();
    assert_eq!(refused(json!({ "fipId": text })), ["fipId"]);
    assert_eq!(refused(json!({ "fipId": FIP, "zone": text })), ["zone"]);
}

#[test]
fn rest_json_input_with_headers_and_all_params() {
    assert_eq!(encode("string"), "string");
    assert_eq!(encode("2019-12-16T23:48:18Z"), "2019-12-16T23%3A48%3A18Z");
    let expected = ["/flexible-ip/v1alpha1/zones/fr-par-1/fips/", FIP].concat();
    assert_eq!(target(Operation::GetFlexibleIp, json!({ "fipId": FIP })), Ok(expected));
}

#[test]
fn rest_json_http_request_with_greedy_label_in_path_does_not_apply() {
    assert_eq!(encode("there/guy"), "there%2Fguy");
}

#[test]
fn rest_json_tolerates_regex_chars_in_segments() {
    assert_eq!(encode("a.*+b"), "a.%2A%2Bb");
    assert_eq!(
        target(Operation::GetFlexibleIp, json!({ "fipId": ".*" })),
        Err(vec!["fipId".to_owned()])
    );
}

#[test]
fn an_id_that_would_change_the_path_is_refused() {
    for text in ["", ".", "..", "%2e%2e", "a/b", "a\u{0}b"] {
        let refused = target(Operation::GetFlexibleIp, json!({ "fipId": text }));
        assert_eq!(refused, Err(vec!["fipId".to_owned()]), "{text:?}");
    }
}

#[test]
fn rest_json_query_string_escaping() {
    assert_eq!(query(&[("String", RESERVED)]), ["String=", ESCAPED].concat());
    assert_eq!(list_query(json!({ "tags": [RESERVED] })), Ok(["tags=", ESCAPED].concat()));
}

#[test]
fn rest_json_all_query_string_types() {
    assert_eq!(query(&[("String", "Hello there")]), "String=Hello%20there");
    assert_eq!(
        list_query(json!({ "page": 3, "orderBy": "created_at_asc", "tags": ["a", "b", "c"] })),
        Ok("order_by=created_at_asc&page=3&tags=a&tags=b&tags=c".to_owned())
    );
}

#[test]
fn rest_json_omits_null_query() {
    let nothing = json!({ "tags": null, "status": null, "serverIds": null, "page": null });
    assert_eq!(list_query(nothing), Ok(String::new()));
}

#[test]
fn rest_json_omits_empty_list_query_values() {
    assert_eq!(list_query(json!({ "tags": [], "status": [], "serverIds": [] })), Ok(String::new()));
}

#[test]
fn rest_json_serializes_empty_query_value() {
    assert_eq!(query(&[("Empty", "")]), "Empty=");
    assert_eq!(list_query(json!({ "tags": [""] })), Ok("tags=".to_owned()));
}

#[test]
fn rest_json_zero_and_false_query_values() {
    assert_eq!(query(&[("Zero", "0"), ("False", "false")]), "Zero=0&False=false");
    // There is no page 0, and a list's query has no booleans.
    assert_eq!(list_query(json!({ "page": 0, "pageSize": 0 })).unwrap_err(), ["page", "pageSize"]);
}

#[test]
fn rest_json_supports_nan_and_infinity_query_values_does_not_apply() {
    let defaults = Defaults { zone: Zone::parse("fr-par-1"), ..Defaults::default() };
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let arguments = Value::Object(vec![("page".to_owned(), Value::Number(number))]);
        let (checked, problems) = check(Operation::ListFlexibleIps, &arguments, &defaults);
        assert!(checked.is_none() && problems.len() == 1, "{number}");
    }
}

#[test]
fn rest_json_query_precedence_no_value_adds_a_second_parameter() {
    let smuggled = json!({ "tags": ["a&page=9", "b=c", "d#e"], "page": 1 });
    assert_eq!(
        list_query(smuggled),
        Ok("page=1&tags=a%26page%3D9&tags=b%3Dc&tags=d%23e".to_owned())
    );
}
