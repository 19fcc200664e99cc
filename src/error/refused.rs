//! An answer of the service that is not a success.

use std::fmt;

use crate::model::time::Millis;
use crate::wire::http::ResponseHeaders;
use crate::wire::refusal::RefusalBody;
use crate::wire::value::Value;

/// What the service says no to. Each kind is a class of its own in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 400: arguments that the service refuses.
    InvalidArguments,
    /// 401: the key is unknown, expired or malformed.
    DeniedAuthentication,
    /// 403: not yours, not allowed, or no longer there: the service answers so for what is deleted.
    PermissionsDenied,
    /// 403: the Organization or Project may not have more.
    QuotasExceeded,
    /// 404: never was there.
    NotFound,
    /// 409: the service is still at work on it.
    TransientState,
    /// 409: it is there already.
    AlreadyExists,
    /// 409 of any other sort.
    Conflict,
    /// 410: its time is over. The official SDKs spell the type in two ways; both are read.
    Expired,
    /// 412: something else must be done first.
    PreconditionFailed,
    /// 423: locked by the service.
    Locked,
    /// 429: too many requests. The gateway's answer has neither body nor type.
    TooManyRequests,
    /// 503: none left.
    OutOfStock,
    /// 500: the service failed. What it did before is unknown.
    InternalError,
    /// 502, 503, 504 from the gateway: the service was not reached, or did not answer it.
    Unavailable,
    /// 408: the service gave up waiting for the request.
    RequestTimeout,
    /// Any other answer that is not the operation's success.
    Unexpected,
}

impl Kind {
    /// The stable word for programs: the API's own `type` where it has one.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidArguments => "invalid_arguments",
            Self::DeniedAuthentication => "denied_authentication",
            Self::PermissionsDenied => "permissions_denied",
            Self::QuotasExceeded => "quotas_exceeded",
            Self::NotFound => "not_found",
            Self::TransientState => "transient_state",
            Self::AlreadyExists => "already_exists",
            Self::Conflict => "conflict",
            Self::Expired => "expired",
            Self::PreconditionFailed => "precondition_failed",
            Self::Locked => "locked",
            Self::TooManyRequests => "too_many_requests",
            Self::OutOfStock => "out_of_stock",
            Self::InternalError => "internal_error",
            Self::Unavailable => "unavailable",
            Self::RequestTimeout => "request_timeout",
            Self::Unexpected => "unexpected_response",
        }
    }

    /// Whether the same request could succeed later without any change.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::TransientState
                | Self::TooManyRequests
                | Self::InternalError
                | Self::Unavailable
                | Self::RequestTimeout
        )
    }

    /// The kind of the API's `type`.
    fn of_type(word: &str) -> Option<Self> {
        Some(match word {
            "invalid_arguments" => Self::InvalidArguments,
            "denied_authentication" => Self::DeniedAuthentication,
            "permissions_denied" => Self::PermissionsDenied,
            "quotas_exceeded" => Self::QuotasExceeded,
            "not_found" => Self::NotFound,
            "transient_state" => Self::TransientState,
            "already_exists" => Self::AlreadyExists,
            "conflict" => Self::Conflict,
            "expired" | "resource_expired" => Self::Expired,
            "precondition_failed" => Self::PreconditionFailed,
            "locked" => Self::Locked,
            "too_many_requests" => Self::TooManyRequests,
            "out_of_stock" => Self::OutOfStock,
            _ => return None,
        })
    }

    /// The kind of a status whose body has no type: the gateway's answers, and older ones.
    fn of_status(status: u16) -> Self {
        match status {
            400 => Self::InvalidArguments,
            401 => Self::DeniedAuthentication,
            403 => Self::PermissionsDenied,
            404 => Self::NotFound,
            408 => Self::RequestTimeout,
            409 => Self::Conflict,
            410 => Self::Expired,
            412 => Self::PreconditionFailed,
            423 => Self::Locked,
            429 => Self::TooManyRequests,
            502..=504 => Self::Unavailable,
            500..=599 => Self::InternalError,
            _ => Self::Unexpected,
        }
    }
}

/// The service's no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What it says no to.
    pub kind: Kind,
    /// The HTTP status.
    pub status: u16,
    /// Why, in the service's words.
    pub message: String,
    /// What to tell the support.
    pub request_id: Option<String>,
    /// How long the service asked to wait.
    pub retry_after: Option<Millis>,
}

/// How much of a body that is not JSON goes into a message.
const EXCERPT_CHARACTERS: usize = 200;

