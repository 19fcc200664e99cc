//! Reading values that nobody has checked: JSON bodies, and what JavaScript hands over.

/// An untrusted value. Objects and lists are read to the depth that the API has.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Any number, also one that is not finite.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object, its own fields in their order. `undefined` fields are left out.
    Object(Vec<(String, Self)>),
    /// A value that no JSON holds, or one that could not be read.
    Unsupported(Unsupported),
}

/// Why a value is none of JSON's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// Of another kind (a function, a symbol, a big integer), named by JavaScript's `typeof`.
    Kind(String),
    /// A string too long to be any argument of this API: its length in UTF-16 units.
    TooLong(u32),
    /// A list or an object too long to be any argument of this API: how many items it has.
    TooMany(u32),
    /// A string with a lone surrogate, which no UTF-8 can hold.
    LoneSurrogate,
    /// Reading it threw: what was thrown, as text.
    Threw(String),
    /// Nested deeper than anything in this API.
    TooDeep,
}

impl Value {
    /// The field of this name, if this is an object that has it.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => {
                fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The string in the field of this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.field(name).and_then(Self::as_text)
    }

    /// What it is, in a word that a person who wrote it knows.
    pub fn kind(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_)
            | Self::Unsupported(Unsupported::TooLong(_) | Unsupported::LoneSurrogate) => "string",
            Self::List(_) | Self::Unsupported(Unsupported::TooMany(_)) => "array",
            Self::Object(_) | Self::Unsupported(Unsupported::TooDeep) => "object",
            Self::Unsupported(Unsupported::Kind(kind)) => kind,
            Self::Unsupported(Unsupported::Threw(_)) => "unreadable",
        }
    }
}

/// The platform's parser of the host; in WebAssembly it is `JSON.parse`.
#[cfg(any(test, feature = "emulator"))]
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value as Parsed;
        match value {
            Parsed::Null => Self::Null,
            Parsed::Bool(value) => Self::Bool(value),
            Parsed::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Parsed::String(text) => Self::Text(text),
            Parsed::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Parsed::Object(fields) => Self::Object(
                fields.into_iter().map(|(key, value)| (key, Self::from(value))).collect(),
            ),
        }
    }
}
