//! Calls Yarn's compiler, which panics on some texts and goes deep into the stack on others.

mod quiet;

use std::thread;

use yarnspinner_compiler::prelude::{Compilation, CompilationType, Compiler, Diagnostic, File};

use super::{SceneError, functions, nesting, source};
use crate::persona::Place;

/// What the deepest text that [`nesting`] lets through needs, many times over, even unoptimised.
const STACK: usize = 256 << 20;

/// A file: its name and its text.
pub(crate) type Text = (String, String);

/// Compiles files into one program; the faults of all files otherwise.
pub(crate) fn together(files: &[Text]) -> Result<Compilation, Vec<SceneError>> {
    let deep: Vec<_> =
        files.iter().filter_map(|(name, text)| nesting::check(name, text).err()).collect();
    if !deep.is_empty() {
        return Err(deep);
    }
    let work = || match compile(files, CompilationType::FullCompilation) {
        Outcome::Good(compilation) => match faults(&compilation.warnings, files) {
            faults if faults.is_empty() => Ok(*compilation),
            faults => Err(faults),
        },
        Outcome::Faults(faults) => Err(faults),
        Outcome::Panic(message) => Err(panicked(files, &message)),
    };
    let on_thread = thread::scope(|scope| {
        let thread = thread::Builder::new().name("scene compiler".into()).stack_size(STACK);
        thread.spawn_scoped(scope, work).map(thread::ScopedJoinHandle::join)
    });
    let problem = match on_thread {
        Ok(Ok(result)) => return result,
        Ok(Err(_)) => "Yarn's compiler ended without a word".to_owned(),
        Err(error) => format!("no thread for Yarn's compiler: {error}"),
    };
    Err(files.iter().take(1).map(|(name, _)| SceneError::new(name, None, &*problem)).collect())
}

enum Outcome {
    Good(Box<Compilation>),
    Faults(Vec<SceneError>),
    Panic(String),
}

fn compile(files: &[Text], how_far: CompilationType) -> Outcome {
    let mut compiler = Compiler::new();
    compiler.extend_library(functions::declared());
    compiler.with_compilation_type(how_far);
    for (name, text) in files {
        compiler.add_file(File { file_name: name.clone(), source: text.clone() });
    }
    match quiet::caught(|| compiler.compile()) {
        Ok(Ok(compilation)) => Outcome::Good(Box::new(compilation)),
        Ok(Err(error)) => Outcome::Faults(faults(&error.0, files)),
        Err(message) => Outcome::Panic(message),
    }
}

/// Why the compiler panicked: faults that it had found before, or else the node it cannot read.
fn panicked(files: &[Text], message: &str) -> Vec<SceneError> {
    let mut found = Vec::new();
    for file in files {
        let alone = std::slice::from_ref(file);
        if let Outcome::Good(_) = compile(alone, CompilationType::FullCompilation) {
            continue;
        }
        match compile(alone, CompilationType::StringsOnly) {
            Outcome::Faults(faults) => found.extend(faults),
            _ => found.push(unreadable(file, message)),
        }
    }
    if found.is_empty() {
        let name = files.first().map_or("", |(name, _)| name);
        found.push(SceneError::new(name, None, format!("Yarn's compiler gave up: {message}")));
    }
    found
}

fn unreadable((name, text): &Text, message: &str) -> SceneError {
    let breaks = |node: &source::SourceNode| {
        let alone = [(name.clone(), node.text.clone())];
        matches!(compile(&alone, CompilationType::FullCompilation), Outcome::Panic(_))
    };
    let node = source::nodes(text).into_iter().find(breaks);
    let line = node.as_ref().map(|node| node.line);
    let which = node.map(|node| format!(" in node `{}`", node.title)).unwrap_or_default();
    let message = message.lines().next().unwrap_or_default();
    let problem = format!(
        "Yarn's compiler gave up{which} ({message}): take lines out of it until it can be read"
    );
    let place = line.map(|line| Place { line, column: 1 });
    SceneError::new(name, place, problem)
}

fn faults(diagnostics: &[Diagnostic], files: &[Text]) -> Vec<SceneError> {
    let first = files.first().map_or("", |(name, _)| name);
    let fault = |diagnostic: &Diagnostic| {
        let file = diagnostic.file_name.as_deref().unwrap_or(first);
        let place = diagnostic
            .range
            .as_ref()
            .map(|range| Place { line: range.start.line + 1, column: range.start.character + 1 });
        SceneError::new(file, place, said(&diagnostic.message))
    };
    diagnostics.iter().map(fault).collect()
}

/// The compiler's words, with what to do where we know it.
fn said(message: &str) -> String {
    let message = message.trim_end().trim_end_matches('.');
    let hint = if message.starts_with("More than one node") {
        "give each its own title"
    } else if message.starts_with("Duplicate line ID") {
        "give each line its own `#line:`"
    } else if message.contains("is empty and will not be included") {
        "write something between `---` and `===`"
    } else if message.starts_with("Indentation contains tabs and spaces") {
        "indent with spaces alone"
    } else {
        return message.into();
    };
    format!("{message}: {hint}")
}
