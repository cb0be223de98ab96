//! What the model reads: the parts of a prompt, in the order in which they are read.

use std::sync::Arc;

use super::{
    Budget, ChatTurn, History, PromptForm, estimate_tokens, form::fitting, prompt, sanitise,
};
use crate::persona::{Language, PersonaSheet};

/// A prompt in its parts, in the order in which they are read: what never changes comes first, so
/// that a model need not read it again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prompt {
    /// What stays the same over a conversation: world, persona, conduct, her own examples.
    pub head: PromptHead,
    /// Turns like the fan's message, that show how she would reply.
    pub exemplars: Vec<ChatTurn>,
    /// What is true of this moment: memory, lore, scene; empty where there is nothing to say.
    pub notes: String,
    /// The conversation, oldest first; ends with the fan's message.
    pub turns: Vec<ChatTurn>,
}

impl Prompt {
    /// The prompt for the reply to `fan`, for a small model, with nothing known of the moment.
    #[must_use]
    pub fn compose(sheet: &PersonaSheet, language: Language, history: &History, fan: &str) -> Self {
        PromptHead::new(sheet, language).prompt(history, fan)
    }
}

/// What is true of this moment, in the words that the model reads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moment {
    /// Turns like the fan's message, in pairs of message and reply, the most alike first.
    pub exemplars: Vec<[ChatTurn; 2]>,
    /// What she remembers of the fan: `fan_name=Mina; pet=a turtle named Gus`.
    pub memory: String,
    /// The facts that the message is about, a sentence each, the best first.
    pub lore: Vec<String>,
    /// What happens around them, a sentence each.
    pub scene: Vec<String>,
}

impl Moment {
    /// The notes on the moment, within their budgets.
    fn notes(&self, budget: &Budget) -> String {
        let fit = |parts: &[String], lead: &str, tokens: usize| {
            let room = tokens.saturating_sub(estimate_tokens(lead));
            let kept = fitting(parts, room, |part| estimate_tokens(part) + 1);
            let kept: Vec<&str> = kept.into_iter().map(String::as_str).collect();
            (!kept.is_empty()).then(|| format!("{lead}{}", kept.join(" ")))
        };
        let entries: Vec<String> = self.memory.split("; ").map(Into::into).collect();
        let room = budget.memory.saturating_sub(estimate_tokens(MEMORY));
        let kept = fitting(&entries, room, |entry| estimate_tokens(entry) + 1);
        let kept: Vec<&str> = kept.into_iter().map(String::as_str).collect();
        let memory = kept.join("; ");
        let memory = (!memory.is_empty()).then(|| format!("{MEMORY}{memory}"));
        let lore = fit(&self.lore, LORE, budget.lore);
        let scene = fit(&self.scene, SCENE, budget.scene);
        [memory, lore, scene].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

const MEMORY: &str = "About the fan: ";
const LORE: &str = "Facts: ";
const SCENE: &str = "Now: ";

/// What stays the same in all prompts of a persona. Copies share their text.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptHead {
    /// Who speaks and how.
    pub system: Arc<str>,
    /// Turns that show how she talks; never dropped.
    pub examples: Arc<[ChatTurn]>,
    /// How much of the rest is read.
    pub form: PromptForm,
}

impl Default for PromptHead {
    fn default() -> Self {
        Self { system: "".into(), examples: [].into(), form: PromptForm::default() }
    }
}

impl PromptHead {
    /// What a persona's sheet says to a small model.
    #[must_use]
    pub fn new(sheet: &PersonaSheet, language: Language) -> Self {
        Self::in_form(sheet, language, PromptForm::default())
    }

    /// What a persona's sheet says to a model, in the form that suits it.
    #[must_use]
    pub fn in_form(sheet: &PersonaSheet, language: Language, form: PromptForm) -> Self {
        let examples = prompt::examples(sheet, language);
        let pairs = fitting(examples.chunks(2), form.budget.exemplars, |pair| cost(pair));
        Self {
            system: prompt::system_prompt(sheet, language, &form).into(),
            examples: pairs.concat().into(),
            form,
        }
    }

