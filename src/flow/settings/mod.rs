//! The client's options and the options of a call, checked. No message repeats a secret.
//!
//! | file | what it reads |
//! |---|---|
//! | `client` | `Settings`: the options of the client |
//! | `call` | `CallSettings`: the options of a call |
//! | `retry` | the option `retry` |
//! | `base_url` | the option `baseUrl` |
//! | `credentials` | the options `secretKey` and `sessionToken` |
//! | `headers` | the options `headers` and `userAgentSuffix` |
//! | `options` | what the options of the client and of a call share: timeouts, functions |

mod base_url;
mod call;
mod client;
mod credentials;
mod headers;
mod options;
mod retry;

pub use base_url::SERVICE_URL;
pub use call::CallSettings;
pub use client::{BUDGET_DEFAULT, Settings, TIMEOUT_DEFAULT, TOTAL_TIMEOUT_DEFAULT};
pub use credentials::is_credential;
pub use retry::RetrySettings;

#[cfg(test)]
mod tests;
