//! Takes secrets out of texts, in one pass: what is found in the original is marked, and the marked places are
//! replaced once. So no replacement is searched again, and time and size are linear in the text.
//!
//! A secret is also found in capitals, and where it is percent-encoded or escaped as in JSON, wholly or in part,
//! and where both were done, in either order, or one of them twice, or all of it many times. A UUID is also found
//! without some or all of its hyphens, or with underscores, and a longer secret in Base64, as in Basic
//! authorization.

use std::ops::Range;

use crate::emulator::http::exchange::Request;
use crate::emulator::settings::choices::SECRET_MIN;

/// What stands in the place of a secret.
pub(in crate::emulator) const REMOVED: &str = "[removed]";

/// Each secret is searched for separately. Of a request with more secrets, no text is kept.
const SECRETS_MAX: usize = 16;

const SECRET_HEADERS: [&str; 7] = [
    "x-auth-token",
    "x-session-token",
    "x-api-key",
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// How often a text is decoded, at most.
const DECODINGS_MAX: usize = 16;

/// How many bytes of a secret are searched for first.
const START: usize = 4;

/// The shortest secret that is also searched for in Base64. That of a shorter one may be an ordinary text.
const BASE64_MIN: usize = 8;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A text to search for, in small letters.
struct Spelling {
    text: String,
    /// Whether it is the digits of a UUID, which may have hyphens or underscores between them.
    is_digits: bool,
}

/// The secrets of the emulator. They are in every request, so they are spelled once.
pub(in crate::emulator) struct OwnSecrets {
    texts: Vec<String>,
    spellings: Vec<Spelling>,
}

impl OwnSecrets {
    /// The secrets with these texts.
    pub(in crate::emulator) fn new<'text>(texts: impl IntoIterator<Item = &'text str>) -> Self {
        let texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        let spellings = texts.iter().flat_map(|secret| spellings(secret)).collect();
        Self { texts, spellings }
    }
}

/// The secrets of one request.
pub(in crate::emulator) struct Redaction<'own> {
    own: &'own [Spelling],
    others: Vec<Spelling>,
    shortest: usize,
    removes_all: bool,
}

impl<'own> Redaction<'own> {
    /// The secrets are those of the emulator and the values of the secret headers.
    pub(in crate::emulator) fn of(request: &Request, own: &'own OwnSecrets) -> Self {
        let from_headers = request.headers.iter().filter(|(name, _)| is_secret_header(name));
        let mut others: Vec<&str> = Vec::new();
        for secret in from_headers.flat_map(|(name, value)| secrets_of(name, value)) {
            let is_known = others.contains(&secret) || own.texts.iter().any(|text| text == secret);
            if secret.len() >= SECRET_MIN && !is_known {
                others.push(secret);
            }
            if own.texts.len().saturating_add(others.len()) > SECRETS_MAX {
                return Self { own: &[], others: Vec::new(), shortest: 0, removes_all: true };
            }
        }
        let others: Vec<Spelling> = others.into_iter().flat_map(spellings).collect();
        let lengths = own.spellings.iter().chain(&others).map(|secret| secret.text.len());
        let shortest = lengths.min().unwrap_or(usize::MAX);
        Self { own: &own.spellings, others, shortest, removes_all: false }
    }

    fn secrets(&self) -> impl Iterator<Item = &Spelling> {
        self.own.iter().chain(&self.others)
    }

    /// Returns the text without secrets.
    pub(in crate::emulator) fn clean(&self, text: &str) -> String {
        self.cleaned(text.to_owned())
    }

    /// As `clean`. A text without secrets is returned as it is, without a copy.
    pub(in crate::emulator) fn cleaned(&self, text: String) -> String {
        if self.removes_all && !text.is_empty() {
            return REMOVED.to_owned();
        }
        // No reading of a text is longer than the text.
        if text.len() < self.shortest {
            return text;
        }
        let found = self.places_in(&text);
        if found.is_empty() { text } else { replace(&text, found) }
    }

