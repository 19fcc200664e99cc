//! Any text as a snapshot, and every snapshot with some of it changed. It is refused, or held: then the
//! emulator works on with whatever it says.
#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;
use world::{Changed, Start};

static START: Start = Start::new();

// An odd first byte: the rest is the snapshot. Else, where it is even, the rest is a list of changes to a good one: at which place,
// how many bytes go, and which come, each as two, one and up to eight bytes.
fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    START.with(|emulator| {
        let text = if choice & 1 == 1 { rest.to_vec() } else { changed(START.snapshot(), rest) };
        let text = String::from_utf8_lossy(&text);
        if emulator.restore(&text).is_err() {
            // Writing it out takes long: only now and then.
            if choice & 0xf0 == 0 {
                assert_eq!(
                    emulator.snapshot(),
                    START.snapshot(),
                    "what is refused changes nothing"
                );
            }
            return Changed::No;
        }
        if choice & 6 == 0 {
            world::works_through_everything(emulator);
        }
        let again = emulator.snapshot();
        emulator.restore(&again).expect("what was written is read");
        assert_eq!(emulator.snapshot(), again);
        Changed::Yes
    });
});

fn changed(snapshot: &str, mut edits: &[u8]) -> Vec<u8> {
    let mut text = snapshot.as_bytes().to_vec();
    while let [high, low, gone, count, rest @ ..] = edits {
        let place = usize::from(u16::from_be_bytes([*high, *low])) % text.len().max(1);
        let end = (place + usize::from(gone % 16)).min(text.len());
        let (new, rest) = rest.split_at(usize::from(count % 9).min(rest.len()));
        text.splice(place..end, new.iter().copied());
        edits = rest;
    }
    text
}
