//! From dialogues to what the model reads of them.

use std::{collections::BTreeMap, sync::Arc};

use super::{TrainError, data::is_held_out, lesson::Lesson, ops::mix};
use crate::{
    inference::{
        ChatWriter, GgufSettings,
        model::{ModelFile, template::ChatTemplate},
    },
    mind::{
        ChatTurn, History, Library, ModelSize, Moment, Prompt, PromptForm, PromptHead,
        exemplars::Exemplar, lore::Fact, prompt::authored_turn,
    },
    persona::{PersonaId, PersonaSheet},
};

/// How often facts that have nothing to do with the fan's words stand among those that have, and how
/// often they stand there alone: so she learns to choose, and to leave them unsaid.
const DISTRACTED: [u64; 2] = [35, 10];

/// What is read in an epoch: the dialogues of one or more characters, each with the prompt that its
/// character has at run time.
pub struct Curriculum {
    writer: ChatWriter,
    sheets: BTreeMap<PersonaId, PersonaSheet>,
    library: Arc<Library>,
    form: PromptForm,
    longest: usize,
    learnt: Vec<Exemplar>,
    held_out: Vec<Exemplar>,
}

impl Curriculum {
    /// The dialogues of these characters in the languages that the model speaks. `longest` is the most tokens of
    /// a dialogue; of longer ones the first turns are left out.
    ///
    /// # Errors
    /// If the model's file has no usable tokenizer or template, a dialogue is of nobody known, tells a
    /// fact that does not exist, or none is left to learn from.
    pub fn new(
        file: &dyn ModelFile,
        sheets: Vec<PersonaSheet>,
        library: Arc<Library>,
        dialogues: Vec<Exemplar>,
        longest: usize,
    ) -> Result<Self, TrainError> {
        let tokenizer = file.tokenizer().map_err(TrainError::model)?;
        let template = ChatTemplate::of(file, &tokenizer).map_err(TrainError::model)?;
        let writer = ChatWriter::new(tokenizer, template, GgufSettings::default().max_context);
        let sheets: BTreeMap<PersonaId, PersonaSheet> =
            sheets.into_iter().map(|sheet| (sheet.id.clone(), sheet)).collect();
        let spoken = file.languages();
        let mut curriculum = Self {
            writer,
            sheets,
            library,
            form: PromptForm::tuned(ModelSize::of(file.parameters())),
            longest,
            learnt: Vec::new(),
            held_out: Vec::new(),
        };
        for dialogue in dialogues.into_iter().filter(|one| spoken.contains(&one.language)) {
            curriculum.check(&dialogue)?;
            match is_held_out(&dialogue) {
                true => curriculum.held_out.push(dialogue),
                false => curriculum.learnt.push(dialogue),
            }
        }
        if curriculum.learnt.is_empty() {
            let languages: Vec<&str> = spoken.iter().map(|language| language.name()).collect();
            return Err(TrainError::NothingToLearn { languages: languages.join(", ") });
        }
        Ok(curriculum)
    }

    fn check(&self, dialogue: &Exemplar) -> Result<(), TrainError> {
        let Exemplar { id, member, facts, .. } = dialogue;
        if !self.sheets.contains_key(member) {
            let known = self.sheets.keys().map(PersonaId::as_str).collect::<Vec<_>>().join(", ");
            return Err(TrainError::Stranger {
                dialogue: id.clone(),
                member: member.clone(),
                known,
            });
        }
        match facts.iter().find(|fact| self.library.lore.get(fact).is_none()) {
            Some(fact) => Err(TrainError::NoFact { dialogue: id.clone(), fact: fact.clone() }),
            None => Ok(()),
        }
    }

