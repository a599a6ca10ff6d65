//! Meetings, calls, mails, tasks and notes on recent partner deals, so that clocks and evidence have something to rest on.

use crate::clock::Millis;
use crate::data::book::{Book, DAY, HOUR, Plan};
use crate::hubspot::pour::{Ids, kind, owner_id, plain};
use crate::hubspot::world::{KindIx, World};
use crate::json::time_text;
use crate::random::Random;

pub(crate) fn make(world: &mut World, book: &Book, ids: &Ids, plan: &Plan, now: Millis, random: &mut Random) {
    let (deals, companies) = (kind(world, "deals"), kind(world, "companies"));
    let kinds: Vec<(KindIx, &str, u32, u32)> = ["meetings", "calls", "emails", "tasks", "notes"]
        .into_iter()
        .map(|name| {
            let k = kind(world, name);
            (k, name, plain(world, k, deals), plain(world, k, companies))
        })
        .collect();
    let recent: Vec<usize> = (0..book.deals.len())
        .rev()
        .filter(|d| book.deals[*d].open && book.deals[*d].partnered.is_some())
        .take(plan.active)
        .collect();
    for d in recent {
        let deal = &book.deals[d];
        for _ in 0..1 + random.below(4) {
            let (k, name, to_deal, to_company) = *random.pick(&kinds);
            let span = ((now - HOUR - deal.created) / HOUR).clamp(1, 60 * 24);
            let at = (now - HOUR - random.between(0, span) * HOUR).max(deal.created);
            let mut values: Vec<(&str, String)> =
                vec![("hs_timestamp", time_text(at)), ("hubspot_owner_id", owner_id(deal.owner).to_string())];
            match name {
                "meetings" => values.extend([
                    ("hs_meeting_title", format!("Joint call: {}", deal.name)),
                    ("hs_meeting_start_time", time_text(at)),
                    ("hs_meeting_end_time", time_text(at + HOUR / 2)),
                    ("hs_meeting_outcome", "COMPLETED".into()),
                ]),
                "calls" => values.extend([
                    ("hs_call_title", format!("Call about {}", deal.name)),
                    ("hs_call_direction", ["INBOUND", "OUTBOUND"][random.below(2)].into()),
                    ("hs_call_duration", (random.between(2, 40) * 60_000).to_string()),
                    ("hs_call_status", "COMPLETED".into()),
                ]),
                "emails" => values.extend([
                    ("hs_email_subject", format!("Re: {}", deal.name)),
                    ("hs_email_direction", ["EMAIL", "INCOMING_EMAIL"][random.below(2)].into()),
                    ("hs_email_status", "SENT".into()),
                ]),
                "tasks" => values.extend([
                    ("hs_task_subject", format!("Follow up with the partner on {}", deal.name)),
                    ("hs_task_status", ["NOT_STARTED", "COMPLETED"][random.below(2)].into()),
                    ("hs_task_priority", "MEDIUM".into()),
                    ("hs_task_type", "TODO".into()),
                ]),
                _ => values.push((
                    "hs_note_body",
                    "Partner confirmed the next meeting and will bring the customer's IT lead.".into(),
                )),
            }
            if name == "tasks" {
                // A task is due after it was made.
                values[0].1 = time_text(at + random.between(1, 12) * DAY);
            }
            let values = values.into_iter().map(|(n, v)| (world.sym(n), v.into())).collect();
            let id = world.make(k, at, at, values);
            world.link((k, id), (deals, ids.deal + d as u64), to_deal);
            let p = deal.partnered.as_ref().and_then(|p| p.partner);
            if let Some(p) = p {
                world.link((k, id), (companies, ids.partner(p)), to_company);
            }
            if let Some(a) = deal.account {
                world.link((k, id), (companies, ids.account(a)), to_company);
            }
        }
    }
}
