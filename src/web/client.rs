//! The client: a method for each operation, and the waits and moves.

use std::fmt;

use serde::Serialize;

use super::calls::{CHANGES, CHANGES_LISTS, Calls, Changes, READS};
use super::error::Error;
use super::lists::{FlexibleIps, Pages};
use super::options::{CallOptions, Options};
use super::requests::{
    AttachFlexibleIpRequest, CreateFlexibleIpRequest, DeleteFlexibleIpRequest,
    DeleteMacAddrRequest, DetachFlexibleIpRequest, DuplicateMacAddrRequest, EnsureAttachedRequest,
    FailoverRequest, GenerateMacAddrRequest, GetFlexibleIpRequest, ListFlexibleIpsRequest,
    MoveMacAddrRequest, UpdateFlexibleIpRequest, WaitForFlexibleIpsRequest,
};
use super::results::{FlexibleIp, Page};
use crate::flow::PlanStep;

/// A client of the Flexible IP API. Clones are the same client.
///
/// Every request is checked before it is sent. One that breaks a rule fails with all its problems, and nothing
/// is sent. A future that is dropped sends nothing more; what it has sent may have been done.
///
/// ```no_run
/// # async fn example(client: flexip::web::Client) -> Result<(), flexip::web::Error> {
/// use flexip::web::{AttachFlexibleIpRequest, GetFlexibleIpRequest, ListFlexibleIpsRequest};
///
/// let mut ips = client.flexible_ips(&ListFlexibleIpsRequest::default());
/// while let Some(ip) = ips.next().await {
///     println!("{}", ip?.ip_address);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Calls);

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Client")
    }
}

/// A request of a move that is not carried out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DryRun<'a, T> {
    #[serde(flatten)]
    request: &'a T,
    dry_run: bool,
}

impl Client {
    /// A client with these options. Fails with all options that are invalid.
    pub fn new(options: Options) -> Result<Self, Error> {
        Calls::new(options).map(Self)
    }

