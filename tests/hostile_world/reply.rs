//! What the service answers, and its JSON.

use flexip::wire::value::Value;

use super::service::Service;
use super::truth::{Ms, ORGANIZATION, Owner, PROJECTS, State, ZONES};

/// A flexible IP as it was at some moment.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) slot: usize,
    pub(crate) state: State,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Empty,
    Ip(Box<Shot>),
    Ips {
        items: Vec<Shot>,
        total: usize,
    },
    Server(usize),
    /// A refusal of the API, with its type, or of its gateway.
    Refusal {
        fields: Vec<(&'static str, String)>,
        detail: Option<(&'static str, &'static str)>,
    },
    /// A page of a portal, a firewall or a gateway.
    Text(&'static str),
    /// JSON that is not the API's.
    Foreign(&'static str),
}

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content: Content,
    pub(crate) retry_after: Option<&'static str>,
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

impl Reply {
    pub(crate) const fn new(status: u16, content: Content) -> Self {
        Self { status, content, retry_after: None }
    }

    fn refusal(status: u16, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self::new(status, Content::Refusal { fields, detail: None })
    }

    /// The refusal of an id that our key does not see.
    pub(crate) fn denied(action: &'static str) -> Self {
        let fields = vec![
            ("message", "insufficient permissions".to_owned()),
            ("type", "permissions_denied".to_owned()),
        ];
        let detail = Some((action, "flexible-ip"));
        Self::new(403, Content::Refusal { fields, detail })
    }

    pub(crate) fn missing(resource: &str, id: &str) -> Self {
        let message = ("message", "resource is not found");
        let about = [("resource", resource), ("resource_id", id), ("type", "not_found")];
        Self::refusal(404, &[message, about[0], about[1], about[2]])
    }

    pub(crate) fn transient(id: &str, state: &State) -> Self {
        Self::refusal(
            409,
            &[
                ("current_state", state.status.word()),
                ("message", "resource is in a transient state"),
                ("resource", "flexible_ip"),
                ("resource_id", id),
                ("type", "transient_state"),
            ],
        )
    }

    pub(crate) fn precondition(help: &str) -> Self {
        Self::refusal(
            412,
            &[
                ("help_message", help),
                ("message", "precondition is not respected"),
                ("precondition", "resource_not_usable"),
                ("type", "precondition_failed"),
            ],
        )
    }

    pub(crate) fn invalid(argument: &str) -> Self {
        let message = ["invalid argument(s): ", argument].concat();
        Self::refusal(400, &[("message", &message), ("type", "invalid_arguments")])
    }

    pub(crate) fn out_of_stock() -> Self {
        let message = ("message", "resource is out of stock");
        Self::refusal(503, &[message, ("resource", "flexible_ip"), ("type", "out_of_stock")])
    }

    pub(crate) fn internal() -> Self {
        Self::refusal(500, &[("message", "internal error")])
    }

    /// The body as JSON; nothing where there is none.
    pub(crate) fn json(&self, service: &Service) -> Option<Value> {
        Some(match &self.content {
            Content::Empty | Content::Text(_) => return None,
            Content::Ip(shot) => ip(service, shot),
            Content::Ips { items, total } => object([
                ("total_count", Value::Number(*total as f64)),
                ("flexible_ips", Value::List(items.iter().map(|shot| ip(service, shot)).collect())),
            ]),
            Content::Server(server) => {
                let server = &service.servers[*server];
                object([
                    ("id", text(&server.id)),
                    ("status", text("ready")),
                    ("zone", text(ZONES[server.zone])),
                ])
            }
            Content::Refusal { fields, detail } => {
                let mut all: Vec<(String, Value)> =
                    fields.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
                if let Some((action, resource)) = detail {
                    let detail = object([("action", text(action)), ("resource", text(resource))]);
                    all.push(("details".to_owned(), Value::List(vec![detail])));
                }
                Value::Object(all)
            }
            Content::Foreign(json) => {
                Value::from(serde_json::from_str::<serde_json::Value>(json).unwrap())
            }
        })
    }
}

fn optional(value: Option<Value>) -> Value {
    value.unwrap_or(Value::Null)
}

fn stamp(moment: Ms) -> Value {
    // The virtual clock begins at noon; no world lasts for twelve hours.
    let (seconds, millis) = (moment / 1000, moment % 1000);
    let (hours, minutes) = (12 + seconds / 3600, seconds / 60 % 60);
    let mut stamp = String::with_capacity(27);
    stamp.push_str("2026-02-25T");
    for (number, mark) in [(hours, ':'), (minutes, ':'), (seconds % 60, '.')] {
        stamp.extend(
            [(number / 10) as u8, (number % 10) as u8].map(|digit| char::from(b'0' + digit)),
        );
        stamp.push(mark);
    }
    let digits = [millis / 100, millis / 10 % 10, millis % 10];
    stamp.extend(digits.map(|digit| char::from(b'0' + digit as u8)));
    stamp.push_str("000Z");
    Value::Text(stamp)
}

fn ip(service: &Service, Shot { slot, state }: &Shot) -> Value {
    let slot = &service.slots[*slot];
    let project = match state.owner {
        Owner::Ours(project) => PROJECTS[usize::from(project)],
        Owner::Pool | Owner::Tenant => "",
    };
    let mac = state.mac.map(|number| {
        let mac = &service.macs[number];
        object([
            ("created_at", stamp(mac.created)),
            ("id", text(&mac.id)),
            ("mac_address", text(&mac.address)),
            ("mac_type", text(mac.kind)),
            ("status", text(state.mac_status.word())),
            ("updated_at", stamp(mac.updated)),
            ("zone", text(ZONES[slot.zone])),
        ])
    });
    object([
        ("created_at", text(&slot.created)),
        ("description", text(&state.description)),
        ("id", text(&slot.id)),
        ("ip_address", text(&slot.address)),
        ("mac_address", optional(mac)),
        ("organization_id", text(ORGANIZATION)),
        ("project_id", text(project)),
        ("reverse", text(&state.reverse)),
        ("server_id", optional(state.server.map(|server| text(&service.servers[server].id)))),
        ("status", text(state.status.word())),
        ("tags", Value::List(state.tags.iter().map(|tag| text(tag)).collect())),
        ("updated_at", stamp(state.updated)),
        ("zone", text(ZONES[slot.zone])),
    ])
}
