//! What a query means, before it is held against an org.

/// A name with dots, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) text: String,
    pub(crate) at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    Count,
    Distinct,
    Total,
    Average,
    Least,
    Most,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bundle {
    All,
    Standard,
    Custom,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Field(Path),
    Fields(Bundle, usize),
    Child(Box<Select>),
    /// What is reckoned, of which field (none for `COUNT()`), under which name.
    Sum(Sum, Option<Path>, Option<String>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Text(String),
    Number(String),
    Bool(bool),
    Date(String),
    Time(String),
    /// `LAST_N_DAYS:7`, `TODAY`.
    Span(String, Option<i64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Is,
    Not,
    Less,
    AtMost,
    More,
    AtLeast,
    Like,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Of {
    Field(Path),
    Sum(Sum, Option<Path>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Never(Box<Test>),
    Is {
        of: Of,
        op: Op,
        value: Literal,
        at: usize,
    },
    In {
        of: Path,
        not: bool,
        values: Vec<(Literal, usize)>,
    },
    InRows {
        of: Path,
        not: bool,
        rows: Box<Select>,
    },
    /// Each text is choices joined by `;`, all of which a value has to have.
    Holds {
        of: Path,
        not: bool,
        values: Vec<(Literal, usize)>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    pub(crate) of: Of,
    pub(crate) down: bool,
    /// Where nulls stand; first when nothing is said.
    pub(crate) nulls_last: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Select {
    pub(crate) items: Vec<Item>,
    pub(crate) from: Path,
    pub(crate) alias: Option<String>,
    pub(crate) test: Option<Test>,
    pub(crate) group: Vec<Path>,
    pub(crate) having: Option<Test>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

impl Select {
    /// `SELECT COUNT() FROM …`, which answers with a number alone.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.items[..], [Item::Sum(Sum::Count, None, _)])
    }

    pub(crate) fn sums(&self) -> bool {
        !self.group.is_empty() || self.items.iter().any(|i| matches!(i, Item::Sum(..)))
    }
}
