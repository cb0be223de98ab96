//! The colours of the terminal. Where colours are unwanted, the output stream strips them.

use anstyle::{AnsiColor, Color, RgbColor, Style};
use bevy_persona::{mind::Emotion, persona::PersonaSheet};

/// Hints and the prompt.
pub const QUIET: Style = Style::new().dimmed();
/// What went wrong.
pub const WRONG: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red)));

/// A character's name, in her own colour.
pub fn name(sheet: &PersonaSheet) -> Style {
    let colour = sheet.colour.map(|c| Color::from(RgbColor(c.red, c.green, c.blue)));
    Style::new().fg_color(colour).bold()
}

/// The word of a feeling.
pub fn emotion(emotion: &Emotion) -> Style {
    let colour = match emotion {
        Emotion::Neutral => AnsiColor::White,
        Emotion::Joy => AnsiColor::Yellow,
        Emotion::Sad => AnsiColor::Blue,
        Emotion::Angry => AnsiColor::Red,
        Emotion::Surprised => AnsiColor::Cyan,
        Emotion::Shy => AnsiColor::BrightMagenta,
        Emotion::Love => AnsiColor::Magenta,
        Emotion::Playful => AnsiColor::Green,
        Emotion::Custom(_) => AnsiColor::BrightCyan,
    };
    Style::new().fg_color(Some(colour.into())).dimmed()
}

/// Text from a model or a file, without characters that steer a terminal.
pub fn visible(text: &str) -> String {
    text.chars().filter(|&c| c == '\n' || !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_colour_of_the_sheet() {
        let id = "otto".parse().unwrap();
        let mut otto = PersonaSheet::new(id, "Otto", "a guard");
        assert_eq!(name(&otto), Style::new().bold());
        otto.colour = Some("#b497d6".parse().unwrap());
        assert!(format!("{}", name(&otto)).contains("38;2;180;151;214"));
    }

    #[test]
    fn no_reply_steers_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\nc\u{9b}d"), "a[2Jb\ncd");
    }
}
