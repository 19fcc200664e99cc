//! The client's options and those of one call. Secrets are checked here and never repeated.

use crate::error::problem::{Problem, Reason};
use crate::model::id::{OrganizationId, ProjectId};
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::time::Millis;
use crate::ops::arguments::{Defaults, Reader, found};
use crate::policy::retry::RetryPolicy;
use crate::wire::value::{Unsupported, Value};

/// The real service.
pub const SERVICE_URL: &str = "https://api.scaleway.com";

/// How long one attempt may take when nobody says otherwise. The slowest answer seen took 0.7 s.
pub const TIMEOUT_DEFAULT: Millis = Millis(30_000);

/// How long everything together may take when nobody says otherwise: all attempts, all waits.
pub const TOTAL_DEFAULT: Millis = Millis(120_000);

/// The tokens for retries when nobody says otherwise: as the AWS SDKs have.
pub const BUDGET_DEFAULT: u32 = 500;

const ATTEMPTS_MAX: u32 = 20;
const DELAY_MAX: u32 = 600_000;
const BUDGET_MAX: u32 = 1_000_000;
const CONCURRENCY_MAX: u32 = 10_000;

/// The longest time that `setTimeout` can wait.
const TIMEOUT_MAX: u32 = 2_147_483_647;

/// The client's options, but for the secrets and functions, which only the edge holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the API is, without a final slash.
    pub base_url: String,
    /// What stands in for arguments that are left out.
    pub defaults: Defaults,
    /// How long one attempt may take.
    pub timeout: Millis,
    /// How long everything together may take.
    pub total: Option<Millis>,
    /// How often a request is sent.
    pub retry: RetryPolicy,
    /// How many tokens the client has for retries.
    pub budget: u32,
    /// How many requests may be on their way at once.
    pub max_concurrency: Option<u32>,
    /// Whether the key comes from a function, which may give another one.
    pub renews_key: bool,
    /// Headers for every request.
    pub headers: Vec<(String, String)>,
    /// What follows the library's own name in the `User-Agent`.
    pub user_agent_suffix: String,
}

/// The options of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSettings {
    /// How long one attempt may take; the client's when absent.
    pub timeout: Option<Millis>,
    /// How long everything together may take; the client's when absent.
    pub total: Option<Millis>,
    /// How often a request is sent, as a change of the client's.
    pub retry: Retry,
    /// What marks a new flexible IP.
    pub idempotency_key: Option<String>,
    /// Headers on top of the client's.
    pub headers: Vec<(String, String)>,
    /// Whether to send without looking at the flexible IPs first.
    pub skip_preflight: bool,
}

/// The option `retry`: `false`, or an object whose fields may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retry {
    max_attempts: Option<u32>,
    base_delay: Option<Millis>,
    max_delay: Option<Millis>,
    budget: Option<u32>,
}

impl Retry {
    fn read(reader: &mut Reader<'_>) -> Self {
        let value = match reader.argument("retry") {
            None => return Self::default(),
            Some(Value::Bool(false)) => return Self { max_attempts: Some(1), ..Self::default() },
            Some(value @ Value::Object(_)) => value,
            Some(other) => {
                let help = format!("value must be false, or an object; {}", found(other));
                reader.refuse("retry", Reason::Format, help);
                return Self::default();
            }
        };
        let none = Defaults::default();
        let mut inner = Reader::new(value, &none);
        let millis = |inner: &mut Reader<'_>, name| {
            inner.whole_number(name, 0, DELAY_MAX).map(|millis| Millis(millis.into()))
        };
        let retry = Self {
            max_attempts: inner.whole_number("maxAttempts", 1, ATTEMPTS_MAX),
            base_delay: millis(&mut inner, "baseDelayMs"),
            max_delay: millis(&mut inner, "maxDelayMs"),
            budget: inner.whole_number("budget", 0, BUDGET_MAX),
        };
        let (_, problems) = inner.finish();
        for problem in problems {
            reader.refuse(["retry.", &problem.field].concat(), problem.reason, problem.help);
        }
        retry
    }

    /// This policy, with what is given here instead of its own.
    pub fn over(self, policy: RetryPolicy) -> RetryPolicy {
        RetryPolicy {
            max_attempts: self.max_attempts.unwrap_or(policy.max_attempts),
            base_delay: self.base_delay.unwrap_or(policy.base_delay),
            max_delay: self.max_delay.unwrap_or(policy.max_delay),
        }
    }
}

