// Written by `cargo xtask gen` from the table of operations. Do not edit.
import { call } from "./transport";

export type AboutRecord = { 
/**
 * Kind of record.
 */
kind: ObjectKind, 
/**
 * Its id.
 */
id: string, 
/**
 * Its name, for reading.
 */
label: string, };

export type AccountId = string;

export type AcknowledgeConflict = { 
/**
 * Which.
 */
conflict: string, };

export type Act = "approve" | "decline" | "ask";

export type ActState = { 
/**
 * Which.
 */
act: LifeAct, 
/**
 * A rule speaks against it: it needs a reason.
 */
against: string | null, };

export type AddEvidence = { 
/**
 * Which finding.
 */
conflict: string, 
/**
 * Whose: a party's key.
 */
party: string, 
/**
 * What it is, its day and what it says.
 */
proof: Proof, 
/**
 * Where it comes from.
 */
source?: string | null, };

export type AddInfluence = { 
/**
 * Which deal.
 */
deal: DealId, 
/**
 * Who.
 */
partner: PartnerId, 
/**
 * The stage that it helped, by its name; the deal's present one when absent.
 */
stage?: string | null, 
/**
 * The evidence, with its day.
 */
proof: Proof, };

export type AdminGuide = { 
/**
 * Markdown.
 */
text: string, };

export type AgendaItem = { 
/**
 * Which.
 */
id: ReviewItemId, 
/**
 * Section.
 */
section: AgendaSection, 
/**
 * Account or company.
 */
title: string, 
/**
 * What it is, e.g. the deal's name.
 */
subtitle: string, 
/**
 * Why it is on the agenda.
 */
why: string, 
/**
 * Motion.
 */
motion: Motion | null, 
/**
 * Amount.
 */
amount: Money | null, 
/**
 * Signal rank; higher first (W-03).
 */
rank: number, 
/**
 * Discussed one by one; the rest is cleared in one batch (W-07).
 */
discussed: boolean, 
/**
 * The deal it is about.
 */
deal: DealId | null, 
/**
 * The registration it is about.
 */
registration: RegistrationId | null, 
/**
 * The partner it is about.
 */
partner: PartnerId | null, 
/**
 * The channel conflict it is about.
 */
conflict: string | null, 
/**
 * Whose it is: the owner of the deal or registration.
 */
seller: OwnerId | null, 
/**
 * Whose it is, by name.
 */
seller_name: string | null, 
/**
 * What was done with it.
 */
state: ItemState, 
/**
 * The logged outcome.
 */
outcome: ItemOutcome | null, };

export type AgendaOrder = "motion" | "seller";

export type AgendaSection = "promised" | "clocks" | "protections" | "conflicts" | "renewals" | "deals" | "stalled" | "hygiene" | "certifications" | "changed";

export type Amendment = { 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: string, 
/**
 * Why.
 */
reason: string, 
/**
 * What stood.
 */
from: Array<DealPartner>, 
/**
 * What stands since.
 */
to: Array<DealPartner>, };

export type AnswerInfo = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * What the partner says.
 */
text: string, 
/**
 * Fields of the claim that the answer fills in.
 */
set: Array<Filled>, 
/**
 * When it came; now when absent.
 */
at?: string | null, };

export type Answered = "waiting" | "granted" | "refused";

export type ApiError = { 
/**
 * Kind.
 */
code: Code, 
/**
 * Stable id, e.g. `crm.unreachable` (I30).
 */
id: string, 
/**
 * What happened.
 */
message: string, 
/**
 * What was kept.
 */
kept: string | null, 
/**
 * What to do next.
 */
next: string | null, };

export type AppEvent = { "event": "changed", "is": Array<Kind> } | { "event": "progress", "is": JobProgress } | { "event": "sync_ended", "is": SyncSummary } | { "event": "sync_failed", "is": ApiError } | { "event": "job_ended", "is": JobId } | { "event": "online", "is": boolean } | { "event": "file_over", "is": boolean } | { "event": "import_opened", "is": ImportId } | { "event": "import_failed", "is": ApiError };

export type Appeal = { 
/**
 * When it came.
 */
opened_at: string, 
/**
 * From whom.
 */
by: string | null, 
/**
 * What the partner says.
 */
text: string, 
/**
 * With which evidence.
 */
proofs: Array<Proof>, 
/**
 * How far it has come.
 */
answered: Answered, 
/**
 * When it was decided.
 */
answered_at: string | null, 
/**
 * By whom.
 */
answered_by: string | null, 
/**
 * Why.
 */
reason: string | null, };

export type AppealConflict = { 
/**
 * Which.
 */
conflict: string, 
/**
 * The partner that appeals.
 */
partner: PartnerId, 
/**
 * What it says.
 */
text: string, 
/**
 * With which evidence.
 */
proofs: Array<Proof>, };

export type Approve = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Days of protection; the policy's default when absent (R-06).
 */
protection_days?: number | null, 
/**
 * The seller; the account's or the recommended one when absent.
 */
seller?: OwnerId | null, 
/**
 * Link this open deal instead of creating one.
 */
link_deal?: DealId | null, 
/**
 * Message to the partner; drafted from the template when absent.
 */
message?: string | null, 
/**
 * Why, in a sentence; needed when the recommendation says otherwise.
 */
reason?: string | null, };

export type ApproveSettling = { 
/**
 * The approval.
 */
approve: Approve, 
/**
 * How each open channel conflict of the account is settled.
 */
settle: Array<Settle>, };

export type AskInfo = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * What is missing.
 */
question: string, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type AskSeller = { 
/**
 * Which.
 */
conflict: string, 
/**
 * What.
 */
question: string, 
/**
 * Whom; the owner of the direct deal, else of the account, when absent.
 */
seller?: OwnerId | null, };

export type Assigned = { 
/**
 * Whose.
 */
owner: OwnerId, 
/**
 * Their name.
 */
name: string, 
/**
 * By which rule.
 */
why: string, 
/**
 * Who covers for them now.
 */
cover: string | null, };

export type Attainment = { 
/**
 * Met.
 */
met: number, 
/**
 * Of.
 */
of: number, 
/**
 * The same by when they reached the CRM (B5).
 */
reached?: Reached, };

export type AttainmentQuery = { 
/**
 * First day; 30 days back when absent.
 */
from?: string | null, 
/**
 * Last day; today when absent.
 */
to?: string | null, 
/**
 * Only this partner's.
 */
partner?: PartnerId | null, };

export type AttainmentReport = { 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * One a clock, in order of the rules.
 */
rows: Array<ClockRecord>, };

export type Attribution = "sourced" | "influenced";

export type AuditQuery = { 
/**
 * Words in act, title or actor.
 */
text?: string | null, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Rows wanted, at most 500; 0 means 100.
 */
limit: number, };

export type AuditRow = { 
/**
 * Number in the chain.
 */
seq: number, 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
actor: string, 
/**
 * What kind of act, e.g. `approve`, `op done`.
 */
act: string, 
/**
 * What it was about.
 */
title: string, 
/**
 * Why.
 */
reason: string | null, 
/**
 * Facts at the time, as JSON text.
 */
facts: string | null, 
/**
 * Policy version.
 */
policy: number | null, 
/**
 * Hash of this entry (covers all before it), hex.
 */
hash: string, };

export type AuditVerdict = { 
/**
 * Every entry holds.
 */
intact: boolean, 
/**
 * Entries checked.
 */
entries: number, 
/**
 * The first entry that does not hold, and why.
 */
broken_at: number | null, 
/**
 * What is wrong there, in a sentence.
 */
problem: string | null, 
/**
 * Hash of the last entry, hex.
 */
head: string, };

export type Award = { 
/**
 * Who wins.
 */
registration: RegistrationId, 
/**
 * Who gives way.
 */
against: Array<RegistrationId>, 
/**
 * Why; the rule that separates them when absent.
 */
reason?: string | null, 
/**
 * Days of protection.
 */
protection_days?: number | null, 
/**
 * The seller.
 */
seller?: OwnerId | null, 
/**
 * Link this open deal.
 */
link_deal?: DealId | null, };

export type Backtest = { 
/**
 * The last day that was known.
 */
as_of: string, 
/**
 * The days on which it was asked.
 */
origins: Array<string>, 
/**
 * One for each horizon.
 */
horizons: Array<BacktestHorizon>, 
/**
 * Totals of quarters.
 */
totals: BacktestTotals, 
/**
 * What follows, in a sentence: also that it is no better than the base rate.
 */
verdict: string, 
/**
 * It is better than the base rate at every horizon that could be held against what happened.
 */
beats_base_rate: boolean, 
/**
 * What is to be known about it.
 */
notes: Array<string>, 
/**
 * It was cancelled before its end.
 */
cancelled: boolean, };

export type BacktestHorizon = { 
/**
 * Days ahead.
 */
days: number, 
/**
 * Deals that were asked about, on all origins together.
 */
asked: number, 
/**
 * Of them won within the horizon.
 */
won: number, 
/**
 * This forecast, the base rate, the CRM's own probabilities, and age by month alone.
 */
scores: Array<BacktestScore>, 
/**
 * Calibration by tenths of the deals, from the least likely on.
 */
calibration: Array<CalibrationRow>, 
/**
 * Mean distance between what was said and what came, over the tenths.
 */
calibration_error: number, 
/**
 * Share of origins where the wins of open deals were within the interval that should hold 80 in 100.
 */
coverage: number | null, };

export type BacktestRequest = { 
/**
 * As of this day; today when absent.
 */
as_of?: string | null, };

export type BacktestScore = { 
/**
 * Who.
 */
who: Forecasting, 
/**
 * Brier score: the mean square of what it was off by; less is better.
 */
brier: number, 
/**
 * Log loss: less is better.
 */
log_loss: number, };

export type BacktestTotal = { 
/**
 * Asked on.
 */
origin: string, 
/**
 * The quarter's last day.
 */
by: string, 
/**
 * Wins that were expected, those before the origin included.
 */
expected: number, 
/**
 * Interval.
 */
low: number, 
/**
 * Interval.
 */
high: number, 
/**
 * Wins that came.
 */
came: number, };

export type BacktestTotals = { 
/**
 * One for each origin whose quarter has ended.
 */
rows: Array<BacktestTotal>, 
/**
 * Median distance as a share of what came.
 */
median_off: number | null, 
/**
 * Share within the interval that should hold 80 in 100.
 */
coverage: number | null, };

export type BackupRow = { 
/**
 * Its name there; it is put back by this.
 */
name: string, 
/**
 * When it was made.
 */
made_at: string, 
/**
 * How large.
 */
bytes: number, };

export type BlockCount = { 
/**
 * Block.
 */
block: TodayBlock, 
/**
 * Lines in all.
 */
count: number, };

export type Board = { 
/**
 * A column for each stage, and one for deals whose stage is not mapped where there are such.
 */
columns: Array<BoardColumn>, };

export type BoardColumn = { 
/**
 * 1 to 5; 0 for deals whose stage is not mapped.
 */
position: number, 
/**
 * Name by the policy.
 */
name: string, 
/**
 * Who answers for it; absent where its stage is not mapped.
 */
role: StageRole | null, 
/**
 * Days that a deal normally stays.
 */
days: number | null, 
/**
 * How many, and what they add up to.
 */
totals: DealTotals, 
/**
 * The first cards.
 */
rows: Array<DealRow>, 
/**
 * Key of the next cards: page `deals` of the same filter with this position, sorted by close date.
 */
next: string | null, };

export type BoardQuery = { 
/**
 * Only these of the open deals; a motion in it names the columns by the motion's stages.
 */
filter: DealFilter, 
/**
 * Cards of a column, at most 100; 0 means 30.
 */
limit: number, };

export type Bulk = { 
/**
 * Which, at most 200.
 */
registrations: Array<RegistrationId>, 
/**
 * What.
 */
act: BulkAct, 
/**
 * Why, for approve (where the checks speak against it) and snooze; in words beside the list's for decline.
 */
reason?: string | null, 
/**
 * Why, from the list, for decline; each claim's own recommended one when absent.
 */
decline?: DeclineReason | null, 
/**
 * The question, for ask; each claim's own recommended one when absent.
 */
question?: string | null, 
/**
 * Until when, for snooze.
 */
until?: string | null, };

export type BulkAct = "approve" | "decline" | "ask" | "snooze" | "claim";

export type BulkDone = { 
/**
 * One line for each, in the order asked.
 */
rows: Array<BulkRow>, 
/**
 * How many were done.
 */
done: number, 
/**
 * How many were refused.
 */
refused: number, };

export type BulkRow = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Its company, where known.
 */
company: string, 
/**
 * The decision, for undo; none for snooze and where it was refused.
 */
decided: Decided | null, 
/**
 * Why not; nothing was changed then.
 */
refused: string | null, 
/**
 * What to do about it.
 */
next: string | null, };

export type CalibrationRow = { 
/**
 * Deals.
 */
deals: number, 
/**
 * Mean chance that was given.
 */
said: number, 
/**
 * Share that won.
 */
came: number, };

export type CallSheet = { 
/**
 * Partner.
 */
id: PartnerId, 
/**
 * Name.
 */
name: string, 
/**
 * Tier.
 */
tier: Tier | null, 
/**
 * What the policy calls it.
 */
tier_name?: string, 
/**
 * As of.
 */
as_of: string, 
/**
 * Open registrations and their clocks.
 */
registrations: Array<InboxRow>, 
/**
 * Protections that end within 30 days.
 */
protections: Array<DealRow>, 
/**
 * Open deals with their next steps.
 */
deals: Array<CallSheetDeal>, 
/**
 * What the partner owes us.
 */
they_owe: Array<Owed>, 
/**
 * What we owe the partner.
 */
we_owe: Array<Owed>, 
/**
 * Certificates that end within 30 days.
 */
certifications: Array<Certification>, 
/**
 * Last touches.
 */
touches: Array<Touch>, };

export type CallSheetDeal = { 
/**
 * The deal.
 */
row: DealRow, 
/**
 * Next step.
 */
next_step: string | null, 
/**
 * Who.
 */
owner: string | null, 
/**
 * By when.
 */
due: string | null, };

export type Certification = { 
/**
 * The CRM's id.
 */
id: string, 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Name of the certificate.
 */
name: string, 
/**
 * Who holds it.
 */
holder: string | null, 
/**
 * Product, sales, technical.
 */
kind: string | null, 
/**
 * Level.
 */
level: string | null, 
/**
 * Earned.
 */
earned: string | null, 
/**
 * Ends.
 */
expires: string | null, 
/**
 * Status as the CRM has it.
 */
status: string | null, };

export type ChanceFactor = { 
/**
 * What.
 */
kind: FactorKind, 
/**
 * A rate for the first, a factor for the others.
 */
times: number, 
/**
 * Closed deals, or looks at open ones, that it was learnt from; few of them draw it towards 1.
 */
learnt_from: number, };

export type ChannelCounts = { 
/**
 * Of high severity.
 */
high: number, 
/**
 * Of medium severity.
 */
medium: number, 
/**
 * Of low severity.
 */
low: number, };

export type ChannelSignal = "unusual_discount" | "overlapping_protection" | "duplicate_quote" | "two_open_deals" | "duplicate_deal" | "duplicate_account" | "two_claims" | "missing_partner" | "owner_change" | "complaint" | "silent_after_policy" | "slower_replies" | "incumbent_touched" | "renewal_unconfirmed";

export type Check = { 
/**
 * Rule id, e.g. `R-04.9`.
 */
rule: string, 
/**
 * Short name, e.g. "Duplicate registration".
 */
name: string, 
/**
 * Pass, warn or fail.
 */
outcome: CheckOutcome, 
/**
 * The fact that decided, as a sentence part.
 */
fact: string, 
/**
 * The records that the fact is about.
 */
records: Array<RecordLink>, 
/**
 * The smallest change that would have turned it; absent on a pass with nothing to turn.
 */
flip: string | null, };

export type CheckCounts = { 
/**
 * Checks that fail.
 */
fails: number, 
/**
 * Checks that warn.
 */
warnings: number, };

export type CheckOutcome = "pass" | "warn" | "fail";

export type Choice = { 
/**
 * Value.
 */
value: string, 
/**
 * Label.
 */
label: string, };

export type Claim = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Give it back.
 */
release: boolean, };

export type ClaimLine = { 
/**
 * Label.
 */
label: string, 
/**
 * Value, or nothing when the partner left it out.
 */
value: string | null, 
/**
 * Internal: never shown to a partner.
 */
internal: boolean, };

export type Clause = { 
/**
 * Rule id.
 */
rule: string, 
/**
 * What the rule asks, in words.
 */
statement: string, 
/**
 * The fact found.
 */
fact: string, 
/**
 * What it did to the verdict.
 */
result: ClauseResult, };

export type ClauseResult = "holds" | "fails" | "decides" | "sets_terms";

export type ClearRest = { 
/**
 * Which review.
 */
review: ReviewId, 
/**
 * Which items; all open ones that are not discussed when empty.
 */
items: Array<ReviewItemId>, };

export type Clock = { 
/**
 * Rule id, e.g. `S-02`.
 */
rule: string, 
/**
 * When it began.
 */
started: string, 
/**
 * When it is due.
 */
due: string, 
/**
 * What it does now.
 */
state: ClockState, 
/**
 * Since when it is paused, or when it was met.
 */
since: string | null, 
/**
 * Seconds left, or left when it was met, below zero for what is late; of the time that it counts. Absent for
 * baseline.
 */
left?: number, };

export type ClockKind = { 
/**
 * Rule id, e.g. `S-02`.
 */
rule: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * What starts it.
 */
starts: string, 
/**
 * What ends it.
 */
ends: string, 
/**
 * What pauses it.
 */
pauses: string | null, 
/**
 * How much time it gives, by the policy, e.g. `2 business days`.
 */
target: string, 
/**
 * Told on the desktop before it runs out.
 */
told: boolean, 
/**
 * Running or paused.
 */
running: number, 
/**
 * Over.
 */
over: number, 
/**
 * There are more than the rows have.
 */
more: boolean, };

export type ClockLine = { 
/**
 * The clock.
 */
clock: Clock, 
/**
 * What is to be done, e.g. "Decide Hansa Kühlkette".
 */
title: string, 
/**
 * Partner.
 */
partner: string | null, 
/**
 * The record that it opens.
 */
opens: TodayTarget, };

export type ClockRecord = { 
/**
 * Rule id.
 */
rule: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * How much time it gives, by the policy in force.
 */
target: string, 
/**
 * Kept.
 */
met: number, 
/**
 * Not kept.
 */
breached: number, 
/**
 * Of those, still not done.
 */
over: number, 
/**
 * Began before the go-live day and count for nothing (S-12).
 */
baseline: number, 
/**
 * The middle of what was left in seconds of the time that it counts, below zero for what was late.
 */
median_left: number | null, 
/**
 * For decisions: the same by when they reached the CRM (B5).
 */
reached: Reached | null, 
/**
 * The worst breaches, worst first; at most five.
 */
worst: Array<ClockLine>, 
/**
 * There was more than could be looked at.
 */
partial: boolean, };

export type ClockState = "running" | "over" | "paused" | "met" | "breached" | "baseline";

export type ClocksPage = { 
/**
 * As of.
 */
now: string, 
/**
 * Longest over first, then by when they are due; paused ones last.
 */
rows: Array<ClockLine>, 
/**
 * What each clock is, in order of the rules, with how many of it the rows have.
 */
rules: Array<ClockKind>, };

export type ClocksQuery = { 
/**
 * Only these, by rule id; all when empty.
 */
rules: Array<string>, 
/**
 * Only those that are over.
 */
over: boolean, 
/**
 * Only this partner's.
 */
partner?: PartnerId | null, 
/**
 * Lines of each clock, at most 500; 0 means 100.
 */
limit: number, };

export type Code = "not_found" | "invalid" | "needs_attention" | "offline" | "crm_refused" | "not_authorised" | "locked" | "too_new" | "damaged" | "cancelled" | "bug";

export type Confidence = "stated" | "found" | "unsure";

export type Confirm = { 
/**
 * Which.
 */
key: string, 
/**
 * It holds.
 */
holds: boolean, 
/**
 * What shows it.
 */
proof?: Proof | null, };

export type ConflictAct = "acknowledge" | "ask_seller" | "plan" | "award" | "split" | "joint" | "dismiss" | "escalate" | "appeal" | "decide_appeal";

export type ConflictDetail = { 
/**
 * The list row.
 */
row: ConflictRow, 
/**
 * What was found.
 */
signals: Array<SignalFound>, 
/**
 * What the severity is made of.
 */
points: Array<Points>, 
/**
 * Every record that it is about.
 */
records: Array<RecordLink>, 
/**
 * The smallest change that would end it.
 */
ends_with: string, 
/**
 * Each party's facts beside each other.
 */
sides: Array<Side>, 
/**
 * Who stands first, and why.
 */
verdict: Standing, 
/**
 * Acknowledged, plan, question to the seller.
 */
clocks: Array<Clock>, 
/**
 * What is planned.
 */
plan?: string | null, 
/**
 * How it was settled, in words.
 */
outcome?: string | null, 
/**
 * The decision that settled it.
 */
decision?: DecisionId | null, 
/**
 * Until when an appeal can be opened.
 */
appeal_until?: string | null, 
/**
 * What can be done now.
 */
acts: Array<ConflictAct>, 
/**
 * Latest first.
 */
timeline: Array<TimelineEntry>, 
/**
 * Who touches the account.
 */
graph: Array<GraphEdge>, 
/**
 * How full each partner's book is now (R-04.8); absent for an early sign.
 */
capacity?: Array<PartyCapacity>, };

export type ConflictFailed = { 
/**
 * Which.
 */
conflict: string, 
/**
 * Why.
 */
why: string, };

export type ConflictFilters = { 
/**
 * Regions that occur, in order.
 */
regions: Array<string>, };

export type ConflictKind = "horizontal" | "vertical" | "multi_channel" | "renewal" | "sign";

export type ConflictMeasures = { 
/**
 * Counted from.
 */
from: string, 
/**
 * Counted to.
 */
to: string, 
/**
 * Raised in the time.
 */
raised: number, 
/**
 * Open deals with a partner at its end: what the rate is of.
 */
of_deals: number, 
/**
 * Raised for every hundred of those deals.
 */
rate_percent: number, 
/**
 * How many of each kind.
 */
by_kind: Array<[ConflictKind, number]>, 
/**
 * How many with each signal: the causes.
 */
by_signal: Array<[ChannelSignal, number]>, 
/**
 * Median minutes until it was acknowledged.
 */
minutes_to_acknowledge?: number | null, 
/**
 * Median minutes until it was settled or dismissed.
 */
minutes_to_settle?: number | null, 
/**
 * Settled in the time.
 */
settled: number, 
/**
 * Of these by the policy's rule.
 */
by_rule: number, 
/**
 * Appeals decided in the time.
 */
appeals: number, 
/**
 * Of these upheld.
 */
upheld: number, };

export type ConflictRef = { 
/**
 * Which.
 */
conflict: string, };

export type ConflictRow = { 
/**
 * Which.
 */
id: string, 
/**
 * Of what kind.
 */
kind: ConflictKind, 
/**
 * Risk or active.
 */
status: ConflictStatus, 
/**
 * How far people have come.
 */
state: ConflictState, 
/**
 * 0 to 100.
 */
severity: number, 
/**
 * The same as one of three.
 */
band: Severity, 
/**
 * The account's name, or the company that is claimed.
 */
account: string, 
/**
 * The account, where the CRM has one.
 */
account_id?: AccountId | null, 
/**
 * The parties, in order.
 */
parties: Array<Party>, 
/**
 * What is at stake.
 */
value?: Money | null, 
/**
 * Signals.
 */
signals: Array<ChannelSignal>, 
/**
 * What it is, in a sentence.
 */
text: string, 
/**
 * Who stands first, by key.
 */
first?: string | null, 
/**
 * Found here on.
 */
raised_at: string, 
/**
 * The clock that runs now, or ended last.
 */
clock?: Clock | null, };

export type ConflictState = "open" | "acknowledged" | "planned" | "escalated" | "appealed" | "settled" | "dismissed" | "ended";

export type ConflictStatus = "none" | "risk" | "active";

export type ConflictStepped = { 
/**
 * Which finding.
 */
conflict: string, 
/**
 * What was done, for people.
 */
title: string, 
/**
 * The decision on its way to the CRM; absent where the CRM has nothing to be told.
 */
decision?: DecisionId | null, };

export type ConflictView = { 
/**
 * Stable name.
 */
name: string, 
/**
 * What a person reads.
 */
label: string, 
/**
 * What it asks.
 */
query: ConflictsQuery, 
/**
 * How many it has now.
 */
count: number, };

