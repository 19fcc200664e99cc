//! `listFlexibleIPs`: reads one page of a zone's flexible IPs.

use super::arguments::{Defaults, Reader};
use super::checked_request::CheckedRequest;
use crate::error::problem::{Problem, Reason};
use crate::model::limits::{PAGE_MAX, PAGE_SIZE_MAX};
use crate::model::parts::split;
use crate::model::status::{ListOrder, Status};
use crate::model::to_text::{ToText, text};
use crate::wire::http::Request;
use crate::wire::query::Query;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// Checks the arguments of a walk through all pages of a list, so that no page can be named.
///
/// The size of the pages is `pageSize`, else the client's default, else the largest, for a walk of
/// few requests. Returns the listing, unless a problem is an error, and all problems.
pub fn check_walk(arguments: &Value, defaults: &Defaults) -> (Option<Listing>, Vec<Problem>) {
    let mut reader = Reader::new(arguments, defaults);
    if !matches!(reader.argument("page"), None | Some(Value::Null)) {
        let help = "value must be left out: all pages are read";
        reader.refuse("page", Reason::Constraint, help);
    }
    let size = reader.whole_number("pageSize", 1, PAGE_SIZE_MAX).or(defaults.page_size);
    let size = size.unwrap_or(PAGE_SIZE_MAX);
    let checked = read_filters(&mut reader, None, None);
    let (passed, problems) = reader.finish();
    let listing = checked.map(|checked| Listing { request: checked.request, first: 1, size });
    (listing.filter(|_| passed), problems)
}

/// Reads `{ zone?, orderBy?, page?, pageSize?, tags?, status?, serverIds?, organizationId?,
/// projectId? }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let page = reader.whole_number("page", 1, PAGE_MAX);
    let page_size =
        reader.whole_number("pageSize", 1, PAGE_SIZE_MAX).or(reader.defaults().page_size);
    read_filters(reader, page, page_size)
}

/// A list request and the pages to read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The request, without `page` and `page_size` in its query.
    pub request: Request,
    /// The number of the first page, from 1.
    pub first: u32,
    /// The number of flexible IPs on a page.
    pub size: u32,
}

impl Listing {
    /// Whether a filter of the list can let a flexible IP in or out that is changed.
    pub fn is_filtered_by_state(&self) -> bool {
        let mut parts = split(&self.request.query, b'&');
        parts.any(|part| STATE_FILTERS.iter().any(|key| part.starts_with(key)))
    }

    /// The request for the page of this number.
    pub fn page(&self, page: u32) -> Request {
        let mut query = Query::default();
        query.push("page", &page.to_text());
        query.push("page_size", &self.size.to_text());
        let mut query = query.into_string();
        if !self.request.query.is_empty() {
            query = text!(self.request.query.as_str(), "&", query);
        }
        Request { query, ..self.request.clone() }
    }
}

/// The filters by what can change about a flexible IP, as parts of a query.
const STATE_FILTERS: [&str; 3] = ["tags=", "status=", "server_ids="];

/// Reads all arguments but `page` and `pageSize`, and builds the request.
fn read_filters(
    reader: &mut Reader<'_>,
    page: Option<u32>,
    page_size: Option<u32>,
) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let order = reader.optional_word("orderBy", ListOrder::WORDS);
    let lists = [
        ("tags", reader.texts("tags")),
        ("status", reader.words("status", Status::WORDS)),
        ("server_ids", reader.uuids("serverIds")),
    ];
    let organization = reader.optional_uuid("organizationId");
    let project = reader.optional_uuid("projectId");

    let mut query = Query::default();
    let mut push = |key, value: Option<String>| {
        if let Some(value) = value {
            query.push(key, &value);
        }
    };
    push("order_by", order.map(str::to_owned));
    push("page", page.map(|page| page.to_text()));
    push("page_size", page_size.map(|size| size.to_text()));
    for (key, values) in lists {
        values.into_iter().for_each(|value| push(key, Some(value)));
    }
    push("organization_id", organization.map(|id| id.to_text()));
    push("project_id", project.map(|id| id.to_text()));

    let operation = Operation::ListFlexibleIps;
    Some(CheckedRequest::on_collection(operation, zone?).with_query(query.into_string()))
}

#[cfg(test)]
mod tests {
    use super::{check_walk, read};
    use crate::ops::testing::{PROJECT, SERVER, refused, sent};
    use serde_json::json;

    #[test]
    fn lists_become_repeated_keys_and_absent_filters_are_left_out() {
        assert_eq!(sent(read, json!({})).query, "");
        let request = sent(
            read,
            json!({
                "orderBy": "created_at_desc", "page": 2, "pageSize": 100, "tags": ["a b", ""],
                "status": ["ready", "attached"], "serverIds": [SERVER], "projectId": PROJECT,
            }),
        );
        assert_eq!(
            request.query,
            format!(
                "order_by=created_at_desc&page=2&page_size=100&tags=a%20b&tags=&status=ready&status=attached&server_ids={SERVER}&project_id={PROJECT}"
            )
        );
    }

    #[test]
    fn only_filters_by_what_can_change_make_a_list_depend_on_changes() {
        let is_filtered = |arguments: serde_json::Value| {
            let (listing, _) = check_walk(&arguments.into(), &crate::ops::testing::defaults());
            listing.unwrap().is_filtered_by_state()
        };
        assert!(is_filtered(json!({ "tags": ["a"] })));
        assert!(is_filtered(json!({ "projectId": PROJECT, "status": ["ready"] })));
        assert!(is_filtered(json!({ "serverIds": [SERVER] })));
        assert!(!is_filtered(json!({ "projectId": PROJECT, "orderBy": "created_at_desc" })));
        assert!(!is_filtered(json!({})));
    }

    #[test]
    fn a_walk_through_all_pages_takes_no_page() {
        let fields = |arguments: serde_json::Value| {
            let (_, problems) = check_walk(&arguments.into(), &crate::ops::testing::defaults());
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(json!({ "page": 2, "pageSize": 10 })), ["page"]);
        assert_eq!(fields(json!({ "page": 0 })), ["page"]);
        assert!(fields(json!({ "page": null, "pageSize": 10 })).is_empty());
    }

    #[test]
    fn the_page_and_its_size_have_bounds() {
        let list = |arguments| refused(read, arguments);
        assert_eq!(
            list(json!({ "page": 0, "pageSize": 101 })),
            ["page constraint", "pageSize constraint"]
        );
        assert_eq!(
            list(json!({ "page": 1.5, "pageSize": 0 })),
            ["page constraint", "pageSize constraint"]
        );
        assert_eq!(list(json!({ "page": 4_294_967_297_u64 })), ["page constraint"]);
    }

    #[test]
    fn a_word_outside_its_enumeration_is_refused() {
        assert_eq!(
            refused(read, json!({ "orderBy": "age", "status": ["ready", "attaching"] })),
            ["orderBy constraint", "status[1] constraint"]
        );
    }
}
