//! What an error says, as far as it can be compared with what happened.

use flexip::error::Error;
use flexip::error::refusal::Refusal;
use flexip::flow::CallFailure;

/// All errors in an error.
pub(crate) fn parts(error: &Error) -> Vec<&Error> {
    let mut all = vec![error];
    match error {
        Error::Unsent(inner) | Error::Ambiguous(inner) => all.extend(parts(inner)),
        Error::Incomplete(incomplete) => all.extend(parts(&incomplete.first_error)),
        _ => {}
    }
    all
}

/// All refusals that a failure repeats.
pub(crate) fn refusals(failure: &CallFailure) -> Vec<&Refusal> {
    let moves = failure
        .moves
        .iter()
        .filter_map(|state| state.failure.as_ref().map(|failure| &failure.error));
    let errors = moves.chain([&failure.failure.error]).flat_map(parts);
    errors
        .filter_map(
            |error| if let Error::Refused(refused) = error { Some(&**refused) } else { None },
        )
        .collect()
}

/// Whether an error of an operation leaves open whether its work was done. A refusal does not: also
/// that of a gateway is only reported once it is known that nothing was done.
pub(crate) fn leaves_doubt(error: &Error) -> bool {
    matches!(
        error,
        Error::Ambiguous(_)
            | Error::Aborted
            | Error::Timeout(_)
            | Error::Connection(_)
            | Error::Decode(_)
    )
}

/// Whether an error comes before its request was sent.
pub(crate) const fn is_before_sending(error: &Error) -> bool {
    matches!(error, Error::InvalidArguments(_) | Error::Unsent(_) | Error::Aborted)
}

/// Whether an error is about one exchange, not about several flexible IPs.
pub(crate) const fn is_of_one_exchange(error: &Error) -> bool {
    matches!(error, Error::Refused(_) | Error::Ambiguous(_))
}
