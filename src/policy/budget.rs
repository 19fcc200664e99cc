//! A token bucket for all retries of one client: when much fails, it stops adding to the storm.

use std::cell::Cell;
use std::rc::Rc;

/// What a retry costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The service, or the way to it, failed.
    Failed,
    /// The service asked for fewer requests.
    Throttled,
}

impl Cost {
    /// In tokens: as the AWS SDKs count since 2026.
    pub const fn tokens(self) -> u32 {
        match self {
            Self::Failed => 14,
            Self::Throttled => 5,
        }
    }
}

/// The bucket. Clones share it.
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

    /// Pays for a retry; says whether it may be made.
    pub fn pay(&self, cost: Cost) -> bool {
        let rest = self.tokens.get().checked_sub(cost.tokens());
        if let Some(rest) = rest {
            self.tokens.set(rest);
        }
        rest.is_some()
    }

    /// Takes a success: what its last retry cost comes back, or one token if it needed none.
    pub fn succeed(&self, paid: Option<Cost>) {
        let back = paid.map_or(1, Cost::tokens);
        self.tokens.set(self.tokens.get().saturating_add(back).min(self.capacity));
    }

    /// The tokens left.
    pub fn left(&self) -> u32 {
        self.tokens.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_bucket_allows_no_retry_and_stays_as_it_is() {
        let budget = Budget::new(20);
        assert!(budget.pay(Cost::Failed));
        assert!(!budget.pay(Cost::Failed));
        assert!(budget.pay(Cost::Throttled));
        assert_eq!(budget.left(), 1);
    }

    #[test]
    fn a_success_gives_back_what_its_retry_cost_and_never_more_than_there_was() {
        let budget = Budget::new(20);
        let clone = budget.clone();
        assert!(budget.pay(Cost::Failed));
        clone.succeed(None);
        assert_eq!(budget.left(), 7);
        clone.succeed(Some(Cost::Failed));
        assert_eq!(budget.left(), 20);
    }
}
