//! English text to phones.

mod inflect;
mod letters;
mod lexicon;
mod normalise;
mod phones;
mod sense;
mod stretched;
mod words;

pub use lexicon::Lexicon;

use self::{
    normalise::{Item, Said},
    phones::{is_consonant, is_vowel},
    sense::Around,
    words::Context,
};
use super::{PronouncedWord, Pronunciation};

/// How English text is said, in the phones of misaki's American English.
///
/// Everything that has a letter or a digit is said; a number or an abbreviation is one word of the
/// pronunciation, however many words are said for it.
#[must_use]
pub fn pronounce(text: &str, lexicon: &Lexicon) -> Pronunciation {
    let items = normalise::items(text);
    let said = all_phones(&items, lexicon);
    let mut whole = Pronunciation::default();
    let mut after_word = false;
    for (item, said) in items.iter().zip(said) {
        let speaks = item.said.iter().any(|said| !matches!(said, Said::Pause(_)));
        if item.spaced || after_word && speaks {
            push_space(&mut whole.phones);
        }
        let (mut start, mut end) = (None, 0);
        for (said, phones) in item.said.iter().zip(said) {
            match said {
                Said::Pause(sign) => whole.phones.push(*sign),
                Said::Word(_) | Said::Letters(_) => {
                    if start.is_some() {
                        push_space(&mut whole.phones);
                    }
                    start = start.or(Some(whole.phones.len()));
                    whole.phones.extend(phones.chars());
                    end = whole.phones.len();
                }
            }
        }
        if let Some(start) = start {
            whole.words.push(PronouncedWord { text: item.text.clone(), phones: start..end });
        }
        after_word = speaks && end == whole.phones.len();
    }
    whole
}

fn push_space(phones: &mut Vec<char>) {
    if phones.last().is_some_and(|last| *last != ' ') {
        phones.push(' ');
    }
}

/// The phones of everything that is said, from the last to the first, since a word hangs on the next.
fn all_phones(items: &[Item], lexicon: &Lexicon) -> Vec<Vec<String>> {
    let flat: Vec<&Said> = items.iter().flat_map(|item| &item.said).collect();
    let small: Vec<String> = flat
        .iter()
        .map(|said| match said {
            Said::Word(word) | Said::Letters(word) => word.to_lowercase(),
            Said::Pause(_) => String::new(),
        })
        .collect();
    let mut phones = vec![String::new(); flat.len()];
    let mut before_vowel = None;
    for at in (0..flat.len()).rev() {
        match flat[at] {
            // Quotes and brackets are no pause.
            Said::Pause(sign) if "“”()".contains(*sign) => continue,
            Said::Pause(_) => {
                before_vowel = None;
                continue;
            }
            Said::Word(word) => {
                let context = Context { before_vowel, around: Around { words: &small, at } };
                phones[at] = words::phones_of(word, &context, lexicon);
            }
            Said::Letters(letters) => phones[at] = words::spelled(letters),
        }
        // The phones of Kokoro's English have no flap and no glottal stop of their own.
        phones[at] = phones[at].replace('ɾ', "T").replace('ʔ', "t");
        let first = phones[at].chars().find(|c| is_vowel(*c) || is_consonant(*c));
        before_vowel = first.map(is_vowel).or(before_vowel);
    }
    let mut phones = phones.into_iter();
    items.iter().map(|item| phones.by_ref().take(item.said.len()).collect()).collect()
}

#[cfg(test)]
mod tests;
