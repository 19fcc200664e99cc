//! `moveMACAddr`: moves the virtual MAC address of one flexible IP to another.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::readback::Readback;
use super::rules::check_different;
use crate::model::id::FlexibleIpId;
use crate::model::to_text::ToText;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId, dstFipId }`. `fipId`, which goes into the path, is the **source**.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let source: Option<FlexibleIpId> = reader.id("fipId");
    let destination: Option<FlexibleIpId> = reader.id("dstFipId");
    check_different(reader, "dstFipId", source, destination);
    let operation = Operation::MoveMacAddr;
    let mut body = ObjectWriter::default();
    let (zone, source, destination) = (zone?, source?, destination?);
    body.text("dst_fip_id", &destination.to_text());
    let readback = Readback::MovedMac { source, destination };
    // The response is about the destination.
    Some(CheckedRequest {
        subject: Some(destination),
        ..CheckedRequest::on_ip(operation, zone, source).with_body(body).with_readback(readback)
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{FIP, OTHER_FIP, refused, sent};
    use serde_json::json;

    #[test]
    fn the_path_names_the_source_and_the_body_the_destination() {
        let request = sent(read, json!({ "fipId": FIP, "dstFipId": OTHER_FIP }));
        assert!(request.path.ends_with(&format!("/fips/{FIP}/mac/move")));
        assert_eq!(request.body.unwrap(), format!(r#"{{"dst_fip_id":"{OTHER_FIP}"}}"#));
    }

    #[test]
    fn source_and_destination_are_required_and_must_differ() {
        assert_eq!(
            refused(read, json!({ "fipId": FIP, "dstFipId": FIP })),
            ["dstFipId constraint"]
        );
        // The official description makes it optional, but without it there is no destination.
        assert_eq!(refused(read, json!({ "fipId": FIP })), ["dstFipId required"]);
    }
}
