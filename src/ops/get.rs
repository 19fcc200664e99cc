//! `getFlexibleIP`: reads one flexible IP.

use super::CheckedRequest;
use super::arguments::Reader;
use crate::model::id::FlexibleIpId;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    one_ip(Operation::GetFlexibleIp, reader).map(|(_, checked)| checked)
}

/// A request whose only argument is the flexible IP in its path.
pub(super) fn one_ip(
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
    use crate::ops::tests::{FIP, refused, sent};
    use crate::wire::route::Operation;
    use serde_json::json;

    #[test]
    fn the_id_stands_in_the_path() {
        let request = sent(Operation::GetFlexibleIp, json!({ "fipId": FIP, "zone": "nl-ams-1" }));
        assert_eq!(request.target(), format!("/flexible-ip/v1alpha1/zones/nl-ams-1/fips/{FIP}"));
        assert_eq!(request.body, None);
    }

    #[test]
    fn an_id_that_would_lead_elsewhere_is_refused() {
        for id in ["../../../../../iam/v1alpha1/api-keys?x=", "abc?foo#bar", "", "."] {
            assert_eq!(refused(Operation::GetFlexibleIp, json!({ "fipId": id })), ["fipId format"]);
        }
        assert_eq!(refused(Operation::GetFlexibleIp, json!({})), ["fipId required"]);
    }
}
