//! Reads any JavaScript value: getters may throw, proxies may lie, objects may contain themselves,
//! strings may be huge or not valid Unicode.

use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::prelude::*;

use crate::wire::value::{Unsupported, Value};

/// The greatest depth that is read. The deepest value of this API is a body with a list of objects that
/// contain an object of texts.
const DEPTH_MAX: u32 = 5;

/// The length of the longest string that is read. No argument of this API is longer.
const TEXT_MAX: u32 = 65_536;

/// The length of the longest list or object that is read. No argument of this API is longer.
const ITEMS_MAX: u32 = 10_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn object_keys(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn to_text(value: &JsValue) -> Result<JsString, JsValue>;

    /// A value that may have a `length` or a `message`.
    type Any;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn length(this: &Any) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn message(this: &Any) -> Result<JsValue, JsValue>;
}

/// Reads a value; `None` for `undefined`.
pub(super) fn read(value: &JsValue) -> Option<Value> {
    read_to(value, DEPTH_MAX)
}

/// Reads the argument of a call; an argument that is left out is an empty object.
pub(super) fn read_argument(value: &JsValue) -> Value {
    read(value).unwrap_or_else(|| Value::Object(Vec::new()))
}

fn read_to(value: &JsValue, depth: u32) -> Option<Value> {
    if value.is_undefined() {
        return None;
    }
    Some(if value.is_null() {
        Value::Null
    } else if let Some(boolean) = value.as_bool() {
        Value::Bool(boolean)
    } else if let Some(number) = value.as_f64() {
        Value::Number(number)
    } else if value.is_string() {
        text(value.unchecked_ref())
    } else if !value.is_object() {
        Value::Unsupported(Unsupported::Kind(value.js_typeof().as_string().unwrap_or_default()))
    } else if depth == 0 {
        Value::Unsupported(Unsupported::TooDeep)
    } else {
        composite(value, depth.saturating_sub(1))
            .unwrap_or_else(|thrown| Value::Unsupported(Unsupported::Threw(describe(&thrown))))
    })
}

fn text(text: &JsString) -> Value {
    const REPLACEMENT: char = '\u{fffd}';
    let units = text.length();
    if units > TEXT_MAX {
        return Value::Unsupported(Unsupported::TooLong(units));
    }
    let read = String::from(text);
    // Reading replaces a lone surrogate, so that the text is not equal to the original.
    let original: &JsValue = text.as_ref();
    if read.chars().any(|character| character == REPLACEMENT)
        && JsValue::from_str(&read) != *original
    {
        return Value::Unsupported(Unsupported::LoneSurrogate);
    }
    Value::Text(read)
}

fn composite(value: &JsValue, depth: u32) -> Result<Value, JsValue> {
    if is_array(value)? {
        let length = value.unchecked_ref::<Any>().length()?.as_f64().unwrap_or_default() as u32;
        if length > ITEMS_MAX {
            return Ok(Value::Unsupported(Unsupported::TooMany(length)));
        }
        let mut items = Vec::new();
        for index in 0..length {
            let item = Reflect::get_u32(value, index)?;
            items.push(
                read_to(&item, depth).unwrap_or_else(|| {
                    Value::Unsupported(Unsupported::Kind("undefined".to_owned()))
                }),
            );
        }
        return Ok(Value::List(items));
    }
    if value.is_function() {
        return Ok(Value::Unsupported(Unsupported::Kind("function".to_owned())));
    }
    let keys = object_keys(value)?;
    if keys.length() > ITEMS_MAX {
        return Ok(Value::Unsupported(Unsupported::TooMany(keys.length())));
    }
    let mut fields = Vec::with_capacity(keys.length() as usize);
    for key in keys.iter() {
        if let Some(field) = read_to(&Reflect::get(value, &key)?, depth) {
            fields.push((key.as_string().unwrap_or_default(), field));
        }
    }
    Ok(Value::Object(fields))
}

/// The message of what was thrown.
fn describe(thrown: &JsValue) -> String {
    let message = thrown.is_object().then(|| thrown.unchecked_ref::<Any>().message());
    let text = message.and_then(|message| message.ok()?.as_string());
    text.or_else(|| to_text(thrown).ok().map(String::from)).unwrap_or_default()
}
