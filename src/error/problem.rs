//! A problem with one argument of a request.

use crate::model::parts::split;
use crate::model::to_text::{ToText, display_texts, write_text};

/// What is wrong with an argument. The words are those of the API's `invalid_arguments` responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The argument is missing.
    Required,
    /// The argument has the wrong type or the wrong syntax.
    Format,
    /// The value is well formed but not allowed.
    Constraint,
    /// The API has no such argument.
    Unknown,
}

impl Reason {
    /// The API's word for the reason.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Format => "format",
            Self::Constraint => "constraint",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether a problem stops the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The request is not sent.
    Error,
    /// The request is sent, but its effect may differ from what the caller expects.
    Warning,
}

impl Severity {
    /// The word that JavaScript sees.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One argument of a request, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The argument as the caller wrote it, with its index in a list: `fipsIds[1]`.
    pub field: String,
    /// What is wrong with it.
    pub reason: Reason,
    /// A sentence for people: what is allowed and what was found.
    pub help: String,
    /// Whether the problem stops the request.
    pub severity: Severity,
}

impl Problem {
    /// A problem that stops the request.
    pub fn error(field: impl Into<String>, reason: Reason, help: impl Into<String>) -> Self {
        Self { field: field.into(), reason, help: help.into(), severity: Severity::Error }
    }

    /// A problem that does not stop the request.
    pub fn warning(field: impl Into<String>, reason: Reason, help: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(field, reason, help) }
    }

    /// The argument as the API writes it, without an index: `fips_ids`. A header keeps its name.
    pub fn argument_name(&self) -> String {
        if self.field.starts_with("headers.") {
            return self.field.clone();
        }
        let name = split(&self.field, b'[').next().unwrap_or_default();
        let mut written = String::with_capacity(name.len());
        for character in name.chars() {
            if character.is_ascii_uppercase() {
                written.push('_');
            }
            written.push(character.to_ascii_lowercase());
        }
        written
    }
}

impl ToText for Problem {
    fn write_to(&self, out: &mut String) {
        write_text!(out, self.field, " (", self.reason.word(), "): ", self.help);
    }
}

display_texts!(Problem);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_argument_in_both_spellings() {
        let problem = Problem::error("duplicateFromFipId", Reason::Required, "value is required");
        assert_eq!(problem.argument_name(), "duplicate_from_fip_id");
        assert_eq!(problem.to_string(), "duplicateFromFipId (required): value is required");
        assert_eq!(Problem::error("fipsIds[2]", Reason::Format, "").argument_name(), "fips_ids");
        assert_eq!(Problem::error("isIpv6", Reason::Format, "").argument_name(), "is_ipv6");
    }

    #[test]
    fn a_header_has_its_own_name_in_both_spellings() {
        let problem = Problem::error("headers.X-Auth-Token", Reason::Constraint, "");
        assert_eq!(problem.argument_name(), "headers.X-Auth-Token");
    }
}
