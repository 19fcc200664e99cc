//! `GET /fips`: filters, order, page.

use super::{Answer, Call};
use crate::emulator::check::NO_UUID;
use crate::emulator::choices::Oversized;
use crate::emulator::index::Facet;
use crate::emulator::places::Places;
use crate::emulator::refusal::{BadArgument, Reason, Refusal};
use crate::emulator::settings::Settings;
use crate::emulator::state::State;
use crate::model::id::{OrganizationId, ProjectId, ServerId};
use crate::model::limits::{PAGE_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::model::status::{ListOrder, Status};
use crate::wire::query;

pub(super) fn serve(
    call: &Call<'_>,
    state: &State,
    settings: &Settings,
) -> Result<Answer, Refusal> {
    let mut wanted = Wanted::default();
    let mut bad = Vec::new();
    for (name, value) in query::parse(call.query) {
        bad.extend(wanted.read(&name, &value, settings));
    }
    if settings.refuse_malformed_query && !bad.is_empty() {
        return Err(Refusal::InvalidArguments(bad));
    }
    Ok(wanted.page(call, state))
}

/// What a query asks for.
#[derive(Default)]
struct Wanted {
    page: Option<u32>,
    page_size: Option<u32>,
    descending: bool,
    tags: Vec<String>,
    statuses: Vec<Status>,
    servers: Vec<ServerId>,
    organization: Option<OrganizationId>,
    project: Option<ProjectId>,
}

impl Wanted {
    /// Reads an argument; what comes back is what is wrong with it. An empty one is as good as none.
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

    fn page(&self, call: &Call<'_>, state: &State) -> Answer {
        if self.organization.is_some_and(|wanted| wanted != state.organization_id) {
            return Answer::Page(Vec::new(), 0);
        }
        let wanted: [Vec<Facet>; 4] = [
            self.project.into_iter().map(Facet::Project).collect(),
            self.statuses.iter().copied().map(Facet::Status).collect(),
            self.servers.iter().copied().map(Facet::Server).collect(),
            self.tags.iter().map(|tag| Facet::Tag(tag.as_str().into())).collect(),
        ];
        let wanted: Vec<&[Facet]> =
            wanted.iter().map(Vec::as_slice).filter(|any| !any.is_empty()).collect();
        let places = state.index.places(&call.zone, &wanted);
        let ids = self.cut(&places).into_iter();
        let ids = ids.filter_map(|place| state.pool.at(&call.zone, place)).collect();
        Answer::Page(ids, places.len())
    }

    /// The places of the page, at the price of the page.
    fn cut(&self, places: &Places) -> Vec<u32> {
        let size = usize::try_from(self.page_size.unwrap_or(PAGE_SIZE_DEFAULT)).unwrap_or(0);
        let page = usize::try_from(self.page.unwrap_or(1)).unwrap_or(usize::MAX);
        let skipped = page.saturating_sub(1).saturating_mul(size);
        if !self.descending {
            return places.slice(skipped, size);
        }
        let end = places.len().saturating_sub(skipped);
        let start = end.saturating_sub(size);
        let mut cut = places.slice(start, end.saturating_sub(start));
        cut.reverse();
        cut
    }
}

type Bad = (Reason, &'static str);

fn number(text: &str, largest: u32) -> Result<u32, Bad> {
    let number: i64 = text.parse().map_err(|_| (Reason::Format, "value must be a number"))?;
    match u32::try_from(number) {
        Ok(number) if (1..=largest).contains(&number) => Ok(number),
        Ok(number) if number > largest => Err((Reason::Constraint, "value is too large")),
        _ => Err((Reason::Constraint, "value must be greater than 0")),
    }
}

fn id<T>(id: Option<T>) -> Result<T, Bad> {
    id.ok_or((Reason::Format, NO_UUID))
}
