//! What everybody else does in the CRM: colleagues, workflows, an admin who tidies up.

use drumbeat_model::crm::{Link, ObjectKind, Properties};

use super::schema::STAGES;
use super::shared::Shared;
use super::world::Place;

const NAMES: &[&str] = &["Ana", "Bo", "Cem", "workflow"];
const ROLES: &[&str] = &["sponsor", "technical", "buyer", "legal"];

/// One act of somebody else.
pub fn act(shared: &mut Shared) {
    shared.tick();
    match shared.dice.u8(0..100) {
        0..60 => edit(shared),
        60..70 => decide(shared),
        70..76 => bin(shared),
        76..81 => hide(shared),
        81..86 => merge(shared),
        86..92 => add(shared),
        92..96 => follow_up(shared),
        _ => link(shared),
    }
}

fn any(shared: &mut Shared, kind: ObjectKind, wanted: impl Fn(&super::world::Row) -> bool) -> Option<Place> {
    let places: Vec<Place> = shared
        .world
        .rows
        .iter()
        .filter(|((other, _), row)| *other == kind && row.merged_into.is_none() && wanted(row))
        .map(|(place, _)| place.clone())
        .collect();
    shared.dice.choice(places)
}

fn name(shared: &mut Shared) -> &'static str {
    shared.dice.choice(NAMES).copied().unwrap_or("Ana")
}

fn set(shared: &mut Shared, place: &Place, values: &[(&str, String)]) {
    let values: Properties = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let by = name(shared);
    shared.world.put(place, &values, by);
}

/// A value that a person would give a deal's property, in whichever way this CRM writes it today.
pub fn deal_value(dice: &mut fastrand::Rng, property: &str) -> String {
    match property {
        "amount" => match dice.u8(0..4) {
            0 => String::new(),
            1 => format!("{}.00", dice.u32(1..9) * 1000),
            _ => (dice.u32(1..9) * 1000).to_string(),
        },
        "stage" => match dice.u8(0..6) {
            0 => "a stage nobody told us of".to_owned(),
            _ => STAGES.get(dice.usize(0..3)).map_or_else(String::new, |(id, _)| (*id).to_owned()),
        },
        "close_date" => format!("2027-0{}-1{}", dice.u8(1..9), dice.u8(0..9)),
        "contact_roles" => {
            let mut roles: Vec<&str> = ROLES.iter().copied().filter(|_| dice.bool()).collect();
            dice.shuffle(&mut roles);
            roles.join(";")
        }
        _ => format!("call again {}", dice.u8(0..9)),
    }
}

fn edit(shared: &mut Shared) {
    let kind = if shared.dice.u8(0..10) == 0 { ObjectKind::Company } else { ObjectKind::Deal };
    let Some(place) = any(shared, kind, |row| !row.archived) else { return };
    if kind == ObjectKind::Company {
        let tier = shared.dice.choice(["gold", "silver", ""]).unwrap_or_default();
        return set(shared, &place, &[("partner_tier", tier.to_owned())]);
    }
    let property = shared
        .dice
        .choice(["amount", "stage", "close_date", "next_step", "next_step", "contact_roles"])
        .unwrap_or("amount");
    let value = deal_value(&mut shared.dice, property);
    set(shared, &place, &[(property, value)]);
}

fn decide(shared: &mut Shared) {
    let Some(place) = any(shared, ObjectKind::Registration, |row| !row.archived) else { return };
    let status = shared.dice.choice(["approved", "declined", "submitted", "info_requested"]).unwrap_or("declined");
    shared.note("a colleague decided a registration");
    set(shared, &place, &[("status", status.to_owned()), ("decision_reason", "by a colleague".to_owned())]);
}

fn bin(shared: &mut Shared) {
    let kind = shared.dice.choice([ObjectKind::Deal, ObjectKind::Registration]).unwrap_or(ObjectKind::Deal);
    let Some(place) = any(shared, kind, |_| true) else { return };
    let mut now = false;
    if let Some(row) = shared.world.rows.get_mut(&place) {
        row.archived = !row.archived;
        row.was_archived = true;
        now = row.archived;
    }
    shared.note(if now { "a record went into the bin" } else { "a record came back from the bin" });
    shared.world.touch(&place);
}

fn hide(shared: &mut Shared) {
    let Some(place) = any(shared, ObjectKind::Deal, |_| true) else { return };
    if let Some(row) = shared.world.rows.get_mut(&place) {
        row.hidden = !row.hidden;
    }
    shared.note("a record went out of sight or came back");
    shared.world.touch(&place);
}

fn merge(shared: &mut Shared) {
    let Some(kind) = shared.dice.choice(shared.world.rules.merges).copied() else { return };
    let living = |row: &super::world::Row| !row.archived && !row.hidden;
    let (Some(loser), Some(survivor)) = (any(shared, kind, living), any(shared, kind, living)) else { return };
    let count = shared.world.rows.iter().filter(|((other, _), row)| *other == kind && living(row)).count();
    if loser != survivor && count > 2 {
        shared.note("two records were merged");
        shared.world.merge(kind, &loser.1, &survivor.1);
    }
}

fn add(shared: &mut Shared) {
    let amount = deal_value(&mut shared.dice, "amount");
    let values = [("name", "A deal from elsewhere"), ("pipeline", "main"), ("stage", "qualify"), ("amount", &amount)];
    let values: Properties = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let by = name(shared);
    shared.world.insert(ObjectKind::Deal, &values, Vec::new(), by);
}

/// A workflow writes over a field that Drumbeat wrote last.
fn follow_up(shared: &mut Shared) {
    let Some(entry) = shared.world.ledger.last().cloned() else { return };
    let Some((property, _, _)) =
        entry.replaced.iter().find(|(name, _, _)| name != super::schema::LAST_OP && name != super::schema::OP_ID)
    else {
        return;
    };
    if entry.place.0 == ObjectKind::Deal {
        shared.note("somebody changed what we had just written");
        let value = deal_value(&mut shared.dice, property);
        set(shared, &entry.place, &[(property.as_str(), value)]);
    }
}

fn link(shared: &mut Shared) {
    let (Some(deal), Some(company)) =
        (any(shared, ObjectKind::Deal, |row| !row.archived), any(shared, ObjectKind::Company, |row| !row.archived))
    else {
        return;
    };
    if let Some(row) = shared.world.rows.get_mut(&deal) {
        row.links.insert(Link { to: ObjectKind::Company, id: company.1, primary: false });
    }
}
