//! No circle between the files of `src/`, and none between those of `js/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;

use super::source::{Language, Part, files, is_word, only, parts, root};

/// The text of each file, by its path below the folder.
type Files = BTreeMap<String, String>;

/// The files that each file uses, with the line and the path of one use.
type Uses = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn the_files_of_src_form_no_circle() {
    assert_no_circle("src", &rust_uses(&read("src", "rs")));
}

#[test]
fn the_files_of_js_form_no_circle() {
    assert_no_circle("js", &script_uses(&read("js", "ts")));
}

#[test]
fn a_circle_is_found_through_every_form_of_use() {
    let forms = [
        "use crate::room::b::B;",
        "use super::b::{self, B};",
        "use super::{c::C, b};",
        "use super::B;",
        "fn f() -> super::b::B { todo!() }",
        "fn f() -> crate::room::B { todo!() }",
        "use crate::room;\nfn f() -> room::b::B { todo!() }",
        "use super::*;\nfn f(b: B) {}",
        "mod inner { use super::super::b::B; }",
    ];
    for form in forms {
        let planted = planted(form, "use super::a::A;\npub struct B;");
        assert_eq!(circles(&rust_uses(&planted)), [["room/a.rs", "room/b.rs"]], "{form}");
    }
}

#[test]
fn a_circle_through_the_file_of_a_folder_is_found() {
    let files = Files::from([
        file("lib.rs", "mod room; mod other;"),
        file("room/mod.rs", "mod a;\nuse crate::other::Other;\npub struct Room;"),
        file("room/a.rs", "pub struct A;"),
        file("other.rs", "use crate::room::Room;\npub struct Other;"),
    ]);
    assert_eq!(circles(&rust_uses(&files)), [["other.rs", "room/mod.rs"]]);
}

#[test]
fn what_is_not_a_use_makes_no_circle() {
    let harmless = [
        "// use super::b::B;",
        "const TEXT: &str = \"crate::room::b::B\";",
        "#[cfg(test)]\nmod tests {\n    use super::super::b::B;\n}",
        "use crate::other::b::B;",
        "use b::B;",
    ];
    for form in harmless {
        let planted = planted(form, "use super::a::A;\npub struct B;");
        assert_eq!(circles(&rust_uses(&planted)), [[""; 0]; 0], "{form}");
    }
    // A `mod.rs` puts the files of its folder together, and they use what it defines.
    for body in ["mod a;\npub use a::A;", "mod a;\nfn f() -> a::A { todo!() }"] {
        let files = Files::from([
            file("lib.rs", "pub mod room;"),
            file("room/mod.rs", &format!("{body}\npub struct Room;")),
            file("room/a.rs", "use super::Room;\npub struct A;"),
        ]);
        assert_eq!(circles(&rust_uses(&files)), [[""; 0]; 0], "{body}");
    }
}

#[test]
fn a_circle_of_scripts_is_found_through_every_form_of_import() {
    let forms = [
        "import { b } from '../b.js'",
        "import type { B } from '../b.js'",
        "import '../b.js'",
        "export * from \"../b.js\"",
        "import {\n  a,\n  b,\n} from '../b.js'",
        "const b = await import('../b.js')",
        "let b: import('../b.js').B",
    ];
    for form in forms {
        let files =
            Files::from([file("in/a.ts", form), file("b.ts", "import { a } from './in/a.js'")]);
        assert_eq!(circles(&script_uses(&files)), [["b.ts", "in/a.ts"]], "{form}");
    }
    for form in [
        "// import { b } from '../b.js'",
        "import { b } from 'b.js'",
        "import { c } from '../c.js'",
    ] {
        let files = Files::from([
            file("in/a.ts", form),
            file("b.ts", "import { a } from './in/a.js'"),
            file("c.ts", ""),
        ]);
        assert_eq!(circles(&script_uses(&files)), [[""; 0]; 0], "{form}");
    }
}

#[test]
fn a_message_names_the_lines_of_a_circle() {
    let uses = rust_uses(&planted("use super::b::B;", "\nuse super::a::A;\npub struct B;"));
    let message = described("src", &circles(&uses)[0], &uses);
    assert_eq!(
        message,
        "a circle of 2 files:\n  src/room/a.rs:1 uses src/room/b.rs\n  src/room/b.rs:2 uses src/room/a.rs"
    );
}

fn planted(a: &str, b: &str) -> Files {
    Files::from([
        file("lib.rs", "pub mod room; pub mod other;"),
        file("room/mod.rs", "mod a;\nmod b;\nmod c;\npub use b::B;"),
        file("room/a.rs", &format!("{a}\npub struct A;")),
        file("room/b.rs", b),
        file("room/c.rs", "pub struct C;"),
        file("other.rs", "pub mod b { pub struct B; }"),
    ])
}

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