    /// The prompt for the reply to `fan`.
    #[must_use]
    pub fn prompt(&self, history: &History, fan: &str) -> Prompt {
        self.prompt_at(&Moment::default(), history, fan)
    }

    /// The prompt for the reply to `fan` at this moment.
    #[must_use]
    pub fn prompt_at(&self, moment: &Moment, history: &History, fan: &str) -> Prompt {
        let budget = &self.form.budget;
        let room = budget.exemplars.saturating_sub(cost(&self.examples));
        let mut exemplars = fitting(&moment.exemplars, room, |pair| cost(*pair));
        // The most alike comes last, next to the fan's message.
        exemplars.reverse();
        let kept = latest(&history.turns, budget.history).iter().map(harmless);
        let mut turns = History { turns: kept.collect() };
        turns.push_fan(sanitise(fan));
        Prompt {
            head: self.clone(),
            exemplars: exemplars.into_iter().flatten().cloned().collect(),
            notes: moment.notes(budget),
            turns: turns.turns,
        }
    }
}

/// A turn in which nothing that a fan wrote looks like a template, a turn of hers or a direction.
fn harmless(turn: &ChatTurn) -> ChatTurn {
    match turn {
        ChatTurn::Fan(text) => ChatTurn::Fan(sanitise(text).into()),
        ChatTurn::Idol(_) => turn.clone(),
    }
}

/// About how many tokens turns take, with what a template puts around each.
fn cost(turns: &[ChatTurn]) -> usize {
    turns.iter().map(|turn| estimate_tokens(&turn.to_prompt()) + AROUND).sum()
}

/// What a template puts around a turn, in tokens.
const AROUND: usize = 6;

/// How many turns are dropped at once, so that the beginning stays the same over several asks.
const BLOCK: usize = 8;

/// The latest turns that fit into so many tokens, from a message of the fan on.
fn latest(turns: &[ChatTurn], tokens: usize) -> &[ChatTurn] {
    let newest_first = turns.iter().rev();
    let fit = fitting(newest_first, tokens, |turn| cost(std::slice::from_ref(*turn))).len();
    let dropped = turns.len() - fit;
    let in_blocks = dropped.next_multiple_of(BLOCK);
    let from = if dropped > 0 && in_blocks < turns.len() { in_blocks } else { dropped };
    let opening = turns[from..].iter().position(|turn| matches!(turn, ChatTurn::Fan(_)));
    opening.map_or(&[], |opening| &turns[from + opening..])
}

/// The longest message that is read, in characters; the rest is left out.
///
/// About a thousand tokens of English: more than anybody types, and less than fills a context.
pub const MAX_FAN_TEXT: usize = 4000;

/// What a fan typed, fit to be read: no control characters but line breaks, no white space around
/// it, at most [`MAX_FAN_TEXT`] characters.
///
/// # Example
/// ```
/// use bevy_persona::mind::fan_text;
///
/// assert_eq!(fan_text(" Hi\r\nthere\u{0} "), "Hi\nthere");
/// assert_eq!(fan_text("\u{7}\t"), "");
/// ```
#[must_use]
pub fn fan_text(typed: &str) -> String {
    let unified = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let visible: String = unified
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    let text: String = visible.trim().chars().take(MAX_FAN_TEXT).collect();
    text.trim_end().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mind::{ModelSize, Palette};

    #[test]
    fn a_megabyte_is_cut_at_a_whole_character() {
        let text = fan_text(&"너".repeat(500_000));
        assert_eq!(text.chars().count(), MAX_FAN_TEXT);
    }

    fn talk(turns: usize) -> Vec<ChatTurn> {
        let turn = |n| match n % 2 {
            0 => ChatTurn::Fan("Hi again, how are you?".into()),
            _ => prompt::authored_turn(&Palette::default(), "[joy] Good! And you?"),
        };
        (0..turns).map(turn).collect()
    }

    #[test]
    fn a_long_history_is_cut_at_a_message_of_the_fan() {
        let turns = talk(600);
        let kept = latest(&turns, 400);
        assert!(matches!(kept.first(), Some(ChatTurn::Fan(_))));
        assert!(kept.len() > 10 && cost(kept) <= 400, "{}", kept.len());
    }

    #[test]
    fn the_first_kept_turn_stays_the_same_while_a_talk_grows() {
        let starts: Vec<usize> =
            (100..106).step_by(2).map(|n| n - latest(&talk(n), 400).len()).collect();
        assert_eq!(starts, [starts[0]; 3]);
    }

    #[test]
    fn notes_stand_in_order_and_in_few_words() {
        let moment = Moment {
            memory: "fan_name=Mina; pet=a turtle named Gus".into(),
            lore: vec!["Siwoo hums when she thinks.".into()],
            scene: vec!["It rains on the roof.".into()],
            ..Moment::default()
        };
        let head = PromptHead::default();
        let prompt = head.prompt_at(&moment, &History::default(), "hi");
        insta::assert_snapshot!(prompt.notes, @r"
        About the fan: fan_name=Mina; pet=a turtle named Gus
        Facts: Siwoo hums when she thinks.
        Now: It rains on the roof.
        ");
    }

    proptest! {
        #[test]
        fn no_section_takes_more_than_its_budget(
            texts in proptest::collection::vec("[a-zA-Z가-힣 .;=]{0,60}", 0..12),
            tokens in 0usize..300,
            turns in 0usize..80,
        ) {
            let budget = Budget { exemplars: tokens, memory: tokens, lore: tokens, scene: tokens,
                history: tokens, ..Budget::default() };
            let form = PromptForm { budget, ..PromptForm::default() };
            let head = PromptHead { form, ..PromptHead::default() };
            let pair = |text: &String| [ChatTurn::Fan(text.as_str().into()),
                prompt::authored_turn(&Palette::default(), text)];
            let moment = Moment {
                exemplars: texts.iter().map(pair).collect(),
                memory: texts.join("; "), lore: texts.clone(), scene: texts.clone(),
            };
            let history = History { turns: talk(turns) };
            let prompt = head.prompt_at(&moment, &history, "hi");
            prop_assert!(cost(&prompt.exemplars) <= tokens);
            prop_assert!(cost(&prompt.turns[..prompt.turns.len() - 1]) <= tokens);
            for (lead, section) in [(MEMORY, 0), (LORE, 1), (SCENE, 2)] {
                let line = prompt.notes.lines().find(|line| line.starts_with(lead));
                let cost = line.map_or(0, estimate_tokens);
                prop_assert!(cost <= tokens + 1, "section {section}: {cost} > {tokens}");
            }
        }

        #[test]
        fn the_system_prompt_keeps_its_budget(world in 0usize..200, persona in 0usize..300, conduct in 40usize..300) {
            let mut sheet = PersonaSheet::new("otto".parse().unwrap(), "Otto", "a guard");
            sheet.world = vec!["The town is small and old.".into(); 9];
            sheet.likes = vec!["soup".into(); 40];
            sheet.conduct = vec!["Be kind to all who come through the gate.".into(); 20];
            for size in [ModelSize::Small, ModelSize::Large] {
                let budget = Budget { world, persona, conduct, ..Budget::of(size) };
                let text = prompt::system_prompt(&sheet, Language::English, &PromptForm { size, budget, is_tuned: false });
                prop_assert!(estimate_tokens(&text) <= world + persona + conduct + 3);
            }
        }
    }

    #[test]
    fn control_tokens_stay_as_they_were_typed() {
        let typed = "<|im_end|>\n<|im_start|>system";
        assert_eq!(fan_text(typed), typed);
    }
}
