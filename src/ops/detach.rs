//! `detachFlexibleIP`: detaches one flexible IP, or one MAC group, from its server.

use super::Checked;
use super::arguments::Reader;
use super::rules::Preflight;
use crate::model::id::FlexibleIpId;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipsIds }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Checked> {
    let zone = reader.zone();
    let ids = reader.flexible_ip_ids("fipsIds");
    let (zone, ids) = (zone?, ids?);
    let operation = Operation::DetachFlexibleIp;
    let mut body = ObjectWriter::default();
    body.texts("fips_ids", &as_texts(&ids));
    Some(
        Checked::new(operation, operation.collection_path(&zone))
            .with_body(body)
            .with_preflight(Preflight::one_mac_group(zone, ids)),
    )
}

/// Ids as they are written.
pub(super) fn as_texts(ids: &[FlexibleIpId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
