//! The functions that the facade calls.

use std::rc::Rc;

use super::call::Call;
use super::clients::Clients;
use super::commands::command_json;
use super::input::{read_input, read_tags};
use super::method::{Method, name_of};
use super::reports::{configuration_report, failure, flow_failure, refusal};
use super::start::{Moment, Start};
use super::value::{read_argument, read_value};
use crate::error::problem::{Problem, Reason};
use crate::flow::operation::is_plain;
use crate::flow::settings::{CallSettings, Settings, TOTAL_TIMEOUT_DEFAULT};
use crate::flow::small_map::SmallMap;
use crate::flow::{Command, Input, Leaving, Machine};
use crate::model::time::Millis;
use crate::model::to_text::ToText;
use crate::policy::budget::Budget;
use crate::wire::json::ObjectWriter;

/// The answer for a client whose settings are not kept: the facade passes its options again.
const UNKNOWN_CLIENT: &str = "?";

/// The answer for a call that is not one request.
const NEEDS_MACHINE: &str = "m";

/// A machine, and what its commands are written with.
struct Running {
    machine: Box<dyn Machine>,
    budget: Budget,
    settings: Rc<Settings>,
    listens: bool,
}

/// Settings and machines, by numbers that the facade gives.
#[derive(Default)]
pub struct Core {
    clients: Clients,
    calls: SmallMap<u32, Running>,
}

impl Core {
    /// Reads the options of a client and keeps its settings. Returns a report after `!` if they are
    /// invalid, else what the facade needs of them. `sends_user_agent` is whether requests carry a
    /// `User-Agent`: a page must not send one, because it would cause a CORS preflight.
    pub fn settings(&mut self, client: u32, options: &str, sends_user_agent: bool) -> String {
        let settings = match Settings::read(&read_argument(options), true) {
            Ok(settings) => settings,
            Err(problems) => return refusal(configuration_report(problems)),
        };
        let mut headers = ObjectWriter::default();
        headers.text("Accept", "application/json");
        if sends_user_agent {
            headers.text("User-Agent", user_agent(&settings).trim_ascii_end());
        }
        for (name, value) in &settings.headers {
            headers.text(name, value);
        }
        let mut written = ObjectWriter::default();
        written.text("baseUrl", &settings.base_url);
        written.json("headers", &headers.finish());
        written.number("tokens", settings.budget.into());
        written.number("timeoutMs", settings.timeout.0);
        written.number("totalMs", settings.total_timeout.unwrap_or(TOTAL_TIMEOUT_DEFAULT).0);
        self.clients.keep(client, settings);
        written.finish()
    }

    /// Checks the call of an operation. Returns the one request that it is: `p`, and then a line for each
    /// of method, target, the status of a success, the flexible IP that the response is about, the zone,
    /// and the body. With options there is a line before these, with the timeouts and headers of the call.
    pub fn plain(&self, start: &Start<'_>) -> String {
        let Some(settings) = self.clients.get(start.client) else {
            return UNKNOWN_CLIENT.to_owned();
        };
        let Call { method, own, .. } = match read_call(start, &settings) {
            Ok(read) => read,
            Err(report) => return refusal(report),
        };
        let Method::Operation(checked) = method else { return NEEDS_MACHINE.to_owned() };
        let allows_retries = own.retry.apply_to(settings.retry).max_attempts > 1;
        if !is_plain(&checked, own.skip_preflight, allows_retries) {
            return NEEDS_MACHINE.to_owned();
        }
        let request = &checked.request;
        let options =
            if start.options.is_empty() { String::new() } else { own_options(&own, &settings) };
        let status = checked.operation.route().success.to_text();
        let subject = checked.subject.map(|id| id.to_text()).unwrap_or_default();
        [
            "p",
            &options,
            "\n",
            request.method.as_str(),
            "\n",
            &request.target(),
            "\n",
            &status,
            "\n",
            &subject,
            "\n",
            checked.zone.as_str(),
            "\n",
            request.body.as_deref().unwrap_or_default(),
        ]
        .concat()
    }

    /// What calls that create with the same idempotency key share: a line each for the total timeout in
    /// milliseconds, the key with its zone, and what is asked for. Empty for a call without a key, and
    /// for one that is refused.
    pub fn sharing(&self, start: &Start<'_>) -> String {
        self.read_sharing(start).unwrap_or_default()
    }

    fn read_sharing(&self, start: &Start<'_>) -> Option<String> {
        let settings = self.clients.get(start.client)?;
        let Call { name, method, own } = read_call(start, &settings).ok()?;
        let total = own.total_timeout.or(settings.total_timeout).unwrap_or(method.total_timeout());
        let (Method::Operation(checked) | Method::CreateAndAttach(checked, _)) = method else {
            return None;
        };
        let (lookup, body) = (checked.lookup?.request.target(), checked.request.body?);
        Some([&total.0.to_text(), "\n", &lookup, "\n", name, &body].concat())
    }