impl Refused {
    /// Names an answer that is not a success. `body` is its JSON; `text` what came instead of JSON.
    pub fn classify(
        status: u16,
        headers: &ResponseHeaders,
        body: Option<&Value>,
        text: &str,
    ) -> Self {
        let spoken = body.map(RefusalBody::read);
        let kind = spoken
            .as_ref()
            .and_then(|body| body.type_word.as_deref())
            .and_then(Kind::of_type)
            .unwrap_or_else(|| Kind::of_status(status));
        let message = match spoken {
            Some(body) if !body.is_empty() => body.to_string(),
            _ => text.trim().chars().take(EXCERPT_CHARACTERS).collect(),
        };
        let ResponseHeaders { request_id, retry_after, .. } = headers.clone();
        Self { kind, status, message, request_id, retry_after }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.status, self.kind.code())?;
        if !self.message.is_empty() {
            write!(formatter, ": {}", self.message)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classified(status: u16, body: &str) -> Refused {
        let json = serde_json::from_str::<serde_json::Value>(body).ok().map(Value::from);
        Refused::classify(status, &ResponseHeaders::default(), json.as_ref(), body)
    }

    /// Every row of the error model: status, body as it was recorded, kind, message.
    const ROWS: &[(u16, &str, Kind, &str)] = &[
        (
            400,
            r#"{"details":[{"argument_name":"project_id","help_message":"value must be a valid UUID","reason":"format"}],"message":"invalid argument(s)","type":"invalid_arguments"}"#,
            Kind::InvalidArguments,
            "400 invalid_arguments: invalid argument(s): project_id (format): value must be a valid UUID",
        ),
        (
            401,
            r#"{"message":"authentication is denied","method":"api_key","reason":"not_found","type":"denied_authentication"}"#,
            Kind::DeniedAuthentication,
            "401 denied_authentication: authentication is denied: api_key not_found",
        ),
        (
            403,
            r#"{"details":[{"action":"read","resource":"flexible-ip"}],"message":"insufficient permissions","type":"permissions_denied"}"#,
            Kind::PermissionsDenied,
            "403 permissions_denied: insufficient permissions: read flexible-ip",
        ),
        (
            403,
            r#"{"details":[],"message":"insufficient permissions","type":"permissions_denied"}"#,
            Kind::PermissionsDenied,
            "403 permissions_denied: insufficient permissions",
        ),
        (
            403,
            r#"{"details":[{"current":25,"quota":25,"resource":"UsrProjectsWidth"}],"message":"quota(s) exceeded for this resource","type":"quotas_exceeded"}"#,
            Kind::QuotasExceeded,
            "403 quotas_exceeded: quota(s) exceeded for this resource: UsrProjectsWidth 25 of 25",
        ),
        (
            404,
            r#"{"message":"resource is not found","resource":"flexible_ips","resource_id":"x","type":"not_found"}"#,
            Kind::NotFound,
            "404 not_found: resource is not found: flexible_ips x",
        ),
        (
            409,
            r#"{"current_state":"configuring","message":"resource is in a transient state","resource":"gateway","resource_id":"x","type":"transient_state"}"#,
            Kind::TransientState,
            "409 transient_state: resource is in a transient state: gateway x configuring",
        ),
        (
            409,
            r#"{"help_message":"try another name","message":"resource already exists","resource":"ip","resource_id":"x","type":"already_exists"}"#,
            Kind::AlreadyExists,
            "409 already_exists: resource already exists: ip x: try another name",
        ),
        (
            409,
            r#"{"message":"Tuple concurrently updated"}"#,
            Kind::Conflict,
            "409 conflict: Tuple concurrently updated",
        ),
        (409, r#"{"message":"no","type":"conflict"}"#, Kind::Conflict, "409 conflict: no"),
        (
            410,
            r#"{"resource":"key","resource_id":"x","expired_since":"2026-01-01T00:00:00Z","type":"expired"}"#,
            Kind::Expired,
            "410 expired: key x",
        ),
        (
            410,
            r#"{"resource":"key","resource_id":"x","type":"resource_expired"}"#,
            Kind::Expired,
            "410 expired: key x",
        ),
        (
            412,
            r#"{"help_message":"server should be stopped","message":"precondition is not respected","precondition":"resource_not_usable","type":"precondition_failed"}"#,
            Kind::PreconditionFailed,
            "412 precondition_failed: precondition is not respected: resource_not_usable: server should be stopped",
        ),
        (
            423,
            r#"{"resource":"ip","resource_id":"x","type":"locked"}"#,
            Kind::Locked,
            "423 locked: ip x",
        ),
        (429, "", Kind::TooManyRequests, "429 too_many_requests"),
        (
            429,
            r#"{"type":"too_many_requests","message":"slow down"}"#,
            Kind::TooManyRequests,
            "429 too_many_requests: slow down",
        ),
        (
            500,
            r#"{"message":"internal error"}"#,
            Kind::InternalError,
            "500 internal_error: internal error",
        ),
        (
            503,
            r#"{"message":"resource is out of stock","resource":"server","type":"out_of_stock"}"#,
            Kind::OutOfStock,
            "503 out_of_stock: resource is out of stock: server",
        ),
        (
            503,
            r#"{"message":"upstream connect error or disconnect/reset before headers. reset reason: connection failure"}"#,
            Kind::Unavailable,
            "503 unavailable: upstream connect error or disconnect/reset before headers. reset reason: connection failure",
        ),
        (
            502,
            "<html>Bad Gateway</html>\n",
            Kind::Unavailable,
            "502 unavailable: <html>Bad Gateway</html>",
        ),
        (418, "[1]", Kind::Unexpected, "418 unexpected_response: [1]"),
        (404, r#""a string""#, Kind::NotFound, r#"404 not_found: "a string""#),
    ];

    #[test]
    fn every_row_of_the_error_model_has_its_kind_and_its_message() {
        for (status, body, kind, message) in ROWS {
            let refused = classified(*status, body);
            assert_eq!(refused.kind, *kind, "{body}");
            assert_eq!(refused.to_string(), *message, "{body}");
        }
    }

    #[test]
    fn only_what_can_pass_by_itself_is_worth_another_try() {
        let retryable: Vec<u16> =
            [400, 401, 403, 404, 408, 409, 410, 412, 423, 429, 500, 502, 503, 504]
                .into_iter()
                .filter(|status| classified(*status, "").kind.is_retryable())
                .collect();
        assert_eq!(retryable, [408, 429, 500, 502, 503, 504]);
    }

    proptest! {
        #[test]
        fn no_answer_makes_the_classifier_panic(status: u16, body: Vec<u8>) {
            let text = String::from_utf8_lossy(&body);
            let refused = classified(status, &text);
            prop_assert!(refused.message.chars().count() <= EXCERPT_CHARACTERS.max(text.len()));
        }
    }
}
