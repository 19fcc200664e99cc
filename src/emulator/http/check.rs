//! The checks before an operation does its work: token, zone, id, body and arguments.

use crate::emulator::http::refusal::{BadArgument, Reason, Refusal};
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::Malformed;
use crate::model::id::{FlexibleIpId, Uuid};
use crate::model::limits::DESCRIPTION_MAX;
use crate::model::text::{is_description, is_reverse};
use crate::model::zone::Zone;
use crate::wire::path::decode;
use crate::wire::value::Value;

/// The secrets that authenticate a request.
pub(in crate::emulator) struct Credentials {
    pub(in crate::emulator) secret_key: String,
    pub(in crate::emulator) session_token: Option<String>,
}

impl Credentials {
    /// Checks that the headers contain a known token.
    pub(in crate::emulator) fn authenticate(
        &self,
        headers: &[(String, String)],
    ) -> Result<(), Refusal> {
        let header = |name: &str| {
            let mut named = headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
            named.next().map(|(_, value)| value.as_str())
        };
        let (key, token) = (header("x-auth-token"), header("x-session-token"));
        let is_known =
            |value: &str| value == self.secret_key || Some(value) == self.session_token.as_deref();
        if key.is_some_and(is_known) || token.is_some_and(is_known) {
            return Ok(());
        }
        // Recorded for an unknown key; without any token it is an assumption.
        let (method, reason) = match (key, token) {
            (Some(_), _) => ("api_key", "not_found"),
            (None, Some(_)) => ("jwt", "not_found"),
            (None, None) => ("unknown_method", "invalid_argument"),
        };
        Err(Refusal::DeniedAuthentication { method, reason })
    }
}

/// Reads the zone of a path.
pub(in crate::emulator) fn zone(segment: &str, settings: &Settings) -> Result<Zone, Refusal> {
    let text = decode(segment).unwrap_or_else(|| segment.into());
    let zone = Zone::parse(&text).filter(Zone::is_known);
    zone.ok_or_else(|| match settings.unknown_zone {
        Malformed::InvalidArguments => {
            Refusal::argument("zone", Reason::Unknown, "no flexible IPs are sold in this zone")
        }
        Malformed::NotFound => Refusal::NotFound { resource: "zone", id: text.into_owned() },
    })
}

/// Reads the flexible IP's id of a path.
pub(in crate::emulator) fn fip_id(
    segment: &str,
    settings: &Settings,
) -> Result<FlexibleIpId, Refusal> {
    let text = decode(segment).unwrap_or_else(|| segment.into());
    FlexibleIpId::parse(&text).ok_or_else(|| match settings.malformed_id {
        Malformed::InvalidArguments => Refusal::argument("fip_id", Reason::Format, NOT_A_UUID),
        Malformed::NotFound => Refusal::NotFound {
            resource: crate::emulator::http::refusal::FLEXIBLE_IPS,
            id: text.into_owned(),
        },
    })
}

/// Reads a JSON body, which must be an object. An empty body counts as an empty object.
pub(in crate::emulator) fn body(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Vec::new()));
    }
    let parsed = serde_json::from_slice::<serde_json::Value>(bytes).map(Value::from);
    match parsed {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => Err(Refusal::argument("body", Reason::Format, "value must be a JSON object")),
        Err(_) => Err(Refusal::argument("body", Reason::Format, "value must be valid JSON")),
    }
}

pub(in crate::emulator) const NOT_A_UUID: &str = "value must be a valid UUID";

/// Reads the arguments of a body, and collects every one that is wrong. `null` counts as absent; unknown
/// fields are ignored.
pub(in crate::emulator) struct Arguments<'body> {
    body: &'body Value,
    bad: Vec<BadArgument>,
}

impl<'body> Arguments<'body> {
    /// Begins to read a body.
    pub(in crate::emulator) const fn new(body: &'body Value) -> Self {
        Self { body, bad: Vec::new() }
    }

