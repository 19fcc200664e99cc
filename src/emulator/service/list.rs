//! `GET /fips`: filters, order, page.

use std::collections::BTreeSet;

use crate::emulator::http::check::NOT_A_UUID;
use crate::emulator::http::refusal::{BadArgument, Reason, Refusal};
use crate::emulator::service::call::Call;
use crate::emulator::service::distortion::{Distortion, offset};
use crate::emulator::service::success::{Page, Success};
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::Oversized;
use crate::emulator::world::index::{Property, has_one_of_each};
use crate::emulator::world::positions::PositionSet;
use crate::emulator::world::state::State;
use crate::model::id::{OrganizationId, ProjectId, ServerId};
use crate::model::limits::{PAGE_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::model::status::{ListOrder, Status};

pub(super) fn serve(
    call: &Call<'_>,
    state: &State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let mut query = ListQuery::default();
    let mut bad = Vec::new();
    for (name, value) in crate::wire::query::parse(call.query) {
        bad.extend(query.read(&name, &value, settings));
    }
    if settings.refuse_malformed_query && !bad.is_empty() {
        return Err(Refusal::InvalidArguments(bad));
    }
    Ok(query.page(call, state))
}

/// The arguments of a list.
#[derive(Default)]
struct ListQuery {
    page: Option<u32>,
    page_size: Option<u32>,
    descending: bool,
    tags: Vec<String>,
    statuses: Vec<Status>,
    servers: Vec<ServerId>,
    organization: Option<OrganizationId>,
    project: Option<ProjectId>,
}

impl ListQuery {
    /// Reads an argument. Returns what is wrong with it, if anything. An empty argument is ignored, except for
    /// `tags`.
    fn read(&mut self, name: &str, value: &str, settings: &Settings) -> Option<BadArgument> {
        if value.is_empty() && name != "tags" {
            return None;
        }
        let read = match name {
            "page" => number(value, PAGE_MAX).map(|page| self.page = Some(page)),
            "page_size" => {
                let largest = match settings.oversized_page {
                    Oversized::Clamp => u32::MAX,
                    Oversized::Refuse => PAGE_SIZE_MAX,
                };
                number(value, largest).map(|size| self.page_size = Some(size.min(PAGE_SIZE_MAX)))
            }
            "order_by" => match ListOrder::parse(value) {
                Some(order) => {
                    self.descending = order == ListOrder::CreatedAtDesc;
                    Ok(())
                }
                None => {
                    Err((Reason::Constraint, "value must be created_at_asc or created_at_desc"))
                }
            },
            "tags" => {
                self.tags.push(value.to_owned());
                Ok(())
            }
            "status" => match Status::parse(value) {
                Some(status) => {
                    self.statuses.push(status);
                    Ok(())
                }
                None => Err((Reason::Constraint, "value must be a status of a flexible IP")),
            },
            "server_ids" => id(ServerId::parse(value)).map(|id| self.servers.push(id)),
            "organization_id" => {
                id(OrganizationId::parse(value)).map(|id| self.organization = Some(id))
            }
            "project_id" => id(ProjectId::parse(value)).map(|id| self.project = Some(id)),
            _ => Ok(()),
        };
        let (reason, help) = read.err()?;
        Some(BadArgument { name: name.to_owned(), reason, help: help.to_owned() })
    }

    /// The page of the list.
    fn page(&self, call: &Call<'_>, state: &State) -> Success {
        if self.organization.is_some_and(|wanted| wanted != state.organization_id) {
            return Success::Page(Page { ids: Vec::new(), older: BTreeSet::new(), total: 0 });
        }
        let filters: [Vec<Property>; 4] = [
            self.project.into_iter().map(Property::Project).collect(),
            self.statuses.iter().copied().map(Property::Status).collect(),
            self.servers.iter().copied().map(Property::Server).collect(),
            self.tags.iter().map(|tag| Property::Tag(tag.as_str().into())).collect(),
        ];
        let filters: Vec<&[Property]> =
            filters.iter().map(Vec::as_slice).filter(|any| !any.is_empty()).collect();
        let mut positions = state.index.positions(&call.zone, &filters);
        let distortion = &call.distortion;
        for id in &distortion.older {
            let Some(position) = state.pool.position(*id) else { continue };
            if distortion.shows_past(*id, &call.zone, state) {
                let before = state.history.of(*id).and_then(|past| past.before.as_ref());
                match before.filter(|before| has_one_of_each(&before.ip, &filters)) {
                    Some(_) => positions.to_mut().insert(position),
                    None => positions.to_mut().remove(position),
                }
            }
        }
        let ids = self.slice(&positions, distortion).into_iter();
        let ids = ids.filter_map(|position| state.pool.id_at(&call.zone, position)).collect();
        let total = offset(positions.len(), distortion.total);
        Success::Page(Page { ids, older: distortion.older.clone(), total })
    }

    /// The positions of the page. Positions before it are skipped by whole blocks.
    fn slice(&self, positions: &PositionSet, distortion: &Distortion) -> Vec<u32> {
        let size = usize::try_from(self.page_size.unwrap_or(PAGE_SIZE_DEFAULT)).unwrap_or(0);
        let page = usize::try_from(self.page.unwrap_or(1)).unwrap_or(usize::MAX);
        let mut pages = page.saturating_sub(1);
        if distortion.repeats_page {
            pages = pages.saturating_sub(1);
        }
        let skipped = offset(pages.saturating_mul(size), distortion.shift);
        if !self.descending {
            return positions.slice(skipped, size);
        }
        let end = positions.len().saturating_sub(skipped);
        let start = end.saturating_sub(size);
        let mut page = positions.slice(start, end.saturating_sub(start));
        page.reverse();
        page
    }
}

type Problem = (Reason, &'static str);

fn number(text: &str, largest: u32) -> Result<u32, Problem> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err((Reason::Format, "value must be a number"));
    }
    if text.starts_with('-') || digits.bytes().all(|digit| digit == b'0') {
        return Err((Reason::Constraint, "value must be greater than 0"));
    }
    // A number of any length.
    let number = digits.parse().ok().filter(|number| *number <= largest);
    number.ok_or((Reason::Constraint, "value is too large"))
}

fn id<T>(id: Option<T>) -> Result<T, Problem> {
    id.ok_or((Reason::Format, NOT_A_UUID))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_any_length_is_refused_for_what_is_wrong_with_it() {
        for (text, number_or_help) in [
            ("1", Ok(1)),
            ("+100", Ok(100)),
            ("007", Ok(7)),
            ("101", Err("value is too large")),
            ("4294967296", Err("value is too large")),
            ("99999999999999999999999999", Err("value is too large")),
            ("0", Err("value must be greater than 0")),
            ("-0", Err("value must be greater than 0")),
            ("-99999999999999999999999999", Err("value must be greater than 0")),
            ("", Err("value must be a number")),
            ("+", Err("value must be a number")),
            ("1.5", Err("value must be a number")),
            ("--1", Err("value must be a number")),
        ] {
            assert_eq!(number(text, 100).map_err(|(_, help)| help), number_or_help, "{text}");
        }
    }
}
