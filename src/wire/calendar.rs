//! Parses the dates of responses, to the second.

use crate::model::parts::{split, split_once};

/// Parses a date of HTTP into seconds since 1970: `Wed, 21 Oct 2015 07:28:00 GMT`, or one of the old forms
/// `Wednesday, 21-Oct-15 07:28:00 GMT` and `Wed Oct 21 07:28:00 2015`.
pub fn parse_http_date(date: &str) -> Option<u64> {
    let words =
        split(date, b' ').flat_map(|word| split(word, b',')).flat_map(|word| split(word, b'-'));
    let parts: Vec<&str> =
        words.flat_map(|word| split(word, b':')).filter(|part| !part.is_empty()).collect();
    let (day, month, year, clock) = match *parts.as_slice() {
        [_, day, month, year, hour, minute, second, "GMT"] => {
            (day, month, year, [hour, minute, second])
        }
        [_, month, day, hour, minute, second, year] => (day, month, year, [hour, minute, second]),
        _ => return None,
    };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = u64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()?;
    let number = |text: &str| text.parse::<u64>().ok();
    // Two digits are a year between 1970 and 2069.
    let year = match number(year)? {
        year @ 0..70 => year.checked_add(2_000)?,
        year @ 70..100 => year.checked_add(1_900)?,
        year => year,
    };
    let [hour, minute, second] = clock;
    seconds(year, month, number(day)?, [number(hour)?, number(minute)?, number(second)?])
}

/// Parses a timestamp of the service, such as `2026-02-25T13:57:00.184153690Z`, into seconds since
/// 1970. The fraction is dropped.
pub fn parse_timestamp(timestamp: &str) -> Option<u64> {
    let (date, rest) = split_once(timestamp.strip_suffix('Z')?, b'T')?;
    let time = split(rest, b'.').next()?;
    let part =
        |text: &str, separator, index| split(text, separator).nth(index)?.parse::<u64>().ok();
    let month = part(date, b'-', 1)?.checked_sub(1)?;
    let clock = [part(time, b':', 0)?, part(time, b':', 1)?, part(time, b':', 2)?];
    seconds(part(date, b'-', 0)?, month, part(date, b'-', 2)?, clock)
}

/// The seconds since 1970 of a date and time. Months count from 0, days from 1.
fn seconds(year: u64, month: u64, day: u64, [hour, minute, second]: [u64; 3]) -> Option<u64> {
    let is_date = (1_970..10_000).contains(&year) && month < 12 && (1..32).contains(&day);
    let is_time = hour < 24 && minute < 60 && second < 61;
    if !is_date || !is_time {
        return None;
    }
    let days = days_before(year, month)?.checked_add(day)?.checked_sub(1)?;
    let minutes = days.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    minutes.checked_mul(60)?.checked_add(second)
}

/// The days from 1970 to the first of a month, counted from 0. The calculation lets years begin in
/// March, so that the leap day is the last day of a year.
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

    #[test]
    fn days_are_counted_over_leap_years() {
        for (date, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799),
            ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 1_445_412_480),
            ("Fri, 31 Dec 2100 00:00:00 GMT", 4_133_894_400),
        ] {
            assert_eq!(parse_http_date(date), Some(expected), "{date}");
        }
    }

    #[test]
    fn a_date_in_an_old_form_of_http_is_the_same_date() {
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse_http_date(date), Some(784_111_777), "{date}");
        }
        let later = Some(1_795_823_999);
        assert_eq!(parse_http_date("Friday, 27-Nov-26 23:59:59 GMT"), later);
        assert_eq!(parse_http_date("Fri, 27 Nov 2026 23:59:59 GMT"), later);
        for text in ["", "Friday, 27-Nov-26 23:59:59", "Friday, 27-Nov-26 GMT", "Sun Nov 6 1994"] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_timestamp_of_the_service_is_parsed_to_the_second() {
        let seconds = Some(1_772_027_820);
        assert_eq!(parse_timestamp("2026-02-25T13:57:00.184153690Z"), seconds);
        assert_eq!(parse_timestamp("2026-02-25T13:57:00Z"), seconds);
        assert_eq!(parse_http_date("Wed, 25 Feb 2026 13:57:00 GMT"), seconds);
        for text in
            ["", "2026-02-25", "2026-13-25T13:57:00Z", "2026-02-25T24:00:00Z", "yesterdayTnoonZ"]
        {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }
}
