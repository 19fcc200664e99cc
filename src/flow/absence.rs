//! Concludes that flexible IPs are absent from a zone.
//!
//! One refused read does not show it: permissions can be lost for two minutes, and then return. A
//! flexible IP is absent if the API refuses to read it, and a whole walk of the zone's list that begins
//! after that does not have it.

use super::poll_result::{FailedRead, PollResult};
use super::reads::{list_of_zone, list_page};
use super::requests::RequestSpec;
use crate::model::id::{FlexibleIpId, ProjectId};
use crate::model::to_text::{ToText, text};
use crate::model::zone::Zone;
use crate::ops::list::Listing;
use crate::policy::page_walk::{PageWalk, WalkStep};

const PAGES_AT_ONCE: usize = 4;

/// The flexible IPs of a poll whose reads were refused, and the walks that look for them.
#[derive(Default)]
pub(super) struct AbsenceCheck {
    suspects: Vec<Suspect>,
    walk: Option<Walk>,
}

struct Suspect {
    id: FlexibleIpId,
    /// Its Project, if an earlier poll has read it.
    project: Option<ProjectId>,
    refusal: FailedRead,
}

struct Walk {
    /// The Project that the list is filtered by. Without permissions for it, the API refuses the list;
    /// a list without the filter would only leave the Project out.
    project: Option<ProjectId>,
    listing: Listing,
    pages: PageWalk,
}

impl AbsenceCheck {
    /// Adds a flexible IP whose read was refused.
    pub(super) fn add(
        &mut self,
        id: FlexibleIpId,
        project: Option<ProjectId>,
        refusal: FailedRead,
    ) {
        self.suspects.push(Suspect { id, project, refusal });
    }

    /// Returns the pages to request now, when no request of the poll is pending. Without any, all that
    /// can be concluded is in `result`.
    pub(super) fn next_pages(
        &mut self,
        zone: &Zone,
        result: &mut PollResult,
    ) -> Vec<(u32, RequestSpec)> {
        loop {
            let Some(walk) = &mut self.walk else {
                let Some(suspect) = self.suspects.first() else { return Vec::new() };
                self.walk = Some(Walk::new(zone, suspect.project));
                continue;
            };
            let mut pages = Vec::new();
            while let WalkStep::Request(page) = walk.pages.next_step() {
                pages.push((page, list_page(&walk.listing, page)));
                if pages.len() == PAGES_AT_ONCE {
                    break;
                }
            }
            if !pages.is_empty() {
                return pages;
            }
            self.conclude(result);
        }
    }

    /// Takes the flexible IPs of a page.
    pub(super) fn on_page(&mut self, page: u32, total: u32, ids: &[FlexibleIpId]) {
        if let Some(walk) = &mut self.walk {
            walk.pages.on_page(page, total, ids);
        }
    }

    /// A page could not be read: its walk concludes nothing.
    pub(super) fn on_failure(&mut self) {
        if let Some(walk) = self.walk.take() {
            self.suspects.retain(|suspect| suspect.project != walk.project);
        }
    }

    fn conclude(&mut self, result: &mut PollResult) {
        let Some(walk) = self.walk.take() else { return };
        self.suspects.retain(|suspect| {
            if suspect.project != walk.project {
                return true;
            }
            if walk.pages.is_listed(suspect.id) {
                // The walk has read it, or is not whole and shows nothing.
                if !result.ips.has(suspect.id) {
                    result.failed = Some(suspect.refusal.clone());
                }
            } else {
                result.gone.insert(suspect.id, suspect.refusal.clone());
            }
            false
        });
    }
}

impl Walk {
    fn new(zone: &Zone, project: Option<ProjectId>) -> Self {
        let mut listing = list_of_zone(zone);
        if let Some(project) = project {
            listing.request.query = text!("project_id=", project.to_text());
        }
        let pages = PageWalk::new(listing.first, listing.size);
        Self { project, listing, pages }
    }
}
