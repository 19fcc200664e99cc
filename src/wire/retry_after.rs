//! How long an answer asks to wait: `retry-after-ms`, and `Retry-After` in seconds or as a date.

use super::calendar::http_seconds;
use crate::model::time::Millis;

/// Reads the two headers. A date counts from `date`, the answer's own: the two clocks may differ.
/// What is in the past, negative or unreadable says nothing.
pub fn read(millis: Option<&str>, retry_after: Option<&str>, date: Option<&str>) -> Option<Millis> {
    if let Some(millis) = millis.and_then(|text| positive(text, 1.0)) {
        return Some(millis);
    }
    let text = retry_after?.trim();
    positive(text, 1_000.0).or_else(|| {
        let wait = http_seconds(text)?.checked_sub(http_seconds(date?.trim())?)?;
        Some(Millis(wait.saturating_mul(1_000)))
    })
}

fn positive(text: &str, unit: f64) -> Option<Millis> {
    let text = text.trim();
    // `parse` would also take "inf", "nan" and "1e9".
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = text.parse().ok().filter(|_| is_plain)?;
    Some(Millis((number * unit) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_header(text: &str) -> Option<u64> {
        read(None, Some(text), None).map(|millis| millis.0)
    }

    #[test]
    fn seconds_may_have_a_fraction_and_milliseconds_come_first() {
        assert_eq!(seconds_header("2"), Some(2_000));
        assert_eq!(seconds_header(" 0.5 "), Some(500));
        assert_eq!(read(Some("1500"), Some("9"), None), Some(Millis(1_500)));
        assert_eq!(read(Some("soon"), Some("9"), None), Some(Millis(9_000)));
    }

    #[test]
    fn what_is_no_time_says_nothing() {
        for text in ["", "-1", "soon", "inf", "NaN", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            assert_eq!(seconds_header(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_counts_from_the_answers_own() {
        let wait = |retry_after, date| read(None, Some(retry_after), Some(date)).map(|m| m.0);
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:30 GMT", date), Some(30_000));
        assert_eq!(wait("Thu, 22 Oct 2015 07:28:00 GMT", date), Some(86_400_000));
        assert_eq!(wait("Wed, 21 Oct 2015 07:27:00 GMT", date), None);
        assert_eq!(wait("Wed, 21 Oct 2015 25:27:00 GMT", date), None);
    }
}
