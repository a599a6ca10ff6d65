//! What each tier asks, may do and earns (T-02, T-07).

use drumbeat_model::deal::{Attribution, Motion};
use drumbeat_model::registration::RegistrationKind;

parts! {
    /// What each tier may do (T-02).
    Tiers {
        /// Registered.
        registered: TierRule,
        /// Select.
        select: TierRule,
        /// Elite.
        elite: TierRule,
    }

    /// What a tier asks, may do and earns. A criterion that is absent is not asked.
    TierRule {
        /// What it is called here.
        name: String,
        /// Discount band in percent: from, to.
        discount: [u32; 2],
        /// What it may register.
        kinds: Vec<RegistrationKind>,
        /// Bookings of four quarters, in whole units of the account's own currency.
        bookings: Option<u32>,
        /// Deals won in them.
        deals_won: Option<u32>,
        /// Registrations approved in them.
        registrations: Option<u32>,
        /// People with a valid certificate.
        certified: Option<u32>,
        /// Hygiene of the open deals, in percent.
        #[schemars(range(min = 0, max = 100))]
        hygiene: Option<u32>,
        /// What a won deal earns the partner; the first that fits.
        #[serde(default)]
        fees: Vec<Fee>,
    }

    /// What a won deal earns the partner (T-07).
    Fee {
        /// Of this motion.
        motion: Motion,
        /// Of this attribution alone; any when absent.
        attribution: Option<Attribution>,
        /// Percent of the credited part of the amount.
        #[schemars(range(min = 1, max = 100))]
        percent: u32,
    }
}