export type ConflictsDone = { 
/**
 * Done.
 */
done: Array<string>, 
/**
 * Their decisions, for taking all of them back; one that the CRM has nothing to be told of has none.
 */
decisions: Array<DecisionId>, 
/**
 * Not done, with why.
 */
failed: Array<ConflictFailed>, };

export type ConflictsQuery = { 
/**
 * Those that are settled, dismissed or ended instead of the open ones.
 */
closed: boolean, 
/**
 * Of these kinds; early signs are left out when none is named.
 */
kinds: Array<ConflictKind>, 
/**
 * With this signal.
 */
signal?: ChannelSignal | null, 
/**
 * In this state.
 */
state?: ConflictState | null, 
/**
 * With this partner.
 */
partner?: PartnerId | null, 
/**
 * With this motion.
 */
motion?: Motion | null, 
/**
 * In this region.
 */
region?: string | null, 
/**
 * At stake at least, in whole units of the account's own currency.
 */
value_from?: number | null, 
/**
 * Words in the account's or a party's name.
 */
text?: string | null, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Rows wanted, at most 500; 0 means 100.
 */
limit: number, };

export type Connect = { 
/**
 * Which CRM.
 */
vendor: Vendor, 
/**
 * Another address than the vendor's own (sandbox).
 */
base_url?: string | null, 
/**
 * Private-app token.
 */
token: string, 
/**
 * Passphrase, where there is no keyring or one is wanted.
 */
passphrase?: string | null, };

export type Connected = { 
/**
 * The workspace.
 */
workspace: WorkspaceId, 
/**
 * CRM account's name.
 */
account: string, 
/**
 * Portal or organisation id.
 */
account_id: string, 
/**
 * Why nothing can be written, when so.
 */
read_only: string | null, 
/**
 * The mapping found.
 */
mapping: MappingView, };

export type ConvertLead = { 
/**
 * The lead.
 */
registration: RegistrationId, 
/**
 * What the deal registration says beside: amount, close date, products, proof of work, competitors.
 */
set: Array<Filled>, 
/**
 * Currency of the amount; the lead's or the account's own when absent.
 */
currency?: string | null, };

export type Converted = { 
/**
 * The amount.
 */
money: Money, 
/**
 * The rate; absent where the CRM tells the amount alone.
 */
rate: Rate | null, };

export type Correction = { 
/**
 * The CRM's property; names the field when answering.
 */
property: string, 
/**
 * Our name of it, where it has one.
 */
field: Field | null, 
/**
 * The wanted value as stored.
 */
raw: string, 
/**
 * What it holds.
 */
holds: Holds, 
/**
 * Choices, for lists.
 */
options: Array<Choice>, };

export type Cover = { 
/**
 * Who is away.
 */
away: OwnerId, 
/**
 * Who covers.
 */
by: OwnerId, 
/**
 * From.
 */
from: string, 
/**
 * To, including.
 */
to: string, };

export type CreditClass = "sourced" | "influenced" | "influenced_early" | "unattributed" | "direct";

export type Criterion = { 
/**
 * By which it is confirmed, e.g. `reseller.2.demand`.
 */
key: string, 
/**
 * The stage, by the policy.
 */
stage: string, 
/**
 * What must hold.
 */
says: string, 
/**
 * Who can tell.
 */
told_by: ToldBy, 
/**
 * It holds.
 */
met: boolean, 
/**
 * Why it holds, or what is missing, as a sentence part.
 */
fact: string, 
/**
 * Who confirmed it last, with what.
 */
proven: Proven | null, };

export type Currency = string;

export type DayOrder = "day_first" | "month_first";

export type DealDetail = { 
/**
 * The list row.
 */
row: DealRow, 
/**
 * Its amount in the account's own currency, and by which rate; absent where it is in it, or no rate is known.
 */
converted: Converted | null, 
/**
 * Account id.
 */
account_id: AccountId | null, 
/**
 * Partner id.
 */
partner_id: PartnerId | null, 
/**
 * Owner name.
 */
owner: string | null, 
/**
 * The fields of F, in order, with their state.
 */
fields: Array<DealField>, 
/**
 * The stages of its pipeline, for choosing.
 */
stages: Array<Choice>, 
/**
 * Latest contact first.
 */
touches: Array<Touch>, 
/**
 * Every observed change of a tracked field, latest first (B8).
 */
movements: Array<Movement>, 
/**
 * Where to see it in the CRM.
 */
crm_url: string | null, };

export type DealField = { 
/**
 * Which.
 */
field: Field, 
/**
 * What a person reads.
 */
label: string, 
/**
 * The raw value, for editing.
 */
value: string | null, 
/**
 * The value for reading (names instead of ids).
 */
shown: string | null, 
/**
 * What it holds.
 */
holds: Holds, 
/**
 * Allowed values.
 */
options: Array<Choice>, 
/**
 * How much it is wanted.
 */
need: Need, 
/**
 * Whether it is there and fresh.
 */
state: FieldState, 
/**
 * Can be edited here.
 */
editable: boolean, 
/**
 * Has a pending change; the CRM's value is then in `theirs`.
 */
pending: boolean, 
/**
 * What the CRM has, when a change is pending.
 */
theirs: string | null, };

export type DealFilter = { 
/**
 * Open, won or lost.
 */
outcome?: Outcome | null, 
/**
 * Of this partner.
 */
partner?: PartnerId | null, 
/**
 * Has any partner.
 */
partnered?: boolean | null, 
/**
 * Of this motion.
 */
motion?: Motion | null, 
/**
 * In this stage (CRM id).
 */
stage?: string | null, 
/**
 * At this place of its way, 1 to 5; 0 for deals whose stage is not mapped.
 */
position?: number | null, 
/**
 * Of this owner.
 */
owner?: OwnerId | null, 
/**
 * Words in name, account or partner.
 */
text?: string | null, 
/**
 * Protection ends on or before this day, and not before today.
 */
protection_ends_by?: string | null, 
/**
 * Past its stage's days or past its close date.
 */
stalled?: boolean | null, 
/**
 * At least one hard field is missing (F-01).
 */
missing_fields?: boolean | null, 
/**
 * Closed on or after.
 */
closes_from?: string | null, 
/**
 * Closed on or before.
 */
closes_to?: string | null, 
/**
 * An amount of at least this, in whole units of the account's own currency.
 */
amount_from?: number | null, 
/**
 * An amount of at most this, in whole units of the account's own currency.
 */
amount_to?: number | null, 
/**
 * Hygiene of at most this, in points.
 */
hygiene_to?: number | null, 
/**
 * Sourced or influenced.
 */
attribution?: Attribution | null, };

export type DealForecast = { 
/**
 * As in the list.
 */
row: ForecastDeal, 
/**
 * By the end of this day.
 */
by: string, 
/**
 * What multiplies out to the chance: the first is a rate, the others are factors.
 */
factors: Array<ChanceFactor>, 
/**
 * Days until half of such deals are closed, won or lost; absent where that takes over a year.
 */
days_left: number | null, 
/**
 * The chance of winning at all that the CRM gives to its stage, 0 to 1.
 */
crm: number | null, 
/**
 * In a sentence.
 */
says: string, };

export type DealId = string;

export type DealPartner = { 
/**
 * Who.
 */
partner: PartnerId, 
/**
 * What it does.
 */
role: PartnerRole, 
/**
 * Sourced or influenced; at most one partner of a deal has sourced it.
 */
attribution: Attribution, 
/**
 * Its share in whole points.
 */
pct: number, 
/**
 * The segment or solution that it stands for.
 */
part: string | null, };

export type DealPartnerRow = { 
/**
 * Who, with role and share.
 */
share: DealPartner, 
/**
 * Name.
 */
name: string, };

export type DealPartners = { 
/**
 * Deal.
 */
deal: DealId, 
/**
 * Who, the partner of record first.
 */
partners: Array<DealPartnerRow>, 
/**
 * Points that nobody has.
 */
free_pct: number, 
/**
 * Locked since.
 */
locked: Lock | null, 
/**
 * Changes since, with their reasons and both values.
 */
amendments: Array<Amendment>, 
/**
 * Influence, oldest first.
 */
influences: Array<Influence>, 
/**
 * Roles to choose from, by the policy.
 */
roles: Array<PartnerRole>, 
/**
 * The dossier in the CRM does not read: nothing can be changed.
 */
unread: boolean, };

export type DealRow = { 
/**
 * Deal.
 */
id: DealId, 
/**
 * Deal name.
 */
name: string, 
/**
 * Account name.
 */
account: string | null, 
/**
 * Partner name.
 */
partner: string | null, 
/**
 * Amount.
 */
amount: Money | null, 
/**
 * Stage name.
 */
stage: string, 
/**
 * 1 to 5.
 */
position: number, 
/**
 * Open, won, lost.
 */
outcome: Outcome, 
/**
 * Past the stage's days or past the close date.
 */
stalled: boolean, 
/**
 * Motion.
 */
motion: Motion | null, 
/**
 * Sourced or influenced.
 */
attribution: Attribution | null, 
/**
 * Percentage in whole points.
 */
attribution_pct: number | null, 
/**
 * Share of required fields present and fresh, 0 to 100 (F-06).
 */
hygiene: number, 
/**
 * Protection end.
 */
protection_end: string | null, 
/**
 * Close date.
 */
close_date: string | null, 
/**
 * When the stage notes were written.
 */
notes_at: string | null, 
/**
 * Has a pending change.
 */
pending: boolean, };

export type DealSort = "close_date" | "name" | "partner" | "amount" | "stage" | "notes_age" | "protection" | "hygiene";

export type DealStanding = { 
/**
 * Which deal.
 */
deal: DealId, 
/**
 * Its motion; the generic stages when absent.
 */
motion: Motion | null, 
/**
 * The stage by the policy; absent when its stage is not mapped.
 */
stage: StageStanding | null, 
/**
 * What must hold before it moves on, in the policy's order.
 */
criteria: Array<Criterion>, 
/**
 * Where it can go, in the pipeline's order.
 */
stages: Array<StageChoice>, 
/**
 * The next stage on its way.
 */
next: StageChoice | null, 
/**
 * What speaks for and against that move now.
 */
checks: Array<Check>, 
/**
 * The move is held until what fails is put right, or somebody overrides it.
 */
held: boolean, 
/**
 * The signals, heaviest first (W-03).
 */
signals: Array<Signal>, 
/**
 * Their sum.
 */
rank: number, 
/**
 * The protection window.
 */
protection: ProtectionStanding | null, 
/**
 * The mutual action plan: overdue first (T-05).
 */
plan: Array<PlanRow>, 
/**
 * A confirmation has to say what shows it.
 */
evidence_required: boolean, };

export type DealStood = { 
/**
 * Motion.
 */
motion: Motion | null, 
/**
 * Amount.
 */
amount: Money | null, 
/**
 * Stage name.
 */
stage: string, 
/**
 * Open, won, lost.
 */
outcome: Outcome, 
/**
 * Close date.
 */
close_date: string | null, };

export type DealTab = "open" | "protection" | "stalled" | "missing" | "won" | "all";

export type DealTotals = { 
/**
 * How many deals.
 */
count: number, 
/**
 * Sum per currency.
 */
sums: Array<Money>, };

export type DealView = { 
/**
 * Its name.
 */
name: string, 
/**
 * The tab that it begins from, whose days move with the day.
 */
view: DealTab, 
/**
 * What the person has narrowed beside it.
 */
filter: DealFilter, 
/**
 * Sorted by.
 */
sort: DealSort, 
/**
 * Which way.
 */
direction: Direction, };

export type DealViewRef = { 
/**
 * Its name.
 */
name: string, };

export type DealsQuery = { 
/**
 * Only these.
 */
filter: DealFilter, 
/**
 * Sorted by.
 */
sort: DealSort, 
/**
 * Which way.
 */
direction: Direction, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Rows wanted, at most 500; 0 means 100.
 */
limit: number, };

export type DecideAppeal = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Approve after all.
 */
grant: boolean, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * Days of protection, for an approval.
 */
protection_days?: number | null, 
/**
 * The seller, for an approval.
 */
seller?: OwnerId | null, 
/**
 * Link this open deal, for an approval.
 */
link_deal?: DealId | null, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type Decided = { 
/**
 * Its id, for undo.
 */
decision: DecisionId, 
/**
 * What was done, e.g. "Approved Hansa Kühlkette GmbH".
 */
title: string, 
/**
 * When it was saved.
 */
at: string, };

export type DecimalMark = "point" | "comma";

export type DecisionId = string;

export type DecisionRef = { 
/**
 * Which.
 */
decision: DecisionId, };

export type DecisionStatus = "waiting" | "sending" | "needs_you" | "landed" | "withdrawn";

export type Decline = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Why, from the list.
 */
reason: DeclineReason, 
/**
 * Why, in words; needed for `other`.
 */
text?: string | null, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type DeclineCount = { 
/**
 * Why; absent when they do not say.
 */
reason: DeclineReason | null, 
/**
 * How many.
 */
count: number, };

export type DeclineReason = "duplicate" | "not_qualified" | "active_cycle" | "territory" | "blocked" | "not_certified" | "incomplete" | "other";

export type Direction = "ascending" | "descending";

export type DismissConflicts = { 
/**
 * Which.
 */
conflicts: Array<string>, 
/**
 * Why.
 */
reason: string, };

export type DraftRequest = { 
/**
 * Which registration.
 */
registration: RegistrationId, 
/**
 * About what.
 */
letter: Letter, 
/**
 * Why, from the list, for a decline.
 */
decline?: DeclineReason | null, 
/**
 * Why, in words for the partner.
 */
reason?: string | null, 
/**
 * The question, when asking.
 */
question?: string | null, 
/**
 * Days of protection.
 */
protection_days?: number | null, };

export type Drafts = { 
/**
 * On approval.
 */
approve: string, 
/**
 * On decline.
 */
decline: string, 
/**
 * When asking for information.
 */
ask: string, };

export type EditDeal = { 
/**
 * Which deal.
 */
deal: DealId, 
/**
 * New values; `None` clears.
 */
set: Array<FieldEdit>, 
/**
 * Needed to move a deal past a gate that does not hold (M).
 */
override_reason?: string | null, 
/**
 * Criteria that are confirmed, or taken back, with it.
 */
confirm: Array<Confirm>, };

export type EditDeals = { 
/**
 * Which, at most 200.
 */
deals: Array<DealId>, 
/**
 * New values; absent clears.
 */
set: Array<FieldEdit>, 
/**
 * Moves past a gate that does not hold, with its reason.
 */
override_reason?: string | null, };

export type EditDone = { 
/**
 * Which.
 */
deal: DealId, 
/**
 * Its name.
 */
name: string, 
/**
 * Changed; absent when it was not.
 */
decision: DecisionId | null, 
/**
 * Why it was not changed.
 */
refused: string | null, };

export type EditImportRow = { 
/**
 * Which import.
 */
import: ImportId, 
/**
 * Which row.
 */
row: number, 
/**
 * Which field.
 */
field: Field, 
/**
 * The value as typed; read like one of the file. A partner by id, name or domain.
 */
value: string, };

export type EditPreview = { 
/**
 * Which deal.
 */
deal: DealId, 
/**
 * Its name.
 */
name: string, 
/**
 * What would be written, as people read it.
 */
writes: Array<ItemEdit>, 
/**
 * What speaks for and against the move; empty when the stage stays.
 */
checks: Array<Check>, 
/**
 * What must hold before the move, as it would stand with the edit.
 */
criteria: Array<Criterion>, 
/**
 * The edit is held: put right what fails, or override with a reason.
 */
held: boolean, 
/**
 * Why it cannot be made at all.
 */
refused: string | null, 
/**
 * The draft to the partner that goes with it (M-12), by its subject.
 */
letter: string | null, };

export type Edition = "partner" | "internal";

export type EditsDone = { 
/**
 * One line for each deal, in the order of the request.
 */
rows: Array<EditDone>, 
/**
 * The decisions that were made, in the same order: taken back one by one.
 */
decisions: Array<DecisionId>, };

export type Engagement = { 
/**
 * Which quarter.
 */
quarter: Quarter, 
/**
 * Partners whose partnership is not over.
 */
partners: number, 
/**
 * Those of them with a touch in the quarter.
 */
touched: number, 
/**
 * Touches of all partners.
 */
touches: number, 
/**
 * At most 100 partners, those with most open deals first.
 */
rows: Array<PartnerEngagement>, 
/**
 * Partners that are not shown.
 */
more: number, };

export type EscalateConflict = { 
/**
 * Which.
 */
conflict: string, 
/**
 * To whom.
 */
to: OwnerId, 
/**
 * Why.
 */
reason: string, };

export type Evidence = { 
/**
 * When.
 */
at: string, 
/**
 * What was seen, in a sentence.
 */
text: string, 
/**
 * Where a person has to choose: between what, field by field.
 */
found?: Found, };

export type Expire = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Why; needed while the protection has not ended.
 */
reason?: string | null, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type Extend = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Days more; the policy's when absent.
 */
days?: number | null, 
/**
 * Evidence of progress; the waiting request's when empty.
 */
proofs: Array<Proof>, 
/**
 * Why, against the rule.
 */
override_reason?: string | null, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type Extension = { 
/**
 * When it was asked for.
 */
asked_at: string, 
/**
 * By whom.
 */
by: string | null, 
/**
 * With which evidence of progress.
 */
proofs: Array<Proof>, 
/**
 * How far it has come.
 */
answered: Answered, 
/**
 * When it was decided.
 */
answered_at: string | null, 
/**
 * By whom.
 */
answered_by: string | null, 
/**
 * Why.
 */
reason: string | null, 
/**
 * The protection ended on this day before.
 */
from: string | null, 
/**
 * And ends on this day now.
 */
to: string | null, 
/**
 * Given against the rule, for the reason.
 */
overridden: boolean, };

export type FactorKind = "base" | "age" | "calendar" | "record" | "motion" | "stage" | "time_in_stage" | "age_at_stage";

export type Field = "name" | "domain" | "phone" | "city" | "country" | "region" | "industry" | "owner" | "parent" | "created_at" | "is_partner" | "partner_type" | "partner_tier" | "partner_status" | "partner_motions" | "partner_territories" | "partner_since" | "incumbent" | "renewal_date" | "blocked" | "reserved_for" | "net_retention" | "satisfaction" | "integration_used" | "amount" | "currency" | "home_amount" | "exchange_rate" | "stage" | "pipeline" | "close_date" | "lost_reason" | "next_step" | "next_step_owner" | "next_step_due" | "motion" | "partner" | "attribution" | "attribution_pct" | "registration_id" | "protection_start" | "protection_end" | "price_protected" | "discount_band" | "deal_kind" | "annual_value" | "incentive_cost" | "contact_roles" | "conflict_status" | "conflict_notes" | "stage_notes" | "stage_notes_at" | "stage_entered_at" | "last_activity_at" | "products" | "registration_kind" | "status" | "company_name" | "contact_name" | "contact_email" | "contact_phone" | "problem" | "stage_guess" | "consent" | "proof_of_work" | "competitors" | "submitted_at" | "submitted_by" | "decided_at" | "decided_by" | "decision_reason" | "decline_reason" | "info_request" | "account" | "deal" | "converted_into" | "claimed_by" | "holder" | "certification_kind" | "level" | "earned_at" | "expires_at" | "first_name" | "last_name" | "email" | "job_title" | "title" | "body" | "at" | "due_at" | "dossier" | "last_op" | "op_id";

export type FieldEdit = { 
/**
 * Which.
 */
field: Field, 
/**
 * New raw value; `None` clears.
 */
value?: string | null, };

export type FieldState = "present" | "missing" | "stale";

export type Filled = { 
/**
 * Which.
 */
field: Field, 
/**
 * New raw value.
 */
value: string, };

export type Finding = { 
/**
 * Stable name, e.g. `store.integrity`.
 */
check: string, 
/**
 * Fine, worth a look, broken.
 */
outcome: CheckOutcome, 
/**
 * What was found.
 */
text: string, 
/**
 * What to do, when something is to be done.
 */
next: string | null, };

export type Forecast = { 
/**
 * As of this day.
 */
as_of: string, 
/**
 * First day of the period: of the quarter that holds `as_of`.
 */
from: string, 
/**
 * Last day of the period.
 */
by: string, 
/**
 * The day by which its rates were learnt; absent when nothing was closed yet and no chances are known.
 */
learnt_on: string | null, 
/**
 * Closed deals that it was learnt from.
 */
learnt_from: number, 
/**
 * In the account's own currency, then one for each that no rate is known of.
 */
currencies: Array<ForecastIn>, 
/**
 * What is aimed at, where somebody has said it of this quarter and of what was asked (K-18).
 */
target?: ForecastTarget | null, 
/**
 * The deals that move the total most: by chance times amount.
 */
deals: Array<ForecastDeal>, 
/**
 * Open deals that were counted.
 */
open: number, 
/**
 * Of them without an amount: the mean win stands for it.
 */
without_amount: number, 
/**
 * Of them without a motion.
 */
without_motion: number, 
/**
 * Of them with a partner and without attribution.
 */
without_attribution: number, 
/**
 * What is to be known about it, in sentences.
 */
notes: Array<string>, };

export type ForecastCredit = { 
/**
 * Which.
 */
credit: CreditClass, 
/**
 * What it comes to.
 */
sum: ForecastSum, };

export type ForecastDeal = { 
/**
 * Which.
 */
deal: DealId, 
/**
 * Its name.
 */
name: string, 
/**
 * Motion.
 */
motion: Motion | null, 
/**
 * Whose it is.
 */
credit: CreditClass, 
/**
 * Stage name.
 */
stage: string, 
/**
 * Past its stage's days or its close date.
 */
stalled: boolean, 
/**
 * Its amount, or the mean win where it has none.
 */
amount: Money, 
/**
 * The amount is the mean win.
 */
assumed_amount: boolean, 
/**
 * Chance of winning by the end of the period, 0 to 1.
 */
chance: number, };

export type ForecastDealQuery = { 
/**
 * Which.
 */
deal: DealId, 
/**
 * By the end of this day; the last day of the present quarter when absent.
 */
by?: string | null, };

export type ForecastIn = { 
/**
 * Which.
 */
currency: Currency, 
/**
 * Everything: won, open, and what has yet to come to be.
 */
total: ForecastSum, 
/**
 * Won or open now, by motion; absent motion last.
 */
by_motion: Array<ForecastMotion>, 
/**
 * Won or open now, by whose it is; every deal is in one of them.
 */
by_credit: Array<ForecastCredit>, 
/**
 * Won or open now, with a partner.
 */
partnered: ForecastSum, 
/**
 * Open deals that move.
 */
active: ForecastSum, 
/**
 * Open deals that are stalled (FCST-06).
 */
stalled: ForecastSum, 
/**
 * Expected of deals that are not in the pipeline yet, by how such deals came and won lately; in the total only.
 */
not_yet_there: ForecastSum, };

export type ForecastLearnt = { 
/**
 * The day by which; absent when nothing was closed yet.
 */
on: string | null, 
/**
 * Closed deals that it was learnt from.
 */
closed: number, 
/**
 * Deals whose birth, or whose day of closing, is not known: nothing is learnt from them.
 */
undated: number, 
/**
 * Since when changes of stages are seen; stages count from then on.
 */
watched_from: string | null, };

export type ForecastMotion = { 
/**
 * Which; absent where it is not known.
 */
motion: Motion | null, 
/**
 * What it comes to.
 */
sum: ForecastSum, };

export type ForecastQuery = { 
/**
 * By the end of this day, at most 366 days ahead; the last day of the present quarter when absent.
 */
by?: string | null, 
/**
 * Only this motion.
 */
motion?: Motion | null, 
/**
 * Only this partner.
 */
partner?: PartnerId | null, 
/**
 * Deals to name, those that move the total most, at most 200; 0 means 20.
 */
limit: number, };

export type ForecastSum = { 
/**
 * Won in the period already; exact.
 */
won: Money, 
/**
 * Deals won in the period already.
 */
won_deals: number, 
/**
 * Open deals.
 */
open_deals: number, 
/**
 * What the open deals add up to, whatever their chances.
 */
pipeline: Money, 
/**
 * Won and expected together.
 */
expected: Money, 
/**
 * One time in ten it comes to less.
 */
low: Money, 
/**
 * One time in ten it comes to more.
 */
high: Money, 
/**
 * Wins expected of open deals.
 */
expected_wins: number, };

