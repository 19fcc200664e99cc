//! The rules for a description and a reverse.

use super::limits::DESCRIPTION_MAX;
use super::parts::split;

/// The length of a description in Unicode code points, which is how the service counts it.
pub fn description_length(text: &str) -> usize {
    text.chars().count()
}

/// Whether a text is short enough for a description.
pub fn is_description(text: &str) -> bool {
    description_length(text) <= DESCRIPTION_MAX
}

/// Whether a text is a host name, with or without the final dot, or empty, as in a
/// request that clears the reverse.
pub fn is_reverse(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    text.is_empty() || (name.len() <= 253 && split(name, b'.').all(is_label))
}

/// Whether a part of a host name has 1 to 63 letters, digits, hyphens (not first) and underscores,
/// which real reverses contain.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.as_bytes().first() != Some(&b'-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_measured_in_code_points() {
        assert!(is_description(&"é".repeat(255)));
        assert!(is_description(&"😹".repeat(255)));
        assert!(!is_description(&"x".repeat(256)));
    }

    #[test]
    fn the_services_own_reverses_are_host_names() {
        for text in [
            "",
            "195-154-148-225.rev.poneytelecom.eu.",
            "2001-bc8-702-6b7--.rev.poneytelecom.eu.",
            "a",
            "mail.example.org",
        ] {
            assert!(is_reverse(text), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_a_host_name_is_not_a_reverse() {
        let long_label = "a".repeat(64);
        let long_name = ["a".repeat(63).as_str(); 5].join(".");
        for text in
            [".", "..", "a..b", "-a.b", "a b", "exämple.org", "a/b", &long_label, &long_name]
        {
            assert!(!is_reverse(text), "{text}");
        }
    }
}
