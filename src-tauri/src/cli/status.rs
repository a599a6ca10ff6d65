//! `drumbeat status`: workspace, freshness, outbox, next SLA.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::Answer;
use drumbeat_app::status;
use drumbeat_model::time::Instant;

use super::blocking;
use super::print::Printer;

/// Shows it; 3 when something needs a person.
pub async fn run(app: &Arc<Drumbeat>, printer: Printer) -> Answer<ExitCode> {
    let app = Arc::clone(app);
    let status = blocking(move || status::status(&app, Nothing {})).await?;
    printer.result(&status, |s| {
        let at = |at: Instant| at.format("%Y-%m-%d %H:%M UTC").to_string();
        let mut text = format!("{}\nLast sync: {}", s.name, s.last_sync.map_or_else(|| "never".to_owned(), at));
        text.push_str(&format!("\nOutbox: {} pending, {} need you", s.pending, s.merge_conflicts));
        if s.merge_conflicts > 0 {
            text.push_str(" (drumbeat merges list, drumbeat merges refused)");
        }
        let (held, notices) = (s.held.unwrap_or(0), s.notices.unwrap_or(0));
        if held > 0 {
            text.push_str(&format!("\nHeld back, because facts have moved: {held}"));
        }
        if notices > 0 {
            text.push_str(&format!("\nNotices: {notices}"));
        }
        text.push_str(&format!("\nRegistrations waiting: {}, {} over the SLA", s.counts.inbox, s.counts.inbox_over));
        let channel = s.counts.channel;
        let open = channel.high + channel.medium + channel.low;
        text.push_str(&format!("\nChannel conflicts open: {open}, {} of high severity", channel.high));
        if let Some(next) = &s.next_sla {
            text.push_str(&format!("\nNext SLA: {}, {}", next.company, at(next.due)));
        }
        for note in s.read_only.iter().chain(&s.warning).chain(&s.differs) {
            text.push_str(&format!("\n{note}"));
        }
        text
    })?;
    Ok(if status.merge_conflicts > 0 || status.held.unwrap_or(0) > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}