export type ForecastTarget = { 
/**
 * The target, in the account's own currency.
 */
bookings: Money, 
/**
 * The chance that what was won with partners and what is open with them now comes to that or more, 0 to 1.
 */
chance: number, };

export type Forecasting = "drumbeat" | "base_rate" | "crm" | "age_and_month";

export type Found = { 
/**
 * Why.
 */
kind: MergeKind, 
/**
 * The values that differ, by CRM property.
 */
sides: Array<FoundSide>, };

export type FoundSide = { 
/**
 * The CRM's property.
 */
property: string, 
/**
 * What the op was based on.
 */
base: string, 
/**
 * What the op wants.
 */
mine: string, 
/**
 * What the CRM has.
 */
theirs: string, 
/**
 * Who set it there, where the CRM says.
 */
by: string | null, 
/**
 * When it was set there, where the CRM says.
 */
at: string | null, };

export type GraphEdge = { 
/**
 * From: a party's key or a person's name.
 */
from: string, 
/**
 * What a person reads.
 */
from_label: string, 
/**
 * To which record.
 */
to: RecordLink, 
/**
 * By what: deal, registration, activity, incumbent, same company.
 */
by: string, 
/**
 * How often, for activities.
 */
times: number, };

export type Handover = { 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: string, 
/**
 * From.
 */
from: PartnerId | null, 
/**
 * To.
 */
to: PartnerId, 
/**
 * Why.
 */
reason: string, };

export type HeldDecision = { 
/**
 * Decision.
 */
decision: DecisionId, 
/**
 * What was decided.
 */
title: string, 
/**
 * The record that it is mainly about.
 */
record: AboutRecord, 
/**
 * Who decided.
 */
by: string, 
/**
 * When it was decided.
 */
decided_at: string, 
/**
 * When it was held back.
 */
held_at: string, 
/**
 * The facts that moved.
 */
moved: Array<MovedFact>, 
/**
 * Messages that wait with it.
 */
messages: number, };

export type HistoryLine = { 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
who: string, 
/**
 * What.
 */
text: string, 
/**
 * Day until which it holds, where it has one.
 */
until: string | null, 
/**
 * The version of the policy that judged it, where it was decided here.
 */
policy?: number, };

export type Holds = "text" | "number" | "day" | "instant" | "truth" | "choice" | "choices";

export type HygieneScore = { 
/**
 * By what.
 */
by: ScoredBy, 
/**
 * Motion word or id; absent for deals that name none.
 */
key: string | null, 
/**
 * What a person reads.
 */
label: string, 
/**
 * Open deals.
 */
deals: number, 
/**
 * Mean share of wanted fields that are there and fresh, 0 to 100.
 */
hygiene: number, 
/**
 * Deals that lack a hard field.
 */
held: number, };

export type Import = { 
/**
 * Which.
 */
id: ImportId, 
/**
 * Where it came from.
 */
source: IntakeSource, 
/**
 * The file's name without its folder, or what stands for it.
 */
name: string, 
/**
 * How it was read: "semicolons, Windows-1252, 1,204 rows".
 */
read_as: string, 
/**
 * What a person should know about the whole file.
 */
notes: Array<string>, 
/**
 * The text of a mail or form that was read, to be looked at beside its rows; "line 4" is a line of it.
 */
text: string | null, 
/**
 * The columns in order; none for a mail or a form.
 */
columns: Array<IntakeColumn>, 
/**
 * Which column is which field, and how values are written.
 */
mapping: IntakeMapping, 
/**
 * The mapping was used before for a file with these headers.
 */
remembered: boolean, 
/**
 * What a column can be mapped to, in order.
 */
fields: Array<IntakeField>, 
/**
 * Name of the partner that all rows are on behalf of.
 */
partner_name: string | null, 
/**
 * How many rows have which verdict.
 */
counts: IntakeCounts, };

export type ImportId = string;

export type ImportRows = { 
/**
 * Which.
 */
import: ImportId, 
/**
 * Only rows with this verdict.
 */
verdict?: RowVerdict | null, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Rows wanted, at most 200; 0 means 50.
 */
limit: number, };

export type ImportSaved = { 
/**
 * The import with its new counts.
 */
import: Import, 
/**
 * Registrations that were saved on this device.
 */
saved: number, 
/**
 * Rows that were chosen and not saved, with the reason.
 */
refused: Array<RowRefused>, 
/**
 * Stopped by the person; what was saved stays.
 */
cancelled: boolean, };

export type ImportTargets = { 
/**
 * The table as text.
 */
text: string, };

export type ImportUndone = { 
/**
 * The import with its new counts.
 */
import: Import, 
/**
 * Registrations that were taken back.
 */
taken_back: number, 
/**
 * Registrations that may have left and stay; each is undone from Activity.
 */
sent: number, };

export type InboxGroup = "over" | "today" | "tomorrow" | "later" | "paused" | "decided";

export type InboxQuery = { 
/**
 * Whose.
 */
scope: Scope, 
/**
 * Which.
 */
show: InboxShow, 
/**
 * Of this partner.
 */
partner?: PartnerId | null, 
/**
 * Words in company or partner.
 */
text?: string | null, 
/**
 * Sorted by.
 */
sort: InboxSort, 
/**
 * Which way.
 */
direction: Direction, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Rows wanted, at most 200; 0 means 50.
 */
limit: number, };

export type InboxRow = { 
/**
 * Registration.
 */
id: RegistrationId, 
/**
 * Its number.
 */
number: string, 
/**
 * Company claimed.
 */
company: string, 
/**
 * Partner name.
 */
partner: string | null, 
/**
 * Motion.
 */
motion: Motion | null, 
/**
 * Lead or deal.
 */
kind: RegistrationKind, 
/**
 * State, with pending decisions applied.
 */
status: RegistrationStatus, 
/**
 * Amount.
 */
amount: Money | null, 
/**
 * S-02.
 */
clock: Clock | null, 
/**
 * Heading.
 */
group: InboxGroup, 
/**
 * Name of the manager who has claimed it.
 */
claimed_by: string | null, 
/**
 * The decision that waits or has landed, if one was made here.
 */
decision: RowDecision | null, 
/**
 * Put aside until.
 */
snoozed_until?: string, 
/**
 * Whose it is by the policy, while nobody has claimed it and the CRM names no owner (R-15).
 */
assigned?: string, 
/**
 * An appeal waits for an answer.
 */
appealed?: boolean, };

export type InboxShow = "open" | "decided" | "all" | "snoozed";

export type InboxSort = "time_left" | "company" | "partner" | "amount" | "submitted";

export type InboxView = { 
/**
 * Its name, unique.
 */
name: string, 
/**
 * What it asks.
 */
query: InboxQuery, };

export type InboxViewRef = { 
/**
 * Name.
 */
name: string, };

export type Influence = { 
/**
 * Who.
 */
partner: PartnerId, 
/**
 * The stage that it helped.
 */
stage: string, 
/**
 * The evidence, with its day.
 */
proof: Proof, 
/**
 * Who noted it.
 */
by: string, 
/**
 * When.
 */
noted_at: string, };

export type IntakeColumn = { 
/**
 * Its header as written, or "Column C" where the file has none.
 */
header: string, 
/**
 * Up to three values of it.
 */
samples: Array<string>, 
/**
 * The field that its header suggests.
 */
suggested: Field | null, };

export type IntakeCounts = { 
/**
 * In all.
 */
rows: number, 
/**
 * Ready to be saved.
 */
ok: number, 
/**
 * Look like a record that is there already, or like an earlier row.
 */
duplicate: number, 
/**
 * Lack what the policy asks for.
 */
incomplete: number, 
/**
 * Cannot be saved as they are.
 */
rejected: number, 
/**
 * Saved from here.
 */
saved: number, };

export type IntakeDuplicate = { 
/**
 * The record; absent when it is an earlier row of the same import.
 */
record: RecordLink | null, 
/**
 * The earlier row.
 */
row: number | null, 
/**
 * What a person reads: "DR-2026-1184, Northwind Systems, submitted".
 */
title: string, 
/**
 * Why: "same domain".
 */
why: string, 
/**
 * A claim or deal that is open or in force; what has ended is only told.
 */
is_open: boolean, };

export type IntakeField = { 
/**
 * Which.
 */
field: Field, 
/**
 * What a person reads.
 */
label: string, 
/**
 * The policy asks for it (for the kind of registration that rows are by default).
 */
required: boolean, };

export type IntakeForm = { 
/**
 * What is registered with it.
 */
kind: RegistrationKind, 
/**
 * Its name in the CRM, by which it is known again.
 */
name: string, 
/**
 * Its id, when it is there.
 */
id: string | null, 
/**
 * What it asks, in order.
 */
fields: Array<IntakeFormField>, 
/**
 * What it would ask if the CRM had a property for it.
 */
not_asked: Array<string>, };

export type IntakeFormField = { 
/**
 * What stands beside it.
 */
label: string, 
/**
 * The CRM's property.
 */
property: string, 
/**
 * It must be filled in.
 */
required: boolean, 
/**
 * A fixed value; then nobody sees the field.
 */
value: string | null, };

export type IntakeForms = { 
/**
 * One for each kind of registration.
 */
forms: Array<IntakeForm>, 
/**
 * Not yet in the CRM.
 */
missing: number, 
/**
 * Why they cannot be made from here, when so.
 */
refused: string | null, 
/**
 * What no interface of the CRM makes: the page for the admin tells how.
 */
by_hand: Array<string>, };

export type IntakeMapping = { 
/**
 * The field of each column, in the columns' order; absent for one that is not read.
 */
columns: Array<Field | null>, 
/**
 * How days are written that could be read in two ways; absent: such a day rejects its row.
 */
day_order?: DayOrder | null, 
/**
 * How amounts are written that could be read in two ways; absent: such an amount rejects its row.
 */
decimal?: DecimalMark | null, 
/**
 * The currency of amounts that name none.
 */
currency?: Currency | null, 
/**
 * The kind of rows that do not say it.
 */
kind?: RegistrationKind | null, 
/**
 * All rows are on behalf of this partner; absent: the column that is mapped to the partner says it.
 */
partner?: PartnerId | null, };

export type IntakeProblem = { 
/**
 * The field that it is about.
 */
field: Field | null, 
/**
 * A sentence: "“03/04/2026” is 3 April or March 4: say the order of days".
 */
text: string, 
/**
 * Where it stands.
 */
found: string | null, 
/**
 * The row cannot be saved with it.
 */
rejects: boolean, };

export type IntakeRow = { 
/**
 * Its number in the import, from 1; rows are chosen by it.
 */
number: number, 
/**
 * Where it stands: "line 17".
 */
at: string, 
/**
 * What is to be done with it.
 */
verdict: RowVerdict, 
/**
 * The verdict as a sentence: "duplicate of DR-2026-1184, Northwind Systems: same domain".
 */
why: string, 
/**
 * The company, as far as known.
 */
company: string | null, 
/**
 * The partner by name, as far as known.
 */
partner: string | null, 
/**
 * Its kind.
 */
kind: RegistrationKind, 
/**
 * What it says, in the fields' order.
 */
values: Array<IntakeValue>, 
/**
 * What is wrong or worth a look.
 */
problems: Array<IntakeProblem>, 
/**
 * Records and rows that look like the same opportunity, the strongest first.
 */
duplicates: Array<IntakeDuplicate>, 
/**
 * Labels of what the policy asks for and the row lacks.
 */
missing: Array<string>, 
/**
 * The registration that it became.
 */
registration: RegistrationId | null, 
/**
 * The decision that saved it, for undo.
 */
decision: DecisionId | null, };

export type IntakeSource = "csv" | "email" | "paste";

export type IntakeValue = { 
/**
 * Field.
 */
field: Field, 
/**
 * What a person reads.
 */
label: string, 
/**
 * The value as it would be saved.
 */
value: string, 
/**
 * The text that it was read from, where that is another.
 */
raw: string | null, 
/**
 * Where it was found: "column C “Kunde”", "line 4", "entered here".
 */
found: string, 
/**
 * How certain it is.
 */
confidence: Confidence, };

export type ItemEdit = { 
/**
 * Which field.
 */
label: string, 
/**
 * Before; absent when there was none.
 */
before: string | null, 
/**
 * After; absent when it was cleared.
 */
after: string | null, };

export type ItemOutcome = { 
/**
 * Verdict.
 */
verdict: ItemVerdict, 
/**
 * What was decided.
 */
text: string, 
/**
 * Next step.
 */
next_step: string | null, 
/**
 * Who.
 */
owner: OwnerId | null, 
/**
 * Who, by name.
 */
owner_name: string | null, 
/**
 * By when.
 */
due: string | null, 
/**
 * What was changed on the deal with it (W-08).
 */
edits: Array<ItemEdit>, 
/**
 * Why the deal moved past a gate that did not hold.
 */
override_reason: string | null, 
/**
 * Logged at.
 */
at: string, 
/**
 * The decision that carries it to the CRM; absent when the item was cleared with the rest.
 */
decision: DecisionId | null, };

export type ItemState = "open" | "decided" | "skipped" | "parked" | "flagged";

export type ItemVerdict = "keep_plan" | "change_plan" | "get_help" | "let_go" | "no_action";

export type JobId = string;

export type JobProgress = { 
/**
 * Which job.
 */
id: JobId, 
/**
 * What it does now, e.g. "Deals".
 */
step: string, 
/**
 * Done so far.
 */
done: number, 
/**
 * In all, where known.
 */
total: number | null, 
/**
 * A second, over the last while.
 */
rate: number, 
/**
 * Seconds left, where they can be known.
 */
left: number | null, };

export type Kind = "deal" | "partner" | "registration" | "touch" | "outbox" | "review" | "pack" | "audit" | "workspace" | "channel_conflict";

export type LapseHold = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Why, where the time is not over.
 */
reason?: string | null, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type Letter = "approve" | "decline" | "ask" | "appeal_stands" | "appeal_granted" | "extended" | "extension_refused" | "ending_soon" | "untouched" | "released" | "reassigned" | "expired" | "withdrawn" | "hold_confirmed" | "hold_lapsed";

export type Life = { 
/**
 * What can be done now.
 */
acts: Array<ActState>, 
/**
 * Appeals, oldest first.
 */
appeals: Array<Appeal>, 
/**
 * What the policy says of the one that waits.
 */
appeal: Ruling | null, 
/**
 * The last day for an appeal, while it is declined.
 */
appeal_until: string | null, 
/**
 * Extensions, oldest first.
 */
extensions: Array<Extension>, 
/**
 * What the policy says of the one that waits, or of one without evidence.
 */
extension: Ruling | null, 
/**
 * Protection, from and to.
 */
protection: [string | null, string | null] | null, 
/**
 * Days in which nothing has happened.
 */
idle_days: number | null, 
/**
 * The partner was warned of a release.
 */
warned: Warned | null, 
/**
 * From this day it may be released without more ado.
 */
release_from: string | null, 
/**
 * The first meeting.
 */
meeting: Meeting | null, 
/**
 * By when it is due (S-10).
 */
meeting_by: string | null, 
/**
 * Who held it before.
 */
handovers: Array<Handover>, 
/**
 * Answers of the partner, oldest first.
 */
replies: Array<PartnerReply>, 
/**
 * The lead that it was made of.
 */
lead: RegistrationId | null, 
/**
 * The deal registration that was made of it.
 */
converted_to: RegistrationId | null, 
/**
 * What its conversion in the CRM means, where its approval converts it or it has been converted.
 */
conversion?: string, 
/**
 * Its part of a split.
 */
part: Part | null, 
/**
 * Put aside until.
 */
snoozed: Snoozed | null, 
/**
 * Whose it is by the policy, while nobody has claimed it and the CRM names no owner (R-15).
 */
assigned: Assigned | null, 
/**
 * The dossier in the CRM does not read: nothing that it would hold can be changed.
 */
unread: boolean, };

export type LifeAct = "approve" | "decline" | "ask" | "answer" | "withdraw" | "expire" | "convert" | "open_appeal" | "decide_appeal" | "request_extension" | "extend" | "refuse_extension" | "warn" | "release" | "reassign" | "log_meeting" | "lapse_hold";

export type Lock = { 
/**
 * Since when.
 */
at: string, 
/**
 * By whom.
 */
by: string, };

export type LogItem = { 
/**
 * Which review.
 */
review: ReviewId, 
/**
 * Which item.
 */
item: ReviewItemId, 
/**
 * Verdict.
 */
verdict: ItemVerdict, 
/**
 * What was decided.
 */
text: string, 
/**
 * Next step; needed unless the verdict is `no_action`.
 */
next_step?: string | null, 
/**
 * Who; needed with a next step.
 */
owner?: OwnerId | null, 
/**
 * By when, inside seven days; needed with a next step.
 */
due?: string | null, 
/**
 * Edits of the deal made in the review (W-08).
 */
edits: Array<FieldEdit>, 
/**
 * Needed to move the deal past a gate that does not hold (M).
 */
override_reason?: string | null, 
/**
 * Criteria that are confirmed with it.
 */
confirm: Array<Confirm>, };

export type LogMeeting = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * When.
 */
day: string, 
/**
 * What is known of it.
 */
text: string, 
/**
 * Why the hold goes on, where the meeting came too late.
 */
override_reason?: string | null, };

export type Logo = { 
/**
 * Its number: the SHA-256 of its bytes, hex.
 */
id: string, 
/**
 * The picture itself, as an address of its own (`data:`).
 */
picture: string, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * Pixels across.
 */
width: number, 
/**
 * Pixels down.
 */
height: number, };

export type LogoChosen = { 
/**
 * The picture; absent when the person thought better of it.
 */
logo: Logo | null, };

export type LookChecked = { 
/**
 * First colour; Drumbeat's own where the one asked for is none.
 */
accent: string, 
/**
 * Second colour, likewise.
 */
second: string, 
/**
 * What is wrong with it, or hard to read.
 */
found: Array<LookFinding>, };

export type LookFinding = { 
/**
 * Of which part.
 */
part: LookPart, 
/**
 * It is not taken; otherwise it is taken and may be hard to read.
 */
refused: boolean, 
/**
 * What is wrong, in a sentence.
 */
text: string, };

export type LookPart = "accent" | "second" | "font" | "logo";

export type MappedField = { 
/**
 * Kind of record.
 */
kind: ObjectKind, 
/**
 * Field.
 */
field: Field, 
/**
 * The CRM's property.
 */
property?: string | null, };

export type Mapping = { 
/**
 * Property name by field, for each kind.
 */
fields: { [key in ObjectKind]?: { [key in Field]?: string } }, 
/**
 * The pipelines that count, and what their stages mean.
 */
pipelines: Array<PipelineMapping>, 
/**
 * The person at this computer, among the CRM's owners.
 */
me: OwnerId | null, 
/**
 * Clocks, staleness and signals count from this day (S-12).
 */
go_live: string | null, };

export type MappingLine = { 
/**
 * Kind of record.
 */
kind: ObjectKind, 
/**
 * Field.
 */
field: Field, 
/**
 * What a person reads.
 */
label: string, 
/**
 * The CRM's property, when one was found.
 */
property: string | null, 
/**
 * The property's label in the CRM.
 */
property_label: string | null, 
/**
 * What it holds.
 */
holds: Holds | null, 
/**
 * Needed for checks or required on deals.
 */
wanted: boolean, 
/**
 * Up to three real values, once some were read.
 */
samples: Array<string>, 
/**
 * Properties that it could be instead.
 */
candidates: Array<string>, };

export type MappingView = { 
/**
 * The mapping as it would be saved.
 */
mapping: Mapping, 
/**
 * One line a field.
 */
lines: Array<MappingLine>, 
/**
 * Pipelines with what they mean.
 */
pipelines: Array<PipelineMapping>, 
/**
 * Who "me" can be.
 */
owners: Array<Owner>, 
/**
 * Go-live day.
 */
go_live: string | null, };

export type MarkItem = { 
/**
 * Which review.
 */
review: ReviewId, 
/**
 * Which item.
 */
item: ReviewItemId, 
/**
 * How.
 */
state: ItemState, };

export type MeasureConflicts = { 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, };

export type Meeting = { 
/**
 * When it took place.
 */
day: string, 
/**
 * What is known of it.
 */
text: string, 
/**
 * Who logged it.
 */
by: string, 
/**
 * When.
 */
logged_at: string, };

export type MendField = { 
/**
 * Which.
 */
field: Field, 
/**
 * What a person reads.
 */
label: string, 
/**
 * How much it is wanted.
 */
need: Need, 
/**
 * Missing or too old.
 */
state: FieldState, };

export type MendList = { 
/**
 * Most money for each field to fill in first; deals without an amount last. Put in order a stretch of the largest at a time.
 */
rows: Array<MendRow>, 
/**
 * Key of the next page; absent at the end.
 */
next: string | null, 
/**
 * Open deals of the program that lack something.
 */
total: number, 
/**
 * Of which stretch of the book these are: 1 for the largest deals, 2 for those after them.
 */
stretch: number, 
/**
 * Hygiene by motion, owner and partner, worst first; with the first page alone.
 */
scores: Array<HygieneScore>, };

export type MendQuery = { 
/**
 * Of this motion.
 */
motion?: Motion | null, 
/**
 * Of this owner.
 */
owner?: OwnerId | null, 
/**
 * Of this partner.
 */
partner?: PartnerId | null, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Deals wanted, at most 200; 0 means 50.
 */
limit: number, };

export type MendRow = { 
/**
 * The deal.
 */
row: DealRow, 
/**
 * Its owner, by name.
 */
owner: string | null, 
/**
 * What is missing or too old, hard ones first.
 */
mend: Array<MendField>, };

export type MergeAnswer = "keep_mine" | "take_theirs" | "edit" | "keep_note";

export type MergeField = { 
/**
 * The CRM's property; names the field when answering.
 */
property: string, 
/**
 * Our name of it, where it has one.
 */
field: Field | null, 
/**
 * Label.
 */
label: string, 
/**
 * Was, for reading.
 */
base: string | null, 
/**
 * Yours, for reading.
 */
mine: string | null, 
/**
 * Theirs, for reading.
 */
theirs: string | null, 
/**
 * Yours as stored.
 */
mine_raw: string, 
/**
 * Theirs as stored.
 */
theirs_raw: string, 
/**
 * Who set theirs, where the CRM says.
 */
their_who: string | null, 
/**
 * When theirs was set, where the CRM says.
 */
their_when: string | null, 
/**
 * A condition of the decision, not something that it writes.
 */
guard: boolean, 
/**
 * What it holds, for editing.
 */
holds: Holds, 
/**
 * Choices, for lists.
 */
options: Array<Choice>, };

export type MergeKind = "changed" | "guard" | "archived" | "merged" | "missing" | "unclear";

export type MergeResolved = { 
/**
 * Merge conflicts answered.
 */
answered: number, 
/**
 * What happens now, in a sentence.
 */
text: string, };

export type MergeRow = { 
/**
 * The op.
 */
op: OpId, 
/**
 * Its decision.
 */
decision: DecisionId, 
/**
 * What was decided.
 */
title: string, 
/**
 * The record.
 */
record: AboutRecord, 
/**
 * Why a person is needed.
 */
kind: MergeKind, 
/**
 * The same in the words of what was seen.
 */
text: string, 
/**
 * The fields that differ; where the record is gone, everything that was typed.
 */
fields: Array<MergeField>, 
/**
 * When yours was decided.
 */
mine_at: string, 
/**
 * Who decided it.
 */
mine_by: string, 
/**
 * The computer that it was decided on.
 */
device: string, 
/**
 * When the difference was seen.
 */
seen_at: string, 
/**
 * How many others have the same fields with the same three values.
 */
same_as: number, 
/**
 * The answers that are possible.
 */
answers: Array<MergeAnswer>, };

export type MergeValue = { 
/**
 * The CRM's property.
 */
property: string, 
/**
 * New raw value; absent clears.
 */
value?: string | null, };

export type MessageDraft = { 
/**
 * The recipient's name.
 */
to: string, 
/**
 * The recipient's address, where known.
 */
address: string | null, 
/**
 * Subject.
 */
subject: string, 
/**
 * Text.
 */
text: string, };

export type MessageRow = { 
/**
 * Number.
 */
id: string, 
/**
 * The decision it waits for.
 */
decision: DecisionId, 
/**
 * To whom.
 */
to: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Text.
 */
text: string, 
/**
 * Released: the decision has landed.
 */
released: boolean, 
/**
 * Withdrawn with its decision.
 */
withdrawn: boolean, };

