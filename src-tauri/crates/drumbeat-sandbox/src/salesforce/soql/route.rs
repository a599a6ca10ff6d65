//! Routes: from a row over references to a value.

use crate::salesforce::id::Id;
use crate::salesforce::org::{FieldIx, ObjectIx, Org, RowIx};
use crate::salesforce::schema::Type;
use crate::salesforce::view::View;

/// A step of a route: a field of an object that is known, or a name where several objects may stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Known(FieldIx),
    Named(String),
    /// Which object it is that stands there.
    Kind,
}

/// The way from a row to a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Route {
    pub(crate) steps: Vec<Step>,
    pub(crate) of: Type,
    /// As the vendor writes it: `Account.Name`.
    pub(crate) name: String,
}

impl Route {
    /// The field itself, where the value stands in the row.
    pub(crate) fn direct(&self) -> Option<FieldIx> {
        match self.steps[..] {
            [Step::Known(ix)] => Some(ix),
            _ => None,
        }
    }
}

/// Where a step of a route leads within a row.
pub(crate) fn ix_of(org: &Org, object: ObjectIx, step: &Step) -> Option<FieldIx> {
    match step {
        Step::Known(ix) => Some(*ix),
        Step::Named(name) => org.at(object).field_ix(name),
        Step::Kind => None,
    }
}

/// The row that a reference leads to.
pub(crate) fn parent(view: &View<'_>, at: (ObjectIx, RowIx), by: &Step) -> Option<(ObjectIx, RowIx)> {
    let object = view.org.at(at.0);
    let to = object.value(view.org, at.1, ix_of(view.org, at.0, by)?)?;
    view.org.find(Id::parse(&to)?)
}

/// The value at the end of a route; `None` is null.
pub(crate) fn value(view: &View<'_>, mut at: (ObjectIx, RowIx), route: &Route) -> Option<String> {
    let (leaf, hops) = route.steps.split_last()?;
    for hop in hops {
        at = parent(view, at, hop)?;
    }
    if *leaf == Step::Kind {
        return Some(view.org.at(at.0).name.clone());
    }
    let ix = ix_of(view.org, at.0, leaf)?;
    view.org.at(at.0).value(view.org, at.1, ix).map(std::borrow::Cow::into_owned)
}
