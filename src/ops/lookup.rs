//! Finds the flexible IP that carries an idempotency key.

use crate::error::problem::{Problem, Reason};
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::to_text::{ToText, text};
use crate::model::zone::Zone;
use crate::wire::http::Request;
use crate::wire::query::Query;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// The list that a create with an idempotency key reads, and the facts that must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The request of the list.
    pub request: Request,
    tag: String,
    request_tag: String,
    zone: Zone,
    project_id: String,
    is_ipv6: bool,
}

/// What a lookup finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The flexible IP with this index in the list.
    Item(usize),
    /// A flexible IP carries the key and is being detached, or deleted: a later reading shows which.
    Leaving,
    /// No flexible IP carries the key.
    None,
    /// A flexible IP carries the key, but it is not what the request asks for.
    Other(Problem),
}

/// What the tag of a request begins with. A create with a key has this tag beside that of the key: the
/// fields of the flexible IP may change later, and the tag still shows what was asked for.
pub(super) const REQUEST_TAG: &str = "idempotency-request:";

/// A number that differs for other texts (FNV-1a, of 64 bits).
pub(super) fn digest<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        // No text has the byte that ends it.
        for byte in text.bytes().chain([0xff]) {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    digest
}

/// The tag that an idempotency key becomes.
pub(super) fn tag_of_key(key: &str) -> String {
    text!("idempotency:", key)
}

impl Lookup {
    /// A lookup of a key's tag for a create with this tag of its request, and with these facts, which
    /// cannot change later.
    pub(super) fn new(
        (tag, request_tag): (String, String),
        zone: Zone,
        project_id: String,
        is_ipv6: bool,
    ) -> Self {
        let mut query = Query::default();
        query.push("tags", &tag);
        query.push("page_size", &PAGE_SIZE_MAX.to_text());
        let list = Operation::ListFlexibleIps;
        let (method, path) = (list.route().method, list.collection_path(&zone));
        let request = Request { method, path, query: query.into_string(), body: None };
        Self { request, tag, request_tag, zone, project_id, is_ipv6 }
    }

