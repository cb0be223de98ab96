//! What the model takes, against what was estimated before it was loaded.

use bevy_persona::inference::model::{
    self, MemoryEstimate, MemoryPlan, ModelFacts, ModelOptions, Pass,
};

use super::{file, read};

/// Tokens of a conversation: enough to see, few enough to wait for.
const CONTEXT: usize = 96;

#[test]
fn weights_and_conversations_take_what_was_estimated() {
    let mut file = file::open();
    let plan = MemoryPlan { context: CONTEXT, idols: 2, ..MemoryPlan::default() };
    let estimate = MemoryEstimate::of(&file, &plan).unwrap();
    let mut model = model::load(&mut file, &ModelOptions::default(), &mut |_, _| true).unwrap();
    for idol in 0..plan.idols as u32 {
        let tokens: Vec<u32> = (0..CONTEXT as u32).map(|place| 1000 + idol + place * 7).collect();
        let sequence = model.open(None);
        let _ = read(&mut *model, sequence, &tokens);
    }
    let memory = model.memory();
    let near = |estimated: u64, measured: usize| {
        let ratio = estimated as f64 / measured as f64;
        assert!((0.75..1.25).contains(&ratio), "{estimated} estimated, {measured} measured");
    };
    near(estimate.weights, memory.weights);
    near(estimate.conversations, memory.cache);
    near(estimate.weights + estimate.conversations, memory.weights + memory.cache);
}

#[test]
fn the_file_says_what_it_is() {
    let facts = ModelFacts::of(&file::open());
    assert_eq!((facts.architecture.as_str(), facts.name.as_str()), ("gemma3", "Gemma 3 270m"));
    assert!(matches!(facts.pass, Ok(Pass::Candle)));
    assert_eq!(facts.licence.as_deref(), Some("gemma"));
    assert_eq!(facts.readable_context, Some(32_768));
    let sizes = facts.sizes.unwrap();
    assert_eq!((sizes.layers(), sizes.width, sizes.heads, sizes.head_dim), (18, 640, 4, 256));
    assert_eq!((sizes.window, sizes.vocabulary), (Some(512), 262_144));
    assert_eq!(facts.quantisation[0].name, "Q8_0");
}
