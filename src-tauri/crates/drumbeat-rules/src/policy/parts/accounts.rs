//! When a company is an account; accounts that are blocked, named or kept for one partner, and how much a partner may hold.

parts! {
    /// Lists of accounts, by domain or name.
    Accounts {
        /// Take no registrations.
        blocked: Vec<String>,
        /// Belong to the direct team.
        named: Vec<String>,
        /// Kept for one partner.
        exclusive: Vec<Exclusive>,
    }

    /// From when on two companies are one, in percent of probability.
    MatchingRules {
        /// From here on a match is taken as the account, its deals and its claims count.
        #[schemars(range(min = 50, max = 100))]
        sure_percent: u32,
        /// From here on a person looks.
        #[schemars(range(min = 50, max = 100))]
        look_percent: u32,
        /// A parent and its subsidiaries count as one company.
        groups_are_one: bool,
    }

    /// An account that is kept for one partner.
    Exclusive {
        /// Domain or name.
        account: String,
        /// Partner name.
        partner: String,
    }

    /// How much a partner may hold.
    Capacity {
        /// Protections at once; no limit when absent.
        #[schemars(range(min = 1, max = 100000))]
        per_partner: Option<u32>,
        /// From this share of the limit a person looks.
        #[schemars(range(min = 0, max = 100))]
        warn_at_percent: u32,
    }
}
