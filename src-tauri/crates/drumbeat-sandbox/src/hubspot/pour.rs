//! Pouring a book into the world: places become ids, rows become records, references become links.
//!
//! Callers rely on: partners are the first companies and accounts follow, so every id can be told before any record exists;
//! nothing is modified later than now.

mod activity;
mod program;

use crate::clock::Millis;
use crate::data::book::{Book, DAY, Deal, HOUR, MOTIONS, Partnered};
use crate::data::{Loaded, Places, currencies, names, worth};
use crate::hubspot::catalog;
use crate::hubspot::oauth::USER;
use crate::hubspot::schema::{Owner, Pipeline, Stage};
use crate::hubspot::world::{KindIx, Source, Sym, Version, World};
use crate::json::{day_text, time_text};
use crate::random::Random;

/// The first ids of what a book becomes.
pub(crate) struct Ids {
    pub(crate) company: u64,
    pub(crate) deal: u64,
    pub(crate) registration: u64,
    partners: usize,
}

impl Ids {
    pub(crate) fn new(world: &World, book: &Book) -> Self {
        let first = |name: &str| world.kind_ix(name).map_or(0, |k| world.kind(k).next_id());
        Ids {
            company: first("companies"),
            deal: first("deals"),
            registration: first("partner_registration"),
            partners: book.partners.len(),
        }
    }

    pub(crate) fn partner(&self, place: usize) -> u64 {
        self.company + place as u64
    }

    pub(crate) fn account(&self, place: usize) -> u64 {
        self.company + (self.partners + place) as u64
    }
}

impl Places for Ids {
    fn account(&self, place: usize) -> String {
        Ids::account(self, place).to_string()
    }

    fn partner(&self, place: usize) -> String {
        Ids::partner(self, place).to_string()
    }

    fn deal(&self, place: usize) -> String {
        (self.deal + place as u64).to_string()
    }

    fn registration(&self, place: usize) -> String {
        (self.registration + place as u64).to_string()
    }
}

/// A row being written: names are looked up once a table, not once a record.
struct Row<'a> {
    world: &'a mut World,
    kind: KindIx,
    values: Vec<(Sym, Box<str>)>,
}

impl<'a> Row<'a> {
    fn new(world: &'a mut World, kind: KindIx) -> Self {
        Row { world, kind, values: Vec::with_capacity(32) }
    }

    fn put(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        let value = value.as_ref();
        if !value.is_empty() {
            let sym = self.world.names.intern(name);
            self.values.push((sym, value.into()));
        }
        self
    }

    fn make(self, created: Millis, updated: Millis) -> u64 {
        self.world.make(self.kind, created, updated.max(created), self.values)
    }
}

pub(crate) fn owner_id(place: usize) -> u64 {
    80_100_001 + place as u64
}

pub(crate) fn kind(world: &World, name: &str) -> KindIx {
    world.kind_ix(name).unwrap_or_default()
}

/// An account that holds a book, and the ids of what is in it.
pub(crate) fn fill(loaded: &mut Loaded, now: Millis) -> (World, Ids) {
    let Loaded { book, plan, random } = loaded;
    let mut world = World::empty();
    let born = now - 1_500 * DAY;
    catalog::vendor(&mut world, born);
    catalog::program(&mut world, born);
    if book.several {
        catalog::currencies(&mut world, born);
    }
    let ids = Ids::new(&world, book);
    pour(&mut world, book, now, random);
    activity::make(&mut world, book, &ids, plan, now, random);
    (world, ids)
}

/// Everything but activities.
fn pour(world: &mut World, book: &Book, now: Millis, random: &mut Random) {
    let ids = Ids::new(world, book);
    owners(world, book, now);
    pipelines(world, book, now);
    products(world, book, now);
    companies(world, book, &ids, now, random);
    program::certifications(world, book, &ids, now, random);
    program::registrations(world, book, &ids);
    deals(world, book, &ids, now);
    contacts(world, book, &ids, now, random);
}

