//! The rules that hold at every moment, whatever the delays.

use std::collections::BTreeMap;

use serde_json::Value;

/// The statuses that can follow each status between two reads, with unread ones in between. A flexible IP that
/// is deleted has no next status; if its id comes back, it is a new flexible IP.
const LEGAL: &[(&str, &[&str])] = &[
    ("ready", &["updating", "attached"]),
    ("updating", &["attached", "detaching", "ready"]),
    ("attached", &["updating", "detaching", "ready"]),
    ("detaching", &["ready", "updating", "attached"]),
];

/// Status of the flexible IP, status of its MAC address, and whether a server is shown: the combinations that
/// were recorded, and those that follow where there is no recording (attaching with a MAC address, deleting a
/// MAC address).
const SHOWN: &[(&str, Option<&str>, bool)] = &[
    ("ready", None, false),
    ("ready", Some("ready"), false),
    ("attached", None, true),
    ("attached", Some("used"), true),
    ("updating", None, false),
    ("updating", None, true),
    ("updating", Some("updating"), true),
    ("updating", Some("updating"), false),
    ("updating", Some("deleting"), true),
    ("detaching", None, true),
    ("detaching", Some("used"), true),
];

#[derive(Default)]
pub(crate) struct Rules {
    before: BTreeMap<String, Value>,
    /// Whether a status may have been forced, so that only the server has to fit it.
    is_forced: bool,
}

impl Rules {
    pub(crate) fn forced() -> Self {
        Self { is_forced: true, ..Self::default() }
    }

    pub(crate) fn check(&mut self, shown: &[Value]) -> Result<(), String> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        let mut macs: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut addresses: BTreeMap<&str, &str> = BTreeMap::new();
        for ip in shown {
            let id = text(&ip["id"]);
            if owners.insert(text(&ip["ip_address"]), id).is_some() {
                return Err(format!("{} belongs to two flexible IPs", ip["ip_address"]));
            }
            if !self.is_forced {
                check_combination(ip)?;
            }
            check_server(ip)?;
            check_dates(ip)?;
            if let Some(before) = self.before.get(id).filter(|_| !self.is_forced) {
                check_change(before, ip)?;
            }
            let mac = &ip["mac_address"];
            if mac.is_null() {
                continue;
            }
            if *addresses.entry(text(&mac["mac_address"])).or_insert(text(&mac["id"]))
                != text(&mac["id"])
            {
                return Err(format!("{} has two ids", mac["mac_address"]));
            }
            let other = *macs.entry(text(&mac["id"])).or_insert(ip);
            let same = ["mac_address", "mac_type", "created_at", "updated_at"];
            if same.iter().any(|field| other["mac_address"][field] != mac[field]) {
                return Err(format!("{ip} and {other} are one group and differ"));
            }
            let servers = (&other["server_id"], &ip["server_id"]);
            if servers.0.is_string() && servers.1.is_string() && servers.0 != servers.1 {
                return Err(format!("{ip} and {other} are one group on two servers"));
            }
        }
        self.before = shown.iter().map(|ip| (text(&ip["id"]).to_owned(), ip.clone())).collect();
        Ok(())
    }
}

/// Checks that nothing was changed before it was created.
fn check_dates(ip: &Value) -> Result<(), String> {
    // Without the zone, the dates have the order of their texts, however many digits they have.
    let date = |value: &Value| text(value).trim_end_matches('Z').to_owned();
    let is_in_order = |of: &Value| date(&of["created_at"]) <= date(&of["updated_at"]);
    let mac = Some(&ip["mac_address"]).filter(|mac| !mac.is_null());
    let are_in_order = is_in_order(ip) && mac.is_none_or(is_in_order);
    if are_in_order { Ok(()) } else { Err(format!("{ip} was changed before it was created")) }
}

/// Checks the combination of status, MAC address and server.
fn check_combination(ip: &Value) -> Result<(), String> {
    let mac = ip["mac_address"]["status"].as_str();
    let shown = (text(&ip["status"]), mac, ip["server_id"].is_string());
    if SHOWN.contains(&shown) { Ok(()) } else { Err(format!("{shown:?} was never recorded")) }
}

/// Checks that the status does not contradict the server.
fn check_server(ip: &Value) -> Result<(), String> {
    let has_server = ip["server_id"].is_string();
    let fits = match text(&ip["status"]) {
        "ready" => !has_server,
        "attached" | "detaching" => has_server,
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("{ip} contradicts itself")) }
}

/// Checks that the status may follow the one before, and that `updated_at` changes with it and never decreases.
fn check_change(before: &Value, ip: &Value) -> Result<(), String> {
    let (from, to) = (text(&before["status"]), text(&ip["status"]));
    let legal = LEGAL.iter().any(|(status, next)| *status == from && next.contains(&to));
    if from != to && !legal {
        return Err(format!("{from} became {to}"));
    }
    if before["created_at"] != ip["created_at"] || before["ip_address"] != ip["ip_address"] {
        return Err(format!("{ip} was {before}"));
    }
    let dates = (text(&before["updated_at"]), text(&ip["updated_at"]));
    if dates.1 < dates.0 || (from != to && dates.0 == dates.1) {
        return Err(format!("{from} became {to}, and {dates:?}"));
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
