//! The closed lists of channel conflicts: kinds, signals, states, bands of severity.

use crate::deal::words;

words! {
    /// What kind of channel conflict (C-01); an early sign has one party, or none that collides yet.
    ConflictKind {
        Horizontal "horizontal" "Two partners",
        Vertical "vertical" "Direct and partner",
        MultiChannel "multi_channel" "Two motions",
        Renewal "renewal" "Renewal",
        Sign "sign" "Early sign",
    }
}

words! {
    /// Where a signal comes from (C-02).
    SignalFamily {
        Pricing "pricing" "Pricing",
        Pipeline "pipeline" "Pipeline",
        Engagement "engagement" "Engagement",
        Renewal "renewal" "Renewal",
    }
}

words! {
    /// One fact that points at a channel conflict (C-02).
    ChannelSignal {
        UnusualDiscount "unusual_discount" "Unusual discount",
        OverlappingProtection "overlapping_protection" "Overlapping price protection",
        DuplicateQuote "duplicate_quote" "Duplicate quote",
        TwoOpenDeals "two_open_deals" "Two open deals, one account",
        DuplicateDeal "duplicate_deal" "Duplicate deal",
        DuplicateAccount "duplicate_account" "Duplicate account",
        TwoClaims "two_claims" "Two registrations, one account",
        MissingPartner "missing_partner" "Partner fields without a partner",
        OwnerChange "owner_change" "Sudden owner change",
        Complaint "complaint" "Fairness complaint",
        SilentAfterPolicy "silent_after_policy" "Silent since the policy changed",
        SlowerReplies "slower_replies" "Slower replies",
        IncumbentTouched "incumbent_touched" "Incumbent’s account engaged",
        RenewalUnconfirmed "renewal_unconfirmed" "Renewal without a confirmed owner",
    }
}

impl ChannelSignal {
    /// Where it belongs.
    #[must_use]
    pub fn family(self) -> SignalFamily {
        match self {
            Self::UnusualDiscount | Self::OverlappingProtection | Self::DuplicateQuote => SignalFamily::Pricing,
            Self::TwoOpenDeals
            | Self::DuplicateDeal
            | Self::DuplicateAccount
            | Self::TwoClaims
            | Self::MissingPartner
            | Self::OwnerChange => SignalFamily::Pipeline,
            Self::Complaint | Self::SilentAfterPolicy | Self::SlowerReplies => SignalFamily::Engagement,
            Self::IncumbentTouched | Self::RenewalUnconfirmed => SignalFamily::Renewal,
        }
    }

    /// Its place among all, for keeping a set of them in one number.
    #[must_use]
    pub fn bit(self) -> i64 {
        1 << Self::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }
}

words! {
    /// How far people have come with a finding.
    ConflictState {
        Open "open" "New",
        Acknowledged "acknowledged" "Acknowledged",
        Planned "planned" "Planned",
        Escalated "escalated" "Escalated",
        Appealed "appealed" "Appealed",
        Settled "settled" "Settled",
        Dismissed "dismissed" "Dismissed",
        Ended "ended" "Ended by itself",
    }
}

impl ConflictState {
    /// Somebody has to do something about it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged | Self::Planned | Self::Escalated | Self::Appealed)
    }
}

words! {
    /// How severe a finding is, in three bands of its points (C-03).
    Severity {
        High "high" "High",
        Medium "medium" "Medium",
        Low "low" "Low",
    }
}

impl Severity {
    /// The band of so many points out of 100.
    #[must_use]
    pub fn of(points: u32) -> Self {
        Self::ALL.iter().copied().find(|band| points >= band.from()).unwrap_or(Self::Low)
    }

    /// The points that it begins with.
    #[must_use]
    pub fn from(self) -> u32 {
        match self {
            Self::High => 67,
            Self::Medium => 34,
            Self::Low => 0,
        }
    }
}
