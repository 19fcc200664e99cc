//! The kinds of refusals.

/// The kind of a refusal. Each has an error class in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 400: the service refuses the arguments.
    InvalidArguments,
    /// 401: the secret key is unknown, expired or malformed.
    DeniedAuthentication,
    /// 403: the key may not do this, or the resource is another Organization's or was deleted.
    PermissionsDenied,
    /// 403: a quota of the Organization or Project is used up.
    QuotasExceeded,
    /// 404: the resource never existed.
    NotFound,
    /// 409: a transition of the resource is under way.
    TransientState,
    /// 409: the resource exists already.
    AlreadyExists,
    /// 409 for any other reason.
    Conflict,
    /// 410: the resource has expired. Both spellings of the type are accepted.
    Expired,
    /// 412: another change must be made first.
    PreconditionFailed,
    /// 423: the service has locked the resource.
    Locked,
    /// 429: too many requests. The gateway's response has neither body nor type.
    TooManyRequests,
    /// 503: the resource is out of stock.
    OutOfStock,
    /// 500: the service failed. Whether it did the work is unknown.
    InternalError,
    /// 502, 503, 504: the gateway did not reach the service, or got no response from it.
    Unavailable,
    /// 408: the service stopped waiting for the request.
    RequestTimeout,
    /// Any other response that is not the success of the operation.
    Unexpected,
}

impl Kind {
    /// The stable word for programs: the API's `type` if it has one.
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

    /// Whether the same request may succeed later.
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

    /// The kind for the API's `type`, if it is a known one.
    pub(super) fn of_type(word: &str) -> Option<Self> {
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

    /// The kind for an HTTP status, for a body without a known `type`: the gateway's, and older ones.
    ///
    /// `is_json` says whether the body is a JSON object with a message. The API types each of its
    /// 403 and 404, so others come from a firewall, a captive portal or another service.
    pub(super) fn of_status(status: u16, is_json: bool) -> Self {
        match status {
            400 if is_json => Self::InvalidArguments,
            409 if is_json => Self::Conflict,
            410 if is_json => Self::Expired,
            412 if is_json => Self::PreconditionFailed,
            423 if is_json => Self::Locked,
            401 => Self::DeniedAuthentication,
            408 => Self::RequestTimeout,
            429 => Self::TooManyRequests,
            502..=504 => Self::Unavailable,
            500..=599 => Self::InternalError,
            _ => Self::Unexpected,
        }
    }
}
