//! What is told of a model, for people.

use std::io::{self, Write};

use super::{
    report::{Memory, Report},
    special::{Token, VocabularyReport},
};
use crate::paint::{QUIET, visible};

/// Writes a line for each thing that is known.
///
/// # Errors
/// If nobody reads it.
pub fn write(report: &Report, output: &mut impl Write) -> io::Result<()> {
    for (what, told) in lines(report) {
        writeln!(output, "{QUIET}{what:<14}{QUIET:#}{}", visible(&told))?;
    }
    if let Some(template) = &report.template {
        writeln!(output, "\n{QUIET}a conversation, as it reads it:{QUIET:#}")?;
        for line in visible(&template.sample).lines() {
            writeln!(output, "  {QUIET}|{QUIET:#} {line}")?;
        }
    }
    if let Some(memory) = &report.memory {
        writeln!(output)?;
        write_memory(memory, output)?;
    }
    if !report.limits.is_empty() {
        writeln!(output, "\n{QUIET}what to know:{QUIET:#}")?;
    }
    report.limits.iter().try_for_each(|limit| writeln!(output, "  - {}", visible(limit)))
}

fn lines(report: &Report) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("name", report.name.clone()),
        ("file", report.path.display().to_string()),
        ("architecture", report.architecture.clone()),
        ("parameters", format!("{:.1} million", report.parameters as f64 / 1e6)),
    ];
    let shares = report
        .quantisation
        .iter()
        .map(|share| format!("{} {:.1} % ({})", share.name, share.percent, megabytes(share.bytes)));
    lines.push(("weights", shares.collect::<Vec<_>>().join(", ")));
    if let Some(sizes) = &report.sizes {
        lines.push((
            "sizes",
            format!(
                "{} layers, width {}, {} heads of {} ({} of keys and values), feed-forward {}",
                sizes.layers, sizes.width, sizes.heads, sizes.head_dim, sizes.kv_heads, sizes.inner
            ),
        ));
        let window = sizes.window.map(|window| format!("; local layers see {window}"));
        lines.push(("context", format!("{} tokens{}", sizes.context, window.unwrap_or_default())));
        lines.push(("vocabulary", format!("{} tokens", sizes.vocabulary)));
    }
    if let Some(vocabulary) = &report.vocabulary {
        lines.extend(vocabulary_lines(vocabulary));
    }
    if let Some(template) = &report.template {
        lines.push(("template", template.from.clone()));
    }
    let named = match report.languages_named.is_empty() {
        true => " (the file names none)",
        false => "",
    };
    let languages: Vec<_> = report.languages.iter().map(ToString::to_string).collect();
    lines.push(("languages", languages.join(", ") + named));
    let licence = report.licence.clone().unwrap_or_else(|| "the file does not say".into());
    lines.push(("licence", licence));
    lines.push(("computed by", computed_by(report).into()));
    lines
}

fn computed_by(report: &Report) -> &'static str {
    match report.pass {
        Some("own") => "our own kernels: one batch for all, adapters, 8-bit keys and values",
        Some(_) => "candle: slower, one speaker after the other, f32 keys and values",
        None => "nothing here",
    }
}

fn vocabulary_lines(vocabulary: &VocabularyReport) -> Vec<(&'static str, String)> {
    let named = |token: &Token| format!("{} ({})", token.text, token.id);
    let cut = vocabulary.cut.as_ref().map(|cut| format!(", words cut as `{cut}`"));
    let mut lines = vec![("tokenizer", format!("{}{}", vocabulary.kind, cut.unwrap_or_default()))];
    if let Some(opens) = &vocabulary.opens {
        let always = if vocabulary.always_opens { ", in every prompt" } else { "" };
        lines.push(("opens texts", format!("{}{always}", named(opens))));
    }
    if let Some(ends) = &vocabulary.ends {
        lines.push(("ends texts", named(ends)));
    }
    let ends: Vec<_> = vocabulary.ends_reply.iter().map(named).collect();
    lines.push(("ends replies", ends.join(", ")));
    lines
}

fn write_memory(memory: &Memory, output: &mut impl Write) -> io::Result<()> {
    let Memory { idols, context, .. } = *memory;
    writeln!(output, "{QUIET}memory, with {idols} idols of {context} tokens each:{QUIET:#}")?;
    for (what, bytes) in [
        ("weights", memory.weights),
        ("conversations", memory.conversations),
        ("remembered", memory.remembered),
        ("working", memory.working),
        ("loading", memory.loading),
        ("needed", memory.needed),
    ] {
        writeln!(output, "  {what:<14}{:>12}", megabytes(bytes))?;
    }
    let free = memory.free.map(megabytes).unwrap_or_default();
    match memory.fits {
        Some(true) => writeln!(output, "it fits: {free} are free"),
        Some(false) => writeln!(
            output,
            "it does not fit: {free} are free; take a smaller quantisation, a shorter context, or a \
             server"
        ),
        None => writeln!(
            output,
            "whether it fits is not known: this system does not tell how much memory is free"
        ),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
