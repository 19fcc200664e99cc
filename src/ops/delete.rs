//! `deleteFlexibleIP`: gives a flexible IP back.

use super::CheckedRequest;
use super::arguments::Reader;
use super::get::one_ip;
use super::readback::Readback;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let (id, checked) = one_ip(Operation::DeleteFlexibleIp, reader)?;
    Some(checked.with_proof(Readback::Gone(id)))
}
