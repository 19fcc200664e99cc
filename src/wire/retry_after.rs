//! How long a response asks to wait.

use super::calendar::parse_http_date;
use crate::model::parts::split_once;
use crate::model::time::Millis;

/// Reads how long a response asks to wait before a retry.
///
/// `millis` is its `retry-after-ms`, which comes first; `retry_after` is its `Retry-After`, in
/// seconds or as a date; `date` is its `Date`. The wait until a date counts from `date`, because
/// the local clock may differ from the service's. Returns nothing for a wait that is negative or
/// malformed.
pub fn read(millis: Option<&str>, retry_after: Option<&str>, date: Option<&str>) -> Option<Millis> {
    if let Some(millis) = millis.and_then(thousandths) {
        return Some(Millis(millis / 1_000));
    }
    let text = retry_after?.trim_ascii();
    thousandths(text).map(Millis).or_else(|| {
        let wait = parse_http_date(text)?.checked_sub(parse_http_date(date?.trim_ascii())?)?;
        Some(Millis(wait.saturating_mul(1_000)))
    })
}

/// Parses a decimal number into thousandths. Parsing an `f64` would accept "inf", "nan" and "1e9",
/// and add 5 KB to the WebAssembly module.
fn thousandths(text: &str) -> Option<u64> {
    let text = text.trim_ascii();
    let (whole, fraction) = split_once(text, b'.').unwrap_or((text, ""));
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(whole) || !is_plain(fraction) || text.bytes().all(|byte| byte == b'.') {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(u64::MAX) };
    // The fraction "5" is 500 thousandths, "05" is 50.
    let mut digits = fraction.bytes();
    let mut digit = || u64::from(digits.next().unwrap_or(b'0') & 15);
    let fraction = [digit(), digit(), digit()];
    let fraction =
        fraction.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(*digit));
    Some(whole.saturating_mul(1_000).saturating_add(fraction))
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
    fn a_malformed_wait_is_ignored() {
        for text in ["", "-1", "soon", "inf", "NaN", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            assert_eq!(seconds_header(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_response() {
        let wait = |retry_after, date| read(None, Some(retry_after), Some(date)).map(|m| m.0);
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:30 GMT", date), Some(30_000));
        assert_eq!(wait("Thu, 22 Oct 2015 07:28:00 GMT", date), Some(86_400_000));
        assert_eq!(wait("Wed, 21 Oct 2015 07:27:00 GMT", date), None);
        assert_eq!(wait("Wed, 21 Oct 2015 25:27:00 GMT", date), None);
    }
}
