//! The real model's numbers, against candle's.

use std::{env, process::Command};

use bevy_persona::inference::model::{self, ModelFile, ModelOptions};

use super::{best, cosine, file, read, weights::Reference};

/// Told so that the next token is not open to chance everywhere.
const STORY: &str = "The four singers of the group practise every evening until nine. Monday is for \
    dancing, Tuesday is for singing, Wednesday is for dancing, Thursday is for singing, and on Friday they \
    play cards. The one who loses at cards buys rice cakes for all of them. ";

/// How many tokens local layers see.
const WINDOW: usize = 512;

/// A text of so many tokens, begun as every prompt is.
fn tokens(count: usize) -> Vec<u32> {
    let file = file::open();
    let tokenizer = file.tokenizer().expect("a vocabulary");
    let korean = "오늘은 시우의 생일이라서 모두가 케이크를 먹었다. ";
    let text: String = (1..40).map(|day| format!("Day {day}. {STORY}{korean}")).collect();
    let bos = tokenizer.bos().expect("a token that opens texts");
    let mut ids = vec![bos];
    ids.extend(tokenizer.encode_text(&text, true).expect("tokens"));
    assert!(ids.len() > count);
    ids.truncate(count);
    ids
}

/// Makes candle multiply in f32 instead of eight bits, in a process that is begun with it.
const IN_F32: &str = "CANDLE_DEQUANTIZE_ALL";

/// Compares after each of these numbers of tokens: twice, of which once in f32 in a process of its own,
/// since in eight bits products differ by as much as a mistake would.
fn compare(test: &str, counts: &[usize]) {
    if env::var_os(IN_F32).is_some() {
        return compare_here(counts, 0.999);
    }
    let mut again = Command::new(env::current_exe().expect("this program"));
    again.args(["--exact", &format!("reference::{test}"), "--nocapture"]).env(IN_F32, "1");
    let output = again.output().expect("this program begins again");
    let (out, errors) = (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success(), "{}{errors}", String::from_utf8_lossy(&out));
    // When the first token of all leaves the window, all numbers move.
    compare_here(counts, 0.97);
}

/// Compares: the likeliest token must be the same, and the cosine above a floor.
fn compare_here(counts: &[usize], floor: f64) {
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
        assert!(cosine > floor, "after {count} tokens: {cosine}");
        assert_eq!(best(&found), best(&expected), "after {count} tokens");
    }
}

#[test]
fn a_short_prompt_gives_the_logits_of_candle() {
    compare("a_short_prompt_gives_the_logits_of_candle", &[1, 2, 9, 30, 31, 64]);
}

#[test]
fn a_prompt_longer_than_the_window_gives_the_logits_of_candle() {
    let counts = [WINDOW - 1, WINDOW, WINDOW + 1, WINDOW + 2, WINDOW + 40];
    compare("a_prompt_longer_than_the_window_gives_the_logits_of_candle", &counts);
}
