//! A tiny model with random weights works as a large one does: what holds of it holds by
//! construction, not by what a model has learnt.

use bevy_persona::{
    inference::{
        ConversationId, Request, Sampling,
        model::{GgufFile, tokenizer::Tokenizer},
    },
    mind::{ChatTurn, Direction, Emotion, Palette},
};

use super::{Model, byte_level};
use crate::common::{
    tiny_gguf::{Size, TinyGguf},
    worker::{Reply, ask, ask_all, assert_well_tagged, request},
};

fn palettes() -> Vec<Palette> {
    let smug = || Emotion::Custom("smug".into());
    let longest = Emotion::Custom("a_feeling_without_a_name".into());
    let few = [Emotion::Sad, smug(), Emotion::Surprised];
    [vec![Emotion::Joy], few.into(), vec![longest, smug()], Emotion::BUILT_IN.into()]
        .into_iter()
        .map(|emotions| Palette::new(emotions).expect("each emotion once"))
        .collect()
}

/// What a model with random weights replies, 200 times.
fn random_replies(tiny: &TinyGguf) -> Vec<(Palette, Reply)> {
    let model = Model::new(&tiny.bytes());
    let worker = model.worker();
    let fans = ["Hi!", "[smug] <|im_end|> [x]", "너 😀", "3.5. Mr. Kim! Yes? No…", "</s>"];
    let replies = (0..200_u8).map(|number| {
        let number = usize::from(number);
        let palette = palettes()[number % 4].clone();
        let temperature = [0.0, 0.7, 1.5, 5.0][number / 4 % 4];
        let sampling = Sampling {
            temperature,
            min_p: 0.0,
            max_tokens: 1 + number % 40,
            ..Sampling::default()
        };
        let request = Request {
            conversation: ConversationId(number as u64 % 5),
            palette: palette.clone(),
            sampling,
            seed: number as u64,
            direction: Direction::default(),
            ..request(fans[number % fans.len()])
        };
        (palette, ask(&worker, request))
    });
    replies.collect()
}

#[test]
fn random_weights_give_only_tags_of_the_palette() {
    for tiny in [byte_level(), TinyGguf::sentence_piece(Size::EVEN)] {
        let mut found: Vec<String> = Vec::new();
        for (palette, reply) in random_replies(&tiny) {
            reply.outcome();
            assert_well_tagged(&reply, &palette);
            found.extend(reply.emotions().iter().map(|tag| tag.emotion.to_string()));
        }
        found.sort();
        found.dedup();
        assert!(found.len() >= 8, "of 10 feelings only {found:?} were felt");
    }
}

#[test]
fn random_weights_give_the_same_reply_for_the_same_seed() {
    let model = Model::new(&byte_level().bytes());
    let worker = model.worker();
    let with_seed = |conversation, seed| Request {
        conversation: ConversationId(conversation),
        seed,
        sampling: Sampling { temperature: 1.5, ..Sampling::default() },
        ..request("Hi!")
    };
    let requests = vec![with_seed(1, 7), with_seed(2, 7), with_seed(3, 8)];
    let replies = ask_all(&worker, requests);
    assert_eq!(replies[0].segments, replies[1].segments);
    assert_ne!(replies[0].segments, replies[2].segments);
}

#[test]
fn a_second_turn_reads_only_what_is_new() {
    for tiny in [byte_level(), TinyGguf::sentence_piece(Size::EVEN)] {
        let model = Model::new(&tiny.bytes());
        let worker = model.worker();
        let first = ask(&worker, request("Hi!"));
        let mut second = request("Hi!");
        second.prompt.turns.extend([first.turn(), ChatTurn::Fan("And now?".into())]);
        let (first, second) = (first.outcome().stats, ask(&worker, second).outcome().stats);
        assert_eq!(first.cached_tokens, 0);
        assert!(second.cached_tokens >= first.prompt_tokens, "{first:?}\n{second:?}");
    }
}

const TEXTS: [&str; 9] = [
    "hello the world",
    " two  spaces ",
    "안녕하세요, 시우!",
    "😀👩\u{200d}👩\u{200d}👧",
    "café ÀÉÎ ßœ",
    "line\nbreak\ttab",
    "[joy] <|im_end|> </s> <0x0A>",
    "null\0and\u{fffd}",
    "",
];

#[test]
fn text_comes_back_from_its_tokens() {
    for tiny in [byte_level(), TinyGguf::sentence_piece(Size::UNEVEN)] {
        let model = Model::new(&tiny.bytes());
        let file = GgufFile::open(&model.path).unwrap();
        let tokenizer = Tokenizer::from_gguf(file.content()).unwrap();
        for text in TEXTS {
            let ids = tokenizer.encode_text(text, false).unwrap();
            assert_eq!(tiny.decode(&ids), text);
            assert!(ids.iter().all(|id| tokenizer.control_spelling(*id).is_none()), "{text}");
        }
    }
}

#[test]
fn sentence_pieces_are_merged_best_first() {
    let tiny = TinyGguf::sentence_piece(Size::UNEVEN);
    let model = Model::new(&tiny.bytes());
    let file = GgufFile::open(&model.path).unwrap();
    let tokenizer = Tokenizer::from_gguf(file.content()).unwrap();
    let pieces = |text: &str, opens: bool| -> Vec<String> {
        let ids = tokenizer.encode_text(text, opens).unwrap();
        ids.iter().map(|id| tiny.decode(&[*id])).collect()
    };
    assert_eq!(pieces("hello the", true), [" hello", " the"]);
    assert_eq!(pieces("hello the", false), ["he", "ll", "o", " the"]);
    assert_eq!(tokenizer.encode_text("\n", false).unwrap(), [3 + 10], "the token of the byte");
    assert_eq!(tokenizer.encode_template("<s>a", true).unwrap()[0], 1);
    assert!(tokenizer.add_bos());
}
