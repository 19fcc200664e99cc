//! A recorded answer against the emulator's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What in the one stands for what in the other, and how far both have come.
#[derive(Clone, Default)]
pub(crate) struct Mapping {
    /// Recorded text to ours: ids, addresses, dates of creation.
    ours: BTreeMap<String, String>,
    recorded: BTreeMap<String, String>,
    /// The last dates of each IP and of its MAC address, recorded and ours.
    dates: BTreeMap<String, (String, String)>,
    /// Reverses that earlier tenants left: the emulator's addresses have none.
    left_reverses: BTreeSet<String>,
}

type Same = Result<(), String>;

impl Mapping {
    pub(crate) fn new(left_reverses: BTreeSet<String>) -> Self {
        Self { left_reverses, ..Self::default() }
    }

    /// Forgets what stood for two addresses before: each pool hands out its own again.
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

    /// Our text for a recorded one, if it has appeared.
    pub(crate) fn ours(&self, recorded: &str) -> Option<&str> {
        self.ours.get(recorded).map(String::as_str)
    }

    /// Two texts stand for each other from now on, and neither for anything else.
    pub(crate) fn learn(&mut self, recorded: &str, ours: &str) -> Same {
        let forth = self.ours.entry(recorded.to_owned()).or_insert_with(|| ours.to_owned());
        let back = self.recorded.entry(ours.to_owned()).or_insert_with(|| recorded.to_owned());
        if forth == ours && back == recorded {
            return Ok(());
        }
        Err(format!("{recorded} is {forth}, not {ours}"))
    }

    /// Every id of a JSON value or a path in our terms; what has not appeared stays.
    pub(crate) fn translate(&self, text: &str) -> String {
        self.ours
            .iter()
            .fold(text.to_owned(), |text, (recorded, ours)| text.replace(recorded, ours))
    }

    /// Compares two answers of the Flexible IP API.
    pub(crate) fn answer(
        &mut self,
        recorded: &Value,
        ours: &Value,
        foreign: &BTreeSet<String>,
    ) -> Same {
        if recorded["ip_address"].is_string() {
            return self.ip(recorded, ours);
        }
        if recorded["flexible_ips"].is_array() {
            return self.list(recorded, ours, foreign);
        }
        keys(recorded, ours)?;
        self.any("", recorded, ours)
    }

