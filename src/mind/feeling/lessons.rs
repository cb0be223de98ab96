//! What the learners learn from.

use std::collections::BTreeMap;

use super::{
    Lesson,
    features::features,
    file::{File, Messages, Votes},
    kind::{Kind, PerKind, normalised},
    learner::Example,
    lexicon::Lexicon,
    spelling::Spelling,
};
use crate::mind::Emotion;

/// How much a dialogue counts beside an example: its tag is a hint only.
const DIALOGUE: f32 = 0.2;
/// How much a form of the lexicon counts beside an example.
const FORM: f32 = 0.2;

/// What the learners learn from, and what dialogues are taken to say.
#[derive(Debug)]
pub(super) struct Lessons {
    pub(super) fan: Vec<Example>,
    pub(super) words: Vec<Example>,
    topics: BTreeMap<String, Votes>,
    tags: BTreeMap<Emotion, Votes>,
}

impl Lessons {
    pub(super) fn new(file: &File, spelling: &Spelling) -> Self {
        let (topics, tags) = (file.topics.clone(), file.tags.clone());
        let mut fan = Vec::new();
        for (kind, forms) in &file.lexicon {
            for (weight, forms) in forms.values().flatten() {
                for form in forms {
                    fan.push(example(form, spelling, None, only(*kind), FORM * weight.value()));
                }
            }
        }
        for form in file.overrides.grief.forms.values().flatten() {
            fan.push(example(form, spelling, None, only(Kind::Grief), FORM));
        }
        Self { words: fan.clone(), fan, topics, tags }
    }

    /// Forgets the texts.
    pub(super) fn clear(&mut self) {
        (self.fan, self.words) = (Vec::new(), Vec::new());
    }

    pub(super) fn add_messages(
        &mut self,
        messages: &Messages,
        spelling: &Spelling,
        lexicon: &Lexicon,
    ) {
        for (kind, texts) in messages {
            for text in texts.values().flatten() {
                let example = example(text, spelling, Some(lexicon), only(*kind), 1.0);
                self.words.push(example.clone());
                self.fan.push(example);
            }
        }
    }

    pub(super) fn add(&mut self, lesson: &Lesson<'_>, spelling: &Spelling, lexicon: &Lexicon) {
        for beat in lesson.reply {
            if let Some(kind) = Kind::of(&beat.emotion) {
                self.words.push(example(&beat.text, spelling, Some(lexicon), only(kind), 1.0));
            }
        }
        let Some(first) = lesson.reply.first() else { return };
        let tag = self.tags.get(&first.emotion).map(per_kind);
        let topic = self.topics.get(lesson.topic).map(per_kind);
        let (Some(tag), topic) = (tag, topic.unwrap_or([1.0; Kind::COUNT])) else { return };
        let mut says = tag;
        for (says, topic) in says.iter_mut().zip(topic) {
            *says *= topic;
        }
        if says.iter().sum::<f32>() > 0.0 {
            self.fan.push(example(lesson.fan, spelling, Some(lexicon), normalised(says), DIALOGUE));
        }
    }
}

fn example(
    text: &str,
    spelling: &Spelling,
    lexicon: Option<&Lexicon>,
    says: PerKind,
    counts: f32,
) -> Example {
    let spelled = spelling.of(text);
    let found = lexicon.map_or([0.0; Kind::COUNT], |lexicon| lexicon.find(&spelled).scores);
    Example { features: features(text, &spelled, &found), says, counts }
}

fn only(kind: Kind) -> PerKind {
    let mut says = [0.0; Kind::COUNT];
    says[kind as usize] = 1.0;
    says
}

fn per_kind(votes: &Votes) -> PerKind {
    let mut each = [0.0; Kind::COUNT];
    for (kind, vote) in votes {
        each[*kind as usize] = *vote;
    }
    each
}
