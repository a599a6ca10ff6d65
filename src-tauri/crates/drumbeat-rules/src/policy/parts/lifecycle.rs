//! What becomes of a registration after its first decision, where no other part says so.

use drumbeat_model::dossier::PartnerRole;

parts! {
    /// After the first decision.
    LifecycleRules {
        /// Days after a warning in which a partner may still act before its protection is released.
        #[schemars(range(min = 1, max = 36525))]
        after_warning_days: u32,
        /// A partner whose claim on a company has ended may claim it again without a look after these days (LEAD-13);
        /// 0 asks for none.
        #[schemars(range(min = 0, max = 36525))]
        cooling_off_days: u32,
        /// What a partner may be on a deal (F-05).
        partner_roles: Vec<PartnerRole>,
    }
}
