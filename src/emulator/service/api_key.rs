//! The part of the IAM API that the `scw` command needs: it reads its API key, to warn before the key expires.

use crate::emulator::world::state::State;
use crate::wire::json::Json;

/// The access key in the path of a request for an API key; `None` for any other request.
pub(in crate::emulator) fn find<'path>(method: &str, path: &'path str) -> Option<&'path str> {
    let access_key = path.strip_prefix("/iam/v1alpha1/api-keys/")?;
    (method == "GET" && !access_key.is_empty() && !access_key.contains('/')).then_some(access_key)
}

/// An API key that never expires. Every access key is known, since requests carry the secret key only.
pub(in crate::emulator) fn read(access_key: &str, state: &State) -> Json {
    Json::Object(vec![
        ("access_key", Json::text(access_key)),
        ("secret_key", Json::Null),
        ("default_project_id", Json::text_or_null(state.projects.first())),
        ("expires_at", Json::Null),
    ])
}
