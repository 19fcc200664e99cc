//! The option `retry`.

use crate::error::problem::Reason;
use crate::model::time::Millis;
use crate::model::to_text::text;
use crate::ops::arguments::{Defaults, Reader, found};
use crate::policy::retry::RetryPolicy;
use crate::wire::value::Value;

const ATTEMPTS_MAX: u32 = 20;
const DELAY_MAX: u32 = 600_000;
const BUDGET_MAX: u32 = 1_000_000;

/// The option `retry`: `false`, or an object with optional fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetrySettings {
    max_attempts: Option<u32>,
    base_delay: Option<Millis>,
    max_delay: Option<Millis>,
    pub(super) budget: Option<u32>,
}

impl RetrySettings {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let value = match reader.argument("retry") {
            None => return Self::default(),
            Some(Value::Bool(false)) => return Self { max_attempts: Some(1), ..Self::default() },
            Some(value @ Value::Object(_)) => value,
            Some(other) => {
                let help = text!("value must be false, or an object; ", found(other));
                reader.refuse("retry", Reason::Format, help);
                return Self::default();
            }
        };
        let defaults = Defaults::default();
        let mut fields = Reader::new(value, &defaults);
        let millis = |fields: &mut Reader<'_>, name| {
            fields.whole_number(name, 0, DELAY_MAX).map(|millis| Millis(millis.into()))
        };
        let retry = Self {
            max_attempts: fields.whole_number("maxAttempts", 1, ATTEMPTS_MAX),
            base_delay: millis(&mut fields, "baseDelayMs"),
            max_delay: millis(&mut fields, "maxDelayMs"),
            budget: fields.whole_number("budget", 0, BUDGET_MAX),
        };
        let (_, problems) = fields.finish();
        for problem in problems {
            reader.refuse(text!("retry.", problem.field), problem.reason, problem.help);
        }
        retry
    }

    /// Returns `policy` with the fields that are set here.
    pub fn apply_to(self, policy: RetryPolicy) -> RetryPolicy {
        RetryPolicy {
            max_attempts: self.max_attempts.unwrap_or(policy.max_attempts),
            base_delay: self.base_delay.unwrap_or(policy.base_delay),
            max_delay: self.max_delay.unwrap_or(policy.max_delay),
        }
    }
}
