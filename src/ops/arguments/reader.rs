//! Reads the arguments of a request. Every problem is collected; none ends the reading.

//!
//! Here are the kinds of arguments: texts, numbers, words, lists. `fields` has those that are nouns
//! of the API, `words` what a problem says.

mod fields;
mod words;

use crate::error::field::{Problem, Reason, Severity};
use crate::model::id::{OrganizationId, ProjectId, Uuid};
use crate::model::zone::Zone;
use crate::wire::json::ObjectWriter;
use crate::wire::value::Value;

pub(crate) use words::found;
use words::{quoted, unknown, whole};

/// What stands in for arguments that a request leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The zone.
    pub zone: Option<Zone>,
    /// The Project of a new flexible IP.
    pub project_id: Option<ProjectId>,
    /// The Organization of a list.
    pub organization_id: Option<OrganizationId>,
    /// The size of a page.
    pub page_size: Option<u32>,
    /// What marks a new flexible IP, so that it is not made twice.
    pub idempotency_key: Option<String>,
    /// Whether a zone may be one that this version does not know.
    pub allow_unknown_zones: bool,
}

/// An argument that the API lets be absent, null or empty, each with a meaning of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field<T> {
    /// Not there: nothing is sent.
    Absent,
    /// `null`: sent as it is.
    Null,
    /// A value.
    Value(T),
}

impl Field<String> {
    /// Adds it to a body, unless it is absent.
    pub fn put(self, key: &str, body: &mut ObjectWriter) {
        match self {
            Self::Absent => {}
            Self::Null => body.literal(key, None),
            Self::Value(text) => body.text(key, &text),
        }
    }
}

impl Field<Vec<String>> {
    /// Adds it to a body, unless it is absent.
    pub fn put(self, key: &str, body: &mut ObjectWriter) {
        match self {
            Self::Absent => {}
            Self::Null => body.literal(key, None),
            Self::Value(texts) => body.texts(key, &texts),
        }
    }
}

