//! A query held against the org: names become places, values become what is compared, and what is wrong is refused.

use crate::clock::Millis;
use crate::salesforce::org::{FieldIx, Object, ObjectIx, Org};
use crate::salesforce::problem::Problem;
use crate::salesforce::schema::{Field, Type};
use crate::salesforce::soql::route::{Route, Step, value};
use crate::salesforce::soql::test::{self, Check};
use crate::salesforce::soql::tree::{Bundle, Item, Of, Order, Path, Select, Sum};
use crate::salesforce::soql::words::refuse;
use crate::salesforce::view::View;

/// One member of a record that is shown.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Cell(String, Step),
    Parent { name: String, by: Step, inside: Vec<Piece> },
    Child { name: String, by: FieldIx, of: Box<Bound> },
}

#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) route: Route,
    pub(crate) down: bool,
    pub(crate) nulls_last: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Reckoned {
    pub(crate) sum: Sum,
    pub(crate) of: Option<Route>,
}

/// One column of a grouped answer.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    Group(usize),
    Sum(Reckoned),
}

#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) object: ObjectIx,
    pub(crate) pieces: Vec<Piece>,
    /// The same as columns of a table.
    pub(crate) flat: Vec<Route>,
    pub(crate) check: Option<Check>,
    pub(crate) keys: Vec<Key>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
    pub(crate) counts: bool,
    pub(crate) group: Vec<Route>,
    pub(crate) columns: Vec<(String, Column)>,
    pub(crate) having: Option<Check>,
    /// Order of a grouped answer: by which column, or by a sum that is not shown.
    pub(crate) ranks: Vec<(Column, bool)>,
}

pub(crate) struct Binder<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) query: &'a str,
}

const SEE: &str = "Please reference your WSDL or the describe call for the appropriate names.";

impl<'a> Binder<'a> {
    fn org(&self) -> &'a Org {
        self.view.org
    }

    pub(crate) fn refuse(&self, code: &'static str, at: usize, why: impl std::fmt::Display) -> Problem {
        refuse(code, self.query, at, why)
    }

    fn no_column(&self, path: &Path, name: &str, object: &str) -> Problem {
        self.refuse(
            "INVALID_FIELD",
            path.at,
            format!("No such column '{name}' on entity '{object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. {SEE}"),
        )
    }

    pub(crate) fn bind(&self, select: &Select) -> Result<Bound, Problem> {
        let name = &select.from.text;
        let object = self.org().ix(name).filter(|ix| self.view.sees_object(&self.org().at(*ix).name)).ok_or_else(|| {
            self.refuse(
                "INVALID_TYPE",
                select.from.at,
                format!("sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. {SEE}"),
            )
        })?;
        self.bind_on(select, object)
    }

    fn bind_on(&self, select: &Select, object: ObjectIx) -> Result<Bound, Problem> {
        let mut bound = Bound {
            object,
            pieces: Vec::new(),
            flat: Vec::new(),
            check: None,
            keys: Vec::new(),
            limit: select.limit,
            offset: select.offset,
            counts: select.counts() && select.group.is_empty(),
            group: Vec::new(),
            columns: Vec::new(),
            having: None,
            ranks: Vec::new(),
        };
        let scope = Scope { binder: self, object, alias: select.alias.as_deref() };
        if let Some(t) = &select.test {
            bound.check = Some(test::bind(&scope, t)?);
        }
        for path in &select.group {
            bound.group.push(scope.route(path)?);
        }
        if select.sums() && !bound.counts {
            scope.columns(select, &mut bound)?;
            return Ok(bound);
        }
        if bound.counts {
            return Ok(bound);
        }
        for item in &select.items {
            scope.item(item, select, &mut bound)?;
        }
        for order in &select.order {
            let Of::Field(path) = &order.of else {
                return Err(self.refuse(
                    "MALFORMED_QUERY",
                    select.from.at,
                    "Ordered field must be grouped or aggregated",
                ));
            };
            let route = scope.route(path)?;
            if scope.field(&route).is_some_and(|f| !f.sortable) {
                return Err(self.refuse(
                    "MALFORMED_QUERY",
                    path.at,
                    format!("field '{}' can not be sorted in a query call", path.text),
                ));
            }
            bound.keys.push(Key { route, down: order.down, nulls_last: order.nulls_last });
        }
        Ok(bound)
    }
}

/// The object whose names a clause uses.
pub(crate) struct Scope<'a> {
    pub(crate) binder: &'a Binder<'a>,
    pub(crate) object: ObjectIx,
    alias: Option<&'a str>,
}

