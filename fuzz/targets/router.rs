//! Any method, target, headers and body, sent to an emulator with servers and flexible IPs.
#![no_main]

mod world;

use flexip::emulator::Request;
use libfuzzer_sys::fuzz_target;
use world::{Changed, ROOT, Start};

static START: Start = Start::new();

// The first byte chooses the method and the beginning of the target. The lines after it are the rest of the
// target, the name and the value of a header, and the body.
fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let mut lines = rest.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (target, name, value) = (text(line()), text(line()), text(line()));
    let methods = ["GET", "POST", "PATCH", "DELETE", "HEAD", "PUT", "", "get"];
    let begins = ["", ROOT, "/flexible-ip/v1alpha1/zones/", "/baremetal/v1/zones/"];
    let request = Request {
        method: methods[usize::from(choice & 7)].to_owned(),
        target: format!("{}{target}", begins[usize::from(choice >> 3 & 3)]),
        headers: vec![(name, value)],
        body: line().to_vec(),
    };
    START.with(|emulator| {
        let response = emulator.handle(&request, world::NOW);
        assert!((200..=599).contains(&response.status), "{response:?}");
        assert!(
            response.status == 204 || response.status == 500 || !response.body.is_empty(),
            "{response:?}"
        );
        let changed = Changed::by(&request, &response);
        if changed == Changed::Yes {
            world::is_usable(emulator);
        }
        changed
    });
});
