//! What projections keep of the program's rules, handed in from outside: the store knows no rule.

use drumbeat_model::deal::Deal;
use drumbeat_model::time::Day;

/// What a deal's projection keeps so that lists can filter and sort by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DealFacets {
    /// First day on which the deal counts as stalled.
    pub stalled_on: Option<Day>,
    /// How many hard fields are missing (F-01).
    pub missing_hard: u32,
    /// Share of required fields present, 0 to 100 (F-06, freshness left out).
    pub hygiene: u32,
}

/// What a deal's products name beside the product itself (K-08).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attached {
    /// Services.
    pub services: bool,
    /// An integration.
    pub integration: bool,
}

impl Attached {
    /// As its column holds it.
    pub(crate) fn code(self) -> i64 {
        i64::from(self.services) | i64::from(self.integration) << 1
    }
}

/// Pure judgements that the rules make and the store only keeps.
pub trait Judge: Send + Sync {
    /// Facets of a deal.
    fn deal(&self, deal: &Deal) -> DealFacets;
    /// What products name, as a deal lists them; nothing where no rule says which words do.
    fn attached(&self, _products: &str) -> Attached {
        Attached::default()
    }
    /// With which months quarters begin, as what their numbers (January is 0) leave over when divided by three.
    fn quarters_begin(&self) -> i64 {
        0
    }
    /// The form of a company name under which spellings meet.
    fn name_key(&self, name: &str) -> String;
    /// The registrable domain of a web or mail address.
    fn domain_key(&self, domain: &str) -> Option<String>;
}

/// Keeps the text as it is and judges nothing.
pub struct Plain;

impl Judge for Plain {
    fn deal(&self, _deal: &Deal) -> DealFacets {
        DealFacets::default()
    }

    fn name_key(&self, name: &str) -> String {
        name.trim().to_lowercase()
    }

    fn domain_key(&self, domain: &str) -> Option<String> {
        let domain = domain.trim().to_lowercase();
        (!domain.is_empty()).then_some(domain)
    }
}
