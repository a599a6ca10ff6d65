//! QBR packs as asked for and as made (Q). What is in one is the export crate's business.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::words;
use crate::ids::PartnerId;
use crate::time::{Day, Instant, Quarter};

words! {
    /// For whom a pack is.
    Edition {
        Partner "partner" "Partner edition",
        Internal "internal" "Internal edition",
    }
}

words! {
    /// File format of a pack.
    PackFormat {
        Pptx "pptx" "PowerPoint",
        Pdf "pdf" "PDF",
        Xlsx "xlsx" "Excel",
        Html "html" "Web page",
    }
}

words! {
    /// What the numbers of a partner speak for.
    Stance {
        Invest "invest" "Invest",
        Hold "hold" "Hold",
        Exit "exit" "Exit",
    }
}

words! {
    /// What a partner's numbers speak for beside what tiers ask (T-02).
    TierCourse {
        Up "up" "Reaches a higher tier",
        Stays "stays" "Keeps its tier",
        Grace "grace" "Keeps its tier for one quarter",
        Down "down" "Misses its tier",
    }
}

words! {
    /// What a tier can ask (T-02).
    TierCriterion {
        Bookings "bookings" "Bookings",
        DealsWon "deals_won" "Deals won",
        Registrations "registrations" "Registrations approved",
        Certified "certified" "Certified people",
        Hygiene "hygiene" "Hygiene of open deals",
    }
}

words! {
    /// File format of a share.
    ShareFormat {
        Html "html" "Web page",
        Csv "csv" "Table of lines",
        Xlsx "xlsx" "Excel",
    }
}

/// A partner's pipeline as files that can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ShareRequest {
    /// Partner.
    pub partner: PartnerId,
    /// Formats.
    pub formats: Vec<ShareFormat>,
    /// The last day on which it holds; thirty days from now when absent.
    #[serde(default)]
    pub expires: Option<Day>,
}

/// What a share contains, before it is written (V-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareContents {
    /// Partner.
    pub partner: PartnerId,
    /// Partner name.
    pub partner_name: String,
    /// As of.
    pub at: Instant,
    /// The last day on which it holds.
    pub until: Day,
    /// What every copy carries.
    pub mark: String,
    /// Lists with how many rows each has.
    pub sections: Vec<PackSection>,
    /// Fields that the safelist leaves out.
    pub withheld: Vec<String>,
    /// Changes not yet in the CRM.
    pub pending: u32,
}

/// One written file of a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareFile {
    /// Path.
    pub path: String,
    /// Format.
    pub format: ShareFormat,
    /// Bytes.
    pub bytes: u32,
    /// SHA-256, hex.
    pub sha256: String,
}

/// A share that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareMade {
    /// What it contains.
    pub contents: ShareContents,
    /// Files, each with its size and SHA-256.
    pub files: Vec<ShareFile>,
}

/// The answer to a share that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareWritten {
    /// What was written; absent when the person thought better of it.
    pub made: Option<ShareMade>,
}

/// A share that was made, as the list of them has it (V-02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareRow {
    /// Partner.
    pub partner: PartnerId,
    /// Its name then.
    pub partner_name: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// The last day on which it holds.
    pub until: Day,
    /// What every copy carries.
    pub mark: String,
    /// Formats.
    pub formats: Vec<ShareFormat>,
}

/// One pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PackRequest {
    /// Partner.
    pub partner: PartnerId,
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// Formats.
    pub formats: Vec<PackFormat>,
}

/// What a pack would hold, before it is written (V-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackPreview {
    /// Partner name.
    pub partner: String,
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// As of.
    pub as_of: Instant,
    /// Sections with the finding each one states and how many rows it has.
    pub sections: Vec<PackSection>,
    /// Fields that the safelist leaves out of this edition.
    pub withheld: Vec<String>,
    /// Changes not yet in the CRM when it is made.
    pub pending: u32,
    /// Merge conflicts when it is made.
    pub merge_conflicts: u32,
    /// When the pack before was made: same partner, same edition.
    pub since: Option<Instant>,
    /// What reads otherwise than in that one.
    pub changes: Vec<PackChange>,
}

/// A section that reads otherwise than in the pack before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackChange {
    /// Section.
    pub key: String,
    /// Its finding then; absent when it was not there.
    pub before: Option<String>,
    /// Its finding now; absent when it is gone.
    pub now: Option<String>,
}

/// A partner's quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PackRef {
    /// Partner.
    pub partner: PartnerId,
    /// Quarter.
    pub quarter: Quarter,
}

