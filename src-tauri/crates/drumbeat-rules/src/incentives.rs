//! What a won deal earns its partner: the fee that the policy gives its tier for the motion (T-07).
//!
//! A fee is a percentage of the part of the amount that is credited to the partner, to the cent; half a cent is a cent. The first
//! fee of the tier's list that fits the deal is the one, and a deal that none fits earns nothing.

use drumbeat_model::deal::{Attribution, Motion};
use drumbeat_model::money::Money;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::policy::Fee;

/// What is known of a won deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Won<'a> {
    /// Motion.
    pub motion: Option<Motion>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// Percentage credited to the partner; all of it when absent.
    pub credited: Option<Decimal>,
    /// Amount.
    pub amount: Option<&'a Money>,
}

/// The fee in percent and what it comes to; nothing where none fits or the amount is not known (T-07).
#[must_use]
pub fn earned(deal: &Won<'_>, fees: &[Fee]) -> Option<(u32, Money)> {
    let fits = |fee: &&Fee| {
        Some(fee.motion) == deal.motion && fee.attribution.is_none_or(|asked| Some(asked) == deal.attribution)
    };
    let fee = fees.iter().find(fits)?;
    let amount = deal.amount?;
    let credited = deal.credited.unwrap_or(Decimal::ONE_HUNDRED);
    let exact = amount.amount.checked_mul(credited)?.checked_mul(Decimal::from(fee.percent))? / Decimal::from(10_000);
    let sum = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some((fee.percent, Money::new(sum, amount.currency.clone())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use drumbeat_model::money::Currency;

    fn fee(motion: Motion, attribution: Option<Attribution>, percent: u32) -> Fee {
        Fee { motion, attribution, percent }
    }

    #[test]
    fn the_first_fee_that_fits_is_taken_of_the_credited_part_to_the_cent() {
        use Attribution::{Influenced, Sourced};
        use Motion::{Referral, Reseller, Tech};
        let fees = [fee(Referral, Some(Sourced), 12), fee(Referral, None, 5), fee(Reseller, Some(Sourced), 8)];
        let euro = |text: &str| Money::new(text.parse().unwrap(), Currency::parse("EUR").unwrap());
        for (motion, attribution, credited, amount, percent, sum) in [
            (Referral, Some(Sourced), None, "10000.00", 12, "1200.00"),
            (Referral, Some(Sourced), Some(50), "10000.00", 12, "600.00"),
            (Referral, Some(Influenced), Some(30), "10000.00", 5, "150.00"),
            (Referral, None, None, "0.30", 5, "0.02"),
            (Reseller, Some(Sourced), Some(33), "999.99", 8, "26.40"),
        ] {
            let won = euro(amount);
            let deal =
                Won { motion: Some(motion), attribution, credited: credited.map(Decimal::from), amount: Some(&won) };
            assert_eq!(earned(&deal, &fees), Some((percent, euro(sum))), "{motion:?} {attribution:?} {amount}");
        }
        let won = euro("10000.00");
        let deal = |motion, attribution| Won { motion, attribution, credited: None, amount: Some(&won) };
        assert_eq!(earned(&deal(Some(Reseller), Some(Influenced)), &fees), None, "that fee is for sourced ones");
        assert_eq!(earned(&deal(Some(Tech), Some(Sourced)), &fees), None);
        assert_eq!(earned(&deal(None, Some(Sourced)), &fees), None, "nobody knows the motion");
        assert_eq!(earned(&Won { amount: None, ..deal(Some(Referral), Some(Sourced)) }, &fees), None);
        assert_eq!(earned(&deal(Some(Referral), Some(Sourced)), &[]), None, "a policy without fees");
    }
}