    fn places_in(&self, text: &str) -> Vec<Range<usize>> {
        // As long as the text, byte for byte.
        let small = text.to_ascii_lowercase();
        let mut found: Vec<Range<usize>> = Vec::new();
        for secret in self.secrets().filter(|secret| secret.may_be_in(small.as_bytes())) {
            if secret.is_digits {
                secret.find(small.as_bytes(), |place| found.push(place));
            } else {
                let places = small.match_indices(&secret.text);
                found.extend(places.map(|(at, _)| at..at.saturating_add(secret.text.len())));
            }
        }
        for reading in Reading::all_of(text) {
            for secret in self.secrets() {
                secret.find(&reading.bytes, |place| found.push(reading.place(place)));
            }
        }
        found
    }

    /// Returns the value of a header without secrets.
    pub(in crate::emulator) fn cleaned_header(&self, name: &str, value: String) -> String {
        if is_secret_header(name) { REMOVED.to_owned() } else { self.cleaned(value) }
    }
}

fn is_secret_header(name: &str) -> bool {
    SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

/// The secrets in the value of a secret header: the value itself, and its parts that are secrets elsewhere.
fn secrets_of<'header>(
    name: &str,
    value: &'header str,
) -> impl Iterator<Item = &'header str> + use<'header> {
    // `Bearer key`, and `name=value; name=value`.
    let (between, before) =
        if name.eq_ignore_ascii_case("cookie") { (';', '=') } else { ('\n', ' ') };
    let parts = value.split(between).filter_map(move |part| part.split_once(before));
    [value].into_iter().chain(parts.map(|(_, secret)| secret.trim()))
}

/// A secret as it is written, and in Base64.
fn spellings(secret: &str) -> Vec<Spelling> {
    let small = secret.to_ascii_lowercase();
    let digits = small.replace(['-', '_'], "");
    let is_digits = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut all = vec![Spelling { text: if is_digits { digits } else { small }, is_digits }];
    if secret.len() >= BASE64_MIN {
        for offset in 0..3 {
            let standard = base64(secret, offset).to_ascii_lowercase();
            let of_urls = standard.replace('+', "-").replace('/', "_");
            if of_urls != standard {
                all.push(Spelling { text: of_urls, is_digits: false });
            }
            all.push(Spelling { text: standard, is_digits: false });
        }
    }
    all
}

/// The characters of Base64 that a secret alone determines, after `offset` bytes of a group of three.
fn base64(secret: &str, offset: usize) -> String {
    let bytes: Vec<u8> = [0].repeat(offset).into_iter().chain(secret.bytes()).collect();
    let characters = bytes.chunks(3).flat_map(|group| {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        [bits >> 18, bits >> 12, bits >> 6, bits].map(|six| BASE64.get((six & 63) as usize))
    });
    // The first characters have bits of what is before, and the last one may have bits of what follows.
    let (first, end) = ([0, 2, 3].get(offset), bytes.len().saturating_mul(8).div_euclid(6));
    let first = first.copied().unwrap_or(0);
    characters.take(end).skip(first).flatten().map(|byte| char::from(*byte)).collect()
}

impl Spelling {
    /// Whether the text has the first bytes of the secret, which no hyphen parts. Nearly no text has them, and to
    /// search for a few bytes takes less time than to prepare the search for a long text.
    fn may_be_in(&self, small: &[u8]) -> bool {
        let start = self.text.as_bytes().first_chunk::<START>();
        start.is_none_or(|start| small.windows(START).any(|window| window == start))
    }

    /// Reports every place in some bytes. The search is that of Knuth, Morris and Pratt, which is linear.
    fn find(&self, bytes: &[u8], mut report: impl FnMut(Range<usize>)) {
        let text = self.text.as_bytes();
        let borders = borders(text);
        // The places of the bytes that are compared.
        let mut compared: Vec<usize> = Vec::new();
        let mut matched = 0_usize;
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_digits && matches!(byte, b'-' | b'_') {
                continue;
            }
            compared.push(at);
            matched = extend(text, &borders, matched, byte.to_ascii_lowercase());
            if matched == text.len() {
                let start = compared.get(compared.len().saturating_sub(matched));
                report(start.copied().unwrap_or(at)..at.saturating_add(1));
                matched = borders.last().copied().unwrap_or(0);
            }
        }
    }
}

