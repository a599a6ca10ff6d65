//! The command line as typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use drumbeat_model::crm::Vendor;
use drumbeat_model::time::{Instant, Quarter};

/// The partner manager's workstation. Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(name = "drumbeat", version, about, max_term_width = 100)]
pub struct Args {
    /// Folder of the workspaces.
    #[arg(long, global = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Which account, by its id or name; without it the one that was connected or opened last.
    #[arg(long, global = true, value_name = "ID|NAME")]
    pub account: Option<String>,
    /// Print one JSON document.
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing on stderr.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Fix the clock (RFC 3339).
    #[arg(long, global = true, value_name = "RFC3339")]
    pub now: Option<Instant>,
    /// Read the passphrase of the workspace from standard input.
    #[arg(long, global = true)]
    pub passphrase_stdin: bool,
    /// Open the window on the sample workspace.
    #[arg(long)]
    pub sample: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The main job end to end on the embedded sample.
    Demo {
        /// Folder for the pack.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Which CRM's dialect.
        #[arg(long, default_value = "hubspot")]
        crm: CrmName,
    },
    /// A local CRM that speaks the vendor's HTTP; runs until interrupted.
    Sandbox(SandboxArgs),
    /// Connect a CRM: by signing in with the browser (--client-id), or with a token.
    Connect(ConnectArgs),
    /// Forget what opens the CRM; what signing in gave is given back to it. Everything read and decided stays.
    Disconnect,
    /// Show what Drumbeat would add to the CRM, or add it.
    Provision {
        /// Add it.
        #[arg(long)]
        apply: bool,
        /// The intake forms that partners fill in, instead of the properties.
        #[arg(long)]
        forms: bool,
        /// Write the page for the CRM's admin: intake form, acknowledgement, required-at-stage rules (Markdown).
        #[arg(long, value_name = "FILE", conflicts_with_all = ["apply", "forms"])]
        guide: Option<PathBuf>,
        /// Write what is missing as a Salesforce metadata package for the admin: fields, record type, permission set (zip).
        #[arg(long, value_name = "FILE", conflicts_with_all = ["apply", "forms", "guide"])]
        package: Option<PathBuf>,
    },
    /// Send what was decided and read what changed.
    Sync {
        /// Read everything again.
        #[arg(long)]
        full: bool,
        /// Do not send.
        #[arg(long, conflicts_with = "push_only")]
        pull_only: bool,
        /// Do not read.
        #[arg(long)]
        push_only: bool,
        /// Say what would be sent, with base, yours and theirs, and send nothing.
        #[arg(long, conflicts_with_all = ["full", "pull_only", "push_only"])]
        dry_run: bool,
    },
    /// Merge conflicts, what was refused, held decisions, notices.
    #[command(subcommand)]
    Merges(super::merges::Merges),
    /// Channel conflicts: list, show, resolve.
    #[command(subcommand)]
    Conflicts(super::conflicts::Conflicts),
    /// Whether a company is known already, under any spelling.
    Match(Match),
    /// Workspace, freshness, outbox, next SLA.
    Status,
    /// The registration queue and its decisions.
    #[command(subcommand)]
    Registrations(Registrations),
    /// Clocks: what runs and is over, and how they were kept.
    #[command(subcommand)]
    Clocks(super::clocks::Clocks),
    /// The numbers of the program, each with what it rests on.
    Metrics(super::metrics::Metrics),
    /// What is to be won in a quarter.
    #[command(subcommand)]
    Targets(super::targets::Targets),
    /// Deals.
    #[command(subcommand)]
    Deals(super::deals::Deals),
    /// Partners.
    #[command(subcommand)]
    Partners(Partners),
    /// The partner review.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// What open business is likely to bring, and how earlier forecasts came out.
    Forecast(super::forecast::ForecastArgs),
    /// QBR packs.
    Qbr(Pack),
    /// A partner's pipeline as files through its safelist, with their last day and a mark; says first what is in them.
    Share(super::share::ShareArgs),
    /// How packs look: shown, or with any option set anew; what is not named is Drumbeat's own.
    Brand(Look),
    /// The policy: check, show, set, replay, publish.
    #[command(subcommand)]
    Policy(super::policy::Policies),
    /// The audit trail.
    #[command(subcommand)]
    Audit(Audit),
    /// What is well with this computer's workspaces and what is not.
    Doctor {
        /// Put what can be read of a damaged workspace into a new file; the damaged one is kept.
        #[arg(long)]
        repair: bool,
    },
    /// Decisions that were recovered after a crash or from a damaged or older file: list, confirm, discard.
    Recovered {
        /// Save the decision that has this op.
        #[arg(long, value_name = "OP")]
        confirm: Option<String>,
        /// Forget the decision that has this op.
        #[arg(long, value_name = "OP", conflicts_with = "confirm")]
        discard: Option<String>,
    },
    /// Write an encrypted copy of the workspace (one a day is made by itself, after a sync).
    Backup {
        /// Where to.
        file: PathBuf,
    },
    /// Put a backup in the place of the workspace's file, which is kept beside.
    Restore {
        /// Which.
        file: PathBuf,
    },
    /// Measure (lab build).
    #[cfg(feature = "lab")]
    #[command(subcommand)]
    Bench(super::bench::Bench),
    /// Try to break it (lab build).
    #[cfg(feature = "lab")]
    #[command(subcommand)]
    Torture(super::torture::Torture),
    /// Completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// CRMs by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CrmName {
    /// HubSpot.
    Hubspot,
    /// Salesforce.
    Salesforce,
}

