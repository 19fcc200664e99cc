//! Reads the arguments of a request. Every problem is collected; none ends the reading.

use crate::error::field::{Problem, Reason, Severity};
use crate::model::id::{FlexibleIpId, OrganizationId, ProjectId, Uuid};
use crate::model::limits::{DESCRIPTION_MAX, SERVER_FLEXIBLE_IPS_MAX};
use crate::model::text::{description_length, is_reverse};
use crate::model::zone::{KNOWN_ZONES, Zone};
use crate::wire::json::ObjectWriter;
use crate::wire::value::{Odd, Value};

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
    /// Whether a zone may be one that this version does not know.
    pub allow_unknown_zones: bool,
}

/// An argument that the API lets be absent, null or empty, each with a meaning of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given<T> {
    /// Not there: nothing is sent.
    Absent,
    /// `null`: sent as it is.
    Null,
    /// A value.
    Value(T),
}

impl Given<String> {
    /// Adds it to a body, unless it is absent.
    pub fn put(self, key: &str, body: &mut ObjectWriter) {
        match self {
            Self::Absent => {}
            Self::Null => body.literal(key, None),
            Self::Value(text) => body.text(key, &text),
        }
    }
}

impl Given<Vec<String>> {
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

    /// The zone, or the client's.
    pub fn zone(&mut self) -> Option<Zone> {
        self.text_or_default("zone", "defaultZone", self.defaults.zone.clone(), |reader, text| {
            let zone = Zone::parse(text);
            let known = zone.as_ref().is_some_and(Zone::is_known);
            if known || (zone.is_some() && reader.defaults.allow_unknown_zones) {
                return zone;
            }
            let zones = KNOWN_ZONES.join(", ");
            let help = format!("value must be one of {zones}; found {}", quoted(text));
            reader.refuse("zone", Reason::Constraint, help);
            None
        })
    }

