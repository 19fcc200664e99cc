//! An argument that can be absent, null, or a value.

use crate::wire::json::ObjectWriter;

/// An argument that can be absent, null, or a value. The API treats all three differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field<T> {
    /// The argument is absent: nothing is sent.
    Absent,
    /// The argument is `null`, and is sent as `null`.
    Null,
    /// The argument has this value, which may be empty.
    Value(T),
}

impl Field<String> {
    /// Adds the field to a body, unless it is absent.
    pub fn put(self, key: &str, body: &mut ObjectWriter) {
        match self {
            Self::Absent => {}
            Self::Null => body.bool_or_null(key, None),
            Self::Value(text) => body.text(key, &text),
        }
    }
}

impl Field<Vec<String>> {
    /// Adds the field to a body, unless it is absent.
    pub fn put(self, key: &str, body: &mut ObjectWriter) {
        match self {
            Self::Absent => {}
            Self::Null => body.bool_or_null(key, None),
            Self::Value(texts) => body.texts(key, &texts),
        }
    }
}
