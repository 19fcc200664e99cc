//! The options of a call.

use super::credentials::is_credential;
use super::headers::read_headers;
use super::options::{check_function, finish, read_timeout};
use super::retry::RetrySettings;
use crate::error::problem::{Problem, Reason};
use crate::model::time::Millis;
use crate::model::to_text::text;
use crate::ops::arguments::{Defaults, Reader, found};
use crate::wire::value::{Unsupported, Value};

/// The options of a call. They take precedence over the client's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSettings {
    /// The longest time for one attempt.
    pub timeout: Option<Millis>,
    /// The longest time for the whole call.
    pub total_timeout: Option<Millis>,
    /// How long the effect of a change may stay away after its response was lost.
    pub settling_time: Option<Millis>,
    /// What changes in the client's retry policy.
    pub retry: RetrySettings,
    /// The idempotency key of a create.
    pub idempotency_key: Option<String>,
    /// Headers in addition to the client's.
    pub headers: Vec<(String, String)>,
    /// Whether to send the request without a preflight.
    pub skip_preflight: bool,
}

impl CallSettings {
    /// Reads the options of a call: an object, which may be empty.
    pub fn read(options: &Value) -> Result<Self, Vec<Problem>> {
        let defaults = Defaults::default();
        let mut reader = Reader::of_options(options, &defaults);
        check_signal(&mut reader);
        check_function(&mut reader, "onEvent");
        check_function(&mut reader, "beforeRetry");
        let settings = Self {
            timeout: read_timeout(&mut reader, "timeoutMs"),
            total_timeout: read_timeout(&mut reader, "totalTimeoutMs"),
            settling_time: read_timeout(&mut reader, "settlingMs"),
            retry: RetrySettings::read(&mut reader),
            idempotency_key: read_idempotency_key(&mut reader),
            headers: read_headers(&mut reader),
            skip_preflight: reader.boolean("skipPreflight").unwrap_or_default(),
        };
        if settings.retry.budget.is_some() {
            let help = "the calls of a client share one budget: set it there";
            reader.refuse("retry.budget", Reason::Unknown, help);
        }
        finish(reader, settings)
    }
}

/// Checks the signal. The JavaScript side listens to it, and passes this kind for one that it can use. No
/// other value has the kind: the name of a class begins with a capital letter.
fn check_signal(reader: &mut Reader<'_>) {
    match reader.argument("signal") {
        None => {}
        Some(Value::Unsupported(Unsupported::Kind(kind))) if kind == "signal" => {}
        Some(_) => reader.refuse("signal", Reason::Format, "value must be an AbortSignal"),
    }
}

/// Reads an idempotency key. It becomes a tag of the flexible IP, so it must be a valid tag.
fn read_idempotency_key(reader: &mut Reader<'_>) -> Option<String> {
    match reader.argument("idempotencyKey")? {
        Value::Text(text) if (1..=128).contains(&text.len()) && is_credential(text) => {
            Some(text.clone())
        }
        other => {
            let help = text!(
                "value must be 1 to 128 visible ASCII characters without spaces; ",
                found(other)
            );
            reader.refuse("idempotencyKey", Reason::Format, help);
            None
        }
    }
}
