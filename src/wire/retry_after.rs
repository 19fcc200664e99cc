//! How long an answer asks to wait: `retry-after-ms`, and `Retry-After` in seconds or as a date.

use crate::model::time::Millis;

/// Reads the two headers. A date counts from `date`, the answer's own: the two clocks may differ.
/// What is in the past, negative or unreadable says nothing.
pub fn read(millis: Option<&str>, retry_after: Option<&str>, date: Option<&str>) -> Option<Millis> {
    if let Some(millis) = millis.and_then(thousandths) {
        return Some(Millis(millis / 1_000));
    }
    let text = retry_after?.trim();
    thousandths(text).map(Millis).or_else(|| {
        let wait = seconds(text)?.checked_sub(seconds(date?.trim())?)?;
        Some(Millis(wait.saturating_mul(1_000)))
    })
}

/// Digits, with or without a fraction, in thousandths. Reading them as an `f64` would add 5 KB to the
/// module, and take "inf", "nan" and "1e9".
fn thousandths(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = [whole, fraction].concat().bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain || text.trim_matches('.').is_empty() {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(u64::MAX) };
    // "5" stands for 500, "05" for 50.
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(whole.saturating_mul(1_000).saturating_add(fraction.parse().unwrap_or_default()))
}

/// The seconds since 1970 of `Wed, 21 Oct 2015 07:28:00 GMT`.
fn seconds(date: &str) -> Option<u64> {
    let (_, rest) = date.split_once(',')?;
    let mut words = rest.strip_prefix(' ')?.split(' ');
    let day: u64 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let year: u64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':');
    let mut part = || clock.next()?.parse::<u64>().ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = u64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()?;
    let is_date = (1_970..10_000).contains(&year) && (1..32).contains(&day);
    let is_time = hour < 24 && minute < 60 && second < 61;
    if words.next() != Some("GMT") || !is_date || !is_time {
        return None;
    }
    let days = days_before(year, month)?.checked_add(day)?.checked_sub(1)?;
    let minutes = days.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    minutes.checked_mul(60)?.checked_add(second)
}

/// The days from 1970 to the first of this month, which counts from 0. The year is counted from
/// March, so that the leap day is its last.
fn days_before(year: u64, month: u64) -> Option<u64> {
    let (year, month) = match month.checked_sub(2) {
        Some(month) => (year, month),
        None => (year.checked_sub(1)?, month.checked_add(10)?),
    };
    let leaps = (year / 4).checked_sub(year / 100)?.checked_add(year / 400)?;
    let months = month.checked_mul(153)?.checked_add(2)? / 5;
    year.checked_mul(365)?.checked_add(leaps)?.checked_add(months)?.checked_sub(719_468)
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

    #[test]
    fn days_are_counted_over_leap_years() {
        for (date, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799),
            ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 1_445_412_480),
            ("Fri, 31 Dec 2100 00:00:00 GMT", 4_133_894_400),
        ] {
            assert_eq!(seconds(date), Some(expected), "{date}");
        }
    }
}
