//! What a problem says: what was found, in few words, and what may have been meant.

use crate::error::field::{Problem, Reason};
use crate::wire::value::{Unsupported, Value};

/// What a value of the wrong kind is, for a message.
pub(crate) fn found(value: &Value) -> String {
    match value {
        Value::Unsupported(Unsupported::Threw(thrown)) => {
            format!("reading it threw {}", quoted(thrown))
        }
        Value::Unsupported(Unsupported::LoneSurrogate) => {
            "found a string that is not valid Unicode".to_owned()
        }
        Value::Unsupported(Unsupported::TooLong(units)) => {
            format!("found a string of {units} UTF-16 units")
        }
        Value::Unsupported(Unsupported::TooMany(items)) => format!("found {items} items"),
        Value::Text(text) => format!("found the string {}", quoted(text)),
        Value::Null => "found null".to_owned(),
        other => format!("found a value of type {}", other.kind()),
    }
}

/// A number for a message. Writing fractions would add the formatting of floats to the module.
pub(super) fn whole(number: f64) -> String {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LARGEST {
        (number as i64).to_string()
    } else {
        "a number that is not whole".to_owned()
    }
}

/// A text in quotes, cut where it would fill the message.
pub(super) fn quoted(text: &str) -> String {
    ["\"", &shortened(text), "\""].concat()
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// The problem of an argument that the API does not have, with the nearest that it has.
pub(super) fn unknown(name: &str, known: &[&'static str]) -> Problem {
    let nearest = known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| distance.saturating_mul(2) <= candidate.len());
    let help = match nearest {
        Some((_, candidate)) => format!("there is no such field; did you mean {candidate}?"),
        None => format!("there is no such field; the fields are {}", known.join(", ")),
    };
    Problem::error(shortened(name), Reason::Unknown, help)
}

/// How many letters have to change (Levenshtein), underscores and case aside.
fn distance(left: &str, right: &str) -> usize {
    let letters = |text: &str| -> Vec<char> {
        text.chars().take(60).filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
    };
    let (left, right) = (letters(left), letters(right));
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.iter().enumerate() {
        let mut diagonal = line;
        let mut before = line.saturating_add(1);
        let mut next = Vec::with_capacity(row.len());
        next.push(before);
        for (to, above) in right.iter().zip(row.iter().skip(1)) {
            let changed = diagonal.saturating_add(usize::from(from != to));
            before = changed.min(above.saturating_add(1)).min(before.saturating_add(1));
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        assert_eq!(distance("fip_id", "fipId"), 0);
        assert_eq!(distance("descripton", "description"), 1);
        assert_eq!(distance("", "tags"), 4);
    }
}
