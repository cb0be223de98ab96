//! What a condition proves when it holds, and when it does not.

use std::collections::BTreeSet;

use crate::lint::piece::Piece;

/// Questions, such as `knows s01`, of which the answer is known to be yes.
type Proven = BTreeSet<(String, String)>;

/// What is proven by a condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::lint) struct Known {
    /// When it holds.
    pub(in crate::lint) if_true: Proven,
    /// When it does not.
    pub(in crate::lint) if_false: Proven,
}

/// What a condition asks for, by function and argument, and what it proves. Quotes may be left out,
/// as in headers.
pub(in crate::lint) fn known(condition: Piece<'_>) -> Known {
    let tokens = tokens(condition.text);
    let mut reader = Reader { tokens: &tokens, depth: 0 };
    reader.either()
}

/// A word, a quoted text, or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '.';
        let end = match c {
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
                tokens.push(Token::Text(rest[1..end].trim_end_matches('"').to_owned()));
                end
            }
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                end
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token::Sign(c));
                }
                c.len_utf8()
            }
        };
        rest = &rest[end..];
    }
    tokens
}

struct Reader<'t> {
    tokens: &'t [Token],
    depth: usize,
}

impl Reader<'_> {
    fn either(&mut self) -> Known {
        let mut all = self.both();
        while self.takes(&["or"], "||") {
            let more = self.both();
            all = Known {
                if_true: all.if_true.intersection(&more.if_true).cloned().collect(),
                if_false: &all.if_false | &more.if_false,
            };
        }
        all
    }

    fn both(&mut self) -> Known {
        let mut all = self.one();
        while self.takes(&["and"], "&&") {
            let more = self.one();
            all = Known {
                if_true: &all.if_true | &more.if_true,
                if_false: all.if_false.intersection(&more.if_false).cloned().collect(),
            };
        }
        all
    }

    fn one(&mut self) -> Known {
        let not_equal = matches!(self.tokens, [Token::Sign('!'), Token::Sign('='), ..]);
        if self.depth < 64 && !not_equal && self.takes(&["not"], "!") {
            self.depth += 1;
            let inside = self.one();
            self.depth -= 1;
            return Known { if_true: inside.if_false, if_false: inside.if_true };
        }
        let found = match self.tokens {
            [Token::Sign('('), rest @ ..] if self.depth < 64 => {
                self.tokens = rest;
                self.depth += 1;
                let inside = self.either();
                self.depth -= 1;
                self.skip_closed();
                inside
            }
            [
                Token::Word(name),
                Token::Sign('('),
                Token::Word(of) | Token::Text(of),
                Token::Sign(')'),
                rest @ ..,
            ] => {
                let asked = (name.clone(), of.clone());
                self.tokens = rest;
                Known { if_true: BTreeSet::from([asked]), if_false: BTreeSet::new() }
            }
            _ => Known::default(),
        };
        if self.skip_rest() { Known::default() } else { found }
    }

    /// Passes over a closing bracket.
    fn skip_closed(&mut self) {
        if let [Token::Sign(')'), rest @ ..] = self.tokens {
            self.tokens = rest;
        }
    }

    /// Passes over what is neither `and` nor `or`; whether there was any.
    fn skip_rest(&mut self) -> bool {
        let (mut open, before) = (0_usize, self.tokens.len());
        while let [token, rest @ ..] = self.tokens {
            let joins = self.begins(&["and", "or"], "&&") || self.begins(&[], "||");
            match token {
                Token::Sign(')') if open == 0 => break,
                _ if open == 0 && joins => break,
                Token::Sign('(') => open += 1,
                Token::Sign(')') => open -= 1,
                _ => {}
            }
            self.tokens = rest;
        }
        self.tokens.len() < before
    }

    fn begins(&self, words: &[&str], sign: &str) -> bool {
        match self.tokens {
            [Token::Word(word), ..] => words.contains(&word.as_str()),
            tokens => {
                let mut signs = sign.chars().enumerate();
                !sign.is_empty() && signs.all(|(at, c)| tokens.get(at) == Some(&Token::Sign(c)))
            }
        }
    }

    fn takes(&mut self, words: &[&str], sign: &str) -> bool {
        if !self.begins(words, sign) {
            return false;
        }
        let length = if matches!(self.tokens, [Token::Word(_), ..]) { 1 } else { sign.len() };
        self.tokens = &self.tokens[length..];
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn proves(condition: &str) -> (Vec<String>, Vec<String>) {
        let known = known(Piece::whole(condition));
        let of = |proven: Proven| proven.into_iter().map(|(_, of)| of).collect();
        (of(known.if_true), of(known.if_false))
    }

    #[test]
    fn only_what_must_be_so_is_proven() {
        for (condition, if_true, if_false) in [
            ("knows(\"s01\")", vec!["s01"], vec![]),
            ("knows(s01) and $a > 2 && knows(s02)", vec!["s01", "s02"], vec![]),
            ("knows(s01) or knows(s02)", vec![], vec![]),
            ("not knows(s01)", vec![], vec!["s01"]),
            ("!(knows(s01) and knows(s02))", vec![], vec!["s01", "s02"]),
            ("not knows(s01) or !knows(s02)", vec![], vec!["s01", "s02"]),
            ("knows(s01) == false", vec![], vec![]),
            (
                "affinity(\"siwoo\") >= 40 and (knows(s03) or visited(\"x\")) and knows(s02)",
                vec!["s02"],
                vec![],
            ),
            ("(($a", vec![], vec![]),
        ] {
            assert_eq!(
                proves(condition),
                (
                    if_true.into_iter().map(String::from).collect(),
                    if_false.into_iter().map(String::from).collect()
                ),
                "{condition}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_condition_is_read(text in "(knows|\\(|\\)|!|=|&&|\\|\\||and|or|not| |\"|s01|너){0,30}") {
            known(Piece::whole(&text));
        }
    }
}
