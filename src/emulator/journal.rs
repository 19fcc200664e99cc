//! Who asked what, and what came of it. Without secrets.

use std::collections::VecDeque;

use serde::Serialize;

use super::exchange::{Ending, Reply, Request};
use crate::model::time::Timestamp;
use crate::wire::route::Operation;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(rename = "JournalEntry"))]
pub struct Entry {
    /// The number of the request, from 1.
    pub number: u64,
    /// When it came, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, if it is text.
    pub body: String,
    /// The operation, by its name in JavaScript. There is none for what the API does not have.
    pub operation: Option<&'static str>,
    /// The `X-Request-Id` of the reply.
    pub request_id: String,
    /// The status of the reply; none if the connection broke before it.
    pub status: Option<u16>,
    /// Nothing answers to this method and path.
    pub unmatched: bool,
    /// The fault that struck it.
    pub fault: Option<&'static str>,
    /// The rule that this fault is of: its number in the order in which they were added, from 1.
    pub rule: Option<usize>,
    /// How long a fault holds its answer back, and draws it out, in milliseconds.
    pub duration_ms: u64,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: VecDeque<Entry>,
    limit: usize,
}

const REMOVED: &str = "[removed]";
const SECRET_HEADERS: [&str; 5] =
    ["x-auth-token", "x-session-token", "authorization", "proxy-authorization", "cookie"];

impl Journal {
    pub(super) const fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Closes an entry, and forgets the oldest if there are too many.
    pub(super) fn close(&mut self, mut entry: Entry, reply: &Reply) {
        let answered = !matches!(reply.ending, Ending::Dropped | Ending::Reset);
        entry.status = answered.then_some(reply.status);
        let drip = reply.drip.map_or(0, |drip| drip.over_ms);
        entry.duration_ms = reply.delay_ms.saturating_add(drip);
        self.entries.push_back(entry);
        while self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }
}

impl Entry {
    /// Opens an entry. Wherever one of the secrets stands in the request, it is removed.
    pub(super) fn open(
        request: &Request,
        number: u64,
        request_id: String,
        now: Timestamp,
        secrets: &[&str],
    ) -> Self {
        let is_secret =
            |name: &str| SECRET_HEADERS.iter().any(|key| key.eq_ignore_ascii_case(name));
        let carried = request.headers.iter().filter(|(name, _)| is_secret(name));
        let mut secrets: Vec<&str> =
            carried.map(|(_, value)| value.as_str()).chain(secrets.iter().copied()).collect();
        // What is as short as this is no secret, and would be found everywhere.
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

    /// Notes what the request turned out to be.
    pub(super) fn name(&mut self, operation: Operation) {
        self.operation = Some(operation.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_removed_wherever_it_stands() {
        let request = Request {
            method: "GET".to_owned(),
            target: "/fips?token=s3cret-key".to_owned(),
            headers: vec![
                ("x-Auth-Token".to_owned(), "an0ther-key".to_owned()),
                ("X-Note".to_owned(), "see s3cret-key".to_owned()),
            ],
            body: b"{\"description\":\"an0ther-key\"}".to_vec(),
        };
        let entry = Entry::open(&request, 1, String::new(), Timestamp::default(), &["s3cret-key"]);
        let text = serde_json::to_string(&entry).unwrap();
        assert!(!text.contains("s3cret-key") && !text.contains("an0ther-key"), "{text}");
        assert_eq!(entry.headers[0].1, REMOVED);
    }

    #[test]
    fn the_oldest_entries_are_forgotten() {
        let mut journal = Journal::new(2);
        for number in 1..=3 {
            let request = Request::default();
            let entry = Entry::open(&request, number, String::new(), Timestamp::default(), &[]);
            journal.close(entry, &Reply::bare(200));
        }
        let numbers: Vec<u64> = journal.entries().map(|entry| entry.number).collect();
        assert_eq!(numbers, [2, 3]);
    }
}
