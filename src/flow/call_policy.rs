//! The limits of one call.

use crate::model::time::Millis;
use crate::policy::budget::Budget;
use crate::policy::retry::RetryPolicy;

/// The limits that all requests of one call share.
#[derive(Clone, Debug)]
pub struct CallPolicy {
    /// How often and after which backoff a request is retried.
    pub retry: RetryPolicy,
    /// The longest time for one attempt.
    pub timeout: Millis,
    /// The longest time for the whole call.
    pub total_timeout: Millis,
    /// Replaces the settling time of every operation, if it is set.
    pub settling_time: Option<Millis>,
    /// Whether a function gives the key, so that it can be asked for a new one.
    pub renews_key: bool,
    /// The client's budget for retries.
    pub budget: Budget,
    /// The seed of the jitter.
    pub seed: u64,
}
