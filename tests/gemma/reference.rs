//! The real model's numbers, against candle's.

use bevy_persona::inference::model::{self, ModelOptions, tokenizer::Tokenizer};

use super::{best, cosine, file, read, weights::Reference};

/// Told so that the next token is not open to chance everywhere.
const STORY: &str = "The four singers of the group practise every evening until nine. Monday is for \
    dancing, Tuesday is for singing, Wednesday is for dancing, Thursday is for singing, and on Friday they \
    play cards. The one who loses at cards buys rice cakes for all of them. ";

/// How alike the logits are at least, as a cosine: candle's are of weights in f32, while ours are of
/// the file's own 4 to 8 bits and of activations in 8. In f32 both are the same, see `tiny`.
const ALIKE: f64 = 0.995;

/// How many tokens local layers see.
const WINDOW: usize = 512;

/// A text of so many tokens, begun as every prompt is.
fn tokens(count: usize) -> Vec<u32> {
    let file = file::open();
    let tokenizer = Tokenizer::from_gguf(file.content()).expect("a vocabulary");
    let korean = "오늘은 시우의 생일이라서 모두가 케이크를 먹었다. ";
    let text: String = (1..40).map(|day| format!("Day {day}. {STORY}{korean}")).collect();
    let bos = tokenizer.bos().expect("a token that opens texts");
    let mut ids = vec![bos];
    ids.extend(tokenizer.encode_text(&text, true).expect("tokens"));
    assert!(ids.len() > count);
    ids.truncate(count);
    ids
}

/// Compares after each of these numbers of tokens.
fn compare(counts: &[usize]) {
    let all = tokens(counts[counts.len() - 1]);
    let mut reference = Reference::load(file::path(), 1024).expect("candle's model");
    let mut ours = model::load(&mut file::open(), &ModelOptions::default(), &mut |_, _| true)
        .expect("our model");
    let sequence = ours.open(None);
    let mut known = 0;
    for &count in counts {
        let new = &all[known..count];
        let expected = reference.read(new).expect("candle reads on");
        let found = read(&mut *ours, sequence, new);
        known = count;
        let cosine = cosine(&found, &expected);
        assert!(cosine > ALIKE, "after {count} tokens: {cosine}");
        assert_eq!(best(&found), best(&expected), "after {count} tokens");
    }
}

#[test]
fn a_short_prompt_gives_the_logits_of_candle() {
    compare(&[1, 2, 9, 30, 31, 64]);
}

#[test]
fn a_prompt_longer_than_the_window_gives_the_logits_of_candle() {
    compare(&[WINDOW - 1, WINDOW, WINDOW + 1, WINDOW + 2, WINDOW + 40]);
}
