//! The options of the client and of a call. `edge` checks them as it checks those of the JavaScript package.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use crate::flow::Event;

/// A listener that receives the events of calls: retries, waits, and the steps of moves.
///
/// ```
/// use flexip::web::{Listener, Options};
/// let on_event = Listener::new(|event| println!("{event:?}"));
/// let options = Options { on_event: Some(on_event), ..Options::default() };
/// # assert!(options.on_event.is_some());
/// ```
#[derive(Clone)]
pub struct Listener(Rc<dyn Fn(&Event)>);

impl Listener {
    /// A listener that calls this function.
    pub fn new(listener: impl Fn(&Event) + 'static) -> Self {
        Self(Rc::new(listener))
    }

    pub(super) fn emit(&self, event: &Event) {
        (self.0)(event);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Listener")
    }
}

/// The options of the client.
///
/// ```
/// use flexip::web::Options;
/// let options = Options {
///     base_url: Some("/api/flexip".to_owned()),
///     default_zone: Some("nl-ams-1".to_owned()),
///     ..Options::default()
/// };
/// # assert_eq!(options.secret_key, None);
/// ```
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// The secret key of an API key. The service needs it; a proxy that holds it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<String>,
    /// A session token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_token: Option<String>,
    /// The URL of the API, or of a proxy; in a page, also a path of its origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The zone of requests that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_zone: Option<String>,
    /// The Project of creates that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_project_id: Option<String>,
    /// The Organization of lists that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_organization_id: Option<String>,
    /// The size of pages of lists that name none, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_page_size: Option<u32>,
    /// Whether zones that this version does not know are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_unknown_zones: Option<bool>,
    /// The longest time for one attempt, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// The longest time for a whole call, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_timeout_ms: Option<u32>,
    /// How long the effect of a change may stay away after its response was lost, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settling_ms: Option<u32>,
    /// How often and after which backoff a request is retried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryOptions>,
    /// Headers of every request.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What follows the library's name in the `User-Agent` header. A page sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent_suffix: Option<String>,
    /// The `fetch` that requests go through; the platform's if absent. It is called with a `Request`.
    #[serde(skip)]
    pub fetch: Option<js_sys::Function>,
    /// Receives the events of all calls.
    #[serde(skip)]
    pub on_event: Option<Listener>,
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing that can hold a secret.
        let Self { base_url, default_zone, default_project_id, .. } = self;
        formatter
            .debug_struct("Options")
            .field("base_url", base_url)
            .field("default_zone", default_zone)
            .field("default_project_id", default_project_id)
            .finish_non_exhaustive()
    }
}

/// The options of a call. They take precedence over the client's. See [`super::Client::with_options`].
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallOptions {
    /// The longest time for one attempt, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// The longest time for the whole call, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_timeout_ms: Option<u32>,
    /// How long the effect of a change may stay away after its response was lost, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settling_ms: Option<u32>,
    /// How often and after which backoff a request is retried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryOptions>,
    /// Headers in addition to the client's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Whether to send a change without reading the flexible IPs before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_preflight: Option<bool>,
    /// The key by which a create that was done before is found, instead of done twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// Receives the events of the call, besides the client's listener.
    #[serde(skip)]
    pub on_event: Option<Listener>,
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing that can hold a secret.
        let Self { timeout_ms, total_timeout_ms, retry, .. } = self;
        formatter
            .debug_struct("CallOptions")
            .field("timeout_ms", timeout_ms)
            .field("total_timeout_ms", total_timeout_ms)
            .field("retry", retry)
            .finish_non_exhaustive()
    }
}

/// How often and after which backoff a request is retried. A field that is absent stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryOptions {
    /// The most attempts of a request; 1 for no retry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    /// The longest first backoff, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_delay_ms: Option<u32>,
    /// The longest backoff, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_delay_ms: Option<u32>,
    /// The tokens of the client's retry budget. Only in the options of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
}
