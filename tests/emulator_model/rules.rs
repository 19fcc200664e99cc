//! What holds at every moment, whatever the delays.

use std::collections::BTreeMap;

use serde_json::Value;

/// Every status that was seen to follow another, at once or unseen between two looks. What ends an
/// IP ends it, and one that comes back is another's.
const LEGAL: &[(&str, &[&str])] = &[
    ("ready", &["updating", "attached"]),
    ("updating", &["attached", "detaching", "ready"]),
    ("attached", &["updating", "detaching", "ready"]),
    ("detaching", &["ready", "updating", "attached"]),
];

/// Status of IP and MAC address, and whether a server is shown: all that was ever seen together, and
/// those that follow where nobody looked (an attach with a MAC address, the end of one).
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
}

impl Rules {
    pub(crate) fn check(&mut self, shown: &[Value]) -> Result<(), String> {
        let mut holders: BTreeMap<&str, &str> = BTreeMap::new();
        let mut macs: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut addresses: BTreeMap<&str, &str> = BTreeMap::new();
        for ip in shown {
            let id = text(&ip["id"]);
            if holders.insert(text(&ip["ip_address"]), id).is_some() {
                return Err(format!("{} is held twice", ip["ip_address"]));
            }
            together(ip)?;
            if let Some(before) = self.before.get(id) {
                follows(before, ip)?;
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

/// Status, MAC address and server go together as they were seen to.
fn together(ip: &Value) -> Result<(), String> {
    let mac = ip["mac_address"]["status"].as_str();
    let shown = (text(&ip["status"]), mac, ip["server_id"].is_string());
    if SHOWN.contains(&shown) { Ok(()) } else { Err(format!("{shown:?} was never seen")) }
}

/// A status follows the one before; the date moves with it, and never back.
fn follows(before: &Value, ip: &Value) -> Result<(), String> {
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
