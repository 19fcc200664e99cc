//! The building blocks of the description: references and JSON Schemas.

use serde_json::{Value, json};

/// A reference to a component, such as `schemas` `FlexibleIP`.
pub(super) fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// A reference to a schema.
pub(super) fn schema(name: &str) -> Value {
    component("schemas", name)
}

/// An object with all of these fields and no others.
pub(super) fn closed_object(fields: Value) -> Value {
    let names: Vec<&String> = fields.as_object().into_iter().flat_map(|map| map.keys()).collect();
    json!({ "type": "object", "required": names, "properties": fields, "additionalProperties": false })
}

/// One of these words.
pub(super) fn one_of(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}
