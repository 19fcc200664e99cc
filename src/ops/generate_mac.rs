//! `generateMACAddr`: gives a flexible IP a new virtual MAC address.

use super::arguments::Reader;
use super::checked_request::CheckedRequest;
use super::get::read_one_ip;
use super::readback::Readback;
use crate::model::mac::MacType;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// The types that a request may name. The API's `unknown_type` occurs in responses only.
const MAC_TYPES: [&str; 3] = [MacType::Vmware.word(), MacType::Xen.word(), MacType::Kvm.word()];

/// Reads `{ zone?, fipId, macType }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let checked = read_one_ip(Operation::GenerateMacAddr, reader);
    let mac_type = reader.word("macType", &MAC_TYPES);
    let mut body = ObjectWriter::default();
    let mac_type = mac_type?;
    body.text("mac_type", mac_type);
    let (id, checked) = checked?;
    Some(checked.with_body(body).with_readback(Readback::NewMac { id, mac_type }))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ops::testing::{FIP, refused, sent};
    use serde_json::json;

    #[test]
    fn the_type_is_one_of_the_three_hypervisors() {
        let generate = |mac_type| json!({ "fipId": FIP, "macType": mac_type });
        for mac_type in ["vmware", "xen", "kvm"] {
            let body = sent(read, generate(mac_type)).body.unwrap();
            assert_eq!(body, format!(r#"{{"mac_type":"{mac_type}"}}"#));
        }
        for mac_type in ["unknown_type", "KVM", ""] {
            assert_eq!(refused(read, generate(mac_type)), ["macType constraint"]);
        }
    }
}
