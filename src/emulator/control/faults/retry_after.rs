//! The values of the fault `retryAfter`.

use serde::{Deserialize, Serialize};

use crate::emulator::control::faults::error::FaultError;
use crate::emulator::http::exchange::Response;
use crate::model::time::{Millis, Timestamp};
use crate::wire::date::http_date;

/// A refusal with a `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RetryAfter {
    /// The value of the header.
    pub form: RetryAfterForm,
    /// The status, from 300 to 599. 429 if absent.
    #[serde(default = "too_many_requests")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub status: u16,
}

/// The value of a `Retry-After`: the forms of the standard, and what servers send besides them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum RetryAfterForm {
    /// A number of seconds.
    Seconds(u32),
    /// A date this many seconds after that of the response.
    Date(u32),
    /// A date one hour before that of the response.
    PastDate,
    /// A negative number of seconds, `-5`.
    Negative,
    /// Neither a number nor a date, `soon`.
    Garbage,
    /// A number of seconds that no 64 bits hold, `99999999999999999999`.
    Huge,
}

const fn too_many_requests() -> u16 {
    429
}

const HOUR: u64 = 3_600_000;

impl RetryAfter {
    pub(super) const fn check(&self) -> Result<(), FaultError> {
        match self.status {
            // A 304 is no refusal, and a 401 would show a wrong key.
            0..300 | 304 | 401 | 600.. => Err(FaultError::NoRetryStatus(self.status)),
            _ => Ok(()),
        }
    }

    /// The response, without a body.
    pub(in crate::emulator) fn response(&self, now: Timestamp) -> Response {
        let mut response = Response::bare(self.status);
        response.headers.push(("Retry-After".to_owned(), self.form.text(now)));
        response
    }
}

impl RetryAfterForm {
    fn text(self, now: Timestamp) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Date(seconds) => {
                http_date(now.after(Millis(u64::from(seconds).saturating_mul(1_000))))
            }
            Self::PastDate => http_date(Timestamp::from_millis(now.millis().saturating_sub(HOUR))),
            Self::Negative => "-5".to_owned(),
            Self::Garbage => "soon".to_owned(),
            Self::Huge => "99999999999999999999".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::control::faults::fault::Fault;
    use crate::emulator::control::faults::rule::FaultRule;

    fn sent(json: &str) -> (u16, String) {
        // Wed, 22 Jan 2025 15:18:21 GMT
        let now = Timestamp::from_millis(1_737_559_101_500);
        let rule = format!(r#"{{"fault": {{"retryAfter": {json}}}}}"#);
        match FaultRule::from_json(&rule).unwrap().fault {
            Fault::RetryAfter(after) => {
                let mut response = after.response(now);
                assert_eq!((response.body.len(), response.headers.len()), (0, 1));
                (response.status, response.headers.remove(0).1)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_form_is_sent_and_a_date_is_that_of_the_clock() {
        let forms = [
            (r#"{"seconds": 2}"#, "2"),
            (r#"{"date": 90}"#, "Wed, 22 Jan 2025 15:19:51 GMT"),
            (r#""pastDate""#, "Wed, 22 Jan 2025 14:18:21 GMT"),
            (r#""negative""#, "-5"),
            (r#""garbage""#, "soon"),
            (r#""huge""#, "99999999999999999999"),
        ];
        for (form, text) in forms {
            assert_eq!(sent(&format!(r#"{{"form": {form}}}"#)), (429, text.to_owned()));
        }
        assert_eq!(sent(r#"{"form": "garbage", "status": 503}"#).0, 503);
    }
}