/// Replaces the places, each once. Places that overlap or touch become one.
fn replace(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_unstable_by_key(|place| place.start);
    let mut clean = String::new();
    let mut end = 0_usize;
    for place in places {
        if place.start > end || clean.is_empty() {
            clean.push_str(text.get(end..place.start).unwrap_or_default());
            clean.push_str(REMOVED);
        }
        end = end.max(place.end);
    }
    clean.push_str(text.get(end..).unwrap_or_default());
    clean
}

/// A text after decoding: its bytes, each with the place in the original that it was read from.
struct Reading {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Reading {
    /// All readings of a text but the text itself.
    fn all_of(text: &str) -> Vec<Self> {
        if !text.bytes().any(is_mark) {
            return Vec::new();
        }
        let places = (0..text.len()).map(|at| at..at.saturating_add(1)).collect();
        let plain = Self { bytes: text.as_bytes().to_vec(), places };
        let mut readings: Vec<Self> =
            [plain.decode(b'%'), plain.decode(b'\\')].into_iter().flatten().collect();
        let twice: Vec<Self> = readings
            .iter()
            .flat_map(|reading| [reading.decode(b'%'), reading.decode(b'\\')])
            .flatten()
            .collect();
        readings.extend(plain.decode_wholly());
        readings.extend(twice);
        readings
    }

    /// Decodes both again and again, until nothing is left to decode.
    fn decode_wholly(&self) -> Option<Self> {
        let mut last: Option<Self> = None;
        for _ in 0..DECODINGS_MAX {
            let reading = last.as_ref().unwrap_or(self);
            let length = reading.bytes.len();
            let next = reading.decode(b'%').into_iter().chain(reading.decode(b'\\'));
            let Some(next) = next.min_by_key(|next| next.bytes.len()) else { break };
            if next.bytes.len() == length {
                break;
            }
            last = Some(next);
        }
        last
    }

    /// Decodes percent-encoding or JSON's escapes, by their mark. `None` if there are none.
    fn decode(&self, mark: u8) -> Option<Self> {
        if !self.bytes.contains(&mark) {
            return None;
        }
        let mut decoded = Self { bytes: Vec::new(), places: Vec::new() };
        let mut at = 0_usize;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (bytes, length) = match mark {
                b'%' => percent_encoded(rest),
                _ => escaped(rest),
            }
            .unwrap_or_else(|| (rest.iter().take(1).copied().collect(), 1));
            let next = at.saturating_add(length);
            let place = self.place(at..next);
            decoded.places.extend(bytes.iter().map(|_| place.clone()));
            decoded.bytes.extend(bytes);
            at = next;
        }
        Some(decoded)
    }

    /// The place in the original of some bytes.
    fn place(&self, bytes: Range<usize>) -> Range<usize> {
        let places = self.places.get(bytes).unwrap_or_default();
        let start = places.first().map_or(0, |place| place.start);
        start..places.last().map_or(start, |place| place.end)
    }
}

fn is_mark(byte: u8) -> bool {
    byte == b'%' || byte == b'\\'
}

/// For each beginning of a secret, the length of the longest shorter beginning that it ends with.
fn borders(secret: &[u8]) -> Vec<usize> {
    let mut borders = vec![0_usize; usize::from(!secret.is_empty())];
    for byte in secret.iter().skip(1) {
        let length = extend(secret, &borders, borders.last().copied().unwrap_or(0), *byte);
        borders.push(length);
    }
    borders
}

/// How many bytes of the secret match after one more byte.
fn extend(secret: &[u8], borders: &[usize], mut matched: usize, byte: u8) -> usize {
    loop {
        if secret.get(matched) == Some(&byte) {
            return matched.saturating_add(1);
        }
        let Some(shorter) = matched.checked_sub(1).and_then(|last| borders.get(last)) else {
            return 0;
        };
        matched = *shorter;
    }
}

/// Reads `%41`. Returns the byte, and how many bytes encode it.
fn percent_encoded(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let [b'%', first, second, ..] = text else { return None };
    let code = number(&[*first, *second])?;
    Some((vec![u8::try_from(code).ok()?], 3))
}