fn read(folder: &str, extension: &str) -> Files {
    let folder = root().join(folder);
    let sources = files(&folder)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|found| found == extension));
    sources
        .map(|file| {
            (
                file.strip_prefix(&folder).unwrap().display().to_string(),
                read_to_string(&file).unwrap(),
            )
        })
        .collect()
}

fn assert_no_circle(folder: &str, uses: &Uses) {
    assert!(uses.values().map(BTreeMap::len).sum::<usize>() > 20, "almost no use was found");
    let found: Vec<String> =
        circles(uses).iter().map(|circle| described(folder, circle, uses)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn described(folder: &str, circle: &[String], uses: &Uses) -> String {
    let mut lines = vec![format!("a circle of {} files:", circle.len())];
    for file in circle {
        for (used, line) in uses[file].iter().filter(|(used, _)| circle.contains(used)) {
            lines.push(format!("  {folder}/{file}:{line} uses {folder}/{used}"));
        }
    }
    lines.join("\n")
}

/// The groups of files in which each leads to each other.
fn circles(uses: &Uses) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> =
        uses.keys().map(|file| (file, reached(file, uses))).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    for file in uses.keys() {
        let leads_back =
            |other: &&String| reach.get(*other).is_some_and(|back| back.contains(file));
        let group: Vec<String> = reach[file]
            .iter()
            .filter(|other| leads_back(other))
            .map(|other| (*other).clone())
            .collect();
        if !group.is_empty() && !found.contains(&group) {
            found.push(group);
        }
    }
    found
}

/// Every file to which a path of uses leads.
fn reached<'a>(from: &'a String, uses: &'a Uses) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = uses[from].keys().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(uses.get(file).into_iter().flat_map(BTreeMap::keys));
        }
    }
    reached
}

fn script_uses(files: &Files) -> Uses {
    let uses = |file: &String, text: &String| {
        let code = only(&parts(text, Language::Script), &[Part::Code, Part::Literal]);
        let mut used = BTreeMap::new();
        for (place, path) in imports(&code) {
            let target = resolved(file, &path);
            if files.contains_key(&target) && target != *file {
                used.entry(target).or_insert_with(|| line_of(&code, place).to_string());
            }
        }
        used
    };
    files.iter().map(|(file, text)| (file.clone(), uses(file, text))).collect()
}

/// The paths that stand behind `from` or `import`, with their places.
fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (place, character) in
        code.char_indices().filter(|(_, character)| "'\"".contains(*character))
    {
        let before = code[..place].trim_end().trim_end_matches('(').trim_end();
        let is_import = ["from", "import"]
            .iter()
            .any(|word| before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(is_word)));
        if is_import {
            let path = code[place + 1..].split(character).next().unwrap_or_default();
            found.push((place, path.to_owned()));
        }
    }
    found
}

/// The file that `./path.js` means in a file.
fn resolved(file: &str, path: &str) -> String {
    if !path.starts_with('.') {
        return String::new();
    }
    let mut folders: Vec<&str> = file.split('/').collect();
    folders.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(folders.pop()),
            name => folders.push(name),
        }
    }
    let whole = folders.join("/");
    whole.strip_suffix(".js").map_or(whole.clone(), |stem| format!("{stem}.ts"))
}

fn line_of(text: &str, place: usize) -> usize {
    text[..place].matches('\n').count() + 1
}

/// A module that has a file.
struct Module {
    file: String,
    code: String,
    /// What `use` brings in.
    imports: Vec<Import>,
    children: BTreeSet<String>,
}

#[derive(Clone)]
struct Import {
    /// The name in this file; `*` for all names.
    name: String,
    path: Vec<String>,
    line: usize,
    /// Whether it passes the name on to others.
    is_public: bool,
}

type Modules = BTreeMap<Vec<String>, Module>;

fn rust_uses(files: &Files) -> Uses {
    let mut modules: Modules =
        files.iter().map(|(file, text)| (module_of(file), module(file, text))).collect();
    let names: Vec<Vec<String>> = modules.keys().cloned().collect();
    for name in names.iter().filter(|name| !name.is_empty()) {
        let (own, parent) = (name[name.len() - 1].clone(), &name[..name.len() - 1]);
        if let Some(parent) = modules.get_mut(parent) {
            parent.children.insert(own);
        }
    }
    modules
        .iter()
        .map(|(name, module)| (module.file.clone(), uses_of(name, module, &modules)))
        .collect()
}

