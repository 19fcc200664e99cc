//! Writing JSON. Reading is left to the platform's own parser (see `value`).

/// A JSON value to be written. The API's numbers are counts, so they are whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A count.
    Integer(u64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object, its keys in this order.
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

    /// The JSON text.
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

fn write_separated<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    write: impl Fn(&mut String, &T),
) {
    out.push(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(close);
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
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
    out.push('"');
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

    proptest! {
        #[test]
        fn a_real_parser_reads_back_every_text(text: String) {
            let read: String = serde_json::from_str(&Json::text(&text).write()).unwrap();
            prop_assert_eq!(read, text);
        }
    }
}