export type Metric = { 
/**
 * The number; absent when nothing can be said.
 */
value: string | null, 
/**
 * The same a quarter before; absent for what is only known of now.
 */
before: string | null, 
/**
 * The same a year before.
 */
year_ago: string | null, 
/**
 * Of business without a partner, where that can be compared.
 */
direct: string | null, 
/**
 * Records that have what it is counted from.
 */
known: number, 
/**
 * Records that should.
 */
of: number, 
/**
 * The least and the most it could be if what is missing went either way (B13); absent when nothing is missing or no
 * bound can be told.
 */
range: [string, string] | null, 
/**
 * The deals that it is counted from, as the list of deals is asked.
 */
records: DealFilter | null, };

export type MetricBy = "motion" | "partner" | "tier" | "type" | "region" | "owner" | "quarter";

export type MetricDefinition = { 
/**
 * Stable name, e.g. `win_rate`.
 */
id: string, 
/**
 * Rule id, e.g. `K-03`.
 */
rule: string, 
/**
 * Name.
 */
name: string, 
/**
 * How it is counted, in a sentence.
 */
definition: string, 
/**
 * What it counts in.
 */
unit: MetricUnit, 
/**
 * What it belongs to.
 */
topic: MetricTopic, 
/**
 * What it can be laid out by: what it is counted from has nothing else.
 */
by: Array<MetricBy>, };

export type MetricGroup = { 
/**
 * Word or id; empty for what has none.
 */
key: string, 
/**
 * What a person reads.
 */
label: string, 
/**
 * In the order of the definitions.
 */
metrics: Array<Metric>, };

export type MetricGroupKey = { 
/**
 * By what.
 */
by: MetricBy, 
/**
 * Word or id; empty for what has none.
 */
key: string, };

export type MetricRecord = { 
/**
 * What opens: a deal, a registration, a partner, a channel conflict; of a customer its deals.
 */
opens: MetricRecordKind, 
/**
 * Which.
 */
id: string, 
/**
 * Its name.
 */
title: string, 
/**
 * What else is told of it.
 */
note: string, 
/**
 * The day that it is counted by.
 */
on: string | null, 
/**
 * Its amount.
 */
amount: Money | null, };

export type MetricRecordKind = "deal" | "registration" | "partner" | "conflict" | "customer";

export type MetricRecords = { 
/**
 * The number's name.
 */
name: string, 
/**
 * At most 200 of them.
 */
rows: Array<MetricRecord>, 
/**
 * There are more than are shown.
 */
more: boolean, };

export type MetricRecordsQuery = { 
/**
 * The number.
 */
id: string, 
/**
 * Of this quarter; of the running one when absent.
 */
quarter?: Quarter | null, 
/**
 * Of one group of those that numbers are laid out by; of the whole program when absent.
 */
group?: MetricGroupKey | null, };

export type MetricTopic = "revenue" | "pipeline" | "winning" | "registrations" | "partners" | "enablement" | "customers" | "conflicts";

export type MetricUnit = "money" | "percent" | "points" | "days" | "hours" | "count" | "ratio" | "score";

export type MetricsQuery = { 
/**
 * Of this quarter; of the running one when absent.
 */
quarter?: Quarter | null, 
/**
 * Laid out by this; the whole program alone when absent.
 */
by?: MetricBy | null, 
/**
 * Groups wanted, largest revenue and pipeline first, at most 500; 0 means 50.
 */
limit: number, };

export type MetricsReport = { 
/**
 * When they were counted.
 */
now: string, 
/**
 * The quarter.
 */
quarter: Quarter, 
/**
 * The account's own currency, which all money is in.
 */
currency: Currency, 
/**
 * Which pipelines and which money count (K-19).
 */
counts: string, 
/**
 * What each number is, in the order of all lists of values.
 */
definitions: Array<MetricDefinition>, 
/**
 * The whole program.
 */
program: Array<Metric>, 
/**
 * The groups that were asked for.
 */
groups: Array<MetricGroup>, 
/**
 * Groups that are not shown.
 */
more: number, 
/**
 * Six quarters, the last of them the one asked for.
 */
trend: Array<QuarterNumbers>, 
/**
 * Why registrations were declined in the quarter, most frequent first (R-12).
 */
declines: Array<DeclineCount>, 
/**
 * Changes that the CRM does not have yet; the numbers count them.
 */
pending: number, };

export type MetricsWritten = { 
/**
 * Where; absent when no place was chosen.
 */
file: string | null, 
/**
 * Rows in it.
 */
rows: number, };

export type Minutes = { 
/**
 * Which review.
 */
review: ReviewId, 
/**
 * Markdown.
 */
markdown: string, 
/**
 * Decisions queued for the CRM.
 */
queued: number, 
/**
 * Decisions of this review that have landed there, whole.
 */
landed: number, 
/**
 * Decisions of this review that wait, or wait for you.
 */
waiting: number, };

export type Money = { 
/**
 * Exact amount, e.g. `"1234.50"`.
 */
amount: string, 
/**
 * ISO code.
 */
currency: Currency, };

export type Motion = "referral" | "reseller" | "marketplace" | "services" | "tech";

export type MoveKind = "new" | "reopened" | "came_in" | "amount_up" | "amount_down" | "went_out" | "won" | "lost" | "gone" | "advanced" | "went_back" | "partner_changed" | "slipped" | "pulled_in" | "reverted";

export type MovedDeal = { 
/**
 * Which.
 */
id: DealId, 
/**
 * Deal name.
 */
name: string, 
/**
 * Partner name.
 */
partner: string | null, 
/**
 * Everything that it did.
 */
kinds: Array<MoveKind>, 
/**
 * What this move adds, with its sign; absent for moves without money.
 */
amount: Money | null, 
/**
 * From what to what, in words: `USD 10,000 to USD 12,000`, `2 Oct 2026 to 30 Nov 2026`.
 */
what: string, 
/**
 * As it stood then; absent when it was not known.
 */
then: DealStood | null, 
/**
 * As it stands now; absent when it is gone.
 */
now: DealStood | null, 
/**
 * Every change in between, also those that were taken back, latest first, with who and when (B8).
 */
changes: Array<Movement>, 
/**
 * It is in the program's list of deals, so that it can be opened.
 */
known: boolean, };

export type MovedFact = { 
/**
 * Stable name, e.g. `deal:4711`.
 */
name: string, 
/**
 * What it is, for reading.
 */
label: string, 
/**
 * When it was decided; absent when there was nothing.
 */
before: string | null, 
/**
 * Now; absent when there is nothing any more.
 */
after: string | null, };

export type MovedSince = { 
/**
 * From this moment on.
 */
since: string, };

export type Movement = { 
/**
 * Which field.
 */
field: Field, 
/**
 * Before, for reading.
 */
before: string | null, 
/**
 * After, for reading.
 */
after: string | null, 
/**
 * When it was seen (or made here).
 */
at: string, 
/**
 * Who, as far as known.
 */
by: string | null, 
/**
 * Made here (true) or seen in the CRM (false).
 */
ours: boolean, };

export type MovementGroup = { 
/**
 * What they did.
 */
kind: MoveKind, 
/**
 * How many.
 */
count: number, 
/**
 * What that came to, per currency, with its sign; empty for moves without money.
 */
sums: Array<Money>, 
/**
 * The first two hundred, largest first.
 */
deals: Array<MovedDeal>, };

export type MovementQuery = { 
/**
 * Up to the start of this review, from the start of the one before; from the start of the last one until
 * now when absent.
 */
review?: ReviewId | null, };

export type Need = "hard" | "advised" | "free";

export type NextCall = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Name.
 */
name: string, 
/**
 * Why.
 */
why: string, };

export type NextSla = { 
/**
 * Registration.
 */
registration: RegistrationId, 
/**
 * Company.
 */
company: string, 
/**
 * Due.
 */
due: string, };

export type Nothing = Record<symbol, never>;

export type NoticeAbout = "overwrote" | "changed_after" | "repeated";

export type NoticeRef = { 
/**
 * Its number.
 */
id: number, };

export type NoticeRow = { 
/**
 * Number.
 */
id: number, 
/**
 * What it tells.
 */
about: NoticeAbout, 
/**
 * The same in a sentence.
 */
text: string, 
/**
 * The op.
 */
op: OpId, 
/**
 * Its decision.
 */
decision: DecisionId, 
/**
 * What was decided.
 */
title: string, 
/**
 * The record.
 */
record: AboutRecord, 
/**
 * The field's label, where it is about one.
 */
label: string | null, 
/**
 * The other's value, for reading.
 */
theirs: string | null, 
/**
 * Yours, for reading.
 */
mine: string | null, 
/**
 * Who set theirs, where the CRM says.
 */
by: string | null, 
/**
 * When theirs was set, where the CRM says.
 */
theirs_at: string | null, 
/**
 * When it was noticed.
 */
at: string, 
/**
 * The other's value can be written back.
 */
can_restore: boolean, };

export type ObjectKind = "company" | "registration" | "deal" | "certification" | "contact" | "task" | "note" | "meeting" | "call" | "email";

export type OfQuarter = { 
/**
 * Which.
 */
quarter?: Quarter | null, };

export type OpAnswer = "retry" | "withdraw" | "keep_mine" | "take_theirs";

export type OpId = string;

export type OpState = "queued" | "blocked" | "sending" | "unknown" | "acked" | "done" | "conflict" | "rejected" | "superseded" | "withdrawn";

export type OpenAppeal = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * What the partner says.
 */
text: string, 
/**
 * With which evidence.
 */
proofs: Array<Proof>, 
/**
 * Who at the partner.
 */
by?: string | null, 
/**
 * Why, when the window is over or the evidence is not of the policy's kinds.
 */
override_reason?: string | null, };

export type OpenWorkspace = { 
/**
 * Which.
 */
workspace: WorkspaceId, };

export type OpenedImport = { 
/**
 * The import; absent when no file was chosen.
 */
import: Import | null, };

export type OutboxField = { 
/**
 * Label.
 */
label: string, 
/**
 * Was.
 */
base: string | null, 
/**
 * Wanted.
 */
mine: string | null, 
/**
 * The CRM's, as last seen.
 */
theirs: string | null, 
/**
 * How it can be corrected, once the CRM has refused the op.
 */
edit?: Correction, };

export type OutboxRow = { 
/**
 * Op.
 */
id: OpId, 
/**
 * The decision it belongs to.
 */
decision: DecisionId, 
/**
 * The decision's title.
 */
title: string, 
/**
 * What this op does, for people: "Deal: stage, amount".
 */
what: string, 
/**
 * Kind of record.
 */
object: ObjectKind, 
/**
 * Record id.
 */
record: string, 
/**
 * State.
 */
state: OpState, 
/**
 * The state as a sentence with its time: "Confirmed in HubSpot 14:03".
 */
text: string, 
/**
 * Requests made.
 */
attempt: number, 
/**
 * Saved here.
 */
made_at: string, 
/**
 * The first of the two clocks: when its decision was taken (B5).
 */
decided_at?: string, 
/**
 * The second: when the CRM had it.
 */
landed_at?: string, 
/**
 * Next check or attempt.
 */
next_at: string | null, 
/**
 * The changes that must be in the CRM first.
 */
depends_on: Array<OpId>, 
/**
 * Its decision is held back until a person has looked at the facts that moved.
 */
held?: boolean, 
/**
 * Fields with what was, what is wanted, what the CRM has.
 */
fields: Array<OutboxField>, 
/**
 * What was seen.
 */
evidence: Array<Evidence>, 
/**
 * Can be tried again.
 */
can_retry: boolean, 
/**
 * Can be taken back.
 */
can_withdraw: boolean, };

export type Outcome = "open" | "won" | "lost";

export type Owed = { 
/**
 * What.
 */
text: string, 
/**
 * Since when or until when.
 */
due: string | null, 
/**
 * Already late.
 */
late: boolean, 
/**
 * The registration or deal it is about.
 */
registration: RegistrationId | null, 
/**
 * The deal it is about.
 */
deal: DealId | null, };

export type Owner = { 
/**
 * The CRM's owner id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * E-mail.
 */
email: string, };

export type OwnerId = string;

export type PackBatch = { 
/**
 * Quarter.
 */
quarter: Quarter, 
/**
 * Edition.
 */
edition: Edition, 
/**
 * Formats.
 */
formats: Array<PackFormat>, 
/**
 * The one-page status of each partner in place of its pack; always partner-safe, a PDF.
 */
status: boolean, };

export type PackBatchDone = { 
/**
 * Folder.
 */
folder: string, 
/**
 * The page that lists what is in it.
 */
index: string, 
/**
 * Partners whose files were written.
 */
made: number, 
/**
 * Partners whose files were there already.
 */
kept: number, 
/**
 * It was told to stop; started again, it goes on.
 */
cancelled: boolean, 
/**
 * Partners that have none.
 */
failed: Array<PackMissed>, };

export type PackBet = { 
/**
 * What.
 */
text: string, 
/**
 * How it is known to have paid.
 */
measure?: string | null, 
/**
 * Who.
 */
owner?: string | null, 
/**
 * By when.
 */
due?: string | null, };

export type PackChange = { 
/**
 * Section.
 */
key: string, 
/**
 * Its finding then; absent when it was not there.
 */
before: string | null, 
/**
 * Its finding now; absent when it is gone.
 */
now: string | null, };

export type PackFile = { 
/**
 * Path as chosen by the person.
 */
path: string, 
/**
 * Format.
 */
format: PackFormat, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * SHA-256, hex.
 */
sha256: string, };

export type PackFormat = "pptx" | "pdf" | "xlsx" | "html";

export type PackLook = { 
/**
 * What was chosen of it.
 */
chosen: SaveLook, 
/**
 * First colour, `#` and six digits.
 */
accent: string, 
/**
 * Second colour.
 */
second: string, 
/**
 * The logo.
 */
logo: Logo | null, };

export type PackMade = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Partner name.
 */
partner_name: string, 
/**
 * Quarter.
 */
quarter: Quarter, 
/**
 * Edition.
 */
edition: Edition, 
/**
 * When.
 */
at: string, 
/**
 * Files, each with its size and SHA-256.
 */
files: Array<PackFile>, 
/**
 * What it said; packs made by older versions do not know.
 */
sections: Array<PackSection>, };

export type PackMissed = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Its name.
 */
partner_name: string, 
/**
 * Why.
 */
why: string, };

export type PackPreview = { 
/**
 * Partner name.
 */
partner: string, 
/**
 * Quarter.
 */
quarter: Quarter, 
/**
 * Edition.
 */
edition: Edition, 
/**
 * As of.
 */
as_of: string, 
/**
 * Sections with the finding each one states and how many rows it has.
 */
sections: Array<PackSection>, 
/**
 * Fields that the safelist leaves out of this edition.
 */
withheld: Array<string>, 
/**
 * Changes not yet in the CRM when it is made.
 */
pending: number, 
/**
 * Merge conflicts when it is made.
 */
merge_conflicts: number, 
/**
 * When the pack before was made: same partner, same edition.
 */
since: string | null, 
/**
 * What reads otherwise than in that one.
 */
changes: Array<PackChange>, };

export type PackQuote = { 
/**
 * The words.
 */
text: string, 
/**
 * Whose.
 */
said_by?: string | null, };

export type PackRef = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Quarter.
 */
quarter: Quarter, };

export type PackRequest = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Quarter.
 */
quarter: Quarter, 
/**
 * Edition.
 */
edition: Edition, 
/**
 * Formats.
 */
formats: Array<PackFormat>, };

export type PackSection = { 
/**
 * Stable key.
 */
key: string, 
/**
 * The finding with its number.
 */
title: string, 
/**
 * Rows or points in it.
 */
rows: number, };

export type PackStep = { 
/**
 * In so many days it is done: 30, 60 or 90.
 */
within: number, 
/**
 * What.
 */
text: string, 
/**
 * Who.
 */
owner?: string | null, 
/**
 * By when, where that is said.
 */
due?: string | null, };

export type PackWords = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Quarter.
 */
quarter: Quarter, 
/**
 * What went well, in place of what is counted; at most three.
 */
wins: Array<string>, 
/**
 * What needs care, likewise.
 */
problems: Array<string>, 
/**
 * What is asked, likewise.
 */
asks: Array<string>, 
/**
 * Bets of the next quarter; at most eight.
 */
bets: Array<PackBet>, 
/**
 * What customers said; at most eight.
 */
quotes: Array<PackQuote>, 
/**
 * Steps of the 30/60/90 plan; at most nine.
 */
plan: Array<PackStep>, 
/**
 * What could go wrong; at most four.
 */
risks: Array<string>, 
/**
 * Day of the next review.
 */
next_review?: string | null, };

export type Page<T> = { 
/**
 * The rows, in order.
 */
rows: Array<T>, 
/**
 * Opaque key to ask the next page with; absent at the end.
 */
next: string | null, 
/**
 * How many rows the filter has in all.
 */
total: number, };

export type Part = { 
/**
 * The segment or solution that this claim holds.
 */
name: string, 
/**
 * The claims that hold the other parts.
 */
with: Array<RegistrationId>, };

export type PartnerDetail = { 
/**
 * The list row.
 */
row: PartnerRow, 
/**
 * Web domain.
 */
domain: string | null, 
/**
 * Country.
 */
country: string | null, 
/**
 * Owner name.
 */
owner: string | null, 
/**
 * Motions it is allowed.
 */
motions: Array<Motion>, 
/**
 * Territories; empty means everywhere.
 */
territories: Array<string>, 
/**
 * Partner since.
 */
partner_since: string | null, 
/**
 * Won this quarter, one sum per currency.
 */
won_quarter: Array<Money>, 
/**
 * How many won this quarter.
 */
won_quarter_count: number, 
/**
 * Won in the last four quarters, one sum per currency.
 */
won_year: Array<Money>, 
/**
 * Average hygiene of its open deals, 0 to 100.
 */
hygiene: number, 
/**
 * Certificates, ending first.
 */
certifications: Array<Certification>, 
/**
 * Open deals, closing first (at most 50).
 */
deals: Array<DealRow>, 
/**
 * Registrations, latest first (at most 50).
 */
registrations: Array<InboxRow>, 
/**
 * Latest first (at most 50).
 */
touches: Array<Touch>, 
/**
 * Where to see it in the CRM.
 */
crm_url: string | null, };

export type PartnerEngagement = { 
/**
 * Which.
 */
partner: PartnerId, 
/**
 * Name.
 */
name: string, 
/**
 * Meetings, calls, e-mails and notes in the quarter.
 */
touches: number, 
/**
 * The same in the quarter before.
 */
before: number, 
/**
 * The last of the quarter, or of the one before.
 */
last: string | null, 
/**
 * Open deals with it.
 */
open: number, 
/**
 * Those of them on which something happened in the quarter: the partner is engaged beside the seller (M-13).
 */
engaged: number, };

export type PartnerId = string;

export type PartnerReply = { 
/**
 * When it came.
 */
at: string, 
/**
 * What was asked.
 */
question: string | null, 
/**
 * What the partner says.
 */
text: string, 
/**
 * Since when the clock was paused.
 */
asked_at: string | null, };

export type PartnerRole = "source" | "resale" | "services" | "technology" | "marketplace" | "support";

export type PartnerRow = { 
/**
 * Partner.
 */
id: PartnerId, 
/**
 * Name.
 */
name: string, 
/**
 * Type.
 */
partner_type: PartnerType | null, 
/**
 * Tier.
 */
tier: Tier | null, 
/**
 * What the policy calls it.
 */
tier_name?: string, 
/**
 * Lifecycle.
 */
status: PartnerStatus | null, 
/**
 * Open deals.
 */
open_deals: number, 
/**
 * Their sums, one per currency, the account's own currency first.
 */
open_amounts: Array<Money>, 
/**
 * Registrations waiting for a decision.
 */
open_registrations: number, 
/**
 * Valid certificates.
 */
certified: number, 
/**
 * Certificates that end within 30 days (S-11).
 */
expiring: number, 
/**
 * Latest touch.
 */
last_touch: string | null, };

export type PartnerSort = "name" | "tier" | "open_amount" | "last_touch";

export type PartnerStatus = "prospect" | "onboarding" | "active" | "at_risk" | "offboarding" | "ended";

export type PartnerType = "referral" | "reseller" | "distributor" | "marketplace" | "si" | "msp" | "isv" | "agency" | "affiliate";

export type PartnersQuery = { 
/**
 * Of this type.
 */
partner_type?: PartnerType | null, 
/**
 * Of this tier.
 */
tier?: Tier | null, 
/**
 * In this status.
 */
status?: PartnerStatus | null, 
/**
 * Words in the name.
 */
text?: string | null, 
/**
 * Sorted by.
 */
sort: PartnerSort, 
/**
 * Which way.
 */
direction: Direction, 
/**
 * Key of the page before.
 */
after?: string | null, 
/**
 * Rows wanted, at most 500; 0 means 100.
 */
limit: number, };

export type Party = { 
/**
 * The partner; direct sales when absent.
 */
partner?: PartnerId | null, 
/**
 * Its name.
 */
name: string, };

export type PartyCapacity = { 
/**
 * Whose: a party's key.
 */
party: string, 
/**
 * Protections in use.
 */
held: number, 
/**
 * The policy's limit, where it sets one.
 */
limit?: number | null, 
/**
 * There is no room for one more: an award needs a reason.
 */
full: boolean, 
/**
 * The same in words.
 */
text: string, };

export type PartyEvidence = { 
/**
 * Number here; absent for what is read from the CRM's activities.
 */
id?: number | null, 
/**
 * Whose: a party's key.
 */
party: string, 
/**
 * What it is.
 */
kind: ProofKind, 
/**
 * The day that it shows.
 */
day: string, 
/**
 * What it says.
 */
text: string, 
/**
 * Where it comes from: a person, or a record of the CRM.
 */
source: string, };

export type PartyShare = { 
/**
 * Whose: a party's key (a partner's id, or `direct`).
 */
party: string, 
/**
 * Its share in whole points.
 */
pct: number, 
/**
 * What it does on the deal; needed for joint roles.
 */
role?: PartnerRole | null, };

export type PassDone = { 
/**
 * All accounts were judged, not only those that changed.
 */
full: boolean, 
/**
 * Accounts judged, with their duplicates and group counted as one.
 */
judged: number, 
/**
 * New findings.
 */
raised: number, 
/**
 * Findings whose facts have changed.
 */
changed: number, 
/**
 * Findings whose facts are gone.
 */
ended: number, 
/**
 * Settled or dismissed ones whose facts have changed.
 */
reopened: number, 
/**
 * Verdicts that moved.
 */
turned: number, 
/**
 * It was stopped before the end; the rest waits for the next pass.
 */
cancelled: boolean, };

export type PasteImport = { 
/**
 * The text.
 */
text: string, };

export type Phase = "none" | "locked" | "connected" | "ready";

export type PipelineCounts = { 
/**
 * Pipeline id.
 */
id: string, 
/**
 * Counts.
 */
counts: boolean, };

export type PipelineMapping = { 
/**
 * The CRM's pipeline id.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * Whether its deals count.
 */
counts: boolean, 
/**
 * The motion that all its deals have; absent when each deal says so itself.
 */
motion: Motion | null, 
/**
 * Its stages in order.
 */
stages: Array<StageMapping>, };

export type PipelineTotal = { 
/**
 * Motion; absent for deals that have none.
 */
motion: Motion | null, 
/**
 * Sum of the deals' amounts.
 */
amount: Money, 
/**
 * How many deals.
 */
deals: number, };

export type PlanConflict = { 
/**
 * Which.
 */
conflict: string, 
/**
 * The plan.
 */
text: string, 
/**
 * By when.
 */
due?: string | null, };

export type PlanItem = { 
/**
 * Which milestone.
 */
id: string, 
/**
 * What is to be done.
 */
text: string, 
/**
 * Who owes it.
 */
side: PlanSide, 
/**
 * Who does it, by name.
 */
owner: string | null, 
/**
 * By when.
 */
due: string | null, 
/**
 * Done on this day.
 */
done: string | null, 
/**
 * What shows that.
 */
proof: Proof | null, 
/**
 * What endangers it.
 */
risk: string | null, 
/**
 * It is no part of the plan any more.
 */
dropped: boolean, 
/**
 * Who said so.
 */
by: string, 
/**
 * When.
 */
at: string, };

export type PlanRow = { 
/**
 * The milestone.
 */
item: PlanItem, 
/**
 * How it stands.
 */
state: PlanState, };

export type PlanSide = "we" | "partner" | "customer";

export type PlanState = "overdue" | "open" | "done";

export type Points = { 
/**
 * For what.
 */
text: string, 
/**
 * How many.
 */
points: number, };

