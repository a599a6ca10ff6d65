//! What is to be done with a row: which partner it means, what it lacks, what it looks like.
//!
//! A candidate is put into the form of a registration and looked at with the same facts as one that came from the
//! CRM, so that intake and inbox agree on what a duplicate is.

use std::collections::HashMap;

use drumbeat_intake::claim::{Claim, Reading};
use drumbeat_intake::text::quote;
use drumbeat_model::crm::{ObjectKind, Outcome, Properties};
use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::intake::{Confidence, IntakeDuplicate, IntakeMapping, IntakeProblem, IntakeRow, RowVerdict};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::money::Currency;
use drumbeat_model::registration::{Registration, RegistrationStatus};
use drumbeat_model::verdict::RecordLink;
use drumbeat_rules::checks::required_fields;
use drumbeat_rules::{Facts, NearDeal, Policy, normal};
use drumbeat_store::projection::{self, Home};
use drumbeat_store::{Reader, Result};

use super::draft::{Draft, Judged};
use crate::facts::{self, Shared};
use crate::workspace::{Scene, Workspace};

/// Partners that are known by name, at most.
const MOST: u32 = 100_000;

/// The partners by everything that a file may call them.
pub(super) struct Partners {
    names: HashMap<String, String>,
    by_name: HashMap<String, Vec<String>>,
    by_domain: HashMap<String, Vec<String>>,
}

impl Partners {
    pub fn read(r: &Reader<'_>) -> Result<Self> {
        let mut partners = Self { names: HashMap::new(), by_name: HashMap::new(), by_domain: HashMap::new() };
        for (id, name) in r.partner_names(MOST)? {
            partners.by_name.entry(normal::company_name(&name)).or_default().push(id.clone());
            let domain = r.company(&id)?.and_then(|company| company.domain);
            if let Some(domain) = domain.as_deref().and_then(normal::domain) {
                partners.by_domain.entry(domain).or_default().push(id.clone());
            }
            partners.names.insert(id, name);
        }
        Ok(partners)
    }

    /// The name of a partner.
    pub fn name(&self, id: &PartnerId) -> Option<String> {
        self.names.get(id.as_str()).cloned()
    }

    /// The partner that a text means: by id, name, domain or e-mail address.
    pub fn find(&self, text: &str) -> std::result::Result<PartnerId, String> {
        let text = text.trim();
        if self.names.contains_key(text) {
            return Ok(PartnerId(text.to_owned()));
        }
        let by_name = self.by_name.get(&normal::company_name(text));
        let by_domain = || normal::domain(text).and_then(|domain| self.by_domain.get(&domain));
        match by_name.or_else(by_domain).map(Vec::as_slice) {
            Some([one]) => Ok(PartnerId(one.clone())),
            Some(_) => Err(format!("{} may be one of several partners: choose one", quote(text))),
            None => Err(format!("{} is no partner here: choose one", quote(text))),
        }
    }
}

/// What rows are looked at with.
pub(super) struct Desk<'r> {
    shared: Shared<'r>,
    scene: Scene,
    policy: &'r Policy,
    main: Currency,
    partners: &'r Partners,
    /// Every field under its own name.
    plain: Mapping,
}

/// A row that was looked at.
pub(super) struct Looked {
    pub claim: Claim,
    pub registration: Registration,
    pub partner: Option<(PartnerId, String)>,
    pub duplicates: Vec<IntakeDuplicate>,
    pub missing: Vec<Field>,
    pub judged: Judged,
    keys: Vec<String>,
}

impl<'r> Desk<'r> {
    pub fn new(ws: &'r Workspace, r: &'r Reader<'r>, partners: &'r Partners) -> Result<Self> {
        let names = Field::ALL.iter().map(|field| (*field, field.name().to_owned())).collect();
        Ok(Self {
            shared: Shared::new(r),
            scene: Scene::read(ws, r)?,
            policy: &ws.policy,
            main: r.main_currency()?,
            partners,
            plain: Mapping { fields: [(ObjectKind::Registration, names)].into(), ..Mapping::default() },
        })
    }

