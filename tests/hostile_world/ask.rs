//! A request, read from its method, target and body.

use serde_json::Value as Json;

use super::truth::ZONES;

/// The filter and the page of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) tags: Vec<String>,
    pub(crate) status: Vec<String>,
    pub(crate) servers: Vec<String>,
    pub(crate) project: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) is_descending: bool,
    pub(crate) page: usize,
    pub(crate) size: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    List(Filter),
    Create {
        project: String,
        server: Option<String>,
        is_ipv6: bool,
        json: Json,
    },
    Get {
        id: String,
    },
    Update {
        id: String,
        json: Json,
    },
    Delete {
        id: String,
    },
    Attach {
        ids: Vec<String>,
        server: String,
    },
    Detach {
        ids: Vec<String>,
    },
    Generate {
        id: String,
        kind: String,
    },
    DeleteMac {
        id: String,
    },
    Duplicate {
        id: String,
        from: String,
    },
    MoveMac {
        id: String,
        to: String,
    },
    /// A server, as the Elastic Metal API shows it.
    Server {
        id: String,
    },
    /// A request that the service does not understand; with the name of the argument.
    Malformed(&'static str),
}

#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) zone: usize,
    pub(crate) what: What,
}

impl Ask {
    pub(crate) fn read(method: &str, target: &str, body: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut parts = path.split('/').skip(1);
        let (product, _, _, zone) = (parts.next(), parts.next(), parts.next(), parts.next());
        let rest: Vec<&str> = parts.collect();
        let Some(zone) = zone.and_then(|name| ZONES.iter().position(|zone| *zone == name)) else {
            return Self { zone: 0, what: What::Malformed("zone") };
        };
        let json = serde_json::from_str(body).unwrap_or(Json::Null);
        let text = |name: &str| json[name].as_str().map(str::to_ascii_lowercase);
        let texts = |name: &str| -> Vec<String> {
            let items = json[name].as_array().map_or(&[][..], Vec::as_slice);
            items.iter().filter_map(|item| item.as_str().map(str::to_ascii_lowercase)).collect()
        };
        let lower = |id: &&str| id.to_ascii_lowercase();
        let what = match (product, method, rest.as_slice()) {
            (Some("baremetal"), "GET", ["servers", id]) => What::Server { id: lower(id) },
            (Some("flexible-ip"), "GET", ["fips"]) => What::List(Filter::read(query)),
            (_, "POST", ["fips"]) => match text("project_id") {
                Some(project) => What::Create {
                    project,
                    server: text("server_id"),
                    is_ipv6: json["is_ipv6"].as_bool().unwrap_or(false),
                    json,
                },
                None => What::Malformed("project_id"),
            },
            (_, "POST", ["fips", "attach"]) => match text("server_id") {
                Some(server) => What::Attach { ids: texts("fips_ids"), server },
                None => What::Malformed("server_id"),
            },
            (_, "POST", ["fips", "detach"]) => What::Detach { ids: texts("fips_ids") },
            (_, "GET", ["fips", id]) => What::Get { id: lower(id) },
            (_, "PATCH", ["fips", id]) => What::Update { id: lower(id), json },
            (_, "DELETE", ["fips", id]) => What::Delete { id: lower(id) },
            (_, "POST", ["fips", id, "mac"]) => match text("mac_type") {
                Some(kind) => What::Generate { id: lower(id), kind },
                None => What::Malformed("mac_type"),
            },
            (_, "DELETE", ["fips", id, "mac"]) => What::DeleteMac { id: lower(id) },
            (_, "POST", ["fips", id, "mac", "duplicate"]) => match text("duplicate_from_fip_id") {
                Some(from) => What::Duplicate { id: lower(id), from },
                None => What::Malformed("duplicate_from_fip_id"),
            },
            (_, "POST", ["fips", id, "mac", "move"]) => match text("dst_fip_id") {
                Some(to) => What::MoveMac { id: lower(id), to },
                None => What::Malformed("dst_fip_id"),
            },
            _ => What::Malformed("path"),
        };
        Self { zone, what }
    }

    pub(crate) const fn is_read(&self) -> bool {
        matches!(self.what, What::List(_) | What::Get { .. } | What::Server { .. })
    }

    /// The longest time after which the service was ever seen to have done this, in milliseconds, with
    /// the reserve that the client's settling time has. Late work lands within it.
    pub(crate) const fn settling(&self) -> u64 {
        match self.what {
            What::Duplicate { .. } => 15_000,
            What::Detach { .. } => 20_000,
            What::Delete { .. } => 45_000,
            What::Attach { .. } => 60_000,
            _ => 10_000,
        }
    }
}

impl Filter {
    fn read(query: &str) -> Self {
        let mut filter = Self { page: 1, size: 20, ..Self::default() };
        for field in query.split('&').filter(|field| !field.is_empty()) {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            let value = decoded(value);
            match name {
                "tags" => filter.tags.push(value),
                "status" => filter.status.push(value),
                "server_ids" => filter.servers.push(value.to_ascii_lowercase()),
                "project_id" => filter.project = Some(value),
                "organization_id" => filter.organization = Some(value),
                "order_by" => filter.is_descending = value == "created_at_desc",
                "page" => filter.page = value.parse().unwrap_or(1).max(1),
                "page_size" => filter.size = value.parse().unwrap_or(20).clamp(1, 100),
                _ => {}
            }
        }
        filter
    }
}

fn decoded(text: &str) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
                (digit().unwrap_or(0) * 16 + digit().unwrap_or(0)) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
