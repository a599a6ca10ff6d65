//! Contacts of accounts and partners, their roles in deals, and leads that are no registrations.

use crate::clock::Millis;
use crate::data::book::{Book, DAY, Export, HOUR};
use crate::data::{kittycorn, names};
use crate::random::Random;
use crate::salesforce::id::Id;
use crate::salesforce::org::Org;
use crate::salesforce::pour::{Ids, Table};

struct Place<'a> {
    account: Id,
    name: &'a str,
    domain: &'a str,
    owner: usize,
}

pub(crate) fn contacts(org: &mut Org, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    let make = |org: &mut Org, at: &Place<'_>, n: usize, title: &str, role: &str, random: &mut Random| {
        let (first, last) = names::person(random);
        let host = if at.domain.is_empty() { names::domain(at.name) } else { at.domain.to_owned() };
        let mut table = Table::new(org, "Contact");
        table.put("FirstName", &first).put("LastName", &last).put("Name", format!("{first} {last}"));
        table.put("Email", format!("{}.{}{n}@{host}", first.to_lowercase(), last.to_lowercase())).put("Title", title);
        table
            .put("AccountId", at.account.text())
            .put("Partner_Contact_Role__c", role)
            .put("OwnerId", ids.user(at.owner));
        table.put("CurrencyIsoCode", "USD");
        let created = now - random.between(10, 900) * DAY;
        table.make((created, created + random.between(0, HOUR)), at.owner)
    };
    let mut known: Vec<Option<Id>> = vec![None; book.accounts.len()];
    for (account, columns) in &book.export.contacts {
        let owner = account.map_or(0, |a| book.accounts[a].owner);
        let mut table = Table::new(org, "Contact");
        table.put_all(columns, &["Id", "AccountId", "OwnerId"]);
        let of = |name: &str| Export::get(columns, name);
        table.put("Name", format!("{} {}", of("FirstName"), of("LastName")).trim()).put("CurrencyIsoCode", "USD");
        // An owner who owns no account is among the sellers as well.
        let by = book.export.users.iter().position(|id| id == of("OwnerId")).unwrap_or(owner);
        table.put("OwnerId", ids.user(by));
        if let Some(account) = account {
            table.put("AccountId", ids.account_id(*account).text());
        }
        let made = kittycorn::time(of("CreatedDate")).unwrap_or(now - 400 * DAY).min(now - DAY);
        let updated = kittycorn::time(of("SystemModstamp")).unwrap_or(made).min(now - 1_000);
        let id = table.make_as(Id::parse(of("Id")), (made, updated), by);
        if let Some(first) = account.and_then(|a| known.get_mut(a)) {
            first.get_or_insert(id);
        }
    }
    for (i, p) in book.partners.iter().enumerate() {
        let at = Place { account: ids.partner_id(i), name: &p.name, domain: &p.domain, owner: p.owner };
        for (n, role) in ["ae", "se", "alliance"].iter().enumerate().take(1 + random.below(3)) {
            let title = ["Partner account executive", "Solutions engineer", "Alliance lead"][n];
            make(org, &at, n + i, title, role, random);
        }
    }
    let mut first_of = Vec::with_capacity(book.accounts.len());
    for (i, a) in book.accounts.iter().enumerate() {
        let at = Place { account: ids.account_id(i), name: &a.name, domain: &a.domain, owner: a.owner };
        first_of.push(match known[i] {
            Some(id) => id,
            None => make(org, &at, i, ["Head of operations", "IT director", "Purchasing manager"][i % 3], "", random),
        });
    }
    for (d, deal) in book.deals.iter().enumerate().filter(|(_, d)| d.open) {
        if let Some(a) = deal.account {
            let mut table = Table::new(org, "OpportunityContactRole");
            table.put("OpportunityId", ids.deal_id(d).text()).put("ContactId", first_of[a].text());
            table.put("Role", "Decision Maker").flag("IsPrimary", true).put("CurrencyIsoCode", "USD");
            table.make((deal.created, deal.created), deal.owner);
        }
    }
}

/// Leads as marketing brings them: one for each forty deals.
pub(crate) fn leads(org: &mut Org, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    let mut table = Table::new(org, "Lead");
    for n in 0..(book.deals.len() / 40).max(6) {
        let (first, last) = names::person(random);
        let (company, trade) = names::company(names::COMPANIES / 2 + n);
        let place = random.pick(&names::PLACES);
        let host = names::domain(&company);
        table.put("FirstName", &first).put("LastName", &last).put("Name", format!("{first} {last}"));
        table.put("Company", &company).put("Email", format!("{}@{host}", last.to_lowercase())).put("Website", &host);
        table.put("Country", place.0).put("City", place.1).put("Industry", trade.to_lowercase());
        table.put("Status", ["Open - Not Contacted", "Working - Contacted", "Closed - Not Converted"][random.below(3)]);
        table.put("LeadSource", ["Web", "Phone Inquiry", "Purchased List"][random.below(3)]);
        table.put("OwnerId", ids.user(random.below(book.sellers.len()))).put("CurrencyIsoCode", "USD");
        let created = now - random.between(1, 400) * DAY;
        table.make((created, created + random.between(0, DAY)), 0);
    }
}
