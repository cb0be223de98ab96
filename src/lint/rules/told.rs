//! Secrets in words that anybody may hear.

use std::ops::Range;

use super::super::{Code, check::Check, piece::Piece, secrets::Open, source::Source};
use crate::persona::PersonaId;

/// Words are said as they stand in the file.
pub(super) fn verbatim(
    check: &mut Check<'_>,
    file: &Source,
    words: Piece<'_>,
    speaker: Option<&PersonaId>,
    open: &[&str],
) {
    let open = open.iter().map(ToString::to_string).collect();
    for leak in check.world.secrets.told("", words.text, speaker, &open) {
        let at = words.at + leak.at.start..words.at + leak.at.end;
        report(check, file, at, &leak.secret);
    }
}

/// Words are said that stand in the file somewhere at `at`, perhaps written in another way.
pub(super) fn somewhere(
    check: &mut Check<'_>,
    file: &Source,
    at: Range<usize>,
    fan: &str,
    words: &str,
    (speaker, open): (Option<&PersonaId>, &Open),
) {
    for leak in check.world.secrets.told(fan, words, speaker, open) {
        let place = file.whole().to(at.end).from(at.start);
        let at = place.find(words.get(leak.at).unwrap_or_default());
        report(check, file, at, &leak.secret);
    }
}

fn report(check: &mut Check<'_>, file: &Source, at: Range<usize>, secret: &str) {
    let message = format!("this tells the secret `{secret}` to everybody");
    let help = match check.world.secrets.scene_of(secret) {
        Some(scene) => format!(
            "say it in other words; only what follows `<<unlock {secret}>>` in the scene `{scene}` may tell it"
        ),
        None => format!("say it in other words; `{secret}` is never told"),
    };
    check.report(file, at, Code::SecretTold, message, help);
}
