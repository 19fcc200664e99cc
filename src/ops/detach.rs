//! `detachFlexibleIP`: detaches one flexible IP, or one MAC group, from its server.

use super::Checked;
use super::arguments::Reader;
use super::rules::Preflight;
use crate::wire::json::Json;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipsIds }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Checked> {
    let zone = reader.zone();
    let ids = reader.flexible_ip_ids("fipsIds");
    let (zone, ids) = (zone?, ids?);
    let operation = Operation::DetachFlexibleIp;
    Some(
        Checked::new(operation, operation.collection_path(&zone))
            .with_body(vec![("fips_ids", Json::texts(&ids))])
            .with_preflight(Preflight::one_mac_group(zone, ids)),
    )
}
