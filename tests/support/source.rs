//! Source text as the tests of the tree read it: what is code, what is prose, and which files there
//! are. It knows Rust, TypeScript and JavaScript.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "each test uses a part of it, and a test that panics has failed"
)]

use std::fs::read_dir;
use std::path::{Path, PathBuf};

/// The languages that the scanner knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Rust.
    Rust,
    /// TypeScript or JavaScript.
    Script,
}

/// What a character of a source file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Code: everything else.
    Code,
    /// A comment, with its marks.
    Comment,
    /// A string, character or template literal, or a regular expression, with its quotes.
    Literal,
}

/// The language of a file, by its extension; none for other files.
pub(crate) fn language(file: &Path) -> Option<Language> {
    match file.extension()?.to_str()? {
        "rs" => Some(Language::Rust),
        "ts" | "mts" | "js" | "mjs" => Some(Language::Script),
        _ => None,
    }
}

/// The characters of a source file with what each belongs to.
pub(crate) fn parts(text: &str, language: Language) -> Vec<(char, Part)> {
    let mut scanner = Scanner { text: text.chars().collect(), place: 0, parts: Vec::new() };
    scanner.code(language, false);
    scanner.parts
}

/// The text with every character of another part replaced by a space. Lines stay where they are.
pub(crate) fn only(parts: &[(char, Part)], keep: &[Part]) -> String {
    let visible = |&(character, part): &(char, Part)| {
        if character == '\n' || keep.contains(&part) { character } else { ' ' }
    };
    parts.iter().map(visible).collect()
}

/// The files below a folder, sorted, without what is built or installed.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["node_modules", "target", "build", "pkg", "corpus"].contains(&name.as_str()) {
                found.extend(files(&path));
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The path of a file in the repository.
pub(crate) fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

struct Scanner {
    text: Vec<char>,
    place: usize,
    parts: Vec<(char, Part)>,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.text.get(self.place + ahead).copied().unwrap_or('\0')
    }

    fn take(&mut self, count: usize, part: Part) {
        let end = (self.place + count).min(self.text.len());
        self.parts.extend(self.text[self.place..end].iter().map(|&character| (character, part)));
        self.place = end;
    }

    /// Reads code to the end of the text, or to the brace that closes a template's expression.
    fn code(&mut self, language: Language, in_template: bool) {
        let mut depth = 0_usize;
        while self.place < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => self.comment_line(),
                ('/', '*') => self.comment_block(language == Language::Rust),
                ('"', _) => self.quoted('"'),
                ('\'', _) if language == Language::Rust => self.character_or_lifetime(),
                ('\'', _) => self.quoted('\''),
                ('`', _) => self.template(),
                ('r', '"' | '#') if language == Language::Rust && !self.follows_a_word() => {
                    self.raw()
                }
                ('/', _) if language == Language::Script && self.begins_a_pattern() => {
                    self.pattern()
                }
                ('}', _) if in_template && depth == 0 => return,
                (character, _) => {
                    depth += usize::from(character == '{');
                    depth = depth.saturating_sub(usize::from(character == '}'));
                    self.take(1, Part::Code);
                }
            }
        }
    }

    fn comment_line(&mut self) {
        while self.place < self.text.len() && self.peek(0) != '\n' {
            self.take(1, Part::Comment);
        }
    }

    fn comment_block(&mut self, nests: bool) {
        let mut depth = 0_usize;
        while self.place < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') if nests || depth == 0 => {
                    depth += 1;
                    self.take(2, Part::Comment);
                }
                ('*', '/') => {
                    self.take(2, Part::Comment);
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.take(1, Part::Comment),
            }
        }
    }

    fn quoted(&mut self, quote: char) {
        self.take(1, Part::Literal);
        while self.place < self.text.len() {
            match self.peek(0) {
                '\\' => self.take(2, Part::Literal),
                character => {
                    self.take(1, Part::Literal);
                    if character == quote {
                        return;
                    }
                }
            }
        }
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == '\\' || self.peek(2) == '\'' {
            self.quoted('\'');
        } else {
            self.take(1, Part::Code);
        }
    }

    /// Reads `r"…"` or `r#"…"#`; `r#word` is code.
    fn raw(&mut self) {
        let hashes = (1..).take_while(|&ahead| self.peek(ahead) == '#').count();
        if self.peek(1 + hashes) != '"' {
            self.take(1, Part::Code);
            return;
        }
        self.take(2 + hashes, Part::Literal);
        while self.place < self.text.len() {
            let closes = self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#');
            if closes {
                self.take(1 + hashes, Part::Literal);
                return;
            }
            self.take(1, Part::Literal);
        }
    }

    fn template(&mut self) {
        self.take(1, Part::Literal);
        while self.place < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                ('\\', _) => self.take(2, Part::Literal),
                ('$', '{') => {
                    self.take(2, Part::Literal);
                    self.code(Language::Script, true);
                    self.take(1, Part::Literal);
                }
                (character, _) => {
                    self.take(1, Part::Literal);
                    if character == '`' {
                        return;
                    }
                }
            }
        }
    }

    fn pattern(&mut self) {
        let mut in_class = false;
        self.take(1, Part::Literal);
        while self.place < self.text.len() && self.peek(0) != '\n' {
            match self.peek(0) {
                '\\' => self.take(2, Part::Literal),
                '/' if !in_class => {
                    self.take(1, Part::Literal);
                    return;
                }
                character => {
                    in_class = character == '[' || (in_class && character != ']');
                    self.take(1, Part::Literal);
                }
            }
        }
    }

    /// Whether a slash begins a regular expression: it does where a value is expected.
    fn begins_a_pattern(&self) -> bool {
        let before = self
            .parts
            .iter()
            .rev()
            .find(|(character, part)| *part != Part::Comment && !character.is_whitespace());
        match before {
            None => true,
            Some((_, Part::Literal)) => false,
            Some((character, _)) if is_word(*character) => self.last_word() == "return",
            Some((character, _)) => !matches!(character, ')' | ']' | '}'),
        }
    }

    fn last_word(&self) -> String {
        let code = self.parts.iter().rev().map(|(character, _)| *character);
        let word: Vec<char> =
            code.skip_while(|c| c.is_whitespace()).take_while(|c| is_word(*c)).collect();
        word.into_iter().rev().collect()
    }

    fn follows_a_word(&self) -> bool {
        // `b` and `c` stand before the `r` of a raw byte or C string.
        let mut before = self.parts.iter().rev().map(|(character, _)| *character);
        match before.next() {
            Some('b' | 'c') => before.next().is_some_and(is_word),
            Some(character) => is_word(character),
            None => false,
        }
    }
}

/// Whether a character can stand in an identifier.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}
