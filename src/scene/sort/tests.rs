use proptest::prelude::*;

use super::sort_answer;

/// The questions of the game's scenes: each option in English and Korean.
fn options(list: &[&str]) -> Vec<Vec<String>> {
    list.iter().map(|option| option.split('/').map(String::from).collect()).collect()
}

fn check(list: &[&str], answers: &[(&str, Option<usize>)]) {
    let options = options(list);
    let wrong: Vec<_> = answers
        .iter()
        .map(|(answer, meant)| (*answer, *meant, sort_answer(answer, &options)))
        .filter(|(_, meant, found)| meant != found)
        .collect();
    assert!(wrong.is_empty(), "answer, meant, found: {wrong:#?}");
}

#[test]
fn a_song_loud_or_quiet() {
    check(
        &["something loud/큰 노래", "something quiet/조용한 노래", "I don't know/모르겠어요"],
        &[
            ("something loud", Some(0)),
            ("LOUD!!", Some(0)),
            ("I would scream it from the roof", Some(0)),
            ("probably a whisper", Some(1)),
            ("softly, so nobody hears", Some(1)),
            ("not loud, quiet", Some(1)),
            ("no idea", Some(2)),
            ("i dont know", Some(2)),
            ("I'm not sure", Some(2)),
            ("the second one please", Some(1)),
            ("option 1", Some(0)),
            ("the last", Some(2)),
            ("크게 부를래요", Some(0)),
            ("조용하게요", Some(1)),
            ("작은 노래?", Some(1)),
            ("잘 모르겠어", Some(2)),
            ("글쎄요", Some(2)),
            ("두 번째요", Some(1)),
            ("큰 거 말고 조용한 거", Some(1)),
            ("loud or quiet", None),
            ("pizza", None),
            ("", None),
            ("that one", None),
            ("오늘 날씨 좋네", None),
        ],
    );
}

#[test]
fn a_door_a_song_or_neither() {
    check(
        &["a door/문", "a song/노래", "neither/둘 다 아니다"],
        &[
            ("the door", Some(0)),
            ("A melody, always.", Some(1)),
            ("neither", Some(2)),
            ("none of them", Some(2)),
            ("not the door, the song", Some(1)),
            ("문이요", Some(0)),
            ("노래를 고를래요", Some(1)),
            ("둘 다 아니에요", Some(2)),
            ("문 말고 노래", Some(1)),
            ("both", None),
            ("not the door", None),
        ],
    );
}

#[test]
fn a_colour() {
    check(
        &["deep blue/깊은 파랑", "warm brown/따뜻한 갈색", "silver/은색"],
        &[
            ("blue, like the sea", Some(0)),
            ("coffee", Some(1)),
            ("slver", Some(2)),
            ("grey I think", Some(2)),
            ("파란색", Some(0)),
            ("갈색이요", Some(1)),
            ("은빛 같아요", Some(2)),
            ("red", None),
        ],
    );
}

#[test]
fn who_taught_the_fan() {
    check(
        &[
            "somebody at home/집에 있는 사람",
            "a teacher/선생님",
            "a friend/친구",
            "I taught myself/혼자 배웠어",
        ],
        &[
            ("my grandmother", Some(0)),
            ("my teacher at school", Some(1)),
            ("a good friend of mine", Some(2)),
            ("nobody, I learned it on my own", Some(3)),
            ("엄마가 가르쳐 줬어", Some(0)),
            ("피아노 선생님이요", Some(1)),
            ("친구한테 배웠어요", Some(2)),
            ("혼자서요", Some(3)),
            ("YouTube", None),
        ],
    );
}

#[test]
fn a_part_in_a_song() {
    check(
        &[
            "hum the low part/낮은 음을 흥얼거릴게요",
            "clap the half beat/반 박자에 손뼉을 칠게요",
            "only listen/듣기만 할게요",
        ],
        &[
            ("I'll hum", Some(0)),
            ("humming!", Some(0)),
            ("clapping", Some(1)),
            ("I just want to listen", Some(2)),
            ("흥얼거릴래", Some(0)),
            ("박수 칠래요", Some(1)),
            ("그냥 들을게요", Some(2)),
        ],
    );
}

#[test]
fn yes_or_no() {
    check(
        &["Yes, open it/응, 열어", "No, not yet/아니, 아직"],
        &[
            ("yeah", Some(0)),
            ("of course!", Some(0)),
            ("nope", Some(1)),
            ("let's wait", Some(1)),
            ("응", Some(0)),
            ("아니요", Some(1)),
            ("the former", Some(0)),
            ("hmm", None),
        ],
    );
}

#[test]
fn a_feeling() {
    check(
        &["happy/기뻐요", "tired/지쳤어요", "lonely/외로워요", "I'm not sure/잘 모르겠어요"],
        &[
            ("so sleepy", Some(1)),
            ("I feel alone", Some(2)),
            ("pretty good, happy even", Some(0)),
            ("not happy, just exhausted", Some(1)),
            ("외롭다", Some(2)),
            ("피곤해요", Some(1)),
            ("행복해요", Some(0)),
            ("모르겠어", Some(3)),
        ],
    );
}

#[test]
fn a_word_to_keep_and_a_reason_to_hum() {
    check(
        &["stay/머물다", "thank you/고마워", "again/다시"],
        &[
            ("thanks", Some(1)),
            ("감사해요", Some(1)),
            ("once more", Some(2)),
            ("머물러 줘", Some(0)),
        ],
    );
    check(
        &[
            "for a good day/좋은 하루를 위해",
            "for a hard day/힘든 하루를 위해",
            "for no reason/아무 이유 없이",
        ],
        &[
            ("it was a rough day", Some(1)),
            ("just because", Some(2)),
            ("no reason at all", Some(2)),
            ("오늘 힘들었어요", Some(1)),
            ("no", None),
        ],
    );
}

proptest! {
    #[test]
    fn any_answer_to_any_question_is_an_option_or_none(
        answer in ".{0,40}|([a-z]{1,6}|not|the first|둘 다 아니|말고|,|모르겠|두 번째| ){0,12}",
        options in prop::collection::vec(prop::collection::vec("[a-z가-힣 ]{0,12}", 0..3), 0..5),
    ) {
        let found = sort_answer(&answer, &options);
        prop_assert!(found.is_none_or(|found| found < options.len()));
    }

    #[test]
    fn an_option_that_is_repeated_is_found(
        list in prop::collection::btree_set("[a-z]{4,9}( [a-z]{4,9})?", 2..5),
        which in any::<prop::sample::Index>(),
    ) {
        let list: Vec<_> = list.into_iter().collect();
        let which = which.index(list.len());
        let options: Vec<_> = list.iter().map(|option| vec![option.clone()]).collect();
        prop_assert_eq!(sort_answer(&list[which].to_uppercase(), &options), Some(which));
    }
}
