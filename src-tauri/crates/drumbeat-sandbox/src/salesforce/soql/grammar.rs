//! The grammar of queries: each rule looks at one word and knows where to go.
//!
//! The vendor names the word that it did not expect and where it stands; a reader that never goes back has just that at hand.

use crate::salesforce::problem::Problem;
use crate::salesforce::soql::tree::{Bundle, Item, Literal, Of, Op, Order, Path, Select, Sum, Test};
use crate::salesforce::soql::words::{Placed, Word, refuse, split};

const DEEPEST: usize = 40;

pub(crate) fn parse(query: &str) -> Result<Select, Problem> {
    let mut reader = Reader { query, words: split(query)?, next: 0, deep: 0 };
    let select = reader.select(false)?;
    match reader.peek() {
        Word::End => Ok(select),
        _ => Err(reader.unexpected()),
    }
}

struct Reader<'a> {
    query: &'a str,
    words: Vec<Placed>,
    next: usize,
    deep: usize,
}

type Read<T> = Result<T, Problem>;

impl Reader<'_> {
    fn peek(&self) -> &Word {
        &self.words[self.next.min(self.words.len() - 1)].word
    }

    fn at(&self) -> usize {
        self.words[self.next.min(self.words.len() - 1)].at
    }

    fn step(&mut self) -> Word {
        let word = self.peek().clone();
        self.next += 1;
        word
    }

    fn unexpected(&self) -> Problem {
        let shown = match self.peek() {
            Word::Name(n) | Word::Number(n) => n.clone(),
            Word::Text(t) => format!("'{t}'"),
            Word::Sign(s) => (*s).to_owned(),
            Word::End => "<EOF>".to_owned(),
        };
        refuse("MALFORMED_QUERY", self.query, self.at(), format!("unexpected token: '{shown}'"))
    }

    fn bad(&self, at: usize, why: &str) -> Problem {
        refuse("MALFORMED_QUERY", self.query, at, why)
    }

    fn is(&self, keyword: &str) -> bool {
        matches!(self.peek(), Word::Name(n) if n.eq_ignore_ascii_case(keyword))
    }

    /// Passes over a keyword if it stands here.
    fn take(&mut self, keyword: &str) -> bool {
        let found = self.is(keyword);
        self.next += usize::from(found);
        found
    }

    fn need(&mut self, keyword: &str) -> Read<()> {
        if self.take(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Word::Sign(s) if *s == sign);
        self.next += usize::from(found);
        found
    }

    fn need_sign(&mut self, sign: &str) -> Read<()> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn opens(&self) -> bool {
        matches!(self.words.get(self.next + 1).map(|w| &w.word), Some(Word::Sign("(")))
    }

    fn deeper(&mut self) -> Read<()> {
        self.deep += 1;
        if self.deep > DEEPEST { Err(self.bad(self.at(), "the query is nested too deeply")) } else { Ok(()) }
    }

    fn path(&mut self) -> Read<Path> {
        let at = self.at();
        match self.peek() {
            Word::Name(n) if !is_keyword(n) => {
                let text = n.clone();
                self.next += 1;
                Ok(Path { text, at })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn select(&mut self, child: bool) -> Read<Select> {
        self.deeper()?;
        self.need("SELECT")?;
        let mut items = vec![self.item(child)?];
        while self.sign(",") {
            items.push(self.item(child)?);
        }
        self.need("FROM")?;
        let from = self.path()?;
        let _ = self.take("AS");
        let alias = match self.peek() {
            Word::Name(n) if !is_keyword(n) && !self.is("USING") => Some(n.clone()),
            _ => None,
        };
        self.next += usize::from(alias.is_some());
        if self.take("USING") {
            self.need("SCOPE")?;
            self.path()?;
        }
        let mut select = Select {
            items,
            from,
            alias,
            test: None,
            group: Vec::new(),
            having: None,
            order: Vec::new(),
            limit: None,
            offset: 0,
        };
        if self.take("WHERE") {
            select.test = Some(self.any()?);
        }
        if self.take("WITH") {
            // Who may see what is not this reader's question.
            self.path()?;
        }
        if self.take("GROUP") {
            self.need("BY")?;
            select.group.push(self.path()?);
            while self.sign(",") {
                select.group.push(self.path()?);
            }
            if self.take("HAVING") {
                select.having = Some(self.any()?);
            }
        }
        if self.take("ORDER") {
            self.need("BY")?;
            select.order.push(self.order()?);
            while self.sign(",") {
                select.order.push(self.order()?);
            }
        }
        if self.take("LIMIT") {
            select.limit = Some(self.count()?);
        }
        if self.take("OFFSET") {
            let at = self.at();
            select.offset = self.count()?;
            if select.offset > 2_000 {
                return Err(refuse(
                    "NUMBER_OUTSIDE_VALID_RANGE",
                    self.query,
                    at,
                    "Maximum SOQL offset allowed is 2000",
                ));
            }
        }
        if self.take("FOR") {
            self.path()?;
        }
        if self.take("ALL") {
            self.need("ROWS")?;
        }
        self.deep -= 1;
        Ok(select)
    }

    fn count(&mut self) -> Read<usize> {
        match self.peek() {
            Word::Number(n) if n.bytes().all(|b| b.is_ascii_digit()) => {
                let count = n.parse().map_err(|_| self.unexpected())?;
                self.next += 1;
                Ok(count)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn item(&mut self, child: bool) -> Read<Item> {
        if self.sign("(") {
            if child {
                return Err(self.bad(self.at(), "SOQL statements cannot query aggregate relationships more than 1 level away from the root entity object."));
            }
            let select = self.select(true)?;
            self.need_sign(")")?;
            return Ok(Item::Child(Box::new(select)));
        }
        let at = self.at();
        if self.opens() {
            if self.take("FIELDS") {
                self.need_sign("(")?;
                let bundle = match self.step() {
                    Word::Name(n) if n.eq_ignore_ascii_case("ALL") => Bundle::All,
                    Word::Name(n) if n.eq_ignore_ascii_case("STANDARD") => Bundle::Standard,
                    Word::Name(n) if n.eq_ignore_ascii_case("CUSTOM") => Bundle::Custom,
                    _ => {
                        self.next -= 1;
                        return Err(self.unexpected());
                    }
                };
                self.need_sign(")")?;
                return Ok(Item::Fields(bundle, at));
            }
            if self.take("toLabel") || self.take("FORMAT") || self.take("convertCurrency") {
                self.need_sign("(")?;
                let path = self.path()?;
                self.need_sign(")")?;
                return Ok(Item::Field(path));
            }
            let (sum, of) = self.sum()?;
            let alias = match self.peek() {
                Word::Name(n) if !is_keyword(n) => Some(n.clone()),
                _ => None,
            };
            self.next += usize::from(alias.is_some());
            return Ok(Item::Sum(sum, of, alias));
        }
        Ok(Item::Field(self.path()?))
    }

    fn sum(&mut self) -> Read<(Sum, Option<Path>)> {
        let Word::Name(name) = self.peek() else { return Err(self.unexpected()) };
        let sum = match name.to_ascii_uppercase().as_str() {
            "COUNT" => Sum::Count,
            "COUNT_DISTINCT" => Sum::Distinct,
            "SUM" => Sum::Total,
            "AVG" => Sum::Average,
            "MIN" => Sum::Least,
            "MAX" => Sum::Most,
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        self.need_sign("(")?;
        let of = if sum == Sum::Count && matches!(self.peek(), Word::Sign(")")) { None } else { Some(self.path()?) };
        self.need_sign(")")?;
        Ok((sum, of))
    }

    fn of(&mut self) -> Read<Of> {
        if self.opens() {
            let (sum, of) = self.sum()?;
            return Ok(Of::Sum(sum, of));
        }
        Ok(Of::Field(self.path()?))
    }

    fn order(&mut self) -> Read<Order> {
        let of = self.of()?;
        let down = self.take("DESC");
        if !down {
            self.take("ASC");
        }
        let mut nulls_last = false;
        if self.take("NULLS") {
            nulls_last = self.take("LAST");
            if !nulls_last {
                self.need("FIRST")?;
            }
        }
        Ok(Order { of, down, nulls_last })
    }

    /// `a OR b` or `a AND b`; the two do not mix without parentheses, as the vendor has it.
    fn any(&mut self) -> Read<Test> {
        self.deeper()?;
        let first = self.one()?;
        let test = if self.is("AND") {
            let mut all = vec![first];
            while self.take("AND") {
                all.push(self.one()?);
            }
            if self.is("OR") {
                return Err(self.unexpected());
            }
            Test::All(all)
        } else if self.is("OR") {
            let mut any = vec![first];
            while self.take("OR") {
                any.push(self.one()?);
            }
            if self.is("AND") {
                return Err(self.unexpected());
            }
            Test::Any(any)
        } else {
            first
        };
        self.deep -= 1;
        Ok(test)
    }

    fn one(&mut self) -> Read<Test> {
        if self.take("NOT") {
            self.deeper()?;
            let test = self.one()?;
            self.deep -= 1;
            return Ok(Test::Never(Box::new(test)));
        }
        if self.sign("(") {
            let test = self.any()?;
            self.need_sign(")")?;
            return Ok(test);
        }
        let of = self.of()?;
        let at = self.at();
        let not = self.take("NOT");
        if not || self.is("IN") {
            self.need("IN")?;
            let Of::Field(of) = of else { return Err(self.bad(at, "unexpected token: 'IN'")) };
            if !matches!(self.peek(), Word::Sign("(")) {
                return Err(self.unexpected());
            }
            self.next += 1;
            if self.is("SELECT") {
                let rows = Box::new(self.select(true)?);
                self.need_sign(")")?;
                return Ok(Test::InRows { of, not, rows });
            }
            return Ok(Test::In { of, not, values: self.list()? });
        }
        if self.is("INCLUDES") || self.is("EXCLUDES") {
            let not = self.is("EXCLUDES");
            self.next += 1;
            let Of::Field(of) = of else { return Err(self.bad(at, "unexpected token: 'INCLUDES'")) };
            self.need_sign("(")?;
            return Ok(Test::Holds { of, not, values: self.list()? });
        }
        let op = match self.peek() {
            Word::Sign("=") => Op::Is,
            Word::Sign("!=" | "<>") => Op::Not,
            Word::Sign("<") => Op::Less,
            Word::Sign("<=") => Op::AtMost,
            Word::Sign(">") => Op::More,
            Word::Sign(">=") => Op::AtLeast,
            Word::Name(n) if n.eq_ignore_ascii_case("LIKE") => Op::Like,
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        let at = self.at();
        let value = self.literal()?;
        Ok(Test::Is { of, op, value, at })
    }

    fn list(&mut self) -> Read<Vec<(Literal, usize)>> {
        let mut values = Vec::new();
        loop {
            let at = self.at();
            values.push((self.literal()?, at));
            if !self.sign(",") {
                break;
            }
        }
        self.need_sign(")")?;
        Ok(values)
    }

    fn literal(&mut self) -> Read<Literal> {
        let literal = match self.peek() {
            Word::Text(text) => Literal::Text(text.clone()),
            Word::Number(text) => number(text).ok_or_else(|| self.unexpected())?,
            Word::Name(name) => match name.to_ascii_uppercase().as_str() {
                "NULL" => Literal::Null,
                "TRUE" => Literal::Bool(true),
                "FALSE" => Literal::Bool(false),
                upper if super::dates::is_span(upper) => {
                    let upper = upper.to_owned();
                    let counted = super::dates::is_counted(&upper);
                    self.next += 1;
                    if !counted {
                        return Ok(Literal::Span(upper, None));
                    }
                    self.need_sign(":")?;
                    return Ok(Literal::Span(upper, Some(self.count()? as i64)));
                }
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        Ok(literal)
    }
}

/// A number, a date or a time by its shape.
fn number(text: &str) -> Option<Literal> {
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        return if bytes.len() == 10 {
            crate::json::parse_day(text).map(|_| Literal::Date(text.to_owned()))
        } else {
            super::dates::time(text).map(Literal::Time)
        };
    }
    text.trim_start_matches('+').parse::<f64>().ok().filter(|n| n.is_finite())?;
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
        .then(|| Literal::Number(text.trim_start_matches('+').to_owned()))
}

fn is_keyword(name: &str) -> bool {
    const WORDS: [&str; 20] = [
        "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "ORDER", "BY", "GROUP", "HAVING", "LIMIT",
        "OFFSET", "WITH", "INCLUDES", "EXCLUDES", "FOR", "USING", "NULLS",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(name))
}