export type PolicyChange = { 
/**
 * Where it stands in the file.
 */
key: string, 
/**
 * What it is, in words.
 */
label: string, 
/**
 * Was; absent when it was not there.
 */
before?: string | null, 
/**
 * Is; absent when it is not there any more.
 */
after?: string | null, };

export type PolicyChecked = { 
/**
 * The file that it is.
 */
text: string, 
/**
 * Everything that is wrong with it; it can be saved when there is nothing.
 */
problems: Array<PolicyProblem>, 
/**
 * What it changes in the version in force; empty while it has problems.
 */
changes: Array<PolicyChange>, };

export type PolicyDraft = { 
/**
 * The whole file.
 */
text?: string | null, 
/**
 * The version that it starts from when there is no text; the one in force when absent.
 */
version?: number | null, 
/**
 * Settings that are changed in it; comments are kept.
 */
changes: Array<SetSetting>, };

export type PolicyFile = { 
/**
 * Where.
 */
path: string, 
/**
 * Form.
 */
format: PolicyFormat, 
/**
 * Size.
 */
bytes: number, 
/**
 * Fingerprint.
 */
sha256: string, };

export type PolicyFormat = "markdown" | "pdf";

export type PolicyPair = { 
/**
 * The one.
 */
before: number, 
/**
 * The other.
 */
after: number, };

export type PolicyProblem = { 
/**
 * Line, from 1.
 */
line: number, 
/**
 * Column in characters, from 1.
 */
column: number, 
/**
 * What is wrong.
 */
message: string, 
/**
 * What to do.
 */
advice: string, };

export type PolicyQuery = { 
/**
 * The one in force when absent.
 */
version?: number | null, };

export type PolicyReplay = { 
/**
 * From this day on.
 */
since: string, 
/**
 * Up to this day.
 */
until: string, 
/**
 * Decisions that were judged again.
 */
judged: number, 
/**
 * Of these, how many get another verdict.
 */
flipped: number, 
/**
 * Partners for whom a verdict became an approval.
 */
helped: Array<string>, 
/**
 * Partners for whom an approval became something else.
 */
hurt: Array<string>, 
/**
 * Money under approval then, a sum for each currency.
 */
protected_before: Array<Money>, 
/**
 * Money under approval by the other policy.
 */
protected_after: Array<Money>, 
/**
 * Every decision that would differ, latest first.
 */
decisions: Array<ReplayedDecision>, 
/**
 * Channel conflicts that were judged again: settled ones of the time and those that are open now.
 */
conflicts_judged: number, 
/**
 * Verdicts on channel conflicts that would differ: open ones first, then settled ones, latest first.
 */
conflicts: Array<ReplayedConflict>, 
/**
 * Decisions that cannot be judged again, and why.
 */
unjudged: Array<UnjudgedDecision>, };

export type PolicySection = { 
/**
 * Its table in the file, e.g. `protection`.
 */
key: string, 
/**
 * Heading.
 */
title: string, 
/**
 * What it says.
 */
sentences: Array<PolicySentence>, };

export type PolicySentence = { 
/**
 * Rule id, e.g. `R-06`.
 */
rule: string, 
/**
 * The rule with its value.
 */
text: string, };

export type PolicySetting = { 
/**
 * Where it stands in the file, e.g. `protection.default_days`.
 */
key: string, 
/**
 * Rule id, e.g. `R-06`.
 */
rule: string, 
/**
 * Heading that it stands under.
 */
group: string, 
/**
 * What it is.
 */
label: string, 
/**
 * What it does, in a sentence.
 */
help: string, 
/**
 * What it is set to; absent when there is no limit.
 */
value?: SettingValue | null, 
/**
 * What the built-in policy has.
 */
built_in?: SettingValue | null, 
/**
 * How it is entered.
 */
form: SettingForm, };

export type PolicyVersion = { 
/**
 * Number.
 */
version: number, 
/**
 * First day on which it judges.
 */
effective: string, 
/**
 * Last day on which it judges; absent while no other follows, or when it never judges.
 */
until?: string | null, 
/**
 * It judges today.
 */
in_force: boolean, 
/**
 * The one that Drumbeat brings with it.
 */
built_in: boolean, 
/**
 * Saved; absent for the built-in one.
 */
saved_at?: string | null, 
/**
 * By whom.
 */
saved_by?: string | null, 
/**
 * Why.
 */
reason?: string | null, };

export type PolicyView = { 
/**
 * Number.
 */
version: number, 
/**
 * First day on which it judges.
 */
effective: string, 
/**
 * It judges today.
 */
in_force: boolean, 
/**
 * Today: a version that is saved takes effect on this day at the earliest.
 */
today: string, 
/**
 * What people change, as a form.
 */
settings: Array<PolicySetting>, 
/**
 * The whole, to be read.
 */
sections: Array<PolicySection>, 
/**
 * The file, with its comments.
 */
text: string, 
/**
 * All versions, latest first.
 */
versions: Array<PolicyVersion>, };

export type PreRead = { 
/**
 * The day of the review.
 */
day: string, 
/**
 * Markdown.
 */
markdown: string, 
/**
 * One draft for each seller who has an item, with the seller's own items first.
 */
mails: Array<ReviewMail>, };

export type PreReadRequest = { 
/**
 * Rhythm of the review that it is for.
 */
template: ReviewTemplate, 
/**
 * By motion when absent.
 */
order?: AgendaOrder | null, 
/**
 * The day of the review; the next working day when absent.
 */
day?: string | null, };

export type Present = { 
/**
 * The partner that looks on.
 */
partner: PartnerId, };

export type Presented = { 
/**
 * Whose.
 */
partner: PartnerId, 
/**
 * Its name.
 */
name: string, 
/**
 * Tier.
 */
tier: string | null, 
/**
 * The vendor's name.
 */
vendor: string, 
/**
 * The one vendor contact that a partner may see (V-01).
 */
contact: string, 
/**
 * When it was read.
 */
as_of: string, 
/**
 * Open deals, and those that closed in this quarter.
 */
deals: Array<PresentedDeal>, 
/**
 * Registrations that wait, and those that were decided in this quarter.
 */
registrations: Array<PresentedRegistration>, 
/**
 * What each side owes.
 */
owed: Array<PresentedOwed>, 
/**
 * Certificates at the partner.
 */
certificates: Array<PresentedCertificate>, 
/**
 * What the safelist leaves out, in words.
 */
withheld: Array<string>, };

export type PresentedCertificate = { 
/**
 * What it certifies.
 */
name: string | null, 
/**
 * Who holds it.
 */
holder: string | null, 
/**
 * Until.
 */
expires: string | null, };

export type PresentedDeal = { 
/**
 * Which.
 */
id: DealId, 
/**
 * Name.
 */
name: string | null, 
/**
 * Account.
 */
account: string | null, 
/**
 * Stage.
 */
stage: string, 
/**
 * 1 to 5; 0 where it is not mapped.
 */
position: number, 
/**
 * Open, won or lost.
 */
outcome: Outcome, 
/**
 * Motion.
 */
motion: Motion | null, 
/**
 * Sourced or influenced.
 */
attribution: Attribution | null, 
/**
 * Percentage credited to the partner.
 */
pct: number | null, 
/**
 * Amount.
 */
amount: Money | null, 
/**
 * Expected or actual close.
 */
close: string | null, 
/**
 * Protected until.
 */
protection_end: string | null, 
/**
 * Next step.
 */
next_step: string | null, 
/**
 * By when.
 */
next_step_due: string | null, };

export type PresentedOwed = { 
/**
 * Who owes it.
 */
side: PlanSide, 
/**
 * What.
 */
text: string, 
/**
 * By when.
 */
due: string | null, };

export type PresentedRegistration = { 
/**
 * Which.
 */
id: RegistrationId, 
/**
 * Company claimed.
 */
company: string | null, 
/**
 * State.
 */
status: RegistrationStatus, 
/**
 * Lead or deal.
 */
kind: RegistrationKind | null, 
/**
 * Submitted.
 */
submitted: string | null, 
/**
 * Decided.
 */
decided: string | null, 
/**
 * Protected until.
 */
protection_end: string | null, };

export type PreviewField = { 
/**
 * Label.
 */
label: string, 
/**
 * Was.
 */
base: string | null, 
/**
 * Wanted.
 */
mine: string | null, 
/**
 * The CRM's now.
 */
theirs: string | null, };

export type PreviewOp = { 
/**
 * Op.
 */
op: OpId, 
/**
 * Its decision.
 */
decision: DecisionId, 
/**
 * What was decided.
 */
title: string, 
/**
 * What this op does, for people.
 */
what: string, 
/**
 * The record.
 */
record: AboutRecord, 
/**
 * What would become of it.
 */
verdict: PreviewVerdict, 
/**
 * Why, in a sentence.
 */
text: string, 
/**
 * Base, mine, theirs.
 */
fields: Array<PreviewField>, 
/**
 * What the CRM is known to refuse about it.
 */
problems: Array<string>, 
/**
 * What taking it back exactly would do.
 */
undo: string, };

export type PreviewVerdict = "send" | "converged" | "refused" | "conflict" | "held" | "waits";

export type PromiseState = "kept" | "open" | "late" | "replaced" | "taken_back";

export type Promised = { 
/**
 * Account or company.
 */
title: string, 
/**
 * What it is, e.g. the partner.
 */
subtitle: string, 
/**
 * The next step.
 */
text: string, 
/**
 * Who.
 */
owner: OwnerId | null, 
/**
 * Who, by name.
 */
owner_name: string | null, 
/**
 * By when.
 */
due: string | null, 
/**
 * What became of it.
 */
state: PromiseState, 
/**
 * What became of it, in words.
 */
became: string, 
/**
 * The deal it is about.
 */
deal: DealId | null, 
/**
 * The registration it is about.
 */
registration: RegistrationId | null, 
/**
 * The partner it is about.
 */
partner: PartnerId | null, };

export type Proof = { 
/**
 * What it is.
 */
kind: ProofKind, 
/**
 * The day that it shows.
 */
day: string, 
/**
 * What it says, and where it is.
 */
text: string, };

export type ProofKind = "meeting" | "discovery" | "validation" | "proposal" | "invite" | "notes" | "first_activity" | "certificate";

export type ProtectionGroup = "appeals" | "extensions" | "holds" | "untouched" | "ending_soon" | "ended";

export type ProtectionRow = { 
/**
 * Why it is here; the gravest when there are several.
 */
group: ProtectionGroup, 
/**
 * Registration.
 */
id: RegistrationId, 
/**
 * Its number.
 */
number: string, 
/**
 * Company.
 */
company: string, 
/**
 * Partner.
 */
partner_id: PartnerId | null, 
/**
 * Partner name.
 */
partner: string | null, 
/**
 * Lead or deal.
 */
kind: RegistrationKind, 
/**
 * State.
 */
status: RegistrationStatus, 
/**
 * Amount.
 */
amount: Money | null, 
/**
 * The deal that it led to.
 */
deal: DealId | null, 
/**
 * Protection end.
 */
protection_end: string | null, 
/**
 * Days until then; negative when it has ended.
 */
days_left: number | null, 
/**
 * Days in which nothing has happened.
 */
idle_days: number | null, 
/**
 * When the partner was warned.
 */
warned_at: string | null, 
/**
 * Since when the partner waits for an answer.
 */
waits_since: string | null, 
/**
 * By when something is due.
 */
due: string | null, 
/**
 * What is to be known, in a sentence.
 */
text: string, 
/**
 * What can be done about it now.
 */
acts: Array<ActState>, };

export type ProtectionStanding = { 
/**
 * First day.
 */
start: string | null, 
/**
 * Last day.
 */
end: string, 
/**
 * Days left, from today; below zero when it has ended.
 */
left: number, 
/**
 * Fresh, or about to end or ended (F-03).
 */
state: FieldState, };

export type ProtectionsQuery = { 
/**
 * Of this group; all when absent.
 */
group?: ProtectionGroup | null, 
/**
 * Of this partner.
 */
partner?: PartnerId | null, };

export type Proven = { 
/**
 * Which, e.g. `reseller.2.demand`.
 */
key: string, 
/**
 * It holds; otherwise an earlier word is taken back.
 */
holds: boolean, 
/**
 * Who said so.
 */
by: string, 
/**
 * When.
 */
at: string, 
/**
 * What shows it.
 */
proof: Proof | null, };

export type ProvisionItem = { 
/**
 * Which object it is added to.
 */
object: ObjectKind, 
/**
 * The CRM's name for that object, as requests use it.
 */
object_name: string, 
/**
 * Name of the property.
 */
property: string, 
/**
 * Label of the property.
 */
label: string, 
/**
 * Why it is needed, in a sentence.
 */
why: string, 
/**
 * Values must be unique.
 */
unique: boolean, 
/**
 * Already there.
 */
present: boolean, };

export type ProvisionPlan = { 
/**
 * The items, also those already there.
 */
items: Array<ProvisionItem>, 
/**
 * Not yet there.
 */
missing: number, 
/**
 * Why it cannot be applied from here, when so.
 */
refused: string | null, };

export type PublishPolicy = { 
/**
 * Which version; the one in force when absent.
 */
version?: number | null, 
/**
 * In which forms.
 */
formats: Array<PolicyFormat>, };

export type PublishedPolicy = { 
/**
 * Which version.
 */
version: number, 
/**
 * The document as Markdown.
 */
text: string, 
/**
 * Files that were written.
 */
files: Array<PolicyFile>, };

export type PushPreview = { 
/**
 * When it was looked at.
 */
at: string, 
/**
 * The CRM was asked; otherwise theirs is what was read last.
 */
fresh: boolean, 
/**
 * Why the CRM was not asked, and other things to know.
 */
note: string | null, 
/**
 * Ops in the order in which they would go.
 */
ops: Array<PreviewOp>, 
/**
 * Ops that would be sent.
 */
send: number, 
/**
 * Ops that a person would have to look at.
 */
needs_you: number, 
/**
 * Ops that would wait.
 */
waits: number, };

export type Quarter = string;

export type QuarterNumbers = { 
/**
 * Which.
 */
quarter: Quarter, 
/**
 * Won with a partner that brought it.
 */
sourced: string, 
/**
 * Won with a partner that helped.
 */
influenced: string, 
/**
 * Won with a partner whose part is not told.
 */
untold: string, 
/**
 * Won without a partner.
 */
direct: string, 
/**
 * Deals won.
 */
won: number, 
/**
 * Deals lost.
 */
lost: number, };

export type QuickLog = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * The deal it is about, where it is about one.
 */
deal?: DealId | null, 
/**
 * What was said.
 */
note: string, 
/**
 * What was promised.
 */
next_step?: string | null, 
/**
 * Who does it.
 */
owner?: OwnerId | null, 
/**
 * By when.
 */
due?: string | null, };

export type RailCounts = { 
/**
 * Lines of Today that need you or are due.
 */
today: number, 
/**
 * Registrations waiting.
 */
inbox: number, 
/**
 * Of these, over the SLA.
 */
inbox_over: number, 
/**
 * Open items of a running review.
 */
review: number, 
/**
 * Open deals.
 */
deals: number, 
/**
 * Partners.
 */
partners: number, 
/**
 * Ops that need a person.
 */
activity: number, 
/**
 * Open channel conflicts, as the last pass left them.
 */
channel: ChannelCounts, };

export type Rate = { 
/**
 * One of this ...
 */
one: Currency, 
/**
 * ... is this.
 */
is: Money, 
/**
 * In force since; absent where the CRM does not date it.
 */
since: string | null, };

export type Reached = { 
/**
 * In time.
 */
in_time: number, 
/**
 * Decided in time and not there yet; the clock still runs.
 */
waiting: number, 
/**
 * Decided in time, but there only after the clock had run out, or not yet.
 */
late_sync: number, 
/**
 * Decided late.
 */
late_decision: number, };

export type Reassign = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * To whom.
 */
partner: PartnerId, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * Why, where the partner was not warned, or not long enough ago.
 */
override_reason?: string | null, 
/**
 * Message to the partner that gives way; drafted when absent.
 */
message?: string | null, };

export type Recommendation = { 
/**
 * What to do.
 */
act: Act, 
/**
 * Head line, e.g. "approve, 90 days of protection".
 */
text: string, 
/**
 * The rules that were looked at, in order.
 */
trace: Array<Clause>, 
/**
 * What would have turned it.
 */
flip: string | null, 
/**
 * Policy version that judged.
 */
policy: number, };

export type RecordLink = { 
/**
 * Kind.
 */
kind: ObjectKind, 
/**
 * Id.
 */
id: string, 
/**
 * What a person reads.
 */
label: string, };

export type RecoveredRow = { 
/**
 * Its first op; it is confirmed or discarded by this.
 */
op: OpId, 
/**
 * What was decided.
 */
title: string, 
/**
 * Who.
 */
actor: string, 
/**
 * Why.
 */
reason: string | null, 
/**
 * When.
 */
made_at: string, 
/**
 * How many ops of it are missing.
 */
ops: number, 
/**
 * It was saved once and may be in the CRM already.
 */
may_have_left: boolean, 
/**
 * What confirming it means, in a sentence.
 */
text: string, };

export type RefuseConflictAppeal = { 
/**
 * Which.
 */
conflict: string, 
/**
 * Why.
 */
reason: string, };

export type RefuseExtension = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type RegistrationDetail = { 
/**
 * The list row.
 */
row: InboxRow, 
/**
 * The claim as submitted, label and value, in order.
 */
claim: Array<ClaimLine>, 
/**
 * Submitted.
 */
submitted_at: string | null, 
/**
 * By whom.
 */
submitted_by: string | null, 
/**
 * The partner's standing.
 */
partner: PartnerRow | null, 
/**
 * Its certificates.
 */
certifications: Array<Certification>, 
/**
 * All checks: fails, then warnings, then passes.
 */
checks: Array<Check>, 
/**
 * What the policy recommends; absent once decided.
 */
recommendation: Recommendation | null, 
/**
 * Records that look like the same opportunity.
 */
similar: Array<Similar>, 
/**
 * Open deals at the account, to link instead of creating one.
 */
linkable: Array<DealRow>, 
/**
 * Who can be the seller.
 */
sellers: Array<Choice>, 
/**
 * The seller that an approval takes by default.
 */
seller: string | null, 
/**
 * Default protection in days (R-06).
 */
protection_days: number, 
/**
 * Allowed choices of protection, in days.
 */
protection_choices: Array<number>, 
/**
 * Drafted messages by act.
 */
drafts: Drafts, 
/**
 * What has happened to it, latest first.
 */
history: Array<HistoryLine>, 
/**
 * Where to see it in the CRM.
 */
crm_url: string | null, 
/**
 * Everything of R-02 beside the first decision: what can be done, appeals, extensions, meetings, routing.
 */
life?: Life, };

export type RegistrationId = string;

export type RegistrationKind = "lead" | "deal";

export type RegistrationStatus = "draft" | "submitted" | "info_requested" | "approved" | "declined" | "expired" | "withdrawn" | "converted";

export type RehearseGate = { 
/**
 * Fields that would be hard beside those of the policy.
 */
hard: Array<Field>, 
/**
 * Every criterion of the present stage would have to hold.
 */
criteria: boolean, 
/**
 * Of this motion only.
 */
motion?: Motion | null, };

export type Rehearsed = { 
/**
 * Open deals that were looked at.
 */
looked: number, 
/**
 * Of these, how many would be stopped.
 */
stopped: number, 
/**
 * How many are stopped already, by the policy in force.
 */
stopped_now: number, 
/**
 * Money in those that would be stopped, a sum for each currency.
 */
sums: Array<Money>, 
/**
 * What stops how many, most first.
 */
causes: Array<RehearsedCause>, 
/**
 * Those that would be stopped: most money for the least effort first, at most 100.
 */
rows: Array<RehearsedDeal>, 
/**
 * It was stopped before its end; what is here is of the deals looked at.
 */
cancelled: boolean, };

export type RehearsedCause = { 
/**
 * A field, or a criterion.
 */
label: string, 
/**
 * Deals that lack it.
 */
deals: number, };

export type RehearsedDeal = { 
/**
 * The deal.
 */
row: DealRow, 
/**
 * What would be missing.
 */
missing: Array<string>, };

export type RejectsWritten = { 
/**
 * Where; absent when no place was chosen.
 */
file: string | null, 
/**
 * Rows in it.
 */
rows: number, };

export type ReleaseHeld = { 
/**
 * Which.
 */
decision: DecisionId, 
/**
 * True: send it, with the facts as they are now. False: take it back.
 */
go_on: boolean, };

export type ReleaseProtection = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * Why, where the partner was not warned, or not long enough ago.
 */
override_reason?: string | null, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type RemapImport = { 
/**
 * Which.
 */
import: ImportId, 
/**
 * The whole mapping.
 */
mapping: IntakeMapping, };

export type RemoveEvidence = { 
/**
 * Which finding.
 */
conflict: string, 
/**
 * Which piece.
 */
evidence: number, };

export type Repaired = { 
/**
 * The file was damaged; nothing was done to one that is whole.
 */
damaged: boolean, 
/**
 * Where the damaged file is kept.
 */
kept: string | null, 
/**
 * Changes that are not confirmed by the CRM, all told.
 */
open: number, 
/**
 * Those of them that only the journal had.
 */
from_journal: number, 
/**
 * Those that are looked for in the CRM before anything is sent.
 */
doubted: number, 
/**
 * Kinds of rows of which not all could be read.
 */
torn: Array<string>, 
/**
 * All of it in a sentence or two.
 */
text: string, };

export type ReplayPolicy = { 
/**
 * By which.
 */
draft: PolicyDraft, 
/**
 * Decisions from this day on; a year back when absent.
 */
since?: string | null, 
/**
 * Up to this day; today when absent.
 */
until?: string | null, };

export type ReplayedConflict = { 
/**
 * Which.
 */
conflict: string, 
/**
 * The decision that settled it; absent for one that is open.
 */
decision?: DecisionId | null, 
/**
 * The account.
 */
account: string, 
/**
 * When it was settled, or found.
 */
at: string, 
/**
 * How it was settled.
 */
done?: string | null, 
/**
 * Version that judged.
 */
version: number, 
/**
 * Who stands first by that version; nobody when absent.
 */
before?: string | null, 
/**
 * Who stands first by the other policy.
 */
after?: string | null, 
/**
 * Somebody else stands first; otherwise only the clause that decides differs.
 */
flipped: boolean, 
/**
 * What decided, rule by rule.
 */
why: Array<ReplayedRule>, };

export type ReplayedDecision = { 
/**
 * Which.
 */
decision: DecisionId, 
/**
 * About which registration.
 */
registration: RegistrationId, 
/**
 * Its number.
 */
number: string, 
/**
 * Company.
 */
company: string, 
/**
 * Partner.
 */
partner?: string | null, 
/**
 * Amount.
 */
amount?: Money | null, 
/**
 * When.
 */
decided_at: string, 
/**
 * What the person did.
 */
done: Act, 
/**
 * Version that judged then.
 */
version: number, 
/**
 * What that version recommends.
 */
before: Act, 
/**
 * What the other policy recommends.
 */
after: Act, 
/**
 * The verdict is another one; otherwise only terms or a clock differ.
 */
flipped: boolean, 
/**
 * What decided, rule by rule.
 */
why: Array<ReplayedRule>, };

export type ReplayedRule = { 
/**
 * Rule id.
 */
rule: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What it came to then.
 */
before: string, 
/**
 * What it comes to by the other policy.
 */
after: string, };

export type RequestExtension = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * With which evidence of progress.
 */
proofs: Array<Proof>, 
/**
 * Who at the partner.
 */
by?: string | null, };

export type ResolveMerge = { 
/**
 * Which op.
 */
op: OpId, 
/**
 * How.
 */
answer: MergeAnswer, 
/**
 * With `edit`: the new values; fields that are not named keep yours.
 */
values: Array<MergeValue>, 
/**
 * Theirs of every field as the person saw them; when one has changed since, nothing is answered.
 */
seen?: Array<MergeValue> | null, 
/**
 * Also for the others with the same fields and the same three values.
 */
same: boolean, };

export type RestoreBackup = { 
/**
 * Which, by its name.
 */
name: string, 
/**
 * Passphrase, where the keyring does not hold the key.
 */
passphrase?: string | null, };

export type Restored = { 
/**
 * From where.
 */
file: string, 
/**
 * Where the file is that was in use before; absent when there was none.
 */
kept: string | null, 
/**
 * Ops that are looked for in the CRM before anything is sent.
 */
doubted: number, 
/**
 * Decisions that the backup does not have and that were not confirmed by the CRM: recovered from the
 * journal, they wait for a person.
 */
recovered: Array<string>, 
/**
 * Decisions that the backup does not have and that are in the CRM: the next sync reads them.
 */
landed: Array<string>, 
/**
 * Why the file in use before could not be compared, when so.
 */
unread: string | null, };

