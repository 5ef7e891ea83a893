//! Stands in for the `fancy-regex` that `tokenizers` asks for, with a newer one behind it. Two things differ: patterns are
//! read as Oniguruma reads them, which is what `tokenizers` has in Python; and a search that gives up, for its pattern takes
//! too many steps on a text, panics, where `tokenizers` would take it for the end of the text.

use engine::RegexBuilder;

/// Steps back in one search; a pattern of a real tokenizer takes a few for each character.
const BACKTRACK_LIMIT: usize = 1_000_000;

pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// POSIX classes, which are ASCII here and Unicode in Oniguruma.
const CLASSES: [(&str, &str); 6] = [
    ("[:alpha:]", r"\p{Alphabetic}"),
    ("[:digit:]", r"\p{Nd}"),
    ("[:alnum:]", r"\p{Alphabetic}\p{Nd}"),
    ("[:space:]", r"\s"),
    ("[:upper:]", r"\p{Uppercase}"),
    ("[:lower:]", r"\p{Lowercase}"),
];

/// Whether a group sets the flag `m` or `s`, whose meaning is another in Oniguruma.
fn sets_line_flags(pattern: &str) -> bool {
    pattern.match_indices("(?").any(|(at, _)| {
        let flags = &pattern[at + 2..];
        let length = flags.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(0);
        flags[length..].starts_with([':', ')']) && flags[..length].contains(['m', 's'])
    })
}

fn translated(pattern: &str) -> Result<String, Error> {
    let mut text = pattern.to_string();
    for (class, unicode) in CLASSES {
        text = text.replace(class, unicode);
    }
    if text.contains("[:") && text.contains(":]") {
        return Err(format!("the pattern {pattern} has a class that is not read").into());
    }
    if sets_line_flags(pattern) {
        return Err(format!("the pattern {pattern} sets a flag that is not read").into());
    }
    Ok(text)
}

#[derive(Debug)]
pub struct Regex(engine::Regex);

impl Regex {
    pub fn new(pattern: &str) -> Result<Self, Error> {
        let built = RegexBuilder::new(&translated(pattern)?)
            .multi_line(true)
            .oniguruma_mode(true)
            .backtrack_limit(BACKTRACK_LIMIT)
            .build();
        Ok(Regex(built.map_err(|error| format!("the pattern {pattern} is not read: {error}"))?))
    }

    pub fn find_iter<'r, 't>(&'r self, text: &'t str) -> Matches<'r, 't> {
        Matches(self.0.find_iter(text))
    }
}

pub struct Match {
    start: usize,
    end: usize,
}

impl Match {
    pub fn start(&self) -> usize {
        self.start
    }

    pub fn end(&self) -> usize {
        self.end
    }
}

pub struct Matches<'r, 't>(engine::Matches<'r, 't, str>);

impl Iterator for Matches<'_, '_> {
    type Item = Result<Match, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.next()? {
            Ok(found) => Some(Ok(Match { start: found.start(), end: found.end() })),
            Err(error) => panic!("a pattern takes too many steps on this text: {error}"),
        }
    }
}
