//! Pouring a book into an org: places become ids, pipelines become record types with their stages, motions become fields.
//!
//! Callers rely on: every id can be told before any record exists; nothing is modified later than now; where the org has no field
//! for something (a bare one), it is left out.

mod activity;
mod people;
mod program;
pub(crate) mod setup;

use std::collections::HashMap;

use crate::clock::Millis;
use crate::data::book::{Account, Book, Columns, DAY, Deal, Export, MOTIONS, Partnered};
use crate::data::{Loaded, Places, currencies, kittycorn, worth};
use crate::json::{day_text, time_text};
use crate::random::Random;
use crate::salesforce::catalog;
use crate::salesforce::follow;
use crate::salesforce::id::Id;
use crate::salesforce::org::{FieldIx, ObjectIx, Org, RowIx, second};
use crate::salesforce::schema::Held;

/// The ids of what a book becomes.
pub(crate) struct Ids {
    partners: usize,
    /// Of the first sellers and the first accounts, where the source has them.
    users: Vec<Id>,
    accounts: Vec<Id>,
}

impl Ids {
    fn new(book: &Book) -> Self {
        let read =
            |text: &str, prefix: &str, place: usize| Id::parse(text).unwrap_or_else(|| Id::new(prefix, place as u64));
        let users = book.export.users.iter().enumerate().map(|(i, id)| read(id, "005", i)).collect();
        let accounts =
            book.export.accounts.iter().enumerate().map(|(i, c)| read(Export::get(c, "Id"), "001", i)).collect();
        Ids { partners: book.partners.len(), users, accounts }
    }

    pub(crate) fn partner_id(&self, place: usize) -> Id {
        Id::new("001", place as u64)
    }

    pub(crate) fn account_id(&self, place: usize) -> Id {
        let known = self.accounts.get(place).copied();
        known.unwrap_or_else(|| Id::new("001", (self.partners + place - self.accounts.len()) as u64))
    }

    pub(crate) fn deal_id(&self, place: usize) -> Id {
        Id::new("006", place as u64)
    }

    pub(crate) fn registration_id(&self, place: usize) -> Id {
        Id::new("00Q", place as u64)
    }

    /// A user's id by the place of the seller.
    fn user(&self, place: usize) -> String {
        let known = self.users.get(place).copied();
        known.unwrap_or_else(|| Id::new("005", (place - self.users.len()) as u64)).text()
    }
}

impl Places for Ids {
    fn account(&self, place: usize) -> String {
        self.account_id(place).text()
    }

    fn partner(&self, place: usize) -> String {
        self.partner_id(place).text()
    }

    fn deal(&self, place: usize) -> String {
        self.deal_id(place).text()
    }

    fn registration(&self, place: usize) -> String {
        self.registration_id(place).text()
    }
}

/// A table being filled.
struct Table<'a> {
    org: &'a mut Org,
    object: ObjectIx,
    cells: Vec<(FieldIx, Box<str>)>,
}

impl<'a> Table<'a> {
    fn new(org: &'a mut Org, name: &str) -> Self {
        let object = org.ix(name).unwrap_or_default();
        Table { org, object, cells: Vec::with_capacity(32) }
    }

    fn put(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        let value = value.as_ref();
        if let (false, Some(ix)) = (value.is_empty(), self.org.at(self.object).field_ix(name)) {
            self.cells.push((ix, value.into()));
        }
        self
    }

    /// The columns of an exported record, but for some.
    fn put_all(&mut self, columns: &Columns, but: &[&str]) {
        for (name, value) in columns.iter().filter(|(n, _)| !but.contains(&n.as_str())) {
            let of = self.org.at(self.object).field_ix(name).map(|ix| self.org.at(self.object).field(ix).held);
            if of == Some(Held::Cell) {
                self.put(name, value);
            }
        }
    }

    fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.put(name, if value { "true" } else { "false" })
    }

    fn make(&mut self, times: (Millis, Millis), by: usize) -> Id {
        self.make_as(None, times, by)
    }

    /// Under an id of its own.
    fn make_as(&mut self, id: Option<Id>, times: (Millis, Millis), by: usize) -> Id {
        let cells = std::mem::take(&mut self.cells);
        self.org.at_mut(self.object).insert(id, (times.0, times.1.max(times.0)), by as RowIx, cells)
    }
}

