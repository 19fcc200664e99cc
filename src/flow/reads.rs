//! The requests that read flexible IPs, and their responses.

use super::command::BodyReading;
use super::requests::RequestSpec;
use super::response::{Body, Response};
use crate::error::Error;
use crate::model::id::FlexibleIpId;
use crate::model::limits::PAGE_SIZE_MAX;
use crate::model::to_text::text;
use crate::model::zone::Zone;
use crate::ops::list::Listing;
use crate::wire::http::Request;
use crate::wire::route::Operation;
use crate::wire::summary::{Spelling, Summary, read_outline};
use crate::wire::value::Value;

/// The request that reads one flexible IP.
pub(super) fn get_ip(zone: &Zone, id: FlexibleIpId) -> RequestSpec {
    let operation = Operation::GetFlexibleIp;
    RequestSpec {
        reading: BodyReading::Outline,
        ..RequestSpec::new(operation, bare(operation, operation.ip_path(zone, id)))
    }
}

/// The request that reads one page of a list.
pub(super) fn list_page(listing: &Listing, page: u32) -> RequestSpec {
    RequestSpec {
        reading: BodyReading::Outline,
        ..RequestSpec::new(Operation::ListFlexibleIps, listing.page(page))
    }
}

/// The list of all flexible IPs of a zone, in the largest pages.
pub(super) fn list_of_zone(zone: &Zone) -> Listing {
    let operation = Operation::ListFlexibleIps;
    let request = bare(operation, operation.collection_path(zone));
    Listing { request, first: 1, size: PAGE_SIZE_MAX }
}

/// A request with neither query nor body.
fn bare(operation: Operation, path: String) -> Request {
    Request { method: operation.route().method, path, query: String::new(), body: None }
}

/// The flexible IP of a response.
pub(super) fn parse_ip(response: Response) -> Result<Summary, Error> {
    read_ip(&response)
}

fn read_ip(response: &Response) -> Result<Summary, Error> {
    let read_at = response.headers.date;
    let body = match &response.body {
        Body::Json(body) => body,
        Body::Empty | Body::Unread | Body::Text(_) => &Value::Null,
    };
    let summary = Summary::read(body, Spelling::SnakeCase).map_err(undecodable)?;
    Ok(Summary { read_at, ..summary })
}

/// The ids of these flexible IPs.
pub(super) fn ids_of(ips: &[Summary]) -> Vec<FlexibleIpId> {
    let mut ids = Vec::new();
    for ip in ips {
        ids.push(ip.id);
    }
    ids
}

/// The flexible IPs of a page, and the number of flexible IPs in the whole list.
pub(super) fn parse_page(response: Response) -> Result<(u32, Vec<Summary>), Error> {
    read_page(&response)
}

/// The flexible IPs of a page, or the flexible IP of another response, at the place that a `BodyRef` names.
pub(super) fn parse_any(response: &Response) -> Result<Vec<Summary>, Error> {
    read_page(response).map(|(_, ips)| ips).or_else(|_| Ok(vec![read_ip(response)?]))
}

fn read_page(response: &Response) -> Result<(u32, Vec<Summary>), Error> {
    let read_at = response.headers.date;
    let Body::Json(body) = &response.body else { return Err(undecodable("flexible_ips")) };
    let ips: Result<Vec<Summary>, _> = match body.field("flexible_ips") {
        Some(Value::Text(outline)) => read_outline(outline),
        Some(Value::List(items)) => read_items(items),
        _ => Err("flexible_ips"),
    };
    let mut ips = ips.map_err(undecodable)?;
    ips.iter_mut().for_each(|ip| ip.read_at = read_at);
    match body.field("total_count") {
        Some(Value::Number(total)) if f64::from(*total as u32) == *total => {
            Ok((*total as u32, ips))
        }
        _ => Err(undecodable("total_count")),
    }
}

fn read_items(items: &[Value]) -> Result<Vec<Summary>, &'static str> {
    let mut ips = Vec::new();
    for ip in items {
        ips.push(Summary::read(ip, Spelling::SnakeCase)?);
    }
    Ok(ips)
}

/// The error of a body whose field is not as the API promises.
pub(super) fn undecodable(field: &'static str) -> Error {
    Error::Decode(text!("its field ", field, " is not as promised"))
}
