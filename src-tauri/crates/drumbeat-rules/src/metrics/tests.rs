#![allow(clippy::unwrap_used)]

use drumbeat_model::registration::DeclineReason;

use super::*;

fn sums(deals: u32, amount: i64) -> Sums {
    Sums { deals, priced: deals, amount: amount.into(), ..Sums::default() }
}

fn number(ledger: &Ledger, id: &str) -> Metric {
    table().find(|row| row.id == id).unwrap().metric(ledger, None, None)
}

/// Eight deals that a person can add up.
fn quarter() -> Ledger {
    let mut ledger = Ledger::default();
    let days = |mut of: Sums, cycled, cycle_days| {
        (of.cycled, of.cycle_days) = (cycled, cycle_days);
        of
    };
    ledger.add(Stand::Won, Part::Sourced, days(sums(2, 30_000), 2, 90));
    let influenced = Sums { weighed: 1, share: Decimal::from(2_500), ..days(sums(2, 20_000), 1, 31) };
    ledger.add(Stand::Won, Part::Influenced, influenced);
    ledger.add(Stand::Won, Part::Untold, sums(1, 7_000));
    ledger.add(Stand::Won, Part::Direct, sums(1, 99_000));
    ledger.add(Stand::Lost, Part::Sourced, sums(3, 9_000));
    ledger.add(Stand::Lost, Part::Direct, sums(3, 1_000));
    ledger
}

#[test]
fn every_number_is_the_one_that_a_person_adds_up_by_hand() {
    let ledger = quarter();
    for (id, value, direct) in [
        ("sourced_revenue", "30000", Some("99000")),
        ("influenced_revenue", "20000", None),
        ("influenced_weighted", "2500", None),
        ("revenue", "57000", Some("99000")),
        ("won", "5", Some("1")),
        // 5 of 8, and 1 of 4.
        ("win_rate", "62.5", Some("25")),
        ("win_rate_difference", "37.5", None),
        ("average_won", "11400", Some("99000")),
        // 66,000 of 8 deals, and 100,000 of 4.
        ("average_closed", "8250", Some("25000")),
        // 121 days of the three that have both.
        ("cycle", "40.3", None),
    ] {
        let metric = number(&ledger, id);
        let text = |of: Option<Decimal>| of.map(|of| of.normalize().to_string());
        assert_eq!(text(metric.value).as_deref(), Some(value), "{id}");
        assert_eq!(text(metric.direct).as_deref(), direct, "{id}");
    }
}

#[test]
fn what_is_missing_is_told_and_bounds_the_number() {
    let ledger = quarter();
    let sourced = number(&ledger, "sourced_revenue");
    assert_eq!((sourced.known, sourced.of), (4, 5), "one deal does not tell its partner's part");
    assert_eq!(sourced.range, Some((30_000.into(), 37_000.into())));
    let weighted = number(&ledger, "influenced_weighted");
    assert_eq!((weighted.known, weighted.of, weighted.range), (1, 3, Some((2_500.into(), 27_000.into()))));
    let cycle = number(&ledger, "cycle");
    assert_eq!((cycle.known, cycle.of), (3, 5));
    assert_eq!(number(&ledger, "won").range, None);
    let aimed = Ledger { target: Some(76_000.into()), ..quarter() };
    assert_eq!(number(&aimed, "target").value, Some(75.into()), "57,000 of 76,000");
    assert_eq!(number(&ledger, "target").value, None, "nobody has said a target");
    let nothing = number(&Ledger::default(), "win_rate");
    assert_eq!((nothing.value, nothing.direct), (None, None), "nothing closed is no rate");
}

#[test]
fn every_number_has_a_name_of_its_own_and_says_how_it_is_counted() {
    let mut ids: Vec<&str> = table().map(|row| row.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), table().count());
    assert!(table().all(|row| row.rule.starts_with("K-") && row.definition.ends_with('.')));
}

fn text(of: Option<Decimal>) -> Option<String> {
    of.map(|of| of.normalize().to_string())
}

type Bounds = Option<(String, String)>;

/// The numbers of a ledger with what is known of how much, and between which bounds.
fn told_of(ledger: &Ledger, id: &str) -> (Option<String>, (u32, u32), Bounds) {
    let metric = number(ledger, id);
    let ends = metric.range.map(|(least, most)| (least.normalize().to_string(), most.normalize().to_string()));
    (text(metric.value), (metric.known, metric.of), ends)
}

