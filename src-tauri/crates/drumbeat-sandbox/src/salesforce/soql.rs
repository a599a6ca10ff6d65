//! The query language: words, grammar, what is meant, what is found, how it is shown.

pub(crate) mod bound;
mod dates;
mod grammar;
pub(crate) mod route;
pub(crate) mod run;
pub(crate) mod shown;
pub(crate) mod sums;
mod test;
mod tree;
mod words;

use crate::salesforce::problem::Problem;
use crate::salesforce::view::View;
use bound::{Binder, Bound};
pub(crate) use dates::{instant, time};
pub(crate) use test::decimal as number;

const LONGEST: usize = 100_000;

/// Reads a query and holds it against the org.
pub(crate) fn prepare(view: &View<'_>, query: &str) -> Result<Bound, Problem> {
    if query.len() > LONGEST {
        return Err(Problem::bad("MALFORMED_QUERY", "SOQL statements must be at most 100000 characters long"));
    }
    let select = grammar::parse(query)?;
    Binder { view, query }.bind(&select)
}
