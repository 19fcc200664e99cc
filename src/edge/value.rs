//! Reads the text of a JavaScript value, as `js/transport/value-text.ts` writes it.
//!
//! It is JSON with two additions, because JSON does not hold every value. `#` stands before the 16 hexadecimal
//! digits of a number that is not whole, and `!` before a letter that says why a value is unsupported.

use crate::wire::value::{Unsupported, Value};

/// Reads a value. Anything that the facade does not write is read as `null`.
pub(super) fn read_value(text: &str) -> Value {
    Text(text).value()
}

/// Reads the argument of a call. One that is left out is an empty object.
pub(crate) fn read_argument(text: &str) -> Value {
    if text.is_empty() { Value::Object(Vec::new()) } else { read_value(text) }
}

/// The rest of the text.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn value(&mut self) -> Value {
        match self.take(1) {
            "\"" => Value::Text(self.string()),
            "{" => self.object(),
            "[" => self.list(),
            "t" => {
                self.take(3);
                Value::Bool(true)
            }
            "f" => {
                self.take(4);
                Value::Bool(false)
            }
            "n" => {
                self.take(3);
                Value::Null
            }
            "#" => {
                let bits = u64::from_str_radix(self.take(16), 16).unwrap_or_default();
                Value::Number(f64::from_bits(bits))
            }
            "!" => Value::Unsupported(self.unsupported()),
            "-" => Value::Number(-self.whole(0)),
            digit => Value::Number(self.whole(digit_of(digit))),
        }
    }

    fn object(&mut self) -> Value {
        let mut fields = Vec::new();
        while self.take(1) == "\"" {
            let name = self.string();
            self.take(1);
            fields.push((name, self.value()));
            if self.take(1) != "," {
                break;
            }
        }
        Value::Object(fields)
    }

    fn list(&mut self) -> Value {
        let mut items = Vec::new();
        if let Some(rest) = self.0.strip_prefix(']') {
            self.0 = rest;
            return Value::List(items);
        }
        loop {
            items.push(self.value());
            if self.take(1) != "," {
                return Value::List(items);
            }
        }
    }

    /// Reads a string behind its first quotation mark.
    fn string(&mut self) -> String {
        let mut read = String::new();
        loop {
            let is_special = |byte| byte == b'"' || byte == b'\\';
            let plain = self.0.bytes().position(is_special).unwrap_or(self.0.len());
            read.push_str(self.take(plain));
            if self.take(1) != "\\" {
                return read;
            }
            match self.take(1) {
                "u" => {
                    let code = u32::from_str_radix(self.take(4), 16).ok();
                    read.extend(code.and_then(char::from_u32));
                }
                "n" => read.push('\n'),
                "t" => read.push('\t'),
                "r" => read.push('\r'),
                "b" => read.push('\u{8}'),
                "f" => read.push('\u{c}'),
                other => read.push_str(other),
            }
        }
    }

    fn unsupported(&mut self) -> Unsupported {
        match self.take(1) {
            "k" => {
                self.take(1);
                Unsupported::Kind(self.string())
            }
            "t" => {
                self.take(1);
                Unsupported::Threw(self.string())
            }
            "l" => Unsupported::TooLong(self.whole(0) as u32),
            "m" => Unsupported::TooMany(self.whole(0) as u32),
            "s" => Unsupported::LoneSurrogate,
            _ => Unsupported::TooDeep,
        }
    }

    /// Reads the further digits of a whole number. The facade writes at most 2^53 in this form.
    fn whole(&mut self, mut number: u64) -> f64 {
        while let Some(digit) = self.0.bytes().next().filter(u8::is_ascii_digit) {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit & 15));
            self.take(1);
        }
        number as f64
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.0.split_at_checked(length).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }
}

fn digit_of(text: &str) -> u64 {
    text.bytes().next().map_or(0, |digit| u64::from(digit & 15))
}