export type Review = { 
/**
 * Which.
 */
id: ReviewId, 
/**
 * Rhythm.
 */
template: ReviewTemplate, 
/**
 * Started.
 */
started_at: string, 
/**
 * Finished.
 */
finished_at: string | null, 
/**
 * The data it was built from: last sync before the start.
 */
snapshot_at: string | null, 
/**
 * Planned minutes (W-09: 30 to 45).
 */
minutes_planned: number, 
/**
 * In the room.
 */
attendees: Array<string>, 
/**
 * What the agenda goes by.
 */
order: AgendaOrder, 
/**
 * The agenda in order.
 */
items: Array<AgendaItem>, 
/**
 * What was promised in the review before, and what had become of it when this one started.
 */
promises: Array<Promised>, 
/**
 * The open pipeline of partners when it started, by motion and currency: the proof that movement adds up (W-05).
 */
pipeline: Array<PipelineTotal>, };

export type ReviewFormat = "markdown" | "pdf";

export type ReviewId = string;

export type ReviewItem = { 
/**
 * Review.
 */
review: ReviewId, 
/**
 * Item.
 */
item: ReviewItemId, };

export type ReviewItemDetail = { 
/**
 * The item.
 */
item: AgendaItem, 
/**
 * Facts in a line under the title: partner, motion, amount, close.
 */
facts: Array<Choice>, 
/**
 * Changes since the last review, latest first.
 */
since: Array<Movement>, 
/**
 * When the last review was.
 */
last_review: string | null, 
/**
 * Fields of F with their state; empty when it is not about a deal.
 */
fields: Array<DealField>, 
/**
 * The signals and their weights (W-03).
 */
signals: Array<Signal>, 
/**
 * What was promised last time, and what became of it.
 */
promised: string | null, 
/**
 * Who can own the next step.
 */
owners: Array<Choice>, 
/**
 * Default owner.
 */
owner: OwnerId | null, 
/**
 * Last day allowed for the next step (W-04).
 */
due_by: string, 
/**
 * What was logged can still be taken back: nothing of it has been sent.
 */
undoable: boolean, };

export type ReviewItemId = string;

export type ReviewMail = { 
/**
 * What it is.
 */
kind: ReviewMailKind, 
/**
 * Whom it is for.
 */
owner: OwnerId | null, 
/**
 * To, by name.
 */
to: string, 
/**
 * To, where the CRM has an address.
 */
address: string | null, 
/**
 * Subject.
 */
subject: string, 
/**
 * Text.
 */
text: string, };

export type ReviewMailKind = "pre_read" | "actions" | "minutes";

export type ReviewMovement = { 
/**
 * From the start of the review before; absent when there was none that kept its pipeline.
 */
since: string | null, 
/**
 * Up to.
 */
until: string, 
/**
 * From then to now, one for each motion and currency; the largest first.
 */
waterfalls: Array<Waterfall>, 
/**
 * Deals by what they did; only kinds that occur.
 */
groups: Array<MovementGroup>, 
/**
 * Every waterfall adds up to what was counted at both ends.
 */
adds_up: boolean, };

export type ReviewRow = { 
/**
 * Which.
 */
id: ReviewId, 
/**
 * Rhythm.
 */
template: ReviewTemplate, 
/**
 * Started.
 */
started_at: string, 
/**
 * Finished; absent while it runs.
 */
finished_at: string | null, 
/**
 * Items.
 */
items: number, 
/**
 * Items settled.
 */
settled: number, };

export type ReviewTemplate = "weekly" | "monthly" | "quarterly";

export type RowDecision = { 
/**
 * Which.
 */
id: DecisionId, 
/**
 * E.g. "approved, not sent".
 */
text: string, 
/**
 * How far it has come.
 */
status: DecisionStatus, 
/**
 * Can be taken back (nothing of it has been sent).
 */
undoable: boolean, };

export type RowRefused = { 
/**
 * Which.
 */
row: number, 
/**
 * Why.
 */
why: string, };

export type RowVerdict = "ok" | "duplicate" | "incomplete" | "rejected" | "saved";

export type Ruling = { 
/**
 * Speaks for it.
 */
grant: boolean, 
/**
 * Head line, e.g. "extend by 30 days".
 */
text: string, 
/**
 * What was looked at, fails first; each with what would turn it.
 */
checks: Array<Check>, 
/**
 * What would have turned it.
 */
flip: string | null, 
/**
 * Policy version that judged.
 */
policy: number, };

export type SaveCovers = { 
/**
 * All of them.
 */
covers: Array<Cover>, };

export type SaveImport = { 
/**
 * Which.
 */
import: ImportId, 
/**
 * These rows, also duplicates and incomplete ones; absent: every row that is ready.
 */
rows?: Array<number> | null, };

export type SaveLook = { 
/**
 * First colour, e.g. `#2F56C6`.
 */
accent?: string | null, 
/**
 * Second colour.
 */
second?: string | null, 
/**
 * Typeface of slides and pages.
 */
font?: string | null, 
/**
 * A picture that was chosen before, by its number.
 */
logo?: string | null, };

export type SaveMapping = { 
/**
 * Changed fields; an absent property unmaps.
 */
fields: Array<MappedField>, 
/**
 * Which pipelines count, by id.
 */
pipelines: Array<PipelineCounts>, 
/**
 * Who "me" is.
 */
me?: OwnerId | null, 
/**
 * Go-live day.
 */
go_live?: string | null, };

export type SaveMessage = { 
/**
 * The recipient's name.
 */
to: string, 
/**
 * The recipient's address, where known.
 */
address?: string | null, 
/**
 * Subject.
 */
subject: string, 
/**
 * Text.
 */
text: string, };

export type SavePolicy = { 
/**
 * What.
 */
draft: PolicyDraft, 
/**
 * Why.
 */
reason: string, 
/**
 * First day on which it judges; today when absent.
 */
effective?: string | null, 
/**
 * The latest version that the person has seen; refused when there is a later one by now.
 */
seen?: number | null, };

export type SaveReviewDocument = { 
/**
 * The minutes of this review; the pre-read when absent.
 */
review?: ReviewId | null, 
/**
 * Which pre-read; not looked at for minutes.
 */
pre_read?: PreReadRequest | null, 
/**
 * As what.
 */
format: ReviewFormat, };

export type SaveSettings = { 
/**
 * Colours.
 */
theme?: Theme | null, 
/**
 * Minutes until lock.
 */
lock_after?: number | null, 
/**
 * The person.
 */
me?: OwnerId | null, 
/**
 * Go-live day.
 */
go_live?: string | null, 
/**
 * Work offline on purpose.
 */
offline?: boolean | null, };

export type SaveTargets = { 
/**
 * All of them; one for a quarter and whom it is of.
 */
targets: Array<Target>, };

export type SavedFile = { 
/**
 * Where.
 */
file: string, };

export type Scope = "mine" | "team" | "unassigned";

export type ScoredBy = "motion" | "owner" | "partner";

export type SearchHit = { 
/**
 * Deal, partner (a company marked so), account or registration.
 */
kind: ObjectKind, 
/**
 * Id.
 */
id: string, 
/**
 * A partner, for companies.
 */
is_partner: boolean, 
/**
 * Name.
 */
title: string, 
/**
 * Account, partner or place.
 */
subtitle: string, };

export type SearchQuery = { 
/**
 * Words; the last may be the beginning of one.
 */
text: string, 
/**
 * At most this many; 0 means 20.
 */
limit: number, };

export type SellerAnswered = { 
/**
 * Which.
 */
conflict: string, 
/**
 * The answer.
 */
answer: string, };

export type SetPartners = { 
/**
 * Which deal.
 */
deal: DealId, 
/**
 * All of them; the first is the partner of record.
 */
partners: Array<DealPartner>, 
/**
 * Why; needed once the credit is locked (F-04).
 */
reason?: string | null, };

export type SetPlanItem = { 
/**
 * Which deal.
 */
deal: DealId, 
/**
 * Which milestone; a new one when absent.
 */
id?: string | null, 
/**
 * What is to be done.
 */
text: string, 
/**
 * Who owes it.
 */
side: PlanSide, 
/**
 * Who does it, by name.
 */
owner?: string | null, 
/**
 * By when.
 */
due?: string | null, 
/**
 * Done on this day.
 */
done?: string | null, 
/**
 * What shows that.
 */
proof?: Proof | null, 
/**
 * What endangers it.
 */
risk?: string | null, 
/**
 * Take it out of the plan.
 */
dropped: boolean, };

export type SetSetting = { 
/**
 * Where it stands in the file, e.g. `protection.default_days`.
 */
key: string, 
/**
 * What it becomes; absent takes it out of the file.
 */
value?: SettingValue | null, };

export type SettingForm = { "is": "number", 
/**
 * Least.
 */
least: number, 
/**
 * Most.
 */
most: number, 
/**
 * Unit, e.g. "days".
 */
unit: string, } | { "is": "span", 
/**
 * Units that may follow the number.
 */
units: Array<string>, } | { "is": "choice", 
/**
 * Which.
 */
choices: Array<Choice>, } | { "is": "switch" } | { "is": "list", 
/**
 * Which.
 */
choices: Array<Choice>, 
/**
 * Their order counts.
 */
ordered: boolean, };

export type SettingValue = boolean | number | string | Array<string>;

export type Settings = { 
/**
 * Colours.
 */
theme: Theme, 
/**
 * Minutes without a key until the workspace locks; 0 never.
 */
lock_after: number, 
/**
 * CRM.
 */
vendor: Vendor | null, 
/**
 * Account name.
 */
account: string | null, 
/**
 * Portal or organisation id.
 */
account_id: string | null, 
/**
 * Address of the CRM.
 */
base_url: string | null, 
/**
 * Where the key is: `keyring` or `passphrase`; `memory` for the sample.
 */
key_in: string, 
/**
 * The person.
 */
me: OwnerId | null, 
/**
 * Who can be "me".
 */
owners: Array<Owner>, 
/**
 * Go-live day (S-12).
 */
go_live: string | null, 
/**
 * In which time a registration is decided, e.g. `48 hours` (S-02).
 */
decision_within: string, 
/**
 * Default protection in days (R-06).
 */
protection_days: number, 
/**
 * Version of the program.
 */
version: string, 
/**
 * Bytes of the store on disk.
 */
store_bytes: number, 
/**
 * Folder of the workspace.
 */
folder: string, 
/**
 * Requests left today, where the CRM says.
 */
daily_left: number | null, 
/**
 * Last finished sync.
 */
last_sync: string | null, };

export type Settle = { 
/**
 * Which.
 */
conflict: string, 
/**
 * How.
 */
outcome: Settlement, 
/**
 * With an award: the party that has the account, by key.
 */
winner?: string | null, 
/**
 * With a split or joint roles: each party's part.
 */
shares: Array<PartyShare>, 
/**
 * Why; needed where the policy's rule says otherwise or says nothing.
 */
reason?: string | null, };

export type SettleOp = { 
/**
 * Which op.
 */
op: OpId, 
/**
 * Retry, withdraw, keep mine, take theirs.
 */
answer: OpAnswer, };

export type Settlement = "awarded" | "split" | "joint" | "dismissed";

export type SettlementDraft = { 
/**
 * The party that it goes to, by key.
 */
party?: string | null, 
/**
 * To whom.
 */
to: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Text.
 */
text: string, };

export type SettlementPreview = { 
/**
 * What would be done, for people.
 */
title: string, 
/**
 * As the policy's rule says.
 */
by_rule: boolean, 
/**
 * The records that would be written, in the order of their changes.
 */
records: Array<WrittenRecord>, 
/**
 * The letters, each as its own party would read it.
 */
drafts: Array<SettlementDraft>, 
/**
 * What the CRM has no place for.
 */
unmapped: Array<string>, };

export type Severity = "high" | "medium" | "low";

export type ShareContents = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Partner name.
 */
partner_name: string, 
/**
 * As of.
 */
at: string, 
/**
 * The last day on which it holds.
 */
until: string, 
/**
 * What every copy carries.
 */
mark: string, 
/**
 * Lists with how many rows each has.
 */
sections: Array<PackSection>, 
/**
 * Fields that the safelist leaves out.
 */
withheld: Array<string>, 
/**
 * Changes not yet in the CRM.
 */
pending: number, };

export type ShareFile = { 
/**
 * Path.
 */
path: string, 
/**
 * Format.
 */
format: ShareFormat, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * SHA-256, hex.
 */
sha256: string, };

export type ShareFormat = "html" | "csv" | "xlsx";

export type ShareMade = { 
/**
 * What it contains.
 */
contents: ShareContents, 
/**
 * Files, each with its size and SHA-256.
 */
files: Array<ShareFile>, };

export type ShareRequest = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Formats.
 */
formats: Array<ShareFormat>, 
/**
 * The last day on which it holds; thirty days from now when absent.
 */
expires?: string | null, };

export type ShareRow = { 
/**
 * Partner.
 */
partner: PartnerId, 
/**
 * Its name then.
 */
partner_name: string, 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
actor: string, 
/**
 * The last day on which it holds.
 */
until: string, 
/**
 * What every copy carries.
 */
mark: string, 
/**
 * Formats.
 */
formats: Array<ShareFormat>, };

export type ShareWritten = { 
/**
 * What was written; absent when the person thought better of it.
 */
made: ShareMade | null, };

export type Side = { 
/**
 * Who.
 */
party: Party, 
/**
 * Open deals, oldest first.
 */
deals: Array<SideDeal>, 
/**
 * Registrations that wait or are in force.
 */
claims: Array<RecordLink>, 
/**
 * The registration or protection that holds the account now, in words.
 */
registered?: string | null, 
/**
 * Holds the account today.
 */
incumbent: boolean, 
/**
 * Has a valid certificate; absent where it is not known or not asked of this party.
 */
certified?: boolean | null, 
/**
 * Tier in words.
 */
tier?: string | null, 
/**
 * First complete submission.
 */
first_qualified?: string | null, 
/**
 * First meeting with the customer.
 */
first_meeting?: string | null, 
/**
 * The account is kept for this party, or is a named account of direct sales.
 */
reserved: boolean, 
/**
 * The account lies in the party's territory; absent where that is not known.
 */
in_territory?: boolean | null, 
/**
 * Evidence that was added or read.
 */
evidence: Array<PartyEvidence>, };

export type SideDeal = { 
/**
 * Which.
 */
id: DealId, 
/**
 * Its name.
 */
name: string, 
/**
 * Amount.
 */
amount?: Money | null, 
/**
 * The same in the account's own currency, where it is known.
 */
home?: Money | null, 
/**
 * Stage position 1 to 5.
 */
position: number, 
/**
 * Motion.
 */
motion?: Motion | null, 
/**
 * Created.
 */
created_at?: string | null, };

export type SignIn = { 
/**
 * Which CRM.
 */
vendor: Vendor, 
/**
 * Where to sign in, when not at the vendor's own place: a company's own domain, a test organisation, a sandbox.
 */
login?: string | null, 
/**
 * Client id (consumer key) of the app that the account's admin has made.
 */
client_id: string, 
/**
 * Its secret, where the vendor wants one.
 */
client_secret?: string | null, 
/**
 * Port of this computer that the app's callback address names; any free one when absent.
 */
port?: number | null, 
/**
 * Passphrase, where there is no keyring or one is wanted.
 */
passphrase?: string | null, };

export type Signal = { 
/**
 * Rule id.
 */
rule: string, 
/**
 * Name.
 */
name: string, 
/**
 * The fact.
 */
fact: string, 
/**
 * Weight from the policy.
 */
weight: number, };

export type SignalFound = { 
/**
 * Which.
 */
signal: ChannelSignal, 
/**
 * The fact, as a sentence part.
 */
fact: string, 
/**
 * The records that it is about.
 */
records: Array<RecordLink>, };

export type Similar = { 
/**
 * Head, e.g. "LR-2026-0932, lead, expired".
 */
title: string, 
/**
 * Why it is here, e.g. "same domain".
 */
why: string, 
/**
 * Its kind and id.
 */
record: RecordLink, 
/**
 * Label, this claim's value, the other's value, whether they are the same.
 */
lines: Array<SimilarLine>, };

export type SimilarLine = { 
/**
 * Label.
 */
label: string, 
/**
 * Here.
 */
this: string | null, 
/**
 * There.
 */
other: string | null, 
/**
 * The same.
 */
same: boolean, };

export type Snooze = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Until when; takes it back when absent.
 */
until?: string | null, 
/**
 * Why.
 */
reason?: string | null, };

export type Snoozed = { 
/**
 * Until when.
 */
until: string, 
/**
 * Why.
 */
reason: string | null, };

export type SplitClaim = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * The segment or solution that it holds.
 */
part: string, 
/**
 * What the partner does.
 */
role: PartnerRole, 
/**
 * Its share in whole points.
 */
pct: number, };

export type SplitClaims = { 
/**
 * The claims with their parts; the first is the deal's partner of record.
 */
claims: Array<SplitClaim>, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * Days of protection.
 */
protection_days?: number | null, 
/**
 * The seller.
 */
seller?: OwnerId | null, 
/**
 * Link this open deal.
 */
link_deal?: DealId | null, };

export type StageChoice = { 
/**
 * CRM id: the value of the field.
 */
value: string, 
/**
 * Name in the CRM.
 */
label: string, 
/**
 * 1 to 5; 0 for one that is not mapped.
 */
position: number, 
/**
 * Open, won, lost.
 */
outcome: Outcome, };

export type StageMapping = { 
/**
 * The CRM's stage id.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * 1 to 5 on the way to the close.
 */
position: number, 
/**
 * Open, won or lost.
 */
outcome: Outcome, 
/**
 * Chance of winning in percent, as the CRM has it.
 */
probability: number, };

export type StageRole = "seller" | "partner_manager" | "sales_engineer" | "customer_success" | "finance" | "partner";

export type StageStanding = { 
/**
 * Name by the policy.
 */
name: string, 
/**
 * 1 to 5.
 */
position: number, 
/**
 * Who answers for it.
 */
role: StageRole, 
/**
 * What must hold, in one sentence.
 */
exit: string, 
/**
 * Days that a deal normally stays.
 */
days: number, 
/**
 * Days that this one has stayed; absent when nobody knows since when.
 */
stayed: number | null, };

export type StageStep = { 
/**
 * Motion; absent where deals say none.
 */
motion: Motion | null, 
/**
 * The stage that they left.
 */
stage: string, 
/**
 * Those with a partner.
 */
partner: StepNumbers, 
/**
 * Those without.
 */
direct: StepNumbers, };

export type StageSteps = { 
/**
 * Which quarter.
 */
quarter: Quarter, 
/**
 * By motion and stage, in the order of the way.
 */
stages: Array<StageStep>, };

export type Standing = { 
/**
 * The key of the party that stands first; nobody where no rule separates them.
 */
first?: string | null, 
/**
 * In words, with the clause that decided.
 */
text: string, 
/**
 * Every clause that was looked at, in order.
 */
trace: Array<Clause>, 
/**
 * Both can hold their part (R-09): joint roles are worth a look.
 */
joint: boolean, 
/**
 * Evidence or facts that would turn it, each tried by judging again (B3).
 */
turned_by: Array<string>, 
/**
 * Version of the policy that judged.
 */
policy: number, };

export type StartReview = { 
/**
 * Rhythm.
 */
template: ReviewTemplate, 
/**
 * Who is in the room.
 */
attendees: Array<string>, 
/**
 * By motion, or by seller when sellers join; by motion when absent.
 */
order?: AgendaOrder | null, };

export type Status = { 
/**
 * What can be shown.
 */
phase: Phase, 
/**
 * The open workspace.
 */
workspace: WorkspaceId | null, 
/**
 * Its name: the CRM account's.
 */
name: string, 
/**
 * CRM.
 */
vendor: Vendor | null, 
/**
 * It is the sample and leaves nothing behind.
 */
sample: boolean, 
/**
 * The clock that the window counts with.
 */
now: string, 
/**
 * The month in which the program's years begin, which a quarter's days follow from.
 */
fiscal_year_starts: number, 
/**
 * The person, by name.
 */
me: string | null, 
/**
 * The CRM answered last time.
 */
online: boolean, 
/**
 * Working offline on purpose.
 */
offline_on_purpose: boolean, 
/**
 * Why nothing can be written to the CRM, when so.
 */
read_only: string | null, 
/**
 * What the person should know about the workspace itself, when there is something.
 */
warning?: string, 
/**
 * What differs between here and the CRM though it was read again, when something does.
 */
differs?: string, 
/**
 * Last finished sync.
 */
last_sync: string | null, 
/**
 * The sync that runs.
 */
job: JobProgress | null, 
/**
 * Ops that are not in the CRM yet.
 */
pending: number, 
/**
 * Ops that need a person.
 */
merge_conflicts: number, 
/**
 * Decisions that are held back because facts have moved.
 */
held?: number, 
/**
 * Notices that nobody has put aside.
 */
notices?: number, 
/**
 * Policy version in force.
 */
policy: number, 
/**
 * The next S-02 that ends.
 */
next_sla: NextSla | null, 
/**
 * Rail counts.
 */
counts: RailCounts, };

export type StepNumbers = { 
/**
 * How many.
 */
count: number, 
/**
 * Those to a later stage or to a win, in percent.
 */
onward: string | null, 
/**
 * Average days that they had been in the stage.
 */
days: string | null, 
/**
 * Those of which that is known.
 */
timed: number, };

export type SyncOptions = { 
/**
 * Read everything again.
 */
full: boolean, 
/**
 * Do not push.
 */
pull_only: boolean, 
/**
 * Do not pull.
 */
push_only: boolean, };

export type SyncSummary = { 
/**
 * Records read.
 */
read: number, 
/**
 * Records new or changed here.
 */
changed: number, 
/**
 * Records gone from the CRM.
 */
gone: number, 
/**
 * Ops confirmed.
 */
pushed: number, 
/**
 * Ops that need a person now.
 */
needs_you: number, 
/**
 * Ops still waiting.
 */
waiting: number, 
/**
 * Decisions held back because facts have moved.
 */
held?: number, 
/**
 * Messages released.
 */
released: number, 
/**
 * Requests made.
 */
requests: number, 
/**
 * Requests repeated.
 */
retries: number, 
/**
 * Bytes read.
 */
bytes: number, 
/**
 * Seconds.
 */
seconds: number, 
/**
 * Stopped by the person; what was read is kept.
 */
cancelled: boolean, };

export type Target = { 
/**
 * Which.
 */
quarter: Quarter, 
/**
 * Of this partner alone.
 */
partner?: PartnerId | null, 
/**
 * Of this motion alone.
 */
motion?: Motion | null, 
/**
 * Bookings with partners, in the account's own currency.
 */
bookings: string, };

export type Theme = "system" | "light" | "dark";

export type Tier = "registered" | "select" | "elite";

export type TimelineEntry = { 
/**
 * When.
 */
at: string, 
/**
 * On whose side: a party's key; absent for what concerns both.
 */
party?: string | null, 
/**
 * What, in words.
 */
text: string, 
/**
 * Who.
 */
by?: string | null, 
/**
 * The record that it is in.
 */
record?: RecordLink | null, };

export type Today = { 
/**
 * The lines, in order of their block and urgency; at most 20 a block.
 */
lines: Array<TodayLine>, 
/**
 * How many each block has in all.
 */
counts: Array<BlockCount>, 
/**
 * Since when "new" counts.
 */
since: string | null, 
/**
 * A review that was started and not finished, or the last one.
 */
review: ReviewRow | null, 
/**
 * When the next weekly review is due.
 */
next_review: string | null, 
/**
 * The next partner to call: most urgent first.
 */
next_call: NextCall | null, 
/**
 * Open pipeline with partners, per currency.
 */
pipeline: Array<Money>, 
/**
 * Registrations decided inside the SLA in the last 30 days, of all decided.
 */
attainment: Attainment, };

export type TodayBlock = "needs_you" | "due" | "late" | "new";

export type TodayLine = { 
/**
 * Block.
 */
block: TodayBlock, 
/**
 * What.
 */
title: string, 
/**
 * Why it is here.
 */
text: string, 
/**
 * When it is or was due.
 */
due: string | null, 
/**
 * Where it opens: kind and id.
 */
opens: TodayTarget, 
/**
 * Amount at stake.
 */
amount: Money | null, };

