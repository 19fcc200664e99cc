//! `deleteFlexibleIP`: gives a flexible IP back to the pool.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::get::read_one_ip;
use super::readback::Readback;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let (id, checked) = read_one_ip(Operation::DeleteFlexibleIp, reader)?;
    Some(checked.with_readback(Readback::Gone(id)))
}
