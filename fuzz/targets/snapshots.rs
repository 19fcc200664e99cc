//! Any text as a snapshot, and a valid snapshot with changes. It is refused, or restored; then the emulator
//! must work with the restored state.
#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;
use world::{Changed, Start, end};

static START: Start = Start::new();

// If the lowest bit of the first byte is set, the rest is the snapshot. Otherwise the rest is a list of changes
// to a valid one: the offset (two bytes), the number of bytes to remove (one byte), the number of bytes to
// insert (one byte), and these bytes.
fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    START.with(|emulator| {
        let text = if choice & 1 == 1 { rest.to_vec() } else { changed(START.snapshot(), rest) };
        let text = String::from_utf8_lossy(&text);
        if emulator.restore(&text).is_err() {
            // Writing a snapshot is slow: compare for some inputs only.
            if choice & 0xf0 == 0 {
                assert_eq!(
                    emulator.snapshot(end()).unwrap(),
                    START.snapshot(),
                    "a refused snapshot changes nothing"
                );
            }
            return Changed::No;
        }
        if choice & 6 == 0 {
            world::works_through_everything(emulator);
        }
        let again = emulator.snapshot(end()).unwrap();
        emulator.restore(&again).expect("a written snapshot can be restored");
        assert_eq!(emulator.snapshot(end()).unwrap(), again);
        Changed::Yes
    });
});

fn changed(snapshot: &str, mut edits: &[u8]) -> Vec<u8> {
    let mut text = snapshot.as_bytes().to_vec();
    while let [high, low, removed, count, rest @ ..] = edits {
        let offset = usize::from(u16::from_be_bytes([*high, *low])) % text.len().max(1);
        let end = (offset + usize::from(removed % 16)).min(text.len());
        let (new, rest) = rest.split_at(usize::from(count % 9).min(rest.len()));
        text.splice(offset..end, new.iter().copied());
        edits = rest;
    }
    text
}
