//! Emoticons and kaomoji: faces made of signs, which nobody reads aloud.

use std::sync::LazyLock;

use regex::Regex;

use super::cleaned::Cleaned;

/// Faces that lie on their side or look straight on, at the edges of words.
const WESTERN: &str = r"(?x)(?:^|\s|[,.!?…~)]) (
    [:;=xX]['’]?[-^o]?[)(DPpOo3/\\|*\]\[cCSs]+ (?:\s|$|[,.!?…~])
  | [xX]D+ (?:\s|$|[,.!?…~])
  | <+/?3+ | </3+
  | \^[_.\-oωvwｗ]*\^;* | \^\^;*
  | >[_.]+< | ><(?:\s|$) | >:[()]
  | [TtQqㅠㅜ][_.\-]+[TtQqㅠㅜ] | [Q;][AwW][Q;]
  | [oO0uU\-=@x;][_][oO0uU\-=@x;] | -[_.]-;* | [oO]\.[oO] | ;[_\-];
  | \\[oO]/ | [\\/]{1,2}m[\\/]{1,2}
  | [mM]\([_.\-]+\)[mM] | orz\b | OTL\b
)";

/// Signs of which faces in brackets are made.
const FEATURES: &str =
    "^_><;°•´`ω▽∀▿◕◡‿ᴗᴥ꒳ツシ≧≦◠¯ಠ◉⊙☉ᵔ╥﹏ಥ︶〃∇■□益◇゜´＾￣﹃ε・･⌒*+=@ㅂㅅㅡㅇ×•̀•́๑";
/// Arms, and things held in them.
const ARMS: &str = "_¯╯╰╭╮︵┻━┳ノヽ＼／\\/つっづ﻿ง┬─┌∩乁ㄏʕʔ彡☆★♪♡✧*・゚‿з";

static SIDEWAYS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(WESTERN).ok());

/// Takes faces out.
pub(super) fn without_faces(text: &Cleaned) -> Cleaned {
    let mut edits = bracketed_faces(text.as_str());
    if let Some(sideways) = &*SIDEWAYS {
        let all = text.as_str();
        let mut at = 0;
        while let Some(found) = sideways.captures_at(all, at).and_then(|found| found.get(1)) {
            let end = found.start()
                + found
                    .as_str()
                    .trim_end_matches(['.', ',', '!', '?', '…', '~', ' ', '\n', '\t', '\r'])
                    .len();
            let end =
                end.max(found.start() + found.as_str().chars().next().map_or(1, char::len_utf8));
            edits.push((found.start()..end, " ".to_owned()));
            // What ends one face may begin the next.
            at = end;
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut end = 0;
    edits.retain(|(range, _)| {
        let free = range.start >= end;
        end = if free { range.end } else { end };
        free
    });
    if edits.is_empty() { text.clone() } else { text.edited(&edits) }
}

/// `(≧▽≦)`, `(╯°□°)╯︵ ┻━┻`, `ʕ•ᴥ•ʔ`.
fn bracketed_faces(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find(['(', 'ʕ', '（']).map(|at| at + from) {
        let opener = text[open..].chars().next().unwrap_or('(');
        let inner = open + opener.len_utf8();
        from = inner;
        let closes = |c| matches!(c, ')' | 'ʔ' | '）');
        let Some(close) = text[inner..].char_indices().take(16).find(|(_, c)| closes(*c)) else {
            continue;
        };
        let end = inner + close.0 + close.1.len_utf8();
        if !is_face(&text[inner..inner + close.0], opener) {
            continue;
        }
        let arms_before = text[..open].trim_end_matches(|c| ARMS.contains(c)).len();
        let rest = &text[end..];
        let mut arms_after = rest.trim_start_matches(|c: char| ARMS.contains(c));
        // A table that is thrown stands after a space.
        let thrown = arms_after.trim_start_matches(' ');
        if thrown.starts_with(['┻', '┳', '︵']) {
            arms_after = thrown.trim_start_matches(|c: char| ARMS.contains(c));
        }
        from = text.len() - arms_after.len();
        edits.push((arms_before..from, " ".to_owned()));
    }
    edits
}

fn is_face(inner: &str, opener: char) -> bool {
    let features = inner.chars().filter(|c| FEATURES.contains(*c)).count();
    let in_faces = |c: &char| FEATURES.contains(*c) || "oOTtdд".contains(*c);
    let spoken = inner.chars().filter(|c| c.is_alphanumeric() && !in_faces(c)).count();
    let digits = inner.contains(|c: char| c.is_ascii_digit());
    opener == 'ʕ' || features > 0 && (spoken < 2 || features > spoken) && !digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_go_and_words_stay() {
        for (text, left) in [
            ("hi :)", "hi"),
            ("hi :D nice", "hi nice"),
            ("so sad T_T", "so sad"),
            ("so sad TT", "so sad TT"),
            ("yay ^^ yes", "yay yes"),
            ("love <3 you", "love you"),
            ("bye :(, friend", "bye , friend"),
            ("(≧▽≦) wow", "wow"),
            ("(╯°□°)╯︵ ┻━┻ no", "no"),
            ("ʕ•ᴥ•ʔ bear", "bear"),
            ("¯\\_(ツ)_/¯ who knows", "who knows"),
            ("(´・ω・`) oh", "oh"),
            ("(and this) stays", "(and this) stays"),
            ("call me (see 8) now", "call me (see 8) now"),
            ("ratio 5:3", "ratio 5:3"),
            ("time: Pandora", "time: Pandora"),
            ("xD haha", "haha"),
            ("ok -_- fine", "ok fine"),
            (":) :) :)", ""),
        ] {
            let cleaned = without_faces(&Cleaned::new(text));
            let words = cleaned.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words, left, "{text}");
        }
    }
}
