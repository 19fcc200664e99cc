//! The page `docs/emulator-assumptions.md`, written from the doc comments of the settings.

use std::fmt::Write;

use crate::emulator::settings::timing::Delays;
use crate::emulator::settings::{Evidence, FIELDS, Settings};

/// The assumptions that no setting changes.
const FIXED: &[&str] = &[
    "Several flexible IPs of one attach or detach end their transition at the same moment.",
    "A member of a MAC group that is detached alone loses the MAC address at once, not at the end of the transition.",
    "An attached flexible IP without MAC group is `detaching` until it is deleted. A member of a MAC group loses \
     its MAC address before the end and is `updating` from then on.",
    "Moving a MAC address from an attached flexible IP removes it there at once; only the destination is `updating`.",
    "Every write to a flexible IP also changes the `updated_at` of its MAC address. For PATCH and DELETE that was seen.",
    "Moving a MAC address changes the `updated_at` of the destination. That the source keeps its own was seen.",
    "A create in a Project of another Organization is refused with 403.",
    "A bare 429 has the headers of every other response, except `Content-Type`.",
    "A server is known in its own zone only, so a flexible IP of another zone cannot be attached to it.",
    "A list for another Organization, or for a Project without flexible IPs, is empty.",
    "An empty query argument is ignored, except for `tags`.",
    "The body of `permissions_denied` names the action `read` for every operation. Only reads were recorded.",
    "A request without any token is refused with the method `unknown_method`.",
    "Malformed JSON is refused with `invalid_arguments` and the argument name `body`.",
    "A flexible IP gets the status `error` or `locked` only by `forceStatus` or from `population`: neither was ever \
     seen. Writes to a locked one are refused with 423.",
    "Tags, and the names of servers, have no limit but that of the body: their number and length are in no document \
     and in no recording. A description has at most 255 characters, as documented.",
];

/// The page `docs/emulator-assumptions.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# What the emulator assumes\n\n\
         <!-- Made from src/emulator/settings/ by `UPDATE=1 cargo test --test assumptions`. -->\n\n\
         The emulator behaves as the recordings of the real service show. Where there is no recording, a setting \
         decides, and its default is the most likely behaviour. The names are those of the emulator's options in \
         JavaScript.\n",
    );
    let sections = [
        (Evidence::Unknown, "Unknown", "No evidence was found."),
        (Evidence::Inferred, "Inferred", "The default follows from something that was recorded."),
        (
            Evidence::Documented,
            "Documented",
            "The service's documentation says so; it was not recorded.",
        ),
        (Evidence::Seen, "Seen both ways", "Each alternative was recorded at some time."),
        (
            Evidence::Choice,
            "Set-up",
            "These settings are about the emulator, not about the service.",
        ),
    ];
    let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
    for (evidence, title, sentence) in sections {
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            "\n## {title}\n\n{sentence}\n\n| setting | default | what it decides |\n|---|---|---|\n"
        );
        for (name, comment, _) in FIELDS.iter().filter(|(_, _, of)| *of == evidence) {
            let name = camel_case(name);
            let default =
                defaults.get(&name).map_or_else(|| "none".to_owned(), ToString::to_string);
            let _ = writeln!(page, "| `{name}` | `{default}` | {} |", sentence_of(comment));
        }
    }
    page.push_str("\n## Without a setting\n\n");
    for assumption in FIXED {
        let _ = writeln!(page, "- {assumption}");
    }
    page.push_str(
        "\n## Delays\n\nThe delays of `timing: \"recorded\"`, in milliseconds. `timing: {\"attach\": 3000}` sets one delay, and all \
         others to zero.\n\n\
         | delay | smallest | median | largest | what it is |\n|---|---|---|---|---|\n",
    );
    for (name, comment, spread) in Delays::recorded().named() {
        let (name, what) = (camel_case(name), sentence_of(comment));
        let (min, median, max) = (spread.min, spread.median, spread.max);
        let _ = writeln!(page, "| `{name}` | {min} | {median} | {max} | {what} |");
    }
    page
}

fn sentence_of(comment: &[&str]) -> String {
    comment.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut characters = part.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    camel
}