    /// The Project, or the client's.
    pub fn project(&mut self) -> Option<ProjectId> {
        self.text_or_default(
            "projectId",
            "defaultProjectId",
            self.defaults.project_id,
            |reader, text| reader.uuid("projectId", text).map(ProjectId),
        )
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
    pub fn nullable_uuid(&mut self, name: &'static str) -> Given<String> {
        self.given(name, |reader, value| reader.uuid_at(name, value).map(|uuid| uuid.to_string()))
    }

    /// The ids of flexible IPs that one request acts on: at least one, none twice, no more than a server holds.
    pub fn flexible_ip_ids(&mut self, name: &'static str) -> Option<Vec<FlexibleIpId>> {
        let items = match self.argument(name) {
            None | Some(Value::Null) => {
                return self.missing(name, "value is required: a list of UUIDs");
            }
            Some(value) => self.list(name, value)?,
        };
        if items.is_empty() {
            return self.missing(name, "value must contain at least one UUID");
        }
        if items.len() > SERVER_FLEXIBLE_IPS_MAX {
            let help = format!(
                "value must contain at most {SERVER_FLEXIBLE_IPS_MAX} UUIDs, as many as one server holds; found {}",
                items.len()
            );
            self.refuse(name, Reason::Constraint, help);
            return None;
        }
        let mut ids: Vec<FlexibleIpId> = Vec::with_capacity(items.len());
        let before = self.problems.len();
        for (place, item) in items.iter().enumerate() {
            let field = format!("{name}[{place}]");
            let Some(id) = self.uuid_at(&field, item).map(FlexibleIpId) else { continue };
            if ids.contains(&id) {
                self.refuse(field, Reason::Constraint, format!("{id} stands more than once"));
            } else {
                ids.push(id);
            }
        }
        (self.problems.len() == before).then_some(ids)
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

    /// The description: at most 255 code points.
    pub fn description(&mut self) -> Given<String> {
        const NAME: &str = "description";
        self.given(NAME, |reader, value| {
            let length = match value {
                Value::Odd(Odd::TooLong(units)) => usize::try_from(*units).unwrap_or(usize::MAX),
                other => description_length(reader.text_at(NAME, other)?),
            };
            if length > DESCRIPTION_MAX {
                let help = format!(
                    "value length must be at most {DESCRIPTION_MAX} characters; found {length}"
                );
                reader.refuse(NAME, Reason::Constraint, help);
                return None;
            }
            value.as_text().map(str::to_owned)
        })
    }

    /// The reverse: a host name.
    pub fn reverse(&mut self) -> Given<String> {
        const NAME: &str = "reverse";
        self.given(NAME, |reader, value| {
            let text = reader.text_at(NAME, value)?;
            if !is_reverse(text) {
                let help = format!(
                    "value must be a host name, with or without the final dot; found {}",
                    quoted(text)
                );
                reader.refuse(NAME, Reason::Format, help);
                return None;
            }
            Some(text.to_owned())
        })
    }

    /// The tags.
    pub fn tags(&mut self) -> Given<Vec<String>> {
        match self.arguments.field("tags") {
            Some(Value::Null) => {
                self.read.push("tags");
                Given::Null
            }
            None => {
                self.read.push("tags");
                Given::Absent
            }
            Some(_) => Given::Value(self.texts("tags")),
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
    ) -> Given<T> {
        match self.argument(name) {
            None => Given::Absent,
            Some(Value::Null) => Given::Null,
            Some(value) => read(self, value).map_or(Given::Absent, Given::Value),
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

/// What a value of the wrong kind is, for a message.
pub(crate) fn found(value: &Value) -> String {
    match value {
        Value::Odd(Odd::Threw(thrown)) => format!("reading it threw {}", quoted(thrown)),
        Value::Odd(Odd::LoneSurrogate) => "found a string that is not valid Unicode".to_owned(),
        Value::Odd(Odd::TooLong(units)) => format!("found a string of {units} UTF-16 units"),
        Value::Odd(Odd::TooMany(items)) => format!("found {items} items"),
        Value::Text(text) => format!("found the string {}", quoted(text)),
        Value::Null => "found null".to_owned(),
        other => format!("found a value of type {}", other.kind()),
    }
}

/// A number for a message. Writing fractions would add the formatting of floats to the module.
fn whole(number: f64) -> String {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LARGEST {
        (number as i64).to_string()
    } else {
        "a number that is not whole".to_owned()
    }
}

/// A text in quotes, cut where it would fill the message.
fn quoted(text: &str) -> String {
    ["\"", &shortened(text), "\""].concat()
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn unknown(name: &str, known: &[&'static str]) -> Problem {
    let nearest = known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| distance.saturating_mul(2) <= candidate.len());
    let help = match nearest {
        Some((_, candidate)) => format!("there is no such field; did you mean {candidate}?"),
        None => format!("there is no such field; the fields are {}", known.join(", ")),
    };
    Problem::error(shortened(name), Reason::Unknown, help)
}

/// How many letters have to change (Levenshtein), underscores and case aside.
fn distance(left: &str, right: &str) -> usize {
    let letters = |text: &str| -> Vec<char> {
        text.chars().take(60).filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
    };
    let (left, right) = (letters(left), letters(right));
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.iter().enumerate() {
        let mut diagonal = line;
        let mut before = line.saturating_add(1);
        let mut next = Vec::with_capacity(row.len());
        next.push(before);
        for (to, above) in right.iter().zip(row.iter().skip(1)) {
            let changed = diagonal.saturating_add(usize::from(from != to));
            before = changed.min(above.saturating_add(1)).min(before.saturating_add(1));
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
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

    #[test]
    fn distances_are_counted_in_letters() {
        assert_eq!(distance("fip_id", "fipId"), 0);
        assert_eq!(distance("descripton", "description"), 1);
        assert_eq!(distance("", "tags"), 4);
    }
}