export type TodayTarget = { "to": "registration", "id": string } | { "to": "deal", "id": string } | { "to": "partner", "id": string } | { "to": "conflict", "id": string } | { "to": "outbox", "id": string };

export type ToldBy = "data" | "person";

export type Touch = { 
/**
 * The CRM's id, or a local one.
 */
id: string, 
/**
 * What kind.
 */
kind: ObjectKind, 
/**
 * When it was, or when a task is due.
 */
at: string | null, 
/**
 * Title, or the first line of a note.
 */
title: string, 
/**
 * Who.
 */
owner: string | null, 
/**
 * Tasks: done.
 */
done: boolean, 
/**
 * Made here and not yet in the CRM.
 */
pending: boolean, };

export type Undo = { 
/**
 * Which.
 */
decision: DecisionId, };

export type UndoLine = { 
/**
 * The record.
 */
record: AboutRecord, 
/**
 * Label.
 */
label: string, 
/**
 * What it is now: what was written.
 */
from: string | null, 
/**
 * What it would be again.
 */
to: string | null, };

export type UndoPlan = { 
/**
 * The decision.
 */
decision: DecisionId, 
/**
 * What was decided.
 */
title: string, 
/**
 * Fields that would be put back.
 */
lines: Array<UndoLine>, 
/**
 * Records that it made and that would go into the CRM's recycle bin, each in a sentence.
 */
bins: Array<string>, 
/**
 * What would stay in the CRM, and why.
 */
stays: Array<string>, 
/**
 * Why it cannot be taken back, when so.
 */
refused: string | null, };

export type UnjudgedDecision = { 
/**
 * Which.
 */
decision: DecisionId, 
/**
 * What was done.
 */
title: string, 
/**
 * When.
 */
decided_at: string, 
/**
 * Why not.
 */
why: string, };

export type Unlock = { 
/**
 * Passphrase, where the keyring does not hold the key.
 */
passphrase?: string | null, };

export type Vendor = "hubspot" | "salesforce";

export type VerdictMoved = { 
/**
 * Which.
 */
conflict: string, 
/**
 * The account's name.
 */
account: string, 
/**
 * When.
 */
at: string, 
/**
 * From what to what, and whether by another version of the policy.
 */
text: string, 
/**
 * Somebody still has to do something about it.
 */
is_open: boolean, };

export type WarnUntouched = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type Warned = { 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: string, 
/**
 * How many days nothing had happened.
 */
idle_days: number, };

export type Waterfall = { 
/**
 * Motion; absent for deals that have none.
 */
motion: Motion | null, 
/**
 * Then, as it was counted then.
 */
then: Money, 
/**
 * Deals then.
 */
deals_then: number, 
/**
 * In order; kinds that add nothing are left out.
 */
steps: Array<WaterfallStep>, 
/**
 * Now, as it is counted now.
 */
now: Money, 
/**
 * Deals now.
 */
deals_now: number, 
/**
 * What the steps do not explain; nothing where it adds up.
 */
unexplained: Money | null, };

export type WaterfallStep = { 
/**
 * What happened.
 */
kind: MoveKind, 
/**
 * With its sign.
 */
amount: Money, 
/**
 * How many deals.
 */
deals: number, 
/**
 * Which, the first two hundred by size of their part; `groups` has what happened to each.
 */
ids: Array<DealId>, };

export type Withdraw = { 
/**
 * Which.
 */
registration: RegistrationId, 
/**
 * Who at the partner said so.
 */
by?: string | null, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * Message to the partner; drafted when absent.
 */
message?: string | null, };

export type WorkspaceId = string;

export type WorkspaceRow = { 
/**
 * Folder name.
 */
id: WorkspaceId, 
/**
 * CRM account's name.
 */
name: string, 
/**
 * CRM.
 */
vendor: Vendor, 
/**
 * Needs a passphrase (no keyring holds its key).
 */
passphrase: boolean, };

export type WrittenField = { 
/**
 * Label.
 */
label: string, 
/**
 * Was.
 */
was?: string | null, 
/**
 * Would be.
 */
now?: string | null, };

export type WrittenRecord = { 
/**
 * Which.
 */
record: RecordLink, 
/**
 * Its fields.
 */
fields: Array<WrittenField>, };

/** What a person reads for each value of the closed lists. */
export const labels = {
  AgendaOrder: { motion: "By motion", seller: "By seller" },
  AgendaSection: { promised: "Promised and not done", clocks: "Clocks breached or due", protections: "Protections expiring", conflicts: "Channel conflicts", renewals: "Renewals, no confirmed owner", deals: "Deals by motion", stalled: "Stalled deals", hygiene: "Hygiene", certifications: "Certifications", changed: "Changed since the last review" },
  MoveKind: { new: "New", reopened: "Reopened", came_in: "Came in: partner, motion or currency changed", amount_up: "Amount up", amount_down: "Amount down", went_out: "Went out: partner, motion or currency changed", won: "Won", lost: "Lost", gone: "No longer in the CRM", advanced: "Advanced", went_back: "Went back", partner_changed: "Another partner", slipped: "Slipped", pulled_in: "Pulled in", reverted: "Changed and back again" },
  PlanSide: { we: "We", partner: "The partner", customer: "The customer" },
  PlanState: { overdue: "Overdue", open: "Open", done: "Done" },
  ScoredBy: { motion: "Motion", owner: "Owner", partner: "Partner" },
  StageRole: { seller: "Seller", partner_manager: "Partner manager", sales_engineer: "Sales engineer", customer_success: "Customer success", finance: "Finance", partner: "Partner" },
  CreditClass: { sourced: "Sourced by partners", influenced: "Influenced, past its first stage", influenced_early: "Influenced, still in its first stage", unattributed: "With a partner, attribution missing", direct: "Direct" },
  FactorKind: { base: "All open deals", age: "Its age", calendar: "Its place in the quarter", record: "How earlier forecasts came out", motion: "Its motion", stage: "Its stage", time_in_stage: "Its time in the stage", age_at_stage: "Its age at that stage" },
  Forecasting: { drumbeat: "This forecast", base_rate: "The base rate", crm: "The CRM's stage probabilities", age_and_month: "Age and month of the quarter alone" },
  PromiseState: { kept: "Done", open: "Open", late: "Late", replaced: "Replaced", taken_back: "Taken back" },
  ReviewFormat: { markdown: "Markdown", pdf: "PDF" },
  ReviewMailKind: { pre_read: "Pre-read", actions: "Actions of one seller", minutes: "Minutes" },
  Answered: { waiting: "Waiting", granted: "Granted", refused: "Refused" },
  Attribution: { sourced: "Sourced", influenced: "Influenced" },
  BulkAct: { approve: "Approve", decline: "Decline", ask: "Ask", snooze: "Snooze", claim: "Claim" },
  ChannelSignal: { unusual_discount: "Unusual discount", overlapping_protection: "Overlapping price protection", duplicate_quote: "Duplicate quote", two_open_deals: "Two open deals, one account", duplicate_deal: "Duplicate deal", duplicate_account: "Duplicate account", two_claims: "Two registrations, one account", missing_partner: "Partner fields without a partner", owner_change: "Sudden owner change", complaint: "Fairness complaint", silent_after_policy: "Silent since the policy changed", slower_replies: "Slower replies", incumbent_touched: "Incumbent’s account engaged", renewal_unconfirmed: "Renewal without a confirmed owner" },
  Confidence: { stated: "As stated in the file", found: "Found in the text", unsure: "Looks like it; please check" },
  ConflictAct: { acknowledge: "Acknowledge", ask_seller: "Ask the seller", plan: "Plan", award: "Award", split: "Split", joint: "Joint roles", dismiss: "Dismiss", escalate: "Escalate", appeal: "Appeal", decide_appeal: "Decide the appeal" },
  ConflictKind: { horizontal: "Two partners", vertical: "Direct and partner", multi_channel: "Two motions", renewal: "Renewal", sign: "Early sign" },
  ConflictState: { open: "New", acknowledged: "Acknowledged", planned: "Planned", escalated: "Escalated", appealed: "Appealed", settled: "Settled", dismissed: "Dismissed", ended: "Ended by itself" },
  ConflictStatus: { none: "None", risk: "Risk", active: "Active" },
  DayOrder: { day_first: "Day first: 31/12/2026", month_first: "Month first: 12/31/2026" },
  DealSort: { close_date: "Close date", name: "Name", partner: "Partner", amount: "Amount", stage: "Stage", notes_age: "Notes", protection: "Protection", hygiene: "Hygiene" },
  DecimalMark: { point: "1,234.50", comma: "1.234,50" },
  DeclineReason: { duplicate: "Duplicate", not_qualified: "Not qualified", active_cycle: "Customer in active cycle", territory: "Territory", blocked: "Blocked", not_certified: "Not certified", incomplete: "Incomplete", other: "Other" },
  InboxGroup: { over: "Over the SLA", today: "Due today", tomorrow: "Due tomorrow", later: "Later", paused: "Paused, the partner owes an answer", decided: "Decided" },
  InboxShow: { open: "Waiting", decided: "Decided", all: "All", snoozed: "Put aside" },
  InboxSort: { time_left: "SLA time left", company: "Company", partner: "Partner", amount: "Amount", submitted: "Submitted" },
  IntakeSource: { csv: "Table", email: "E-mail", paste: "Pasted text" },
  ItemVerdict: { keep_plan: "Keep plan", change_plan: "Change plan", get_help: "Get help", let_go: "Let go", no_action: "No action" },
  Letter: { approve: "Approved", decline: "Declined", ask: "A question", appeal_stands: "The decision stands", appeal_granted: "The appeal is granted", extended: "Protection extended", extension_refused: "Extension refused", ending_soon: "Protection ends soon", untouched: "Nothing has happened", released: "Protection released", reassigned: "Given to this partner", expired: "Protection has ended", withdrawn: "Withdrawn", hold_confirmed: "The hold is confirmed", hold_lapsed: "The hold has lapsed" },
  LifeAct: { approve: "Approve", decline: "Decline", ask: "Ask", answer: "Partner's answer received", withdraw: "Withdraw for the partner", expire: "Expire", convert: "Convert to a deal registration", open_appeal: "Open an appeal", decide_appeal: "Answer the appeal", request_extension: "Extension asked for", extend: "Extend protection", refuse_extension: "Refuse the extension", warn: "Warn the partner", release: "Release", reassign: "Reassign", log_meeting: "Log the first meeting", lapse_hold: "Let the hold lapse" },
  MergeAnswer: { keep_mine: "Keep mine", take_theirs: "Take theirs", edit: "Edit", keep_note: "Keep as a note" },
  MergeKind: { changed: "Changed in the CRM meanwhile", guard: "What the decision rests on does not hold any more", archived: "The record is in the CRM's recycle bin", merged: "The record was merged into another that differs", missing: "The CRM does not show the record any more", unclear: "It may have been made, and nothing can show it" },
  Motion: { referral: "Referral", reseller: "Reseller", marketplace: "Marketplace", services: "Services", tech: "Tech" },
  NoticeAbout: { overwrote: "Overwrote a value nobody here had seen", changed_after: "Changed after yours had landed", repeated: "The CRM shows it more than once" },
  OpAnswer: { retry: "Try again", withdraw: "Take back", keep_mine: "Keep mine", take_theirs: "Take theirs" },
  LookPart: { accent: "First colour", second: "Second colour", font: "Typeface", logo: "Logo" },
  PackFormat: { pptx: "PowerPoint", pdf: "PDF", xlsx: "Excel", html: "Web page" },
  ShareFormat: { html: "Web page", csv: "Table of lines", xlsx: "Excel" },
  PolicyFormat: { markdown: "Markdown", pdf: "PDF" },
  PartnerRole: { source: "Source", resale: "Resale", services: "Services", technology: "Technology", marketplace: "Marketplace", support: "Support" },
  PartnerSort: { name: "Name", tier: "Tier", open_amount: "Open pipeline", last_touch: "Last touch" },
  PartnerStatus: { prospect: "Prospect", onboarding: "Onboarding", active: "Active", at_risk: "At risk", offboarding: "Offboarding", ended: "Ended" },
  PartnerType: { referral: "Referral", reseller: "Reseller", distributor: "Distributor", marketplace: "Marketplace", si: "SI", msp: "MSP", isv: "ISV", agency: "Agency", affiliate: "Affiliate" },
  PreviewVerdict: { send: "Would be sent", converged: "There already", refused: "The CRM would refuse it", conflict: "Would need you", held: "Held back", waits: "Waits" },
  ProofKind: { meeting: "Meeting", discovery: "Discovery", validation: "Validation", proposal: "Proposal", invite: "Meeting invite", notes: "Notes", first_activity: "First activity", certificate: "Certificate" },
  ProtectionGroup: { appeals: "Appeals waiting", extensions: "Extensions waiting", holds: "Lead holds without a first meeting", untouched: "Untouched", ending_soon: "Ending soon", ended: "Ended, not closed" },
  RegistrationKind: { lead: "Lead registration", deal: "Deal registration" },
  RegistrationStatus: { draft: "Draft", submitted: "Submitted", info_requested: "Info requested", approved: "Approved", declined: "Declined", expired: "Expired", withdrawn: "Withdrawn", converted: "Converted" },
  ReviewTemplate: { weekly: "Weekly review", monthly: "Monthly review", quarterly: "Quarterly review" },
  RowVerdict: { ok: "Ready", duplicate: "Duplicate", incomplete: "Incomplete", rejected: "Rejected", saved: "Saved" },
  Scope: { mine: "Mine", team: "Team", unassigned: "Unassigned" },
  Settlement: { awarded: "Awarded", split: "Split", joint: "Joint roles", dismissed: "Dismissed" },
  Severity: { high: "High", medium: "Medium", low: "Low" },
  Tier: { registered: "Registered", select: "Select", elite: "Elite" },
  TodayBlock: { needs_you: "Needs you", due: "Due", late: "Promised and late", new: "New since last time" },
} satisfies { AgendaOrder: Record<AgendaOrder, string>; AgendaSection: Record<AgendaSection, string>; MoveKind: Record<MoveKind, string>; PlanSide: Record<PlanSide, string>; PlanState: Record<PlanState, string>; ScoredBy: Record<ScoredBy, string>; StageRole: Record<StageRole, string>; CreditClass: Record<CreditClass, string>; FactorKind: Record<FactorKind, string>; Forecasting: Record<Forecasting, string>; PromiseState: Record<PromiseState, string>; ReviewFormat: Record<ReviewFormat, string>; ReviewMailKind: Record<ReviewMailKind, string>; Answered: Record<Answered, string>; Attribution: Record<Attribution, string>; BulkAct: Record<BulkAct, string>; ChannelSignal: Record<ChannelSignal, string>; Confidence: Record<Confidence, string>; ConflictAct: Record<ConflictAct, string>; ConflictKind: Record<ConflictKind, string>; ConflictState: Record<ConflictState, string>; ConflictStatus: Record<ConflictStatus, string>; DayOrder: Record<DayOrder, string>; DealSort: Record<DealSort, string>; DecimalMark: Record<DecimalMark, string>; DeclineReason: Record<DeclineReason, string>; InboxGroup: Record<InboxGroup, string>; InboxShow: Record<InboxShow, string>; InboxSort: Record<InboxSort, string>; IntakeSource: Record<IntakeSource, string>; ItemVerdict: Record<ItemVerdict, string>; Letter: Record<Letter, string>; LifeAct: Record<LifeAct, string>; MergeAnswer: Record<MergeAnswer, string>; MergeKind: Record<MergeKind, string>; Motion: Record<Motion, string>; NoticeAbout: Record<NoticeAbout, string>; OpAnswer: Record<OpAnswer, string>; LookPart: Record<LookPart, string>; PackFormat: Record<PackFormat, string>; ShareFormat: Record<ShareFormat, string>; PolicyFormat: Record<PolicyFormat, string>; PartnerRole: Record<PartnerRole, string>; PartnerSort: Record<PartnerSort, string>; PartnerStatus: Record<PartnerStatus, string>; PartnerType: Record<PartnerType, string>; PreviewVerdict: Record<PreviewVerdict, string>; ProofKind: Record<ProofKind, string>; ProtectionGroup: Record<ProtectionGroup, string>; RegistrationKind: Record<RegistrationKind, string>; RegistrationStatus: Record<RegistrationStatus, string>; ReviewTemplate: Record<ReviewTemplate, string>; RowVerdict: Record<RowVerdict, string>; Scope: Record<Scope, string>; Settlement: Record<Settlement, string>; Severity: Record<Severity, string>; Tier: Record<Tier, string>; TodayBlock: Record<TodayBlock, string>; };

/** Every operation: what it is and which kinds of data a query reads. */
export const operations = {
  status: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "review", "workspace"] },
  workspaces: { kind: "query", reads: ["workspace"] },
  search: { kind: "query", reads: ["deal", "partner", "registration"] },
  openWorkspace: { kind: "command", reads: [] },
  openSample: { kind: "command", reads: [] },
  lock: { kind: "command", reads: [] },
  unlock: { kind: "command", reads: [] },
  cancelJob: { kind: "command", reads: [] },
  connect: { kind: "job", reads: [] },
  signIn: { kind: "job", reads: [] },
  stopSignIn: { kind: "command", reads: [] },
  disconnect: { kind: "job", reads: [] },
  mapping: { kind: "query", reads: ["workspace"] },
  saveMapping: { kind: "command", reads: [] },
  provisionPlan: { kind: "job", reads: [] },
  provision: { kind: "job", reads: [] },
  sync: { kind: "job", reads: [] },
  settings: { kind: "query", reads: ["workspace"] },
  saveSettings: { kind: "command", reads: [] },
  doctor: { kind: "query", reads: [] },
  today: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "review"] },
  clocks: { kind: "query", reads: ["deal", "partner", "registration", "touch", "outbox", "workspace"] },
  metrics: { kind: "query", reads: ["deal", "registration", "partner", "channel_conflict", "outbox", "workspace"] },
  metricRecords: { kind: "query", reads: ["deal", "registration", "partner", "channel_conflict", "workspace"] },
  stageSteps: { kind: "query", reads: ["deal", "workspace"] },
  engagement: { kind: "query", reads: ["deal", "partner", "touch", "workspace"] },
  exportMetrics: { kind: "job", reads: [] },
  targets: { kind: "query", reads: ["workspace"] },
  saveTargets: { kind: "command", reads: [] },
  importTargets: { kind: "command", reads: [] },
  attainment: { kind: "query", reads: ["deal", "partner", "registration", "touch", "outbox", "workspace"] },
  inbox: { kind: "query", reads: ["registration", "partner", "deal", "outbox", "workspace"] },
  checkCounts: { kind: "query", reads: ["registration", "partner", "deal", "outbox", "workspace"] },
  registration: { kind: "query", reads: ["registration", "partner", "deal", "outbox", "workspace"] },
  approve: { kind: "command", reads: [] },
  decline: { kind: "command", reads: [] },
  askInfo: { kind: "command", reads: [] },
  claim: { kind: "command", reads: [] },
  undo: { kind: "command", reads: [] },
  withdraw: { kind: "command", reads: [] },
  answerInfo: { kind: "command", reads: [] },
  expire: { kind: "command", reads: [] },
  convertLead: { kind: "command", reads: [] },
  openAppeal: { kind: "command", reads: [] },
  decideAppeal: { kind: "command", reads: [] },
  requestExtension: { kind: "command", reads: [] },
  extend: { kind: "command", reads: [] },
  refuseExtension: { kind: "command", reads: [] },
  warnUntouched: { kind: "command", reads: [] },
  releaseProtection: { kind: "command", reads: [] },
  reassign: { kind: "command", reads: [] },
  logMeeting: { kind: "command", reads: [] },
  lapseHold: { kind: "command", reads: [] },
  award: { kind: "command", reads: [] },
  splitClaims: { kind: "command", reads: [] },
  protections: { kind: "query", reads: ["registration", "partner", "deal", "outbox"] },
  bulk: { kind: "command", reads: [] },
  snooze: { kind: "command", reads: [] },
  inboxViews: { kind: "query", reads: ["workspace"] },
  saveInboxView: { kind: "command", reads: [] },
  forgetInboxView: { kind: "command", reads: [] },
  covers: { kind: "query", reads: ["workspace"] },
  saveCovers: { kind: "command", reads: [] },
  messageDraft: { kind: "query", reads: ["registration", "partner", "deal"] },
  saveMessage: { kind: "command", reads: [] },
  openImport: { kind: "job", reads: [] },
  pasteImport: { kind: "job", reads: [] },
  importDraft: { kind: "query", reads: ["registration", "partner", "deal"] },
  importRows: { kind: "query", reads: ["registration", "partner", "deal"] },
  remapImport: { kind: "job", reads: [] },
  editImportRow: { kind: "command", reads: [] },
  saveImport: { kind: "job", reads: [] },
  undoImport: { kind: "command", reads: [] },
  writeRejects: { kind: "job", reads: [] },
  closeImport: { kind: "command", reads: [] },
  adminGuide: { kind: "query", reads: ["workspace"] },
  saveAdminPackage: { kind: "command", reads: [] },
  intakeForms: { kind: "job", reads: [] },
  createIntakeForms: { kind: "job", reads: [] },
  deals: { kind: "query", reads: ["deal", "partner", "outbox"] },
  dealTotals: { kind: "query", reads: ["deal", "partner", "outbox"] },
  deal: { kind: "query", reads: ["deal", "partner", "touch", "outbox"] },
  editDeal: { kind: "command", reads: [] },
  previewEdit: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "workspace"] },
  previewEdits: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "workspace"] },
  editDeals: { kind: "command", reads: [] },
  dealStanding: { kind: "query", reads: ["deal", "outbox", "workspace"] },
  setPlanItem: { kind: "command", reads: [] },
  board: { kind: "query", reads: ["deal", "workspace"] },
  mendList: { kind: "query", reads: ["deal", "workspace"] },
  rehearseGate: { kind: "job", reads: [] },
  dealViews: { kind: "query", reads: ["workspace"] },
  saveDealView: { kind: "command", reads: [] },
  forgetDealView: { kind: "command", reads: [] },
  partners: { kind: "query", reads: ["partner", "deal", "registration", "touch"] },
  partner: { kind: "query", reads: ["partner", "deal", "registration", "touch"] },
  callSheet: { kind: "query", reads: ["partner", "deal", "registration", "touch"] },
  quickLog: { kind: "command", reads: [] },
  dealPartners: { kind: "query", reads: ["deal", "partner", "outbox"] },
  setPartners: { kind: "command", reads: [] },
  addInfluence: { kind: "command", reads: [] },
  reviews: { kind: "query", reads: ["review"] },
  review: { kind: "query", reads: ["review"] },
  reviewItem: { kind: "query", reads: ["review", "deal", "registration", "partner", "outbox"] },
  minutes: { kind: "query", reads: ["review", "outbox"] },
  reviewMovement: { kind: "query", reads: ["review", "deal", "partner"] },
  preRead: { kind: "query", reads: ["review", "deal", "registration", "partner", "channel_conflict"] },
  reviewMails: { kind: "query", reads: ["review", "outbox"] },
  saveReviewDocument: { kind: "command", reads: [] },
  startReview: { kind: "command", reads: [] },
  logItem: { kind: "command", reads: [] },
  markItem: { kind: "command", reads: [] },
  undoItem: { kind: "command", reads: [] },
  clearRest: { kind: "command", reads: [] },
  finishReview: { kind: "command", reads: [] },
  conflicts: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "touch", "workspace"] },
  conflict: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "touch", "outbox", "workspace"] },
  dealConflicts: { kind: "query", reads: ["channel_conflict", "deal", "partner", "workspace"] },
  conflictsAgainst: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "touch", "outbox", "workspace"] },
  conflictViews: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "touch", "workspace"] },
  conflictFilters: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "touch", "workspace"] },
  previewSettlement: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "outbox", "workspace"] },
  verdictsMoved: { kind: "query", reads: ["channel_conflict", "deal", "partner", "registration", "touch", "workspace"] },
  conflictMeasures: { kind: "query", reads: ["channel_conflict", "deal"] },
  judgeConflicts: { kind: "job", reads: [] },
  acknowledgeConflict: { kind: "command", reads: [] },
  askSeller: { kind: "command", reads: [] },
  sellerAnswered: { kind: "command", reads: [] },
  planConflict: { kind: "command", reads: [] },
  escalateConflict: { kind: "command", reads: [] },
  settleConflict: { kind: "command", reads: [] },
  approveSettling: { kind: "command", reads: [] },
  dismissConflicts: { kind: "command", reads: [] },
  appealConflict: { kind: "command", reads: [] },
  refuseConflictAppeal: { kind: "command", reads: [] },
  addEvidence: { kind: "command", reads: [] },
  removeEvidence: { kind: "command", reads: [] },
  presented: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "workspace"] },
  present: { kind: "command", reads: [] },
  forecast: { kind: "query", reads: ["deal", "workspace"] },
  forecastDeal: { kind: "query", reads: ["deal", "workspace"] },
  learnForecast: { kind: "job", reads: [] },
  backtest: { kind: "job", reads: [] },
  packPreview: { kind: "query", reads: ["deal", "partner", "registration", "outbox"] },
  exportPack: { kind: "job", reads: [] },
  exportPacks: { kind: "job", reads: [] },
  packs: { kind: "query", reads: ["pack"] },
  packWords: { kind: "query", reads: ["workspace"] },
  savePackWords: { kind: "command", reads: [] },
  packLook: { kind: "query", reads: ["workspace"] },
  checkLook: { kind: "query", reads: [] },
  chooseLogo: { kind: "job", reads: [] },
  saveLook: { kind: "command", reads: [] },
  shareContents: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "workspace"] },
  share: { kind: "job", reads: [] },
  shares: { kind: "query", reads: ["workspace"] },
  policy: { kind: "query", reads: ["workspace"] },
  checkPolicy: { kind: "query", reads: ["workspace"] },
  policyDifference: { kind: "query", reads: ["workspace"] },
  replayPolicy: { kind: "query", reads: ["workspace", "outbox"] },
  savePolicy: { kind: "command", reads: [] },
  publishPolicy: { kind: "command", reads: [] },
  outbox: { kind: "query", reads: ["outbox"] },
  messages: { kind: "query", reads: ["outbox"] },
  settleOp: { kind: "command", reads: [] },
  merges: { kind: "query", reads: ["outbox", "deal", "registration", "partner"] },
  resolveMerge: { kind: "command", reads: [] },
  notices: { kind: "query", reads: ["outbox"] },
  putNoticeAside: { kind: "command", reads: [] },
  restoreValue: { kind: "command", reads: [] },
  held: { kind: "query", reads: ["outbox", "deal", "registration", "partner"] },
  releaseHeld: { kind: "command", reads: [] },
  previewPush: { kind: "job", reads: [] },
  undoPlan: { kind: "query", reads: ["outbox", "deal", "registration", "partner"] },
  undoPushed: { kind: "command", reads: [] },
  recovered: { kind: "query", reads: ["outbox"] },
  confirmRecovered: { kind: "command", reads: [] },
  discardRecovered: { kind: "command", reads: [] },
  repair: { kind: "command", reads: [] },
  backups: { kind: "query", reads: ["workspace"] },
  restoreBackup: { kind: "command", reads: [] },
  audit: { kind: "query", reads: ["audit"] },
  verifyAudit: { kind: "query", reads: ["audit"] },
} as const satisfies Record<string, { kind: "query" | "command" | "job"; reads: readonly Kind[] }>;