fn owners(world: &mut World, book: &Book, now: Millis) {
    for (i, s) in book.sellers.iter().enumerate() {
        let team = Some(s.team.clone())
            .filter(|t| !t.is_empty())
            .map(|t| (70_001 + t.bytes().map(u64::from).sum::<u64>() % 97, t));
        world.owners.push(Owner {
            id: owner_id(i),
            user: if book.managers.first() == Some(&i) { USER } else { 9_100_001 + i as u64 },
            email: format!("{}@vendor.example", names::slug(&format!("{} {}", s.first, s.last)).replace('-', ".")),
            first: s.first.clone(),
            last: s.last.clone(),
            team,
            created: now - 1_500 * DAY,
            archived: false,
        });
    }
}

fn pipelines(world: &mut World, book: &Book, now: Millis) {
    let at = now - 1_500 * DAY;
    let made = book.pipelines.iter().enumerate().map(|(i, spec)| Pipeline {
        id: spec.id.clone(),
        label: spec.label.clone(),
        order: i as i64,
        created: at,
        updated: at,
        stages: spec
            .stages
            .iter()
            .enumerate()
            .map(|(order, (id, label, p))| Stage {
                id: id.clone(),
                label: label.clone(),
                order: order as i64,
                created: at,
                updated: at,
                metadata: [
                    ("probability".to_owned(), format!("{p:?}").into()),
                    ("isClosed".to_owned(), (*p <= 0.0 || *p >= 1.0).to_string().into()),
                ]
                .into_iter()
                .collect(),
            })
            .collect(),
    });
    let made = made.collect();
    let deals = kind(world, "deals");
    world.kind_mut(deals).pipelines = made;
}

fn products(world: &mut World, book: &Book, now: Millis) {
    let k = kind(world, "products");
    for (name, price) in &book.products {
        let mut row = Row::new(world, k);
        row.put("name", name).put("price", price).put("hs_sku", names::slug(name));
        row.make(now - 1_000 * DAY, now - 400 * DAY);
    }
}

fn companies(world: &mut World, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    let k = kind(world, "companies");
    for p in &book.partners {
        let motions: Vec<&str> = p.motions.iter().map(|m| MOTIONS[*m]).collect();
        let mut row = Row::new(world, k);
        row.put("name", &p.name)
            .put("domain", &p.domain)
            .put("website", format!("https://www.{}", p.domain))
            .put("country", &p.country)
            .put("city", &p.city);
        row.put("is_partner", "true")
            .put("partner_type", p.of)
            .put("partner_tier", p.tier)
            .put("partner_status", p.status);
        row.put("partner_motions", motions.join(";"))
            .put("partner_territories", p.territories.join(";"))
            .put("partner_since", day_text(p.since));
        row.put("hubspot_owner_id", owner_id(p.owner).to_string())
            .put("industry", "partner")
            .put("lifecyclestage", "other");
        let updated = now - random.between(1, 200) * DAY;
        row.make(p.since, updated.max(p.since));
    }
    for (i, a) in book.accounts.iter().enumerate() {
        let mut row = Row::new(world, k);
        row.put("name", &a.name)
            .put("domain", &a.domain)
            .put("country", &a.country)
            .put("city", &a.city)
            .put("industry", &a.industry);
        row.put("numberofemployees", &a.employees)
            .put("annualrevenue", &a.revenue)
            .put("region", &a.region)
            .put("is_partner", "false");
        row.put("hubspot_owner_id", owner_id(a.owner).to_string())
            .put("lifecyclestage", if a.renewal.is_some() { "customer" } else { "opportunity" });
        row.put("phone", format!("+1 {} 555 {:04}", 200 + i / 10_000, i % 10_000));
        if let Some(parent) = a.parent {
            row.put("hs_parent_company_id", ids.account(parent).to_string());
        }
        if let Some(p) = a.incumbent {
            row.put("incumbent_partner", ids.partner(p).to_string());
        }
        if let Some(at) = a.renewal {
            row.put("renewal_date", day_text(at));
        }
        row.put("blocked_account", if a.blocked { "true" } else { "" });
        if let Some((retention, satisfaction, integrated)) = worth::of_account(a, i) {
            row.put("net_revenue_retention", retention.to_string())
                .put("csat_score", satisfaction.to_string())
                .put("integration_live", integrated.to_string());
        }
        let updated = (now - random.between(0, 300) * DAY - random.between(1, 3_600_000)).max(a.created);
        row.make(a.created, updated);
    }
    for (i, a) in book.accounts.iter().enumerate() {
        if let Some(parent) = a.parent {
            world.link((k, ids.account(i)), (k, ids.account(parent)), 14);
        }
    }
}

