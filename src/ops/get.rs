//! `getFlexibleIP`: reads one flexible IP.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use crate::model::id::FlexibleIpId;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    read_one_ip(Operation::GetFlexibleIp, reader).map(|(_, checked)| checked)
}

/// Reads `{ zone?, fipId }` for any operation on one flexible IP. Returns the id and the request.
pub(super) fn read_one_ip(
    operation: Operation,
    reader: &mut Reader<'_>,
) -> Option<(FlexibleIpId, CheckedRequest)> {
    let zone = reader.zone();
    let id: Option<FlexibleIpId> = reader.id("fipId");
    let (zone, id) = (zone?, id?);
    Some((id, CheckedRequest::on_ip(operation, zone, id)))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{FIP, refused, sent};
    use serde_json::json;

    #[test]
    fn the_path_holds_the_id() {
        let request = sent(read, json!({ "fipId": FIP, "zone": "nl-ams-1" }));
        assert_eq!(request.target(), format!("/flexible-ip/v1alpha1/zones/nl-ams-1/fips/{FIP}"));
        assert_eq!(request.body, None);
    }

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        for id in ["../../../../../iam/v1alpha1/api-keys?x=", "abc?foo#bar", "", "."] {
            assert_eq!(refused(read, json!({ "fipId": id })), ["fipId format"]);
        }
        assert_eq!(refused(read, json!({})), ["fipId required"]);
    }
}