/// A key becomes a tag: it must be a text that can be told apart from others.
fn idempotency_key(reader: &mut Reader<'_>) -> Option<String> {
    match reader.argument("idempotencyKey")? {
        Value::Text(text) if (1..=128).contains(&text.len()) && is_credential(text) => {
            Some(text.clone())
        }
        other => {
            let help = format!(
                "value must be 1 to 128 visible ASCII characters without spaces; {}",
                found(other)
            );
            reader.refuse("idempotencyKey", Reason::Format, help);
            None
        }
    }
}

impl Settings {
    /// Reads the client's options. Whoever only builds requests needs no credentials.
    pub fn read(options: &Value, needs_credentials: bool) -> Result<Self, Vec<Problem>> {
        let none = Defaults { allow_unknown_zones: true, ..Defaults::default() };
        let mut reader = Reader::new(options, &none);
        let allow_unknown_zones = reader.boolean("allowUnknownZones").unwrap_or_default();
        let zone = default_zone(&mut reader, allow_unknown_zones);
        let has_key = credential(&mut reader, "secretKey");
        let has_token = credential(&mut reader, "sessionToken");
        let base_url = base_url(&mut reader);
        if needs_credentials && base_url == SERVICE_URL && !has_key && !has_token {
            let help = "value is required to call the service itself; without one, give the baseUrl of a proxy that holds it";
            reader.refuse("secretKey", Reason::Required, help);
        }
        function(&mut reader, "fetch");
        function(&mut reader, "onEvent");
        let renews_key =
            matches!(options.field("secretKey"), Some(Value::Unsupported(Unsupported::Kind(_))));
        let retry = Retry::read(&mut reader);
        let settings = Self {
            base_url,
            defaults: Defaults {
                zone,
                project_id: reader.optional_uuid("defaultProjectId").map(ProjectId),
                organization_id: reader.optional_uuid("defaultOrganizationId").map(OrganizationId),
                page_size: reader.whole_number("defaultPageSize", 1, PAGE_SIZE_MAX),
                idempotency_key: None,
                allow_unknown_zones,
            },
            timeout: timeout(&mut reader, "timeoutMs").unwrap_or(TIMEOUT_DEFAULT),
            total: timeout(&mut reader, "totalTimeoutMs"),
            budget: retry.budget.unwrap_or(BUDGET_DEFAULT),
            retry: retry.over(RetryPolicy::DEFAULT),
            max_concurrency: reader.whole_number("maxConcurrency", 1, CONCURRENCY_MAX),
            renews_key,
            headers: headers(&mut reader),
            user_agent_suffix: user_agent_suffix(&mut reader),
        };
        finish(reader, settings)
    }
}

impl CallSettings {
    /// Reads the options of one call; none is the same as an empty object.
    pub fn read(options: &Value) -> Result<Self, Vec<Problem>> {
        let none = Defaults::default();
        let mut reader = Reader::new(options, &none);
        // The edge listens to the signal itself.
        reader.argument("signal");
        function(&mut reader, "onEvent");
        let settings = Self {
            timeout: timeout(&mut reader, "timeoutMs"),
            total: timeout(&mut reader, "totalTimeoutMs"),
            retry: Retry::read(&mut reader),
            idempotency_key: idempotency_key(&mut reader),
            headers: headers(&mut reader),
            skip_preflight: reader.boolean("skipPreflight").unwrap_or_default(),
        };
        finish(reader, settings)
    }
}

fn finish<T>(reader: Reader<'_>, settings: T) -> Result<T, Vec<Problem>> {
    let (passed, problems) = reader.finish();
    if passed { Ok(settings) } else { Err(problems) }
}

fn timeout(reader: &mut Reader<'_>, name: &'static str) -> Option<Millis> {
    reader.whole_number(name, 1, TIMEOUT_MAX).map(|millis| Millis(millis.into()))
}

fn default_zone(reader: &mut Reader<'_>, allow_unknown: bool) -> Option<crate::model::zone::Zone> {
    use crate::model::zone::{KNOWN_ZONES, Zone};
    let known = |text: &str| Zone::parse(text).filter(|zone| allow_unknown || zone.is_known());
    match reader.argument("defaultZone")? {
        Value::Text(text) if known(text).is_some() => known(text),
        other => {
            let zones = KNOWN_ZONES.join(", ");
            let help = format!("value must be one of {zones}; {}", found(other));
            reader.refuse("defaultZone", Reason::Constraint, help);
            None
        }
    }
}

