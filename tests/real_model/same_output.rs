//! However a prompt is read, the likeliest reply is the same to the last token.

use bevy_persona::inference::model::{CausalModel, ModelOptions, SequenceId, Span};

use crate::{
    alone,
    common::reader::{in_parts, likeliest, open, read},
    model, tokenizer,
};

/// How many tokens are said to each prompt.
const SAID: usize = 8;

/// 50 different messages behind a beginning that all of them share.
fn prompts() -> Vec<Vec<u32>> {
    let (_, tokenizer) = tokenizer();
    let topics =
        ["exam", "cat", "concert", "rain", "birthday", "dream", "friend", "job", "dance", "home"];
    let openings =
        ["I thought about my", "Tell me of your", "What if the", "나는 오늘", "Guess what: my"];
    let turn = |topic: &str, opening: &str| {
        format!(
            "<|im_start|>system\nYou are Siwoo of MAVE:, calm and kind.<|im_end|>\n\
             <|im_start|>user\n{opening} {topic}.<|im_end|>\n<|im_start|>assistant\n"
        )
    };
    let turns = topics.iter().flat_map(|topic| openings.map(|opening| turn(topic, opening)));
    turns.map(|turn| tokenizer.encode_template(&turn, true).expect("tokens")).collect()
}

fn fresh(cache_bytes: usize) -> Box<dyn CausalModel> {
    open(model(), &ModelOptions { cache_bytes, ..ModelOptions::default() })
}

/// The likeliest reply, with the whole text read anew for every token and nothing remembered.
fn reference(model: &mut dyn CausalModel, prompt: &[u32]) -> Vec<u32> {
    let mut text = prompt.to_vec();
    for _ in 0..SAID {
        let (logits, sequence) = in_parts(model, None, &text, &[usize::MAX]);
        text.push(likeliest(&logits));
        model.close(sequence);
    }
    text.split_off(prompt.len())
}

/// The likeliest reply, each token read behind what is known.
fn reply(model: &mut dyn CausalModel, prompt: &[u32], parts: &[usize]) -> Vec<u32> {
    let sequence = model.open(None);
    let known = model.rewind(sequence, prompt, 0);
    let mut logits = Vec::new();
    let (mut rest, mut lengths) = (&prompt[known..], parts.iter().cycle());
    while !rest.is_empty() {
        let (part, behind) = rest.split_at(rest.len().min(*lengths.next().expect("some lengths")));
        logits = read(model, sequence, part).expect("logits");
        rest = behind;
    }
    let mut said = vec![likeliest(&logits)];
    while said.len() < SAID {
        let logits = read(model, sequence, &said[said.len() - 1..]).expect("logits");
        said.push(likeliest(&logits));
    }
    model.close(sequence);
    said
}

/// The likeliest replies to several prompts, all in the same passes: long prompts beside words.
fn replies_in_a_batch(model: &mut dyn CausalModel, prompts: &[Vec<u32>]) -> Vec<Vec<u32>> {
    struct Speaker<'a> {
        sequence: SequenceId,
        unread: &'a [u32],
        said: Vec<u32>,
    }
    let mut speakers: Vec<Speaker<'_>> = prompts
        .iter()
        .map(|prompt| {
            let sequence = model.open(None);
            let known = model.rewind(sequence, prompt, 0);
            Speaker { sequence, unread: &prompt[known..], said: Vec::new() }
        })
        .collect();
    while speakers.iter().any(|speaker| speaker.said.len() < SAID) {
        let mut logits = vec![Vec::new(); speakers.len()];
        let parts: Vec<Vec<u32>> = speakers
            .iter()
            .enumerate()
            .map(|(number, speaker)| {
                let count = speaker.unread.len().min(5 + number);
                match (count, speaker.said.last()) {
                    (0, Some(&last)) if speaker.said.len() < SAID => vec![last],
                    _ => speaker.unread[..count].to_vec(),
                }
            })
            .collect();
        let mut spans: Vec<Span<'_>> = Vec::new();
        for ((speaker, part), logits) in speakers.iter().zip(&parts).zip(&mut logits) {
            if !part.is_empty() {
                spans.push(Span::new(speaker.sequence, part).giving(logits));
            }
        }
        model.forward(&mut spans).expect("logits for all");
        for ((speaker, part), logits) in speakers.iter_mut().zip(&parts).zip(&logits) {
            let read = part.len().min(speaker.unread.len());
            speaker.unread = &speaker.unread[read..];
            if speaker.unread.is_empty() && !part.is_empty() {
                speaker.said.push(likeliest(logits));
            }
        }
    }
    for speaker in &speakers {
        model.close(speaker.sequence);
    }
    speakers.into_iter().map(|speaker| speaker.said).collect()
}

#[test]
fn cached_batched_chunked_and_evicted_give_the_reply_of_the_plain_way() {
    let _cores = alone();
    let prompts = prompts();
    assert_eq!(prompts.len(), 50);
    // Without memory nothing is remembered of a sequence that is closed.
    let mut plain = fresh(0);
    let expected: Vec<Vec<u32>> =
        prompts.iter().map(|prompt| reference(&mut *plain, prompt)).collect();
    assert_eq!(plain.counts().reused, 0);

    let mut model = fresh(256 << 20);
    let mut starved = fresh(1 << 20);
    for (prompt, expected) in prompts.iter().zip(&expected) {
        assert_eq!(&reply(&mut *model, prompt, &[1000]), expected, "cached");
        assert_eq!(&reply(&mut *model, prompt, &[1000]), expected, "known from before");
        assert_eq!(&reply(&mut *plain, prompt, &[7, 1, 16]), expected, "in chunks");
        assert_eq!(&reply(&mut *starved, prompt, &[13]), expected, "after eviction");
    }
    assert!(model.counts().reused > 1000, "the beginning was shared: {:?}", model.counts());
    assert!(starved.memory().cache <= 2 << 20, "{:?}", starved.memory());
    for (prompts, expected) in prompts.chunks(5).zip(expected.chunks(5)) {
        assert_eq!(replies_in_a_batch(&mut *plain, prompts), expected, "in a batch");
        assert_eq!(replies_in_a_batch(&mut *model, prompts), expected, "in a batch, cached");
    }
}
