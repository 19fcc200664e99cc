//! The token bucket that all calls of a client share for retries. It limits the extra load while many
//! requests fail.

use std::cell::Cell;
use std::rc::Rc;

/// The cost of a retry, by the reason for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The service or the network failed.
    Failed,
    /// The service asked for fewer requests.
    Throttled,
}

impl Cost {
    /// The cost in tokens, the same as in the AWS SDKs since 2026.
    pub const fn tokens(self) -> u32 {
        match self {
            Self::Failed => 14,
            Self::Throttled => 5,
        }
    }
}

/// The bucket. Clones share their tokens.
#[derive(Clone, Debug)]
pub struct Budget {
    tokens: Rc<Cell<u32>>,
    capacity: u32,
}

impl Budget {
    /// A full bucket.
    pub fn new(capacity: u32) -> Self {
        Self { tokens: Rc::new(Cell::new(capacity)), capacity }
    }

    /// Takes the tokens for a retry. Returns whether there were enough; if not, none are taken.
    pub fn take(&self, cost: Cost) -> bool {
        let rest = self.tokens.get().checked_sub(cost.tokens());
        if let Some(rest) = rest {
            self.tokens.set(rest);
        }
        rest.is_some()
    }

    /// Gives tokens back after a success: the cost of its last retry, or one token if it had none.
    pub fn give_back(&self, retry_cost: Option<Cost>) {
        let tokens = retry_cost.map_or(1, Cost::tokens);
        self.tokens.set(self.tokens.get().saturating_add(tokens).min(self.capacity));
    }

    /// Sets the tokens that were left, and gives one back for each of `successes` calls without a retry.
    pub fn restore(&self, tokens: u32, successes: u32) {
        self.tokens.set(tokens.saturating_add(successes).min(self.capacity));
    }

    /// The number of tokens left.
    pub fn left(&self) -> u32 {
        self.tokens.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_with_too_few_tokens_allows_no_retry_and_keeps_them() {
        let budget = Budget::new(20);
        assert!(budget.take(Cost::Failed));
        assert!(!budget.take(Cost::Failed));
        assert!(budget.take(Cost::Throttled));
        assert_eq!(budget.left(), 1);
    }

    #[test]
    fn a_bucket_is_restored_with_a_token_for_each_success_up_to_the_capacity() {
        let budget = Budget::new(20);
        budget.restore(3, 4);
        assert_eq!(budget.left(), 7);
        budget.restore(3, u32::MAX);
        assert_eq!(budget.left(), 20);
    }

    #[test]
    fn a_success_gives_back_the_cost_of_its_retry_up_to_the_capacity() {
        let budget = Budget::new(20);
        let clone = budget.clone();
        assert!(budget.take(Cost::Failed));
        clone.give_back(None);
        assert_eq!(budget.left(), 7);
        clone.give_back(Some(Cost::Failed));
        assert_eq!(budget.left(), 20);
    }
}
