use flexip::web::{
    Client, CreateFlexibleIpRequest, Error, FailoverRequest, GetFlexibleIpRequest,
    ListFlexibleIpsRequest, Options,
};

/// A client of a proxy that holds the key.
pub fn client() -> Result<Client, Error> {
    Client::new(Options {
        base_url: Some("/api/flexip".to_owned()),
        default_zone: Some("fr-par-1".to_owned()),
        default_project_id: Some("6867048b-fe12-4e96-835e-41c79a39604b".to_owned()),
        ..Options::default()
    })
}

/// Creates a flexible IP on a server, and returns its address once it is attached.
pub async fn create_on(client: &Client, server_id: &str) -> Result<String, Error> {
    let created = client
        .create_flexible_ip(&CreateFlexibleIpRequest {
            server_id: Some(server_id.to_owned()),
            tags: Some(vec!["mail".to_owned()]),
            ..Default::default()
        })
        .await?;
    let request = GetFlexibleIpRequest { fip_id: created.id, ..Default::default() };
    let attached = client.wait_for_flexible_ip(&request).await?;
    Ok(attached.ip_address)
}

/// The addresses with a tag, page after page.
pub async fn addresses(client: &Client, tag: &str) -> Result<Vec<String>, Error> {
    let tags = Some(vec![tag.to_owned()]);
    let mut ips = client.flexible_ips(&ListFlexibleIpsRequest { tags, ..Default::default() });
    let mut addresses = Vec::new();
    while let Some(ip) = ips.next().await {
        addresses.push(ip?.ip_address);
    }
    Ok(addresses)
}

/// Moves everything from one server to another. A move that is incomplete is continued once.
pub async fn fail_over(client: &Client, from: &str, to: &str) -> Result<usize, Error> {
    let request = FailoverRequest {
        from_server_id: from.to_owned(),
        to_server_id: to.to_owned(),
        ..Default::default()
    };
    match client.failover(&request).await {
        Ok(moved) => Ok(moved.len()),
        Err(error) => match error.resume() {
            Some(rest) if error.is_retryable() => Ok(client.ensure_attached(&rest).await?.len()),
            _ => Err(error),
        },
    }
}