    /// Makes the machine of a call under a number. Returns an empty text, `?`, or a report after `!`.
    pub fn begin(&mut self, start: &Start<'_>, call: u32, seed: f64, listens: bool) -> String {
        let Some(settings) = self.clients.get(start.client) else {
            return UNKNOWN_CLIENT.to_owned();
        };
        let read = match read_call(start, &settings) {
            Ok(read) => read,
            Err(report) => return refusal(report),
        };
        let budget = Budget::new(settings.budget);
        let (machine, own) = read.machine(&settings, budget.clone(), seed);
        self.calls.insert(call, Running { machine, budget, settings, listens });
        own_headers(&own)
    }

    /// Passes an input to a machine. Returns a list: the tokens of the budget, then the commands. A
    /// machine that is done is dropped.
    pub fn pass(&mut self, call: u32, input: &str, moment: Moment) -> String {
        let Some(running) = self.calls.get_mut(call) else { return "[0]".to_owned() };
        running.budget.restore(moment.tokens, moment.successes);
        let input = read_input(&mut read_value(input));
        let now = Millis(moment.now as u64);
        let commands = input.map_or_else(Vec::new, |input| running.machine.on(input, now));
        let mut answer = ["[", &running.budget.left().to_text()].concat();
        for command in &commands {
            let base_url = &running.settings.base_url;
            if let Some(json) = command_json(command, base_url, running.listens) {
                answer.push(',');
                answer.push_str(&json);
            }
        }
        answer.push(']');
        if commands.iter().any(|command| matches!(command, Command::Done(_))) {
            self.calls.remove(call);
        }
        answer
    }

    /// The report for one of several callers that stops waiting for a call: after its total timeout, or at
    /// an abort if that is negative. `unsent` has the tags of requests for which `fetch` was not called.
    /// Empty if the call is over.
    pub fn leave(&mut self, call: u32, timed_out_after_ms: f64, unsent: &str, now: f64) -> String {
        let Some(running) = self.calls.get_mut(call) else { return String::new() };
        let (tags, now) = (read_tags(&read_value(unsent)), Millis(now as u64));
        running.machine.on(Input::Unsent { tags }, now);
        let leaving = if timed_out_after_ms < 0.0 {
            Leaving::Aborted
        } else {
            Leaving::TimedOut(Millis(timed_out_after_ms as u64))
        };
        let failed = running.machine.on_leaving(leaving, now);
        let base_url = &running.settings.base_url;
        failed.map_or_else(String::new, |failed| flow_failure(&failed, base_url).finish())
    }

    /// Drops the machine of a call: its caller has stopped reading.
    pub fn forget(&mut self, call: u32) {
        self.calls.remove(call);
    }

    /// The number of machines.
    pub fn running(&self) -> usize {
        self.calls.iter().count()
    }
}

/// The `User-Agent` without the suffix of the options.
const USER_AGENT: &str = concat!("flexip/", env!("CARGO_PKG_VERSION"));

/// The `User-Agent`; without a suffix it ends with a space.
pub(crate) fn user_agent(settings: &Settings) -> String {
    [USER_AGENT, " ", &settings.user_agent_suffix].concat()
}

/// Reads the call of a method. Fails with a report.
fn read_call(start: &Start<'_>, settings: &Settings) -> Result<Call, ObjectWriter> {
    let Some(name) = name_of(start.method) else {
        let help = "there is no such operation";
        let problem = Problem::error("operation", Reason::Unknown, help);
        return Err(configuration_report(vec![problem]));
    };
    Call::read(name, start, settings).map_err(|invalid| failure(&invalid, &settings.base_url))
}

/// The timeouts and headers of a plain call with options.
fn own_options(own: &CallSettings, settings: &Settings) -> String {
    let total = own.total_timeout.or(settings.total_timeout).unwrap_or(TOTAL_TIMEOUT_DEFAULT);
    let mut written = ObjectWriter::default();
    written.number("timeoutMs", own.timeout.unwrap_or(settings.timeout).0);
    written.number("totalMs", total.0);
    if !own.headers.is_empty() {
        written.json("headers", &own_headers(own));
    }
    written.finish()
}

/// The headers of a call; empty if there are none.
fn own_headers(own: &CallSettings) -> String {
    if own.headers.is_empty() {
        return String::new();
    }
    let mut headers = ObjectWriter::default();
    for (name, value) in &own.headers {
        headers.text(name, value);
    }
    headers.finish()
}
