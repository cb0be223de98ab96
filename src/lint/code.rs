//! The kinds of mistakes.

use std::fmt;

use super::Severity;

/// Makes the enum of a list, so that no code lacks its word or severity.
macro_rules! codes {
    ($($severity:ident: $($(#[doc = $doc:literal])+ $name:ident = $word:literal,)+)+) => {
        /// A kind of mistake, by the word that stands for it: `unknown-member`.
        ///
        /// The table in `docs/writing/lint.md` says what to do about each.
        ///
        /// # Example
        /// ```
        /// use bevy_persona::lint::{Code, Severity};
        ///
        /// assert_eq!(Code::UnknownMember.as_str(), "unknown-member");
        /// assert_eq!(Code::UnusedStageEntry.severity(), Severity::Hint);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($($(#[doc = $doc])+ $name,)+)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$($(Self::$name,)+)+];

            /// The word that stands for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$name => $word,)+)+
                }
            }

            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $($(Self::$name)|+ => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    Error:
    /// The file cannot be read as what its name says.
    DoesNotParse = "does-not-parse",
    /// There is no such character.
    UnknownMember = "unknown-member",
    /// There is no such feeling.
    UnknownEmotion = "unknown-emotion",
    /// There is no such motion.
    UnknownGesture = "unknown-gesture",
    /// There is no such sound.
    UnknownSound = "unknown-sound",
    /// There is no such fact in the lore.
    UnknownFact = "unknown-fact",
    /// There is no such scene.
    UnknownScene = "unknown-scene",
    /// There is no such secret in the rules of disclosure.
    UnknownSecret = "unknown-secret",
    /// There is no such category of conduct.
    UnknownCategory = "unknown-category",
    /// The stage has no such mark.
    UnknownMark = "unknown-mark",
    /// The stage has no such light.
    UnknownLight = "unknown-light",
    /// The stage has no such music.
    UnknownMusic = "unknown-music",
    /// Nothing fills these braces.
    UnknownPlaceholder = "unknown-placeholder",
    /// There is no such command, or it is not written as it must be.
    BadCommand = "bad-command",
    /// A jump or a question leads to a node that does not exist.
    UnknownNode = "unknown-node",
    /// Two nodes have the same title.
    DuplicateNode = "duplicate-node",
    /// Two scenes have the same id.
    DuplicateScene = "duplicate-scene",
    /// Two lines, dialogues or rows have the same id.
    DuplicateId = "duplicate-id",
    /// A line has no id.
    MissingId = "missing-id",
    /// A scene has no node that begins it.
    NoStart = "no-start",
    /// A scene has no end that can be reached.
    NoEnd = "no-end",
    /// A condition cannot be read.
    BadCondition = "bad-condition",
    /// What is left to the model or the fan has no written way out.
    MissingFallback = "missing-fallback",
    /// The written answer is none of the options.
    FallbackNotAnOption = "fallback-not-an-option",
    /// The written words say what must be avoided.
    FallbackSaysAvoided = "fallback-says-avoided",
    /// The written words do not do what they must.
    FallbackMissesMust = "fallback-misses-must",
    /// A scene tells a secret before it unlocks it.
    SecretTooEarly = "secret-too-early",
    /// A secret is told to fans for whom it is locked.
    SecretTold = "secret-told",
    /// What a scene says that it unlocks is not what it unlocks.
    UnlocksDiffer = "unlocks-differ",
    /// A translation names another speaker.
    SpeakerDiffers = "speaker-differs",
    /// A translation has other placeholders than the line.
    PlaceholdersDiffer = "placeholders-differ",
    /// A translation has more or fewer options than the question.
    OptionsDiffer = "options-differ",
    /// A variable is used and never declared.
    UndeclaredVariable = "undeclared-variable",

    Warning:
    /// Her persona does not have this feeling.
    EmotionNotInPalette = "emotion-not-in-palette",
    /// Words have no tag of a feeling.
    MissingEmotion = "missing-emotion",
    /// Words are not translated.
    MissingTranslation = "missing-translation",
    /// A translation belongs to nothing any more.
    StaleTranslation = "stale-translation",
    /// A line is too long to be read at a glance.
    LongLine = "long-line",
    /// An option is too long for its button.
    LongOption = "long-option",
    /// No way leads to a node.
    UnreachableNode = "unreachable-node",
    /// A node has a header that nobody reads.
    UnknownHeader = "unknown-header",
    /// The id in the file is not that of its name.
    NameDiffers = "name-differs",
    /// Nothing unlocks a secret that says it can be.
    NeverUnlocked = "never-unlocked",

    Hint:
    /// A variable is set and never asked for.
    UnreadVariable = "unread-variable",
    /// Nobody uses something that the stage has.
    UnusedStageEntry = "unused-stage-entry",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_word_of_its_own() {
        let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
    }

    fn is_severity(text: &str) -> bool {
        ["error", "warning", "hint"].iter().any(|severity| text.starts_with(severity))
    }

    #[test]
    fn the_guide_tells_of_every_code_and_of_no_other() {
        let guide = include_str!("../../docs/writing/lint.md");
        let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
        let told: Vec<(&str, &str)> = rows.filter(|(_, rest)| is_severity(rest)).collect();
        for (word, rest) in &told {
            let code = Code::ALL.iter().find(|code| code.as_str() == *word);
            let code = code.unwrap_or_else(|| panic!("`{word}` is no code"));
            assert!(rest.starts_with(&code.severity().to_string()), "{word}: {rest}");
        }
        assert_eq!(told.len(), Code::ALL.len());
    }
}
