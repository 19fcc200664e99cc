//! Any query and any body, for every operation, with the ids of what there is.
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
// What follows the first line is the body; a line before it is the query.
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
        // Bytes that are no text come as they are now and then.
        let body = if choice & 8 == 0 { fill(body).into_bytes() } else { rest.to_vec() };
        let request = Request {
            method: method.to_owned(),
            target: fill(&format!("{ROOT}{tail}?{query}")),
            headers: Vec::new(),
            body,
        };
        let reply = emulator.handle(&request, world::NOW);
        assert!(reply.status < 600, "{reply:?}");
        assert!(serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok(), "{reply:?}");
        let changed = Changed::by(&request, &reply);
        if changed == Changed::Yes {
            world::is_usable(emulator);
        }
        changed
    });
});
