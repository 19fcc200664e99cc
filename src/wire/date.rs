//! Writes dates as the service does.

use time::{Month, OffsetDateTime, Weekday};

use crate::model::time::Timestamp;

const NANOS_IN_SECOND: u64 = 1_000_000_000;

/// The precision with which a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Six digits, rounded half up: the precision of every read.
    Micros,
    /// Nine digits: the precision of the timestamps that a write has just made, in its response.
    Nanos,
}

/// Writes a timestamp in RFC 3339 and UTC, such as `2025-01-22T15:18:21.527909Z`.
pub fn rfc3339(at: Timestamp, precision: Precision) -> String {
    let mut text = String::with_capacity(30);
    write_rfc3339(&mut text, at, precision);
    text
}

/// As [`rfc3339`], at the end of a text. A page has many dates, so it is written without `format!`.
pub(super) fn write_rfc3339(out: &mut String, at: Timestamp, precision: Precision) {
    let at = match precision {
        Precision::Micros => at.rounded_to_micros(),
        Precision::Nanos => at,
    };
    let date = calendar(at);
    push_digits::<4>(out, date.year().unsigned_abs().into());
    out.push('-');
    push_digits::<2>(out, u8::from(date.month()).into());
    out.push('-');
    push_digits::<2>(out, date.day().into());
    out.push('T');
    push_clock(out, date);
    out.push('.');
    let fraction = at.nanos() % NANOS_IN_SECOND;
    match precision {
        Precision::Micros => push_digits::<6>(out, fraction / 1_000),
        Precision::Nanos => push_digits::<9>(out, fraction),
    }
    out.push('Z');
}

/// Writes a timestamp in the format of the `Date` header, such as `Wed, 22 Jan 2025 15:18:21 GMT`.
pub fn http_date(at: Timestamp) -> String {
    let date = calendar(at);
    let mut text = String::with_capacity(29);
    text.push_str(weekday(date.weekday()));
    text.push_str(", ");
    push_digits::<2>(&mut text, date.day().into());
    text.push(' ');
    text.push_str(month(date.month()));
    text.push(' ');
    push_digits::<4>(&mut text, date.year().unsigned_abs().into());
    text.push(' ');
    push_clock(&mut text, date);
    text.push_str(" GMT");
    text
}

fn push_clock(out: &mut String, date: OffsetDateTime) {
    push_digits::<2>(out, date.hour().into());
    out.push(':');
    push_digits::<2>(out, date.minute().into());
    out.push(':');
    push_digits::<2>(out, date.second().into());
}

/// Writes a number with leading zeros.
fn push_digits<const WIDTH: usize>(out: &mut String, mut number: u64) {
    let mut digits = [b'0'; WIDTH];
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.saturating_add(u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
    }
    out.push_str(str::from_utf8(&digits).unwrap_or_default());
}

fn calendar(at: Timestamp) -> OffsetDateTime {
    // The fallback is never used: `OffsetDateTime` covers all 584 years of a timestamp.
    i64::try_from(at.nanos() / NANOS_IN_SECOND)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

const fn month(month: Month) -> &'static str {
    match month {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2025-01-22T15:18:21.527908821Z, from a recorded response.
    const RECORDED: Timestamp = Timestamp::from_nanos(1_737_559_101_527_908_821);

    #[test]
    fn a_write_shows_nanoseconds_and_a_read_rounds_them() {
        assert_eq!(rfc3339(RECORDED, Precision::Nanos), "2025-01-22T15:18:21.527908821Z");
        assert_eq!(rfc3339(RECORDED, Precision::Micros), "2025-01-22T15:18:21.527909Z");
    }

    #[test]
    fn rounding_carries_into_the_second() {
        let almost = Timestamp::from_nanos(1_999_999_500);
        assert_eq!(rfc3339(almost, Precision::Micros), "1970-01-01T00:00:02.000000Z");
    }

    #[test]
    fn a_header_has_whole_seconds_in_gmt() {
        assert_eq!(http_date(RECORDED), "Wed, 22 Jan 2025 15:18:21 GMT");
    }

    #[test]
    fn the_last_timestamp_is_still_a_date() {
        let last = Timestamp::from_nanos(u64::MAX);
        assert_eq!(rfc3339(last, Precision::Nanos), "2554-07-21T23:34:33.709551615Z");
    }
}
