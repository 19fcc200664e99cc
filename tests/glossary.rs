//! The words and phrases that `docs/glossary.md` bans: the words stay out of identifiers, the
//! phrases out of comments, literals and documents.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "support/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use source::{Language, Part, files, language, only, parts, root, shown};

/// The folders whose files are checked; the documents at the top are checked too.
const FOLDERS: [&str; 10] =
    ["src", "js", "tests", "bench", "scripts", "demo", "fuzz/targets", "tools", "crates", "docs"];
const DOCUMENTS: [&str; 3] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];

#[test]
fn no_identifier_has_a_banned_word() {
    let glossary = Glossary::read();
    let mut found = Vec::new();
    for file in tree() {
        let name = file.file_stem().unwrap().to_string_lossy().replace(['-', '.'], "_");
        if !shown(&file).starts_with("docs/") {
            found.extend(glossary.word_in(&name).map(|word| finding(&file, 0, word, &name)));
        }
        let Some(language) = language(&file) else { continue };
        for (line, identifier, word) in glossary.words(&read_to_string(&file).unwrap(), language) {
            found.push(finding(&file, line, &word, &identifier));
        }
    }
    report("banned words in identifiers (docs/glossary.md has the others)", &found);
}

#[test]
fn no_comment_literal_or_document_has_a_banned_phrase() {
    let glossary = Glossary::read();
    let mut found = Vec::new();
    for file in tree() {
        let text = read_to_string(&file).unwrap();
        for (line, phrase) in glossary.phrases(&prose(&text, language(&file))) {
            found.push(finding(&file, line, &phrase, text.lines().nth(line - 1).unwrap_or("")));
        }
    }
    report("banned phrases (docs/glossary.md has the others)", &found);
}

#[test]
fn each_banned_word_is_found_in_identifiers_of_both_languages() {
    let glossary = Glossary::read();
    assert!(glossary.words.len() > 20, "{:?}", glossary.words);
    for word in &glossary.words {
        let capital: String = word[..1].to_uppercase() + &word[1..];
        let rust = format!("// {word}\nlet text = \"{word}\";\nfn has_{word}_x(a: &'a str) {{}}\n");
        let found = glossary.words(&rust, Language::Rust);
        assert_eq!(found, [(3, format!("has_{word}_x"), word.clone())]);
        let script =
            format!("/* {word} */ const text = '{word}' + `{word} ${{my{capital}Call}}`\n");
        let found = glossary.words(&script, Language::Script);
        assert_eq!(found, [(1, format!("my{capital}Call"), word.clone())]);
    }
}

#[test]
fn each_banned_phrase_is_found_in_comments_literals_and_documents() {
    let glossary = Glossary::read();
    assert!(glossary.phrases.len() > 10, "{:?}", glossary.phrases);
    for phrase in &glossary.phrases {
        let shown = phrase.join(" ");
        let broken = phrase.join("\n    /// ");
        let rust =
            format!("fn x() {{}}\n    /// It, {broken}, is.\n    let text = r#\"{shown}\"#;\n");
        let found = glossary.phrases(&prose(&rust, Some(Language::Rust)));
        let literal = 2 + phrase.len();
        assert!(
            found.contains(&(2, shown.clone())) && found.contains(&(literal, shown.clone())),
            "{shown}: {found:?}"
        );
        let script = format!("const a = 1\nconst b = `x ${{a}} {shown}.`\n");
        assert!(
            glossary.phrases(&prose(&script, Some(Language::Script))).contains(&(2, shown.clone()))
        );
        let page = format!("# A page\n\nIt is **{}**.\n", shown.to_uppercase());
        assert!(glossary.phrases(&prose(&page, None)).contains(&(3, shown.clone())));
    }
}

#[test]
fn what_is_ordinary_is_not_found() {
    let glossary = Glossary {
        words: BTreeSet::from(["look".to_owned()]),
        ordinary: BTreeSet::from(["look_up".to_owned()]),
        phrases: vec![vec!["a".to_owned(), "look".to_owned()]],
    };
    let code = "let lookup = look_up(\"look\"); // look\nlet pattern = 1;";
    assert_eq!(glossary.words(code, Language::Rust), []);
    assert_eq!(glossary.words("const a = /look/.test(b) / look_up", Language::Script), []);
    let prose = |text| prose(text, Some(Language::Script));
    assert_eq!(glossary.phrases(&prose("// a lookup, a. Look; `a`, look\nconst a = look")), []);
}

/// The tables of the glossary.
struct Glossary {
    words: BTreeSet<String>,
    /// Identifiers that may have a banned word.
    ordinary: BTreeSet<String>,
    phrases: Vec<Vec<String>>,
}

impl Glossary {
    fn read() -> Self {
        let page = read_to_string(root().join("docs/glossary.md")).unwrap();
        let words = rows(&page, "Words that identifiers do not use");
        let phrases = rows(&page, "Phrases that comments, documents and messages do not use");
        let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
        Self {
            words: words.iter().flat_map(|row| listed(&cell(row, 0))).collect(),
            ordinary: words.iter().flat_map(|row| quoted(&cell(row, 2))).collect(),
            phrases: phrases
                .iter()
                .flat_map(|row| listed(&cell(row, 0)))
                .map(|phrase| phrase.split(' ').map(str::to_owned).collect())
                .collect(),
        }
    }

