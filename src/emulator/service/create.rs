//! `POST /fips`: the new flexible IP is `ready` at once, or `updating` until it is attached.

use crate::emulator::http::check::Arguments;
use crate::emulator::http::refusal::{FLEXIBLE_IPS, Refusal};
use crate::emulator::service::call::Call;
use crate::emulator::service::success::Success;
use crate::emulator::settings::Settings;
use crate::emulator::settings::choices::FreshReverse;
use crate::emulator::world::attach_queue;
use crate::emulator::world::records::{IpRecord, JobKind, default_reverse};
use crate::emulator::world::state::State;
use crate::model::id::{ProjectId, ServerId};
use crate::model::status::Status;

pub(super) fn serve(
    call: &Call<'_>,
    state: &mut State,
    settings: &Settings,
) -> Result<Success, Refusal> {
    let mut arguments = Arguments::new(&call.body);
    if settings.require_project {
        arguments.require("project_id");
    }
    let project = arguments.id::<ProjectId>("project_id");
    let description = arguments.description().unwrap_or_default();
    let tags = arguments.texts("tags").unwrap_or_default();
    let server = arguments.id::<ServerId>("server_id");
    let reverse = arguments.reverse(settings);
    let is_ipv6 = arguments.flag("is_ipv6").unwrap_or_default();
    arguments.finish()?;
    let project = project.or_else(|| state.projects.first().copied());
    let project_id = project.filter(|project| state.projects.contains(project));
    let project_id = project_id.ok_or(Refusal::PermissionsDenied)?;
    if let Some(server) = server {
        call.check_server(server, 1, state, settings)?;
    }
    let quota = settings.quota.and_then(|quota| usize::try_from(quota).ok());
    if let Some(quota) = quota.filter(|quota| state.ips.len() >= *quota) {
        let (resource, current) = (settings.quota_name.clone(), state.ips.len());
        return Err(Refusal::QuotasExceeded { resource, quota, current });
    }

    let pooled = state.pool.allocate(&call.zone, is_ipv6);
    let pooled = pooled.ok_or(Refusal::OutOfStock { resource: FLEXIBLE_IPS })?;
    let shown_reverse = reverse.clone().unwrap_or_else(|| default_reverse(pooled.network));
    let reverse = reverse.or_else(|| match settings.fresh_reverse {
        FreshReverse::Default => None,
        FreshReverse::Empty => Some(String::new()),
        FreshReverse::Previous => pooled.previous_reverse,
    });
    let ip = IpRecord {
        zone: call.zone.clone(),
        network: pooled.network,
        created_at: pooled.created_at,
        project_id,
        description,
        tags,
        reverse,
        updated_at: call.now,
        status: Status::Ready,
        server_id: None,
        mac_id: None,
        is_populated: false,
        job: None,
    };
    state.add_ip(pooled.id, ip);
    state.touch(pooled.id, call.now);
    if let Some(server) = server {
        let ids = [pooled.id];
        attach_queue::begin_attach(state, settings, &ids, JobKind::Create, server, call.now);
    }
    Ok(Success::Created(pooled.id, shown_reverse))
}
