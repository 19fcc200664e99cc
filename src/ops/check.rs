//! From an operation and its arguments to a request, or to every problem.

use super::arguments::{Defaults, Reader};
use super::checked_request::CheckedRequest;
use super::{
    attach, create, delete, delete_mac, detach, duplicate_mac, generate_mac, get, list, move_mac,
    update,
};
use crate::error::problem::Problem;
use crate::wire::route::Operation;
use crate::wire::value::Value;

/// Checks the arguments of an operation.
///
/// Returns the request and all problems. If any problem is an error, there is no request; if there
/// is one, the problems are warnings.
pub fn check(
    operation: Operation,
    arguments: &Value,
    defaults: &Defaults,
) -> (Option<CheckedRequest>, Vec<Problem>) {
    let mut reader = Reader::new(arguments, defaults);
    let checked = match operation {
        Operation::ListFlexibleIps => list::read(&mut reader),
        Operation::CreateFlexibleIp => create::read(&mut reader),
        Operation::GetFlexibleIp => get::read(&mut reader),
        Operation::UpdateFlexibleIp => update::read(&mut reader),
        Operation::DeleteFlexibleIp => delete::read(&mut reader),
        Operation::AttachFlexibleIp => attach::read(&mut reader),
        Operation::DetachFlexibleIp => detach::read(&mut reader),
        Operation::GenerateMacAddr => generate_mac::read(&mut reader),
        Operation::DeleteMacAddr => delete_mac::read(&mut reader),
        Operation::DuplicateMacAddr => duplicate_mac::read(&mut reader),
        Operation::MoveMacAddr => move_mac::read(&mut reader),
    };
    let (passed, problems) = reader.finish();
    (checked.filter(|_| passed), problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{FIP, defaults};
    use serde_json::json;

    fn messages(operation: Operation, arguments: serde_json::Value) -> Vec<String> {
        let (_, problems) = check(operation, &arguments.into(), &defaults());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_of_a_request_is_reported_at_once() {
        let arguments = json!({
            "zone": "mars-1", "description": "x".repeat(256), "isIpv6": "true", "tags": [1],
            "reverse": "not a host", "serverId": 7, "descripton": "typo",
        });
        let (checked, problems) =
            check(Operation::CreateFlexibleIp, &arguments.into(), &defaults());
        assert_eq!(checked, None);
        let problems: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.field, problem.reason.word()))
            .collect();
        assert_eq!(
            problems,
            [
                "zone constraint",
                "projectId required",
                "description constraint",
                "tags[0] format",
                "serverId format",
                "reverse format",
                "isIpv6 format",
                "descripton unknown",
            ]
        );
    }

    #[test]
    fn an_unknown_field_is_named_with_the_nearest_known_one() {
        assert_eq!(
            messages(Operation::GetFlexibleIp, json!({ "fipId": FIP, "fip_id": FIP })),
            ["fip_id (unknown): there is no such field; did you mean fipId?"]
        );
        assert_eq!(
            messages(Operation::GetFlexibleIp, json!({ "fipId": FIP, "colour": 1 })),
            ["colour (unknown): there is no such field; the fields are zone, fipId"]
        );
    }

    #[test]
    fn a_request_that_is_not_an_object_is_refused() {
        for arguments in [json!(null), json!(FIP), json!([FIP]), json!(1)] {
            let messages = messages(Operation::GetFlexibleIp, arguments);
            assert!(messages[0].starts_with("request (format): "), "{messages:?}");
        }
    }

    #[test]
    fn a_long_value_is_shortened_in_the_message() {
        let messages = messages(Operation::GetFlexibleIp, json!({ "fipId": "x".repeat(10_000) }));
        assert!(messages.len() == 1 && messages[0].len() < 200, "{messages:?}");
    }

    #[test]
    fn a_number_written_as_a_string_is_refused() {
        assert_eq!(
            messages(Operation::ListFlexibleIps, json!({ "page": "2" })),
            [
                "page (format): value must be a whole number from 1 to 2147483647; found the string \"2\""
            ]
        );
    }

    #[test]
    fn a_zone_that_is_not_known_is_refused_unless_unknown_zones_are_allowed() {
        let arguments = Value::from(json!({ "zone": "it-mil-1", "fipId": FIP }));
        let mut defaults = Defaults::default();
        assert_eq!(check(Operation::GetFlexibleIp, &arguments, &defaults).0, None);
        defaults.allow_unknown_zones = true;
        assert!(check(Operation::GetFlexibleIp, &arguments, &defaults).0.is_some());
    }
}
