//! Channel conflicts: found early, decided by rule, settled with evidence (C).
//!
//! - `ground` gathers what is known of an account, `pass` has it judged, `keep` keeps what was found, `whole` does so for
//!   all accounts; `judging`: when that is done (after each sync, on demand, as soon as somebody looks). `showing`: the list, its
//!   views, one finding in full.
//! - `desk`: what every step starts from and how it is saved. `steps`: acknowledge, plan, escalate; `asking`,
//!   `dismissing`, `evidence`. `settling`: award, split, joint roles, and what that would write (`previewing`); `appeals`;
//!   `approving`: the approval of a registration that settles what stands against it (C-08). `measures`: C-06.
//!
//! The one hard idea: what people decide goes out as every other decision does (one group over the deals of both
//! sides, drafts that wait for it), and what they did is also on the finding here, because it counts at once. The deal's
//! own record in the CRM says how it was settled and for which facts, so that another computer finds it settled too.

mod appeals;
mod approving;
mod asking;
mod desk;
mod dismissing;
mod evidence;
mod ground;
mod heard;
mod judging;
mod keep;
mod measures;
mod pass;
mod previewing;
mod replaying;
mod settling;
mod showing;
mod steps;
#[cfg(test)]
mod tests;
mod whole;

use drumbeat_model::crm::ObjectKind;
use drumbeat_store::Reader;

pub use self::appeals::{appeal_conflict, refuse_conflict_appeal};
pub use self::approving::approve_settling;
pub(crate) use self::approving::{approve_awarding, settled_by_approval};
pub use self::asking::{ask_seller, seller_answered};
pub use self::dismissing::dismiss_conflicts;
pub use self::evidence::{add_evidence, remove_evidence};
pub(crate) use self::judging::{after_sync, begin, follow};
pub use self::judging::{judge_all, judge_conflicts, judge_due, judge_waiting};
pub use self::measures::conflict_measures;
pub(crate) use self::pass::lived;
pub use self::previewing::preview_settlement;
pub(crate) use self::replaying::replay;
pub use self::settling::settle_conflict;
pub(crate) use self::showing::row as shown;
pub use self::showing::{
    conflict, conflict_filters, conflict_views, conflicts, conflicts_against, deal_conflicts, verdicts_moved,
};
pub use self::steps::{acknowledge_conflict, escalate_conflict, plan_conflict};

use crate::workspace::Workspace;

/// The node that stands for a record where accounts are judged.
pub(crate) fn node(kind: ObjectKind, id: &str) -> String {
    match kind {
        ObjectKind::Registration => format!("r{id}"),
        _ => format!("c{id}"),
    }
}

/// Nodes that count as one account with a record now.
pub(crate) fn together(ws: &Workspace, r: &Reader<'_>, node: &str) -> drumbeat_store::Result<Vec<String>> {
    r.channel_cluster(node, ws.clock.today())
}
