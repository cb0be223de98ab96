//! A name for files, from the name of a character.

use crate::persona::{ParsePersonaIdError, PersonaId};

/// The longest id.
const LONGEST: usize = 32;
/// What names no file on Windows, whatever follows the dot; `com` and `lpt` with a digit.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The id for a character of this name: its Latin letters and digits, small, with `-` between them.
/// Always safe as a part of a file name.
///
/// # Errors
/// If the name has no Latin letters or digits.
///
/// # Example
/// ```
/// use bevy_persona::card::id_of;
///
/// assert_eq!(id_of("Dr. Nuri Kim")?.as_str(), "dr-nuri-kim");
/// assert_eq!(id_of("../../etc/passwd")?.as_str(), "etc-passwd");
/// assert!(id_of("누리").is_err());
/// # Ok::<(), bevy_persona::persona::ParsePersonaIdError>(())
/// ```
pub fn id_of(name: &str) -> Result<PersonaId, ParsePersonaIdError> {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if id.len() == LONGEST {
            break;
        } else if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') && !matches!(c, '\'' | '’') {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() {
        return Err(ParsePersonaIdError(name.chars().take(40).collect()));
    }
    let device = id.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or(id);
    if DEVICES.contains(&device) { format!("{id}-card").parse() } else { id.parse() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_mean_something_to_a_system_do_not_become_ids() {
        for (name, id) in [
            ("CON", "con-card"),
            ("lpt1", "lpt1-card"),
            ("a/b\\c", "a-b-c"),
            ("Ann's Inn", "anns-inn"),
            ("\u{202e}x\0y", "x-y"),
        ] {
            assert_eq!(id_of(name).unwrap().as_str(), id);
        }
        assert!(id_of("..").is_err());
    }

    proptest! {
        #[test]
        fn every_name_with_a_latin_letter_has_an_id(name in ".*[a-zA-Z0-9].*") {
            let id = id_of(&name).unwrap();
            prop_assert!(id.as_str().starts_with(|c: char| c.is_ascii_alphanumeric()));
        }

        #[test]
        fn no_name_makes_it_panic(name in ".*") {
            let _ = id_of(&name);
        }
    }
}
