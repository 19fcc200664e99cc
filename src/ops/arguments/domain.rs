//! The reader's methods for the API's nouns, each with the rules of the API.

use super::field::Field;
use super::messages::quoted;
use super::reader::Reader;
use crate::error::problem::Reason;
use crate::model::id::{FlexibleIpId, ProjectId};
use crate::model::limits::{DESCRIPTION_MAX, SERVER_FLEXIBLE_IPS_MAX};
use crate::model::text::{description_length, is_reverse};
use crate::model::to_text::{join, text};
use crate::model::zone::{KNOWN_ZONES, Zone};
use crate::wire::value::{Unsupported, Value};

impl Reader<'_> {
    /// The zone, or the client's default. It must be a known one, unless the client allows others.
    pub fn zone(&mut self) -> Option<Zone> {
        self.text_or_default("zone", "defaultZone", self.defaults.zone.clone(), |reader, text| {
            let zone = Zone::parse(text);
            let known = zone.as_ref().is_some_and(Zone::is_known);
            if known || (zone.is_some() && reader.defaults.allow_unknown_zones) {
                return zone;
            }
            let zones = join(KNOWN_ZONES, ", ");
            let help = text!("value must be one of ", zones, "; found ", quoted(text));
            reader.refuse("zone", Reason::Constraint, help);
            None
        })
    }

    /// The Project, or the client's default.
    pub fn project(&mut self) -> Option<ProjectId> {
        self.text_or_default(
            "projectId",
            "defaultProjectId",
            self.defaults.project_id,
            |reader, text| reader.parse_uuid("projectId", text).map(ProjectId),
        )
    }

    /// The ids of the flexible IPs that one request acts on: at least one, none twice, and at most
    /// as many as one server holds.
    pub fn flexible_ip_ids(&mut self, name: &'static str) -> Option<Vec<FlexibleIpId>> {
        self.ids_up_to(SERVER_FLEXIBLE_IPS_MAX, ", as many as one server holds", name)
    }

    /// The ids of flexible IPs to read, without an upper limit: at least one, none twice.
    pub fn many_flexible_ip_ids(&mut self, name: &'static str) -> Option<Vec<FlexibleIpId>> {
        self.ids_up_to(usize::MAX, "", name)
    }

    /// A required list of 1 to `max` ids. `because` explains `max` in the error message.
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
            Some(value) => self.list_at(name, value)?,
        };
        if items.is_empty() {
            return self.missing(name, "value must contain at least one UUID");
        }
        if items.len() > max {
            let help = text!(
                "value must contain at most ",
                max,
                " UUIDs",
                because,
                "; found ",
                items.len()
            );
            self.refuse(name, Reason::Constraint, help);
            return None;
        }
        let mut ids: Vec<FlexibleIpId> = Vec::with_capacity(items.len());
        let mut sorted: Vec<FlexibleIpId> = Vec::with_capacity(items.len());
        let before = self.problems.len();
        for (index, item) in items.iter().enumerate() {
            let field = text!(name, "[", index, "]");
            let Some(id) = self.uuid_at(&field, item).map(FlexibleIpId) else { continue };
            match sorted.binary_search(&id) {
                Ok(_) => {
                    self.refuse(field, Reason::Constraint, text!(id, " occurs more than once"));
                }
                Err(index) => {
                    sorted.insert(index, id);
                    ids.push(id);
                }
            }
        }
        (self.problems.len() == before).then_some(ids)
    }

    /// The description: at most 255 code points.
    pub fn description(&mut self) -> Field<String> {
        const NAME: &str = "description";
        self.read_field(NAME, |reader, value| {
            let length = match value {
                Value::Unsupported(Unsupported::TooLong(units)) => {
                    usize::try_from(*units).unwrap_or(usize::MAX)
                }
                other => description_length(reader.text_at(NAME, other)?),
            };
            if length > DESCRIPTION_MAX {
                let help = text!(
                    "value length must be at most ",
                    DESCRIPTION_MAX,
                    " characters; found ",
                    length
                );
                reader.refuse(NAME, Reason::Constraint, help);
                return None;
            }
            value.as_text().map(str::to_owned)
        })
    }

    /// The reverse DNS name: a host name, or empty.
    pub fn reverse(&mut self) -> Field<String> {
        const NAME: &str = "reverse";
        self.read_field(NAME, |reader, value| {
            let text = reader.text_at(NAME, value)?;
            if !is_reverse(text) {
                let help = text!(
                    "value must be a host name, with or without the final dot; found ",
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
        const NAME: &str = "tags";
        match self.arguments.field(NAME) {
            None | Some(Value::Null) => {
                self.argument(NAME).map_or(Field::Absent, |_null| Field::Null)
            }
            Some(_) => Field::Value(self.texts(NAME)),
        }
    }
}