    /// The same client with these options for its calls.
    ///
    /// ```no_run
    /// # async fn example(client: flexip::web::Client) -> Result<(), flexip::web::Error> {
    /// use flexip::web::{CallOptions, CreateFlexibleIpRequest};
    ///
    /// let options = CallOptions { idempotency_key: Some("order-17".to_owned()), ..Default::default() };
    /// let request = CreateFlexibleIpRequest::default();
    /// let ip = client.with_options(&options).create_flexible_ip(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_options(&self, options: &CallOptions) -> Self {
        Self(self.0.with(options))
    }

    /// Lists one page of a zone's flexible IPs, of 20 unless a size is set. See [`flexible_ips`](Self::flexible_ips)
    /// for all pages.
    pub async fn list_flexible_ips(&self, request: &ListFlexibleIpsRequest) -> Result<Page, Error> {
        self.0.run("listFlexibleIPs", "", request, READS).await?.checked()?.body()
    }

    /// The flexible IPs of a zone over all pages, as a stream that reads a page at a time. It gives each flexible
    /// IP once, and misses none that existed throughout as long as the total shows each change.
    pub fn flexible_ips(&self, request: &ListFlexibleIpsRequest) -> FlexibleIps {
        FlexibleIps::new(self.pages(request))
    }

    /// The pages of a list, as a stream. A page leaves out the flexible IPs of the pages before it.
    pub fn pages(&self, request: &ListFlexibleIpsRequest) -> Pages {
        Pages::new(self.0.clone(), request)
    }

    /// Reads all flexible IPs of a zone, several pages at a time.
    pub async fn all_flexible_ips(
        &self,
        request: &ListFlexibleIpsRequest,
    ) -> Result<Vec<FlexibleIp>, Error> {
        self.0.run("listFlexibleIPs", "all", request, READS).await?.ips()
    }

    /// Creates a flexible IP. It is `ready` at once; with a server, it is `updating` until it is `attached`.
    pub async fn create_flexible_ip(
        &self,
        request: &CreateFlexibleIpRequest,
    ) -> Result<FlexibleIp, Error> {
        self.ip("createFlexibleIP", request, CHANGES_LISTS).await
    }

    /// Reads one flexible IP. For one that was deleted, the service responds with a 403.
    pub async fn get_flexible_ip(
        &self,
        request: &GetFlexibleIpRequest,
    ) -> Result<FlexibleIp, Error> {
        self.0.run("getFlexibleIP", "", request, READS).await?.checked()?.body()
    }

    /// Changes description, tags or reverse. An absent field stays as it is; an empty one is cleared.
    pub async fn update_flexible_ip(
        &self,
        request: &UpdateFlexibleIpRequest,
    ) -> Result<FlexibleIp, Error> {
        self.ip("updateFlexibleIP", request, CHANGES).await
    }

    /// Deletes a flexible IP. One that is attached is `detaching` for some seconds before it is gone.
    pub async fn delete_flexible_ip(&self, request: &DeleteFlexibleIpRequest) -> Result<(), Error> {
        self.nothing("deleteFlexibleIP", request, CHANGES_LISTS).await
    }

    /// Attaches one flexible IP, or one whole MAC group, to a server of its zone. The result is `updating`.
    pub async fn attach_flexible_ip(
        &self,
        request: &AttachFlexibleIpRequest,
    ) -> Result<Page, Error> {
        self.0.run("attachFlexibleIP", "", request, CHANGES).await?.body()
    }

    /// Detaches one flexible IP, or one whole MAC group. One that is not attached stays as it is.
    pub async fn detach_flexible_ip(
        &self,
        request: &DetachFlexibleIpRequest,
    ) -> Result<Page, Error> {
        self.0.run("detachFlexibleIP", "", request, CHANGES).await?.body()
    }

    /// Gives a flexible IP a new virtual MAC address.
    pub async fn generate_mac_addr(
        &self,
        request: &GenerateMacAddrRequest,
    ) -> Result<FlexibleIp, Error> {
        self.ip("generateMACAddr", request, CHANGES).await
    }

    /// Takes the virtual MAC address from a flexible IP.
    pub async fn delete_mac_addr(&self, request: &DeleteMacAddrRequest) -> Result<(), Error> {
        self.nothing("deleteMACAddr", request, CHANGES).await
    }

    /// Gives `fip_id` the virtual MAC address of `duplicate_from_fip_id`, and resolves with `fip_id`. Reads both
    /// first, and fails if they are not attached to the same server.
    pub async fn duplicate_mac_addr(
        &self,
        request: &DuplicateMacAddrRequest,
    ) -> Result<FlexibleIp, Error> {
        self.ip("duplicateMACAddr", request, CHANGES).await
    }

    /// Moves the virtual MAC address of `fip_id` to `dst_fip_id`, and resolves with `dst_fip_id`.
    pub async fn move_mac_addr(&self, request: &MoveMacAddrRequest) -> Result<FlexibleIp, Error> {
        self.ip("moveMACAddr", request, CHANGES).await
    }

    /// Waits until the flexible IP is at rest: `ready` on no server or `attached` to one, without a transition of
    /// its virtual MAC address. A failed poll is repeated. Fails with the last known state when the timeout has
    /// passed, or when the flexible IP is stuck or gone.
    pub async fn wait_for_flexible_ip(
        &self,
        request: &GetFlexibleIpRequest,
    ) -> Result<FlexibleIp, Error> {
        self.ip("waitForFlexibleIP", request, READS).await
    }

    /// Waits for several flexible IPs of one zone. The result has the order of the request. Each poll is one list.
    pub async fn wait_for_flexible_ips(
        &self,
        request: &WaitForFlexibleIpsRequest,
    ) -> Result<Vec<FlexibleIp>, Error> {
        self.0.run("waitForFlexibleIPs", "", request, READS).await?.ips()
    }

    /// Waits until a deleted flexible IP is gone: the API refuses to read it, and a whole list of its zone does not
    /// have it.
    pub async fn wait_until_deleted(&self, request: &GetFlexibleIpRequest) -> Result<(), Error> {
        self.nothing("waitUntilDeleted", request, READS).await
    }

    /// Creates a flexible IP and waits until it is attached to the server of the request, which is required.
    pub async fn create_and_attach(
        &self,
        request: &CreateFlexibleIpRequest,
    ) -> Result<FlexibleIp, Error> {
        self.ip("createAndAttach", request, CHANGES_LISTS).await
    }

    /// Moves flexible IPs to a server and waits until they are attached. Fails with the state of each of them
    /// ([`Error::moves`]), and with the request that continues the move ([`Error::resume`]).
    pub async fn ensure_attached(
        &self,
        request: &EnsureAttachedRequest,
    ) -> Result<Vec<FlexibleIp>, Error> {
        self.0.run("ensureAttached", "", request, CHANGES).await?.ips()
    }

    /// The steps that [`ensure_attached`](Self::ensure_attached) would take. It changes nothing.
    pub async fn plan_ensure_attached(
        &self,
        request: &EnsureAttachedRequest,
    ) -> Result<Vec<PlanStep>, Error> {
        let dry_run = DryRun { request, dry_run: true };
        Ok(self.0.run("ensureAttached", "", &dry_run, READS).await?.plan())
    }

    /// Moves the flexible IPs of one server to another, in whole MAC groups, all groups at the same time, and waits
    /// until they are attached. Nothing leaves its server if the other has no room for all, or does not exist.
    pub async fn failover(&self, request: &FailoverRequest) -> Result<Vec<FlexibleIp>, Error> {
        self.0.run("failover", "", request, CHANGES).await?.ips()
    }

    /// The steps that [`failover`](Self::failover) would take. It changes nothing.
    pub async fn plan_failover(&self, request: &FailoverRequest) -> Result<Vec<PlanStep>, Error> {
        let dry_run = DryRun { request, dry_run: true };
        Ok(self.0.run("failover", "", &dry_run, READS).await?.plan())
    }

    async fn ip(
        &self,
        method: &str,
        request: &impl Serialize,
        changes: Changes,
    ) -> Result<FlexibleIp, Error> {
        self.0.run(method, "", request, changes).await?.body()
    }

    async fn nothing(
        &self,
        method: &str,
        request: &impl Serialize,
        changes: Changes,
    ) -> Result<(), Error> {
        self.0.run(method, "", request, changes).await?;
        Ok(())
    }
}