pub(crate) fn plain(world: &World, from: KindIx, to: KindIx) -> u32 {
    world.link_types.iter().find(|t| t.from == from && t.to == to && t.plain).map_or(0, |t| t.id)
}

/// Gives a value one version before its current one.
fn past(world: &mut World, kind: KindIx, id: u64, name: &str, before: &str, first: Millis, changed: Millis) {
    let sym = world.sym(name);
    let Some(record) = world.kind_mut(kind).exact_mut(id) else { return };
    let Some(now) = record.get(sym).map(str::to_owned) else { return };
    if now == before || changed <= first {
        return;
    }
    let ui = Source { kind: "CRM_UI", id: "userId:9100001".into(), user: Some(9_100_001) };
    record.set_past(
        sym,
        vec![
            Version { value: now.into(), at: changed, source: ui },
            Version { value: before.into(), at: first, source: Source::import() },
        ],
    );
}

fn deals(world: &mut World, book: &Book, ids: &Ids, now: Millis) {
    let (k, companies) = (kind(world, "deals"), kind(world, "companies"));
    for (place, deal) in book.deals.iter().enumerate() {
        let spec = &book.pipelines[deal.at.pipeline];
        let (stage, _, probability) = &spec.stages[deal.at.stage];
        let mut row = Row::new(world, k);
        row.put("dealname", &deal.name)
            .put("amount", &deal.amount)
            .put("pipeline", &spec.id)
            .put("dealstage", stage)
            .put("product", &deal.product);
        let code = currencies::of_deal(place, book.several);
        if book.several {
            // What is closed keeps the rate of its closing.
            let at = deal.closes.filter(|_| !deal.open).unwrap_or(now);
            let rate = currencies::worth(code, at, now);
            row.put("hs_exchange_rate", rate.to_string())
                .put("amount_in_home_currency", currencies::converted(&deal.amount, rate));
        }
        row.put("deal_currency_code", code)
            .put("hubspot_owner_id", owner_id(deal.owner).to_string())
            .put("hs_deal_stage_probability", format!("{probability:?}"));
        row.put("hs_is_closed", if deal.open { "false" } else { "true" })
            .put("hs_is_closed_won", if deal.won { "true" } else { "false" });
        row.put("deal_kind", deal.kind)
            .put("closed_lost_reason", deal.lost)
            .put("stage_entered_at", time_text(deal.entered));
        let (annual, incentive) = worth::of_deal(deal, place);
        row.put("annual_contract_value", annual.map_or_else(String::new, |annual| annual.to_string()))
            .put("partner_incentive", incentive.map_or_else(String::new, |incentive| incentive.to_string()));
        if let Some(at) = deal.closes {
            row.put("closedate", time_text(at));
        }
        if let Some(p) = deal.account.and_then(|a| book.accounts[a].incumbent) {
            row.put("incumbent_partner", ids.partner(p).to_string());
        }
        if let Some(p) = &deal.partnered {
            partnered(&mut row, book, ids, p, deal);
        }
        let updated = deal
            .updated
            .max(deal.partnered.as_ref().and_then(|p| p.notes.as_ref()).map_or(0, |n| n.1))
            .min(now - 1_000);
        let id = row.make(deal.created, updated);
        if let Some(a) = deal.account {
            world.link_both((k, id), (companies, ids.account(a)), 5, 6);
            world.link_both((k, id), (companies, ids.account(a)), 341, 342);
        }
        if deal.at.stage > 0 && deal.partnered.is_some() {
            past(world, k, id, "dealstage", &spec.stages[0].0, deal.created, deal.entered.min(updated));
        }
    }
}