    /// The items that both have, whatever their order: it follows from the addresses' dates, and the
    /// emulator's pool hands out others.
    fn list(&mut self, recorded: &Value, ours: &Value, foreign: &BTreeSet<String>) -> Same {
        keys(recorded, ours)?;
        let items = |list: &Value| list["flexible_ips"].as_array().cloned().unwrap_or_default();
        let id = |ip: &Value| ip["id"].as_str().unwrap_or_default().to_owned();
        let (recorded_items, our_items) = (items(recorded), items(ours));
        let strangers = recorded_items.iter().filter(|ip| foreign.contains(&id(ip))).count();
        if recorded_items.len() != our_items.len() + strangers {
            return Err(format!(
                "{} items, of which {strangers} are foreign, against {}",
                recorded_items.len(),
                our_items.len()
            ));
        }
        for ip in recorded_items.iter().filter(|ip| !foreign.contains(&id(ip))) {
            let mapped = self.ours(&id(ip)).unwrap_or_default().to_owned();
            // Of answers to attach and detach it is known which is which; of lists, too.
            let own = our_items.iter().find(|own| own["id"] == *mapped);
            self.ip(ip, own.ok_or_else(|| format!("{} is not listed", id(ip)))?)?;
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
        // A page that is not the whole list hides how many of the rest are foreign.
        let whole = count(recorded) == recorded_items.len() as u64;
        if whole && count(recorded) != count(ours) + strangers as u64 {
            return Err(format!("total_count {} against {}", count(recorded), count(ours)));
        }
        Ok(())
    }

    fn ip(&mut self, recorded: &Value, ours: &Value) -> Same {
        keys(recorded, ours)?;
        let fields = recorded.as_object().ok_or("no object")?;
        for (name, value) in fields {
            let own = &ours[name.as_str()];
            match name.as_str() {
                "ip_address" => self.address(value, own)?,
                "reverse" => self.reverse(recorded, ours)?,
                "updated_at" => self.date("", recorded, value, own)?,
                "mac_address" => self.mac(recorded, value, own)?,
                _ => self.any(name, value, own)?,
            }
        }
        Ok(())
    }

    fn mac(&mut self, ip: &Value, recorded: &Value, ours: &Value) -> Same {
        if recorded.is_null() != ours.is_null() {
            return Err(format!("mac_address {recorded} against {ours}"));
        }
        let Some(fields) = recorded.as_object() else { return Ok(()) };
        keys(recorded, ours)?;
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
                "updated_at" => self.date("mac ", ip, value, own)?,
                _ => self.any(name, value, own)?,
            }
        }
        Ok(())
    }

    fn address(&mut self, recorded: &Value, ours: &Value) -> Same {
        let (recorded, ours) = (text(recorded)?, text(ours)?);
        let shape =
            |ip: &str| (ip.contains(':'), ip.split_once('/').map(|(_, prefix)| prefix.to_owned()));
        if shape(recorded) != shape(ours) {
            return Err(format!("ip_address {recorded} against {ours}"));
        }
        self.learn(recorded, ours)
    }

    /// Both are the default of their address, or the same.
    fn reverse(&self, recorded: &Value, ours: &Value) -> Same {
        let default = |ip: &Value| {
            let address = ip["ip_address"].as_str().unwrap_or_default();
            let name = address.split('/').next().unwrap_or_default().replace(['.', ':'], "-");
            ip["reverse"] == format!("{name}.rev.poneytelecom.eu.")
        };
        let left = |reverse: &str| self.left_reverses.contains(reverse);
        if recorded["reverse"].as_str().is_some_and(left) {
            return Ok(());
        }
        if default(recorded) == default(ours)
            && (default(ours) || recorded["reverse"] == ours["reverse"])
        {
            return Ok(());
        }
        Err(format!("reverse {} against {}", recorded["reverse"], ours["reverse"]))
    }

    /// Dates are as fine as recorded, and have moved since they were last seen if the recorded have.
    fn date(&mut self, what: &str, ip: &Value, recorded: &Value, ours: &Value) -> Same {
        let (recorded, ours) = (text(recorded)?, text(ours)?);
        if recorded.len() != ours.len() {
            return Err(format!("{what}updated_at {recorded} is not as fine as {ours}"));
        }
        let key = format!("{what}{}", ip["id"]);
        let now = (micros(recorded), micros(ours));
        let before = self.dates.insert(key, now.clone()).unwrap_or_else(|| now.clone());
        let moved = (before.0 != now.0, before.1 != now.1);
        if moved.0 != moved.1 {
            return Err(format!(
                "{what}updated_at moved: {} recorded ({recorded}), {} ours ({ours})",
                moved.0, moved.1
            ));
        }
        Ok(())
    }

    /// Anything else is the same, or stands for the same.
    fn any(&mut self, name: &str, recorded: &Value, ours: &Value) -> Same {
        match (recorded, ours) {
            (Value::Object(fields), Value::Object(_)) => {
                keys(recorded, ours)?;
                fields
                    .iter()
                    .try_for_each(|(name, value)| self.any(name, value, &ours[name.as_str()]))
            }
            (Value::Array(items), Value::Array(own)) if items.len() == own.len() => {
                items.iter().zip(own).try_for_each(|(item, own)| self.any(name, item, own))
            }
            (Value::String(recorded), Value::String(ours))
                if matches!(name, "id" | "server_id" | "resource_id" | "created_at") =>
            {
                // The id of what was never ours is answered as it was sent.
                if recorded == ours { Ok(()) } else { self.learn(recorded, ours) }
            }
            _ if recorded == ours => Ok(()),
            _ => Err(format!("{name} {recorded} against {ours}")),
        }
    }
}

/// The same keys, but for `zone`, which the service did not write before 2022-02.
fn keys(recorded: &Value, ours: &Value) -> Same {
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
    value.as_str().ok_or_else(|| format!("{value} is no text"))
}

/// A date without what is finer than a microsecond, rounded half up as the service does.
fn micros(date: &str) -> String {
    let Some((seconds, fraction)) = date.trim_end_matches('Z').split_once('.') else {
        return date.to_owned();
    };
    let nanos: u64 = format!("{fraction:0<9}").parse().unwrap_or_default();
    let rounded = (nanos + 500) / 1_000;
    // A carry into the second would need the calendar; it only has to be told apart.
    format!("{seconds}.{rounded:06}")
}