/// Whether there is a credential: a text, or a function that gives one.
fn credential(reader: &mut Reader<'_>, name: &'static str) -> bool {
    match reader.argument(name) {
        None => return false,
        Some(Value::Text(text)) if is_credential(text) => {}
        Some(Value::Unsupported(Unsupported::Kind(kind)))
            if kind == "function" && name == "secretKey" => {}
        // No value is shown: it may be a key with a stray newline.
        Some(Value::Text(_)) => {
            reader.refuse(
                name,
                Reason::Format,
                "value must be visible ASCII characters without spaces",
            );
        }
        Some(other) => {
            let help = format!("value must be a string; found a value of type {}", other.kind());
            reader.refuse(name, Reason::Format, help);
        }
    }
    true
}

/// Whether a text can be a credential: it goes into a header as it is.
pub fn is_credential(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn base_url(reader: &mut Reader<'_>) -> String {
    let text = match reader.argument("baseUrl") {
        None => return SERVICE_URL.to_owned(),
        Some(Value::Text(text)) => text.trim_end_matches('/'),
        Some(other) => {
            let help = format!("value must be a string; {}", found(other));
            reader.refuse("baseUrl", Reason::Format, help);
            return String::new();
        }
    };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let authority = rest.map(|rest| rest.split('/').next().unwrap_or_default());
    let has_place = match authority {
        // A page may call a path of its own origin.
        None => text.starts_with('/') && !text.starts_with("//"),
        Some(authority) => !authority.is_empty() && !authority.contains('@'),
    };
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['?', '#', '\\']);
    if !has_place || !is_plain {
        // No value is shown: it may hold a password.
        let help = "value must be an http or https URL, or a path of this origin, without user, query or fragment";
        reader.refuse("baseUrl", Reason::Format, help);
    }
    text.to_owned()
}

fn function(reader: &mut Reader<'_>, name: &'static str) {
    match reader.argument(name) {
        None => {}
        Some(Value::Unsupported(Unsupported::Kind(kind))) if kind == "function" => {}
        Some(other) => {
            let help = format!("value must be a function; {}", found(other));
            reader.refuse(name, Reason::Format, help);
        }
    }
}

fn user_agent_suffix(reader: &mut Reader<'_>) -> String {
    match reader.argument("userAgentSuffix") {
        Some(Value::Text(text)) if is_header_value(text) => text.clone(),
        None => String::new(),
        Some(other) => {
            let help =
                format!("value must be a string of visible ASCII characters; {}", found(other));
            reader.refuse("userAgentSuffix", Reason::Format, help);
            String::new()
        }
    }
}

/// The headers that the client itself sets.
const OWN_HEADERS: [&str; 4] = ["x-auth-token", "x-session-token", "content-type", "user-agent"];

fn headers(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let fields = match reader.argument("headers") {
        None => return Vec::new(),
        Some(Value::Object(fields)) => fields,
        Some(other) => {
            let help = format!(
                "value must be an object of strings; found a value of type {}",
                other.kind()
            );
            reader.refuse("headers", Reason::Format, help);
            return Vec::new();
        }
    };
    let mut headers = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let field = format!("headers.{}", name.chars().take(60).collect::<String>());
        match value {
            _ if !is_header_name(name) => {
                reader.refuse(field, Reason::Format, "name must be that of an HTTP header");
            }
            _ if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) => {
                reader.refuse(
                    field,
                    Reason::Constraint,
                    "the client sets this header from its own options",
                );
            }
            Value::Text(value) if is_header_value(value) => {
                headers.push((name.clone(), value.clone()))
            }
            // No value is shown: it may be a secret.
            _ => reader.refuse(
                field,
                Reason::Format,
                "value must be a string of visible ASCII characters",
            ),
        }
    }
    headers
}

fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn the_service_itself_wants_a_key_and_a_proxy_does_not() {
        assert!(settings(json!({})).unwrap_err()[0].starts_with("secretKey (required)"));
        assert_eq!(settings(json!({ "baseUrl": "/api/flexip/" })).unwrap().base_url, "/api/flexip");
    }

    #[test]
    fn a_base_url_leads_to_one_place_and_holds_no_password() {
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
    fn no_secret_is_repeated_in_a_message() {
        let options = json!({
            "secretKey": format!("{SECRET}\n"), "sessionToken": format!("{SECRET} "),
            "headers": { "X-Mine": format!("{SECRET}\r\n"), "X-Auth-Token": SECRET },
        });
        let problems = settings(options).unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(!problems.join("").contains(SECRET));
    }

    #[test]
    fn every_option_is_checked_and_unknown_ones_are_named() {
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
                total: None,
                retry: Retry::default(),
                idempotency_key: None,
                headers: Vec::new(),
                skip_preflight: false
            }
        );
    }
}
