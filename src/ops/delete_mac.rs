//! `deleteMACAddr`: takes the virtual MAC address from a flexible IP, and the IP out of its MAC group.

use super::Checked;
use super::arguments::Reader;
use super::get::one_ip;
use super::proof::Proof;
use crate::wire::route::Operation;

/// Reads `{ zone?, fipId }`. The id is the flexible IP's, not the MAC's.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Checked> {
    let (id, checked) = one_ip(Operation::DeleteMacAddr, reader)?;
    Some(checked.with_proof(Proof::NoMac(id)))
}
