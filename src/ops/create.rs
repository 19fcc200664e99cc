//! `createFlexibleIP`: takes a flexible IP from the pool, and attaches it if `serverId` is set.

use super::arguments::{Field, Reader};
use super::checked_request::CheckedRequest;
use super::lookup::{Lookup, REQUEST_TAG, digest, tag_of_key};
use crate::model::to_text::{ToText, text};
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, projectId?, description?, tags?, serverId?, reverse?, isIpv6? }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let project = reader.project();
    let description = reader.description();
    let mark = reader.defaults().idempotency_key.as_deref().map(tag_of_key);
    let tags = reader.tags();
    let server = reader.nullable_uuid("serverId");
    let reverse = reader.reverse();
    let request_tag = mark.as_ref().map(|_| request_tag(&description, &tags, &server, &reverse));
    let tags = add_marks(tags, mark.iter().chain(&request_tag));
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
    let lookup = mark
        .zip(request_tag)
        .map(|tags| Lookup::new(tags, zone.clone(), project, is_ipv6.unwrap_or_default()));
    Some(CheckedRequest {
        lookup,
        ..CheckedRequest::on_collection(operation, zone).with_body(body)
    })
}

/// Puts the marks of the key at the end of the tags, once, and no others: tags that are copied from
/// another flexible IP have its marks.
fn add_marks<'a>(
    tags: Field<Vec<String>>,
    marks: impl Iterator<Item = &'a String> + Clone,
) -> Field<Vec<String>> {
    if marks.clone().next().is_none() {
        return tags;
    }
    let mut tags = match tags {
        Field::Value(tags) => tags,
        Field::Absent | Field::Null => Vec::new(),
    };
    tags.retain(|tag| !tag.starts_with(REQUEST_TAG) && marks.clone().all(|mark| mark != tag));
    tags.extend(marks.cloned());
    Field::Value(tags)
}

/// The tag by which a later create with the same key is known to ask for the same. Absent, null and empty
/// arguments ask for the same.
fn request_tag(
    description: &Field<String>,
    tags: &Field<Vec<String>>,
    server: &Field<String>,
    reverse: &Field<String>,
) -> String {
    let tags = match tags {
        Field::Value(tags) => tags.as_slice(),
        Field::Absent | Field::Null => &[],
    };
    let texts = [description, server, reverse].map(|field| match field {
        Field::Value(text) => text.as_str(),
        Field::Absent | Field::Null => "",
    });
    let tags = tags.iter().map(String::as_str).filter(|tag| !tag.starts_with(REQUEST_TAG));
    text!(REQUEST_TAG, digest(texts.into_iter().chain(tags)))
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
