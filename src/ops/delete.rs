//! `deleteFlexibleIP`: gives a flexible IP back.

use super::Checked;
use super::arguments::Reader;
use super::get::one_ip;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Checked> {
    one_ip(Operation::DeleteFlexibleIp, reader).map(|(_, checked)| checked)
}
