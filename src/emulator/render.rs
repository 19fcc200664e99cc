//! Answers as they go out: bodies with their keys in the order that is set, and the headers.

use super::choices::KeyOrder;
use super::exchange::Reply;
use super::refusal::Refusal;
use super::service::Answer;
use super::settings::Settings;
use super::state::State;
use crate::model::id::FlexibleIpId;
use crate::model::time::Timestamp;
use crate::wire::date::http_date;
use crate::wire::flexible_ip;
use crate::wire::json::Json;

/// The body of an answer. Stamps from `fresh_from` on are its own, and written to the nanosecond;
/// a list has none.
pub(super) fn answer(
    answer: &Answer,
    fresh_from: Timestamp,
    state: &State,
    settings: &Settings,
) -> Option<Json> {
    let show = |id: &FlexibleIpId, fresh_from| {
        state.view(*id, settings).map(|ip| flexible_ip::write(&ip, fresh_from))
    };
    let many = |ids: &[FlexibleIpId], total: usize, fresh_from| {
        let ips = ids.iter().filter_map(|id| show(id, fresh_from)).collect();
        Some(Json::Object(vec![
            ("total_count", Json::Integer(u64::try_from(total).unwrap_or(u64::MAX))),
            ("flexible_ips", Json::List(ips)),
        ]))
    };
    match answer {
        Answer::Ip(id) => show(id, Some(fresh_from)),
        Answer::Created(id, reverse) => {
            let mut ip = state.view(*id, settings)?;
            ip.reverse.clone_from(reverse);
            Some(flexible_ip::write(&ip, Some(fresh_from)))
        }
        Answer::Ips(ids) => many(ids, ids.len(), Some(fresh_from)),
        Answer::Page(ids, total) => many(ids, *total, None),
        Answer::Empty => None,
    }
}

/// A refusal.
pub(super) fn refusal(refusal: &Refusal, settings: &Settings) -> Reply {
    reply(refusal.status(), Some(refusal.body()), settings)
}

/// A reply with a body or without; both have the type of one, as was seen.
pub(super) fn reply(status: u16, body: Option<Json>, settings: &Settings) -> Reply {
    let body = body.map(|mut body| {
        if settings.key_order == KeyOrder::Alphabetical {
            sort_keys(&mut body);
        }
        body.write()
    });
    Reply::json(status, body.unwrap_or_default())
}

/// Adds the headers that were seen on every answer.
pub(super) fn sign(reply: &mut Reply, request_id: &str, now: Timestamp) {
    let mut add = |name: &str, value: &str| {
        reply.headers.push((name.to_owned(), value.to_owned()));
    };
    add("Date", &http_date(now));
    add("Server", "Scaleway API Gateway (fr-par-2;edge03)");
    add("X-Request-Id", request_id);
    add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    add("Strict-Transport-Security", "max-age=63072000");
    add("X-Content-Type-Options", "nosniff");
    add("X-Frame-Options", "DENY");
}

fn sort_keys(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.sort_by_key(|(key, _)| *key);
            fields.iter_mut().for_each(|(_, value)| sort_keys(value));
        }
        Json::List(items) => items.iter_mut().for_each(sort_keys),
        Json::Null | Json::Bool(_) | Json::Integer(_) | Json::Text(_) => {}
    }
}
