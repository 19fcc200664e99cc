//! `docs/architecture.md` names every folder of `src/` and `js/`, and only files that exist.

use std::collections::BTreeSet;
use std::fs::{read_dir, read_to_string};
use std::path::Path;

use super::source::root;

#[test]
fn the_map_names_every_folder_of_two_levels() {
    let page = read_to_string(root().join("docs/architecture.md")).unwrap();
    let named = Map::of(&page, root()).folders;
    let missing: Vec<String> = folders(root()).difference(&named).cloned().collect();
    assert!(missing.is_empty(), "docs/architecture.md does not name: {}", missing.join(", "));
}

#[test]
fn every_file_and_folder_that_the_map_names_exists() {
    let page = read_to_string(root().join("docs/architecture.md")).unwrap();
    let map = Map::of(&page, root());
    assert!(map.files > 50, "only {} files were found on the map", map.files);
    assert!(map.missing.is_empty(), "docs/architecture.md:\n{}", map.missing.join("\n"));
}

#[test]
fn a_folder_that_is_not_named_and_a_file_that_does_not_exist_are_found() {
    let page = "# Map\n\n| `src/wire/` | `route.rs`, `http.rs` |\n| `model` | the nouns, `id.rs`, `gone.rs` |\n\n\
                See `wire/no-<operation>.rs`, `emulator/service/<operation>.rs`, `flexip/msw`, `/_emulator/` and `js/gone/`.\n";
    let map = Map::of(page, root());
    assert_eq!(
        map.missing,
        [
            "line 4: there is no gone.rs",
            "line 6: there is no wire/no-<operation>.rs",
            "line 6: there is no js/gone/",
        ]
    );
    assert_eq!(map.files, 4);
    let missing: Vec<String> = folders(root()).difference(&map.folders).cloned().collect();
    assert!(missing.contains(&"src/flow".to_owned()), "{missing:?}");
    assert!(missing.contains(&"src/emulator/service".to_owned()), "{missing:?}");
    assert!(
        !missing.contains(&"src/wire".to_owned()) && !missing.contains(&"src/model".to_owned())
    );
}

/// The files and folders that a page names in backticks.
///
/// A name with an extension is a file, a name that ends with a slash is a folder. Both may be given
/// from the root of the repository, from `src/` or `js/`, or from a folder that the same line names
/// before. `<operation>` stands for any name; `mod.rs` alone is the name of many files. The first cell of a table's row may name a room of
/// `src/` without a slash.
struct Map {
    folders: BTreeSet<String>,
    /// The number of files that exist.
    files: usize,
    missing: Vec<String>,
}

impl Map {
    fn of(page: &str, root: &Path) -> Self {
        let mut map = Self { folders: BTreeSet::new(), files: 0, missing: Vec::new() };
        for (number, line) in (1..).zip(page.lines()) {
            let mut bases = vec![String::new(), "src/".to_owned(), "js/".to_owned()];
            let first_cell = line.strip_prefix('|').and_then(|row| row.split('|').next());
            for room in first_cell.into_iter().flat_map(names) {
                if !room.contains(['/', '.']) && root.join("src").join(room).is_dir() {
                    map.folders.insert(format!("src/{room}"));
                    bases.push(format!("src/{room}/"));
                }
            }
            for name in names(line) {
                map.note(root, number, name, &mut bases);
            }
        }
        map
    }

    fn note(&mut self, root: &Path, line: usize, name: &str, bases: &mut Vec<String>) {
        let is_folder = name.ends_with('/') && !name.starts_with('/');
        if name == "mod.rs" || !is_folder && !is_file_name(name) {
            return;
        }
        let found =
            bases.iter().rev().map(|base| format!("{base}{name}")).find(|path| exists(root, path));
        let Some(path) = found else {
            self.missing.push(format!("line {line}: there is no {name}"));
            return;
        };
        let folder = path.rfind('/').map_or("", |end| &path[..=end]);
        if !folder.is_empty() {
            bases.push(folder.to_owned());
        }
        if is_folder {
            self.folders.insert(path.trim_end_matches('/').to_owned());
        } else {
            self.files += 1;
        }
    }
}

/// The words in backticks.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn is_file_name(name: &str) -> bool {
    let extensions = [".rs", ".ts", ".mjs", ".md", ".json"];
    let is_path = |character: char| character.is_alphanumeric() || "/._-<>".contains(character);
    extensions.iter().any(|extension| name.ends_with(extension)) && name.chars().all(is_path)
}

/// Whether a path exists; `<…>` in its last part stands for any name.
fn exists(root: &Path, path: &str) -> bool {
    let Some((before, rest)) = path.split_once('<') else { return root.join(path).exists() };
    let Some((_, after)) = rest.split_once('>') else { return false };
    let (folder, start) = before.rsplit_once('/').unwrap_or(("", before));
    let names = read_dir(root.join(folder)).into_iter().flatten().flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.any(|name| name != "mod.rs" && name.starts_with(start) && name.ends_with(after))
}

/// The folders of `src/` and `js/`, two levels of them.
fn folders(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for top in ["src", "js"] {
        for first in inside(root, top) {
            found.extend(inside(root, &first));
            found.insert(first);
        }
    }
    found
}

fn inside(root: &Path, folder: &str) -> Vec<String> {
    let entries = read_dir(root.join(folder)).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect()
}
