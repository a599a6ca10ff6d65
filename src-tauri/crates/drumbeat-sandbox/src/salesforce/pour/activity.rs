//! Meetings, calls, mails, tasks and notes on recent partner deals, so that clocks and evidence have something to rest on.

use crate::clock::Millis;
use crate::data::book::{Book, DAY, HOUR, Plan};
use crate::json::{day_text, time_text};
use crate::random::Random;
use crate::salesforce::follow;
use crate::salesforce::id::Id;
use crate::salesforce::org::{Org, second};
use crate::salesforce::pour::{Ids, Table};

pub(crate) fn make(org: &mut Org, book: &Book, ids: &Ids, plan: &Plan, now: Millis, random: &mut Random) {
    let recent: Vec<usize> = (0..book.deals.len())
        .rev()
        .filter(|d| book.deals[*d].open && book.deals[*d].partnered.is_some())
        .take(plan.active)
        .collect();
    for d in recent {
        let deal = &book.deals[d];
        for _ in 0..1 + random.below(4) {
            let span = ((now - HOUR - deal.created) / HOUR).clamp(1, 60 * 24);
            let at = second((now - HOUR - random.between(0, span) * HOUR).max(deal.created));
            let (object, id) = one(org, ids, &deal.name, (ids.deal_id(d), deal.owner), at, random);
            if let (Some(ix), Some(account)) = (org.ix(object), deal.account)
                && let Some(row) = org.at(ix).row_ix(id)
                && let Some(field) = org.at(ix).field_ix("AccountId")
            {
                org.at_mut(ix).set(row, &[(field, Some(ids.account_id(account).text()))]);
                follow::changed(org, ix, row);
            }
        }
    }
}

fn one(
    org: &mut Org,
    ids: &Ids,
    name: &str,
    (about, owner): (Id, usize),
    at: Millis,
    random: &mut Random,
) -> (&'static str, Id) {
    if random.chance(0.25) {
        let mut table = Table::new(org, "Event");
        table.put("Subject", format!("Joint call: {name}")).put("StartDateTime", time_text(at));
        table.put("ActivityDateTime", time_text(at)).put("EndDateTime", time_text(at + HOUR / 2));
        table.put("DurationInMinutes", "30").put("ActivityDate", day_text(at)).put("Type", "Meeting");
        table
            .put("EventSubtype", "Event")
            .put("ShowAs", "Busy")
            .put("WhatId", about.text())
            .put("OwnerId", ids.user(owner));
        table.put("CurrencyIsoCode", "USD");
        return ("Event", table.make((at, at), owner));
    }
    let mut table = Table::new(org, "Task");
    table
        .put("WhatId", about.text())
        .put("OwnerId", ids.user(owner))
        .put("Priority", "Normal")
        .put("CurrencyIsoCode", "USD");
    let done = match random.below(4) {
        0 => {
            table.put("TaskSubtype", "Call").put("Subject", format!("Call about {name}")).put("Type", "Call");
            table.put("CallType", ["Inbound", "Outbound"][random.below(2)]);
            table.put("CallDurationInSeconds", (random.between(2, 40) * 60).to_string());
            true
        }
        1 => {
            table.put("TaskSubtype", "Email").put("Subject", format!("Email: Re: {name}"));
            true
        }
        2 => {
            table.put("TaskSubtype", "Task").put("Subject", format!("Follow up with the partner on {name}"));
            random.chance(0.5)
        }
        _ => {
            table.put("TaskSubtype", "Task").put("Subject", "Note").flag("Drumbeat_Note__c", true);
            table.put("Description", "Partner confirmed the next meeting and will bring the customer's IT lead.");
            true
        }
    };
    // A task is due after it was made; what is done was done that day.
    let day = if done { at } else { at + random.between(1, 12) * DAY };
    table.put("ActivityDate", day_text(day)).put("Status", if done { "Completed" } else { "Not Started" });
    table.flag("IsClosed", done);
    if done {
        table.put("CompletedDateTime", time_text(at));
    }
    ("Task", table.make((at, at), owner))
}
