//! Compares a recorded response with the emulator's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Which values of a recording correspond to which of the emulator's. The emulator's are called
/// `ours`.
#[derive(Clone, Default)]
pub(crate) struct Mapping {
    /// From recorded ids, addresses and dates of creation to ours.
    ours: BTreeMap<String, String>,
    /// The reverse of `ours`.
    recorded: BTreeMap<String, String>,
    /// The last `updated_at` of each IP and of its MAC address, recorded and ours.
    dates: BTreeMap<String, (String, String)>,
    /// The recorded reverses that earlier owners set. The emulator's addresses have none.
    earlier_reverses: BTreeSet<String>,
}

/// Ok if both are equal; an error describes the difference.
type Comparison = Result<(), String>;

impl Mapping {
    pub(crate) fn new(earlier_reverses: BTreeSet<String>) -> Self {
        Self { earlier_reverses, ..Self::default() }
    }

    /// Forgets what two addresses corresponded to: a create may return an address of the pool
    /// again.
    pub(crate) fn forget(&mut self, recorded: &Value, ours: &Value) {
        for field in ["id", "ip_address", "created_at"] {
            if let Some(ours) = recorded[field].as_str().and_then(|text| self.ours.remove(text)) {
                self.recorded.remove(&ours);
            }
            if let Some(text) = ours[field].as_str().and_then(|text| self.recorded.remove(text)) {
                self.ours.remove(&text);
            }
        }
        self.dates.retain(|key, _| !key.contains(recorded["id"].as_str().unwrap_or("-")));
    }

    /// Our value for a recorded one, if it has occurred.
    pub(crate) fn ours(&self, recorded: &str) -> Option<&str> {
        self.ours.get(recorded).map(String::as_str)
    }

    /// Notes that two values correspond. An error if one of them corresponds to another value.
    pub(crate) fn learn(&mut self, recorded: &str, ours: &str) -> Comparison {
        let known_ours = self.ours.entry(recorded.to_owned()).or_insert_with(|| ours.to_owned());
        let known_recorded =
            self.recorded.entry(ours.to_owned()).or_insert_with(|| recorded.to_owned());
        if known_ours == ours && known_recorded == recorded {
            return Ok(());
        }
        Err(format!("{recorded} is {known_ours}, not {ours}"))
    }

    /// Replaces the recorded values in a body or a path by ours.
    pub(crate) fn translate(&self, text: &str) -> String {
        self.ours
            .iter()
            .fold(text.to_owned(), |text, (recorded, ours)| text.replace(recorded, ours))
    }

    /// Compares two responses of the Flexible IP API. `foreign` are the ids of other sessions' IPs.
    pub(crate) fn compare_responses(
        &mut self,
        recorded: &Value,
        ours: &Value,
        foreign: &BTreeSet<String>,
    ) -> Comparison {
        if recorded["ip_address"].is_string() {
            return self.compare_ips(recorded, ours);
        }
        if recorded["flexible_ips"].is_array() {
            return self.compare_lists(recorded, ours, foreign);
        }
        compare_keys(recorded, ours)?;
        self.compare_values("", recorded, ours)
    }

    /// Compares the items by their ids. Their order may differ: it follows from the dates of the
    /// addresses, and the emulator's pool has other dates.
    fn compare_lists(
        &mut self,
        recorded: &Value,
        ours: &Value,
        foreign: &BTreeSet<String>,
    ) -> Comparison {
        compare_keys(recorded, ours)?;
        let items = |list: &Value| list["flexible_ips"].as_array().cloned().unwrap_or_default();
        let id = |ip: &Value| ip["id"].as_str().unwrap_or_default().to_owned();
        let (recorded_items, our_items) = (items(recorded), items(ours));
        let foreign_count = recorded_items.iter().filter(|ip| foreign.contains(&id(ip))).count();
        if recorded_items.len() != our_items.len() + foreign_count {
            return Err(format!(
                "{} items, of which {foreign_count} are foreign, against {}",
                recorded_items.len(),
                our_items.len()
            ));
        }
        for ip in recorded_items.iter().filter(|ip| !foreign.contains(&id(ip))) {
            let mapped = self.ours(&id(ip)).unwrap_or_default().to_owned();
            let own = our_items.iter().find(|own| own["id"] == *mapped);
            self.compare_ips(ip, own.ok_or_else(|| format!("{} is not listed", id(ip)))?)?;
        }
        for list in [&recorded_items, &our_items] {
            let dates: Vec<&str> = list.iter().filter_map(|ip| ip["created_at"].as_str()).collect();
            let mut reversed = dates.clone();
            reversed.reverse();
            if !dates.is_sorted() && !reversed.is_sorted() && recorded["total_count"] != 0 {
                return Err("a list is not in the order of its dates".to_owned());
            }
        }
        let count = |list: &Value| list["total_count"].as_u64().unwrap_or_default();
        // If the page is not the whole list, the number of foreign IPs in the rest is unknown.
        let is_whole = count(recorded) == recorded_items.len() as u64;
        if is_whole && count(recorded) != count(ours) + foreign_count as u64 {
            return Err(format!("total_count {} against {}", count(recorded), count(ours)));
        }
        Ok(())
    }

