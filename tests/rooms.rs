//! The structure of the tree: the rooms of `src/` use only the rooms that `docs/architecture.md`
//! allows them, files form no circles, and the map names what there is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "rooms/circles.rs"]
mod circles;
#[path = "rooms/map.rs"]
mod map;
#[path = "support/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

use source::{root, shown};

/// The rooms that each room may use.
type Rules = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_room_uses_one_that_it_may_not() {
    let rules = rules();
    let mut breaches = Vec::new();
    for room in rooms() {
        let allowed = rules.get(&room).cloned().unwrap_or_default();
        for file in rust_files(&root().join("src").join(&room)) {
            for (line, used) in uses(&read_to_string(&file).unwrap()) {
                if used != room && !allowed.contains(&used) {
                    breaches.push(format!("{}:{line} uses {used}", shown(&file)));
                }
            }
        }
    }
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn no_path_climbs_out_of_its_room() {
    let mut found = Vec::new();
    for room in rooms() {
        let folder = root().join("src").join(&room);
        for file in rust_files(&folder) {
            let inside = file.strip_prefix(&folder).unwrap();
            // The module of a file is one below its folder; `mod.rs` is the module of the folder.
            let depth = inside.components().count() - usize::from(inside.ends_with("mod.rs"));
            for (place, line) in read_to_string(&file).unwrap().lines().enumerate() {
                // An indented line may be in a module inside the file, such as `tests`.
                let depth = depth + usize::from(line.starts_with(' '));
                if supers(line) > depth {
                    found.push(format!("{}:{}: {}", shown(&file), place + 1, line.trim()));
                }
            }
        }
    }
    assert!(found.is_empty(), "write crate::<room> instead:\n{}", found.join("\n"));
}

#[test]
fn the_map_names_every_room_and_no_other() {
    let mapped: BTreeSet<String> = rules().into_keys().collect();
    assert_eq!(mapped, rooms(), "docs/architecture.md on the left, src/ on the right");
}

/// These limits hold even if the table of the map is changed.
#[test]
fn the_map_keeps_the_halves_apart() {
    let rules = rules();
    let may_use = |room: &str| rules[room].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(may_use("model"), [""; 0]);
    assert_eq!(may_use("wire"), ["model"]);
    assert_eq!(may_use("emulator"), ["model", "wire"]);
    for room in ["error", "ops", "policy", "flow"] {
        let allowed = rules.get(room).cloned().unwrap_or_default();
        assert!(!allowed.contains("emulator") && !allowed.contains("wasm"), "{room}");
    }
}

#[test]
fn a_room_is_found_in_every_form_of_path() {
    let text = "use crate::wire::json;\n// crate::policy\nlet x = crate::ops::check();\nuse crate::{\n    flow::{self, Step},\n    error::Error,\n};\n";
    let found: Vec<(usize, String)> = uses(text);
    let found: Vec<(usize, &str)> =
        found.iter().map(|(line, room)| (*line, room.as_str())).collect();
    assert_eq!(found, [(1, "wire"), (3, "ops"), (4, "flow"), (4, "error")]);
}

/// The rows of the table under "The rooms of src/".
fn rules() -> Rules {
    let page = read_to_string(root().join("docs/architecture.md")).unwrap();
    let section = page.split("## ").find(|part| part.starts_with("The rooms of src/")).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.split('|').skip(1);
        let room = quoted(cells.next().unwrap_or_default());
        let allowed = match cells.next().unwrap_or_default().trim() {
            "every room" => rooms().into_iter().collect(),
            names => quoted(names),
        };
        (room.into_iter().next().unwrap(), allowed.into_iter().collect())
    })
    .collect()
}

/// The words in backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The folders of `src/` that hold code.
fn rooms() -> BTreeSet<String> {
    read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !rust_files(path).is_empty())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The rooms that a file names by `crate::`, each with its line. Comments do not count.
fn uses(text: &str) -> Vec<(usize, String)> {
    let code: Vec<&str> = text
        .lines()
        .map(|line| if line.trim_start().starts_with("//") { "" } else { line })
        .collect();
    let code = code.join("\n");
    let places = code.match_indices("crate::").map(|(place, found)| (place, place + found.len()));
    places
        .flat_map(|(place, end)| {
            let line = code[..place].matches('\n').count() + 1;
            named(&code[end..]).into_iter().map(move |room| (line, room))
        })
        .collect()
}

/// The number of `super` at the start of the first such path of a line.
fn supers(line: &str) -> usize {
    let path = line.find("super::").map_or("", |place| &line[place..]);
    path.split("::").take_while(|part| *part == "super").count()
}

/// The first name of a path, or the first names of a group in braces.
fn named(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut names = Vec::new();
    let mut depth = 1;
    let mut begins = true;
    for (place, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => begins = true,
            _ if depth == 1 && begins && !character.is_whitespace() => {
                names.push(word(&group[place..]));
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}
