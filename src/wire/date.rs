//! Writes dates as the service does.

use time::{Month, OffsetDateTime};

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
    let at = match precision {
        Precision::Micros => at.rounded_to_micros(),
        Precision::Nanos => at,
    };
    let date = calendar(at);
    let fraction = at.nanos() % NANOS_IN_SECOND;
    let fraction = match precision {
        Precision::Micros => format!("{:06}", fraction / 1_000),
        Precision::Nanos => format!("{fraction:09}"),
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{fraction}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        date.hour(),
        date.minute(),
        date.second(),
    )
}

/// Writes a timestamp in the format of the `Date` header, such as `Wed, 22 Jan 2025 15:18:21 GMT`.
pub fn http_date(at: Timestamp) -> String {
    let date = calendar(at);
    let weekday = &date.weekday().to_string();
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        weekday.get(..3).unwrap_or(weekday),
        date.day(),
        month(date.month()),
        date.year(),
        date.hour(),
        date.minute(),
        date.second(),
    )
}

fn calendar(at: Timestamp) -> OffsetDateTime {
    // The fallback is never used: `OffsetDateTime` covers all 584 years of a timestamp.
    i64::try_from(at.nanos() / NANOS_IN_SECOND)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
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
