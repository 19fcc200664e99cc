//! `generateMACAddr`: gives a flexible IP a new virtual MAC address.

use super::CheckedRequest;
use super::arguments::Reader;
use super::get::one_ip;
use super::readback::Readback;
use crate::model::mac::MacType;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// The types that one may ask for: the API's `unknown_type` is only ever an answer.
const ASKABLE: [&str; 3] = [MacType::Vmware.word(), MacType::Xen.word(), MacType::Kvm.word()];

/// Reads `{ zone?, fipId, macType }`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<CheckedRequest> {
    let checked = one_ip(Operation::GenerateMacAddr, reader);
    let mac_type = reader.word("macType", &ASKABLE);
    let mut body = ObjectWriter::default();
    body.text("mac_type", mac_type?);
    let (id, checked) = checked?;
    Some(checked.with_body(body).with_proof(Readback::NewMac(id)))
}

#[cfg(test)]
mod tests {
    use crate::ops::tests::{FIP, refused, sent};
    use crate::wire::route::Operation;
    use serde_json::json;

    #[test]
    fn a_type_is_one_of_the_three_hypervisors() {
        let generate = |mac_type| json!({ "fipId": FIP, "macType": mac_type });
        for mac_type in ["vmware", "xen", "kvm"] {
            let body = sent(Operation::GenerateMacAddr, generate(mac_type)).body.unwrap();
            assert_eq!(body, format!(r#"{{"mac_type":"{mac_type}"}}"#));
        }
        for mac_type in ["unknown_type", "KVM", ""] {
            assert_eq!(
                refused(Operation::GenerateMacAddr, generate(mac_type)),
                ["macType constraint"]
            );
        }
    }
}