    /// Looks at a row (from 1).
    pub fn look(&self, draft: &Draft, row: u32) -> Result<Looked> {
        let country = |text: &str| self.policy.places().country(text);
        let reading = Reading { mapping: &draft.mapping, country: &country, now: self.scene.now };
        let mut claim = draft.claim(row, &reading);
        let is_entered = draft.edits.get(&row).is_some_and(|edits| edits.contains_key(&Field::Partner));
        let partner = self.partner(&mut claim, draft.mapping.partner.as_ref().filter(|_| !is_entered));
        let registration = self.registration(&claim, &draft.mapping, partner.as_ref());
        let mut missing = required_fields::missing(&registration, self.policy);
        if registration.consent != Some(true) && self.policy.registration.consent.contains(&registration.kind) {
            missing.push(Field::Consent);
        }
        let mut looked = Looked {
            keys: keys(&registration),
            claim,
            partner,
            missing,
            duplicates: Vec::new(),
            judged: Judged { verdict: RowVerdict::Rejected, why: String::new() },
            registration,
        };
        if looked.claim.value(Field::CompanyName).is_some() {
            let facts = facts::registration(&self.shared, looked.registration.clone(), self.policy, &self.scene)?;
            looked.duplicates = duplicates(&facts, self.scene.today);
            let earlier =
                looked.keys.iter().filter_map(|key| draft.firsts.get(key)).filter(|first| **first < row).min();
            if let Some(earlier) = earlier {
                looked.duplicates.push(IntakeDuplicate {
                    record: None,
                    row: Some(*earlier),
                    title: format!("row {earlier} of this import, {}", draft.at(*earlier)),
                    why: "the same company".to_owned(),
                    is_open: true,
                });
            }
        }
        looked.judged = judged(draft, row, &looked);
        Ok(looked)
    }

    /// Who claims: the partner of the whole import, or the one that the row says.
    fn partner(&self, claim: &mut Claim, of_all: Option<&PartnerId>) -> Option<(PartnerId, String)> {
        if let Some(id) = of_all {
            claim.values.retain(|value| value.field != Field::Partner);
            return Some((id.clone(), self.partners.name(id).unwrap_or_else(|| id.0.clone())));
        }
        let said = claim.values.iter_mut().find(|value| value.field == Field::Partner)?;
        match self.partners.find(&said.value) {
            Ok(id) => {
                let name = self.partners.name(&id).unwrap_or_else(|| id.0.clone());
                if said.value != name {
                    said.raw = Some(std::mem::replace(&mut said.value, name.clone()));
                }
                Some((id, name))
            }
            Err(text) => {
                let (found, rejects) = (Some(said.found.clone()), said.confidence == Confidence::Stated);
                claim.values.retain(|value| value.field != Field::Partner);
                claim.problems.push(IntakeProblem { field: Some(Field::Partner), text, found, rejects });
                None
            }
        }
    }

    /// The claim in the form of a registration.
    fn registration(
        &self,
        claim: &Claim,
        mapping: &IntakeMapping,
        partner: Option<&(PartnerId, String)>,
    ) -> Registration {
        let mut properties: Properties =
            claim.values.iter().map(|value| (value.field.name().to_owned(), value.value.clone())).collect();
        properties.insert(Field::RegistrationKind.name().to_owned(), claim.kind(mapping).name().to_owned());
        properties.insert(Field::Status.name().to_owned(), RegistrationStatus::Submitted.name().to_owned());
        match partner {
            Some((id, _)) => properties.insert(Field::Partner.name().to_owned(), id.0.clone()),
            None => properties.remove(Field::Partner.name()),
        };
        projection::registration(&self.plain, "", &properties, &Home::of(self.main.clone()), false)
    }
}

/// Under what a company is found again.
fn keys(registration: &Registration) -> Vec<String> {
    let domain = registration.domain.as_deref().or(registration.contact_email.as_deref()).and_then(normal::domain);
    let name = normal::company_name(&registration.company);
    domain.map(|domain| format!("d {domain}")).into_iter().chain([format!("n {name}")]).collect()
}

