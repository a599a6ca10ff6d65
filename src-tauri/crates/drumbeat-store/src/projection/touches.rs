//! Touches: tasks, notes, meetings, calls and e-mails, each as one line.

use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::value;
use rusqlite::params;

use super::Values;
use crate::open::Result;
use crate::reader::{code, ms};
use crate::writer::Writer;

impl Writer<'_> {
    pub(super) fn project_touch(
        &self,
        kind: ObjectKind,
        id: &str,
        properties: &Properties,
        pending: bool,
    ) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let v = Values { mapping: &mapping, kind, properties };
        let at = v.get(F::At).or_else(|| v.get(F::DueAt)).or_else(|| v.get(F::CreatedAt)).and_then(value::instant);
        let done = match kind {
            ObjectKind::Task => v.get(F::Status).is_some_and(|status| status.eq_ignore_ascii_case("completed")),
            _ => true,
        };
        let body = v.get(F::Body).map(first_line);
        let title = v.get(F::Title).map(str::to_owned).or(body).unwrap_or_else(|| kind.name().to_owned());
        self.connection
            .prepare_cached(
                "INSERT INTO touch (id, kind, at, title, owner, is_done, is_pending) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET kind = ?2, at = ?3, title = ?4, owner = ?5, is_done = ?6, is_pending = ?7",
            )?
            .execute(params![id, code(kind), at.map(ms), title, v.get(F::Owner), done, pending])?;
        self.mark_contact(kind, id)
    }
}

/// The first line of a note, without markup, at most 160 characters.
fn first_line(text: &str) -> String {
    let mut plain = String::with_capacity(text.len().min(200));
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                plain.push(' ');
            }
            _ if !inside => plain.push(c),
            _ => {}
        }
        if plain.len() > 400 {
            break;
        }
    }
    let line = plain.trim().lines().next().unwrap_or("").trim();
    line.chars().take(160).collect()
}