    /// Searches the body of the list. The tags are compared here too, since a filter can be ignored
    /// on the way. An error names the field that is not as the API promises.
    pub fn search(&self, body: &Value) -> Result<Found, &'static str> {
        let Some(Value::List(items)) = body.field("flexible_ips") else {
            return Err("flexible_ips");
        };
        let (mut other, mut is_leaving) = (None, false);
        for (index, item) in items.iter().enumerate() {
            let tags = item.field("tags").map(Value::items).ok_or("flexible_ips")?;
            let is_marked = tags.iter().any(|tag| tag.as_text() == Some(&self.tag));
            if !is_marked {
                continue;
            }
            match self.difference(item, tags) {
                None if item.text("status") == Some("detaching") => is_leaving = true,
                None => return Ok(Found::Item(index)),
                Some(problem) => other = other.or(Some(problem)),
            }
        }
        if let Some(problem) = other {
            return Ok(Found::Other(problem));
        }
        if is_leaving {
            return Ok(Found::Leaving);
        }
        // Only a list that is whole shows that no flexible IP carries the key.
        match body.field("total_count") {
            Some(Value::Number(total)) if *total <= items.len() as f64 => Ok(Found::None),
            _ => Err("total_count"),
        }
    }

    /// The first fact of a flexible IP that differs from what the request asks for. One without the tag of
    /// a request shows only its facts.
    fn difference(&self, ip: &Value, tags: &[Value]) -> Option<Problem> {
        let is_ipv6 =
            ip.text("ip_address").is_some_and(|address| address.bytes().any(|byte| byte == b':'));
        let differs = |field: &str, wanted: &str| {
            ip.text(field).filter(|text| !text.eq_ignore_ascii_case(wanted)).map(str::to_owned)
        };
        let is_request = |tag: &&str| tag.starts_with(REQUEST_TAG);
        let mut requests = tags.iter().filter_map(Value::as_text).filter(is_request).peekable();
        let is_other =
            requests.peek().is_some() && !requests.any(|tag| tag == self.request_tag.as_str());
        let what = if is_ipv6 != self.is_ipv6 {
            text!("has isIpv6 ", if is_ipv6 { "true" } else { "false" })
        } else if let Some(project) = differs("project_id", &self.project_id) {
            text!("has projectId ", project)
        } else if let Some(zone) = differs("zone", self.zone.as_str()) {
            text!("has zone ", zone)
        } else if is_other {
            "was created with another description, serverId, reverse or other tags".to_owned()
        } else {
            return None;
        };
        let id = ip.text("id").unwrap_or_default();
        let help = text!("the key is in use by the flexible IP ", id, ", which ", what);
        Some(Problem::error("idempotencyKey", Reason::Constraint, help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::PROJECT;
    use serde_json::json;

    fn lookup() -> Lookup {
        let zone = Zone::parse("fr-par-1").unwrap();
        Lookup::new((tag_of_key("k"), text!(REQUEST_TAG, 7_u64)), zone, PROJECT.to_owned(), false)
    }

    fn ip(changes: &serde_json::Value) -> serde_json::Value {
        let mut ip = json!({ "id": "1", "tags": ["idempotency:k"], "status": "ready",
            "ip_address": "51.159.124.9", "project_id": PROJECT, "zone": "fr-par-1" });
        for (field, value) in changes.as_object().unwrap() {
            ip[field] = value.clone();
        }
        ip
    }

    fn search(ips: &[serde_json::Value], total: i64) -> Result<Found, &'static str> {
        lookup().search(&json!({ "total_count": total, "flexible_ips": ips }).into())
    }

    #[test]
    fn a_flexible_ip_with_the_tag_and_the_facts_is_found() {
        let other = ip(&json!({ "tags": ["idempotency:K", "k"] }));
        assert_eq!(search(&[other.clone(), ip(&json!({}))], 2), Ok(Found::Item(1)));
        assert_eq!(search(&[other], 1), Ok(Found::None));
    }

    #[test]
    fn a_flexible_ip_that_is_being_detached_or_deleted_is_read_again() {
        assert_eq!(search(&[ip(&json!({ "status": "detaching" }))], 1), Ok(Found::Leaving));
    }

    #[test]
    fn other_facts_are_refused_by_name() {
        for (changes, name) in [
            (json!({ "ip_address": "2001:db8::/64" }), "isIpv6 true"),
            (json!({ "project_id": "p" }), "projectId p"),
            (json!({ "zone": "nl-ams-1" }), "zone nl-ams-1"),
        ] {
            match search(&[ip(&changes)], 1) {
                Ok(Found::Other(problem)) => {
                    assert_eq!(problem.field, "idempotencyKey");
                    assert!(problem.help.ends_with(name), "{}", problem.help);
                }
                result => panic!("a problem expected, not {result:?}"),
            }
        }
    }

    #[test]
    fn a_flexible_ip_of_another_request_with_the_same_key_is_refused() {
        let found = |tags: &[&str]| {
            let tags = [&["idempotency:k"], tags].concat();
            search(&[ip(&json!({ "tags": tags, "description": "changed later" }))], 1).unwrap()
        };
        assert_eq!(found(&[]), Found::Item(0));
        assert_eq!(found(&["idempotency-request:7"]), Found::Item(0));
        assert_eq!(found(&["idempotency-request:8", "idempotency-request:7"]), Found::Item(0));
        let Found::Other(problem) = found(&["idempotency-request:8"]) else { panic!("refused") };
        let end = "which was created with another description, serverId, reverse or other tags";
        assert!(problem.help.ends_with(end), "{}", problem.help);
    }

    #[test]
    fn the_digest_of_texts_depends_on_each_of_them_and_on_where_it_ends() {
        let digests = [&["ab", "c"][..], &["a", "bc"], &["abc"], &["ab", "c", ""], &["c", "ab"]]
            .map(|texts| digest(texts.iter().copied()));
        for (index, one) in digests.iter().enumerate() {
            assert!(!digests[..index].contains(one), "{index}");
        }
    }

    #[test]
    fn a_list_that_is_not_whole_shows_no_absence() {
        assert_eq!(search(&[], 0), Ok(Found::None));
        assert_eq!(search(&[], 1), Err("total_count"));
        assert_eq!(lookup().search(&json!({}).into()), Err("flexible_ips"));
    }
}
