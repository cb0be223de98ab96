//! What a member promises.

use super::{
    Extractor, Said,
    facts::{FactKey, FactKind, FanFact},
    rules::languages_of,
};

impl Extractor {
    /// What a reply of hers promises the fan. `said` is the reply, without tags.
    #[must_use]
    pub fn promises_of_reply(&self, said: &Said<'_>) -> Vec<FanFact> {
        let mut promises: Vec<FanFact> = Vec::new();
        for sentence in super::sentence::sentences(said.text) {
            let found = languages_of(&sentence.text)
                .filter_map(|language| self.rules.reply_promise.get(&language))
                .flatten()
                .find_map(|pattern| pattern.captures(&sentence.text)?.name("value"));
            let Some(found) = found.filter(|_| !sentence.asks) else { continue };
            let Some(value) = self.tidied(found.as_str()) else { continue };
            promises.push(self.fact(said, FactKey::HER_PROMISE, FactKind::Promise, &value, 0.7));
        }
        promises.truncate(2);
        promises
    }
}
