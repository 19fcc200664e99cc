//! `attachFlexibleIP`: attaches one flexible IP, or one MAC group, to a server.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::detach::id_texts;
use super::readback::Readback;
use super::rules::Preflight;
use crate::model::id::{FlexibleIpId, ServerId};
use crate::model::to_text::ToText;
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
            .with_readback(Readback::Attached { ids: ids.clone(), server })
            .with_preflight(Preflight::one_mac_group(ids)),
    )
}

/// The request that attaches these flexible IPs to a server.
pub fn attach(zone: Zone, ids: &[FlexibleIpId], server: ServerId) -> CheckedRequest {
    let mut body = ObjectWriter::default();
    body.texts("fips_ids", &id_texts(ids));
    body.text("server_id", &server.to_text());
    CheckedRequest::on_collection(Operation::AttachFlexibleIp, zone).with_body(body)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{FIP, OTHER_FIP, SERVER, refused, sent};
    use serde_json::json;

    #[test]
    fn the_body_holds_the_ids_and_the_server() {
        let request = sent(read, json!({ "fipsIds": [FIP, OTHER_FIP], "serverId": SERVER }));
        assert_eq!(request.target(), "/flexible-ip/v1alpha1/zones/fr-par-1/fips/attach");
        assert_eq!(
            request.body.unwrap(),
            format!(r#"{{"fips_ids":["{FIP}","{OTHER_FIP}"],"server_id":"{SERVER}"}}"#)
        );
    }

    #[test]
    fn the_ids_are_at_least_one_distinct_and_at_most_as_many_as_a_server_holds() {
        let attach =
            |ids: serde_json::Value| refused(read, json!({ "fipsIds": ids, "serverId": SERVER }));
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
