//! `drumbeat forecast`: the quarter's total with its interval, one deal's chance opened, and the forecast's own record.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use drumbeat_app::api::Nothing;
use drumbeat_app::error::Answer;
use drumbeat_app::forecast;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::deal::Motion;
use drumbeat_model::forecast::{
    Backtest, BacktestRequest, DealForecast, Forecast, ForecastDealQuery, ForecastIn, ForecastQuery, ForecastSum,
};
use drumbeat_model::time::Day;

use super::blocking;
use super::commands::{id, word};
use super::print::{Printer, table};

/// The forecast.
#[derive(Debug, Args)]
pub struct ForecastArgs {
    /// By the end of this day; the last day of the quarter when absent.
    #[arg(long, value_name = "DAY", conflicts_with = "backtest")]
    by: Option<Day>,
    /// Of this motion only.
    #[arg(long, conflicts_with = "backtest")]
    motion: Option<String>,
    /// Of this partner only, by its id.
    #[arg(long, value_name = "ID", conflicts_with = "backtest")]
    partner: Option<String>,
    /// One deal's chance and everything that it is made of.
    #[arg(long, value_name = "ID", conflicts_with_all = ["backtest", "motion", "partner"])]
    deal: Option<String>,
    /// Deals that are named, those that move the total most.
    #[arg(long, default_value_t = 10)]
    limit: u32,
    /// Play the past again: what would have been said each month, held against what came.
    #[arg(long)]
    backtest: bool,
    /// Play it as of this day.
    #[arg(long, value_name = "DAY", requires = "backtest")]
    as_of: Option<Day>,
    /// Learn anew from everything that has happened.
    #[arg(long, conflicts_with_all = ["backtest", "deal"])]
    learn: bool,
}

/// Runs it.
pub async fn run(ws: Arc<Workspace>, asked: ForecastArgs, printer: Printer) -> Answer<ExitCode> {
    if asked.backtest {
        let report = forecast::backtest(ws, BacktestRequest { as_of: asked.as_of }).await?;
        printer.result(&report, tested)?;
        return Ok(if report.cancelled { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    if let Some(deal) = asked.deal {
        let query = ForecastDealQuery { deal: id(deal), by: asked.by };
        let opened = blocking(move || forecast::forecast_deal(&ws, query)).await?;
        printer.result(&opened, one)?;
        return Ok(ExitCode::SUCCESS);
    }
    let motion = asked.motion.map(|text| word("motion", &text, Motion::from_name)).transpose()?;
    // What is learnt is kept, so that the next look is quick; anew only where it was asked for.
    if asked.learn {
        forecast::learn_forecast(Arc::clone(&ws), Nothing {}).await?;
    } else {
        forecast::learn_due(Arc::clone(&ws), Nothing {}).await?;
    }
    let query = ForecastQuery { by: asked.by, motion, partner: asked.partner.map(id), limit: asked.limit };
    let came = blocking(move || forecast::forecast(&ws, query)).await?;
    printer.result(&came, told)?;
    Ok(ExitCode::SUCCESS)
}

fn line(name: &str, sum: &ForecastSum) -> Vec<String> {
    vec![
        name.to_owned(),
        sum.won.to_string(),
        format!("{} in {}", sum.pipeline, sum.open_deals),
        sum.expected.to_string(),
        format!("{} to {}", sum.low, sum.high),
    ]
}

fn in_currency(one: &ForecastIn) -> String {
    let mut rows = vec![line("Total", &one.total)];
    for part in &one.by_credit {
        rows.push(line(part.credit.label(), &part.sum));
    }
    for part in &one.by_motion {
        rows.push(line(part.motion.map_or("No motion", Motion::label), &part.sum));
    }
    rows.push(line("With a partner", &one.partnered));
    rows.push(line("Open and moving", &one.active));
    rows.push(line("Open and stalled", &one.stalled));
    rows.push(line("Not in the pipeline yet", &one.not_yet_there));
    table(&["", "won", "open", "won and expected", "eight times in ten"], &rows)
}

fn told(came: &Forecast) -> String {
    let learnt = came.learnt_on.map_or_else(
        || "nothing has been learnt yet".to_owned(),
        |on| format!("learnt from {} closed deals by {on}", came.learnt_from),
    );
    let mut text = format!("Forecast of {} by {}, as of {}; {learnt}\n\n", came.from, came.by, came.as_of);
    for one in &came.currencies {
        text.push_str(&in_currency(one));
        text.push('\n');
    }
    if let Some(target) = &came.target {
        let chance = target.chance * 100.0;
        text.push_str(&format!(
            "Target {} with partners: {chance:.0} % to be met by what is there now\n\n",
            target.bookings
        ));
    }
    let rows: Vec<Vec<String>> = came
        .deals
        .iter()
        .map(|row| {
            let stalled = if row.stalled { ", stalled" } else { "" };
            let assumed = if row.assumed_amount { " (mean win)" } else { "" };
            vec![
                row.deal.0.clone(),
                format!("{:.0} %", row.chance * 100.0),
                format!("{}{assumed}", row.amount),
                format!("{}{stalled}", row.stage),
                row.name.clone(),
            ]
        })
        .collect();
    text.push_str(&table(&["deal", "chance", "amount", "stage", "name"], &rows));
    for note in &came.notes {
        text.push_str(&format!("\n{note}"));
    }
    text
}

fn one(opened: &DealForecast) -> String {
    let mut text = format!("{} ({})\n{}\n", opened.row.name, opened.row.stage, opened.says);
    for factor in &opened.factors {
        text.push_str(&format!("  {:<32} {:>8.3}   from {}\n", factor.kind.label(), factor.times, factor.learnt_from));
    }
    if let Some(days) = opened.days_left {
        text.push_str(&format!("Half of such deals are closed, won or lost, within {days} days.\n"));
    }
    if let Some(crm) = opened.crm {
        text.push_str(&format!("The CRM says {:.0} % to be won at all.\n", crm * 100.0));
    }
    text
}

fn tested(report: &Backtest) -> String {
    let mut text = format!("{}\n\n", report.verdict);
    let mut rows = Vec::new();
    for horizon in &report.horizons {
        for score in &horizon.scores {
            rows.push(vec![
                format!("{} days", horizon.days),
                score.who.label().to_owned(),
                format!("{:.4}", score.brier),
                format!("{:.4}", score.log_loss),
            ]);
        }
    }
    text.push_str(&table(&["horizon", "who", "Brier", "log loss"], &rows));
    for horizon in &report.horizons {
        let covered =
            horizon.coverage.map_or_else(String::new, |share| format!(", 80 % interval held {:.0} %", share * 100.0));
        text.push_str(&format!(
            "\n{} days: {} asked, {} won; off by {:.3} on average{covered}\n",
            horizon.days, horizon.asked, horizon.won, horizon.calibration_error
        ));
        let rows: Vec<Vec<String>> = horizon
            .calibration
            .iter()
            .map(|row| {
                let percent = |share: f64| format!("{:.1} %", share * 100.0);
                vec![row.deals.to_string(), percent(row.said), percent(row.came)]
            })
            .collect();
        text.push_str(&table(&["deals", "said", "came"], &rows));
    }
    if let Some(off) = report.totals.median_off {
        let covered = report.totals.coverage.unwrap_or(0.0) * 100.0;
        let quarters = report.totals.rows.len();
        text.push_str(&format!(
            "\nWins of the quarter, asked {quarters} times: off by {:.1} % (median), 80 % interval held {covered:.0} %\n",
            off * 100.0
        ));
    }
    for note in &report.notes {
        text.push_str(&format!("{note}\n"));
    }
    text
}
