//! Whose queue a registration comes into.

use std::collections::BTreeMap;

parts! {
    /// Whose queue a registration comes into.
    Routing {
        /// In order: the first that names somebody decides.
        order: Vec<RouteBy>,
        /// Who has a territory: its name -> e-mail address of the owner.
        territories: BTreeMap<String, String>,
        /// Who has the large ones: from this amount on.
        sizes: Vec<SizeRoute>,
        /// Who stands in for whom: e-mail address -> e-mail address.
        cover: BTreeMap<String, String>,
    }

    /// Who has registrations from an amount on.
    SizeRoute {
        /// From this amount, in the account's currency.
        from: u64,
        /// E-mail address of the owner.
        owner: String,
    }
}

choices! {
    /// What decides whose queue it is.
    RouteBy {
        /// Amount.
        Size "size" "the amount",
        /// The customer's territory.
        Territory "territory" "the customer's territory",
        /// Who owns the partner.
        PartnerOwner "partner_owner" "the partner's owner",
    }
}