/// Reads `\"` or `\u0041`. Returns the bytes of the character, and how many bytes escape it.
fn escaped(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let [b'\\', kind, ..] = text else { return None };
    let byte = match kind {
        b'u' => return escaped_unit(text),
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'"' | b'\\' | b'/' => *kind,
        _ => return None,
    };
    Some((vec![byte], 2))
}

fn escaped_unit(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let first = number(text.get(2..6)?)?;
    let (code, length) = if (0xd800..0xdc00).contains(&first) {
        let [b'\\', b'u', ..] = text.get(6..)? else { return None };
        let second = number(text.get(8..12)?)?;
        let high = first.checked_sub(0xd800)?.checked_mul(0x400)?;
        (high.checked_add(second.checked_sub(0xdc00)?)?.checked_add(0x1_0000)?, 12)
    } else {
        (first, 6)
    };
    Some((char::from_u32(code)?.to_string().into_bytes(), length))
}

fn number(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    // `from_str_radix` reads a sign too.
    if digits.starts_with('+') { None } else { u32::from_str_radix(digits, 16).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "s3cret/\"key\u{e9}";

    fn request(headers: &[(&str, &str)]) -> Request {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Request { headers: headers.collect(), ..Request::default() }
    }

    fn clean(text: &str) -> String {
        Redaction::of(&Request::default(), &OwnSecrets::new([KEY])).clean(text)
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02x}")).collect()
    }

    fn units(text: &str) -> String {
        text.chars().map(|unit| format!("\\u{:04X}", u32::from(unit))).collect()
    }

    #[test]
    fn a_secret_is_removed_in_every_encoding() {
        let json = "s3cret\\/\\\"key\u{e9}";
        let cases = [
            KEY.to_owned(),
            json.to_owned(),
            percent(KEY),
            percent(KEY).to_uppercase(),
            units(KEY),
            format!("s%33cret%2F%22key{}", percent("\u{e9}")),
            percent(&percent(KEY)),
            percent(json),
            units(KEY).replace('\\', "\\\\"),
            units(&percent(KEY)),
            percent(&units(KEY)),
        ];
        for encoded in cases {
            let text = format!("é%{encoded}, {encoded}|");
            assert_eq!(clean(&text), "é%[removed], [removed]|", "{encoded}");
        }
    }

    #[test]
    fn a_secret_that_was_encoded_many_times_is_removed() {
        for encoded in [r"%5c%5cu0073%33cret", r"\\\\u0073%33cret", r"%5C%5C%5C%5Cu0073%2533cret"] {
            let text = format!("-{encoded}/%22key%C3%A9-");
            assert_eq!(clean(&text), "-[removed]-", "{text}");
        }
        let (mut text, mut escaped) = (percent(KEY), units(KEY));
        for _ in 0..8 {
            text = text.replace('%', "%25");
            escaped = escaped.replace('\\', "%5c");
            assert_eq!([clean(&text), clean(&escaped)], [REMOVED; 2], "{text} {escaped}");
        }
        // Decoding ends, however deep a text is.
        assert_eq!(clean(&["%", &"25".repeat(20_000)].concat()).len(), 40_001);
    }

    #[test]
    fn a_secret_in_base64_is_removed_wherever_it_begins() {
        for key in ["0b5ef8a2-9c11-4f6e-8d2a-1c3b5d7e9f00", "a-key-of-mine>>>???"] {
            let own = OwnSecrets::new([key]);
            let redaction = Redaction::of(&Request::default(), &own);
            for before in ["", "u:", "me:", "user:", "SCWXXXXXXXXXXXXXXXXX:"] {
                for after in ["", ":", "::"] {
                    let plain = [before, key, after].concat();
                    let encoded = base64(&[&plain, "\0\0"].concat(), 0);
                    for text in [encoded.clone(), encoded.replace('+', "-").replace('/', "_")] {
                        let text = redaction.clean(&format!("Basic {text}="));
                        assert!(text.contains(REMOVED), "{plain}: {text}");
                        // What is left has the bytes around the secret, and no whole byte of it.
                        let rest = text.len() - REMOVED.len() - "Basic =".len();
                        assert!(rest <= (before.len() + after.len() + 2) * 4 / 3 + 4, "{text}");
                    }
                }
            }
        }
        assert_eq!(base64("abc", 0), "YWJj");
        assert_eq!(clean("Basic dXNlcjpwYXNzd29yZA=="), "Basic dXNlcjpwYXNzd29yZA==");
    }

    #[test]
    fn a_secret_in_capitals_and_a_uuid_without_hyphens_are_removed() {
        let key = "0b5ef8a2-9c11-4f6e-8d2a-1c3b5d7e9f00";
        let own = OwnSecrets::new([key]);
        let redaction = Redaction::of(&Request::default(), &own);
        let simple = key.replace('-', "");
        let texts = [
            key.to_uppercase(),
            simple.clone(),
            simple.to_uppercase(),
            key.replace('-', "_"),
            percent(&key.to_uppercase()),
            units(&simple.to_uppercase()),
            key.replacen('-', "", 1),
            key.replacen('-', "", 3),
            key.replacen('-', "_", 2).to_uppercase(),
            percent(&key.replacen('-', "", 2)),
        ];
        for text in texts {
            assert_eq!(redaction.clean(&text), REMOVED, "{text}");
        }
        let own = OwnSecrets::new([simple.as_str()]);
        let of_simple = Redaction::of(&Request::default(), &own);
        assert_eq!(of_simple.clean(key), REMOVED);
        assert_eq!(clean(&KEY.to_ascii_uppercase()), REMOVED);
    }

    #[test]
    fn a_text_without_the_secret_is_unchanged() {
        let half = format!("%{}", KEY.replace("key", "kez"));
        for text in
            ["", "s3cret", "%", "%4", "%zz", "\\", "\\u12", "\\ud800\\u0041", "100% \\o/", &half]
        {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn what_a_replacement_makes_is_not_searched() {
        let cookies = [("Cookie", "[rem"), ("Cookie", "oved"), ("Cookie", "removed]")];
        let request = request(&cookies.repeat(200));
        let own = OwnSecrets::new([KEY]);
        let redaction = Redaction::of(&request, &own);
        let text = format!("[rem {KEY} oved [removed]");
        assert_eq!(redaction.clean(&text), "[removed] [removed] [removed] [removed]");
        for _ in 0..3 {
            assert!(redaction.clean(&text.repeat(1000)).len() <= text.len() * 3000);
        }
    }

    #[test]
    fn secrets_that_overlap_are_removed_together() {
        let request = request(&[("X-Auth-Token", "abcdef"), ("X-Session-Token", "defghi")]);
        let own = OwnSecrets::new([]);
        let redaction = Redaction::of(&request, &own);
        assert_eq!(
            redaction.clean("-abcdefghi-abcdefabcdef-defabcdef"),
            "-[removed]-[removed]-def[removed]"
        );
    }

    #[test]
    fn the_parts_of_secret_headers_are_secrets() {
        let request = request(&[
            ("authorization", "Bearer the-token"),
            ("Cookie", "session=the-session; of=the-user"),
        ]);
        let own = OwnSecrets::new([]);
        let redaction = Redaction::of(&request, &own);
        assert_eq!(
            redaction.clean("the-token the-session the-user session"),
            "[removed] [removed] [removed] session"
        );
        for name in ["COOKIE", "Set-Cookie", "X-API-Key"] {
            assert_eq!(redaction.cleaned_header(name, "x".to_owned()), REMOVED);
        }
    }

    #[test]
    fn a_request_with_too_many_secrets_has_no_text_in_the_journal() {
        let values: Vec<String> =
            (0..=SECRETS_MAX).map(|number| format!("secret-{number}")).collect();
        let headers: Vec<(&str, &str)> =
            values.iter().map(|value| ("Cookie", value.as_str())).collect();
        let request = request(&headers);
        let own = OwnSecrets::new([]);
        let redaction = Redaction::of(&request, &own);
        assert_eq!(redaction.clean("anything"), REMOVED);
        assert_eq!(redaction.clean(""), "");
    }
}
