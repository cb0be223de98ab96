//! Faults of persona files.

use bevy_persona::persona::PersonaSheet;

use super::assert_says;

fn persona_error(fields: &str) -> String {
    let text = format!("Persona(\n    id: \"otto\",\n    name: \"Otto\",\n    {fields}\n)");
    PersonaSheet::from_ron("otto.persona.ron", &text).expect_err(fields).to_string()
}

/// The last line on which a fault may be placed; the fields from line 4 on; the field; advice.
const FAULTS: [(usize, &str, &str, &str); 17] = [
    (4, "roll: \"a guard\",", "", "there is no field `roll`: did you mean `role`?"),
    (5, "likes: [\"tea\"],", "", "the field `role` is missing: add `role: …,`"),
    (4, "role: 7,", "role", "string"),
    (4, "role: \"a guard\", likes: \"tea\",", "likes", "`[`"),
    (4, "role: \"a guard\", birthday: (month: \"ten\", day: 1),", "birthday.month", "integer"),
    (
        4,
        "role: \"a guard\", birthday: (month: 13, day: 1),",
        "birthday.month",
        "13 is no month: write 1 to 12",
    ),
    (4, "role: \" \",", "role", "it is empty: write at least a word"),
    (
        4,
        "role: \"a guard\", colour: \"violet\",",
        "colour",
        "`violet` is not a colour: write it as `#rrggbb`",
    ),
    (
        4,
        "role: \"a guard\", sampling: (temperature: 9.0),",
        "sampling.temperature",
        "it is 9; it must be from 0 to 5",
    ),
    (4, "role: \"a guard\", sampling: (topk: 3),", "sampling", "did you mean `top_k`?"),
    (
        4,
        "role: \"a guard\", voice: (pitch_hz: 1000.0),",
        "voice.pitch_hz",
        "it is 1000; it must be from 80 to 500",
    ),
    (
        4,
        "role: \"a guard\", avatar: (path: \"a.vrm\", height_m: 0.0),",
        "avatar.height_m",
        "it must be from 0.1 to 10",
    ),
    (4, "role: \"a guard\", emotions: [\"joy!\"],", "emotions", "`joy!` cannot name an emotion"),
    (4, "role: \"a guard\", emotions: [],", "emotions", "at least one emotion"),
    (
        4,
        "role: \"a guard\", examples: [(fan: \"Hi\", idol: \"Hi.\")],",
        "examples.1",
        "must begin with a tag",
    ),
    (4, "role: \"a guard\", role: \"twice\",", "", "stands here twice: keep one"),
    (5, "role: \"a guard\", likes: [\"tea\"", "", "look for a missing comma, quote or bracket"),
];

#[test]
fn each_fault_of_a_persona_has_its_place_its_field_and_advice() {
    for (last, fields, field, advice) in FAULTS {
        let error = persona_error(fields);
        let place = error.strip_prefix("otto.persona.ron:").expect("it begins with the file");
        let mut place = place.split(':').map(str::parse::<usize>);
        let (line, column) = (place.next().unwrap().unwrap(), place.next().unwrap().unwrap());
        assert!((4..=last).contains(&line), "the line of: {error}");
        assert!((1..=80).contains(&column), "the column of: {error}");
        let said = if field.is_empty() { String::new() } else { format!("in `{field}") };
        assert_says(&error, &[&said, advice]);
        assert!(!error.contains('\n'), "more than a line: {error}");
    }
}