impl<'a> Scope<'a> {
    fn here(&self) -> &'a Object {
        self.binder.org().at(self.object)
    }

    /// The field at the end of a route that stays within one row.
    pub(crate) fn field(&self, route: &Route) -> Option<&'a Field> {
        route.direct().map(|ix| self.here().field(ix))
    }

    pub(crate) fn route(&self, path: &Path) -> Result<Route, Problem> {
        let mut words: Vec<&str> = path.text.split('.').collect();
        let own = |w: &str| {
            self.alias.is_some_and(|a| a.eq_ignore_ascii_case(w)) || w.eq_ignore_ascii_case(&self.here().name)
        };
        if words.len() > 1 && own(words[0]) && relation(self.here(), words[0]).is_none() {
            words.remove(0);
        }
        let Some((leaf, hops)) = words.split_last() else { return Err(self.binder.no_column(path, "", "")) };
        if hops.len() > 5 {
            return Err(self.binder.refuse(
                "INVALID_FIELD",
                path.at,
                "SOQL relationships may be 5 levels deep at most",
            ));
        }
        let mut at: Vec<&Object> = vec![self.here()];
        let (mut steps, mut name) = (Vec::new(), String::new());
        for hop in hops {
            let found = at.iter().find_map(|o| Some((*o, relation(o, hop)?)));
            let Some((o, ix)) = found.filter(|(o, ix)| self.binder.view.sees(&o.name, &o.field(*ix).name)) else {
                return Err(self.binder.refuse(
                    "INVALID_FIELD",
                    path.at,
                    format!("Didn't understand relationship '{hop}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. {SEE}"),
                ));
            };
            let field = o.field(ix);
            steps.push(if at.len() == 1 { Step::Known(ix) } else { Step::Named(field.name.clone()) });
            name.push_str(field.relationship.as_deref().unwrap_or_default());
            name.push('.');
            at = field.refers.iter().filter_map(|n| self.binder.org().object(n)).collect();
        }
        if at.len() > 1 && leaf.eq_ignore_ascii_case("Type") {
            steps.push(Step::Kind);
            return Ok(Route { steps, of: Type::Text, name: name + "Type" });
        }
        let found = at.iter().find_map(|o| Some((*o, o.field_ix(leaf)?)));
        let Some((o, ix)) = found.filter(|(o, ix)| self.binder.view.sees(&o.name, &o.field(*ix).name)) else {
            return Err(self.binder.no_column(path, leaf, at.first().map_or("Name", |o| &o.name)));
        };
        let field = o.field(ix);
        steps.push(if at.len() == 1 { Step::Known(ix) } else { Step::Named(field.name.clone()) });
        name.push_str(&field.name);
        Ok(Route { steps, of: field.of, name })
    }

    fn item(&self, item: &Item, select: &Select, bound: &mut Bound) -> Result<(), Problem> {
        match item {
            Item::Field(path) => {
                let route = self.route(path)?;
                place(&mut bound.pieces, &route);
                bound.flat.push(route);
            }
            Item::Fields(bundle, at) => {
                if *bundle != Bundle::Standard && select.limit.is_none_or(|l| l > 200) {
                    return Err(self.binder.refuse(
                        "MALFORMED_QUERY",
                        *at,
                        "The SOQL FIELDS function must have a LIMIT of at most 200",
                    ));
                }
                let object = self.here();
                for field in object.fields.iter().filter(|f| match bundle {
                    Bundle::All => true,
                    Bundle::Standard => !f.custom,
                    Bundle::Custom => f.custom,
                }) {
                    if !field.gone && self.binder.view.sees(&object.name, &field.name) {
                        let route = self.route(&Path { text: field.name.clone(), at: *at })?;
                        place(&mut bound.pieces, &route);
                        bound.flat.push(route);
                    }
                }
            }
            Item::Child(child) => {
                let name = &child.from.text;
                let found = self.binder.org().objects.iter().enumerate().find_map(|(o, object)| {
                    let ix = object.fields.iter().position(|f| {
                        f.children.as_deref().is_some_and(|c| c.eq_ignore_ascii_case(name))
                            && f.refers.contains(&self.here().name)
                            && self.binder.view.sees(&object.name, &f.name)
                    })?;
                    Some((o as ObjectIx, ix as FieldIx))
                });
                let Some((o, by)) = found else {
                    return Err(self.binder.refuse(
                        "INVALID_TYPE",
                        child.from.at,
                        format!("Didn't understand relationship '{name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. {SEE}"),
                    ));
                };
                let name = self.binder.org().at(o).field(by).children.clone().unwrap_or_default();
                let of = Box::new(self.binder.bind_on(child, o)?);
                bound.pieces.push(Piece::Child { name, by, of });
            }
            Item::Sum(..) => {}
        }
        Ok(())
    }

    fn reckoned(&self, sum: Sum, of: Option<&Path>) -> Result<Reckoned, Problem> {
        let route = of.map(|p| self.route(p)).transpose()?;
        if let (Some(route), Some(path)) = (&route, of)
            && matches!(sum, Sum::Total | Sum::Average)
            && !route.of.is_number()
        {
            return Err(self.binder.refuse(
                "MALFORMED_QUERY",
                path.at,
                format!(
                    "field {} does not support aggregate operator {}",
                    path.text,
                    if sum == Sum::Total { "SUM" } else { "AVG" }
                ),
            ));
        }
        Ok(Reckoned { sum, of: route })
    }

    fn columns(&self, select: &Select, bound: &mut Bound) -> Result<(), Problem> {
        let mut unnamed = 0;
        for item in &select.items {
            match item {
                Item::Field(path) => {
                    let route = self.route(path)?;
                    let Some(place) = bound.group.iter().position(|g| *g == route) else {
                        return Err(self.binder.refuse(
                            "MALFORMED_QUERY",
                            path.at,
                            format!("Field must be grouped or aggregated: {}", path.text),
                        ));
                    };
                    let short = route.name.rsplit('.').next().unwrap_or_default().to_owned();
                    bound.columns.push((short, Column::Group(place)));
                }
                Item::Sum(sum, of, alias) => {
                    let name = alias.clone().unwrap_or_else(|| {
                        unnamed += 1;
                        format!("expr{}", unnamed - 1)
                    });
                    bound.columns.push((name, Column::Sum(self.reckoned(*sum, of.as_ref())?)));
                }
                Item::Fields(_, at) => {
                    return Err(self.binder.refuse(
                        "MALFORMED_QUERY",
                        *at,
                        "The SOQL FIELDS function cannot be grouped",
                    ));
                }
                Item::Child(child) => {
                    return Err(self.binder.refuse(
                        "MALFORMED_QUERY",
                        child.from.at,
                        "a child query cannot be grouped",
                    ));
                }
            }
        }
        for Order { of, down, .. } in &select.order {
            let column = match of {
                Of::Sum(sum, of) => Column::Sum(self.reckoned(*sum, of.as_ref())?),
                Of::Field(path) => {
                    let named = bound.columns.iter().find(|(n, _)| n.eq_ignore_ascii_case(&path.text));
                    match named {
                        Some((_, column)) => column.clone(),
                        None => {
                            let route = self.route(path)?;
                            let place = bound.group.iter().position(|g| *g == route).ok_or_else(|| {
                                self.binder.refuse(
                                    "MALFORMED_QUERY",
                                    path.at,
                                    format!("Ordered field must be grouped or aggregated: {}", path.text),
                                )
                            })?;
                            Column::Group(place)
                        }
                    }
                }
            };
            bound.ranks.push((column, *down));
        }
        if let Some(t) = &select.having {
            bound.having = Some(test::bind(self, t)?);
        }
        Ok(())
    }

    /// The ids that a query inside `IN (…)` finds.
    pub(crate) fn inner(&self, select: &Select) -> Result<Vec<String>, Problem> {
        let bound = self.binder.bind(select)?;
        let [route] = &bound.flat[..] else {
            return Err(self.binder.refuse(
                "MALFORMED_QUERY",
                select.from.at,
                "Semi join sub-selects must have one field",
            ));
        };
        let rows = super::run::rows(self.binder.view, &bound, false);
        Ok(rows.into_iter().filter_map(|r| value(self.binder.view, (bound.object, r), route)).collect())
    }

    pub(crate) fn now(&self) -> Millis {
        self.binder.view.now
    }

    pub(crate) fn sum(&self, sum: Sum, of: Option<&Path>) -> Result<Reckoned, Problem> {
        self.reckoned(sum, of)
    }
}

