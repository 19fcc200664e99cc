//! The page about the emulator's assumptions agrees with the settings.
#![cfg(feature = "emulator")]

use std::path::Path;

#[test]
fn the_committed_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/emulator-assumptions.md");
    let page = flexip::emulator::assumptions::page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page,
        "run `UPDATE=1 cargo test --test assumptions` and review the change"
    );
}
