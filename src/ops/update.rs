//! `updateFlexibleIP`: changes description, tags or reverse.

use super::CheckedRequest;
use super::arguments::Reader;
use super::get::one_ip;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId, description?, tags?, reverse? }`. Absent and `null` leave a field as it
/// is; an empty value clears it.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let checked = one_ip(Operation::UpdateFlexibleIp, reader);
    let mut body = ObjectWriter::default();
    reader.description().put("description", &mut body);
    reader.tags().put("tags", &mut body);
    reader.reverse().put("reverse", &mut body);
    Some(checked?.1.with_body(body))
}

#[cfg(test)]
mod tests {
    use crate::ops::tests::{FIP, sent};
    use crate::wire::route::Operation;
    use serde_json::json;

    #[test]
    fn absent_null_and_empty_are_sent_as_three_different_things() {
        let body = |mut arguments: serde_json::Value| {
            arguments["fipId"] = json!(FIP);
            sent(Operation::UpdateFlexibleIp, arguments).body.unwrap()
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
