//! What a description and a reverse may be.

use super::limits::DESCRIPTION_MAX;

/// How many characters a description has, as the service counts them: Unicode code points.
pub fn description_length(text: &str) -> usize {
    text.chars().count()
}

/// Whether a description is short enough.
pub fn is_description(text: &str) -> bool {
    description_length(text) <= DESCRIPTION_MAX
}

/// Whether a text is a host name, with or without the final dot.
/// Empty is one too: it clears the reverse.
pub fn is_reverse(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    text.is_empty() || (name.len() <= 253 && name.split('.').all(is_label))
}

/// Letters, digits, hyphens inside, and the underscore that real reverses use.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
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
    fn what_no_dns_could_hold_is_no_reverse() {
        let long_label = "a".repeat(64);
        let long_name = ["a".repeat(63).as_str(); 5].join(".");
        for text in
            [".", "..", "a..b", "-a.b", "a b", "exämple.org", "a/b", &long_label, &long_name]
        {
            assert!(!is_reverse(text), "{text}");
        }
    }
}
