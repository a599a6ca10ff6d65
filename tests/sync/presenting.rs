//! What is shown of the book besides its lists: to a partner who looks on, in the order of what to put right, and of the
//! channel conflicts that a deal is in.

use std::collections::BTreeSet;

use drumbeat_app::{activity, channel, deals, present};
use drumbeat_model::activity::AuditQuery;
use drumbeat_model::board::MendQuery;
use drumbeat_model::channel::ConflictsQuery;
use drumbeat_model::crm::{ObjectKind, Outcome, Vendor};
use drumbeat_model::deal::{DealFilter, DealsQuery, EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::present::Present;

use crate::desk::Desk;

const NOTES: &str = "canarynotesquillfeather";
const STEP: &str = "canarystepforbothofus";

/// The partner of most open deals, and one of its deals.
fn partner(desk: &Desk) -> (PartnerId, DealId) {
    let query = DealsQuery {
        filter: DealFilter { outcome: Some(Outcome::Open), partnered: Some(true), ..DealFilter::default() },
        ..DealsQuery::default()
    };
    let row = deals::deals(&desk.ws, query).unwrap().rows.remove(0);
    (deals::deal(&desk.ws, row.id.clone()).unwrap().partner_id.unwrap(), row.id)
}

async fn a_partner_who_looks_on_is_sent_its_own_records_through_the_safelist_and_it_is_logged(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (partner, deal) = partner(&desk);
    let edit = |field, value: &str| FieldEdit { field, value: Some(value.to_owned()) };
    let set = vec![edit(Field::StageNotes, NOTES), edit(Field::NextStep, STEP)];
    deals::edit_deal(&desk.ws, EditDeal { deal: deal.clone(), set, override_reason: None, confirm: Vec::new() })
        .unwrap();
    let logged = || {
        let rows = activity::audit(&desk.ws, AuditQuery::default()).unwrap().rows;
        rows.into_iter().filter(|row| row.act == "present").collect::<Vec<_>>()
    };
    let request = || Present { partner: partner.clone() };
    let read = present::presented(&desk.ws, request()).unwrap();
    assert!(logged().is_empty(), "to read is not to show");
    let shown = present::present(&desk.ws, request()).unwrap();
    let entries = logged();
    assert_eq!(entries.len(), 1, "V-02");
    assert!(entries[0].title.contains(&shown.name), "{}", entries[0].title);
    assert_eq!(shown.deals, read.deals);
    let text = serde_json::to_string(&shown).unwrap();
    assert!(text.contains(STEP), "a next step is on the safelist");
    assert!(!text.contains(NOTES), "stage notes are internal");
    assert!(shown.withheld.iter().any(|field| field == Field::StageNotes.label()), "{:?}", shown.withheld);
    assert!(!shown.deals.is_empty());
    for one in &shown.deals {
        let of = deals::deal(&desk.ws, one.id.clone()).unwrap().partner_id;
        assert_eq!(of.as_ref(), Some(&partner), "{:?} is another partner's", one.name);
    }
    assert!(present::present(&desk.ws, Present { partner: "nobody".into() }).is_err());
    assert_eq!(logged().len(), 1, "what is not shown is not logged");
}

async fn what_is_to_be_put_right_is_the_same_list_page_by_page_as_at_once(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let ids = |limit: u32| {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = deals::mend_list(&desk.ws, MendQuery { after, limit, ..MendQuery::default() }).unwrap();
            assert!(page.rows.len() <= limit as usize);
            assert_eq!(page.scores.is_empty(), !all.is_empty(), "the scores come with the first page");
            all.extend(page.rows.into_iter().map(|row| row.row.id.0));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    };
    let whole = ids(200);
    assert!(whole.len() > 20, "the sample has something to put right: {}", whole.len());
    assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len(), "none twice");
    assert_eq!(ids(7), whole);
    let odd = MendQuery { after: Some("no key".to_owned()), ..MendQuery::default() };
    assert!(deals::mend_list(&desk.ws, odd).is_err());
}

async fn a_deal_says_the_open_channel_conflicts_that_it_is_in(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let open = channel::conflicts(&desk.ws, ConflictsQuery::default()).unwrap().rows;
    let mut asked = 0;
    for row in &open {
        let request = drumbeat_model::channel::ConflictRef { conflict: row.id.clone() };
        for record in channel::conflict(&desk.ws, request).unwrap().records {
            if record.kind == ObjectKind::Deal
                && deals::deal(&desk.ws, record.id.as_str().into()).unwrap().account_id.is_some()
            {
                let of_deal = channel::deal_conflicts(&desk.ws, record.id.as_str().into()).unwrap();
                assert!(of_deal.iter().any(|one| one.id == row.id), "{} is in {}", record.label, row.id);
                assert!(of_deal.iter().all(|one| open.iter().any(|known| known.id == one.id)), "only open ones");
                asked += 1;
            }
        }
    }
    assert!(asked > 0, "the sample has a channel conflict with a deal");
    assert!(channel::deal_conflicts(&desk.ws, "nothing".into()).unwrap().is_empty());
}

for_each_crm! {
    a_partner_who_looks_on_is_sent_its_own_records_through_the_safelist_and_it_is_logged,
    what_is_to_be_put_right_is_the_same_list_page_by_page_as_at_once,
    a_deal_says_the_open_channel_conflicts_that_it_is_in,
}
