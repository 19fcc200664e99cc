//! The page that lists what the emulator assumes, made from the settings' own comments.

use std::fmt::Write;

use super::settings::{Evidence, FIELDS, Settings};
use super::timing::Delays;

/// What is assumed without a setting of its own.
const FIXED: &[&str] = &[
    "Several IPs that one request attaches or detaches arrive, or leave, at the same moment.",
    "An IP that is detached alone out of its MAC group loses the MAC address at once, not at the end.",
    "An IP without MAC group that is deleted while attached is `detaching` to its end; a member of a group \
     loses its MAC address on the way and is `updating` then.",
    "Moving a MAC address away from an attached IP takes it away at once; only the destination is `updating`.",
    "Every write to an IP moves the date of its MAC address, too. It was seen to for PATCH and DELETE.",
    "Moving a MAC address writes the date of the destination. That it leaves the source's alone was seen.",
    "A create in a Project that is not yours is refused with 403.",
    "A bare 429 has the headers of every other answer, but for the type of a body.",
    "Servers of a zone are found in that zone only, so an IP of another zone cannot be attached to them.",
    "A list that asks for another Organization, or a Project without IPs, is empty.",
    "An empty query argument is as good as none, except for `tags`.",
    "The body of `permissions_denied` names the action `read` for every operation. Only reads were seen.",
    "A request without any token is refused with the method `unknown_method`.",
    "Malformed JSON is refused as `invalid_arguments`, the argument being called `body`.",
    "The status of an IP becomes `error` or `locked` only by order (`force_status`): nobody saw either. \
     A locked IP refuses writes with 423.",
];

/// The page `docs/emulator-assumptions.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# What the emulator assumes\n\n\
         <!-- Made from src/emulator/settings.rs by `UPDATE=1 cargo test --test assumptions`. -->\n\n\
         The emulator behaves as the real service was recorded to behave. Where nobody recorded it, a setting \
         decides, and its default is our best guess. The settings' names are those of the emulator's options \
         in JavaScript.\n",
    );
    let sections = [
        (Evidence::Unknown, "Unknown", "No evidence was found anywhere."),
        (Evidence::Inferred, "Inferred", "It follows from something that was seen."),
        (
            Evidence::Documented,
            "Documented",
            "The service's documentation says so; nobody recorded it.",
        ),
        (Evidence::Seen, "Seen both ways", "Each alternative was recorded at some time."),
        (Evidence::Choice, "Set up", "Not about the service."),
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
        "\n## Delays\n\nWhat `timing: \"recorded\"` means, in milliseconds: smallest, median, largest. \
         `timing: {\"attach\": 3000}` sets one, and all others to nothing.\n\n\
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
