//! `createFlexibleIP`: takes a flexible IP from the pool, and attaches it if `serverId` is set.

use super::arguments::{Field, Reader};
use super::checked_request::CheckedRequest;
use super::lookup::{Lookup, tag_of_key};
use crate::model::to_text::ToText;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, projectId?, description?, tags?, serverId?, reverse?, isIpv6? }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let project = reader.project();
    let description = reader.description();
    let mark = reader.defaults().idempotency_key.as_deref().map(tag_of_key);
    let tags = add_mark(reader.tags(), mark.clone());
    let server = reader.nullable_uuid("serverId");
    let reverse = reader.reverse();
    let is_ipv6 = reader.boolean("isIpv6");
    if let (Some(true), Field::Value(name)) = (is_ipv6, &reverse)
        && !name.is_empty()
    {
        reader.warn("reverse", "the reverse of an IPv6 block applies to its first address only");
    }

    let mut body = ObjectWriter::default();
    let (zone, project) = (zone?, project?.to_text());
    body.text("project_id", &project);
    description.put("description", &mut body);
    tags.put("tags", &mut body);
    server.put("server_id", &mut body);
    reverse.put("reverse", &mut body);
    if is_ipv6.is_some() {
        body.bool_or_null("is_ipv6", is_ipv6);
    }

    let operation = Operation::CreateFlexibleIp;
    let lookup =
        mark.map(|mark| Lookup::new(mark, zone.clone(), project, is_ipv6.unwrap_or_default()));
    Some(CheckedRequest {
        lookup,
        ..CheckedRequest::on_collection(operation, zone).with_body(body)
    })
}

/// Puts the mark at the end of the tags, once.
fn add_mark(tags: Field<Vec<String>>, mark: Option<String>) -> Field<Vec<String>> {
    match (tags, mark) {
        (tags, None) => tags,
        (Field::Value(mut tags), Some(mark)) => {
            tags.retain(|tag| *tag != mark);
            tags.push(mark);
            Field::Value(tags)
        }
        (Field::Absent | Field::Null, Some(mark)) => Field::Value(vec![mark]),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{PROJECT, SERVER, read_arguments, sent};
    use serde_json::json;

    #[test]
    fn absent_null_and_empty_are_each_sent_as_they_are() {
        let body = |arguments| sent(read, arguments).body.unwrap();
        assert_eq!(
            body(json!({ "projectId": PROJECT })),
            format!(r#"{{"project_id":"{PROJECT}"}}"#)
        );
        assert_eq!(
            body(
                json!({ "projectId": PROJECT, "description": "", "tags": [], "serverId": null, "reverse": null, "isIpv6": false })
            ),
            format!(
                r#"{{"project_id":"{PROJECT}","description":"","tags":[],"server_id":null,"reverse":null,"is_ipv6":false}}"#
            )
        );
        assert_eq!(
            body(
                json!({ "projectId": PROJECT, "description": null, "tags": ["a"], "serverId": SERVER })
            ),
            format!(
                r#"{{"project_id":"{PROJECT}","description":null,"tags":["a"],"server_id":"{SERVER}"}}"#
            )
        );
    }

    #[test]
    fn the_reverse_of_an_ipv6_block_is_sent_with_a_warning() {
        let arguments = json!({ "projectId": PROJECT, "isIpv6": true, "reverse": "a.example.org" });
        let (request, problems) = read_arguments(read, arguments);
        assert!(request.is_some());
        assert_eq!(
            problems.iter().map(|problem| problem.severity.word()).collect::<Vec<_>>(),
            ["warning"]
        );
    }
}
