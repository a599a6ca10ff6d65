//! The records behind a number are the ones that it was counted from: of the program and of every group.

use drumbeat_app::api::Nothing;
use drumbeat_app::channel;
use drumbeat_app::metrics::{engagement, metric_records, metrics, stage_steps};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::metrics::{
    Metric, MetricBy, MetricDefinition, MetricGroupKey, MetricRecordKind, MetricRecordsQuery, MetricsQuery, OfQuarter,
};
use rust_decimal::prelude::ToPrimitive;

use crate::desk::Desk;

/// What says how many records are behind a number.
enum Says {
    Value,
    Of,
    Known,
}

const COUNTED: &[(&str, Says)] = &[
    ("won", Says::Value),
    ("win_rate", Says::Of),
    ("created", Says::Of),
    ("annual_value", Says::Known),
    ("incentive_cost", Says::Known),
    ("registered_conversion", Says::Of),
    ("registrations", Says::Value),
    ("approval_rate", Says::Of),
    ("expired", Says::Of),
    ("active_partners", Says::Of),
    ("first_deal", Says::Of),
    ("certificates", Says::Value),
    ("certificates_ending", Says::Value),
    ("retention", Says::Of),
    ("conflicts", Says::Value),
];

/// How many numbers were looked at, and had any record.
fn compare(
    desk: &Desk,
    query: &MetricsQuery,
    definitions: &[MetricDefinition],
    told: &[Metric],
    group: Option<&MetricGroupKey>,
) -> usize {
    let mut some = 0;
    for (is, metric) in definitions.iter().zip(told) {
        let Some((_, says)) = COUNTED.iter().find(|(id, _)| *id == is.id) else { continue };
        if group.is_some_and(|group| !is.by.contains(&group.by)) {
            continue;
        }
        let wanted = match says {
            Says::Value => metric.value.and_then(|value| value.to_usize()).unwrap_or(0),
            Says::Of => metric.of as usize,
            Says::Known => metric.known as usize,
        };
        let asked = MetricRecordsQuery { id: is.id.clone(), quarter: query.quarter, group: group.cloned() };
        let found = metric_records(&desk.ws, asked).unwrap();
        assert_eq!((found.rows.len(), found.more), (wanted, false), "{} of {group:?} in {:?}", is.id, query.quarter);
        some += usize::from(wanted > 0);
    }
    some
}

async fn what_is_listed_behind_a_number_is_what_was_counted(crm: Vendor) {
    let desk = Desk::new(crm).await;
    channel::judge_due(desk.ws.clone(), Nothing {}).await.unwrap();
    let year = desk.ws.policy.calendar.fiscal_year();
    let running = year.quarter_of(desk.ws.clock.today());
    let mut some = 0;
    for quarter in [running, running.previous()] {
        for by in MetricBy::ALL.iter().filter(|by| **by != MetricBy::Quarter) {
            let query = MetricsQuery { quarter: Some(quarter), by: Some(*by), limit: 500 };
            let report = metrics(&desk.ws, query.clone()).unwrap();
            some += compare(&desk, &query, &report.definitions, &report.program, None);
            for group in &report.groups {
                let key = MetricGroupKey { by: *by, key: group.key.clone() };
                // Of what has no partner no number of partners is told.
                let partnered = matches!(by, MetricBy::Motion | MetricBy::Owner) || !group.key.is_empty();
                if partnered {
                    some += compare(&desk, &query, &report.definitions, &group.metrics, Some(&key));
                }
            }
        }
    }
    assert!(some > 100, "only {some} numbers had any record");
    let unknown = MetricRecordsQuery { id: "charm".to_owned(), quarter: None, group: None };
    assert_eq!(metric_records(&desk.ws, unknown).unwrap_err().id, "metrics.unknown");
    let customers = MetricRecordsQuery { id: "retention".to_owned(), quarter: None, group: None };
    let customers = metric_records(&desk.ws, customers).unwrap();
    let first = customers.rows.first().expect("customers that renew");
    assert_eq!(first.opens, MetricRecordKind::Customer);
    assert!(first.note.starts_with("retention "), "{first:?}");
}

async fn a_deal_that_moves_on_and_a_touch_are_told_where_business_moves(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let of = OfQuarter::default();
    let before = stage_steps(&desk.ws, of.clone()).unwrap();
    let counted = |steps: &drumbeat_model::metrics::StageSteps| -> u32 {
        steps.stages.iter().map(|step| step.partner.count + step.direct.count).sum()
    };
    let deal = desk.deal(0);
    let mapping = desk.ws.read(|r| r.mapping()).unwrap();
    let known = desk.ws.read(|r| r.deal(&deal.as_str().into())).unwrap().unwrap();
    let pipeline = mapping.pipelines.iter().find(|pipeline| pipeline.id == known.pipeline).unwrap();
    let next = pipeline.stages.iter().find(|stage| stage.position > known.position).unwrap();
    desk.edit(ObjectKind::Deal, &deal, &[(Field::Stage, &next.id)]);
    desk.wait(120);
    desk.sync().await;
    let after = stage_steps(&desk.ws, of.clone()).unwrap();
    assert_eq!(counted(&after), counted(&before) + 1);
    assert!(
        after.stages.iter().any(|step| step.stage == known.stage_label && step.partner.count + step.direct.count > 0)
    );

    let found = engagement(&desk.ws, of).unwrap();
    assert!(found.touched > 0 && found.touched <= found.partners, "{found:?}");
    assert!(found.touches >= found.touched);
    assert!(found.rows.is_sorted_by_key(|row| std::cmp::Reverse(row.open)));
    assert!(found.rows.iter().all(|row| row.engaged <= row.open && (row.touches == 0 || row.last.is_some())));
}

for_each_crm!(
    what_is_listed_behind_a_number_is_what_was_counted,
    a_deal_that_moves_on_and_a_touch_are_told_where_business_moves,
);
