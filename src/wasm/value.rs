//! Reads any JavaScript value: getters may throw, proxies may lie, objects may contain themselves,
//! strings may be huge or not valid Unicode.
//!
//! An object is read if it is no promise and `Object.prototype.toString` calls it an `Object`: a plain
//! object, an instance of a class, or a proxy of one. A `Promise`, `Map` or `Date` has no fields to read,
//! so it would be an empty request: it is unsupported, by its name.

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

    #[wasm_bindgen(catch, js_namespace = Object, js_name = getOwnPropertyNames)]
    fn own_names(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype_of(object: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = fromEntries)]
    fn from_entries(entries: &JsValue) -> Result<JsValue, JsValue>;

    /// Whether a value inherits from `Object.prototype`.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype"], js_name = isPrototypeOf)]
    fn is_object_like(value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "__lookupGetter__"], js_name = call)]
    fn getter_of(object: &JsValue, name: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn described(object: &JsValue) -> Result<String, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn to_text(value: &JsValue) -> Result<JsString, JsValue>;

    /// A value that may have any of these members.
    type Any;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn length(this: &Any) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn message(this: &Any) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn then(this: &Any) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn entries(this: &Any) -> Result<JsValue, JsValue>;
}

/// The name of an object, as `Object.prototype.toString` gives it, that has fields.
const OBJECT: &str = "Object";

/// The greatest number of prototypes that are read.
const PROTOTYPES_MAX: u32 = 64;

/// The field that may be a `Headers`.
const HEADERS: &str = "headers";

/// The name of a `Headers`.
const HEADERS_NAME: &str = "Headers";

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
    let name = name_of(value)?;
    if name != OBJECT {
        return Ok(Value::Unsupported(Unsupported::Kind(name)));
    }
    fields(value, depth)
}

/// The name of an object. Whatever can be awaited is a `Promise`.
fn name_of(value: &JsValue) -> Result<String, JsValue> {
    if value.unchecked_ref::<Any>().then()?.is_function() {
        return Ok("Promise".to_owned());
    }
    let described = described(value)?;
    let name = described.strip_prefix("[object ").and_then(|rest| rest.strip_suffix(']'));
    // An object must not pass for a `function` by its name.
    let name = name.filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
    Ok(name.unwrap_or("object").to_owned())
}

/// Reads the fields of an object, its prototypes' included. A method of a class is not a field.
fn fields(value: &JsValue, depth: u32) -> Result<Value, JsValue> {
    let is_object_like = is_object_like(value)?;
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut level = value.clone();
    for generation in 0..PROTOTYPES_MAX {
        let names = field_names(&level)?;
        if names.length() > ITEMS_MAX {
            return Ok(Value::Unsupported(Unsupported::TooMany(names.length())));
        }
        for name in names.iter() {
            let text = name.as_string().unwrap_or_default();
            // The prototype of all objects of another realm has a getter named `__proto__`.
            let is_field = generation == 0 || text != "__proto__";
            if is_field && !fields.iter().any(|(known, _)| *known == text) {
                let field = Reflect::get(value, &name)?;
                let is_headers = text == HEADERS && is_headers(&field);
                let field = if is_headers { from_entries(&field)? } else { field };
                fields.extend(read_to(&field, depth).map(|field| (text, field)));
            }
        }
        level = prototype_of(&level)?;
        if level.is_null() || (is_object_like && !self::is_object_like(&level)?) {
            return Ok(Value::Object(fields));
        }
    }
    Ok(Value::Unsupported(Unsupported::TooDeep))
}

/// The names of the fields that an object has itself: those that are enumerable, and those with a
/// getter, which may be there twice.
fn field_names(object: &JsValue) -> Result<Array, JsValue> {
    let fields = object_keys(object)?;
    let names = own_names(object)?;
    if names.length() != fields.length() && names.length() <= ITEMS_MAX {
        for name in names.iter() {
            if getter_of(object, &name)?.is_function() {
                fields.push(&name);
            }
        }
    }
    Ok(fields)
}

/// Whether a value is a `Headers`: the platform's, or one of a package. A `Map` is none.
fn is_headers(value: &JsValue) -> bool {
    value.is_object()
        && value.unchecked_ref::<Any>().entries().is_ok_and(|entries| entries.is_function())
        && name_of(value).is_ok_and(|name| name == HEADERS_NAME || name == OBJECT)
}

/// The message of what was thrown.
fn describe(thrown: &JsValue) -> String {
    let message = thrown.is_object().then(|| thrown.unchecked_ref::<Any>().message());
    let text = message.and_then(|message| message.ok()?.as_string());
    text.or_else(|| to_text(thrown).ok().map(String::from)).unwrap_or_default()
}
