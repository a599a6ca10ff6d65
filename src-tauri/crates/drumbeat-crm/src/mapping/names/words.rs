//! The words that people use for a field, whatever the vendor.

use drumbeat_model::field::Field;

/// What people call a field, compared without case, spaces and signs.
pub(in crate::mapping) const WORDS: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "company name",
            "account name",
            "deal name",
            "opportunity name",
            "registration name",
            "certification name",
        ],
    ),
    (
        Field::Domain,
        &[
            "company domain",
            "company domain name",
            "customer domain",
            "website",
            "website url",
        ],
    ),
    (
        Field::Region,
        &["sales region", "territory", "state/region"],
    ),
    (Field::Currency, &["currency code", "deal currency"]),
    (
        Field::IsPartner,
        &["partner", "partner account", "is a partner", "partner flag"],
    ),
    (
        Field::PartnerType,
        &["type of partner", "partner category", "partner kind"],
    ),
    (
        Field::PartnerTier,
        &[
            "tier",
            "partner level",
            "program tier",
            "partner program tier",
        ],
    ),
    (
        Field::PartnerStatus,
        &[
            "partner state",
            "partner stage",
            "partnership status",
            "partner lifecycle",
        ],
    ),
    (
        Field::PartnerMotions,
        &[
            "motions",
            "partner routes",
            "routes to market",
            "go-to-market motions",
        ],
    ),
    (
        Field::PartnerTerritories,
        &[
            "territories",
            "partner regions",
            "partner countries",
            "covered territories",
        ],
    ),
    (
        Field::PartnerSince,
        &[
            "partner start date",
            "partnership start",
            "partner since date",
        ],
    ),
    (
        Field::Incumbent,
        &["incumbent", "incumbent partner", "current partner"],
    ),
    (
        Field::RenewalDate,
        &[
            "renewal",
            "contract renewal date",
            "next renewal",
            "next renewal date",
        ],
    ),
    (
        Field::Blocked,
        &[
            "blocked",
            "do not register",
            "house account",
            "named account",
        ],
    ),
    (
        Field::Motion,
        &[
            "motion",
            "partner route",
            "route to market",
            "sales motion",
            "go-to-market motion",
        ],
    ),
    (
        Field::Partner,
        &[
            "partner",
            "partner organisation",
            "partner organization",
            "partner company",
            "partner account",
            "partner of record",
            "partner id",
        ],
    ),
    (
        Field::Attribution,
        &[
            "attribution",
            "partner attribution",
            "partner influence",
            "partner source",
            "sourced or influenced",
        ],
    ),
    (
        Field::AttributionPct,
        &[
            "attribution percentage",
            "partner attribution percentage",
            "partner share",
            "partner credit",
            "attribution %",
        ],
    ),
    (
        Field::RegistrationId,
        &[
            "deal registration",
            "registration id",
            "registration number",
            "deal reg id",
            "deal registration number",
        ],
    ),
    (
        Field::ProtectionStart,
        &[
            "protected from",
            "protection start date",
            "registration start",
        ],
    ),
    (
        Field::ProtectionEnd,
        &[
            "protected until",
            "protection end date",
            "protection expires",
            "registration expiry",
            "protection expiry",
        ],
    ),
    (
        Field::PriceProtected,
        &["price protection", "price protection flag"],
    ),
    (
        Field::DiscountBand,
        &["partner discount", "discount tier", "discount level"],
    ),
    (
        Field::DealKind,
        &[
            "deal type",
            "new or renewal",
            "business type",
            "renewal or expansion",
        ],
    ),
    (
        Field::ContactRoles,
        &["partner contacts", "partner roles", "partner team"],
    ),
    (
        Field::ConflictStatus,
        &[
            "channel conflict",
            "conflict status",
            "channel conflict state",
        ],
    ),
    (
        Field::ConflictNotes,
        &["conflict notes", "channel conflict reason"],
    ),
    (
        Field::StageNotes,
        &[
            "stage note",
            "deal notes",
            "partner notes",
            "what happened, what's next",
        ],
    ),
    (
        Field::StageNotesAt,
        &["stage notes date", "stage notes updated"],
    ),
    (
        Field::StageEnteredAt,
        &["stage entry date", "date entered stage", "stage since"],
    ),
    (Field::NextStep, &["next steps"]),
    (
        Field::NextStepOwner,
        &["next step by", "owner of next step"],
    ),
    (
        Field::NextStepDue,
        &["next step due date", "next step date", "next step by when"],
    ),
    (
        Field::LostReason,
        &["lost reason", "loss reason", "reason lost"],
    ),
    (
        Field::LastActivityAt,
        &["last activity date", "last activity"],
    ),
    (
        Field::Products,
        &["product", "products of interest", "product interest"],
    ),
    (
        Field::RegistrationKind,
        &["registration type", "kind of registration"],
    ),
    (
        Field::Status,
        &[
            "registration state",
            "approval status",
            "certification state",
        ],
    ),
    (
        Field::CompanyName,
        &[
            "customer",
            "customer name",
            "end customer",
            "account name",
            "prospect company",
        ],
    ),
    (
        Field::ContactName,
        &["customer contact", "contact person", "prospect contact"],
    ),
    (
        Field::ContactEmail,
        &["contact e-mail", "customer email", "email"],
    ),
    (Field::ContactPhone, &["customer phone", "phone"]),
    (
        Field::Problem,
        &[
            "need",
            "customer need",
            "pain",
            "use case",
            "opportunity description",
        ],
    ),
    (
        Field::StageGuess,
        &["estimated stage", "sales stage", "current stage"],
    ),
    (
        Field::Consent,
        &["customer consent", "consent given", "data consent"],
    ),
    (
        Field::CloseDate,
        &["expected close date", "close date", "estimated close date"],
    ),
    (
        Field::ProofOfWork,
        &["evidence", "work done", "partner activity"],
    ),
    (Field::Competitors, &["competitor", "competition"]),
    (
        Field::SubmittedAt,
        &[
            "submission date",
            "submitted on",
            "submitted",
            "date submitted",
        ],
    ),
    (Field::SubmittedBy, &["submitter", "registered by"]),
    (
        Field::DecidedAt,
        &[
            "decision date",
            "decided on",
            "approved on",
            "approval date",
        ],
    ),
    (
        Field::DecidedBy,
        &["decision by", "approved by", "approver"],
    ),
    (
        Field::DecisionReason,
        &["decision notes", "reason of decision", "approval notes"],
    ),
    (
        Field::DeclineReason,
        &["rejection reason", "denial reason", "reason for decline"],
    ),
    (
        Field::InfoRequest,
        &[
            "information requested",
            "question to partner",
            "more info needed",
        ],
    ),
    (
        Field::Account,
        &["account", "customer account", "matched account"],
    ),
    (Field::Deal, &["deal", "opportunity", "linked deal"]),
    (
        Field::Holder,
        &["certificate holder", "certified person", "person"],
    ),
    (
        Field::CertificationKind,
        &["certification type", "certificate type", "track"],
    ),
    (Field::Level, &["certification level"]),
    (
        Field::EarnedAt,
        &["earned on", "issue date", "date earned", "certified on"],
    ),
    (
        Field::ExpiresAt,
        &[
            "expires on",
            "expiry date",
            "valid until",
            "expiration date",
        ],
    ),
];
