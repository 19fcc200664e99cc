//! Writes JSON. Reading it is left to `JSON.parse` and `serde_json`: see `value`.

use crate::model::to_text::ToText;

/// Writes a JSON object field by field: the body of a request.
#[derive(Debug, Default)]
pub struct ObjectWriter(String);

impl ObjectWriter {
    /// Adds a field that is a string.
    pub fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        write_text(&mut self.0, text);
    }

    /// Adds a field that is an array of strings.
    pub fn texts(&mut self, key: &str, texts: &[String]) {
        self.key(key);
        write_separated(&mut self.0, ['[', ']'], texts, |out, text| write_text(out, text));
    }

    /// Adds a field that is a whole number.
    pub fn number(&mut self, key: &str, number: u64) {
        self.key(key);
        number.write_to(&mut self.0);
    }

    /// Adds a field whose JSON is written already.
    pub fn json(&mut self, key: &str, json: &str) {
        self.key(key);
        self.0.push_str(json);
    }

    /// Adds a field that is `true`, `false` or, for `None`, `null`.
    pub fn bool_or_null(&mut self, key: &str, value: Option<bool>) {
        self.key(key);
        self.0.push_str(match value {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        });
    }

    /// Ends the object and returns its JSON.
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }

    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        write_text(&mut self.0, key);
        self.0.push(':');
    }
}

/// Writes an array of items, each of which is written by `write`.
pub fn write_list<T>(items: &[T], write: impl Fn(&T) -> String) -> String {
    let mut out = String::new();
    write_separated(&mut out, ['[', ']'], items, |out, item| out.push_str(&write(item)));
    out
}

/// A JSON value to write. Numbers are whole: the API's are all counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(u64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object with its keys in this order.
    Object(Vec<(&'static str, Self)>),
}

impl Json {
    /// A string.
    pub fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// A string, or `null`.
    pub fn text_or_null(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// An array of strings.
    pub fn texts<T: ToString>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// Puts the keys of every object in it into alphabetical order.
    pub fn sort_keys(&mut self) {
        match self {
            Self::Object(fields) => {
                fields.sort_by_key(|(key, _)| *key);
                fields.iter_mut().for_each(|(_, value)| value.sort_keys());
            }
            Self::List(items) => items.iter_mut().for_each(Self::sort_keys),
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::Text(_) => {}
        }
    }

    /// Writes the value as JSON.
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_into(&mut out);
        out
    }

    fn write_into(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Integer(value) => out.push_str(&value.to_string()),
            Self::Text(text) => write_text(out, text),
            Self::List(items) => {
                write_separated(out, ['[', ']'], items, |out, item| item.write_into(out));
            }
            Self::Object(fields) => {
                write_separated(out, ['{', '}'], fields, |out, (key, value)| {
                    write_text(out, key);
                    out.push(':');
                    value.write_into(out);
                });
            }
        }
    }
}

pub(super) fn write_separated<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    write: impl Fn(&mut String, &T),
) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

/// Writes a string.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    // Most strings need no escape and are copied in one piece.
    if text.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
        out.push_str(text);
    } else {
        escape(out, text);
    }
    out.push('"');
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => {
                out.push_str("\\u00");
                for digit in [u32::from(control) >> 4, u32::from(control) & 15] {
                    out.extend(char::from_digit(digit, 16));
                }
            }
            plain => out.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_object_keeps_the_order_of_its_keys() {
        let json = Json::Object(vec![
            ("b", Json::Integer(0)),
            ("a", Json::List(vec![Json::Null, Json::Bool(true)])),
        ]);
        assert_eq!(json.write(), r#"{"b":0,"a":[null,true]}"#);
    }

    #[test]
    fn an_object_is_written_field_by_field() {
        assert_eq!(ObjectWriter::default().finish(), "{}");
        let mut object = ObjectWriter::default();
        object.text("a", "\"");
        object.texts("b", &["x".to_owned(), String::new()]);
        object.bool_or_null("c", None);
        object.bool_or_null("d", Some(false));
        assert_eq!(object.finish(), r#"{"a":"\"","b":["x",""],"c":null,"d":false}"#);
    }

    proptest! {
        #[test]
        fn serde_json_reads_back_every_string(text: String) {
            let read: String = serde_json::from_str(&Json::text(&text).write()).unwrap();
            prop_assert_eq!(read, text);
        }
    }
}
