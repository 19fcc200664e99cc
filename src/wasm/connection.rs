//! Where requests go, and with what.

use js_sys::{Math, Object};

use wasm_bindgen::prelude::*;

use super::edge::{Begun, Edge};
use super::plain::put_text;
use super::value::read_argument;
use crate::error::field::Problem as FieldProblem;
use crate::flow::call_policy::CallPolicy;
use crate::flow::settings::{CallSettings, Settings};
use crate::model::time::Millis;
use crate::policy::budget::Budget;

/// Where requests go, and with what. The credentials stay with the facade.
pub(super) struct Connection {
    pub(super) settings: Settings,
    /// The headers of every request.
    headers: Object,
    begun: Begun,
    budget: Budget,
}

/// What the library calls itself.
const USER_AGENT: &str = concat!("flexip/", env!("CARGO_PKG_VERSION"));

impl Connection {
    pub(super) fn new(
        options: &JsValue,
        edge: Edge,
        names_itself: bool,
    ) -> Result<Self, Vec<FieldProblem>> {
        let settings = Settings::read(&read_argument(options), true)?;
        let headers = Object::new();
        put_text(&headers, "Accept", "application/json");
        if names_itself {
            let user_agent = [USER_AGENT, " ", &settings.user_agent_suffix].concat();
            put_text(&headers, "User-Agent", user_agent.trim_end());
        }
        for (name, value) in &settings.headers {
            put_text(&headers, name, value);
        }
        let budget = Budget::new(settings.budget);
        Ok(Self { settings, headers, begun: Begun::new(edge), budget })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    pub(super) const fn begun(&self) -> &Begun {
        &self.begun
    }

    pub(super) const fn edge(&self) -> &Edge {
        self.begun.edge()
    }

    pub(super) const fn headers(&self) -> &Object {
        &self.headers
    }

    pub(super) fn policy(&self, own: &CallSettings, total: Millis) -> CallPolicy {
        let settings = &self.settings;
        CallPolicy {
            retry: own.retry.apply_to(settings.retry),
            timeout: own.timeout.unwrap_or(settings.timeout),
            total_timeout: own.total_timeout.or(settings.total_timeout).unwrap_or(total),
            renews_key: settings.renews_key,
            budget: self.budget.clone(),
            seed: (Math::random() * SEEDS) as u64,
        }
    }
}

/// As many seeds as a random number of JavaScript has bits.
const SEEDS: f64 = 9_007_199_254_740_992.0;