/// The field behind a relationship's name.
fn relation(object: &Object, name: &str) -> Option<FieldIx> {
    let found =
        object.fields.iter().position(|f| f.relationship.as_deref().is_some_and(|r| r.eq_ignore_ascii_case(name)));
    found.map(|ix| ix as FieldIx)
}

/// Puts a route among the members that are shown, under the parents that it passes.
fn place(pieces: &mut Vec<Piece>, route: &Route) {
    let names: Vec<&str> = route.name.split('.').collect();
    let mut into = pieces;
    for (i, step) in route.steps.iter().enumerate() {
        let name = names.get(i).copied().unwrap_or_default();
        if i + 1 == route.steps.len() {
            if !into.iter().any(|p| matches!(p, Piece::Cell(n, _) if n == name)) {
                into.push(Piece::Cell(name.to_owned(), step.clone()));
            }
            return;
        }
        let known = into.iter().position(|p| matches!(p, Piece::Parent { name: n, .. } if n == name));
        let at = known.unwrap_or_else(|| {
            into.push(Piece::Parent { name: name.to_owned(), by: step.clone(), inside: Vec::new() });
            into.len() - 1
        });
        match &mut into[at] {
            Piece::Parent { inside, .. } => into = inside,
            _ => return,
        }
    }
}
