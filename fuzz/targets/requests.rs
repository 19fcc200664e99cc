//! Any query and any body, for every operation, with ids that exist.
#![no_main]

mod world;

use flexip::emulator::Request;
use libfuzzer_sys::fuzz_target;
use world::{Changed, ROOT, Start};

static START: Start = Start::new();

const TAILS: [(&str, &str); 8] = [
    ("GET", ""),
    ("POST", ""),
    ("POST", "/attach"),
    ("POST", "/detach"),
    ("PATCH", "/$1"),
    ("POST", "/$1/mac"),
    ("POST", "/$1/mac/duplicate"),
    ("POST", "/$1/mac/move"),
];

// The first byte chooses the operation. `$0` to `$4` in the rest are ids: two servers, two IPs, a Project.
// The first line is the query, the rest is the body.
fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let (method, tail) = TAILS[usize::from(choice & 7)];
    START.with(|emulator| {
        let ids = START.ids();
        let fill = |text: &str| {
            (0..5).fold(text.to_owned(), |text, id| text.replace(&format!("${id}"), &ids[id]))
        };
        let text = String::from_utf8_lossy(rest);
        let (query, body) = text.split_once('\n').unwrap_or((&text, ""));
        // Some inputs have the raw bytes as body, which need not be text.
        let body = if choice & 8 == 0 { fill(body).into_bytes() } else { rest.to_vec() };
        let request = Request {
            method: method.to_owned(),
            target: fill(&format!("{ROOT}{tail}?{query}")),
            headers: Vec::new(),
            body,
        };
        let response = emulator.handle(&request, world::NOW);
        assert!(response.status < 600, "{response:?}");
        assert!(
            serde_json::from_slice::<serde_json::Value>(&response.body).is_ok(),
            "{response:?}"
        );
        let changed = Changed::by(&request, &response);
        if changed == Changed::Yes {
            world::is_usable(emulator);
        }
        changed
    });
});