    /// The banned word that an identifier has.
    fn word_in(&self, identifier: &str) -> Option<&str> {
        if self.ordinary.contains(identifier) {
            return None;
        }
        split(identifier).iter().find_map(|word| self.words.get(word)).map(String::as_str)
    }

    /// The identifiers with banned words: line, identifier, word.
    fn words(&self, text: &str, language: Language) -> Vec<(usize, String, String)> {
        let code = only(&parts(text, language), &[Part::Code]);
        let mut found = Vec::new();
        for (line, text) in (1..).zip(code.lines()) {
            for identifier in text.split(|character| !source::is_word(character)) {
                if let Some(word) = self.word_in(identifier) {
                    found.push((line, identifier.to_owned(), word.to_owned()));
                }
            }
        }
        found
    }

    /// The banned phrases among words: the line on which each begins, and the phrase.
    fn phrases(&self, words: &[(usize, String)]) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (place, (line, _)) in words.iter().enumerate() {
            for phrase in &self.phrases {
                let here = words[place..].iter().map(|(_, word)| word);
                if here.take(phrase.len()).eq(phrase) {
                    found.push((*line, phrase.join(" ")));
                }
            }
        }
        found
    }
}

/// The rows of the table under a heading.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let table = section.lines().filter(|line| line.starts_with('|')).skip(2);
    table
        .map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

fn listed(cell: &str) -> Vec<String> {
    cell.split(", ").filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The words of an identifier, in small letters: `HTTPRequest_id2` is http, request and id2.
fn split(identifier: &str) -> Vec<String> {
    let characters: Vec<char> = identifier.chars().collect();
    let mut words = vec![String::new()];
    for (place, &character) in characters.iter().enumerate() {
        let is_small = |place: Option<usize>| {
            place
                .and_then(|place| characters.get(place))
                .is_some_and(|other| !other.is_uppercase() && *other != '_')
        };
        let begins = character.is_uppercase()
            && (is_small(place.checked_sub(1)) || is_small(Some(place + 1)));
        if begins || character == '_' || character == '$' {
            words.push(String::new());
        }
        if character != '_' && character != '$' {
            words.last_mut().unwrap().extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words of a file's comments and literals, or of all of it where it has no code, with their
/// lines and in small letters. What ends a phrase is an empty word.
fn prose(text: &str, language: Option<Language>) -> Vec<(usize, String)> {
    let parts = match language {
        Some(language) => parts(text, language),
        None => text.chars().map(|character| (character, Part::Comment)).collect(),
    };
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut line = 1;
    let mut word = String::new();
    let mut before = Part::Code;
    let mut blank = false;
    for (character, part) in parts.into_iter().chain([(' ', Part::Code)]) {
        let in_word = part != Part::Code
            && (character.is_alphanumeric() || matches!(character, '\'' | '’' | '-' | '_'));
        if in_word {
            word.extend(character.to_lowercase());
        } else {
            if !word.is_empty() {
                words.push((line, std::mem::take(&mut word)));
            }
            // Comment marks, emphasis and the indentation between comment lines are inside a phrase.
            let joins =
                character.is_whitespace() || (part == Part::Comment && "/*!`".contains(character));
            let ends = !joins
                || (character == '\n' && blank)
                || (part == Part::Literal && before == Part::Code);
            if ends {
                words.push((line, String::new()));
            }
        }
        blank = character == '\n' || (blank && character.is_whitespace());
        line += usize::from(character == '\n');
        before = part;
    }
    words
}

/// Every file that is checked.
fn tree() -> Vec<PathBuf> {
    let below = FOLDERS.iter().flat_map(|folder| files(&root().join(folder)));
    let documents = DOCUMENTS.iter().map(|name| root().join(name));
    below.chain(documents).filter(|file| is_checked(file)).collect()
}

fn is_checked(file: &Path) -> bool {
    let path = shown(file);
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let is_text = language(file).is_some() || extension == "md" || extension == "py";
    // The names of behaviours are test names.
    let names_tests = path.starts_with("tests/behaviours/");
    (is_text || names_tests) && path != "docs/glossary.md"
}

fn finding(file: &Path, line: usize, banned: &str, context: &str) -> (String, String) {
    let folder = shown(file).split('/').next().unwrap_or_default().to_owned();
    (folder, format!("{}:{line}: {banned}: {}", shown(file), context.trim()))
}

/// Fails with every finding and the number of them in each folder.
fn report(what: &str, found: &[(String, String)]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (folder, _) in found {
        *counts.entry(folder).or_default() += 1;
    }
    let lines: Vec<&str> = found.iter().map(|(_, line)| line.as_str()).collect();
    assert!(found.is_empty(), "{what}:\n{}\n{} in all: {counts:?}", lines.join("\n"), found.len());
}
