use proptest::prelude::*;

use super::*;
use Language::{
    Chinese, English, French, German, Indonesian, Japanese, Korean, Portuguese, Spanish, Thai,
    Vietnamese,
};

#[test]
fn scripts_tell_their_language() {
    for (text, language) in [
        ("오늘 하루 어땠어?", Korean),
        ("ㅋㅋㅋ 진짜?", Korean),
        ("판도라 mv 봤어", Korean),
        ("나 오늘 lonely해", Korean),
        ("hi 시우야 보고 싶었어", Korean),
        ("今日は何してた？", Japanese),
        ("カワイイ!", Japanese),
        ("大好きです", Japanese),
        ("你今天好吗", Chinese),
        ("我爱你们的歌", Chinese),
        ("สวัสดีค่ะ วันนี้เป็นยังไงบ้าง", Thai),
        ("ขอบคุณนะ", Thai),
    ] {
        assert_eq!(tongue(text, English), language, "{text}");
    }
}

#[test]
fn words_tell_languages_of_latin_letters() {
    for (text, language) in [
        ("hola, cómo estás hoy?", Spanish),
        ("me gusta mucho tu canción", Spanish),
        ("no puedo dormir, que hago", Spanish),
        ("quien es la mas joven del grupo", Spanish),
        ("estoy muy triste", Spanish),
        ("salut, comment tu vas ?", French),
        ("j'ai adoré la chanson, merci", French),
        ("je suis fatigué aujourd'hui", French),
        ("tu peux me parler de pandora", French),
        ("hallo, wie geht es dir heute?", German),
        ("ich bin so müde", German),
        ("was machst du gerade", German),
        ("ich habe heute frei und freue mich", German),
        ("oi, tudo bem com você?", Portuguese),
        ("eu gosto muito da música", Portuguese),
        ("hoje foi um dia difícil pra mim", Portuguese),
        ("não consigo dormir", Portuguese),
        ("halo kak, apa kabar hari ini?", Indonesian),
        ("aku suka banget lagunya", Indonesian),
        ("kamu lagi ngapain sekarang", Indonesian),
        ("chào bạn, hôm nay bạn thế nào?", Vietnamese),
        ("mình rất thích bài hát này", Vietnamese),
        ("buồn quá", Vietnamese),
    ] {
        for before in [English, Korean] {
            assert_eq!(tongue(text, before), language, "{text}");
        }
    }
}

#[test]
fn clear_english_is_english_whatever_was_spoken() {
    for text in [
        "how are you today",
        "i had a really bad day",
        "what's your favourite color",
        "can you tell me about pandora",
        "im so tired of school",
        "do u like cats",
        "thank you so much",
        "good morning siwoo, did you sleep well",
        "who are the members",
        "that was the best concert of my life",
        "안녕~ how was your day today, did you sleep",
        "she said 너무 말랐어 and wants to send 반찬",
    ] {
        for before in [English, Korean, Japanese, Thai] {
            assert_eq!(tongue(text, before), English, "{text}");
        }
    }
}

#[test]
fn english_is_told_from_latin_neighbours() {
    for before in [Spanish, French, German, Portuguese, Indonesian, Vietnamese] {
        for text in ["what did you do today", "i love this song so much", "my cat is sick today"] {
            assert_eq!(tongue(text, before), English, "{text}");
        }
    }
}

#[test]
fn unclear_messages_keep_the_language() {
    for text in [
        "ok",
        "lol",
        "haha",
        "hahaha",
        "❤️❤️",
        "",
        "?",
        "siwoo!!",
        "jena",
        "omg",
        "ㅋㅋㅋㅋ",
        "ㅠㅠ",
        "no",
        "wow",
        "hmm",
        "pandora",
        "123",
        "mave",
        "bye",
        "xd",
        "la la la",
        "taira taira taira",
        "op",
        "🥺",
        "(´・ω・`)",
        "Wren",
        "yes",
        "kkkk",
    ] {
        for before in Language::ALL {
            assert_eq!(tongue(text, before), before, "{text}");
        }
    }
}

#[test]
fn explicit_wishes_win() {
    for (text, before, language) in [
        ("can we talk in english", Korean, English),
        ("안녕~ can we talk in english tho", Korean, English),
        ("speak korean please", English, Korean),
        ("한국어로 말해 줘", English, Korean),
        ("영어로 얘기하자", Korean, English),
        ("영어로 대답해줘", Korean, English),
        ("english please", Korean, English),
        ("korean pls", English, Korean),
        ("let's switch to spanish", English, Spanish),
        ("reply in japanese from now on", English, Japanese),
        ("日本語で話して", English, Japanese),
        ("请说中文", English, Chinese),
        ("habla en español por favor", English, Spanish),
        ("parle français stp", English, French),
        ("sprich deutsch bitte", English, German),
        ("pode falar português?", English, Portuguese),
        ("pakai bahasa indonesia dong", English, Indonesian),
        ("พูดภาษาไทยหน่อย", English, Thai),
        ("nói tiếng việt nhé", English, Vietnamese),
    ] {
        assert_eq!(tongue(text, before), language, "{text}");
    }
}

#[test]
fn talk_about_a_language_is_no_wish() {
    for (text, language) in [
        ("how do you say good night in korean", English),
        ("i'm learning korean", English),
        ("do you speak japanese?", English),
        ("고마워를 영어로 뭐라고 해?", Korean),
        ("나 영어 시험 망했어", Korean),
        ("my korean teacher is so funny", English),
    ] {
        assert_eq!(tongue(text, language), language, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_has_a_tongue(text in ".{0,60}|[a-zñ ¿안あ中ก]{0,40}") {
        let found = tongue(&text, English);
        prop_assert!(Language::ALL.contains(&found));
    }
}
