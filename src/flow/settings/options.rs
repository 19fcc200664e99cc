//! What the options of the client and the options of a call share.

use crate::error::problem::{Problem, Reason};
use crate::model::time::Millis;
use crate::model::to_text::text;
use crate::ops::arguments::{Reader, found};
use crate::wire::value::{Unsupported, Value};

/// The longest time that `setTimeout` can wait, in milliseconds.
const TIMEOUT_MAX: u32 = 2_147_483_647;

/// Reads a timeout in milliseconds.
pub(super) fn read_timeout(reader: &mut Reader<'_>, name: &'static str) -> Option<Millis> {
    reader.whole_number(name, 1, TIMEOUT_MAX).map(|millis| Millis(millis.into()))
}

/// Checks an option that is a function. Only the JavaScript side calls it.
pub(super) fn check_function(reader: &mut Reader<'_>, name: &'static str) {
    match reader.argument(name) {
        None => {}
        Some(Value::Unsupported(Unsupported::Kind(kind))) if kind == "function" => {}
        Some(other) => {
            let help = text!("value must be a function; ", found(other));
            reader.refuse(name, Reason::Format, help);
        }
    }
}

/// Returns the settings, or all problems if one of them is an error.
pub(super) fn finish<T>(reader: Reader<'_>, settings: T) -> Result<T, Vec<Problem>> {
    let (passed, problems) = reader.finish();
    if passed { Ok(settings) } else { Err(problems) }
}