fn value(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The eight closed deals with partners of [`quarter`], three of them registered: two won in 30 and 51 days, one lost. Of
/// the five won four name their products, two of those with services, one with an integration. Six of the eight say
/// whether they are new: three renewals, two of them won, and one expansion for 9,000.
fn told_apart() -> Ledger {
    let mut ledger = quarter();
    let mut with = |what, won, sums| ledger.add_trait(what, won, true, sums);
    with(DealTrait::Registered, true, Sums { cycled: 2, cycle_days: 81, ..sums(2, 31_000) });
    with(DealTrait::Registered, false, sums(1, 4_000));
    with(DealTrait::Named, true, sums(4, 50_000));
    with(DealTrait::Services, true, sums(2, 20_000));
    with(DealTrait::Integration, true, sums(1, 5_000));
    with(DealTrait::Kinded, true, sums(4, 45_000));
    with(DealTrait::Kinded, false, sums(2, 5_000));
    with(DealTrait::Renewal, true, sums(2, 30_000));
    with(DealTrait::Renewal, false, sums(1, 2_000));
    with(DealTrait::Expansion, true, sums(1, 9_000));
    ledger.add_trait(DealTrait::Named, true, false, sums(1, 99_000));
    ledger.add_trait(DealTrait::Services, true, false, sums(1, 99_000));
    ledger
}

#[test]
fn registered_deals_are_held_against_the_others_with_a_partner() {
    let ledger = told_apart();
    // Two of three; the others three of five, 60 %.
    assert_eq!(told_of(&ledger, "registered_conversion"), (value("66.7"), (3, 3), None));
    assert_eq!(told_of(&ledger, "registered_difference"), (value("6.7"), (3, 8), None));
    assert_eq!(told_of(&ledger, "registered_average"), (value("15500"), (2, 2), None));
    assert_eq!(told_of(&ledger, "velocity"), (value("40.5"), (2, 2), None));
    assert_eq!(told_of(&quarter(), "velocity"), (None, (0, 0), None), "nothing was registered");
}

#[test]
fn what_deals_do_not_name_bounds_what_is_attached_and_what_renews() {
    let ledger = told_apart();
    let bounds = |least: &str, most: &str| Some((least.to_owned(), most.to_owned()));
    // Two of the four that name products; with the fifth two or three of five.
    assert_eq!(told_of(&ledger, "services_attached"), (value("50"), (4, 5), bounds("40", "60")));
    assert_eq!(text(number(&ledger, "services_attached").direct), value("100"));
    assert_eq!(told_of(&ledger, "integration_attached"), (value("25"), (4, 5), bounds("20", "40")));
    // Two of three; were the silent lost deal a renewal two of four, were the silent won one three of four.
    assert_eq!(told_of(&ledger, "renewal_rate"), (value("66.7"), (6, 8), bounds("50", "75")));
    // 9,000 of the 45,000 that say so; of 57,000, or with the 12,000 that do not.
    assert_eq!(told_of(&ledger, "expansion_share"), (value("20"), (4, 5), bounds("15.8", "36.8")));
}

#[test]
fn registrations_are_counted_from_submission_to_the_end_of_their_protection() {
    let claims = Claims {
        submitted: 9,
        approved: 6,
        declined: 2,
        reasons: std::collections::BTreeMap::from([(Some(DeclineReason::Duplicate), 2)]),
        // Seven verdicts after 210 hours in all.
        timed: (7, 756_000),
        met: (3, 4),
        ended: (5, 1),
    };
    let mut twice = claims.clone();
    twice += claims.clone();
    assert_eq!(
        (twice.submitted, twice.timed, twice.reasons[&Some(DeclineReason::Duplicate)]),
        (18, (14, 1_512_000), 4)
    );
    let ledger = Ledger { claims: Some(claims), ..Ledger::default() };
    assert_eq!(told_of(&ledger, "registrations"), (value("9"), (9, 9), None));
    assert_eq!(told_of(&ledger, "approval_rate"), (value("75"), (8, 8), None));
    assert_eq!(told_of(&ledger, "decision_time"), (value("30"), (7, 8), None));
    assert_eq!(told_of(&ledger, "meeting_rate"), (value("75"), (4, 6), None), "two still have time");
    assert_eq!(told_of(&ledger, "expired"), (value("20"), (5, 5), None));
    assert_eq!(told_of(&Ledger::default(), "registrations"), (None, (0, 0), None), "not counted is no number");
}

#[test]
fn partners_are_counted_by_who_is_at_work_and_on_whom_it_rests() {
    let partners = Partners {
        all: 8,
        at_work: 3,
        won: [40, 20, 20, 10, 5, 5].map(Decimal::from).to_vec(),
        first_won: 3,
        started: (2, 151),
    };
    let ledger = Ledger { partners: Some(partners), ..quarter() };
    assert_eq!(told_of(&ledger, "active_partners"), (value("37.5"), (8, 8), None));
    assert_eq!(told_of(&ledger, "top_partner"), (value("40"), (5, 5), None));
    assert_eq!(told_of(&ledger, "top_five"), (value("95"), (5, 5), None));
    assert_eq!(told_of(&ledger, "first_deal"), (value("75.5"), (2, 3), None), "one does not say since when it is one");
}

#[test]
fn a_certificate_that_nobody_holds_by_name_may_be_of_one_more_person() {
    let ledger = Ledger { certified: Some(Certified { valid: 7, held: 5, people: 4, ending: 2 }), ..Ledger::default() };
    let bounds = Some(("4".to_owned(), "6".to_owned()));
    assert_eq!(told_of(&ledger, "certified_people"), (value("4"), (5, 7), bounds));
    assert_eq!(told_of(&ledger, "certificates"), (value("7"), (7, 7), None));
    assert_eq!(told_of(&ledger, "certificates_ending"), (value("2"), (7, 7), None));
}

#[test]
fn channel_conflicts_are_counted_by_their_clocks_and_by_who_settled_them() {
    let conflicts = Conflicts {
        raised: 6,
        // 2 h, 3 h, 24 h and 100 h: 13.5 h is between the middle two.
        acknowledged: vec![6000, 120, 1440, 180],
        closed: vec![7200, 600, 60],
        settled: (4, 3),
        appeals: (2, 1),
        of_deals: 80,
    };
    let ledger = Ledger { conflicts: Some(conflicts), ..Ledger::default() };
    assert_eq!(told_of(&ledger, "conflicts"), (value("6"), (6, 6), None));
    assert_eq!(told_of(&ledger, "conflict_rate"), (value("7.5"), (80, 80), None));
    assert_eq!(told_of(&ledger, "conflict_acknowledged"), (value("13.5"), (4, 6), None));
    assert_eq!(told_of(&ledger, "conflict_resolved"), (value("10"), (3, 6), None));
    assert_eq!(told_of(&ledger, "conflicts_by_rule"), (value("75"), (4, 4), None));
    assert_eq!(told_of(&ledger, "appeals_upheld"), (value("50"), (2, 2), None));
}

#[test]
fn a_word_of_the_policy_is_found_in_any_case_among_the_products() {
    let words = ["service".to_owned(), "API".to_owned()];
    assert!(attaches("Suite; Onboarding Services", &words) && attaches("open api", &words));
    assert!(!attaches("Suite", &words) && !attaches("", &words));
}

#[test]
fn what_incentives_cost_is_held_against_the_deals_that_cost_them() {
    let mut ledger = quarter();
    assert_eq!(told_of(&ledger, "incentive_cost"), (None, (0, 5), None), "a CRM that keeps none is told nothing of it");
    assert_eq!(told_of(&ledger, "incentive_return").0, None);
    ledger.add_trait(DealTrait::Annual, true, true, sums(4, 24_000));
    ledger.add_trait(DealTrait::Annual, true, false, sums(1, 33_000));
    ledger.add_trait(DealTrait::Rewarded, true, true, sums(2, 30_000));
    ledger.add_trait(DealTrait::Incentive, true, true, sums(2, 2_400));
    assert_eq!(told_of(&ledger, "annual_value"), (value("24000"), (4, 5), None));
    assert_eq!(text(number(&ledger, "annual_value").direct), value("33000"));
    assert_eq!(told_of(&ledger, "incentive_cost"), (value("2400"), (2, 5), None));
    // 30,000 for 2,400.
    assert_eq!(told_of(&ledger, "incentive_return"), (value("12.5"), (2, 5), None));
}

#[test]
fn joint_customers_are_told_of_beside_those_that_were_won_without_a_partner() {
    let said = |text: &str| Some(text.parse::<Decimal>().unwrap());
    let mut customers = Customers::default();
    customers.joint.add(said("112.6"), said("4.5"), Some(true));
    customers.joint.add(said("98"), None, None);
    customers.joint.add(None, said("3"), Some(false));
    customers.joint.add(None, None, Some(true));
    customers.direct.add(said("101"), None, Some(false));
    let ledger = Ledger { customers: Some(customers), ..Ledger::default() };
    // 210.6 of two.
    assert_eq!(told_of(&ledger, "retention"), (value("105.3"), (2, 4), None));
    assert_eq!(text(number(&ledger, "retention").direct), value("101"));
    assert_eq!(told_of(&ledger, "satisfaction"), (value("3.8"), (2, 4), None));
    assert_eq!(number(&ledger, "satisfaction").direct, None);
    // Two of three, and two or three of four.
    assert_eq!(told_of(&ledger, "integration_used"), (value("66.7"), (3, 4), Some(("50".to_owned(), "75".to_owned()))));
    assert_eq!(told_of(&Ledger::default(), "retention").0, None, "a CRM that keeps nothing of it");
}
