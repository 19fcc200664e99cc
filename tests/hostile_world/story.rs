//! A world as numbered lines that a person can read: the time, the sender, what was sent, what was
//! answered, and the true state.

use flexip::error::Error;
use flexip::flow::response::Response;

use super::ask::{Ask, What};
use super::nasty::Plan;
use super::reply::{Content, Shot};
use super::service::Service;
use super::setup::CallSpec;
use super::truth::*;

/// The most flexible IPs whose state is shown at the beginning and at the end.
const SHOWN: usize = 24;

pub(crate) struct Story {
    is_on: bool,
    /// The zones in which calls are made: the state of others is not shown.
    zones: Vec<usize>,
    pub(crate) lines: Vec<String>,
}

/// A text with short names in place of ids: IP3, S1, M0.
pub(crate) fn short(text: &str) -> String {
    let mut text = text.replace("/flexible-ip/v1alpha1/zones/", "…/");
    for (kind, name) in [("f1f1f1f1", "IP"), ("5e5e5e5e", "S"), ("acacacac", "M")] {
        let start = [kind, "-0000-4000-8000-"].concat();
        while let Some(place) = text.find(&start) {
            let digits = place + start.len();
            let Some(number) = text.get(digits..digits + 12) else { break };
            let number = u64::from_str_radix(number, 16).unwrap_or(0);
            text.replace_range(place..digits + 12, &format!("{name}{number}"));
        }
    }
    text
}

pub(crate) fn ask(ask: &Ask) -> String {
    let what = match &ask.what {
        What::Create { server, is_ipv6, .. } => {
            format!("Create {{ server: {server:?}, is_ipv6: {is_ipv6} }}")
        }
        What::Update { id, .. } => format!("Update {id}"),
        what => format!("{what:?}"),
    };
    format!("{} in {}", short(&what), ZONES[ask.zone])
}

fn state(slot: usize, state: &State) -> String {
    let owner = match state.owner {
        Owner::Pool => return format!("IP{slot}: in the pool"),
        Owner::Tenant => return format!("IP{slot}: of another tenant"),
        Owner::Ours(_) => "",
    };
    let server =
        state.server.map_or_else(|| "on none".to_owned(), |server| format!("on S{server}"));
    let goal = state.goal.map_or_else(String::new, |goal| format!(", on the way to S{goal}"));
    let mac =
        state.mac.map_or_else(String::new, |mac| format!(", M{mac} {}", state.mac_status.word()));
    format!("IP{slot}: {owner}{} {server}{goal}{mac}", state.status.word())
}

fn shown(shot: &Shot) -> String {
    // A goal is not in a response.
    state(shot.slot, &State { goal: None, ..shot.state.clone() })
}

impl Story {
    pub(crate) const fn new(is_on: bool) -> Self {
        Self { is_on, zones: Vec::new(), lines: Vec::new() }
    }

    pub(crate) const fn is_on(&self) -> bool {
        self.is_on
    }

    pub(crate) fn line(&mut self, at: Ms, text: impl FnOnce() -> String) {
        if self.is_on {
            let number = self.lines.len() + 1;
            let text = short(&text());
            self.lines.push(format!("{number:4}. {:8.3} s  {text}", at as f64 / 1000.0));
        }
    }

    pub(crate) fn beginning(&mut self, service: &Service, zones: Vec<usize>) {
        self.zones = zones;
        self.line(0, || format!("the service: {:?}", service.rules));
        self.states(0, service);
    }

    pub(crate) fn end(&mut self, service: &Service) {
        let at =
            service.slots.iter().filter_map(|slot| slot.versions.last()).map(|last| last.at).max();
        self.line(at.unwrap_or(0), || "at the end:".to_owned());
        self.states(at.unwrap_or(0), service);
    }

    fn states(&mut self, at: Ms, service: &Service) {
        if !self.is_on {
            return;
        }
        let zones = self.zones.clone();
        let is_shown = |slot: &Slot| slot.now().is_ours() && zones.contains(&slot.zone);
        let all: Vec<usize> =
            (0..service.slots.len()).filter(|slot| is_shown(&service.slots[*slot])).collect();
        for number in all.iter().take(SHOWN) {
            let slot = &service.slots[*number];
            self.line(at, || format!("    {} ({})", state(*number, slot.now()), ZONES[slot.zone]));
        }
        if let Some(last) = all.last().filter(|_| all.len() > SHOWN) {
            let more = all.len() - SHOWN;
            self.line(at, || {
                format!(
                    "    and {more} more; the last is {}",
                    state(*last, service.slots[*last].now())
                )
            });
        }
    }

    /// The lines; polls that show the same again and again are left out.
    pub(crate) fn text(&self) -> String {
        let what = |line: &String| -> String {
            let text: String = line.chars().skip(18).collect();
            let mut words: Vec<&str> = text.split(' ').collect();
            if let Some(place) = words.iter().position(|word| *word == "request") {
                words.truncate(words.len().max(place));
                words.remove(place + 1);
            }
            words.join(" ")
        };
        let whats: Vec<String> = self.lines.iter().map(what).collect();
        let (mut text, mut skipped) = (String::new(), 0);
        for (place, line) in self.lines.iter().enumerate() {
            let is_repeated =
                place >= 4 && whats[place] == whats[place - 2] && whats[place] == whats[place - 4];
            if is_repeated && place + 2 < self.lines.len() {
                skipped += 1;
                continue;
            }
            if skipped > 0 {
                text.push_str(&format!("      … {skipped} lines of the same\n"));
                skipped = 0;
            }
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    pub(crate) fn call(&mut self, at: Ms, spec: &CallSpec) {
        self.line(at, || {
            let CallSpec { number, zone, job, timeout, total, retries, skips_preflight, .. } = spec;
            format!(
                "call {number} begins in {}: {job:?}, timeout {timeout}, total {total}, retries {retries}, skips preflight {skips_preflight}",
                ZONES[*zone]
            )
        });
    }

    #[allow(clippy::too_many_arguments, reason = "a line of the story has so many parts")]
    pub(crate) fn answer(
        &mut self,
        at: Ms,
        call: usize,
        exchange: usize,
        plan: &Plan,
        outcome: &Result<Response, Error>,
        content: &Content,
        service: &Service,
    ) {
        self.line(at, || {
            let what = match outcome {
                Err(error) => format!("{error:?}"),
                Ok(response) => match content {
                    Content::Ip(shot) => format!("{} {}", response.status, shown(shot)),
                    Content::Ips { items, total } => {
                        let items: Vec<String> = items.iter().map(shown).collect();
                        format!("{} total {total} [{}]", response.status, items.join("; "))
                    }
                    Content::Server(server) => format!("200 {}", service.servers[*server].id),
                    Content::Refusal { fields, .. } => format!("{} {fields:?}", response.status),
                    Content::Text(text) | Content::Foreign(text) => {
                        format!("{} {text}", response.status)
                    }
                    Content::Empty => format!("{}", response.status),
                },
            };
            let kind = plan.kind.map_or_else(String::new, |kind| format!(" ({kind:?})"));
            format!("  call {call} receives for request {exchange}{kind}: {what}")
        });
    }
}
