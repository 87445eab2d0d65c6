//! A reader of TOML for keys, strings and arrays of strings. It skips all other values.

use std::iter::Peekable;
use std::str::Chars;

/// The value of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A table with a header, or an inline table.
    Table,
    String(String),
    /// The strings of an array.
    Strings(Vec<String>),
    /// A number, a boolean or a date.
    Other,
}

/// Calls `found` with the path and the value of each key; `None` if the text is not TOML.
pub(super) fn read(text: &str, mut found: impl FnMut(&[&str], Item)) -> Option<()> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}').chars().peekable(), found: &mut found };
    let mut table: Vec<String> = Vec::new();
    loop {
        reader.skip_lines();
        match reader.rest.peek() {
            None => return Some(()),
            Some('[') => {
                reader.rest.next();
                let is_list = reader.takes('[');
                table = reader.key()?;
                reader.expect(']')?;
                if is_list {
                    reader.expect(']')?;
                }
                reader.report(&table, Item::Table);
            }
            Some(_) => reader.pair(&table, DEEPEST)?,
        }
        reader.skip_blanks();
        if !matches!(reader.rest.peek(), None | Some('\n' | '\r' | '#')) {
            return None;
        }
    }
}

/// How deep values may be nested.
const DEEPEST: usize = 60;

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    found: &'a mut dyn FnMut(&[&str], Item),
}

