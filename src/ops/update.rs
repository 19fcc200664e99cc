//! `updateFlexibleIP`: changes the description, the tags or the reverse of a flexible IP.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::get::read_one_ip;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId, description?, tags?, reverse? }`. A field that is absent or `null` is
/// left unchanged; an empty value clears it.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let target = read_one_ip(Operation::UpdateFlexibleIp, reader);
    let mut body = ObjectWriter::default();
    reader.description().put("description", &mut body);
    reader.tags().put("tags", &mut body);
    reader.reverse().put("reverse", &mut body);
    let (_, checked) = target?;
    Some(checked.with_body(body))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{FIP, sent};
    use serde_json::json;

    #[test]
    fn absent_null_and_empty_are_sent_as_three_different_things() {
        let body = |mut arguments: serde_json::Value| {
            arguments["fipId"] = json!(FIP);
            sent(read, arguments).body.unwrap()
        };
        assert_eq!(body(json!({})), "{}");
        assert_eq!(
            body(json!({ "description": null, "tags": null, "reverse": null })),
            r#"{"description":null,"tags":null,"reverse":null}"#
        );
        assert_eq!(
            body(json!({ "description": "", "tags": [], "reverse": "" })),
            r#"{"description":"","tags":[],"reverse":""}"#
        );
    }
}
