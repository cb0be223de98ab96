//! Calls Yarn's compiler, which panics on some texts and goes deep into the stack on others.

mod quiet;
mod said;

use std::thread;

use yarnspinner_compiler::prelude::{Compilation, CompilationType, Compiler, Diagnostic, File};

use super::{SceneError, functions, nesting, source};
use crate::persona::Place;

/// What the deepest text that [`nesting`] lets through needs, many times over, even unoptimised.
const STACK: usize = 128 << 20;

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
    let panics = |text: &str| {
        let alone = [(name.clone(), text.to_owned())];
        matches!(compile(&alone, CompilationType::FullCompilation), Outcome::Panic(_))
    };
    let node = source::nodes(text).into_iter().find(|node| panics(&node.text));
    let line = node.as_ref().map(|node| {
        let alone = |line: &str| panics(&format!("title: alone\n---\n{}\n===\n", line.trim()));
        let body = node.text.lines().enumerate().skip_while(|(_, line)| *line != "---").skip(1);
        let mut body = body.filter(|(_, line)| line.contains(['<', '{', '#']));
        body.find(|(_, line)| alone(line)).map_or(node.line, |(at, _)| node.first_line + at)
    });
    let message = message.lines().next().unwrap_or_default();
    let problem = format!("Yarn's compiler cannot read this ({message}): write it in another way");
    SceneError::new(name, line.map(|line| Place { line, column: 1 }), problem)
}

fn faults(diagnostics: &[Diagnostic], files: &[Text]) -> Vec<SceneError> {
    let first = files.first().map_or("", |(name, _)| name);
    let fault = |diagnostic: &Diagnostic| {
        let file = diagnostic.file_name.as_deref().unwrap_or(first);
        let place = diagnostic
            .range
            .as_ref()
            .map(|range| Place { line: range.start.line + 1, column: range.start.character + 1 });
        SceneError::new(file, place, said::said(&diagnostic.message))
    };
    let told = |diagnostic: &&Diagnostic| {
        let same = |other: &Diagnostic| {
            other.range == diagnostic.range && other.file_name == diagnostic.file_name
        };
        let twice = diagnostics.iter().any(|other| same(other) && !said::is_inner(&other.message));
        !(twice && said::is_inner(&diagnostic.message))
    };
    diagnostics.iter().filter(told).map(fault).collect()
}
