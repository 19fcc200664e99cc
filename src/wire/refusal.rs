//! Reads the bodies of refusals, whatever fields they have.

use super::value::Value;
use crate::model::gather::Gather;
use crate::model::to_text::{ToText, join, text, write_text};

/// The body of a refusal. A field that is missing or of another type is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusalBody {
    /// The API's `type`, such as `not_found`.
    pub type_word: Option<String>,
    /// The sentence for people.
    pub message: Option<String>,
    /// The subject in a few words: first resource, id and state, then one entry for each detail.
    pub about: Vec<String>,
    /// The API's advice.
    pub help: Option<String>,
    /// The kind of resource: of the body, or of its first detail.
    pub resource: Option<String>,
    /// The id of the resource.
    pub resource_id: Option<String>,
}

impl RefusalBody {
    /// Reads a parsed JSON body.
    pub fn read(body: &Value) -> Self {
        let owned = |name: &str| body.text(name).map(str::to_owned);
        let words =
            ["resource", "resource_id", "current_state", "precondition", "method", "reason"];
        let mut about = Vec::new();
        let subject: Vec<&str> = words.iter().filter_map(|word| body.text(word)).gather();
        if !subject.is_empty() {
            about.push(join(&subject, " "));
        }
        let details = body.field("details").map(Value::items).unwrap_or_default();
        for detail in details {
            if let Some(description) = describe_detail(detail) {
                about.push(description);
            }
        }
        let first = details.first();
        let resource = owned("resource").or_else(|| first?.text("resource").map(str::to_owned));
        Self {
            resource,
            resource_id: owned("resource_id"),
            type_word: owned("type"),
            message: owned("message"),
            about,
            help: owned("help_message"),
        }
    }

    /// Whether the body has no text for people.
    pub fn is_empty(&self) -> bool {
        self.message.is_none() && self.about.is_empty() && self.help.is_none()
    }
}

/// Describes one of `details`: an argument, an action that is not permitted, or a quota.
fn describe_detail(detail: &Value) -> Option<String> {
    if let Some(argument) = detail.text("argument_name") {
        let reason = detail.text("reason").unwrap_or_default();
        let help = detail.text("help_message").unwrap_or_default();
        return Some(text!(argument, " (", reason, "): ", help));
    }
    let resource = detail.text("resource")?;
    if let Some(action) = detail.text("action") {
        return Some(text!(action, " ", resource));
    }
    let count = |name| match detail.field(name) {
        Some(Value::Number(number)) => Some((*number as u64).to_text()),
        _ => None,
    };
    Some(match (count("current"), count("quota")) {
        (Some(current), Some(quota)) => text!(resource, " ", current, " of ", quota),
        _ => resource.to_owned(),
    })
}

/// The message, the subject and the advice, as far as they are there.
impl ToText for RefusalBody {
    fn write_to(&self, out: &mut String) {
        let about = (!self.about.is_empty()).then(|| join(&self.about, "; "));
        let mut separator = "";
        for part in [&self.message, &about, &self.help].into_iter().flatten() {
            write_text!(out, separator, part);
            separator = ": ";
        }
    }
}
