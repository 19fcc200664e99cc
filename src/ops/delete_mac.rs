//! `deleteMACAddr`: takes the virtual MAC address from a flexible IP, and the IP out of its MAC group.

use super::CheckedRequest;
use super::arguments::Reader;
use super::get::one_ip;
use super::readback::Readback;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`. The id is the flexible IP's, not the MAC's.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let (id, checked) = one_ip(Operation::DeleteMacAddr, reader)?;
    Some(checked.with_proof(Readback::NoMac(id)))
}
