//! Certificates of partners' people.

use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::value;
use rusqlite::params;

use super::Values;
use crate::open::Result;
use crate::reader::days;
use crate::writer::Writer;

impl Writer<'_> {
    pub(super) fn project_certification(&self, id: &str, properties: &Properties) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let v = Values { mapping: &mapping, kind: ObjectKind::Certification, properties };
        let Some(partner) = v.get(F::Partner) else { return self.unproject(ObjectKind::Certification, id) };
        self.connection
            .prepare_cached(
                "INSERT INTO certification (id, partner, name, holder, kind, level, earned, expires, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (id) DO UPDATE SET partner = ?2, name = ?3, holder = ?4, kind = ?5, level = ?6, earned = ?7, expires = ?8, status = ?9",
            )?
            .execute(params![
                id,
                partner,
                v.get(F::Name).unwrap_or("Certificate"),
                v.get(F::Holder),
                v.get(F::CertificationKind),
                v.get(F::Level),
                v.get(F::EarnedAt).and_then(value::day).map(days),
                v.get(F::ExpiresAt).and_then(value::day).map(days),
                v.get(F::Status),
            ])?;
        // Who is certified is part of who stands first.
        if self.is_bulk(ObjectKind::Certification)? { Ok(()) } else { self.mark_company(Some(partner)) }
    }
}
