//! The options of the client.

use super::base_url::{SERVICE_URL, read_base_url};
use super::credentials::check_credential;
use super::headers::{read_headers, read_user_agent_suffix};
use super::options::{check_function, finish, read_timeout};
use super::retry::RetrySettings;
use crate::error::problem::{Problem, Reason};
use crate::model::id::{OrganizationId, ProjectId};
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::time::Millis;
use crate::model::to_text::{join, text};
use crate::model::zone::{KNOWN_ZONES, Zone};
use crate::ops::arguments::{Defaults, Reader, found};
use crate::policy::retry::RetryPolicy;
use crate::wire::value::{Unsupported, Value};

/// The timeout of one attempt by default. The slowest response that was recorded took 0.7 s.
pub const TIMEOUT_DEFAULT: Millis = Millis(30_000);

/// The total timeout of an operation or a list by default.
pub const TOTAL_TIMEOUT_DEFAULT: Millis = Millis(120_000);

/// The tokens of the retry budget by default, the same as in the AWS SDKs.
pub const BUDGET_DEFAULT: u32 = 500;

const CONCURRENCY_MAX: u32 = 10_000;

/// The options of the client, without the credentials and functions: only the JavaScript side has
/// those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The URL of the API, without a final slash.
    pub base_url: String,
    /// The values of arguments that a request leaves out.
    pub defaults: Defaults,
    /// The longest time for one attempt.
    pub timeout: Millis,
    /// The longest time for a whole call.
    pub total_timeout: Option<Millis>,
    /// How long the effect of a change may stay away after its response was lost; the times of the
    /// table of operations if absent.
    pub settling_time: Option<Millis>,
    /// How often and after which backoff a request is retried.
    pub retry: RetryPolicy,
    /// The number of tokens in the retry budget.
    pub budget: u32,
    /// The most requests at once.
    pub max_concurrency: Option<u32>,
    /// Whether a function gives the key, so that it can be asked for a new one.
    pub renews_key: bool,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
    /// What follows the library's name in the `User-Agent` header.
    pub user_agent_suffix: String,
}

impl Settings {
    /// Reads the options of the client. `needs_credentials` is false where requests are only built and
    /// not sent.
    pub fn read(options: &Value, needs_credentials: bool) -> Result<Self, Vec<Problem>> {
        let none = Defaults { allow_unknown_zones: true, ..Defaults::default() };
        let mut reader = Reader::of_options(options, &none);
        let allow_unknown_zones = reader.boolean("allowUnknownZones").unwrap_or_default();
        let zone = read_default_zone(&mut reader, allow_unknown_zones);
        let has_key = check_credential(&mut reader, "secretKey");
        let has_token = check_credential(&mut reader, "sessionToken");
        let base_url = read_base_url(&mut reader);
        if needs_credentials && base_url == SERVICE_URL && !has_key && !has_token {
            let help = "value is required to call the service itself; without one, give the baseUrl of a proxy that holds it";
            reader.refuse("secretKey", Reason::Required, help);
        }
        check_function(&mut reader, "fetch");
        check_function(&mut reader, "onEvent");
        let renews_key =
            matches!(options.field("secretKey"), Some(Value::Unsupported(Unsupported::Kind(_))));
        let retry = RetrySettings::read(&mut reader);
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
            timeout: read_timeout(&mut reader, "timeoutMs").unwrap_or(TIMEOUT_DEFAULT),
            total_timeout: read_timeout(&mut reader, "totalTimeoutMs"),
            settling_time: read_timeout(&mut reader, "settlingMs"),
            budget: retry.budget.unwrap_or(BUDGET_DEFAULT),
            retry: retry.apply_to(RetryPolicy::DEFAULT),
            max_concurrency: reader.whole_number("maxConcurrency", 1, CONCURRENCY_MAX),
            renews_key,
            headers: read_headers(&mut reader),
            user_agent_suffix: read_user_agent_suffix(&mut reader),
        };
        finish(reader, settings)
    }
}

fn read_default_zone(reader: &mut Reader<'_>, allow_unknown: bool) -> Option<Zone> {
    let parse = |text: &str| Zone::parse(text).filter(|zone| allow_unknown || zone.is_known());
    match reader.argument("defaultZone")? {
        Value::Text(text) if parse(text).is_some() => parse(text),
        other => {
            let zones = join(KNOWN_ZONES, ", ");
            let help = text!("value must be one of ", zones, "; ", found(other));
            reader.refuse("defaultZone", Reason::Constraint, help);
            None
        }
    }
}
