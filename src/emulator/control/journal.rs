//! The journal: the requests that the emulator received and how they ended, without secrets.

use std::collections::VecDeque;

use serde::Serialize;

use crate::emulator::control::redaction::{OwnSecrets, Redaction};
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
    /// The body as text. Bytes that are not UTF-8 are replaced. Of a body over 64 KiB it has the length only.
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
    /// The bytes of all entries, and the most that they may be.
    bytes: usize,
    bytes_limit: usize,
}

/// The longest body that an entry keeps, in bytes.
const BODY_MAX: usize = 1 << 16;

/// What an entry takes besides its texts, about.
const ENTRY_BYTES: usize = 256;
const HEADER_BYTES: usize = 64;

impl Journal {
    /// An empty journal for this many entries, and this many bytes.
    pub(in crate::emulator) const fn new(limit: usize, bytes_limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit, bytes: 0, bytes_limit }
    }

    pub(in crate::emulator) fn entries(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter()
    }

    pub(in crate::emulator) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// Closes an entry with its request, without the secrets. Removes the oldest entries if there are too many, or
    /// too many bytes.
    pub(in crate::emulator) fn close(
        &mut self,
        mut entry: JournalEntry,
        request: Request,
        own: &OwnSecrets,
    ) {
        entry.take(request, own);
        self.bytes = self.bytes.saturating_add(entry.bytes());
        self.entries.push_back(entry);
        while self.entries.len() > self.limit || self.bytes > self.bytes_limit {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
        }
    }
}

impl JournalEntry {
    /// Opens an entry. The texts of its request come when it is closed.
    pub(in crate::emulator) const fn open(number: u64, request_id: String, now: Timestamp) -> Self {
        Self {
            number,
            at: now.millis(),
            method: String::new(),
            target: String::new(),
            headers: Vec::new(),
            body: String::new(),
            operation: None,
            request_id,
            status: None,
            unmatched: false,
            fault: None,
            rule: None,
            duration_ms: 0,
        }
    }

    /// Notes how the request ended.
    pub(in crate::emulator) fn respond(&mut self, response: &Response) {
        let has_response = !matches!(response.completion, Completion::Dropped | Completion::Reset);
        self.status = has_response.then_some(response.status);
        let drip = response.drip.map_or(0, |drip| drip.over_ms);
        self.duration_ms = response.delay_ms.saturating_add(drip);
    }

    /// Takes the texts of a request, without its secrets and without a body that is too long.
    fn take(&mut self, request: Request, own: &OwnSecrets) {
        let redaction = Redaction::of(&request, own);
        let Request { method, target, headers, body } = request;
        let length = body.len();
        self.body =
            if length > BODY_MAX {
                format!("[{length} bytes: a body over {BODY_MAX} bytes is not kept]")
            } else {
                let text = String::from_utf8(body);
                redaction.cleaned(text.unwrap_or_else(|invalid| {
                    String::from_utf8_lossy(invalid.as_bytes()).into_owned()
                }))
            };
        self.method = redaction.cleaned(method);
        self.target = redaction.cleaned(target);
        self.headers = headers;
        for (name, value) in &mut self.headers {
            *value = redaction.cleaned_header(name, std::mem::take(value));
            *name = redaction.cleaned(std::mem::take(name));
        }
    }

    /// Sets the operation that the request is for.
    pub(in crate::emulator) fn set_operation(&mut self, operation: Operation) {
        self.operation = Some(operation.name());
    }

    /// How many bytes the entry takes, about.
    fn bytes(&self) -> usize {
        let texts = [&self.method, &self.target, &self.body, &self.request_id];
        let texts = texts.into_iter().map(String::len).fold(ENTRY_BYTES, usize::saturating_add);
        let headers = self.headers.iter().map(|(name, value)| {
            name.len().saturating_add(value.len()).saturating_add(HEADER_BYTES)
        });
        headers.fold(texts, usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::control::redaction::REMOVED;

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
        let mut entry = JournalEntry::open(1, String::new(), Timestamp::default());
        entry.take(request, &OwnSecrets::new(["s3cret-key"]));
        let text = serde_json::to_string(&entry).unwrap();
        assert!(!text.contains("s3cret-key") && !text.contains("an0ther-key"), "{text}");
        assert_eq!(entry.headers[0].1, REMOVED);
    }

    /// The numbers of the entries of a journal after some requests.
    fn numbers_after(mut journal: Journal, requests: &[Request]) -> Vec<u64> {
        for (number, request) in (1..).zip(requests) {
            let entry = JournalEntry::open(number, String::new(), Timestamp::default());
            journal.close(entry, request.clone(), &OwnSecrets::new([]));
        }
        assert_eq!(journal.bytes, journal.entries().map(JournalEntry::bytes).sum::<usize>());
        journal.entries().map(|entry| entry.number).collect()
    }

    #[test]
    fn the_oldest_entries_are_removed() {
        assert_eq!(
            numbers_after(Journal::new(2, usize::MAX), &[(); 3].map(|()| Request::default())),
            [2, 3]
        );
    }

    #[test]
    fn entries_are_removed_when_their_bytes_are_too_many() {
        let with_body = |length: usize| Request { body: vec![b'x'; length], ..Request::default() };
        let requests = [10, 20_000, 30_000, 10, 1_000].map(with_body);
        assert_eq!(numbers_after(Journal::new(10, 32_000), &requests), [3, 4, 5]);
        let headers = vec![("n".to_owned(), "x".repeat(40_000))];
        let large = Request { headers, ..Request::default() };
        assert_eq!(
            numbers_after(Journal::new(10, 32_000), &[with_body(1), large.clone()]),
            [0_u64; 0]
        );
        assert_eq!(numbers_after(Journal::new(10, 32_000), &[large, with_body(1)]), [2]);
    }

    #[test]
    fn a_long_body_is_replaced_by_its_length() {
        let request = Request { body: vec![b'x'; 1 << 20], ..Request::default() };
        let mut entry = JournalEntry::open(1, String::new(), Timestamp::default());
        entry.take(request, &OwnSecrets::new([]));
        assert_eq!(entry.body, "[1048576 bytes: a body over 65536 bytes is not kept]");
    }
}
