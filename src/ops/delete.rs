//! `deleteFlexibleIP`: gives a flexible IP back.

use super::Checked;
use super::arguments::Reader;
use super::get::one_ip;
use super::proof::Proof;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Checked> {
    let (id, checked) = one_ip(Operation::DeleteFlexibleIp, reader)?;
    Some(checked.with_proof(Proof::Gone(id)))
}