fn partnered(row: &mut Row<'_>, book: &Book, ids: &Ids, p: &Partnered, deal: &Deal) {
    if let Some(partner) = p.partner {
        row.put("partner_organisation", ids.partner(partner).to_string())
            .put("partner_type", book.partners[partner].of);
    }
    if let Some(motion) = p.motion {
        row.put("partner_motion", MOTIONS[motion]);
    }
    if let Some(sourced) = p.sourced {
        row.put("partner_attribution", if sourced { "sourced" } else { "influenced" });
    }
    if let Some(percent) = p.percent {
        row.put("partner_attribution_pct", percent.to_string());
    }
    if let Some(r) = p.registration {
        row.put("deal_registration_id", (ids.registration + r as u64).to_string());
    }
    if let Some((start, end)) = p.protection {
        row.put("protection_start", day_text(start)).put("protection_end", day_text(end));
    }
    row.put("price_protected", if p.price_protected { "true" } else { "false" })
        .put("discount_band", p.band)
        .put("partner_contact_roles", p.roles);
    row.put("channel_conflict_status", "none");
    if let Some((text, at)) = &p.notes {
        row.put("stage_notes", text).put("stage_notes_at", time_text(*at)).put("notes_last_updated", time_text(*at));
    }
    if let Some((text, due)) = &p.next_step {
        row.put("hs_next_step", text)
            .put("next_step_due", day_text(*due))
            .put("next_step_owner", owner_id(deal.owner).to_string());
    }
}

fn contacts(world: &mut World, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    let (k, companies, deals) = (kind(world, "contacts"), kind(world, "companies"), kind(world, "deals"));
    let make = |world: &mut World,
                company: u64,
                domain: &str,
                name: &str,
                n: usize,
                title: &str,
                role: &str,
                random: &mut Random| {
        let (first, last) = names::person(random);
        let mut row = Row::new(world, k);
        let host = if domain.is_empty() { names::domain(name) } else { domain.to_owned() };
        row.put("firstname", &first)
            .put("lastname", &last)
            .put("email", format!("{}.{}{n}@{host}", first.to_lowercase(), last.to_lowercase()));
        row.put("jobtitle", title)
            .put("company", name)
            .put("partner_contact_role", role)
            .put("associatedcompanyid", company.to_string());
        let created = now - random.between(10, 900) * DAY;
        let id = row.make(created, created + random.between(0, HOUR));
        world.link_both((k, id), (companies, company), 1, 2);
        world.link_both((k, id), (companies, company), 279, 280);
        id
    };
    for (i, p) in book.partners.iter().enumerate() {
        for (n, role) in ["ae", "se", "alliance"].iter().enumerate().take(1 + random.below(3)) {
            make(
                world,
                ids.partner(i),
                &p.domain,
                &p.name,
                n + i,
                ["Partner account executive", "Solutions engineer", "Alliance lead"][n],
                role,
                random,
            );
        }
    }
    let mut first_of = Vec::with_capacity(book.accounts.len());
    for (i, a) in book.accounts.iter().enumerate() {
        let id = make(
            world,
            ids.account(i),
            &a.domain,
            &a.name,
            i,
            ["Head of operations", "IT director", "Purchasing manager"][i % 3],
            "",
            random,
        );
        first_of.push(id);
    }
    for (d, deal) in book.deals.iter().enumerate().filter(|(_, d)| d.open) {
        if let Some(a) = deal.account {
            world.link_both((deals, ids.deal + d as u64), (k, first_of[a]), 3, 4);
        }
    }
}
