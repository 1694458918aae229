//! Sets that grow together.

/// Disjoint sets of the numbers below a count. A set is named by its least member.
#[derive(Debug)]
pub(super) struct Union {
    parents: Vec<u32>,
}

impl Union {
    /// Each number alone.
    pub(super) fn new(count: u32) -> Self {
        Self { parents: (0..count).collect() }
    }

    /// The least member of the set that holds `at`.
    pub(super) fn find(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            let up = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = up;
            at = up;
        }
        at
    }

    /// Makes one set of the two that hold `a` and `b`.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_named_by_their_least() {
        let mut union = Union::new(6);
        for (a, b) in [(5, 3), (4, 5), (1, 2)] {
            union.join(a, b);
        }
        let roots: Vec<u32> = (0..6).map(|at| union.find(at)).collect();
        assert_eq!(roots, [0, 1, 1, 3, 3, 3]);
    }
}