/// An org that holds a book, and the ids of what is in it.
pub(crate) fn fill(loaded: &mut Loaded, bare: bool, now: Millis) -> (Org, Ids) {
    let Loaded { book, plan, random } = loaded;
    let mut org = Org::default();
    catalog::standard(&mut org);
    if !bare {
        catalog::program(&mut org);
    }
    if book.several {
        catalog::currencies(&mut org);
    }
    let ids = Ids::new(book);
    let types = setup::make(&mut org, book, &ids, bare, now);
    accounts(&mut org, book, &ids, now, random);
    program::certifications(&mut org, book, &ids, now, random);
    program::registrations(&mut org, book, &ids, types.registration, now);
    deals(&mut org, book, &ids, &types.pipelines, now);
    people::contacts(&mut org, book, &ids, now, random);
    people::leads(&mut org, book, &ids, now, random);
    activity::make(&mut org, book, &ids, plan, now, random);
    (org, ids)
}

/// Accounts that the source has ids for come first, since ids are kept in order; then partners, then all others.
fn accounts(org: &mut Org, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    let mut table = Table::new(org, "Account");
    for (i, columns) in book.export.accounts.iter().enumerate() {
        table.put_all(columns, &["Id", "ParentId", "OwnerId"]);
        table.put("OwnerId", ids.user(book.accounts[i].owner));
        account(&mut table, ids, &book.accounts[i]);
        let updated = kittycorn::time(Export::get(columns, "SystemModstamp")).unwrap_or(now);
        table.make_as(
            Some(ids.account_id(i)),
            (book.accounts[i].created, updated.min(now - 1_000)),
            book.accounts[i].owner,
        );
    }
    for p in &book.partners {
        let motions: Vec<&str> = p.motions.iter().map(|m| MOTIONS[*m]).collect();
        table.put("Name", &p.name).put("Website", format!("https://www.{}", p.domain));
        table.put("BillingCountry", &p.country).put("BillingCity", &p.city).put("Industry", "partner");
        table.put("Type", "Channel Partner / Reseller").put("OwnerId", ids.user(p.owner)).put("CurrencyIsoCode", "USD");
        table.flag("IsPartner__c", true).put("Partner_Type__c", p.of).put("Partner_Tier__c", p.tier);
        table.put("Partner_Status__c", p.status).put("Partner_Motions__c", motions.join(";"));
        table.put("Partner_Territories__c", p.territories.join(";")).put("Partner_Since__c", day_text(p.since));
        let updated = now - random.between(1, 200) * DAY;
        table.make((p.since, updated), p.owner);
    }
    for (i, a) in book.accounts.iter().enumerate().skip(book.export.accounts.len()) {
        let website = if a.domain.is_empty() { String::new() } else { format!("www.{}", a.domain) };
        table.put("Name", &a.name).put("Website", website).put("BillingCountry", &a.country);
        table.put("BillingCity", &a.city).put("BillingState", &a.region).put("Industry", &a.industry);
        table.put("NumberOfEmployees", &a.employees).put("AnnualRevenue", &a.revenue).put("CurrencyIsoCode", "USD");
        table
            .put("OwnerId", ids.user(a.owner))
            .put("Type", if a.renewal.is_some() { "Customer - Direct" } else { "Prospect" });
        table.put("Phone", format!("+1 {} 555 {:04}", 200 + i / 10_000, i % 10_000));
        account(&mut table, ids, a);
        if let Some((retention, satisfaction, integrated)) = worth::of_account(a, i) {
            table.put("NRR__c", retention.to_string()).put("CSAT_Score__c", satisfaction.to_string());
            table.flag("Integration_Live__c", integrated);
        }
        let updated = now - random.between(0, 300) * DAY - random.between(1, 3_600_000);
        table.make((a.created, updated), a.owner);
    }
}

/// What the program says of an account.
fn account(table: &mut Table<'_>, ids: &Ids, a: &Account) {
    table.flag("IsPartner__c", false).flag("Blocked_Account__c", a.blocked);
    if let Some(parent) = a.parent {
        table.put("ParentId", ids.account_id(parent).text());
    }
    if let Some(p) = a.incumbent {
        table.put("Incumbent_Partner__c", ids.partner_id(p).text());
    }
    if let Some(at) = a.renewal {
        table.put("Renewal_Date__c", day_text(at));
    }
}

/// Pipelines' record types, by the place of the pipeline.
type Types = Vec<Id>;