fn module_of(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if stem == "lib" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

fn module(file: &str, text: &str) -> Module {
    let code = only(&parts(text, Language::Rust), &[Part::Code]);
    let code = without_inner_modules(&code);
    let (imports, code) = take_imports(&code);
    Module { file: file.to_owned(), code, imports, children: BTreeSet::new() }
}

/// Blanks modules for tests, and takes a `super::` from the paths of other modules inside the file.
fn without_inner_modules(code: &str) -> String {
    let mut code = code.to_owned();
    let mut from = 0;
    while let Some(place) = find_word(&code, "mod", from) {
        from = place + 3;
        let name = code[from..].trim_start();
        let name_length = name.chars().take_while(|character| is_word(*character)).count();
        let rest = &name[name_length..];
        if !rest.trim_start().starts_with('{') {
            continue;
        }
        let open = code.len() - rest.trim_start().len();
        let close = closing(&code, open);
        let is_test =
            code[..place].trim_end().trim_end_matches("pub").trim_end().ends_with("#[cfg(test)]");
        let inside = &code[open..close];
        let inside = if is_test {
            blanked(inside)
        } else {
            inside.replacen("{", " ", 1).replace("super::super::", "super::       ")
        };
        code.replace_range(open..close, &inside);
    }
    code
}

fn find_word(code: &str, word: &str, from: usize) -> Option<usize> {
    let found = code[from..].match_indices(word).map(|(place, _)| place + from);
    found.into_iter().find(|place| {
        !code[..*place].ends_with(is_word) && !code[place + word.len()..].starts_with(is_word)
    })
}

fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_i32;
    for (place, character) in code[open..].char_indices() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        if depth == 0 {
            return open + place + 1;
        }
    }
    code.len()
}

fn blanked(text: &str) -> String {
    text.chars().map(|character| if character == '\n' { '\n' } else { ' ' }).collect()
}

/// The imports of a file, and its code without them.
fn take_imports(code: &str) -> (Vec<Import>, String) {
    let mut rest = code.to_owned();
    let mut imports = Vec::new();
    let mut from = 0;
    while let Some(place) = find_word(&rest, "use", from) {
        from = place + 3;
        // `impl Trait + use<'a>` is no import.
        let Some(length) = rest[place..].find(';').filter(|_| !rest[from..].starts_with('<'))
        else {
            continue;
        };
        let statement: String =
            rest[from..place + length].split_whitespace().collect::<Vec<_>>().join(" ");
        let before = rest[..place].trim_end();
        let is_public = before.ends_with("pub")
            || before.ends_with(')')
                && before.rfind("pub(").is_some_and(|at| !before[at..].contains('\n'));
        let line = line_of(&rest, place);
        for (name, path) in expanded(&statement) {
            imports.push(Import { name, path, line, is_public });
        }
        let blank = blanked(&rest[place..place + length]);
        rest.replace_range(place..place + length, &blank);
    }
    (imports, rest)
}

/// The names and paths of `a::{b, c as d}`.
fn expanded(statement: &str) -> Vec<(String, Vec<String>)> {
    let statement = statement.trim();
    if let Some(open) = statement.find('{') {
        let head = &statement[..open];
        let inside = &statement[open + 1..closing(statement, open) - 1];
        let items = at_top(inside);
        return items.iter().flat_map(|item| expanded(&format!("{head}{}", item.trim()))).collect();
    }
    if statement.is_empty() || statement.ends_with("::") {
        return Vec::new();
    }
    let (path, alias) =
        statement.split_once(" as ").map_or((statement, None), |(path, alias)| (path, Some(alias)));
    let mut path: Vec<String> = path.split("::").map(|part| part.trim().to_owned()).collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = alias.map_or_else(|| path.last().cloned().unwrap_or_default(), str::to_owned);
    vec![(name, path)]
}

/// The parts between the commas that are in no braces.
fn at_top(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut depth = 0_i32;
    for character in text.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        if character == ',' && depth == 0 {
            items.push(String::new());
        } else {
            items.last_mut().unwrap().push(character);
        }
    }
    items
}

fn uses_of(name: &[String], module: &Module, modules: &Modules) -> BTreeMap<String, String> {
    let mut uses = BTreeMap::new();
    let mut note = |file: Option<String>, line: usize| {
        if let Some(file) =
            file.filter(|file| *file != module.file && !is_below(file, &module.file))
        {
            uses.entry(file).or_insert_with(|| line.to_string());
        }
    };
    let paths = paths(&module.code);
    for import in &module.imports {
        let behind: Vec<&(usize, Vec<String>)> =
            paths.iter().filter(|(_, path)| path.len() > 1 && path[0] == import.name).collect();
        let is_module =
            absolute(name, &import.path, modules).is_some_and(|path| modules.contains_key(&path));
        if import.name == "*" {
            for file in glob(name, import, module, modules) {
                note(Some(file), import.line);
            }
        } else if is_module && !behind.is_empty() {
            for (line, path) in behind {
                note(resolve(name, &[&import.path[..], &path[1..]].concat(), modules, 0), *line);
            }
        } else if !import.is_public || find_word(&module.code, &import.name, 0).is_some() {
            note(resolve(name, &import.path, modules, 0), import.line);
        }
    }
    for (line, path) in &paths {
        let first = path[0].as_str();
        let is_path = path.len() > 1
            && (["crate", "super", "self"].contains(&first) || module.children.contains(first));
        if is_path {
            note(resolve(name, path, modules, 0), *line);
        }
    }
    uses
}

