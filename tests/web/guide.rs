//! The example of the guide to Rust.

#[path = "guide_example.rs"]
#[allow(unreachable_pub, reason = "the guide shows it as an application has it")]
mod example;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::service::recorded;

const GUIDE: &str = include_str!("../../docs/guides/rust.md");

#[wasm_bindgen_test]
async fn the_example_of_the_guide_does_what_it_says() {
    let block = format!("```rust\n{}```", include_str!("guide_example.rs"));
    assert!(GUIDE.contains(&block), "docs/guides/rust.md has another example");
    example::client().unwrap();
    let (service, client) = recorded();
    let [from, to] = ["metal-1", "metal-2"].map(|name| service.add_server(name));
    let address = example::create_on(&client, &from).await.unwrap();
    assert!(address.parse::<std::net::Ipv4Addr>().is_ok(), "{address}");
    assert_eq!(example::addresses(&client, "mail").await.unwrap(), [address]);
    assert_eq!(example::fail_over(&client, &from, &to).await.unwrap(), 1);
}