/// A request's arguments, and the problems found in them so far.
#[derive(Debug)]
pub struct Reader<'a> {
    arguments: &'a Value,
    defaults: &'a Defaults,
    problems: Vec<Problem>,
    read: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// A reader of these arguments.
    pub fn new(arguments: &'a Value, defaults: &'a Defaults) -> Self {
        let mut reader = Self { arguments, defaults, problems: Vec::new(), read: Vec::new() };
        if !matches!(arguments, Value::Object(_)) {
            let help =
                format!("value must be an object with the request's fields; {}", found(arguments));
            reader.refuse("request", Reason::Format, help);
        }
        reader
    }

    /// What stands in for arguments that are left out.
    pub const fn defaults(&self) -> &'a Defaults {
        self.defaults
    }

    /// Notes a problem that stops the request.
    pub fn refuse(&mut self, field: impl Into<String>, reason: Reason, help: impl Into<String>) {
        self.problems.push(Problem::error(field, reason, help));
    }

    /// Notes something that the caller should know of.
    pub fn warn(&mut self, field: &'static str, help: &'static str) {
        self.problems.push(Problem::warning(field, Reason::Constraint, help));
    }

    /// Ends the reading: whether the request may be sent, and every problem.
    /// Arguments that nobody asked for are problems too.
    pub fn finish(mut self) -> (bool, Vec<Problem>) {
        if let Value::Object(fields) = self.arguments {
            for (name, _) in fields {
                if !self.read.contains(&name.as_str()) {
                    self.problems.push(unknown(name, &self.read));
                }
            }
        }
        let passed = self.problems.iter().all(|problem| problem.severity == Severity::Warning);
        (passed, self.problems)
    }

    /// The argument of this name, if it is there.
    pub fn argument(&mut self, name: &'static str) -> Option<&'a Value> {
        self.read.push(name);
        self.arguments.field(name)
    }

    /// A UUID that must be there.
    pub fn id<T: From<Uuid>>(&mut self, name: &'static str) -> Option<T> {
        match self.argument(name) {
            None | Some(Value::Null) => self.missing(name, "value is required: a UUID"),
            Some(value) => self.uuid_at(name, value).map(T::from),
        }
    }

    /// A UUID that may be left out; `null` is the same.
    pub fn optional_uuid(&mut self, name: &'static str) -> Option<Uuid> {
        match self.argument(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.uuid_at(name, value),
        }
    }

    /// A UUID that may be absent or null, as it is written.
    pub fn nullable_uuid(&mut self, name: &'static str) -> Field<String> {
        self.given(name, |reader, value| reader.uuid_at(name, value).map(|uuid| uuid.to_string()))
    }

    /// A list of UUIDs that may be left out, as they are written.
    pub fn uuids(&mut self, name: &'static str) -> Vec<String> {
        self.each(name, &mut |reader, field, item| {
            reader.uuid_at(field, item).map(|uuid| uuid.to_string())
        })
    }

    /// A list of words of one enumeration that may be left out.
    pub fn words(&mut self, name: &'static str, words: &[&'static str]) -> Vec<String> {
        self.each(name, &mut |reader, field, item| {
            reader.word_at(field, item, words).map(str::to_owned)
        })
    }

    /// A list of texts that may be left out.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        self.each(name, &mut |reader, field, item| reader.text_at(field, item).map(str::to_owned))
    }

    /// A word of an enumeration that may be left out; `null` is the same.
    pub fn optional_word(
        &mut self,
        name: &'static str,
        words: &[&'static str],
    ) -> Option<&'static str> {
        match self.argument(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.word_at(name, value, words),
        }
    }

    /// A word of an enumeration that must be there.
    pub fn word(&mut self, name: &'static str, words: &[&'static str]) -> Option<&'static str> {
        match self.argument(name) {
            None | Some(Value::Null) => {
                self.missing(name, ["value is required: one of ", &words.join(", ")].concat())
            }
            Some(value) => self.word_at(name, value, words),
        }
    }

    /// A whole number of a range that may be left out; `null` is the same.
    pub fn whole_number(&mut self, name: &'static str, min: u32, max: u32) -> Option<u32> {
        let value = match self.argument(name) {
            None | Some(Value::Null) => return None,
            Some(value) => value,
        };
        let (reason, found) = match value {
            Value::Number(number)
                if (f64::from(min)..=f64::from(max)).contains(number) && number.fract() == 0.0 =>
            {
                return Some(*number as u32);
            }
            Value::Number(number) => (Reason::Constraint, format!("found {}", whole(*number))),
            other => (Reason::Format, found(other)),
        };
        self.refuse(
            name,
            reason,
            format!("value must be a whole number from {min} to {max}; {found}"),
        );
        None
    }

    /// A boolean that may be left out. A word or a number that resembles one is a problem.
    pub fn boolean(&mut self, name: &'static str) -> Option<bool> {
        match self.argument(name)? {
            Value::Bool(value) => Some(*value),
            other => {
                let help = format!("value must be true or false; {}", found(other));
                self.refuse(name, Reason::Format, help);
                None
            }
        }
    }

    fn missing<T>(&mut self, name: &'static str, help: impl Into<String>) -> Option<T> {
        self.refuse(name, Reason::Required, help);
        None
    }

    fn given<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'a Value) -> Option<T>,
    ) -> Field<T> {
        match self.argument(name) {
            None => Field::Absent,
            Some(Value::Null) => Field::Null,
            Some(value) => read(self, value).map_or(Field::Absent, Field::Value),
        }
    }

    /// A text that may be left out for the client's default, and must be there without one.
    fn text_or_default<T>(
        &mut self,
        name: &'static str,
        option: &'static str,
        default: Option<T>,
        parse: impl FnOnce(&mut Self, &'a str) -> Option<T>,
    ) -> Option<T> {
        match self.argument(name) {
            None | Some(Value::Null) => match default {
                None => self.missing(
                    name,
                    format!("value is required: give {name}, or the client's {option}"),
                ),
                default => default,
            },
            Some(value) => {
                let text = self.text_at(name, value)?;
                parse(self, text)
            }
        }
    }

    fn list(&mut self, name: &'static str, value: &'a Value) -> Option<&'a [Value]> {
        if let Value::List(items) = value {
            return Some(items);
        }
        self.refuse(name, Reason::Format, format!("value must be a list; {}", found(value)));
        None
    }

    fn each(
        &mut self,
        name: &'static str,
        read: &mut dyn FnMut(&mut Self, &str, &'a Value) -> Option<String>,
    ) -> Vec<String> {
        let items = match self.argument(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(value) => self.list(name, value).unwrap_or_default(),
        };
        let mut read_items = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            read_items.extend(read(self, &format!("{name}[{place}]"), item));
        }
        read_items
    }

    fn text_at(&mut self, field: &str, value: &'a Value) -> Option<&'a str> {
        if let Value::Text(text) = value {
            return Some(text);
        }
        self.refuse(field, Reason::Format, format!("value must be a string; {}", found(value)));
        None
    }

    fn uuid_at(&mut self, field: &str, value: &'a Value) -> Option<Uuid> {
        let text = self.text_at(field, value)?;
        self.uuid(field, text)
    }

    fn uuid(&mut self, field: &str, text: &str) -> Option<Uuid> {
        let uuid = Uuid::parse(text);
        if uuid.is_none() {
            self.refuse(
                field,
                Reason::Format,
                format!("value must be a valid UUID; found {}", quoted(text)),
            );
        }
        uuid
    }

    fn word_at(
        &mut self,
        field: &str,
        value: &'a Value,
        words: &[&'static str],
    ) -> Option<&'static str> {
        let text = self.text_at(field, value)?;
        let found = words.iter().find(|word| **word == text).copied();
        if found.is_none() {
            let help = format!("value must be one of {}; found {}", words.join(", "), quoted(text));
            self.refuse(field, Reason::Constraint, help);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::tests::{FIP, in_paris, refused};
    use crate::wire::route::Operation;
    use serde_json::json;

    fn help(operation: Operation, arguments: serde_json::Value) -> Vec<String> {
        let (_, problems) = crate::ops::check(operation, &arguments.into(), &in_paris());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_of_a_request_is_reported_at_once() {
        let arguments = json!({
            "zone": "mars-1", "description": "x".repeat(256), "isIpv6": "true", "tags": [1],
            "reverse": "not a host", "serverId": 7, "descripton": "typo",
        });
        assert_eq!(
            refused(Operation::CreateFlexibleIp, arguments),
            [
                "zone constraint",
                "projectId required",
                "description constraint",
                "tags[0] format",
                "serverId format",
                "reverse format",
                "isIpv6 format",
                "descripton unknown",
            ]
        );
    }

    #[test]
    fn an_unknown_field_is_named_with_the_nearest_known_one() {
        assert_eq!(
            help(Operation::GetFlexibleIp, json!({ "fipId": FIP, "fip_id": FIP })),
            ["fip_id (unknown): there is no such field; did you mean fipId?"]
        );
        assert_eq!(
            help(Operation::GetFlexibleIp, json!({ "fipId": FIP, "colour": 1 })),
            ["colour (unknown): there is no such field; the fields are zone, fipId"]
        );
    }

    #[test]
    fn a_request_that_is_no_object_is_refused() {
        for arguments in [json!(null), json!(FIP), json!([FIP]), json!(1)] {
            let problems = refused(Operation::GetFlexibleIp, arguments);
            assert_eq!(problems.first().map(String::as_str), Some("request format"));
        }
    }

    #[test]
    fn a_long_value_is_cut_in_the_message() {
        let [message] = &help(Operation::GetFlexibleIp, json!({ "fipId": "x".repeat(10_000) }))[..]
        else {
            panic!("one problem expected");
        };
        assert!(message.len() < 200, "{message}");
    }

    #[test]
    fn a_number_written_as_a_string_is_refused() {
        assert_eq!(
            help(Operation::ListFlexibleIps, json!({ "page": "2" })),
            [
                "page (format): value must be a whole number from 1 to 2147483647; found the string \"2\""
            ]
        );
    }

    #[test]
    fn a_zone_that_is_not_known_is_refused_unless_it_is_allowed() {
        let arguments = Value::from(json!({ "zone": "it-mil-1", "fipId": FIP }));
        let mut defaults = Defaults::default();
        assert_eq!(crate::ops::check(Operation::GetFlexibleIp, &arguments, &defaults).0, None);
        defaults.allow_unknown_zones = true;
        assert!(crate::ops::check(Operation::GetFlexibleIp, &arguments, &defaults).0.is_some());
    }
}
