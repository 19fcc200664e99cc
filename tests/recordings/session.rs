//! A recorded session.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// A recorded session: a file of rows.
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) rows: Vec<Row>,
}

/// A recorded exchange.
pub(crate) struct Row {
    pub(crate) number: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// The JSON body of the request. Some sessions were recorded without bodies.
    pub(crate) request: Value,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// The JSON body of the response; null if it is empty.
    pub(crate) response: Value,
}

impl Session {
    /// Reads every session in a folder, in the order of their names.
    pub(crate) fn read_all(folder: &Path) -> Vec<Self> {
        let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut paths: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let rows = lines.enumerate().map(|(index, line)| Row::read(index + 1, line)).collect();
        Self { name: path.file_stem().unwrap().to_string_lossy().into_owned(), rows }
    }

    /// The distinct values of a field anywhere in the responses, in the order of their occurrence.
    pub(crate) fn values_of(&self, field: &str) -> Vec<String> {
        let mut values = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_flexible_ip()) {
            collect(&row.response, field, &mut values);
        }
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(value.clone()));
        values
    }
}

impl Row {
    fn read(number: usize, line: &str) -> Self {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        Self {
            number,
            method: text("method"),
            path: text("path"),
            query: text("query"),
            request: row["request"].clone(),
            status: row["status"].as_u64().unwrap() as u16,
            content_type: text("content_type"),
            response: serde_json::from_str(&text("response")).unwrap_or(Value::Null),
        }
    }

    /// Whether the request is of the Flexible IP API, and not of the servers' API.
    pub(crate) fn is_flexible_ip(&self) -> bool {
        self.path.starts_with("/flexible-ip/")
    }

    /// Whether the request created a flexible IP.
    pub(crate) fn is_create(&self) -> bool {
        let collection = self.is_flexible_ip() && self.segments().len() == 2;
        collection && self.method == "POST" && self.status == 200
    }

    /// Whether the request ordered, read or deleted an Elastic Metal server.
    pub(crate) fn is_server(&self) -> bool {
        let is_known = matches!(
            (self.method.as_str(), self.segments().as_slice()),
            ("POST", [_, "servers"]) | ("GET" | "DELETE", [_, "servers", _])
        );
        is_known && self.path.starts_with("/baremetal/")
    }

    /// The segments of the path after `/zones/`.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path
            .split_once("/zones/")
            .map(|(_, rest)| rest.split('/').collect())
            .unwrap_or_default()
    }

    /// The flexible IP that the path names.
    pub(crate) fn path_ip(&self) -> Option<&str> {
        let named = self.segments().get(2).copied();
        named.filter(|id| self.is_flexible_ip() && !matches!(*id, "attach" | "detach"))
    }

    /// Every flexible IP in the response.
    pub(crate) fn ips(&self) -> Vec<&Value> {
        if self.response["ip_address"].is_string() {
            return vec![&self.response];
        }
        self.response["flexible_ips"].as_array().map(|ips| ips.iter().collect()).unwrap_or_default()
    }
}

fn collect(value: &Value, field: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(field).and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, field, found)),
        _ => {}
    }
}