impl CrmName {
    /// Whose name it is.
    pub fn vendor(self) -> Vendor {
        match self {
            CrmName::Hubspot => Vendor::Hubspot,
            CrmName::Salesforce => Vendor::Salesforce,
        }
    }
}

/// What is connected, and how.
#[derive(Debug, ClapArgs)]
pub struct ConnectArgs {
    /// Which CRM.
    pub crm: CrmName,
    /// Another address than the vendor's own; where to sign in, with --client-id.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Read the token from standard input instead of asking.
    #[arg(long, conflicts_with = "client_id")]
    pub token_stdin: bool,
    /// Sign in with the browser, to the app with this client id (consumer key).
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Read the app's secret from standard input, where it is not a public app.
    #[arg(long, requires = "client_id")]
    pub client_secret_stdin: bool,
    /// The port that the app's callback address names; any free one when absent.
    #[arg(long, value_name = "PORT", requires = "client_id")]
    pub port: Option<u16>,
    /// Print the address to sign in at and open no browser.
    #[arg(long, requires = "client_id")]
    pub no_browser: bool,
}

/// Options of the sandbox.
#[derive(Debug, ClapArgs)]
pub struct SandboxArgs {
    /// Which CRM's dialect.
    #[arg(long, default_value = "hubspot")]
    pub crm: CrmName,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// A folder of CSV files to load.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Make a CRM of this many deals.
    #[arg(long, value_name = "DEALS", conflicts_with = "data")]
    pub synthetic: Option<u32>,
    /// Let this many registrations wait for a decision.
    #[arg(long, value_name = "REGISTRATIONS")]
    pub waiting: Option<u32>,
    /// Write what was planted.
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,
    /// Seed of everything that is made.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Faults to play.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// The token to accept.
    #[arg(long)]
    pub token: Option<String>,
    /// Keep the state in this file.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// No rate limits.
    #[arg(long)]
    pub unlimited: bool,
    /// Without the partner program's own fields (Salesforce).
    #[arg(long)]
    pub bare: bool,
    /// Deals in several currencies.
    #[arg(long)]
    pub currencies: bool,
}

