//! Explicit wishes: "can we talk in english", "한국어로 말해 줘".

use super::words;
use crate::{mind::text::contains_form, persona::Language};

/// What the languages are called, in several languages.
const NAMES: [(Language, &str); 11] = [
    (
        Language::English,
        "english|inglés|ingles|inglês|anglais|englisch|영어|英語|英语|inggris|tiếng anh|\
         ภาษาอังกฤษ|잉글리시|eng",
    ),
    (
        Language::Korean,
        "korean|coreano|coréen|koreanisch|한국어|한국말|한글|韓国語|韩语|韓語|korea|tiếng hàn|ภาษาเกาหลี",
    ),
    (
        Language::Japanese,
        "japanese|japonés|japones|japonês|japonais|japanisch|일본어|日本語|日语|日語|jepang|\
         tiếng nhật|ภาษาญี่ปุ่น",
    ),
    (
        Language::Chinese,
        "chinese|mandarin|chino|chinois|chinesisch|chinês|중국어|中文|中国語|汉语|漢語|tiếng trung|\
         ภาษาจีน",
    ),
    (
        Language::Spanish,
        "spanish|español|espanol|castellano|espagnol|spanisch|espanhol|스페인어|スペイン語|西班牙语|\
         spanyol|tiếng tây ban nha",
    ),
    (
        Language::French,
        "french|francés|frances|français|francais|französisch|francês|프랑스어|불어|フランス語|法语|\
         prancis|tiếng pháp",
    ),
    (
        Language::German,
        "german|alemán|aleman|allemand|deutsch|alemão|독일어|ドイツ語|德语|jerman|tiếng đức",
    ),
    (
        Language::Portuguese,
        "portuguese|portugués|portugues|portugais|portugiesisch|português|포르투갈어|ポルトガル語|葡萄牙语|\
         portugis",
    ),
    (
        Language::Indonesian,
        "indonesian|indonesio|indonésien|indonesisch|indonésio|인도네시아어|インドネシア語|印尼语|\
         bahasa indonesia|bahasa",
    ),
    (Language::Thai, "thai|tailandés|thaï|thailändisch|tailandês|태국어|タイ語|泰语|ภาษาไทย"),
    (
        Language::Vietnamese,
        "vietnamese|vietnamita|vietnamien|vietnamesisch|베트남어|ベトナム語|越南语|tiếng việt",
    ),
];

/// Words of a wish to speak, before or after the name.
const SPEAK: &str = "speak|talk|switch|reply|answer|respond|chat|continue|write|use|text me|go back to|\
    back to|change to|habla|hablar|hablemos|hablas|responde|parle|parler|parlons|\
    réponds|sprich|sprechen|reden|antworte|fala|falar|fale|responda|말해|말하|얘기|대답|대화|해 줘|\
    해줘|하자|해 주|할래|바꿔|써 줘|써줘|話し|話そ|答え|しゃべ|喋|说|說|聊|回答|bicara|ngobrol|jawab|pakai|pake|nói|\
    trả lời|พูด|ตอบ|คุย";

/// Words that make it a question about the language, a saying, or a matter of learning it.
const NO_WISH: &str = "how do you say|how to say|what is|what's|whats|do you speak|can you speak|\
    can you say|could you say|do u speak|can u speak|learn|learning|study|studying|\
    class|homework|exam|test|teacher|translate|mean|means|say something|word|\
    my friends|people|i speak|i can speak|i can't speak|we speak|they speak|hablas|\
    sabes|tu parles|sprichst du|você fala|뭐라고|뭐야|배우|공부|수업|시험|숙제|할 줄|할줄|잘해|잘 해|못해|못 해|\
    번역|무슨 뜻|what language|don't talk|dont talk|don't speak|dont speak|why do";

/// Words that make a wish of a name alone.
const PLEASE: &str = "please|plz|pls|por favor|bitte|s'il te plaît|stp|in english";

/// Questions that are wishes when a `please` goes with them.
const QUESTIONS: &str = "can you speak|could you speak|can u speak|can you talk|hablas";

/// The language that a folded text asks for.
pub(super) fn requested(folded: &str) -> Option<Language> {
    let holds = |forms: &str| forms.split('|').any(|form| contains_form(folded, form));
    let (language, _) = NAMES.iter().find(|(_, names)| holds(names))?;
    let is_only = words(folded).count() <= 3;
    let wishes = holds(SPEAK) || (is_only && holds(PLEASE));
    let is_polite = holds(QUESTIONS) && holds(PLEASE);
    (wishes && (is_polite || !holds(NO_WISH))).then_some(*language)
}
