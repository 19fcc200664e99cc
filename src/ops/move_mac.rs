//! `moveMACAddr`: takes the virtual MAC address from one flexible IP and gives it to another.

use super::CheckedRequest;
use super::arguments::Reader;
use super::readback::Readback;
use super::rules::different;
use crate::model::id::FlexibleIpId;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId, dstFipId }`. The path's id is the **source**.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let source: Option<FlexibleIpId> = reader.id("fipId");
    let destination: Option<FlexibleIpId> = reader.id("dstFipId");
    different(reader, "dstFipId", source, destination);
    let operation = Operation::MoveMacAddr;
    let mut body = ObjectWriter::default();
    let (zone, source, destination) = (zone?, source?, destination?);
    body.text("dst_fip_id", &destination.to_string());
    let readback = Readback::MovedMac { source, destination };
    Some(CheckedRequest::on_ip(operation, zone, source).with_body(body).with_proof(readback))
}

#[cfg(test)]
mod tests {
    use crate::ops::tests::{FIP, OTHER_FIP, refused, sent};
    use crate::wire::route::Operation;
    use serde_json::json;

    #[test]
    fn the_source_stands_in_the_path_and_the_destination_in_the_body() {
        let request = sent(Operation::MoveMacAddr, json!({ "fipId": FIP, "dstFipId": OTHER_FIP }));
        assert!(request.path.ends_with(&format!("/fips/{FIP}/mac/move")));
        assert_eq!(request.body.unwrap(), format!(r#"{{"dst_fip_id":"{OTHER_FIP}"}}"#));
    }

    #[test]
    fn source_and_destination_are_different_and_both_are_there() {
        assert_eq!(
            refused(Operation::MoveMacAddr, json!({ "fipId": FIP, "dstFipId": FIP })),
            ["dstFipId constraint"]
        );
        // The official description lets it be left out; there would be nowhere to move to.
        assert_eq!(refused(Operation::MoveMacAddr, json!({ "fipId": FIP })), ["dstFipId required"]);
    }
}