    fn compare_ips(&mut self, recorded: &Value, ours: &Value) -> Comparison {
        compare_keys(recorded, ours)?;
        let fields = recorded.as_object().ok_or("no object")?;
        for (name, value) in fields {
            let own = &ours[name.as_str()];
            match name.as_str() {
                "ip_address" => self.compare_addresses(value, own)?,
                "reverse" => self.compare_reverses(recorded, ours)?,
                "updated_at" => self.compare_dates("", recorded, value, own)?,
                "mac_address" => self.compare_macs(recorded, value, own)?,
                _ => self.compare_values(name, value, own)?,
            }
        }
        Ok(())
    }

    fn compare_macs(&mut self, ip: &Value, recorded: &Value, ours: &Value) -> Comparison {
        if recorded.is_null() != ours.is_null() {
            return Err(format!("mac_address {recorded} against {ours}"));
        }
        let Some(fields) = recorded.as_object() else { return Ok(()) };
        compare_keys(recorded, ours)?;
        for (name, value) in fields {
            let own = &ours[name.as_str()];
            match name.as_str() {
                "mac_address" => {
                    let (value, own) = (text(value)?, text(own)?);
                    if value.get(..9) != own.get(..9) || own.len() != 17 {
                        return Err(format!("MAC address {value} against {own}"));
                    }
                    self.learn(value, own)?;
                }
                "updated_at" => self.compare_dates("mac ", ip, value, own)?,
                _ => self.compare_values(name, value, own)?,
            }
        }
        Ok(())
    }

    fn compare_addresses(&mut self, recorded: &Value, ours: &Value) -> Comparison {
        let (recorded, ours) = (text(recorded)?, text(ours)?);
        let shape =
            |ip: &str| (ip.contains(':'), ip.split_once('/').map(|(_, prefix)| prefix.to_owned()));
        if shape(recorded) != shape(ours) {
            return Err(format!("ip_address {recorded} against {ours}"));
        }
        self.learn(recorded, ours)
    }

    /// Two reverses agree if both are the defaults of their addresses, or if they are equal.
    fn compare_reverses(&self, recorded: &Value, ours: &Value) -> Comparison {
        let is_default = |ip: &Value| {
            let address = ip["ip_address"].as_str().unwrap_or_default();
            let name = address.split('/').next().unwrap_or_default().replace(['.', ':'], "-");
            ip["reverse"] == format!("{name}.rev.poneytelecom.eu.")
        };
        let is_earlier = |reverse: &str| self.earlier_reverses.contains(reverse);
        if recorded["reverse"].as_str().is_some_and(is_earlier) {
            return Ok(());
        }
        if is_default(recorded) == is_default(ours)
            && (is_default(ours) || recorded["reverse"] == ours["reverse"])
        {
            return Ok(());
        }
        Err(format!("reverse {} against {}", recorded["reverse"], ours["reverse"]))
    }

    /// Two dates agree if they have the same precision, and if both have changed since the last
    /// comparison or neither has.
    fn compare_dates(
        &mut self,
        what: &str,
        ip: &Value,
        recorded: &Value,
        ours: &Value,
    ) -> Comparison {
        let (recorded, ours) = (text(recorded)?, text(ours)?);
        if recorded.len() != ours.len() {
            return Err(format!("{what}updated_at {recorded} has not the precision of {ours}"));
        }
        let key = format!("{what}{}", ip["id"]);
        let now = (micros(recorded), micros(ours));
        let before = self.dates.insert(key, now.clone()).unwrap_or_else(|| now.clone());
        let changed = (before.0 != now.0, before.1 != now.1);
        if changed.0 != changed.1 {
            return Err(format!(
                "{what}updated_at changed: {} recorded ({recorded}), {} ours ({ours})",
                changed.0, changed.1
            ));
        }
        Ok(())
    }

    /// Any other values agree if they are equal or, for ids and dates of creation, correspond.
    fn compare_values(&mut self, name: &str, recorded: &Value, ours: &Value) -> Comparison {
        match (recorded, ours) {
            (Value::Object(fields), Value::Object(_)) => {
                compare_keys(recorded, ours)?;
                fields.iter().try_for_each(|(name, value)| {
                    self.compare_values(name, value, &ours[name.as_str()])
                })
            }
            (Value::Array(items), Value::Array(own)) if items.len() == own.len() => items
                .iter()
                .zip(own)
                .try_for_each(|(item, own)| self.compare_values(name, item, own)),
            (Value::String(recorded), Value::String(ours))
                if matches!(name, "id" | "server_id" | "resource_id" | "created_at") =>
            {
                // An id that never existed is returned as it was sent.
                if recorded == ours { Ok(()) } else { self.learn(recorded, ours) }
            }
            _ if recorded == ours => Ok(()),
            _ => Err(format!("{name} {recorded} against {ours}")),
        }
    }
}

/// Two objects must have the same keys, but for `zone`, which the service did not write before
/// 2022-02.
fn compare_keys(recorded: &Value, ours: &Value) -> Comparison {
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let (recorded, mut ours) = (keys(recorded), keys(ours));
    if !recorded.contains("zone") {
        ours.remove("zone");
    }
    if recorded == ours { Ok(()) } else { Err(format!("keys {recorded:?} against {ours:?}")) }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{value} is not a string"))
}

/// A date in microseconds, rounded half up as the service does.
fn micros(date: &str) -> String {
    let Some((seconds, fraction)) = date.trim_end_matches('Z').split_once('.') else {
        return date.to_owned();
    };
    let nanos: u64 = format!("{fraction:0<9}").parse().unwrap_or_default();
    let rounded = (nanos + 500) / 1_000;
    // There is no carry into the seconds: the result is only compared with others.
    format!("{seconds}.{rounded:06}")
}
