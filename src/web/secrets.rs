//! Takes the secrets of the client out of texts of others: messages of `fetch`, and bodies of refusals.

/// What stands for a secret.
const HIDDEN: &str = "[secret]";

/// The length from which the value of a custom header counts as a secret.
const HEADER_MIN: usize = 8;

/// The secrets of a client: its credentials, and the values of its headers.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn new<'a>(
        credentials: impl Iterator<Item = &'a str>,
        headers: &[(String, String)],
    ) -> Self {
        let mut secrets = Self(credentials.map(str::to_owned).collect());
        secrets.add(headers);
        secrets
    }

    /// These, and those in the headers of a call.
    pub(super) fn with(&self, headers: &[(String, String)]) -> Self {
        let mut secrets = Self(self.0.clone());
        secrets.add(headers);
        secrets
    }

    fn add(&mut self, headers: &[(String, String)]) {
        let values = headers.iter().map(|(_, value)| value.clone());
        self.0.extend(values.filter(|value| value.len() >= HEADER_MIN));
    }

    /// The text without the secrets, as they are and as JSON writes them.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for secret in self.0.iter().filter(|secret| !secret.is_empty()) {
            clean = clean.replace(secret, HIDDEN);
            let written = serde_json::to_string(secret).unwrap_or_default();
            let escaped = written.trim_matches('"');
            if escaped != secret && !escaped.is_empty() {
                clean = clean.replace(escaped, HIDDEN);
            }
        }
        clean
    }
}