impl Reader<'_> {
    fn report(&mut self, path: &[String], item: Item) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        (self.found)(&path, item);
    }

    fn takes(&mut self, letter: char) -> bool {
        self.rest.next_if_eq(&letter).is_some()
    }

    fn expect(&mut self, letter: char) -> Option<()> {
        self.takes(letter).then_some(())
    }

    fn skip_blanks(&mut self) {
        while self.rest.next_if(|letter| matches!(letter, ' ' | '\t')).is_some() {}
    }

    /// Skips whitespace, line breaks and comments.
    fn skip_lines(&mut self) {
        loop {
            while self.rest.next_if(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n')).is_some() {}
            if self.rest.peek() != Some(&'#') {
                return;
            }
            while self.rest.next_if(|letter| *letter != '\n').is_some() {}
        }
    }

    /// Reads a dotted key with the blanks around it: `a . "b" . 'c'`.
    fn key(&mut self) -> Option<Vec<String>> {
        let mut names = Vec::new();
        loop {
            self.skip_blanks();
            let name = match self.rest.peek()? {
                '"' | '\'' => self.text()?,
                _ => {
                    let mut bare = String::new();
                    while let Some(letter) = self.rest.next_if(|letter| is_bare(*letter)) {
                        bare.push(letter);
                    }
                    if bare.is_empty() {
                        return None;
                    }
                    bare
                }
            };
            names.push(name);
            self.skip_blanks();
            if !self.takes('.') {
                return Some(names);
            }
        }
    }

    /// Reads `key = value` in a table.
    fn pair(&mut self, table: &[String], deeper: usize) -> Option<()> {
        let path = [table, &self.key()?].concat();
        self.expect('=')?;
        self.skip_blanks();
        let item = self.value(&path, deeper)?;
        self.report(&path, item);
        Some(())
    }

    fn value(&mut self, path: &[String], deeper: usize) -> Option<Item> {
        let deeper = deeper.checked_sub(1)?;
        match self.rest.peek()? {
            '"' | '\'' => Some(Item::String(self.text()?)),
            '[' => {
                self.rest.next();
                let mut texts = Vec::new();
                loop {
                    self.skip_lines();
                    if self.takes(']') {
                        return Some(Item::Strings(texts));
                    }
                    // No key that is read is in a table inside an array.
                    let element = [path, &["[]".to_owned()]].concat();
                    if let Item::String(text) = self.value(&element, deeper)? {
                        texts.push(text);
                    }
                    self.skip_lines();
                    if !self.takes(',') {
                        self.expect(']')?;
                        return Some(Item::Strings(texts));
                    }
                }
            }
            '{' => {
                self.rest.next();
                loop {
                    self.skip_lines();
                    if self.takes('}') {
                        return Some(Item::Table);
                    }
                    self.pair(path, deeper)?;
                    self.skip_lines();
                    if !self.takes(',') {
                        self.expect('}')?;
                        return Some(Item::Table);
                    }
                }
            }
            _ => {
                let is_part = |letter: &char| !matches!(letter, ',' | ']' | '}' | '#' | '\n' | '\r' | '=' | '[' | '{');
                self.rest.next_if(is_part)?;
                while self.rest.next_if(is_part).is_some() {}
                Some(Item::Other)
            }
        }
    }

    /// Reads a string in any of the four kinds of quotes.
    fn text(&mut self) -> Option<String> {
        let quote = self.rest.next()?;
        let is_literal = quote == '\'';
        if !self.takes(quote) {
            return self.until(quote, 1, is_literal);
        }
        // Two quotes are an empty string, unless a third follows.
        if self.takes(quote) { self.until(quote, 3, is_literal) } else { Some(String::new()) }
    }

    fn until(&mut self, quote: char, quotes: usize, is_literal: bool) -> Option<String> {
        let mut text = String::new();
        if quotes == 3 {
            self.takes('\r');
            self.takes('\n');
        }
        loop {
            match self.rest.next()? {
                letter if letter == quote => {
                    let mut run = 1;
                    // The closing three may follow up to two quotes of the string.
                    while run < quotes + 2 && quotes == 3 && self.takes(quote) {
                        run += 1;
                    }
                    if run >= quotes {
                        text.extend(std::iter::repeat_n(quote, run - quotes));
                        return Some(text);
                    }
                    text.extend(std::iter::repeat_n(quote, run));
                }
                '\\' if !is_literal => self.escape(&mut text, quotes)?,
                '\n' if quotes == 1 => return None,
                letter => text.push(letter),
            }
        }
    }

    fn escape(&mut self, text: &mut String, quotes: usize) -> Option<()> {
        let digits = match self.rest.next()? {
            'b' => return push(text, '\u{8}'),
            't' => return push(text, '\t'),
            'n' => return push(text, '\n'),
            'f' => return push(text, '\u{c}'),
            'r' => return push(text, '\r'),
            'e' => return push(text, '\u{1b}'),
            letter @ ('"' | '\\') => return push(text, letter),
            // A line that ends with a backslash continues after the whitespace.
            ' ' | '\t' | '\r' | '\n' if quotes == 3 => {
                while self.rest.next_if(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n')).is_some() {}
                return Some(());
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.rest.next()?.to_digit(16)?;
        }
        push(text, char::from_u32(code)?)
    }
}

fn push(text: &mut String, letter: char) -> Option<()> {
    text.push(letter);
    Some(())
}

fn is_bare(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::{Item, read};

    fn items(text: &str) -> Option<Vec<(String, Item)>> {
        let mut items = Vec::new();
        read(text, |path, item| items.push((path.join("/"), item)))?;
        Some(items)
    }

    #[test]
    fn strings_are_read_in_every_kind_of_quotes() {
        for (value, text) in [
            (r#""a\tb\u00e9\U0001F3A9\\\"""#, "a\tbé\u{1f3a9}\\\""),
            ("''", ""),
            ("\"\"", ""),
            (r"'a\b'", r"a\b"),
            ("\"\"\"\n[workspace]\n\"\"\"", "[workspace]\n"),
            ("'''\r\na'b''c'''", "a'b''c"),
            ("\"\"\"a\"\"\"\"\"", "a\"\""),
            ("\"\"\"a \\\n   b\"\"\"", "a b"),
            ("\"# no comment\"", "# no comment"),
        ] {
            let read = items(&format!("x = {value} # a comment\n"));
            assert_eq!(read, Some(vec![("x".to_owned(), Item::String(text.to_owned()))]), "{value}");
        }
    }

    #[test]
    fn keys_are_reported_with_their_path() {
        let text = "a.b = 1\n'c d' . \"e\" = [ 'f', # [x]\n \"g\", 5, ['h'], { i = 1 }, ]\n[ j . k ]\nl = { m.n = 'o', p = {} }\n[[q]]\nr = 1979-05-27T07:32:00Z\n";
        let paths: Vec<String> = items(text).unwrap().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a/b", "c d/e/[]/i", "c d/e", "j/k", "j/k/l/m/n", "j/k/l/p", "j/k/l", "q", "q/r"]);
    }

    #[test]
    fn text_that_is_not_toml_is_none() {
        for text in [
            "[a",
            "a",
            "a =",
            "a = 'b",
            "a = \"\n\"",
            "[a]]",
            "a = [1",
            "= 1",
            "a = 1 = 2",
            "[[a]",
            "a = \"\\q\"",
            "x = \"\"\"a",
        ] {
            assert_eq!(items(text), None, "{text}");
        }
        assert_eq!(items(&format!("a = {}", "[".repeat(100_000))), None);
    }
}
