//! The policy that judges today, as a value that use cases look at without asking.
//!
//! The hard idea: `ws.policy` is read everywhere and changes now and then: at midnight, when a version begins,
//! or when one is saved. A new version is put behind the last one and never takes its place in memory, so that
//! a reference stays good as long as the workspace is open; the last one is in force. A workspace sees few
//! versions in its life, so nothing is taken away. When to look for a new one is the workspace's business.

use std::ops::Deref;
use std::sync::OnceLock;

use drumbeat_rules::Policy;

/// The policy in force; read like a [`Policy`].
#[derive(Debug)]
pub struct InForce {
    policy: Policy,
    next: OnceLock<Box<InForce>>,
}

impl InForce {
    /// A policy that judges until another is [taken](InForce::take).
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, next: OnceLock::new() }
    }

    /// From now on this policy judges.
    pub fn take(&self, policy: Policy) {
        let mut last = self.last();
        let mut new = Box::new(Self::new(policy));
        // Another thread may have put one there in the meantime.
        while let Err(back) = last.next.set(new) {
            new = back;
            last = last.last();
        }
    }

    fn last(&self) -> &Self {
        let mut here = self;
        while let Some(next) = here.next.get() {
            here = next;
        }
        here
    }
}

impl Deref for InForce {
    type Target = Policy;
    fn deref(&self) -> &Policy {
        &self.last().policy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_taken_judges_and_what_was_looked_at_before_stays() {
        let policy = |version| {
            let mut policy = Policy::built_in();
            policy.version = version;
            policy
        };
        let in_force = InForce::new(policy(1));
        let before: &Policy = &in_force;
        std::thread::scope(|threads| {
            for version in 2..=9 {
                let in_force = &in_force;
                threads.spawn(move || in_force.take(policy(version)));
            }
        });
        assert_eq!(before.version, 1);
        assert!((2..=9).contains(&in_force.version));
        in_force.take(policy(10));
        assert_eq!(in_force.version, 10);
    }
}
