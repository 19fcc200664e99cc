//! The known name that a misspelled one is closest to.

use crate::model::gather::Gather;

/// The known name that is closest to this one, if at most half of its letters differ.
pub(super) fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| distance.saturating_mul(2) <= candidate.len())
        .map(|(_, candidate)| candidate)
}

/// The number of letters to insert, delete or replace between two names (Levenshtein distance).
/// Underscores and case do not count, and only the first 60 letters do.
fn distance(left: &str, right: &str) -> usize {
    let letters = |text: &str| -> Vec<char> {
        text.chars().take(60).filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).gather()
    };
    let (left, right) = (letters(left), letters(right));
    let mut row: Vec<usize> = (0..=right.len()).gather();
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