    /// Refuses one argument.
    pub(in crate::emulator) fn refuse(
        &mut self,
        name: &str,
        reason: Reason,
        help: impl Into<String>,
    ) {
        self.bad.push(BadArgument { name: name.to_owned(), reason, help: help.into() });
    }

    /// Refuses the request if any argument was refused.
    pub(in crate::emulator) fn finish(self) -> Result<(), Refusal> {
        if self.bad.is_empty() { Ok(()) } else { Err(Refusal::InvalidArguments(self.bad)) }
    }

    /// Refuses an argument that is absent.
    pub(in crate::emulator) fn require(&mut self, name: &str) {
        if self.field(name).is_none() {
            self.refuse(name, Reason::Required, "value is required");
        }
    }

    fn field(&self, name: &str) -> Option<&'body Value> {
        self.body.field(name).filter(|value| **value != Value::Null)
    }

    pub(in crate::emulator) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.field(name)?;
        if value.as_text().is_none() {
            self.refuse(name, Reason::Format, "value must be a string");
        }
        value.as_text().map(str::to_owned)
    }

    pub(in crate::emulator) fn required_text(&mut self, name: &str) -> Option<String> {
        self.require(name);
        self.text(name)
    }

    pub(in crate::emulator) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.field(name)? {
            Value::Bool(flag) => Some(*flag),
            _ => {
                self.refuse(name, Reason::Format, "value must be a boolean");
                None
            }
        }
    }

    pub(in crate::emulator) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.field(name)?;
        let texts: Option<Vec<String>> = match value {
            Value::List(items) => {
                items.iter().map(|item| item.as_text().map(str::to_owned)).collect()
            }
            _ => None,
        };
        if texts.is_none() {
            self.refuse(name, Reason::Format, "value must be a list of strings");
        }
        texts
    }

    pub(in crate::emulator) fn id<T: From<Uuid>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        let id = Uuid::parse(&text).map(T::from);
        if id.is_none() {
            self.refuse(name, Reason::Format, NOT_A_UUID);
        }
        id
    }

    /// A required id. If it is absent or malformed, the result is a placeholder, and `finish` refuses the
    /// request.
    pub(in crate::emulator) fn required_id<T: From<Uuid>>(&mut self, name: &str) -> T {
        self.require(name);
        self.id(name).unwrap_or_else(|| T::from(Uuid::from_bytes([0; 16])))
    }

    /// One id or several, sorted and without duplicates.
    pub(in crate::emulator) fn required_ids<T: From<Uuid> + Ord>(&mut self, name: &str) -> Vec<T> {
        self.require(name);
        let texts = self.texts(name);
        if texts.as_ref().is_some_and(Vec::is_empty) {
            self.refuse(name, Reason::Constraint, "value must contain at least 1 item(s)");
        }
        let texts = texts.unwrap_or_default();
        let mut ids = Vec::with_capacity(texts.len());
        for text in &texts {
            match Uuid::parse(text) {
                Some(id) => ids.push(T::from(id)),
                None => self.refuse(name, Reason::Format, NOT_A_UUID),
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub(in crate::emulator) fn description(&mut self) -> Option<String> {
        let description = self.text("description")?;
        if !is_description(&description) {
            let help = format!("value length must be at most {DESCRIPTION_MAX} runes");
            self.refuse("description", Reason::Constraint, help);
        }
        Some(description)
    }

    pub(in crate::emulator) fn reverse(&mut self, settings: &Settings) -> Option<String> {
        let reverse = self.text("reverse")?;
        let name = reverse.trim_end_matches('.');
        if !is_reverse(&reverse) {
            self.refuse("reverse", Reason::Format, "value must be a valid hostname");
        } else if settings.reverse_must_resolve && (name == "invalid" || name.ends_with(".invalid"))
        {
            let help = format!("Your reverse must resolve: no DNS knows '{name}'.");
            self.refuse("reverse", Reason::Constraint, help);
        }
        Some(reverse)
    }
}
