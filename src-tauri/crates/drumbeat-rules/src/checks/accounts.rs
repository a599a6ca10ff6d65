//! Named and blocked accounts: some take no registrations, some belong to the direct team.
//!
//! Where no account is the claimed company for sure but some may be, a person looks: what the checks know of an
//! account (its deals, its incumbent, whether it is blocked) they do not know of these.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::partner::Company;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome, RecordLink};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::{Facts, NearAccount};
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// the account is neither blocked nor a named one.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(crate) fn link(account: &Company) -> RecordLink {
    RecordLink { kind: ObjectKind::Company, id: account.id.clone(), label: account.name.clone() }
}

/// The entry of a policy's list that means the claimed company.
pub(super) fn listed<'l>(facts: &Facts, mut list: impl Iterator<Item = &'l str>) -> Option<&'l str> {
    let domain = facts.domain();
    let account_domain = facts.account.as_ref().and_then(|account| account.domain.as_deref()).and_then(normal::domain);
    list.find(|entry| {
        normal::means(entry, &facts.registration.company, domain.as_deref())
            || facts
                .account
                .as_ref()
                .is_some_and(|account| normal::means(entry, &account.name, account_domain.as_deref()))
    })
}

/// Whether an account that is kept for this is a named account of direct sales.
pub(crate) fn for_direct(reserved_for: &str) -> bool {
    reserved_for.trim().eq_ignore_ascii_case("direct")
}

/// Whether an account that is kept for this is kept for a partner.
pub(crate) fn for_partner(reserved_for: &str, id: &str, name: &str) -> bool {
    reserved_for.trim() == id || normal::company_name(reserved_for) == normal::company_name(name)
}

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.6", "Named accounts", outcome, fact);
    let lists = &policy.accounts;
    let records = || facts.account.as_ref().map(link);
    let in_crm = facts.account.as_ref().filter(|account| account.blocked);
    // An account may stand twice in the list, by domain and by name: every entry has to go to turn it.
    let entries = |list: &[String]| -> Vec<Change> {
        list.iter()
            .filter(|entry| listed(facts, std::iter::once(entry.as_str())).is_some())
            .cloned()
            .map(Change::Unlisted)
            .collect()
    };
    let blocked = entries(&lists.blocked);
    if in_crm.is_some() || !blocked.is_empty() {
        let fact = match in_crm {
            Some(account) => format!("{} takes no registrations", account.name),
            None => format!("the policy blocks {}", facts.registration.company),
        };
        return found(CheckOutcome::Fail, fact)
            .records(records())
            .turned_by(in_crm.map(|_| Change::Blocked(false)))
            .turned_by(blocked);
    }
    let near: Vec<&NearAccount> =
        facts.near_accounts.iter().filter(|one| facts.account.is_none() && one.near.to_look_at(policy)).collect();
    let unlike: Vec<Change> =
        near.iter().map(|one| Change::Unlike(one.id.clone(), format!("“{}”", one.name))).collect();
    let named = entries(&lists.named);
    let direct = facts.account.as_ref().filter(|account| account.reserved_for.as_deref().is_some_and(for_direct));
    if direct.is_some() || !named.is_empty() {
        return found(
            CheckOutcome::Warn,
            format!("{} is a named account of the direct team", facts.registration.company),
        )
        .records(records())
        .turned_by(direct.map(|_| Change::Unreserved))
        .turned_by(named)
        .turned_by(unlike);
    }
    if let Some(first) = near.first() {
        let more = match near.len() - 1 {
            0 => String::new(),
            n => format!("; {} more", text::count(n as u64, "account")),
        };
        let fact = format!("may be the account {}{more}", first.say());
        return found(CheckOutcome::Warn, fact).records(near.iter().map(|one| one.link())).turned_by(unlike);
    }
    let fact =
        if facts.account.is_some() { "neither blocked nor named" } else { "not listed; no account in the CRM matches" };
    found(CheckOutcome::Pass, fact.to_owned())
        .records(records())
        .turned_by(facts.account.as_ref().map(|_| Change::Blocked(true)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::{cases, of};
    use crate::sample::{facts, near_account};

    #[test]
    fn accounts_that_may_be_it_are_its_records_and_turn_it_together() {
        let mut facts = facts();
        facts.account = None;
        facts.near_accounts = vec![near_account("a7", 720), near_account("a8", 610)];
        let check = of("R-04.6", &facts, &Policy::built_in());
        assert!(check.fact.ends_with("; 1 account more"), "{}", check.fact);
        assert_eq!(check.records.len(), 2);
        let flip =
            "would pass if “Hansa Kühltechnik” were another company and “Hansa Kühltechnik” were another company";
        assert_eq!(check.flip.unwrap(), flip);
    }

    #[test]
    fn accounts_that_are_not_free() {
        cases(
            "R-04.6",
            &[
                ("free", |_, _| {}, Pass, "neither blocked nor named"),
                ("no account", |f, _| f.account = None, Pass, "no account in the CRM matches"),
                (
                    "blocked in the CRM",
                    |f, _| f.account.as_mut().unwrap().blocked = true,
                    Fail,
                    "takes no registrations",
                ),
                (
                    "a named one in the CRM",
                    |f, _| f.account.as_mut().unwrap().reserved_for = Some("Direct".into()),
                    Warn,
                    "is a named account of the direct team",
                ),
                (
                    "kept for a partner, which is another check's",
                    |f, _| f.account.as_mut().unwrap().reserved_for = Some("Rheintal".into()),
                    Pass,
                    "neither blocked nor named",
                ),
                ("by domain", |_, p| p.accounts.blocked = vec!["www.hansa-kuehlkette.example".into()], Fail, "blocks"),
                ("by name", |_, p| p.accounts.blocked = vec!["HANSA KUEHLKETTE".into()], Fail, "blocks"),
                ("named", |_, p| p.accounts.named = vec!["Hansa Kühlkette AG".into()], Warn, "named account"),
                (
                    "blocked goes before named",
                    |_, p| {
                        p.accounts.named = vec!["Hansa Kühlkette".into()];
                        p.accounts.blocked = vec!["Hansa Kühlkette".into()];
                    },
                    Fail,
                    "blocks",
                ),
                (
                    "one that may be it",
                    |f, _| {
                        f.account = None;
                        f.near_accounts = vec![near_account("a7", 720)];
                    },
                    Warn,
                    "may be the account “Hansa Kühltechnik” (72 %: hansa is in both names)",
                ),
                (
                    "one that may be it, and somebody sells there",
                    |f, _| {
                        f.account = None;
                        f.near_accounts = vec![NearAccount { open_deals: 2, ..near_account("a7", 720) }];
                    },
                    Warn,
                    "may be the account “Hansa Kühltechnik”, with 2 open deals (72 %",
                ),
                (
                    "less near than the policy looks at",
                    |f, p| {
                        f.account = None;
                        f.near_accounts = vec![near_account("a7", 720)];
                        p.matching.look_percent = 80;
                    },
                    Pass,
                    "no account in the CRM matches",
                ),
                (
                    "near, but another is it for sure",
                    |f, _| f.near_accounts = vec![near_account("a7", 720)],
                    Pass,
                    "neither blocked nor named",
                ),
                ("others", |_, p| p.accounts.blocked = vec!["Hansa".into(), "".into()], Pass, "neither"),
                (
                    "by the matched account's domain",
                    |f, p| {
                        f.registration.domain = None;
                        f.registration.company = "HK".into();
                        p.accounts.blocked = vec!["hansa-kuehlkette.example".into()];
                    },
                    Fail,
                    "blocks",
                ),
            ],
        );
    }
}
