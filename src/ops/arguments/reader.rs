//! The arguments of one request, and the problems found in them.

use super::defaults::Defaults;
use super::messages::{found, shortened};
use super::nearest::nearest;
use crate::error::problem::{Problem, Reason, Severity};
use crate::model::to_text::{join, text};
use crate::wire::value::Value;

/// The arguments of one request, and the problems found in them so far.
///
/// Each method reads one argument. When the argument is wrong, the method notes a problem and
/// returns nothing, and the reading goes on.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) arguments: &'a Value,
    pub(super) defaults: &'a Defaults,
    pub(super) problems: Vec<Problem>,
    /// The names of the arguments that were read: all others are unknown.
    known: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// A reader of a request. Notes a problem if it is not an object.
    pub fn new(request: &'a Value, defaults: &'a Defaults) -> Self {
        Self::reading("request", request, defaults)
    }

    /// A reader of the options of a client or of a call. Notes a problem if they are not an object.
    pub fn of_options(options: &'a Value, defaults: &'a Defaults) -> Self {
        Self::reading("options", options, defaults)
    }

    fn reading(name: &'static str, arguments: &'a Value, defaults: &'a Defaults) -> Self {
        let mut reader = Self { arguments, defaults, problems: Vec::new(), known: Vec::new() };
        if !matches!(arguments, Value::Object(_)) {
            let fields = if name == "options" { "options" } else { "request's fields" };
            let help = text!("value must be an object with the ", fields, "; ", found(arguments));
            reader.refuse(name, Reason::Format, help);
        }
        reader
    }

    /// The client's values for arguments that the request leaves out.
    pub const fn defaults(&self) -> &'a Defaults {
        self.defaults
    }

    /// Notes a problem that stops the request.
    pub fn refuse(&mut self, field: impl Into<String>, reason: Reason, help: impl Into<String>) {
        self.problems.push(Problem::error(field, reason, help));
    }

    /// Notes a problem that does not stop the request.
    pub fn warn(&mut self, field: &'static str, help: &'static str) {
        self.problems.push(Problem::warning(field, Reason::Constraint, help));
    }

    /// Ends the reading. Returns whether the request may be sent, and every problem.
    /// An argument that was never read is a problem: the API does not have it.
    pub fn finish(mut self) -> (bool, Vec<Problem>) {
        if let Value::Object(fields) = self.arguments {
            for (name, _) in fields {
                if !self.known.contains(&name.as_str()) {
                    self.problems.push(unknown(name, &self.known));
                }
            }
        }
        let passed = self.problems.iter().all(|problem| problem.severity == Severity::Warning);
        (passed, self.problems)
    }

    /// The argument of this name, if the request has it.
    pub fn argument(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.arguments.field(name)
    }

    /// Notes that a required argument is missing.
    pub(super) fn missing<T>(&mut self, name: &'static str, help: impl Into<String>) -> Option<T> {
        self.refuse(name, Reason::Required, help);
        None
    }
}

/// The problem of an unknown argument. Its message names the nearest known one.
fn unknown(name: &str, known: &[&'static str]) -> Problem {
    let help = match nearest(name, known) {
        Some(candidate) => text!("there is no such field; did you mean ", candidate, "?"),
        None => text!("there is no such field; the fields are ", join(known, ", ")),
    };
    Problem::error(shortened(name), Reason::Unknown, help)
}