/// What a person writes for a partner's quarter. It is in both editions, so it is written for the partner to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PackWords {
    /// Partner.
    pub partner: PartnerId,
    /// Quarter.
    pub quarter: Quarter,
    /// What went well, in place of what is counted; at most three.
    pub wins: Vec<String>,
    /// What needs care, likewise.
    pub problems: Vec<String>,
    /// What is asked, likewise.
    pub asks: Vec<String>,
    /// Bets of the next quarter; at most eight.
    pub bets: Vec<PackBet>,
    /// What customers said; at most eight.
    pub quotes: Vec<PackQuote>,
    /// Steps of the 30/60/90 plan; at most nine.
    #[serde(default)]
    pub plan: Vec<PackStep>,
    /// What could go wrong; at most four.
    #[serde(default)]
    pub risks: Vec<String>,
    /// Day of the next review.
    pub next_review: Option<Day>,
}

/// One bet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PackBet {
    /// What.
    pub text: String,
    /// How it is known to have paid.
    pub measure: Option<String>,
    /// Who.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Day>,
}

/// One step of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PackStep {
    /// In so many days it is done: 30, 60 or 90.
    pub within: u32,
    /// What.
    pub text: String,
    /// Who.
    pub owner: Option<String>,
    /// By when, where that is said.
    pub due: Option<Day>,
}

/// What a customer said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PackQuote {
    /// The words.
    pub text: String,
    /// Whose.
    pub said_by: Option<String>,
}

impl PackWords {
    /// Nothing written yet.
    #[must_use]
    pub fn none(partner: PartnerId, quarter: Quarter) -> Self {
        let (wins, problems, asks, risks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (bets, quotes, plan) = (Vec::new(), Vec::new(), Vec::new());
        Self { partner, quarter, wins, problems, asks, bets, quotes, plan, risks, next_review: None }
    }

    /// Every text in it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let points = [&self.wins, &self.problems, &self.asks, &self.risks].into_iter().flatten().map(String::as_str);
        let bets = self
            .bets
            .iter()
            .flat_map(|x| std::iter::once(x.text.as_str()).chain(x.measure.as_deref()).chain(x.owner.as_deref()));
        let quotes = self.quotes.iter().flat_map(|x| std::iter::once(x.text.as_str()).chain(x.said_by.as_deref()));
        let plan = self.plan.iter().flat_map(|x| std::iter::once(x.text.as_str()).chain(x.owner.as_deref()));
        points.chain(bets).chain(quotes).chain(plan)
    }

    /// Without space around texts, and without what is empty.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let text = |x: String| x.trim().to_owned();
        let some = |x: Option<String>| x.map(text).filter(|x| !x.is_empty());
        let all = |x: Vec<String>| x.into_iter().map(text).filter(|x| !x.is_empty()).collect();
        let bets = self.bets.into_iter().map(|x| PackBet {
            text: text(x.text),
            measure: some(x.measure),
            owner: some(x.owner),
            due: x.due,
        });
        let quotes = self.quotes.into_iter().map(|x| PackQuote { text: text(x.text), said_by: some(x.said_by) });
        let plan = self.plan.into_iter().map(|x| PackStep { text: text(x.text), owner: some(x.owner), ..x });
        Self {
            wins: all(self.wins),
            problems: all(self.problems),
            asks: all(self.asks),
            bets: bets.filter(|x| !x.text.is_empty()).collect(),
            quotes: quotes.filter(|x| !x.text.is_empty()).collect(),
            plan: plan.filter(|x| !x.text.is_empty()).collect(),
            risks: all(self.risks),
            ..self
        }
    }
}

/// The packs of all partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PackBatch {
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// Formats.
    pub formats: Vec<PackFormat>,
    /// The one-page status of each partner in place of its pack; always partner-safe, a PDF.
    pub status: bool,
}

/// How a batch ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackBatchDone {
    /// Folder.
    pub folder: String,
    /// The page that lists what is in it.
    pub index: String,
    /// Partners whose files were written.
    pub made: u32,
    /// Partners whose files were there already.
    pub kept: u32,
    /// It was told to stop; started again, it goes on.
    pub cancelled: bool,
    /// Partners that have none.
    pub failed: Vec<PackMissed>,
}

/// A partner whose pack could not be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackMissed {
    /// Partner.
    pub partner: PartnerId,
    /// Its name.
    pub partner_name: String,
    /// Why.
    pub why: String,
}

/// One section of a pack, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackSection {
    /// Stable key.
    pub key: String,
    /// The finding with its number.
    pub title: String,
    /// Rows or points in it.
    pub rows: u32,
}

/// A pack that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackMade {
    /// Partner.
    pub partner: PartnerId,
    /// Partner name.
    pub partner_name: String,
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// When.
    pub at: Instant,
    /// Files, each with its size and SHA-256.
    pub files: Vec<PackFile>,
    /// What it said; packs made by older versions do not know.
    #[serde(default)]
    pub sections: Vec<PackSection>,
}

/// One written file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackFile {
    /// Path as chosen by the person.
    pub path: String,
    /// Format.
    pub format: PackFormat,
    /// Bytes.
    pub bytes: u32,
    /// SHA-256, hex.
    pub sha256: String,
}
