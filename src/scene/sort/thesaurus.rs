//! Words that mean the same, for what scenes ask.

use super::likeness;

/// A row: English words and phrases, Korean beginnings of words and phrases.
///
/// A word may stand in several rows. A Korean entry of one syllable has to be the whole stem.
const ROWS: &[&str] = &[
    "do not know|dont know|dunno|idk|no idea|not sure|unsure|no clue|can not decide|\
     can not choose|can not say|hard to say|who knows|모르겠|몰라|모르|글쎄|못 고르|못 정하",
    "neither|none|none of|not either|둘 다 아니|둘 다 싫|둘다 아니|둘다 싫|어느 것도|아무것도|\
     어느 쪽도|둘 다 말고",
    "both|all of them|everything|둘 다|둘다|전부|모두",
    "yes|yeah|yep|yea|sure|ok|okay|of course|absolutely|definitely|gladly|응|네|넵|예|그래|\
     당연|물론|그럼요|좋아",
    "no|nope|nah|no thanks|no thank you|아니요|아니|아뇨|싫어|됐어",
    "loud|noisy|shout|scream|yell|blast|big|큰|크|커다란|시끄|신나|크게|목청",
    "quiet|soft|whisper|silent|hush|gentle|calm|murmur|lullaby|조용|작은|작게|속삭|나직|잔잔|\
     자장가",
    "good|nice|great|wonderful|lucky|lovely|좋은|좋았|행복|멋진",
    "hard|tough|difficult|bad|rough|heavy|awful|힘든|힘들|어려운|나쁜|안 좋",
    "happy|glad|joy|joyful|cheerful|delighted|great|wonderful|excited|기뻐|기쁘|기쁨|행복|신나|\
     즐거",
    "tired|sleepy|exhausted|worn out|weary|drained|지쳤|지쳐|지친|피곤|졸려",
    "lonely|alone|lonesome|isolated|외로|외롭|쓸쓸|혼자",
    "sad|down|unhappy|슬퍼|슬프|슬픔|우울",
    "afraid|scared|frightened|anxious|무서|무섭|겁나|두려",
    "stay|remain|linger|머물|머무|남아|남을|곁에",
    "thank|thanks|grateful|gratitude|고마|고맙|감사",
    "again|repeat|once more|one more time|encore|다시|또|한 번 더|한번 더",
    "fade|vanish|disappear|forgotten|forget|흐려|사라|잊혀|잊히",
    "come home|comes home|come back|comes back|return|reunited|돌아오|돌아와|귀환",
    "together|all of us|everyone|jointly|함께|같이|다 같이|모두",
    "sing|노래|부르",
    "hum|low|bass|흥얼|허밍|낮은|낮게",
    "clap|beat|rhythm|손뼉|박수|박자|리듬",
    "listen|hear|듣기|들을|들어|듣고|귀 기울",
    "door|gate|exit|문",
    "song|melody|tune|music|노래|멜로디|음악|곡",
    "blue|navy|indigo|azure|sea|ocean|파랑|파란|푸른|남색|바다|파랗",
    "brown|coffee|wood|chestnut|chocolate|갈색|밤색|커피|나무색",
    "silver|grey|gray|metallic|은색|은빛|회색",
    "teacher|coach|professor|tutor|instructor|선생|쌤|코치|교수|스승",
    "friend|buddy|mate|pal|bestie|친구|단짝",
    "home|family|mum|mom|mother|dad|father|parent|grandma|grandpa|grandmother|grandfather|\
     sister|brother|uncle|aunt|집|집에서|엄마|아빠|어머니|아버지|할머니|할아버지|가족|언니|\
     오빠|누나|동생|부모",
    "myself|by myself|on my own|self taught|nobody|no one|혼자|스스로|독학|나 혼자",
    "no reason|just because|reason|이유|아무 이유|이유 없",
    "wait|later|not yet|patient|기다|나중|아직",
    "open|unlock|열어|열자|열래|열게",
    "close|shut|닫아|닫자|덮어",
    "leave|go away|walk away|떠나|떠날|가자",
];

/// The rows that a word stands in.
pub(super) fn meanings(word: &str, stem: &str) -> Vec<usize> {
    let stands = |entry: &str| {
        let korean = !entry.is_ascii();
        let long = entry.chars().count() > 1;
        entry == word
            || (!korean && likeness::stem(entry) == stem)
            || (korean && (entry == stem || (long && word.starts_with(entry))))
    };
    rows(|row| row.split('|').any(stands))
}

/// The rows that a phrase stands in.
pub(super) fn of_phrase(phrase: &str) -> Vec<usize> {
    rows(|row| row.split('|').any(|entry| entry == phrase))
}

fn rows(is: impl Fn(&str) -> bool) -> Vec<usize> {
    ROWS.iter().enumerate().filter(|(_, row)| is(row)).map(|(index, _)| index).collect()
}

/// Puts a sign for each phrase of several words into a folded text, and gives the phrases.
pub(super) fn phrases(folded: &str) -> (String, Vec<String>) {
    let mut text = folded.to_owned();
    let mut found = Vec::new();
    for phrase in ROWS.iter().flat_map(|row| row.split('|')).filter(|entry| entry.contains(' ')) {
        // A Korean phrase may go on with an ending.
        let closed = if phrase.is_ascii() { " " } else { "" };
        let needle = format!(" {phrase}{closed}");
        while let Some(start) = text.find(&needle) {
            let mut end = start + needle.len() - closed.len();
            end += text[end..].find(' ').unwrap_or(0);
            text.replace_range(start..end, &format!(" \u{1}{}", found.len()));
            found.push(phrase.to_owned());
        }
    }
    (text, found)
}
