//! What all calls of a client share: settings, headers, budget, and the pending calls of the edge.

use js_sys::{Math, Object};

use wasm_bindgen::prelude::*;

use super::edge::Edge;
use super::pending::PendingCalls;
use super::plain::put_text;
use super::value::read_argument;
use crate::error::problem::Problem as FieldProblem;
use crate::flow::call_policy::CallPolicy;
use crate::flow::settings::{CallSettings, Settings};
use crate::model::time::Millis;
use crate::policy::budget::Budget;

/// What all calls of a client share. The credentials stay on the JavaScript side.
pub(super) struct Connection {
    pub(super) settings: Settings,
    /// The headers of every request.
    headers: Object,
    pending: PendingCalls,
    budget: Budget,
}

/// The `User-Agent` without the suffix of the options.
const USER_AGENT: &str = concat!("flexip/", env!("CARGO_PKG_VERSION"));

impl Connection {
    /// Reads the options; `sends_user_agent` is whether requests carry a `User-Agent`. Fails with
    /// the problems of options that are invalid.
    pub(super) fn new(
        options: &JsValue,
        edge: Edge,
        sends_user_agent: bool,
    ) -> Result<Self, Vec<FieldProblem>> {
        let settings = Settings::read(&read_argument(options), true)?;
        let headers = Object::new();
        put_text(&headers, "Accept", "application/json");
        if sends_user_agent {
            let user_agent = [USER_AGENT, " ", &settings.user_agent_suffix].concat();
            put_text(&headers, "User-Agent", user_agent.trim_end());
        }
        for (name, value) in &settings.headers {
            put_text(&headers, name, value);
        }
        let budget = Budget::new(settings.budget);
        Ok(Self { settings, headers, pending: PendingCalls::new(edge), budget })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    pub(super) const fn pending(&self) -> &PendingCalls {
        &self.pending
    }

    pub(super) const fn edge(&self) -> &Edge {
        self.pending.edge()
    }

    pub(super) const fn headers(&self) -> &Object {
        &self.headers
    }

    /// The policy of a call: its own settings, then the client's, then the default `total` timeout.
    pub(super) fn policy(&self, own: &CallSettings, total: Millis) -> CallPolicy {
        let settings = &self.settings;
        CallPolicy {
            retry: own.retry.apply_to(settings.retry),
            timeout: own.timeout.unwrap_or(settings.timeout),
            total_timeout: own.total_timeout.or(settings.total_timeout).unwrap_or(total),
            settling_time: own.settling_time.or(settings.settling_time),
            renews_key: settings.renews_key,
            budget: self.budget.clone(),
            seed: (Math::random() * SEEDS) as u64,
        }
    }
}

/// The number of different results of `Math.random()`: 2^53.
const SEEDS: f64 = 9_007_199_254_740_992.0;
