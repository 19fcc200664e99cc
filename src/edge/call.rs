//! A call of a method whose arguments are valid, and its machine.

use super::method::Method;
use super::start::Start;
use super::value::read_value;
use crate::error::{Error, Failure};
use crate::flow::Machine;
use crate::flow::call_policy::CallPolicy;
use crate::flow::settings::{CallSettings, Settings};
use crate::policy::budget::Budget;

/// A call of a method whose arguments are valid.
pub(crate) struct Call {
    /// The name of the method in errors.
    pub(super) name: &'static str,
    pub(super) method: Method,
    /// The options of the call.
    pub(super) own: CallSettings,
}

impl Call {
    /// Reads the options and the request of a call.
    pub(crate) fn read(
        name: &'static str,
        start: &Start<'_>,
        settings: &Settings,
    ) -> Result<Self, Box<Failure>> {
        let invalid = |problems| {
            let error = Error::InvalidArguments(problems);
            Box::new(Failure { error, operation: name, request: None, attempts: 0 })
        };
        let own = if start.options.is_empty() {
            CallSettings::default()
        } else {
            CallSettings::read(&read_value(start.options)).map_err(invalid)?
        };
        match Method::read(name, start, &own, &settings.defaults) {
            (Some(method), _) => Ok(Self { name, method, own }),
            (None, problems) => Err(invalid(problems)),
        }
    }

    /// Where creates with the same idempotency key meet. None for a call without a key.
    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(crate) fn place(&self) -> Option<String> {
        self.method.place()
    }

    /// The machine of the call, and the options of the call.
    pub(crate) fn machine(
        self,
        settings: &Settings,
        budget: Budget,
        seed: f64,
    ) -> (Box<dyn Machine>, CallSettings) {
        let Self { name, method, own } = self;
        let total = method.total_timeout();
        let policy = CallPolicy {
            retry: own.retry.apply_to(settings.retry),
            timeout: own.timeout.unwrap_or(settings.timeout),
            total_timeout: own.total_timeout.or(settings.total_timeout).unwrap_or(total),
            settling_time: own.settling_time.or(settings.settling_time),
            renews_key: settings.renews_key,
            budget,
            seed: seed as u64,
        };
        (method.machine(name, own.skip_preflight, policy), own)
    }
}