/** One typed function per operation. */
export const api = {
  status: (): Promise<Status> => call("status", {}) as Promise<Status>,
  workspaces: (): Promise<Array<WorkspaceRow>> => call("workspaces", {}) as Promise<Array<WorkspaceRow>>,
  search: (request: SearchQuery): Promise<Array<SearchHit>> => call("search", request) as Promise<Array<SearchHit>>,
  openWorkspace: (request: OpenWorkspace): Promise<Status> => call("open_workspace", request) as Promise<Status>,
  openSample: (): Promise<Status> => call("open_sample", {}) as Promise<Status>,
  lock: (): Promise<Status> => call("lock", {}) as Promise<Status>,
  unlock: (request: Unlock): Promise<Status> => call("unlock", request) as Promise<Status>,
  cancelJob: (request: JobId): Promise<Nothing> => call("cancel_job", request) as Promise<Nothing>,
  connect: (request: Connect): Promise<Connected> => call("connect", request) as Promise<Connected>,
  signIn: (request: SignIn): Promise<Connected> => call("sign_in", request) as Promise<Connected>,
  stopSignIn: (): Promise<Nothing> => call("stop_sign_in", {}) as Promise<Nothing>,
  disconnect: (): Promise<Nothing> => call("disconnect", {}) as Promise<Nothing>,
  mapping: (): Promise<MappingView> => call("mapping", {}) as Promise<MappingView>,
  saveMapping: (request: SaveMapping): Promise<MappingView> => call("save_mapping", request) as Promise<MappingView>,
  provisionPlan: (): Promise<ProvisionPlan> => call("provision_plan", {}) as Promise<ProvisionPlan>,
  provision: (): Promise<ProvisionPlan> => call("provision", {}) as Promise<ProvisionPlan>,
  sync: (request: SyncOptions): Promise<SyncSummary> => call("sync", request) as Promise<SyncSummary>,
  settings: (): Promise<Settings> => call("settings", {}) as Promise<Settings>,
  saveSettings: (request: SaveSettings): Promise<Settings> => call("save_settings", request) as Promise<Settings>,
  doctor: (): Promise<Array<Finding>> => call("doctor", {}) as Promise<Array<Finding>>,
  today: (): Promise<Today> => call("today", {}) as Promise<Today>,
  clocks: (request: ClocksQuery): Promise<ClocksPage> => call("clocks", request) as Promise<ClocksPage>,
  metrics: (request: MetricsQuery): Promise<MetricsReport> => call("metrics", request) as Promise<MetricsReport>,
  metricRecords: (request: MetricRecordsQuery): Promise<MetricRecords> => call("metric_records", request) as Promise<MetricRecords>,
  stageSteps: (request: OfQuarter): Promise<StageSteps> => call("stage_steps", request) as Promise<StageSteps>,
  engagement: (request: OfQuarter): Promise<Engagement> => call("engagement", request) as Promise<Engagement>,
  exportMetrics: (request: MetricsQuery): Promise<MetricsWritten> => call("export_metrics", request) as Promise<MetricsWritten>,
  targets: (): Promise<Array<Target>> => call("targets", {}) as Promise<Array<Target>>,
  saveTargets: (request: SaveTargets): Promise<Array<Target>> => call("save_targets", request) as Promise<Array<Target>>,
  importTargets: (request: ImportTargets): Promise<Array<Target>> => call("import_targets", request) as Promise<Array<Target>>,
  attainment: (request: AttainmentQuery): Promise<AttainmentReport> => call("attainment", request) as Promise<AttainmentReport>,
  inbox: (request: InboxQuery): Promise<Page<InboxRow>> => call("inbox", request) as Promise<Page<InboxRow>>,
  checkCounts: (request: RegistrationId): Promise<CheckCounts | null> => call("check_counts", request) as Promise<CheckCounts | null>,
  registration: (request: RegistrationId): Promise<RegistrationDetail> => call("registration", request) as Promise<RegistrationDetail>,
  approve: (request: Approve): Promise<Decided> => call("approve", request) as Promise<Decided>,
  decline: (request: Decline): Promise<Decided> => call("decline", request) as Promise<Decided>,
  askInfo: (request: AskInfo): Promise<Decided> => call("ask_info", request) as Promise<Decided>,
  claim: (request: Claim): Promise<Decided> => call("claim", request) as Promise<Decided>,
  undo: (request: Undo): Promise<Nothing> => call("undo", request) as Promise<Nothing>,
  withdraw: (request: Withdraw): Promise<Decided> => call("withdraw", request) as Promise<Decided>,
  answerInfo: (request: AnswerInfo): Promise<Decided> => call("answer_info", request) as Promise<Decided>,
  expire: (request: Expire): Promise<Decided> => call("expire", request) as Promise<Decided>,
  convertLead: (request: ConvertLead): Promise<Decided> => call("convert_lead", request) as Promise<Decided>,
  openAppeal: (request: OpenAppeal): Promise<Decided> => call("open_appeal", request) as Promise<Decided>,
  decideAppeal: (request: DecideAppeal): Promise<Decided> => call("decide_appeal", request) as Promise<Decided>,
  requestExtension: (request: RequestExtension): Promise<Decided> => call("request_extension", request) as Promise<Decided>,
  extend: (request: Extend): Promise<Decided> => call("extend", request) as Promise<Decided>,
  refuseExtension: (request: RefuseExtension): Promise<Decided> => call("refuse_extension", request) as Promise<Decided>,
  warnUntouched: (request: WarnUntouched): Promise<Decided> => call("warn_untouched", request) as Promise<Decided>,
  releaseProtection: (request: ReleaseProtection): Promise<Decided> => call("release_protection", request) as Promise<Decided>,
  reassign: (request: Reassign): Promise<Decided> => call("reassign", request) as Promise<Decided>,
  logMeeting: (request: LogMeeting): Promise<Decided> => call("log_meeting", request) as Promise<Decided>,
  lapseHold: (request: LapseHold): Promise<Decided> => call("lapse_hold", request) as Promise<Decided>,
  award: (request: Award): Promise<Decided> => call("award", request) as Promise<Decided>,
  splitClaims: (request: SplitClaims): Promise<Decided> => call("split_claims", request) as Promise<Decided>,
  protections: (request: ProtectionsQuery): Promise<Array<ProtectionRow>> => call("protections", request) as Promise<Array<ProtectionRow>>,
  bulk: (request: Bulk): Promise<BulkDone> => call("bulk", request) as Promise<BulkDone>,
  snooze: (request: Snooze): Promise<Nothing> => call("snooze", request) as Promise<Nothing>,
  inboxViews: (): Promise<Array<InboxView>> => call("inbox_views", {}) as Promise<Array<InboxView>>,
  saveInboxView: (request: InboxView): Promise<Array<InboxView>> => call("save_inbox_view", request) as Promise<Array<InboxView>>,
  forgetInboxView: (request: InboxViewRef): Promise<Array<InboxView>> => call("forget_inbox_view", request) as Promise<Array<InboxView>>,
  covers: (): Promise<Array<Cover>> => call("covers", {}) as Promise<Array<Cover>>,
  saveCovers: (request: SaveCovers): Promise<Array<Cover>> => call("save_covers", request) as Promise<Array<Cover>>,
  messageDraft: (request: DraftRequest): Promise<MessageDraft> => call("message_draft", request) as Promise<MessageDraft>,
  saveMessage: (request: SaveMessage): Promise<SavedFile> => call("save_message", request) as Promise<SavedFile>,
  openImport: (): Promise<OpenedImport> => call("open_import", {}) as Promise<OpenedImport>,
  pasteImport: (request: PasteImport): Promise<Import> => call("paste_import", request) as Promise<Import>,
  importDraft: (request: ImportId): Promise<Import> => call("import_draft", request) as Promise<Import>,
  importRows: (request: ImportRows): Promise<Page<IntakeRow>> => call("import_rows", request) as Promise<Page<IntakeRow>>,
  remapImport: (request: RemapImport): Promise<Import> => call("remap_import", request) as Promise<Import>,
  editImportRow: (request: EditImportRow): Promise<IntakeRow> => call("edit_import_row", request) as Promise<IntakeRow>,
  saveImport: (request: SaveImport): Promise<ImportSaved> => call("save_import", request) as Promise<ImportSaved>,
  undoImport: (request: ImportId): Promise<ImportUndone> => call("undo_import", request) as Promise<ImportUndone>,
  writeRejects: (request: ImportId): Promise<RejectsWritten> => call("write_rejects", request) as Promise<RejectsWritten>,
  closeImport: (request: ImportId): Promise<Nothing> => call("close_import", request) as Promise<Nothing>,
  adminGuide: (): Promise<AdminGuide> => call("admin_guide", {}) as Promise<AdminGuide>,
  saveAdminPackage: (): Promise<SavedFile> => call("save_admin_package", {}) as Promise<SavedFile>,
  intakeForms: (): Promise<IntakeForms> => call("intake_forms", {}) as Promise<IntakeForms>,
  createIntakeForms: (): Promise<IntakeForms> => call("create_intake_forms", {}) as Promise<IntakeForms>,
  deals: (request: DealsQuery): Promise<Page<DealRow>> => call("deals", request) as Promise<Page<DealRow>>,
  dealTotals: (request: DealFilter): Promise<DealTotals> => call("deal_totals", request) as Promise<DealTotals>,
  deal: (request: DealId): Promise<DealDetail> => call("deal", request) as Promise<DealDetail>,
  editDeal: (request: EditDeal): Promise<Decided> => call("edit_deal", request) as Promise<Decided>,
  previewEdit: (request: EditDeal): Promise<EditPreview> => call("preview_edit", request) as Promise<EditPreview>,
  previewEdits: (request: EditDeals): Promise<Array<EditPreview>> => call("preview_edits", request) as Promise<Array<EditPreview>>,
  editDeals: (request: EditDeals): Promise<EditsDone> => call("edit_deals", request) as Promise<EditsDone>,
  dealStanding: (request: DealId): Promise<DealStanding> => call("deal_standing", request) as Promise<DealStanding>,
  setPlanItem: (request: SetPlanItem): Promise<Decided> => call("set_plan_item", request) as Promise<Decided>,
  board: (request: BoardQuery): Promise<Board> => call("board", request) as Promise<Board>,
  mendList: (request: MendQuery): Promise<MendList> => call("mend_list", request) as Promise<MendList>,
  rehearseGate: (request: RehearseGate): Promise<Rehearsed> => call("rehearse_gate", request) as Promise<Rehearsed>,
  dealViews: (): Promise<Array<DealView>> => call("deal_views", {}) as Promise<Array<DealView>>,
  saveDealView: (request: DealView): Promise<Array<DealView>> => call("save_deal_view", request) as Promise<Array<DealView>>,
  forgetDealView: (request: DealViewRef): Promise<Array<DealView>> => call("forget_deal_view", request) as Promise<Array<DealView>>,
  partners: (request: PartnersQuery): Promise<Page<PartnerRow>> => call("partners", request) as Promise<Page<PartnerRow>>,
  partner: (request: PartnerId): Promise<PartnerDetail> => call("partner", request) as Promise<PartnerDetail>,
  callSheet: (request: PartnerId): Promise<CallSheet> => call("call_sheet", request) as Promise<CallSheet>,
  quickLog: (request: QuickLog): Promise<Decided> => call("quick_log", request) as Promise<Decided>,
  dealPartners: (request: DealId): Promise<DealPartners> => call("deal_partners", request) as Promise<DealPartners>,
  setPartners: (request: SetPartners): Promise<Decided> => call("set_partners", request) as Promise<Decided>,
  addInfluence: (request: AddInfluence): Promise<Decided> => call("add_influence", request) as Promise<Decided>,
  reviews: (): Promise<Array<ReviewRow>> => call("reviews", {}) as Promise<Array<ReviewRow>>,
  review: (request: ReviewId): Promise<Review> => call("review", request) as Promise<Review>,
  reviewItem: (request: ReviewItem): Promise<ReviewItemDetail> => call("review_item", request) as Promise<ReviewItemDetail>,
  minutes: (request: ReviewId): Promise<Minutes> => call("minutes", request) as Promise<Minutes>,
  reviewMovement: (request: MovementQuery): Promise<ReviewMovement> => call("review_movement", request) as Promise<ReviewMovement>,
  preRead: (request: PreReadRequest): Promise<PreRead> => call("pre_read", request) as Promise<PreRead>,
  reviewMails: (request: ReviewId): Promise<Array<ReviewMail>> => call("review_mails", request) as Promise<Array<ReviewMail>>,
  saveReviewDocument: (request: SaveReviewDocument): Promise<SavedFile> => call("save_review_document", request) as Promise<SavedFile>,
  startReview: (request: StartReview): Promise<Review> => call("start_review", request) as Promise<Review>,
  logItem: (request: LogItem): Promise<Review> => call("log_item", request) as Promise<Review>,
  markItem: (request: MarkItem): Promise<Review> => call("mark_item", request) as Promise<Review>,
  undoItem: (request: ReviewItem): Promise<Review> => call("undo_item", request) as Promise<Review>,
  clearRest: (request: ClearRest): Promise<Review> => call("clear_rest", request) as Promise<Review>,
  finishReview: (request: ReviewId): Promise<Minutes> => call("finish_review", request) as Promise<Minutes>,
  conflicts: (request: ConflictsQuery): Promise<Page<ConflictRow>> => call("conflicts", request) as Promise<Page<ConflictRow>>,
  conflict: (request: ConflictRef): Promise<ConflictDetail> => call("conflict", request) as Promise<ConflictDetail>,
  dealConflicts: (request: DealId): Promise<Array<ConflictRow>> => call("deal_conflicts", request) as Promise<Array<ConflictRow>>,
  conflictsAgainst: (request: RegistrationId): Promise<Array<ConflictDetail>> => call("conflicts_against", request) as Promise<Array<ConflictDetail>>,
  conflictViews: (): Promise<Array<ConflictView>> => call("conflict_views", {}) as Promise<Array<ConflictView>>,
  conflictFilters: (): Promise<ConflictFilters> => call("conflict_filters", {}) as Promise<ConflictFilters>,
  previewSettlement: (request: Settle): Promise<SettlementPreview> => call("preview_settlement", request) as Promise<SettlementPreview>,
  verdictsMoved: (request: MovedSince): Promise<Array<VerdictMoved>> => call("verdicts_moved", request) as Promise<Array<VerdictMoved>>,
  conflictMeasures: (request: MeasureConflicts): Promise<ConflictMeasures> => call("conflict_measures", request) as Promise<ConflictMeasures>,
  judgeConflicts: (): Promise<PassDone> => call("judge_conflicts", {}) as Promise<PassDone>,
  acknowledgeConflict: (request: AcknowledgeConflict): Promise<ConflictStepped> => call("acknowledge_conflict", request) as Promise<ConflictStepped>,
  askSeller: (request: AskSeller): Promise<ConflictStepped> => call("ask_seller", request) as Promise<ConflictStepped>,
  sellerAnswered: (request: SellerAnswered): Promise<ConflictStepped> => call("seller_answered", request) as Promise<ConflictStepped>,
  planConflict: (request: PlanConflict): Promise<ConflictStepped> => call("plan_conflict", request) as Promise<ConflictStepped>,
  escalateConflict: (request: EscalateConflict): Promise<ConflictStepped> => call("escalate_conflict", request) as Promise<ConflictStepped>,
  settleConflict: (request: Settle): Promise<ConflictStepped> => call("settle_conflict", request) as Promise<ConflictStepped>,
  approveSettling: (request: ApproveSettling): Promise<Decided> => call("approve_settling", request) as Promise<Decided>,
  dismissConflicts: (request: DismissConflicts): Promise<ConflictsDone> => call("dismiss_conflicts", request) as Promise<ConflictsDone>,
  appealConflict: (request: AppealConflict): Promise<ConflictStepped> => call("appeal_conflict", request) as Promise<ConflictStepped>,
  refuseConflictAppeal: (request: RefuseConflictAppeal): Promise<ConflictStepped> => call("refuse_conflict_appeal", request) as Promise<ConflictStepped>,
  addEvidence: (request: AddEvidence): Promise<ConflictStepped> => call("add_evidence", request) as Promise<ConflictStepped>,
  removeEvidence: (request: RemoveEvidence): Promise<ConflictStepped> => call("remove_evidence", request) as Promise<ConflictStepped>,
  presented: (request: Present): Promise<Presented> => call("presented", request) as Promise<Presented>,
  present: (request: Present): Promise<Presented> => call("present", request) as Promise<Presented>,
  forecast: (request: ForecastQuery): Promise<Forecast> => call("forecast", request) as Promise<Forecast>,
  forecastDeal: (request: ForecastDealQuery): Promise<DealForecast> => call("forecast_deal", request) as Promise<DealForecast>,
  learnForecast: (): Promise<ForecastLearnt> => call("learn_forecast", {}) as Promise<ForecastLearnt>,
  backtest: (request: BacktestRequest): Promise<Backtest> => call("backtest", request) as Promise<Backtest>,
  packPreview: (request: PackRequest): Promise<PackPreview> => call("pack_preview", request) as Promise<PackPreview>,
  exportPack: (request: PackRequest): Promise<PackMade> => call("export_pack", request) as Promise<PackMade>,
  exportPacks: (request: PackBatch): Promise<PackBatchDone> => call("export_packs", request) as Promise<PackBatchDone>,
  packs: (): Promise<Array<PackMade>> => call("packs", {}) as Promise<Array<PackMade>>,
  packWords: (request: PackRef): Promise<PackWords> => call("pack_words", request) as Promise<PackWords>,
  savePackWords: (request: PackWords): Promise<PackWords> => call("save_pack_words", request) as Promise<PackWords>,
  packLook: (): Promise<PackLook> => call("pack_look", {}) as Promise<PackLook>,
  checkLook: (request: SaveLook): Promise<LookChecked> => call("check_look", request) as Promise<LookChecked>,
  chooseLogo: (): Promise<LogoChosen> => call("choose_logo", {}) as Promise<LogoChosen>,
  saveLook: (request: SaveLook): Promise<PackLook> => call("save_look", request) as Promise<PackLook>,
  shareContents: (request: ShareRequest): Promise<ShareContents> => call("share_contents", request) as Promise<ShareContents>,
  share: (request: ShareRequest): Promise<ShareWritten> => call("share", request) as Promise<ShareWritten>,
  shares: (): Promise<Array<ShareRow>> => call("shares", {}) as Promise<Array<ShareRow>>,
  policy: (request: PolicyQuery): Promise<PolicyView> => call("policy", request) as Promise<PolicyView>,
  checkPolicy: (request: PolicyDraft): Promise<PolicyChecked> => call("check_policy", request) as Promise<PolicyChecked>,
  policyDifference: (request: PolicyPair): Promise<Array<PolicyChange>> => call("policy_difference", request) as Promise<Array<PolicyChange>>,
  replayPolicy: (request: ReplayPolicy): Promise<PolicyReplay> => call("replay_policy", request) as Promise<PolicyReplay>,
  savePolicy: (request: SavePolicy): Promise<PolicyView> => call("save_policy", request) as Promise<PolicyView>,
  publishPolicy: (request: PublishPolicy): Promise<PublishedPolicy> => call("publish_policy", request) as Promise<PublishedPolicy>,
  outbox: (): Promise<Array<OutboxRow>> => call("outbox", {}) as Promise<Array<OutboxRow>>,
  messages: (): Promise<Array<MessageRow>> => call("messages", {}) as Promise<Array<MessageRow>>,
  settleOp: (request: SettleOp): Promise<Nothing> => call("settle_op", request) as Promise<Nothing>,
  merges: (): Promise<Array<MergeRow>> => call("merges", {}) as Promise<Array<MergeRow>>,
  resolveMerge: (request: ResolveMerge): Promise<MergeResolved> => call("resolve_merge", request) as Promise<MergeResolved>,
  notices: (): Promise<Array<NoticeRow>> => call("notices", {}) as Promise<Array<NoticeRow>>,
  putNoticeAside: (request: NoticeRef): Promise<Nothing> => call("put_notice_aside", request) as Promise<Nothing>,
  restoreValue: (request: NoticeRef): Promise<Decided> => call("restore_value", request) as Promise<Decided>,
  held: (): Promise<Array<HeldDecision>> => call("held", {}) as Promise<Array<HeldDecision>>,
  releaseHeld: (request: ReleaseHeld): Promise<Nothing> => call("release_held", request) as Promise<Nothing>,
  previewPush: (): Promise<PushPreview> => call("preview_push", {}) as Promise<PushPreview>,
  undoPlan: (request: DecisionRef): Promise<UndoPlan> => call("undo_plan", request) as Promise<UndoPlan>,
  undoPushed: (request: DecisionRef): Promise<Decided> => call("undo_pushed", request) as Promise<Decided>,
  recovered: (): Promise<Array<RecoveredRow>> => call("recovered", {}) as Promise<Array<RecoveredRow>>,
  confirmRecovered: (request: OpId): Promise<Nothing> => call("confirm_recovered", request) as Promise<Nothing>,
  discardRecovered: (request: OpId): Promise<Nothing> => call("discard_recovered", request) as Promise<Nothing>,
  repair: (request: Unlock): Promise<Repaired> => call("repair", request) as Promise<Repaired>,
  backups: (): Promise<Array<BackupRow>> => call("backups", {}) as Promise<Array<BackupRow>>,
  restoreBackup: (request: RestoreBackup): Promise<Restored> => call("restore_backup", request) as Promise<Restored>,
  audit: (request: AuditQuery): Promise<Page<AuditRow>> => call("audit", request) as Promise<Page<AuditRow>>,
  verifyAudit: (): Promise<AuditVerdict> => call("verify_audit", {}) as Promise<AuditVerdict>,
};
