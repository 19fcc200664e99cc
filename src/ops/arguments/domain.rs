//! The arguments that are nouns of the API, each with its own rule.

use super::words::quoted;
use super::{Field, Reader};
use crate::error::field::Reason;
use crate::model::id::{FlexibleIpId, ProjectId};
use crate::model::limits::{DESCRIPTION_MAX, SERVER_FLEXIBLE_IPS_MAX};
use crate::model::text::{description_length, is_reverse};
use crate::model::zone::{KNOWN_ZONES, Zone};
use crate::wire::value::{Unsupported, Value};

impl Reader<'_> {
    /// The zone, or the client's.
    pub fn zone(&mut self) -> Option<Zone> {
        self.text_or_default("zone", "defaultZone", self.defaults.zone.clone(), |reader, text| {
            let zone = Zone::parse(text);
            let known = zone.as_ref().is_some_and(Zone::is_known);
            if known || (zone.is_some() && reader.defaults.allow_unknown_zones) {
                return zone;
            }
            let zones = KNOWN_ZONES.join(", ");
            let help = format!("value must be one of {zones}; found {}", quoted(text));
            reader.refuse("zone", Reason::Constraint, help);
            None
        })
    }

    /// The Project, or the client's.
    pub fn project(&mut self) -> Option<ProjectId> {
        self.text_or_default(
            "projectId",
            "defaultProjectId",
            self.defaults.project_id,
            |reader, text| reader.uuid("projectId", text).map(ProjectId),
        )
    }

    /// The ids of flexible IPs that one request acts on: at least one, none twice, no more than a server holds.
    pub fn flexible_ip_ids(&mut self, name: &'static str) -> Option<Vec<FlexibleIpId>> {
        self.ids_up_to(SERVER_FLEXIBLE_IPS_MAX, ", as many as one server holds", name)
    }

    /// The ids of flexible IPs that are looked at: at least one, none twice, as many as a list may have.
    pub fn many_flexible_ip_ids(&mut self, name: &'static str) -> Option<Vec<FlexibleIpId>> {
        self.ids_up_to(usize::MAX, "", name)
    }

    fn ids_up_to(
        &mut self,
        max: usize,
        because: &str,
        name: &'static str,
    ) -> Option<Vec<FlexibleIpId>> {
        let items = match self.argument(name) {
            None | Some(Value::Null) => {
                return self.missing(name, "value is required: a list of UUIDs");
            }
            Some(value) => self.list(name, value)?,
        };
        if items.is_empty() {
            return self.missing(name, "value must contain at least one UUID");
        }
        if items.len() > max {
            let help =
                format!("value must contain at most {max} UUIDs{because}; found {}", items.len());
            self.refuse(name, Reason::Constraint, help);
            return None;
        }
        let mut ids: Vec<FlexibleIpId> = Vec::with_capacity(items.len());
        let mut known = std::collections::BTreeMap::new();
        let before = self.problems.len();
        for (place, item) in items.iter().enumerate() {
            let field = format!("{name}[{place}]");
            let Some(id) = self.uuid_at(&field, item).map(FlexibleIpId) else { continue };
            if known.insert(id, 0_u32).is_some() {
                self.refuse(field, Reason::Constraint, format!("{id} stands more than once"));
            } else {
                ids.push(id);
            }
        }
        (self.problems.len() == before).then_some(ids)
    }

    /// The description: at most 255 code points.
    pub fn description(&mut self) -> Field<String> {
        const NAME: &str = "description";
        self.given(NAME, |reader, value| {
            let length = match value {
                Value::Unsupported(Unsupported::TooLong(units)) => {
                    usize::try_from(*units).unwrap_or(usize::MAX)
                }
                other => description_length(reader.text_at(NAME, other)?),
            };
            if length > DESCRIPTION_MAX {
                let help = format!(
                    "value length must be at most {DESCRIPTION_MAX} characters; found {length}"
                );
                reader.refuse(NAME, Reason::Constraint, help);
                return None;
            }
            value.as_text().map(str::to_owned)
        })
    }

    /// The reverse: a host name.
    pub fn reverse(&mut self) -> Field<String> {
        const NAME: &str = "reverse";
        self.given(NAME, |reader, value| {
            let text = reader.text_at(NAME, value)?;
            if !is_reverse(text) {
                let help = format!(
                    "value must be a host name, with or without the final dot; found {}",
                    quoted(text)
                );
                reader.refuse(NAME, Reason::Format, help);
                return None;
            }
            Some(text.to_owned())
        })
    }

    /// The tags.
    pub fn tags(&mut self) -> Field<Vec<String>> {
        match self.arguments.field("tags") {
            Some(Value::Null) => {
                self.read.push("tags");
                Field::Null
            }
            None => {
                self.read.push("tags");
                Field::Absent
            }
            Some(_) => Field::Value(self.texts("tags")),
        }
    }
}
