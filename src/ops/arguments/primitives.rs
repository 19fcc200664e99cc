//! The reader's methods for UUIDs, words, strings, numbers, booleans and lists.

use super::field::Field;
use super::messages::{found, quoted, whole};
use super::reader::Reader;
use crate::error::problem::Reason;
use crate::model::id::Uuid;
use crate::model::parts::split;
use crate::model::to_text::{ToText, join, text};
use crate::model::zone::Zone;
use crate::wire::value::Value;

impl<'a> Reader<'a> {
    /// A required UUID.
    pub fn id<T: From<Uuid>>(&mut self, name: &'static str) -> Option<T> {
        match self.argument(name) {
            None | Some(Value::Null) => self.missing(name, "value is required: a UUID"),
            Some(value) => self.uuid_at(name, value).map(T::from),
        }
    }

    /// An optional UUID; `null` means absent.
    pub fn optional_uuid(&mut self, name: &'static str) -> Option<Uuid> {
        match self.argument(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.uuid_at(name, value),
        }
    }

    /// A UUID in lower case, or `null`, or absent.
    pub fn nullable_uuid(&mut self, name: &'static str) -> Field<String> {
        self.read_field(name, |reader, value| {
            reader.uuid_at(name, value).map(|uuid| uuid.to_text())
        })
    }

    /// An optional list of UUIDs, in lower case; empty if it is absent.
    pub fn uuids(&mut self, name: &'static str) -> Vec<String> {
        self.read_items(name, &mut |reader, field, item| {
            reader.uuid_at(field, item).map(|uuid| uuid.to_text())
        })
    }

    /// An optional list of words of an enumeration; empty if it is absent.
    pub fn words(&mut self, name: &'static str, words: &[&'static str]) -> Vec<String> {
        self.read_items(name, &mut |reader, field, item| {
            reader.word_at(field, item, words).map(str::to_owned)
        })
    }

    /// An optional list of strings; empty if it is absent.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        self.read_items(name, &mut |reader, field, item| {
            reader.text_at(field, item).map(str::to_owned)
        })
    }

    /// An optional word of an enumeration; `null` means absent.
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

    /// A required word of an enumeration.
    pub fn word(&mut self, name: &'static str, words: &[&'static str]) -> Option<&'static str> {
        match self.argument(name) {
            None | Some(Value::Null) => {
                self.missing(name, text!("value is required: one of ", join(words, ", ")))
            }
            Some(value) => self.word_at(name, value, words),
        }
    }

    /// An optional whole number from `min` to `max`; `null` means absent.
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
            Value::Number(number) => (Reason::Constraint, text!("found ", whole(*number))),
            other => (Reason::Format, found(other)),
        };
        self.refuse(
            name,
            reason,
            text!("value must be a whole number from ", min, " to ", max, "; ", found),
        );
        None
    }

    /// An optional boolean. Strings and numbers are refused, also `"true"` and `1`.
    pub fn boolean(&mut self, name: &'static str) -> Option<bool> {
        match self.argument(name)? {
            Value::Bool(value) => Some(*value),
            other => {
                let help = text!("value must be true or false; ", found(other));
                self.refuse(name, Reason::Format, help);
                None
            }
        }
    }

    /// Reads an argument that can be absent, null, or a value. A wrong value counts as absent.
    pub(super) fn read_field<T>(
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

    /// A string that is required unless the client has a default for it.
    ///
    /// `option` is the name of the client's option for the error message.
    pub(super) fn text_or_default<T>(
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
                    text!("value is required: give ", name, ", or the client's ", option),
                ),
                default => default,
            },
            Some(value) => {
                let text = self.text_at(name, value)?;
                parse(self, text)
            }
        }
    }

    pub(super) fn list_at(&mut self, name: &'static str, value: &'a Value) -> Option<&'a [Value]> {
        if let Value::List(items) = value {
            return Some(items);
        }
        self.refuse(name, Reason::Format, text!("value must be a list; ", found(value)));
        None
    }

    /// Reads each item of an optional list of strings. Each item has a name such as `tags[1]`.
    fn read_items(
        &mut self,
        name: &'static str,
        read: &mut dyn FnMut(&mut Self, &str, &'a Value) -> Option<String>,
    ) -> Vec<String> {
        let items = match self.argument(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(value) => self.list_at(name, value).unwrap_or_default(),
        };
        let mut read_items = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if let Some(item) = read(self, &text!(name, "[", index, "]"), item) {
                read_items.push(item);
            }
        }
        read_items
    }

    pub(super) fn text_at(&mut self, field: &str, value: &'a Value) -> Option<&'a str> {
        if let Value::Text(text) = value {
            return Some(text);
        }
        self.refuse(field, Reason::Format, text!("value must be a string; ", found(value)));
        None
    }

    pub(super) fn uuid_at(&mut self, field: &str, value: &'a Value) -> Option<Uuid> {
        let text = self.text_at(field, value)?;
        self.parse_uuid(field, text)
    }

    pub(super) fn parse_uuid(&mut self, field: &str, text: &str) -> Option<Uuid> {
        let uuid = Uuid::parse(text);
        if uuid.is_none() {
            let help = text!("value must be a valid UUID; found ", quoted(text), id_hint(text));
            self.refuse(field, Reason::Format, help);
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
            let help = text!("value must be one of ", join(words, ", "), "; found ", quoted(text));
            self.refuse(field, Reason::Constraint, help);
        }
        found
    }
}

/// What to do with an id as other tools write it: `fr-par-1/<uuid>`, or a Scaleway resource name.
fn id_hint(text: &str) -> String {
    let is_id = |part: &str| Uuid::parse(part).is_some();
    if !split(text, b'/').last().is_some_and(is_id) {
        return String::new();
    }
    match split(text, b'/').filter(|part| Zone::parse(part).is_some()).last() {
        Some(zone) => text!(": give the UUID alone, and zone: '", zone, "'"),
        None => ": give the UUID alone".to_owned(),
    }
}
