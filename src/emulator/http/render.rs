//! Responses as they are sent: the JSON text of the body, and the headers.

use crate::emulator::http::exchange::Response;
use crate::emulator::http::refusal::Refusal;
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::KeyOrder;
use crate::model::time::Timestamp;
use crate::wire::date::http_date;
use crate::wire::json::Json;

/// The response for a refusal.
pub(in crate::emulator) fn refusal(refusal: &Refusal, settings: &Settings) -> Response {
    response(refusal.status(), Some(refusal.body()), settings)
}

/// A response with or without a body. Both have a `Content-Type`, as was recorded. The keys are in the
/// order of the setting `keyOrder`.
pub(in crate::emulator) fn response(
    status: u16,
    body: Option<Json>,
    settings: &Settings,
) -> Response {
    let body = body.map(|mut body| {
        if settings.key_order == KeyOrder::Alphabetical {
            body.sort_keys();
        }
        body.write()
    });
    Response::json(status, body.unwrap_or_default())
}

/// Adds the headers that every recorded response has.
pub(in crate::emulator) fn add_headers(response: &mut Response, request_id: &str, now: Timestamp) {
    let date = http_date(now);
    let all = headers_of_all(request_id, &date);
    let owned = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
    response.headers.extend(owned);
}

/// The headers that every recorded response has.
pub(super) const fn headers_of_all<'text>(
    request_id: &'text str,
    date: &'text str,
) -> [(&'static str, &'text str); 7] {
    [
        ("Date", date),
        ("Server", "Scaleway API Gateway (fr-par-2;edge03)"),
        ("X-Request-Id", request_id),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Strict-Transport-Security", "max-age=63072000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ]
}
