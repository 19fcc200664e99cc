//! `attachFlexibleIP`: attaches one flexible IP, or one MAC group, to a server.

use super::CheckedRequest;
use super::arguments::Reader;
use super::detach::as_texts;
use super::readback::Readback;
use super::rules::Preflight;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::zone::Zone;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipsIds, serverId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let ids = reader.flexible_ip_ids("fipsIds");
    let server: Option<ServerId> = reader.id("serverId");
    let (zone, ids, server) = (zone?, ids?, server?);
    Some(
        attach(zone, &ids, server)
            .with_proof(Readback::Attached { ids: ids.clone(), server })
            .with_preflight(Preflight::one_mac_group(ids)),
    )
}

/// The request that attaches these.
pub fn attach(zone: Zone, ids: &[FlexibleIpId], server: ServerId) -> CheckedRequest {
    let mut body = ObjectWriter::default();
    body.texts("fips_ids", &as_texts(ids));
    body.text("server_id", &server.to_string());
    CheckedRequest::on_collection(Operation::AttachFlexibleIp, zone).with_body(body)
}

#[cfg(test)]
mod tests {
    use crate::ops::tests::{FIP, OTHER_FIP, SERVER, refused, sent};
    use crate::wire::route::Operation;
    use serde_json::json;

    #[test]
    fn ids_and_server_stand_in_the_body() {
        let request = sent(
            Operation::AttachFlexibleIp,
            json!({ "fipsIds": [FIP, OTHER_FIP], "serverId": SERVER }),
        );
        assert_eq!(request.target(), "/flexible-ip/v1alpha1/zones/fr-par-1/fips/attach");
        assert_eq!(
            request.body.unwrap(),
            format!(r#"{{"fips_ids":["{FIP}","{OTHER_FIP}"],"server_id":"{SERVER}"}}"#)
        );
    }

    #[test]
    fn ids_are_neither_none_nor_doubled_nor_more_than_a_server_holds() {
        let attach = |ids: serde_json::Value| {
            refused(Operation::AttachFlexibleIp, json!({ "fipsIds": ids, "serverId": SERVER }))
        };
        assert_eq!(attach(json!([])), ["fipsIds required"]);
        assert_eq!(attach(json!(FIP)), ["fipsIds format"]);
        assert_eq!(
            attach(json!([FIP, "x", FIP.to_uppercase()])),
            ["fipsIds[1] format", "fipsIds[2] constraint"]
        );
        let many: Vec<String> =
            (0..65).map(|n| format!("{n:08x}-e683-493a-9e62-109d684e4348")).collect();
        assert_eq!(attach(json!(many)), ["fipsIds constraint"]);
    }
}
