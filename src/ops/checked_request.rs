//! A request that passed every check that needs no network.

use super::lookup::Lookup;
use super::readback::Readback;
use super::rules::Preflight;
use crate::model::id::FlexibleIpId;
use crate::model::zone::Zone;
use crate::wire::http::Request;
use crate::wire::json::ObjectWriter;
use crate::wire::route::Operation;

/// A request that passed every check that needs no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRequest {
    /// The operation.
    pub operation: Operation,
    /// The zone that the request acts in.
    pub zone: Zone,
    /// The request to send.
    pub request: Request,
    /// The rule to check against the flexible IPs before the request is sent.
    pub preflight: Option<Preflight>,
    /// How to find out whether the request was carried out when its response is lost.
    pub readback: Readback,
    /// Finds what was created with the same idempotency key.
    pub lookup: Option<Lookup>,
    /// The flexible IP that the response must be about, where it is one.
    pub subject: Option<FlexibleIpId>,
}

impl CheckedRequest {
    /// A request with neither preflight nor readback.
    fn new(operation: Operation, zone: Zone, path: String) -> Self {
        let method = operation.route().method;
        let request = Request { method, path, query: String::new(), body: None };
        Self {
            operation,
            zone,
            request,
            preflight: None,
            readback: Readback::None,
            lookup: None,
            subject: None,
        }
    }

    /// A request on the zone's collection of flexible IPs.
    pub(super) fn on_collection(operation: Operation, zone: Zone) -> Self {
        let path = operation.collection_path(&zone);
        Self::new(operation, zone, path)
    }

    /// A request on one flexible IP.
    pub(super) fn on_ip(operation: Operation, zone: Zone, id: FlexibleIpId) -> Self {
        let path = operation.ip_path(&zone, id);
        Self { subject: Some(id), ..Self::new(operation, zone, path) }
    }

    pub(super) fn with_body(mut self, body: ObjectWriter) -> Self {
        self.request.body = Some(body.finish());
        self
    }

    pub(super) fn with_query(mut self, query: String) -> Self {
        self.request.query = query;
        self
    }

    pub(super) fn with_readback(mut self, readback: Readback) -> Self {
        self.readback = readback;
        self
    }

    pub(super) fn with_preflight(mut self, preflight: Option<Preflight>) -> Self {
        self.preflight = preflight;
        self
    }
}
