//! A reader of JSON, just large enough for what `cargo metadata` and `package.json` say.
//!
//! xtask may not use a crate, so it cannot use serde. Numbers are kept as their text.

/// One JSON value.
#[derive(Debug, PartialEq)]
pub enum Json {
    /// `null`, `true`, `false` or a number, as written.
    Plain(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Read one value; anything after it is an error.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { rest: text };
        let value = reader.value(0)?;
        reader.skip_blank();
        if reader.rest.is_empty() { Ok(value) } else { Err(reader.wrong("the end")) }
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let Json::Object(members) = self else {
            return None;
        };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    /// The elements, none if it is not an array.
    pub fn list(&self) -> &[Json] {
        if let Json::List(list) = self { list } else { &[] }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > 100 {
            return Err(self.wrong("fewer than 100 levels"));
        }
        self.skip_blank();
        if self.took("{") {
            let mut members = Vec::new();
            while !self.ends("}", members.is_empty())? {
                self.skip_blank();
                let key = self.string()?;
                self.skip_blank();
                if !self.took(":") {
                    return Err(self.wrong("a colon"));
                }
                members.push((key, self.value(depth + 1)?));
            }
            return Ok(Json::Object(members));
        }
        if self.took("[") {
            let mut list = Vec::new();
            while !self.ends("]", list.is_empty())? {
                list.push(self.value(depth + 1)?);
            }
            return Ok(Json::List(list));
        }
        if self.rest.starts_with('"') {
            return self.string().map(Json::Text);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.wrong("a value"));
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Json::Plain(word.to_owned()))
    }

    /// Whether the closing bracket comes now; otherwise takes the comma between two elements.
    fn ends(&mut self, bracket: &str, first: bool) -> Result<bool, String> {
        self.skip_blank();
        if self.took(bracket) {
            return Ok(true);
        }
        if first || self.took(",") { Ok(false) } else { Err(self.wrong("a comma")) }
    }

    fn string(&mut self) -> Result<String, String> {
        if !self.took("\"") {
            return Err(self.wrong("a string"));
        }
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => match letters.next().map(|(_, escaped)| escaped) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('b') => text.push('\u{8}'),
                    Some('f') => text.push('\u{c}'),
                    Some('u') => {
                        let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                        let code = u32::from_str_radix(&digits, 16).map_err(|_| self.wrong("four digits"))?;
                        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some(other) => text.push(other),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(self.wrong("a closing quote"))
    }

    fn took(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn skip_blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn wrong(&self, wanted: &str) -> String {
        let here: String = self.rest.chars().take(30).collect();
        format!("this is not JSON: {wanted} is missing before \"{here}\"")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_are_read_as_written() {
        let read = Json::parse(r#" {"a": [1.5, null, "x\"\n\u00e9"], "b": {}, "c": []} "#).unwrap();
        assert_eq!(read.get("a").unwrap().list()[0], Json::Plain("1.5".into()));
        assert_eq!(read.get("a").unwrap().list()[2].text(), Some("x\"\né"));
        assert_eq!(read.get("b"), Some(&Json::Object(vec![])));
        assert_eq!(read.get("c"), Some(&Json::List(vec![])));
        assert_eq!(read.get("d"), None);
    }

    #[test]
    fn broken_text_is_refused() {
        for broken in ["", "{", "[1 2]", r#"{"a" 1}"#, r#""open"#, "1 2", "[1,", r#""\u12""#, &"[".repeat(500)] {
            assert!(Json::parse(broken).is_err(), "{broken}");
        }
    }
}
