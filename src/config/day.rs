//! Days, for exceptions that end.

use std::fmt;
use std::time::{Duration, SystemTime};

/// Seconds from 1970 to the first year that is not written with four digits.
const YEAR_10000: u64 = 253_402_300_800;

/// A day of the calendar, ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Reads `2027-01-31`; none if there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |range: std::ops::Range<usize>| -> Option<u16> {
            let part = text.get(range)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let whole = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        let (year, month, day) = (digits(0..4)?, digits(5..7)? as u8, digits(8..10)? as u8);
        (whole && (1..=12).contains(&month) && (1..=length(year, month)).contains(&day)).then_some(Self {
            year,
            month,
            day,
        })
    }

    /// The current day in UTC. `SOURCE_DATE_EPOCH`, seconds since 1970, stands in for the clock where it is set, so
    /// that a run can be repeated.
    pub fn today() -> Self {
        let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
        let fixed = fixed.filter(|&seconds| seconds < YEAR_10000);
        let now = fixed.map_or_else(SystemTime::now, |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        Self::parse(humantime::format_rfc3339_seconds(now).to_string().get(..10).unwrap_or_default()).unwrap_or(Self {
            year: 9999,
            month: 12,
            day: 31,
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn length(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for good in ["2027-01-31", "2028-02-29", "2000-02-29"] {
            assert_eq!(Day::parse(good).expect(good).to_string(), good);
        }
        for bad in
            ["2027-02-29", "1900-02-29", "2027-13-01", "2027-1-1", "31.01.2027", "2027-01-31T00:00", "+027-01-01", ""]
        {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert!(Day::parse("2027-01-31") < Day::parse("2027-02-01"));
    }
}
