//! Which customers were won with a partner, kept for those of which the CRM says what they are worth (K-17), so that the
//! program's numbers of customers cost no look at their deals.

use drumbeat_model::crm::ObjectKind;
use rusqlite::Row;
use rust_decimal::Decimal;

use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// As the index of such customers has it.
pub(crate) const WORTH: &str = "(retention IS NOT NULL OR satisfaction IS NOT NULL OR integrated IS NOT NULL)";
const WON: &str =
    "(SELECT max(deal.partner IS NOT NULL) FROM deal WHERE deal.account = company.id AND deal.outcome = 1)";

/// Customers of which the CRM says what they are worth, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighed {
    /// Customers.
    pub customers: u32,
    /// Those whose net revenue retention is known, and its percentages.
    pub retention: (u32, Decimal),
    /// Those whose satisfaction is known, and its points.
    pub satisfaction: (u32, Decimal),
    /// Those of which it is known whether they use the integration, and those that do.
    pub integrated: (u32, u32),
}

impl Reader<'_> {
    /// Customers won with a partner, and those won without one alone.
    ///
    /// # Errors
    /// SQLite.
    pub fn customers_weighed(&self) -> Result<(Weighed, Weighed)> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT joint, count(*), count(retention), coalesce(sum(retention), 0), count(satisfaction), \
             coalesce(sum(satisfaction), 0), count(integrated), coalesce(sum(integrated), 0) FROM company \
             WHERE {WORTH} AND joint IN (0, 1) GROUP BY joint"
        ))?;
        let counted = |row: &Row<'_>| {
            let sum = |at: usize| Ok::<_, rusqlite::Error>((row.get(at)?, Decimal::new(row.get(at + 1)?, 4)));
            let (retention, satisfaction) = (sum(2)?, sum(4)?);
            let integrated = (row.get(6)?, row.get(7)?);
            Ok((row.get::<_, bool>(0)?, Weighed { customers: row.get(1)?, retention, satisfaction, integrated }))
        };
        let (mut joint, mut direct) = (Weighed::default(), Weighed::default());
        for row in statement.query_map([], counted)? {
            let (is_joint, weighed) = row?;
            *(if is_joint { &mut joint } else { &mut direct }) = weighed;
        }
        Ok((joint, direct))
    }
}

impl Writer<'_> {
    /// Says of the companies that this write has to do with by whom they were won.
    pub(crate) fn keep_joint(&self) -> Result<()> {
        let touched = self.weighed.take();
        if self.is_bulk(ObjectKind::Deal)? || self.is_bulk(ObjectKind::Company)? {
            return Ok(());
        }
        let sql = format!("UPDATE company SET joint = {WON} WHERE id = ?1 AND {WORTH}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        for id in touched {
            statement.execute([id])?;
        }
        Ok(())
    }

    /// Says it of all.
    pub(crate) fn all_joint(&self) -> Result<()> {
        self.connection.execute(&format!("UPDATE company SET joint = {WON} WHERE {WORTH}"), [])?;
        Ok(())
    }
}
