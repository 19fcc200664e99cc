//! `detachFlexibleIP`: detaches one flexible IP, or one MAC group, from its server.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::readback::Readback;
use super::rules::Preflight;
use crate::model::id::FlexibleIpId;
use crate::model::to_text::ToText;
use crate::model::zone::Zone;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipsIds }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let zone = reader.zone();
    let ids = reader.flexible_ip_ids("fipsIds");
    let (zone, ids) = (zone?, ids?);
    Some(
        detach(zone, &ids)
            .with_readback(Readback::Detached { ids: ids.clone() })
            .with_preflight(Preflight::one_mac_group(ids)),
    )
}

/// The request that detaches these flexible IPs from their server.
pub fn detach(zone: Zone, ids: &[FlexibleIpId]) -> CheckedRequest {
    let mut body = ObjectWriter::default();
    body.texts("fips_ids", &id_texts(ids));
    CheckedRequest::on_collection(Operation::DetachFlexibleIp, zone).with_body(body)
}

/// Writes each id in its hyphenated form.
pub(crate) fn id_texts(ids: &[FlexibleIpId]) -> Vec<String> {
    let mut texts = Vec::new();
    for id in ids {
        texts.push(id.to_text());
    }
    texts
}