/// How packs look.
#[derive(Debug, ClapArgs)]
pub struct Look {
    /// First colour, e.g. #2F56C6; white text has to be readable on it.
    #[arg(long, value_name = "COLOUR")]
    pub accent: Option<String>,
    /// Second colour.
    #[arg(long, value_name = "COLOUR")]
    pub second: Option<String>,
    /// Typeface of slides and pages.
    #[arg(long, value_name = "NAME")]
    pub font: Option<String>,
    /// Logo, a PNG of at most 256 KB.
    #[arg(long, value_name = "FILE")]
    pub logo: Option<PathBuf>,
    /// Back to Drumbeat's own.
    #[arg(long, conflicts_with_all = ["accent", "second", "font", "logo"])]
    pub reset: bool,
}

/// One pack.
#[derive(Debug, ClapArgs)]
pub struct Pack {
    /// Which partner (id).
    #[arg(long, required_unless_present_any = ["all", "program"])]
    pub partner: Option<String>,
    /// All partners, with an index; started again in the same folder, it goes on where it was stopped.
    #[arg(long, conflicts_with = "partner")]
    pub all: bool,
    /// With --all: the one-page status of each partner in place of its pack.
    #[arg(long, requires = "all")]
    pub status: bool,
    /// The whole program in one internal pack.
    #[arg(long, conflicts_with_all = ["partner", "all", "edition"])]
    pub program: bool,
    /// Which quarter, e.g. 2026Q3.
    #[arg(long, value_parser = |text: &str| Quarter::parse(text).map_err(|error| error.to_string()))]
    pub quarter: Quarter,
    /// For whom.
    #[arg(long, default_value = "partner")]
    pub edition: EditionName,
    /// Formats, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "pptx,pdf,xlsx")]
    pub format: Vec<FormatName>,
    /// Folder for the files.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// The queue.
#[derive(Debug, Subcommand)]
pub enum Registrations {
    /// What waits.
    List {
        /// Whose queue.
        #[arg(long, default_value = "team")]
        scope: String,
        /// open, decided or all.
        #[arg(long, default_value = "open")]
        show: String,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// One registration with its checks.
    Show {
        /// Which.
        id: String,
    },
    /// The decisions of the last days against both clocks: when they were made, when the CRM had them.
    Clocks {
        /// How many days.
        #[arg(long, default_value_t = 30)]
        days: u32,
    },
    /// Import a file: a table (.csv, .tsv) or a mail (.eml).
    Import(Box<super::intake::ImportFile>),
    /// Register one claim on behalf of a partner.
    Add(Box<super::intake::AddOne>),
    /// Decide one, or act on one that is decided.
    Decide {
        /// Which.
        id: String,
        /// How.
        #[command(subcommand)]
        act: Box<Decide>,
    },
    /// One act on many; each has its own verdict.
    Bulk {
        /// approve, decline, ask, snooze or claim.
        act: String,
        /// Which.
        #[arg(required = true)]
        ids: Vec<String>,
        /// Why, from the list, for decline; each one's own recommended reason when absent.
        #[arg(long)]
        decline: Option<String>,
        /// Why, in words.
        #[arg(long)]
        reason: Option<String>,
        /// The question, for ask; each one's own when absent.
        #[arg(long)]
        question: Option<String>,
        /// Until when, for snooze (RFC 3339).
        #[arg(long)]
        until: Option<String>,
    },
    /// Protections that want a look: appeals, extensions, lead holds, untouched, ending soon, ended.
    Protections {
        /// Only this group.
        #[arg(long)]
        group: Option<String>,
        /// Only this partner's.
        #[arg(long)]
        partner: Option<String>,
    },
    /// Of several claims on one company one wins: it is approved, the others are declined, in one act.
    Award {
        /// Who wins.
        id: String,
        /// Who gives way.
        #[arg(long, required = true)]
        against: Vec<String>,
        /// Why, when the policy's rule says otherwise.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Several claims on one company are approved, each for its part, on one deal.
    Split {
        /// ID:PART:ROLE:PERCENT for each; the first is the partner of record.
        #[arg(required = true, num_args = 2..)]
        parts: Vec<String>,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// The partners of a deal, or set them: PARTNER:ROLE:sourced|influenced:PERCENT for each.
    Partners {
        /// Which deal.
        deal: String,
        /// All of them; the first is the partner of record. Shows them when there are none.
        partners: Vec<String>,
        /// Why; needed once the credit is locked.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Note a partner's influence on a deal, with its evidence.
    Influence {
        /// Which deal.
        deal: String,
        /// Who.
        #[arg(long)]
        partner: String,
        /// KIND:DAY:TEXT, e.g. discovery:2026-11-12:Workshop on site.
        #[arg(long)]
        proof: String,
        /// The stage that it helped; the present one when absent.
        #[arg(long)]
        stage: Option<String>,
    },
    /// A message to the partner, drafted from the templates.
    Message {
        /// Which.
        id: String,
        /// About what: approve, decline, ask, ending_soon, untouched, ...
        letter: String,
        /// Write it into this folder as a file (.eml) that a mail program opens.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Who stands in for whom, or set it: AWAY:BY:FROM:TO for each.
    Cover {
        /// All of them; shows them when there are none.
        covers: Vec<String>,
        /// Take all of them away.
        #[arg(long, conflicts_with = "covers")]
        none: bool,
    },
}

/// How a registration is decided.
#[derive(Debug, Subcommand)]
pub enum Decide {
    /// Approve it: deal, protection, task, messages.
    Approve {
        /// Days of protection.
        #[arg(long)]
        days: Option<u32>,
        /// Link this deal instead of making one.
        #[arg(long)]
        deal: Option<String>,
        /// The seller (owner id).
        #[arg(long)]
        seller: Option<String>,
        /// Why, when the checks say otherwise, or the policy puts another party first.
        #[arg(long)]
        reason: Option<String>,
        /// Settle an open channel conflict with it: ID:award, ID:split:PARTY=60,PARTY=40 or
        /// ID:joint:PARTY=60:resale,PARTY=40:services; once for each.
        #[arg(long, value_name = "ID:HOW")]
        settle: Vec<String>,
    },
    /// Decline it.
    Decline {
        /// duplicate, not_qualified, active_cycle, territory, blocked, not_certified, incomplete, other.
        #[arg(long)]
        reason: String,
        /// In words.
        #[arg(long)]
        text: Option<String>,
    },
    /// Ask the partner.
    Ask {
        /// What is missing.
        #[arg(long)]
        question: String,
    },
    /// Claim it, or give it back.
    Claim {
        /// Give it back.
        #[arg(long)]
        release: bool,
    },
    /// The partner's answer has come: the clock runs on.
    Answer {
        /// What the partner says.
        #[arg(long)]
        text: String,
        /// FIELD=VALUE that the answer fills in.
        #[arg(long)]
        set: Vec<String>,
    },
    /// Withdraw it for the partner.
    Withdraw {
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who at the partner said so.
        #[arg(long)]
        by: Option<String>,
    },
    /// Close a protection that has ended, or an open claim that will not be decided.
    Expire {
        /// Why; needed while its time is not over.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Make a deal registration of a lead.
    Convert {
        /// FIELD=VALUE that the deal registration says beside: amount, close_date, products, proof_of_work, ...
        #[arg(long)]
        set: Vec<String>,
        /// Currency of the amount.
        #[arg(long)]
        currency: Option<String>,
    },
    /// Open an appeal against a decline.
    Appeal {
        /// What the partner says.
        #[arg(long)]
        text: String,
        /// KIND:DAY:TEXT, e.g. meeting:2026-11-12:Minutes of the first call.
        #[arg(long)]
        proof: Vec<String>,
        /// Who at the partner.
        #[arg(long)]
        by: Option<String>,
        /// Why, when the window or the evidence does not hold.
        #[arg(long = "override")]
        override_reason: Option<String>,
    },
    /// The appeal is granted: the claim is approved in the same act.
    Grant {
        /// Why.
        #[arg(long)]
        reason: String,
        /// Days of protection.
        #[arg(long)]
        days: Option<u32>,
        /// Link this deal instead of making one.
        #[arg(long)]
        deal: Option<String>,
    },
    /// The appeal changes nothing.
    Stands {
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// The partner asks for more protection.
    RequestExtension {
        /// KIND:DAY:TEXT of progress.
        #[arg(long)]
        proof: Vec<String>,
    },
    /// Extend the protection, with evidence of progress.
    Extend {
        /// Days more; the policy's when absent.
        #[arg(long)]
        days: Option<u32>,
        /// KIND:DAY:TEXT of progress; the waiting request's when absent.
        #[arg(long)]
        proof: Vec<String>,
        /// Why, against the rule.
        #[arg(long = "override")]
        override_reason: Option<String>,
    },
    /// Refuse more protection.
    RefuseExtension {
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Tell the partner that nothing has happened.
    Warn,
    /// End a protection before its day.
    Release {
        /// Why.
        #[arg(long)]
        reason: String,
        /// Why, where the partner was not warned in time.
        #[arg(long = "override")]
        override_reason: Option<String>,
    },
    /// Give the protection and its deal to another partner.
    Reassign {
        /// To whom (company id).
        #[arg(long)]
        partner: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Why, where the partner was not warned in time.
        #[arg(long = "override")]
        override_reason: Option<String>,
    },
    /// Log the first meeting; a lead's hold is confirmed by it.
    Meeting {
        /// When.
        #[arg(long)]
        day: String,
        /// Who met and what came of it.
        #[arg(long)]
        text: String,
        /// Why the hold goes on, where it came too late.
        #[arg(long = "override")]
        override_reason: Option<String>,
    },
    /// Let a lead's hold lapse: no first meeting in time.
    Lapse {
        /// Why, where the time is not over.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Put it aside until a time, or take it up again.
    Snooze {
        /// Until when (RFC 3339); takes it up again when absent.
        #[arg(long)]
        until: Option<String>,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Take back the decision that was made here and not sent.
    Undo,
}

/// Partners.
#[derive(Debug, Subcommand)]
pub enum Partners {
    /// All partners.
    List {
        /// Words in the name.
        #[arg(long)]
        text: Option<String>,
    },
    /// One partner.
    Show {
        /// Which.
        id: String,
    },
    /// The call sheet of one partner.
    CallSheet {
        /// Which.
        id: String,
    },
}

/// The review.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Start one.
    Start {
        /// weekly, monthly or quarterly; the policy's rhythm when absent.
        #[arg(long)]
        template: Option<String>,
        /// Who is in the room.
        #[arg(long)]
        attendee: Vec<String>,
        /// motion, or seller when sellers join.
        #[arg(long, default_value = "motion")]
        order: String,
    },
    /// All reviews, latest first.
    List,
    /// The agenda of the running one.
    Agenda,
    /// One review: its agenda, and what has become of each item.
    Show {
        /// Which; the latest when absent.
        review: Option<String>,
    },
    /// What moved from the review before up to one, or since the last one.
    Movement {
        /// Up to the start of this review; until now when absent.
        review: Option<String>,
    },
    /// The agenda as it stands, to be read before a review, with a mail for each seller.
    Preread {
        /// weekly, monthly or quarterly; the policy's rhythm when absent.
        #[arg(long)]
        template: Option<String>,
        /// motion, or seller when sellers join.
        #[arg(long, default_value = "motion")]
        order: String,
        /// Day of the review; the next working day when absent.
        #[arg(long)]
        day: Option<drumbeat_model::time::Day>,
        /// Write it there, as Markdown and PDF, with the mails.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// The minutes of a review, with a mail for each seller who has promised something.
    Minutes {
        /// Which; the latest that is finished when absent.
        review: Option<String>,
        /// Write them there, as Markdown and PDF, with the mails.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Log the decision on an item.
    Log {
        /// Which item.
        item: String,
        /// keep_plan, change_plan, get_help, let_go, no_action.
        #[arg(long)]
        verdict: String,
        /// What was decided.
        #[arg(long, default_value = "")]
        text: String,
        /// Next step.
        #[arg(long)]
        next_step: Option<String>,
        /// Who (owner id); whose the deal is when absent, else you.
        #[arg(long)]
        owner: Option<String>,
        /// By when.
        #[arg(long)]
        due: Option<drumbeat_model::time::Day>,
        /// field=value on the deal, e.g. stage, amount, close_date; an empty value clears.
        #[arg(long = "set", value_name = "FIELD=VALUE")]
        set: Vec<String>,
        /// Why, when the stage moves and the gate does not hold.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Take back what was logged on an item, which is then open again.
    Undo {
        /// Which item.
        item: String,
    },
    /// Skip, park or flag an item, or open it again.
    Mark {
        /// Which item.
        item: String,
        /// open, skipped, parked or flagged.
        #[arg(long = "as", value_name = "MARK")]
        state: String,
    },
    /// Clear what was not discussed, with no action.
    Clear,
    /// Finish it; prints the minutes.
    Finish {
        /// Also write them to a file.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Check every entry.
    Verify,
    /// Print the latest entries.
    List {
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

/// Editions by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EditionName {
    /// For the partner, through the safelist.
    Partner,
    /// For us.
    Internal,
}

/// Formats by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// PowerPoint.
    Pptx,
    /// PDF.
    Pdf,
    /// Excel.
    Xlsx,
    /// One web page.
    Html,
}

/// Whether a company is known already, under any spelling.
#[derive(Debug, ClapArgs)]
pub struct Match {
    /// What is matched with what.
    #[command(subcommand)]
    pub what: Matching,
}

/// What is matched with what.
#[derive(Debug, Subcommand)]
pub enum Matching {
    /// One company in this workspace, or the companies of one file in those of another.
    Lookup {
        /// The company's name.
        #[arg(required_unless_present = "queries", conflicts_with = "queries")]
        name: Option<String>,
        /// Its country, code or name.
        #[arg(long, requires = "name")]
        country: Option<String>,
        /// Its city.
        #[arg(long, requires = "name")]
        city: Option<String>,
        /// Its web address.
        #[arg(long, requires = "name")]
        domain: Option<String>,
        /// A mail address of somebody there.
        #[arg(long, requires = "name")]
        email: Option<String>,
        /// Its telephone number.
        #[arg(long, requires = "name")]
        phone: Option<String>,
        /// Accounts: account_id, name, country, city.
        #[arg(long, requires = "queries")]
        registry: Option<PathBuf>,
        /// Companies to look up: query_id, name, country, city.
        #[arg(long, requires_all = ["registry", "out"])]
        queries: Option<PathBuf>,
        /// Where the answers go: query_id, account_id, score, rank, explanation.
        #[arg(long, requires = "queries")]
        out: Option<PathBuf>,
    },
    /// Pairs of names of a file.
    Pairs {
        /// Pairs: pair_id, name_1, name_2.
        #[arg(long)]
        pairs: PathBuf,
        /// Where the answers go: pair_id, score, explanation.
        #[arg(long)]
        out: PathBuf,
        /// Sisters and subsidiaries do not count as the same.
        #[arg(long)]
        company: bool,
    },
}

impl Match {
    /// The company that the workspace is asked about; `None` for files.
    #[must_use]
    pub fn asked(&self) -> Option<drumbeat_app::matching::Asked> {
        match &self.what {
            Matching::Lookup { name: Some(name), country, city, domain, email, phone, .. } => {
                Some(drumbeat_app::matching::Asked {
                    name: name.clone(),
                    country: country.clone(),
                    city: city.clone(),
                    domain: domain.clone(),
                    email: email.clone(),
                    phone: phone.clone(),
                })
            }
            Matching::Lookup { .. } | Matching::Pairs { .. } => None,
        }
    }
}