/// What a row looks like among the CRM's records; what is open or in force first.
fn duplicates(facts: &Facts, today: drumbeat_model::time::Day) -> Vec<IntakeDuplicate> {
    let mut all: Vec<IntakeDuplicate> = Vec::new();
    let claims = facts.same_domain.iter().map(|claim| (claim, "same domain"));
    let by_group = facts.same_group.iter().map(|claim| (claim, "same group"));
    for (claim, why) in claims.chain(facts.same_name.iter().map(|claim| (claim, "same name"))).chain(by_group) {
        let is_known = |known: &IntakeDuplicate| known.record.as_ref().is_some_and(|record| record.id == claim.id.0);
        let is_dead = matches!(
            claim.status,
            RegistrationStatus::Draft | RegistrationStatus::Declined | RegistrationStatus::Withdrawn
        );
        if is_dead || all.iter().any(is_known) {
            continue;
        }
        let apart = why == "same name"
            && matches!((facts.domain(), &claim.domain), (Some(ours), Some(theirs)) if ours != *theirs);
        let label = claim.number.clone();
        all.push(IntakeDuplicate {
            record: Some(RecordLink { kind: ObjectKind::Registration, id: claim.id.0.clone(), label }),
            row: None,
            title: format!("{}, {}", claim.label(), claim.status.label().to_lowercase()),
            why: if apart { "same name, at another domain".to_owned() } else { why.to_owned() },
            is_open: !apart && (claim.status.is_open() || claim.in_force(today)),
        });
    }
    let account = facts.account.as_ref().map_or_else(String::new, |account| format!(" at {}", account.name));
    for deal in facts.deals.iter().filter(|deal| deal.outcome == Outcome::Open) {
        let partner = deal.partner.as_ref().map_or_else(|| "direct".to_owned(), |(_, name)| name.clone());
        all.push(IntakeDuplicate {
            record: Some(RecordLink { kind: ObjectKind::Deal, id: deal.id.0.clone(), label: deal.name.clone() }),
            row: None,
            title: format!("{}, {partner}, open", deal.name),
            why: format!("an open deal{account}"),
            is_open: true,
        });
    }
    for NearDeal { deal, near } in &facts.near_deals {
        let partner = deal.partner.as_ref().map_or_else(|| "direct".to_owned(), |(_, name)| name.clone());
        all.push(IntakeDuplicate {
            record: Some(RecordLink { kind: ObjectKind::Deal, id: deal.id.0.clone(), label: deal.name.clone() }),
            row: None,
            title: format!("{}, {partner}, open", deal.name),
            why: format!("an open deal without an account: {}", near.why),
            is_open: false,
        });
    }
    if let Some(account) = &facts.account {
        all.push(IntakeDuplicate {
            record: Some(RecordLink { kind: ObjectKind::Company, id: account.id.clone(), label: account.name.clone() }),
            row: None,
            title: account.name.clone(),
            why: "an account of the CRM".to_owned(),
            is_open: false,
        });
    }
    all.sort_by_key(|duplicate| !duplicate.is_open);
    all
}

fn judged(draft: &Draft, row: u32, looked: &Looked) -> Judged {
    let is = |verdict, why: String| Judged { verdict, why };
    if draft.saved.contains_key(&row) {
        return is(RowVerdict::Saved, "saved on this device".to_owned());
    }
    let wrong: Vec<&str> =
        looked.claim.problems.iter().filter(|problem| problem.rejects).map(|problem| problem.text.as_str()).collect();
    if !wrong.is_empty() {
        return is(RowVerdict::Rejected, wrong.join("; "));
    }
    if looked.claim.value(Field::CompanyName).is_none() {
        return is(RowVerdict::Rejected, "No company is named".to_owned());
    }
    if looked.partner.is_none() {
        return is(RowVerdict::Rejected, "No partner is named: choose one".to_owned());
    }
    if let Some(open) = looked.duplicates.iter().find(|duplicate| duplicate.is_open) {
        return is(RowVerdict::Duplicate, format!("Duplicate of {}: {}", open.title, open.why));
    }
    if !looked.missing.is_empty() {
        return is(RowVerdict::Incomplete, format!("Missing: {}", labels(&looked.missing).join(", ")));
    }
    is(RowVerdict::Ok, "Ready".to_owned())
}

fn labels(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.label().to_owned()).collect()
}

impl Looked {
    /// The first row under each of its keys is remembered, as long as it can be saved.
    pub fn remember(&self, row: u32, firsts: &mut HashMap<String, u32>) {
        if self.judged.verdict != RowVerdict::Rejected {
            for key in &self.keys {
                firsts.entry(key.clone()).or_insert(row);
            }
        }
    }

    /// What the window shows of it.
    pub fn shown(self, draft: &Draft, number: u32) -> IntakeRow {
        let saved = draft.saved.get(&number);
        IntakeRow {
            number,
            at: draft.at(number),
            verdict: self.judged.verdict,
            why: self.judged.why,
            company: self.claim.value(Field::CompanyName).map(str::to_owned),
            partner: self.partner.map(|(_, name)| name),
            kind: self.registration.kind,
            values: self.claim.values,
            problems: self.claim.problems,
            duplicates: self.duplicates,
            missing: labels(&self.missing),
            registration: saved.map(|(registration, _)| registration.clone()),
            decision: saved.map(|(_, decision)| decision.clone()),
        }
    }
}
