//! One exchange: a request that is sent with `fetch`, and its response.
//!
//! gloo-net builds the request. Its own `send` traps on what a `fetch` of others can do (it throws, gives a
//! plain object, rejects with a text), so the request is sent and the response is read here.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use gloo_net::http::{Method as HttpMethod, RequestBuilder};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestRedirect};

use super::secrets::Secrets;
use super::thrown::{is_unsent, message_of};
use super::timers::Sleep;
use crate::edge::response_headers;
use crate::error::Error;
use crate::flow::SendRequest;
use crate::model::parts::start_of;
use crate::model::time::Millis;
use crate::wire::http::{Method, ResponseHeaders};

#[wasm_bindgen]
extern "C" {
    /// What `fetch` gave: mostly a `Response`, but it may be anything.
    type Answer;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn text(this: &Answer) -> Result<JsValue, JsValue>;
}

/// The most characters of a body that is not JSON, and of a message.
const TEXT_MAX: usize = 400;

/// What an exchange sends besides the request.
pub(super) struct Sending {
    /// The URL of the API, without a final slash.
    pub(super) base_url: String,
    /// The headers; of several with one name the last counts.
    pub(super) headers: Vec<(String, String)>,
    /// The `fetch` of the options.
    pub(super) fetch: Option<Function>,
    /// What no text may repeat.
    pub(super) secrets: Secrets,
}

/// A response.
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The headers that a rule reads.
    pub(super) headers: ResponseHeaders,
    /// The body.
    pub(super) body: ReplyBody,
}

/// The body of a response.
pub(super) enum ReplyBody {
    Empty,
    Json(serde_json::Value),
    Text(String),
}

/// Sends a request and reads its response. Dropping the future aborts the request.
pub(super) async fn exchange(sending: Sending, send: SendRequest) -> Result<Reply, Error> {
    let withheld = |text: &str| {
        let text = start_of(&sending.secrets.clean(text), TEXT_MAX).to_owned();
        Error::Withheld(Box::new(Error::Connection(text)))
    };
    let fetch = sending.fetch.clone().or_else(global_fetch);
    let fetch = fetch.ok_or_else(|| withheld("there is no fetch here: set the option fetch"))?;
    let mut abort = AbortOnDrop(AbortController::new().ok());
    // A platform that does not know the field `cache` refuses it.
    let request = build(&sending, &send, &abort, true)
        .or_else(|_| build(&sending, &send, &abort, false))
        .map_err(|error| withheld(&error.to_string()))?;
    let response = within(send.timeout, receive(&fetch, &request, &sending.secrets)).await;
    if !matches!(response, Err(Error::Timeout(_))) {
        abort.0 = None;
    }
    response
}

/// Aborts a request that is still under way.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

fn global_fetch() -> Option<Function> {
    Reflect::get(&js_sys::global(), &"fetch".into()).ok()?.dyn_into().ok()
}

fn build(
    sending: &Sending,
    send: &SendRequest,
    abort: &AbortOnDrop,
    sets_cache: bool,
) -> Result<web_sys::Request, gloo_net::Error> {
    let url = [&sending.base_url, send.request.target().as_str()].concat();
    let signal = abort.0.as_ref().map(AbortController::signal);
    let mut builder = RequestBuilder::new(&url)
        .method(match send.request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Patch => HttpMethod::PATCH,
            Method::Delete => HttpMethod::DELETE,
        })
        // A redirection that is followed could carry the key to another host.
        .redirect(RequestRedirect::Manual)
        .abort_signal(signal.as_ref());
    if sets_cache {
        // A response from a cache says nothing about now: waits would poll an old state for ever.
        builder = builder.cache(RequestCache::NoStore);
    }
    // The core has checked names and values, so setting them does not trap.
    for (name, value) in &sending.headers {
        builder = builder.header(name, value);
    }
    let request = match &send.request.body {
        Some(body) => builder.header("Content-Type", "application/json").body(body.as_str())?,
        None => builder.build()?,
    };
    Ok(request.into())
}

/// Ends the work with a timeout if it takes longer.
async fn within<T>(
    limit: Millis,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let (mut work, mut timeout) = (pin!(work), pin!(Sleep::new(limit)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(ended) => Poll::Ready(ended),
        Poll::Pending => timeout.as_mut().poll(context).map(|()| Err(Error::Timeout(limit))),
    })
    .await
}

async fn receive(
    fetch: &Function,
    request: &web_sys::Request,
    secrets: &Secrets,
) -> Result<Reply, Error> {
    let broken = |thrown: JsValue| {
        let text = secrets.clean(&message_of(&thrown));
        let error = Error::Connection(start_of(&text, TEXT_MAX).to_owned());
        if is_unsent(&thrown) { Error::Unsent(Box::new(error)) } else { error }
    };
    let no_response = || {
        let text = "fetch gave a redirection, or something that is no Response";
        Error::Connection(text.to_owned())
    };
    let sent = fetch.call1(&JsValue::UNDEFINED, request).map_err(broken)?;
    let answer = JsFuture::from(Promise::resolve(&sent)).await.map_err(broken)?;
    if !answer.is_object() {
        return Err(no_response());
    }
    let answer: Answer = answer.unchecked_into();
    // An opaque redirection has the status 0.
    let status = answer.status().map_err(broken)?.as_f64().unwrap_or_default();
    if !(100.0..1000.0).contains(&status) || status.fract() != 0.0 {
        return Err(no_response());
    }
    let read = answer.text().map_err(broken)?;
    let text = JsFuture::from(Promise::resolve(&read)).await.map_err(broken)?;
    let text = text.as_string().ok_or_else(no_response)?;
    let status = status as u16;
    let is_success = (200..300).contains(&status);
    // Some gateways repeat the request in the body or the headers of a refusal.
    let text = if is_success { text } else { secrets.clean(&text) };
    let header = |name| {
        let headers = answer.headers().ok()?;
        let get: Function = Reflect::get(&headers, &"get".into()).ok()?.dyn_into().ok()?;
        let value = get.call1(&headers, &JsValue::from_str(name)).ok()?.as_string()?;
        Some(if is_success { value } else { secrets.clean(&value) })
    };
    let request_id = header("x-request-id");
    let timing = [header("retry-after-ms"), header("retry-after"), header("date")];
    let headers = response_headers(
        is_success,
        request_id.as_deref(),
        timing.each_ref().map(Option::as_deref),
    );
    Ok(Reply { status, headers, body: read_body(&text, secrets) })
}

fn read_body(text: &str, secrets: &Secrets) -> ReplyBody {
    // Some gateways put a byte order mark before the JSON, and not every `fetch` removes it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return ReplyBody::Empty;
    }
    match serde_json::from_str(text) {
        Ok(json) => ReplyBody::Json(json),
        Err(_) => ReplyBody::Text(start_of(&secrets.clean(text), TEXT_MAX).to_owned()),
    }
}
