//! The fan chooses.

use super::{
    beat::{Beat, Now},
    state::Listening,
};
use crate::scene::{SceneChoice, sort_answer};

/// Options, until the fan has chosen one.
#[derive(Debug)]
pub(super) struct Choosing {
    choices: Vec<SceneChoice>,
    chosen: Option<usize>,
}

impl Choosing {
    pub(super) fn new(choices: Vec<SceneChoice>, now: &mut Now<'_, '_, '_>) -> Self {
        for choice in &choices {
            now.pass(format!("-> {}", choice.text));
        }
        Self { choices, chosen: None }
    }
}

impl Beat for Choosing {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        if !self.choices.iter().any(|choice| choice.available) {
            return Err(format!(
                "node `{}`: none of the options can be chosen; leave one without a condition",
                now.player.node()
            ));
        }
        let Some(option) = self.chosen else { return Ok(false) };
        let text = self.choices[option].text.clone();
        now.pass(format!("> {text}"));
        now.player.choose(option).map_err(|error| error.to_string())?;
        now.hall.fan_said = text;
        Ok(true)
    }

    /// Nobody chooses for the fan.
    fn go_on(&mut self, _: &mut Now<'_, '_, '_>) {}

    /// Saying what an option says is choosing it.
    fn hear(&mut self, text: &str, _: &mut Now<'_, '_, '_>) -> bool {
        let spellings: Vec<Vec<String>> =
            self.choices.iter().map(|choice| vec![choice.text.clone()]).collect();
        if let Some(option) = sort_answer(text, &spellings) {
            self.choose(option);
        }
        self.chosen.is_some()
    }

    fn listens(&self, _: &super::theatre::Theatre<'_, '_>) -> Option<Listening> {
        None
    }

    fn choices(&self) -> &[SceneChoice] {
        &self.choices
    }

    fn choose(&mut self, option: usize) {
        if self.choices.get(option).is_some_and(|choice| choice.available) {
            self.chosen = Some(option);
        }
    }
}
