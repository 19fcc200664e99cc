//! `duplicateMACAddr`: gives a flexible IP the virtual MAC address of another on the same server.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::readback::Readback;
use super::rules::{Preflight, check_different};
use crate::model::id::FlexibleIpId;
use crate::model::to_text::ToText;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId, duplicateFromFipId }`. `fipId`, which goes into the path, is the
/// **destination**.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let destination: Option<FlexibleIpId> = reader.id("fipId");
    let source: Option<FlexibleIpId> = reader.id("duplicateFromFipId");
    check_different(reader, "duplicateFromFipId", source, destination);
    let (zone, destination, source) = (zone?, destination?, source?);
    let operation = Operation::DuplicateMacAddr;
    let mut body = ObjectWriter::default();
    body.text("duplicate_from_fip_id", &source.to_text());
    Some(
        CheckedRequest::on_ip(operation, zone, destination)
            .with_body(body)
            .with_readback(Readback::SameMac { source, destination })
            .with_preflight(Some(Preflight::SameServer { source, destination })),
    )
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{FIP, OTHER_FIP, refused, sent};
    use serde_json::json;

    #[test]
    fn the_path_names_the_destination_and_the_body_the_source() {
        let arguments = json!({ "fipId": FIP, "duplicateFromFipId": OTHER_FIP });
        let request = sent(read, arguments);
        assert!(request.path.ends_with(&format!("/fips/{FIP}/mac/duplicate")));
        assert_eq!(request.body.unwrap(), format!(r#"{{"duplicate_from_fip_id":"{OTHER_FIP}"}}"#));
    }

    #[test]
    fn source_and_destination_must_differ() {
        let arguments = json!({ "fipId": FIP, "duplicateFromFipId": FIP });
        assert_eq!(refused(read, arguments), ["duplicateFromFipId constraint"]);
    }
}
