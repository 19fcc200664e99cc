//! Untrusted values: parsed JSON bodies, and values from JavaScript.

/// An untrusted value, down to the depth that the API uses.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, which may be infinite or NaN.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object with its own fields in their order, without those that are `undefined`.
    Object(Vec<(String, Self)>),
    /// A value that JSON cannot hold, or one that could not be read.
    Unsupported(Unsupported),
}

/// Why a value is unsupported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// A value of another type, such as a function or a `bigint`: the result of `typeof`.
    Kind(String),
    /// A string longer than any argument of the API: its length in UTF-16 units.
    TooLong(u32),
    /// A list or an object with more items than any argument of the API: their number.
    TooMany(u32),
    /// A string with a lone surrogate, which UTF-8 cannot hold.
    LoneSurrogate,
    /// Reading the value threw this, as text.
    Threw(String),
    /// A value nested deeper than any argument of the API.
    TooDeep,
}

impl Value {
    /// The field of this name, if the value is an object that has it.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => {
                fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Takes the field of this name out of an object, and leaves `null`.
    pub fn take(&mut self, name: &str) -> Option<Self> {
        match self {
            Self::Object(fields) => {
                let field = fields.iter_mut().find(|(key, _)| key == name);
                field.map(|(_, value)| std::mem::replace(value, Self::Null))
            }
            _ => None,
        }
    }

    /// The string, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if the value is a list; else none.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The field of this name, if it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.field(name).and_then(Self::as_text)
    }

    /// The type of the value, in JavaScript's words.
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

/// For the emulator, for the client in Rust and for tests. The bodies of the module `client` are parsed by `JSON.parse`.
#[cfg(any(test, feature = "emulator", feature = "web"))]
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
