//! The journal: the requests that the emulator received and how they ended, without secrets.

use std::collections::VecDeque;

use serde::Serialize;

use crate::emulator::http::exchange::{Completion, Request, Response};
use crate::model::time::Timestamp;
use crate::wire::route::Operation;

/// One request in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct JournalEntry {
    /// The number of the request, from 1.
    pub number: u64,
    /// When it was received, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body as text. Bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The operation, by its name in JavaScript; none for a path or method that the API does not have.
    pub operation: Option<&'static str>,
    /// The `X-Request-Id` of the response.
    pub request_id: String,
    /// The status of the response; none if the connection ended before it.
    pub status: Option<u16>,
    /// Whether the emulator does not have this method and path.
    pub unmatched: bool,
    /// The fault that was injected.
    pub fault: Option<&'static str>,
    /// The id of the fault's rule: its number in the order in which the rules were added, from 1.
    pub rule: Option<u32>,
    /// How long a fault delays the response and its body together, in milliseconds.
    pub duration_ms: u64,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Journal {
    entries: VecDeque<JournalEntry>,
    limit: usize,
}

const REMOVED: &str = "[removed]";
const SECRET_HEADERS: [&str; 5] =
    ["x-auth-token", "x-session-token", "authorization", "proxy-authorization", "cookie"];

impl Journal {
    pub(in crate::emulator) const fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit }
    }

    pub(in crate::emulator) fn entries(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter()
    }

    pub(in crate::emulator) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Closes an entry with its response. Removes the oldest entry if there are too many.
    pub(in crate::emulator) fn close(&mut self, mut entry: JournalEntry, response: &Response) {
        let has_response = !matches!(response.completion, Completion::Dropped | Completion::Reset);
        entry.status = has_response.then_some(response.status);
        let drip = response.drip.map_or(0, |drip| drip.over_ms);
        entry.duration_ms = response.delay_ms.saturating_add(drip);
        self.entries.push_back(entry);
        while self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }
}

impl JournalEntry {
    /// Opens an entry for a request. Every occurrence of one of `secrets`, or of the value of a secret
    /// header, is replaced by `[removed]`.
    pub(in crate::emulator) fn open(
        request: &Request,
        number: u64,
        request_id: String,
        now: Timestamp,
        secrets: &[&str],
    ) -> Self {
        let is_secret =
            |name: &str| SECRET_HEADERS.iter().any(|key| key.eq_ignore_ascii_case(name));
        let from_headers = request.headers.iter().filter(|(name, _)| is_secret(name));
        let mut secrets: Vec<&str> =
            from_headers.map(|(_, value)| value.as_str()).chain(secrets.iter().copied()).collect();
        // A shorter text is not a secret, and would occur everywhere.
        secrets.retain(|secret| secret.len() >= 4);
        let clean = |text: &str| {
            secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REMOVED))
        };
        let header = |(name, value): &(String, String)| {
            let value = if is_secret(name) { REMOVED.to_owned() } else { clean(value) };
            (name.clone(), value)
        };
        Self {
            number,
            at: now.millis(),
            method: request.method.clone(),
            target: clean(&request.target),
            headers: request.headers.iter().map(header).collect(),
            body: clean(&String::from_utf8_lossy(&request.body)),
            operation: None,
            request_id,
            status: None,
            unmatched: false,
            fault: None,
            rule: None,
            duration_ms: 0,
        }
    }

    /// Sets the operation that the request is for.
    pub(in crate::emulator) fn set_operation(&mut self, operation: Operation) {
        self.operation = Some(operation.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_removed_from_target_headers_and_body() {
        let request = Request {
            method: "GET".to_owned(),
            target: "/fips?token=s3cret-key".to_owned(),
            headers: vec![
                ("x-Auth-Token".to_owned(), "an0ther-key".to_owned()),
                ("X-Note".to_owned(), "see s3cret-key".to_owned()),
            ],
            body: b"{\"description\":\"an0ther-key\"}".to_vec(),
        };
        let entry =
            JournalEntry::open(&request, 1, String::new(), Timestamp::default(), &["s3cret-key"]);
        let text = serde_json::to_string(&entry).unwrap();
        assert!(!text.contains("s3cret-key") && !text.contains("an0ther-key"), "{text}");
        assert_eq!(entry.headers[0].1, REMOVED);
    }

    #[test]
    fn the_oldest_entries_are_removed() {
        let mut journal = Journal::new(2);
        for number in 1..=3 {
            let request = Request::default();
            let entry =
                JournalEntry::open(&request, number, String::new(), Timestamp::default(), &[]);
            journal.close(entry, &Response::bare(200));
        }
        let numbers: Vec<u64> = journal.entries().map(|entry| entry.number).collect();
        assert_eq!(numbers, [2, 3]);
    }
}
