//! A response of the service that is not a success.

use super::kind::Kind;
use crate::model::id::FlexibleIpId;
use crate::model::parts::start_of;
use crate::model::time::Millis;
use crate::model::to_text::{ToText, display_texts, write_text};
use crate::wire::http::ResponseHeaders;
use crate::wire::refusal::RefusalBody;
use crate::wire::value::Value;

/// A response of the service that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of the refusal.
    pub kind: Kind,
    /// The HTTP status.
    pub status: u16,
    /// The reason, in the service's words.
    pub message: String,
    /// The id of the request, which Scaleway's support asks for.
    pub request_id: Option<String>,
    /// How long the service asks to wait before a retry.
    pub retry_after: Option<Millis>,
    /// Whether the body names a type of the API: only then are these the API's own words. Gateways,
    /// firewalls and captive portals send the same statuses.
    pub is_typed: bool,
    /// Whether the body is not of the API or its gateway: a page, or JSON without their fields.
    pub is_foreign: bool,
    /// The kind of resource that the refusal is about, such as `flexible_ips`.
    pub resource: Option<String>,
    /// The id of that resource.
    pub resource_id: Option<String>,
}

/// The number of characters of a body without JSON that go into a message.
const EXCERPT_CHARACTERS: usize = 200;

impl Refusal {
    /// Classifies a response that is not a success.
    ///
    /// `body` is the JSON of its body; `text` is the body if it is not JSON.
    pub fn classify(
        status: u16,
        headers: &ResponseHeaders,
        body: Option<&Value>,
        text: &str,
    ) -> Self {
        let fields = body.map(RefusalBody::read);
        let type_word = fields.as_ref().and_then(|body| body.type_word.as_deref());
        let typed = type_word.and_then(Kind::of_type);
        let is_json = fields.as_ref().is_some_and(|body| !body.is_empty() || type_word.is_some());
        let kind = typed.unwrap_or_else(|| Kind::of_status(status, is_json));
        let (resource, resource_id) = fields
            .as_ref()
            .map(|body| (body.resource.clone(), body.resource_id.clone()))
            .unwrap_or_default();
        let message = match fields {
            Some(body) if !body.is_empty() => body.to_text(),
            _ => start_of(text.trim_ascii(), EXCERPT_CHARACTERS).to_owned(),
        };
        let ResponseHeaders { request_id, retry_after, .. } = headers.clone();
        let is_typed = typed.is_some();
        let is_page = body.is_none() && text.trim_ascii_start().starts_with('<');
        let is_blank = match body {
            None | Some(Value::Null) => true,
            Some(Value::Object(fields)) => fields.is_empty(),
            Some(_) => false,
        };
        let is_foreign = is_page || !(is_blank || is_json);
        Self {
            kind,
            status,
            message,
            request_id,
            retry_after,
            is_typed,
            is_foreign,
            resource,
            resource_id,
        }
    }

    /// Whether the API itself says that this flexible IP cannot be read: `not_found` of it, or
    /// `permissions_denied`, which the service sends for one that was deleted.
    pub fn denies(&self, id: FlexibleIpId) -> bool {
        let resource = self.resource.as_deref();
        let is_about_ip = match self.kind {
            Kind::PermissionsDenied => resource.is_none_or(|resource| resource == "flexible-ip"),
            Kind::NotFound => {
                resource.is_some_and(|word| matches!(word, "flexible_ips" | "flexible_ip"))
                    && self.resource_id.as_deref().is_none_or(|text| {
                        FlexibleIpId::parse(text).is_none_or(|named| named == id)
                    })
            }
            _ => false,
        };
        self.is_typed && is_about_ip
    }
}

impl ToText for Refusal {
    fn write_to(&self, out: &mut String) {
        write_text!(out, self.status, " ", self.kind.code());
        if !self.message.is_empty() {
            write_text!(out, ": ", self.message);
        }
    }
}

display_texts!(Refusal);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classify(status: u16, body: &str) -> Refusal {
        let json = serde_json::from_str::<serde_json::Value>(body).ok().map(Value::from);
        Refusal::classify(status, &ResponseHeaders::default(), json.as_ref(), body)
    }

    /// The error model: status, recorded body, kind, message.
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
        (404, r#""a string""#, Kind::Unexpected, r#"404 unexpected_response: "a string""#),
        (403, "<html>", Kind::Unexpected, "403 unexpected_response: <html>"),
        (400, "<html>", Kind::Unexpected, "400 unexpected_response: <html>"),
        (403, "", Kind::Unexpected, "403 unexpected_response"),
    ];

    #[test]
    fn every_row_of_the_error_model_has_its_kind_and_its_message() {
        for (status, body, kind, message) in ROWS {
            let refusal = classify(*status, body);
            assert_eq!(refusal.kind, *kind, "{body}");
            assert_eq!(refusal.to_string(), *message, "{body}");
        }
    }

    #[test]
    fn only_refusals_that_can_pass_by_themselves_are_retryable() {
        let retryable: Vec<u16> =
            [400, 401, 403, 404, 408, 409, 410, 412, 423, 429, 500, 502, 503, 504]
                .into_iter()
                .filter(|status| classify(*status, "").kind.is_retryable())
                .collect();
        assert_eq!(retryable, [408, 429, 500, 502, 503, 504]);
    }

    proptest! {
        #[test]
        fn no_response_makes_the_classifier_panic(status: u16, body: Vec<u8>) {
            let text = String::from_utf8_lossy(&body);
            let refusal = classify(status, &text);
            prop_assert!(refusal.message.chars().count() <= EXCERPT_CHARACTERS.max(text.len()));
        }
    }

    #[test]
    fn only_the_apis_own_words_about_a_flexible_ip_deny_it() {
        let id = FlexibleIpId::parse("7c715b98-e683-493a-9e62-109d684e4348").unwrap();
        let denies = |status, body: &str| classify(status, body).denies(id);
        let permissions = r#"{"details":[{"action":"read","resource":"flexible-ip"}],"message":"insufficient permissions","type":"permissions_denied"}"#;
        assert!(denies(403, permissions));
        assert!(denies(403, r#"{"details":[],"message":"","type":"permissions_denied"}"#));
        assert!(!denies(
            403,
            r#"{"details":[{"action":"read","resource":"server"}],"type":"permissions_denied"}"#
        ));
        let not_found = r#"{"message":"resource is not found","resource":"flexible_ips","resource_id":"7C715b98-e683-493a-9e62-109d684e4348","type":"not_found"}"#;
        assert!(denies(404, not_found));
        assert!(!denies(404, &not_found.replace("flexible_ips", "zone")));
        assert!(!denies(404, &not_found.replace("4348", "4349")));
        for body in ["", "<html>", r#"{"message":"no"}"#, r#"{"type":"portal"}"#] {
            assert!(!denies(403, body) && !denies(404, body), "{body}");
        }
    }
}