    /// How many dialogues are learnt, and how many are held out to measure on.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.learnt.len(), self.held_out.len())
    }

    /// What is read in an epoch: slots are filled, and facts chosen, in another way in each.
    ///
    /// # Errors
    /// If the template refuses a dialogue.
    pub fn epoch(&self, epoch: usize, seed: u64) -> Result<Vec<Lesson>, TrainError> {
        self.lessons(&self.learnt, mix(seed, epoch as u64))
    }

    /// What is measured on; always the same.
    ///
    /// # Errors
    /// If the template refuses a dialogue.
    pub fn held_out(&self) -> Result<Vec<Lesson>, TrainError> {
        self.lessons(&self.held_out, 0)
    }

    fn lessons(&self, dialogues: &[Exemplar], seed: u64) -> Result<Vec<Lesson>, TrainError> {
        let lesson = |(place, dialogue): (u64, &Exemplar)| self.lesson(dialogue, mix(seed, place));
        (0..).zip(dialogues).filter_map(|one| lesson(one).transpose()).collect()
    }

    /// A dialogue as the model reads it; nothing, if even its last exchange is too long.
    fn lesson(&self, dialogue: &Exemplar, chance: u64) -> Result<Option<Lesson>, TrainError> {
        let mut dialogue = dialogue.varied(chance as usize);
        while !dialogue.turns.is_empty() {
            let prompt = self.prompt(&dialogue, chance);
            let (tokens, learns) = self.writer.lesson(&prompt).map_err(TrainError::model)?;
            if tokens.len() <= self.longest {
                return Ok(Some(Lesson { tokens, learns }));
            }
            dialogue.turns.remove(0);
        }
        tracing::warn!("`{}` is longer than {} tokens and left out", dialogue.id, self.longest);
        Ok(None)
    }

    /// The prompt of a dialogue, as the mind composes it, and the reply to its last message.
    fn prompt(&self, dialogue: &Exemplar, chance: u64) -> Prompt {
        let sheet = &self.sheets[&dialogue.member];
        let language = dialogue.language;
        let (mut history, mut replies) = (History::default(), Vec::new());
        for turn in &dialogue.turns {
            replies.push(authored_turn(&sheet.emotions, &turn.idol));
            history.turns.push(ChatTurn::Fan(Arc::clone(&turn.fan)));
            history.turns.extend(replies.last().cloned());
        }
        let reply = history.turns.pop();
        let Some(ChatTurn::Fan(fan)) = history.turns.pop() else { return Prompt::default() };
        let head = PromptHead::in_form(sheet, language, self.form);
        let mut prompt = head.prompt_at(&self.moment(dialogue, chance), &history, &fan);
        prompt.turns.extend(reply);
        prompt
    }

    fn moment(&self, dialogue: &Exemplar, chance: u64) -> Moment {
        let memory: Vec<String> =
            dialogue.fan_facts().map(|(key, value)| format!("{key}={value}")).collect();
        let facts = dialogue.facts.iter().filter_map(|id| self.library.lore.get(id));
        // A game tells her what is true as a fact or as part of the scene.
        let is_scene = mix(chance, 4).is_multiple_of(2);
        let told = dialogue.told.clone();
        let (mut lore, scene) = if is_scene { (Vec::new(), told) } else { (told, Vec::new()) };
        lore.extend(facts.filter_map(|fact| fact.text_in(dialogue.language)).map(Into::into));
        let [beside, alone] = DISTRACTED;
        let often = if lore.is_empty() { alone } else { beside };
        if mix(chance, 1) % 100 < often
            && let Some(other) = self.some_fact(dialogue, mix(chance, 2))
            && !lore.contains(&other)
        {
            let place = mix(chance, 3) as usize % (lore.len() + 1);
            lore.insert(place, other);
        }
        Moment { memory: memory.join("; "), lore, scene, ..Moment::default() }
    }

    /// A fact that everybody may hear.
    fn some_fact(&self, dialogue: &Exemplar, chance: u64) -> Option<String> {
        let open = self.library.lore.facts().filter(|fact| {
            fact.audience == crate::mind::Audience::Public
                && fact.known_by.contains(&dialogue.member)
        });
        let open: Vec<&Fact> = open.collect();
        let place = (chance as usize).checked_rem(open.len())?;
        open[place].text_in(dialogue.language).map(Into::into)
    }
}