fn deals(org: &mut Org, book: &Book, ids: &Ids, types: &Types, now: Millis) {
    let odds: HashMap<&str, f64> = setup::stages(book).into_iter().collect();
    for (place, deal) in book.deals.iter().enumerate() {
        let spec = &book.pipelines[deal.at.pipeline];
        let (_, stage, _) = &spec.stages[deal.at.stage];
        let odds = odds.get(stage.as_str()).copied().unwrap_or_default();
        let mut table = Table::new(org, "Opportunity");
        table.put("Name", &deal.name).put("Amount", &deal.amount).put("StageName", stage);
        table.put("CurrencyIsoCode", currencies::of_deal(place, book.several));
        table.put("RecordTypeId", types[deal.at.pipeline].text()).put("OwnerId", ids.user(deal.owner));
        table.put("Probability", format!("{:.0}", odds * 100.0));
        table.flag("IsClosed", odds <= 0.0 || odds >= 1.0).flag("IsWon", odds >= 1.0);
        table.put("Type", deal.kind).put("Loss_Reason__c", deal.lost).put("Product__c", &deal.product);
        table.put("LastStageChangeDate", time_text(second(deal.entered)));
        // Every opportunity has a close date; where nobody had one in mind, it is a quarter away.
        table.put("CloseDate", day_text(deal.closes.unwrap_or(deal.created + 90 * DAY)));
        let (annual, incentive) = worth::of_deal(deal, place);
        for (field, amount) in [("ACV__c", annual), ("Partner_Incentive__c", incentive)] {
            if let Some(amount) = amount {
                table.put(field, amount.to_string());
            }
        }
        if let Some(account) = deal.account {
            table.put("AccountId", ids.account_id(account).text());
        }
        if let Some(p) = deal.account.and_then(|a| book.accounts[a].incumbent) {
            table.put("Incumbent_Partner__c", ids.partner_id(p).text());
        }
        if let Some(p) = &deal.partnered {
            partnered(&mut table, book, ids, p, deal);
        }
        let noted = deal.partnered.as_ref().and_then(|p| p.notes.as_ref()).map_or(0, |n| n.1);
        let updated = deal.updated.max(noted).min(now - 1_000);
        table.make((deal.created, updated), deal.owner);
        past(org, book, deal, place, now);
    }
}

/// The lines of history that a deal has come with: partner deals alone, or a large book would be mostly history.
fn past(org: &mut Org, book: &Book, deal: &Deal, place: usize, now: Millis) {
    let Some(object) = org.ix("Opportunity").filter(|_| deal.partnered.is_some()) else { return };
    let by = deal.owner as RowIx;
    let entered = deal.entered.min(now - 1_000);
    let first = &book.pipelines[deal.at.pipeline].stages[0].1;
    let stage = &book.pipelines[deal.at.pipeline].stages[deal.at.stage].1;
    let moved = stage != first && entered > deal.created;
    let Some(field) = org.at(object).field_ix("StageName") else { return };
    if moved {
        org.at_mut(object).set(place as RowIx, &[(field, Some(first.clone()))]);
    }
    follow::stage_line(org, object, place as RowIx, deal.created, by);
    if moved {
        org.at_mut(object).set(place as RowIx, &[(field, Some(stage.clone()))]);
        follow::stage_line(org, object, place as RowIx, entered, by);
        let id = Id::new("006", place as u64).text();
        let mut table = Table::new(org, "OpportunityFieldHistory");
        table.put("OpportunityId", id).put("Field", "StageName").put("OldValue", first).put("NewValue", stage);
        table.make((entered, entered), deal.owner);
    }
}

fn partnered(table: &mut Table<'_>, book: &Book, ids: &Ids, p: &Partnered, deal: &Deal) {
    if let Some(partner) = p.partner {
        table.put("Partner_Organisation__c", ids.partner_id(partner).text());
        table.put("Partner_Type__c", book.partners[partner].of);
    }
    if let Some(motion) = p.motion {
        table.put("Partner_Motion__c", MOTIONS[motion]);
    }
    if let Some(sourced) = p.sourced {
        table.put("Partner_Attribution__c", if sourced { "sourced" } else { "influenced" });
    }
    if let Some(percent) = p.percent {
        table.put("Partner_Attribution_Pct__c", percent.to_string());
    }
    if let Some(r) = p.registration {
        table.put("Deal_Registration_Id__c", ids.registration_id(r).text());
    }
    if let Some((start, end)) = p.protection {
        table.put("Protection_Start__c", day_text(start)).put("Protection_End__c", day_text(end));
    }
    table.flag("Price_Protected__c", p.price_protected).put("Discount_Band__c", p.band);
    table.put("Partner_Contact_Roles__c", p.roles).put("Channel_Conflict_Status__c", "none");
    if let Some((text, at)) = &p.notes {
        table.put("Stage_Notes__c", text).put("Stage_Notes_At__c", time_text(second(*at)));
    }
    if let Some((text, due)) = &p.next_step {
        table.put("NextStep", text).put("Next_Step_Due__c", day_text(*due));
        table.put("Next_Step_Owner__c", ids.user(deal.owner));
    }
}
