//! `deleteMACAddr`: removes the virtual MAC address of a flexible IP, and the IP from its group.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::get::read_one_ip;
use super::readback::Readback;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`. The id names the flexible IP, not the MAC address.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let (id, checked) = read_one_ip(Operation::DeleteMacAddr, reader)?;
    Some(checked.with_readback(Readback::NoMac(id)))
}
