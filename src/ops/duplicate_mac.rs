//! `duplicateMACAddr`: gives a flexible IP the virtual MAC address of another on the same server.

use super::CheckedRequest;
use super::arguments::Reader;
use super::readback::Readback;
use super::rules::{Preflight, different};
use crate::model::id::FlexibleIpId;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId, duplicateFromFipId }`. The path's id is the **destination**.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let destination: Option<FlexibleIpId> = reader.id("fipId");
    let source: Option<FlexibleIpId> = reader.id("duplicateFromFipId");
    different(reader, "duplicateFromFipId", destination, source);
    let (zone, destination, source) = (zone?, destination?, source?);
    let operation = Operation::DuplicateMacAddr;
    let mut body = ObjectWriter::default();
    body.text("duplicate_from_fip_id", &source.to_string());
    Some(
        CheckedRequest::on_ip(operation, zone, destination)
            .with_body(body)
            .with_proof(Readback::SameMac { source, destination })
            .with_preflight(Some(Preflight::SameServer { source, destination })),
    )
}

#[cfg(test)]
mod tests {
    use crate::ops::tests::{FIP, OTHER_FIP, refused, sent};
    use crate::wire::route::Operation;
    use serde_json::json;

    #[test]
    fn the_destination_stands_in_the_path_and_the_source_in_the_body() {
        let arguments = json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP });
        let request = sent(Operation::DuplicateMacAddr, arguments);
        assert!(request.path.ends_with(&format!("/fips/{FIP}/mac/duplicate")));
        assert_eq!(request.body.unwrap(), format!(r#"{{"duplicate_from_fip_id":"{OTHER_FIP}"}}"#));
    }

    #[test]
    fn source_and_destination_are_different() {
        let arguments = json!({ "fipId": FIP, "duplicateFromFipId": FIP });
        assert_eq!(
            refused(Operation::DuplicateMacAddr, arguments),
            ["duplicateFromFipId constraint"]
        );
    }
}
