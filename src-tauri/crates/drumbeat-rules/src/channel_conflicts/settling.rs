//! C-05: what can be done about a finding in which state, and whether an award, a split or joint roles can stand.

use drumbeat_model::channel::{ConflictKind, ConflictState, Finding, Party};
use drumbeat_model::deal::Attribution;
use drumbeat_model::dossier::{DealPartner, PartnerRole};
use drumbeat_model::settling::{ConflictAct, PartyShare, Settle, Settlement};
use drumbeat_model::time::{Day, Instant};

use crate::policy::Policy;
use crate::shares;
use crate::text;

/// What can be done about a finding now.
#[must_use]
pub fn acts(
    kind: ConflictKind,
    state: ConflictState,
    parties: &[Party],
    settled_at: Option<Instant>,
    policy: &Policy,
    now: Instant,
) -> Vec<ConflictAct> {
    use ConflictAct as A;
    let mut all = Vec::new();
    let two = kind != ConflictKind::Sign && parties.len() == 2;
    if state == ConflictState::Open {
        all.push(A::Acknowledge);
    }
    if state.is_open() {
        if two {
            all.extend([A::AskSeller, A::Plan, A::Award, A::Split]);
            if parties.iter().all(|party| party.partner.is_some()) {
                all.push(A::Joint);
            }
        }
        all.extend([A::Dismiss, A::Escalate]);
    }
    if state == ConflictState::Appealed {
        all.push(A::DecideAppeal);
    }
    if two
        && state == ConflictState::Settled
        && appeal_until(settled_at, policy).is_some_and(|day| now.date_naive() <= day)
    {
        all.push(A::Appeal);
    }
    all
}

/// The last day of an appeal.
#[must_use]
pub fn appeal_until(settled_at: Option<Instant>, policy: &Policy) -> Option<Day> {
    settled_at.map(|at| text::plus_days(at.date_naive(), policy.appeals.days))
}

/// What a settlement comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// In words, for people.
    pub text: String,
    /// The party that has the account.
    pub winner: Option<Party>,
    /// Partners of the deal with their shares; empty with an award.
    pub partners: Vec<DealPartner>,
    /// As the policy's rule says.
    pub by_rule: bool,
}

/// Why a settlement cannot stand, or what it comes to.
///
/// # Errors
/// What is wrong with it, in words.
pub fn terms(finding: &Finding, request: &Settle, policy: &Policy) -> Result<Terms, String> {
    let of = |key: &str| {
        finding
            .parties
            .iter()
            .find(|party| party.key() == key)
            .cloned()
            .ok_or_else(|| format!("“{key}” is no party of it"))
    };
    if finding.kind == ConflictKind::Sign || finding.parties.len() != 2 {
        return Err("an early sign has nobody to decide between: dismiss it with a reason".to_owned());
    }
    let said = request.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    match request.outcome {
        Settlement::Awarded => {
            let winner = of(request.winner.as_deref().ok_or("an award needs a winner")?)?;
            let by_rule = finding.verdict.first.as_deref() == Some(winner.key());
            if !by_rule && !said {
                return Err(format!(
                    "the policy does not put {} first ({}): say why",
                    winner.name, finding.verdict.text
                ));
            }
            Ok(Terms {
                text: format!("awarded to {}", winner.name),
                winner: Some(winner),
                partners: Vec::new(),
                by_rule,
            })
        }
        Settlement::Split | Settlement::Joint => {
            let joint = request.outcome == Settlement::Joint;
            if !said {
                return Err("it needs a reason: say why it is shared in this way".to_owned());
            }
            if request.shares.len() != finding.parties.len() {
                return Err("each party needs a share".to_owned());
            }
            let mut words = Vec::new();
            let mut partners = Vec::new();
            let mut seen: Vec<&str> = Vec::new();
            for PartyShare { party, pct, role } in &request.shares {
                let party_of = of(party)?;
                if seen.contains(&party.as_str()) {
                    return Err(format!("{} stands twice", party_of.name));
                }
                seen.push(party);
                if *pct == 0 || *pct > 100 {
                    return Err(format!("{pct} % is no share: it is 1 to 100"));
                }
                let role = match (joint, role) {
                    (true, None) => return Err(format!("{} has no role", party_of.name)),
                    (_, role) => role.unwrap_or(PartnerRole::Support),
                };
                words.push(format!(
                    "{} {pct} %{}",
                    party_of.name,
                    if joint { format!(" ({})", role.label().to_lowercase()) } else { String::new() }
                ));
                if let Some(partner) = party_of.partner {
                    // F-05: sourced at most once.
                    let attribution = if partners.is_empty() { Attribution::Sourced } else { Attribution::Influenced };
                    partners.push(DealPartner { partner, role, attribution, pct: *pct, part: None });
                }
            }
            let sum: u32 = request.shares.iter().map(|share| share.pct).fold(0, u32::saturating_add);
            if sum != 100 {
                return Err(format!("the shares add up to {sum} %, not to 100 %"));
            }
            if joint
                && partners.iter().enumerate().any(|(at, one)| partners[..at].iter().any(|two| two.role == one.role))
            {
                return Err("joint roles are different ones: each brings something else (R-09)".to_owned());
            }
            if let Some(problem) = shares::problem(&partners, policy) {
                return Err(problem);
            }
            let verb = if joint { "joint roles" } else { "split" };
            // A shared solution is by rule only where the rule itself says that both can hold their part.
            let by_rule = joint && finding.verdict.joint;
            Ok(Terms { text: format!("{verb}: {}", text::join(&words)), winner: None, partners, by_rule })
        }
        Settlement::Dismissed => Err("dismiss it with a reason instead".to_owned()),
    }
}
