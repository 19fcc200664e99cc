//! A page that lists flexible IPs, creates one, and attaches one to a server. Its origin has a proxy that
//! holds the key.

use flexip::web::{
    AttachFlexibleIpRequest, Client, CreateFlexibleIpRequest, Error, FlexibleIp,
    GetFlexibleIpRequest, ListFlexibleIpsRequest, Options,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The Project of the emulator with the seed 1.
const PROJECT: &str = "24014d9f-06eb-4103-9c10-4f70f5f76545";

fn client() -> Result<Client, Error> {
    Client::new(Options {
        base_url: Some("/api".to_owned()),
        default_zone: Some("fr-par-1".to_owned()),
        default_project_id: Some(PROJECT.to_owned()),
        default_page_size: Some(2),
        ..Options::default()
    })
}

#[derive(Clone)]
enum Action {
    List,
    Create,
    Attach(String, String),
}

/// Carries out an action, and reads all pages of the list.
async fn carry_out(client: &Client, action: Action) -> Result<Vec<FlexibleIp>, Error> {
    match action {
        Action::List => {}
        Action::Create => {
            client.create_flexible_ip(&CreateFlexibleIpRequest::default()).await?;
        }
        Action::Attach(fip_id, server_id) => {
            let fips_ids = vec![fip_id.clone()];
            let attach = AttachFlexibleIpRequest { fips_ids, server_id, ..Default::default() };
            client.attach_flexible_ip(&attach).await?;
            let get = GetFlexibleIpRequest { fip_id, ..Default::default() };
            client.wait_for_flexible_ip(&get).await?;
        }
    }
    let mut list = client.flexible_ips(&ListFlexibleIpsRequest::default());
    let mut ips = Vec::new();
    while let Some(ip) = list.next().await {
        ips.push(ip?);
    }
    Ok(ips)
}

#[component]
fn Page() -> Html {
    let ips = use_state(Vec::<FlexibleIp>::new);
    let error = use_state(String::new);
    let server = use_node_ref();
    let act = {
        let (ips, error) = (ips.clone(), error.clone());
        Callback::from(move |action| {
            let (ips, error) = (ips.clone(), error.clone());
            spawn_local(async move {
                let client = client();
                let listed = match &client {
                    Ok(client) => carry_out(client, action).await,
                    Err(error) => Err(error.clone()),
                };
                match listed {
                    Ok(listed) => {
                        ips.set(listed);
                        error.set(String::new());
                    }
                    Err(failed) => error.set(failed.to_string()),
                }
            });
        })
    };
    {
        let act = act.clone();
        use_effect_with((), move |()| act.emit(Action::List));
    }
    let of_rows = act.clone();
    let row = |ip: &FlexibleIp| {
        let (act, server, id) = (of_rows.clone(), server.clone(), ip.id.clone());
        let attach = Callback::from(move |_: MouseEvent| {
            let server = server.cast::<HtmlInputElement>().map(|input| input.value());
            act.emit(Action::Attach(id.clone(), server.unwrap_or_default()));
        });
        html! {
            <li key={ip.id.clone()}>
                { format!("{} {}", ip.ip_address, ip.status) }
                <button onclick={attach}>{ "Attach" }</button>
            </li>
        }
    };
    let create = Callback::from(move |_: MouseEvent| act.emit(Action::Create));
    html! {
        <main>
            <button id="create" onclick={create}>{ "Create" }</button>
            <label>{ "Server" }<input ref={server.clone()} /></label>
            <ul>{ for ips.iter().map(row) }</ul>
            <p role="alert">{ (*error).clone() }</p>
        </main>
    }
}

fn main() {
    yew::Renderer::<Page>::new().render();
}
