//! The review (W).

use drumbeat_model::review::{AgendaSection, ReviewTemplate};

parts! {
    /// The review (W).
    ReviewRules {
        /// Items that are discussed one by one.
        #[schemars(range(min = 1, max = 1000))]
        discussed: u32,
        /// Of these at most so many from one section, while other sections have any.
        #[schemars(range(min = 1, max = 1000))]
        per_section: u32,
        /// Planned minutes.
        #[schemars(range(min = 1, max = 1000))]
        minutes: u32,
        /// How often; month and quarter are rolled up from it.
        rhythm: Rhythm,
        /// What each kind of review is about, in this order.
        sections: ReviewSections,
    }
    /// What each kind of review is about.
    ReviewSections {
        /// Every week.
        weekly: Vec<AgendaSection>,
        /// Every month.
        monthly: Vec<AgendaSection>,
        /// Every quarter.
        quarterly: Vec<AgendaSection>,
    }
}

choices! {
    /// How often partners are reviewed.
    Rhythm {
        /// Every week.
        Weekly "weekly" "every week",
        /// Every month.
        Monthly "monthly" "every month",
        /// Every quarter.
        Quarterly "quarterly" "every quarter",
    }
}

impl ReviewSections {
    /// The sections of a kind of review, in order.
    #[must_use]
    pub fn of(&self, template: ReviewTemplate) -> &[AgendaSection] {
        match template {
            ReviewTemplate::Weekly => &self.weekly,
            ReviewTemplate::Monthly => &self.monthly,
            ReviewTemplate::Quarterly => &self.quarterly,
        }
    }
}
