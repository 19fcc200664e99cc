//! What the tests of the operations share.

use super::arguments::{Defaults, Reader};
use super::checked_request::CheckedRequest;
use crate::error::problem::Problem;
use crate::model::zone::Zone;
use crate::wire::http::Request;
use crate::wire::value::Value;

pub(crate) const FIP: &str = "7c715b98-e683-493a-9e62-109d684e4348";
pub(crate) const OTHER_FIP: &str = "1c2efc8c-d423-453d-a445-33e41cd2ef32";
pub(crate) const SERVER: &str = "712736f3-d254-44fe-8301-ce916e057f14";
pub(crate) const PROJECT: &str = "6f261b39-3845-5b1d-a2ec-b6f1ab835801";

/// The function of an operation that reads its arguments.
type Read = fn(&mut Reader<'_>) -> Option<CheckedRequest>;

/// Defaults with the zone `fr-par-1` and nothing else.
pub(crate) fn defaults() -> Defaults {
    Defaults { zone: Zone::parse("fr-par-1"), ..Defaults::default() }
}

/// The request of an operation, if there is one, and every problem.
pub(crate) fn read_arguments(
    read: Read,
    arguments: serde_json::Value,
) -> (Option<Request>, Vec<Problem>) {
    let (arguments, defaults) = (Value::from(arguments), defaults());
    let mut reader = Reader::new(&arguments, &defaults);
    let checked = read(&mut reader);
    let (passed, problems) = reader.finish();
    (checked.filter(|_| passed).map(|checked| checked.request), problems)
}

/// The request of an operation whose arguments have no problem.
#[track_caller]
pub(crate) fn sent(read: Read, arguments: serde_json::Value) -> Request {
    let (request, problems) = read_arguments(read, arguments);
    assert_eq!(problems, []);
    request.unwrap()
}

/// The problems of refused arguments, as `field reason`.
#[track_caller]
pub(crate) fn refused(read: Read, arguments: serde_json::Value) -> Vec<String> {
    let (request, problems) = read_arguments(read, arguments);
    assert_eq!(request, None);
    problems.iter().map(|problem| format!("{} {}", problem.field, problem.reason.word())).collect()
}