/// Whether a file is in the folder of which the other is the `mod.rs`. A `mod.rs` puts the files of
/// its folder together, and they may use what it defines: that is not counted as a circle.
fn is_below(file: &str, owner: &str) -> bool {
    let folder =
        owner.strip_suffix("mod.rs").map_or_else(|| owner.replace(".rs", "/"), str::to_owned);
    !folder.is_empty() && file.starts_with(&folder) || owner == "lib.rs"
}

/// The files of the names that a file uses through `use path::*`.
fn glob(name: &[String], import: &Import, module: &Module, modules: &Modules) -> Vec<String> {
    let source: Vec<String> = import.path[..import.path.len() - 1].to_vec();
    let Some(target) = absolute(name, &source, modules).and_then(|path| modules.get(&path)) else {
        return Vec::new();
    };
    if import.is_public {
        return Vec::new();
    }
    let passed_on =
        target.imports.iter().map(|import| import.name.clone()).chain(defined(&target.code));
    let used = passed_on.filter(|item| item != "*" && find_word(&module.code, item, 0).is_some());
    used.filter_map(|item| resolve(name, &[&source[..], &[item]].concat(), modules, 0)).collect()
}

/// The names of the items in a file.
fn defined(code: &str) -> Vec<String> {
    let words: Vec<&str> =
        code.split(|character| !is_word(character)).filter(|word| !word.is_empty()).collect();
    let kinds =
        ["struct", "enum", "fn", "trait", "type", "const", "static", "union", "macro_rules"];
    words
        .windows(2)
        .filter(|pair| kinds.contains(&pair[0]))
        .map(|pair| pair[1].to_owned())
        .collect()
}

/// The paths in code, with their lines.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code;
    let mut before = ' ';
    while let Some(character) = rest.chars().next() {
        if is_word(character) {
            let length = path_length(rest);
            let path: Vec<String> =
                rest[..length].split("::").map(|part| part.trim().to_owned()).collect();
            if before != '.' && before != '\'' {
                found.push((line, path));
            }
            line += rest[..length].matches('\n').count();
            rest = &rest[length..];
            before = 'x';
        } else {
            line += usize::from(character == '\n');
            rest = &rest[character.len_utf8()..];
            before = character;
        }
    }
    found
}

fn path_length(text: &str) -> usize {
    let mut length = text.find(|character| !is_word(character)).unwrap_or(text.len());
    while let Some(rest) =
        text[length..].strip_prefix("::").filter(|rest| rest.starts_with(is_word))
    {
        length += 2 + rest.find(|character| !is_word(character)).unwrap_or(rest.len());
    }
    length
}

/// A path from the crate's root; none where it leads out of the crate.
fn absolute(from: &[String], path: &[String], modules: &Modules) -> Option<Vec<String>> {
    let mut module = from.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            module.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {}
        first if modules.get(from).is_some_and(|module| module.children.contains(first)) => {}
        _ => return None,
    }
    for part in rest {
        if part == "super" {
            module.pop()?;
        } else {
            module.push(part.clone());
        }
    }
    Some(module)
}

/// The file that has what a path names, through whatever passes it on.
fn resolve(from: &[String], path: &[String], modules: &Modules, depth: usize) -> Option<String> {
    // Names that pass each other on for ever.
    if depth > 20 {
        return None;
    }
    let path = absolute(from, path, modules)?;
    let mut length = 0;
    while length < path.len() && modules.contains_key(&path[..=length]) {
        length += 1;
    }
    let (name, rest) = path.split_at(length);
    let module = modules.get(name)?;
    let Some(item) = rest.first() else { return Some(module.file.clone()) };
    if let Some(import) = module.imports.iter().find(|import| import.name == *item) {
        let through = [&import.path[..], &rest[1..]].concat();
        // Where the import leads out of the crate, this file names what is outside.
        return resolve(name, &through, modules, depth + 1).or_else(|| Some(module.file.clone()));
    }
    if !defined(&module.code).contains(item) {
        for import in module.imports.iter().filter(|import| import.name == "*") {
            let source = absolute(name, &import.path[..import.path.len() - 1], modules);
            if let Some(source) = source.filter(|source| {
                modules.get(source).is_some_and(|module| defined(&module.code).contains(item))
            }) {
                return modules.get(&source).map(|module| module.file.clone());
            }
        }
    }
    Some(module.file.clone())
}
