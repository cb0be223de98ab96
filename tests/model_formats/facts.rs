//! What is told of a folder before its weights are read, against the same model in a GGUF file, and
//! against what it takes.

use bevy_persona::inference::model::{
    self, DoesNotFit, MemoryEstimate, MemoryPlan, ModelFacts, Pass,
};
use candle_core::quantized::GgmlDType;

use super::{
    load,
    twin::{ALL, Twin},
};

#[test]
fn facts_of_a_folder_are_those_of_the_file() {
    for class in ALL {
        let twin = Twin::new(class);
        let [folder, gguf] = [twin.folder(), twin.gguf(GgmlDType::F32)].map(|path| {
            let mut facts = ModelFacts::of(&*model::open(&path).unwrap());
            // A window as long as the context is none, and only folders name it.
            if let Some(sizes) = &mut facts.sizes {
                sizes.window = sizes.window.filter(|window| *window < sizes.context);
            }
            facts
        });
        assert_eq!(folder.architecture, twin.arch());
        assert_eq!(folder.architecture, gguf.architecture);
        assert_eq!(folder.parameters, gguf.parameters, "{class}");
        assert_eq!(folder.sizes, gguf.sizes, "{class}");
        assert!(folder.sizes.is_some(), "{class}");
        let own = matches!(twin.arch(), "llama" | "smollm3");
        let pass = if own { Pass::Own } else { Pass::Candle };
        assert_eq!((folder.pass.ok(), gguf.pass.ok()), (Some(pass), Some(pass)), "{class}");
        assert_eq!(folder.readable_context, gguf.readable_context, "{class}");
    }
}

#[test]
fn a_folder_takes_what_was_estimated() {
    for class in ALL {
        let twin = Twin::new(class);
        for path in [twin.folder(), twin.folder_in_parts(), twin.gguf(GgmlDType::F32)] {
            let file = model::open(&path).unwrap();
            let estimate = MemoryEstimate::of(&*file, &MemoryPlan::default()).unwrap();
            let (estimated, measured) =
                (estimate.weights as f64, load(&path).memory().weights as f64);
            // Norms are few, and estimated only.
            assert!(estimated >= measured, "{class}: {estimated} estimated, {measured} measured");
            assert!(estimated < 1.1 * measured, "{class}: {estimated} estimated, {measured}");
        }
    }
}

#[test]
fn a_folder_that_does_not_fit_is_refused_by_its_name() {
    let twin = Twin::new("SmolLM3ForCausalLM");
    let folder = twin.folder();
    let file = model::open(&folder).unwrap();
    let plan = MemoryPlan::default();
    let needed = MemoryEstimate::of(&*file, &plan).unwrap().needed();
    assert_eq!(DoesNotFit::check(&*file, &plan, Some(needed)), Ok(()));
    let error = DoesNotFit::check(&*file, &plan, Some(needed - 1)).unwrap_err();
    assert!(error.to_string().contains(&format!("`{}` needs", file.name())), "{error}");
}

#[test]
fn the_licence_is_the_one_of_the_page() {
    let twin = Twin::new("LlamaForCausalLM");
    let folder = twin.folder();
    std::fs::write(folder.join("README.md"), "---\nlicense: apache-2.0\n---\n").unwrap();
    let facts = ModelFacts::of(&*model::open(&folder).unwrap());
    assert_eq!(facts.licence.as_deref(), Some("apache-2.0"));
}
