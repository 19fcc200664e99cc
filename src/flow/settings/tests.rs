//! The options of the client and of a call.

use super::base_url::SERVICE_URL;
use super::call::CallSettings;
use super::client::{Settings, TIMEOUT_DEFAULT};
use super::retry::RetrySettings;
use crate::wire::value::Value;
use serde_json::json;

const SECRET: &str = "11111111-1111-4111-8111-111111111111";

fn settings(options: serde_json::Value) -> Result<Settings, Vec<String>> {
    Settings::read(&options.into(), true)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_key_alone_is_enough() {
    let settings = settings(json!({ "secretKey": SECRET })).unwrap();
    assert_eq!(settings.base_url, SERVICE_URL);
    assert_eq!(settings.timeout, TIMEOUT_DEFAULT);
}

#[test]
fn the_service_itself_needs_a_key_and_a_proxy_does_not() {
    assert!(settings(json!({})).unwrap_err()[0].starts_with("secretKey (required)"));
    assert_eq!(settings(json!({ "baseUrl": "/api/flexip/" })).unwrap().base_url, "/api/flexip");
}

#[test]
fn a_base_url_without_a_host_or_with_user_query_or_fragment_is_refused() {
    for url in [
        "",
        "//evil.example",
        "ftp://a",
        "https://",
        "https://user:password@a",
        "https://a?b",
        "https://a#b",
        "https://a\\@b",
        "javascript:1",
    ] {
        let problems = settings(json!({ "secretKey": SECRET, "baseUrl": url })).unwrap_err();
        assert!(problems[0].starts_with("baseUrl (format)"), "{url}");
        assert!(!problems[0].contains("password@"), "{url}");
    }
}

#[test]
fn no_message_repeats_a_secret() {
    let options = json!({
        "secretKey": format!("{SECRET}\n"), "sessionToken": format!("{SECRET} "),
        "headers": { "X-Mine": format!("{SECRET}\r\n"), "X-Auth-Token": SECRET },
    });
    let problems = settings(options).unwrap_err();
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(!problems.join("").contains(SECRET));
}

#[test]
fn every_option_is_checked_and_unknown_options_are_named() {
    let options = json!({
        "secretKey": SECRET, "defaultZone": "mars-1", "defaultProjectId": "x", "defaultPageSize": 101,
        "timeoutMs": 0, "fetch": 1, "headers": [], "userAgentSuffix": "é", "baseURL": "http://a",
    });
    let fields: Vec<String> = settings(options)
        .unwrap_err()
        .iter()
        .map(|problem| problem.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        fields,
        [
            "defaultZone",
            "fetch",
            "defaultProjectId",
            "defaultPageSize",
            "timeoutMs",
            "headers",
            "userAgentSuffix",
            "baseURL"
        ]
    );
}

#[test]
fn the_options_of_a_call_may_be_empty() {
    let none = CallSettings::read(&Value::Object(Vec::new())).unwrap();
    assert_eq!(
        none,
        CallSettings {
            timeout: None,
            settling_time: None,
            total_timeout: None,
            retry: RetrySettings::default(),
            idempotency_key: None,
            headers: Vec::new(),
            skip_preflight: false
        }
    );
}
