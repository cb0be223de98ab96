//! Every sound that a scene can ask for.

use std::f32::consts::TAU;

use super::tape::{Tape, Tone};

/// All of them.
pub const NAMES: [&str; 19] = [
    "brush_strokes",
    "city_morning",
    "city_night",
    "footsteps_beat",
    "low_rain_drone",
    "metronome",
    "modular_idle",
    "morning_air",
    "pandora_drums",
    "pandora_drums_fast",
    "pandora_hum",
    "rain_glass",
    "roof_evening",
    "street_singing",
    "thunder_far",
    "thunder_near",
    "tower_fifth_wire",
    "tower_four_notes",
    "wind_low",
];

/// The melody of the hum: when in the loop, and which note.
const MELODY: [(f32, i16); 9] = [
    (0.0, 57),
    (1.5, 60),
    (3.0, 64),
    (4.5, 62),
    (6.0, 60),
    (7.5, 64),
    (9.0, 67),
    (10.5, 64),
    (12.0, 62),
];

/// How loud a sound is played, 0..1: most lie under the voices.
pub fn volume(name: &str) -> f32 {
    match name {
        "metronome" | "pandora_hum" | "tower_four_notes" | "tower_fifth_wire" => 0.26,
        "pandora_drums" | "pandora_drums_fast" | "thunder_near" => 0.3,
        "footsteps_beat" | "street_singing" | "thunder_far" => 0.22,
        _ => 0.16,
    }
}

/// Makes a sound; silence, if nobody knows it.
pub fn record(name: &str) -> Vec<i16> {
    let mut tape = Tape::of_seconds(match name {
        "metronome" => 4.0,
        "pandora_drums" => 10.0,
        "pandora_drums_fast" => 7.5,
        "footsteps_beat" => 6.0,
        "pandora_hum" => 14.0,
        _ => 12.0,
    });
    match name {
        "brush_strokes" => brushes(&mut tape),
        "city_morning" => {
            tape.noise(60.0, 420.0, |part| 0.5 + 0.2 * wave(part, 2.0));
            birds(&mut tape, 7);
        }
        "city_night" => {
            tape.noise(40.0, 260.0, |part| 0.6 + 0.3 * wave(part, 1.0));
            tape.noise(200.0, 900.0, |part| 0.25 * bump(part, 0.35, 0.12));
            tape.noise(200.0, 700.0, |part| 0.2 * bump(part, 0.8, 0.1));
        }
        "footsteps_beat" => steps(&mut tape),
        "low_rain_drone" => {
            tape.drone(&[33, 40, 45, 52], 0.3);
            tape.noise(300.0, 1_800.0, |part| 0.22 + 0.06 * wave(part, 3.0));
        }
        "metronome" => {
            for beat in 0..4_u8 {
                let at = f32::from(beat);
                let (high, loud) = if beat == 0 { (2_600.0, 1.0) } else { (1_900.0, 0.7) };
                tape.hit(at, 900.0, high, 0.001, 0.016, loud);
                tape.tone(at, Tone { pitch: high / 2.0, ..Tone::PLUCK }.decay(0.02), 0.3 * loud);
            }
        }
        "modular_idle" => modular(&mut tape),
        "morning_air" => {
            tape.noise(150.0, 900.0, |part| 0.25 + 0.1 * wave(part, 1.0));
            tape.drone(&[57, 64, 69], 0.06);
            birds(&mut tape, 9);
        }
        "pandora_drums" => drums(&mut tape, 96.0, false),
        "pandora_drums_fast" => drums(&mut tape, 128.0, true),
        "pandora_hum" => {
            for (at, note) in MELODY {
                tape.tone(at, Tone::HUM.note(note), 0.5);
                // Somebody else, just underneath.
                tape.tone(at + 0.12, Tone::HUM.note(note - 12), 0.2);
            }
        }
        "rain_glass" => rain(&mut tape),
        "roof_evening" => {
            tape.noise(60.0, 400.0, |part| 0.35 + 0.15 * wave(part, 1.0));
            tape.drone(&[45, 52, 57, 60], 0.1);
            crickets(&mut tape);
        }
        "street_singing" => {
            tape.noise(60.0, 350.0, |_| 0.2);
            for (at, note) in MELODY {
                for (late, step) in [(0.0, 0), (0.05, 12), (0.09, 7)] {
                    tape.tone((at + late) * 12.0 / 14.0, Tone::HUM.note(note + step), 0.16);
                }
            }
        }
        "thunder_far" => thunder(&mut tape, 140.0, 0.5),
        "thunder_near" => {
            tape.hit(0.4, 100.0, 2_400.0, 0.01, 0.5, 1.6);
            thunder(&mut tape, 240.0, 1.0);
        }
        "tower_fifth_wire" => {
            for (at, loud) in [(0.0, 0.5), (4.0, 0.6), (8.0, 0.55)] {
                tape.tone(at, Tone::WIRE.note(40).decay(3.0), loud);
                tape.tone(at + 0.3, Tone::WIRE.note(64).decay(2.2), 0.12);
            }
            tape.drone(&[28, 40], 0.1);
        }
        "tower_four_notes" => {
            wind(&mut tape, 0.25);
            for (at, note) in [(0.2, 45), (3.1, 52), (5.8, 57), (8.9, 60)] {
                tape.tone(at, Tone::WIRE.note(note), 0.4);
            }
        }
        "wind_low" => wind(&mut tape, 0.8),
        _ => {}
    }
    tape.finish()
}

/// A slow wave over the loop, -1..1.
fn wave(part: f32, times: f32) -> f32 {
    (TAU * part * times).sin()
}

/// Something that comes and goes once, 0..1.
fn bump(part: f32, at: f32, wide: f32) -> f32 {
    (-((part - at) / wide).powi(2)).exp()
}

fn wind(tape: &mut Tape, loud: f32) {
    tape.noise(60.0, 380.0, |part| loud * (0.6 + 0.3 * wave(part, 2.0) + 0.1 * wave(part, 5.0)));
    tape.noise(300.0, 1_100.0, |part| loud * 0.2 * (0.5 + 0.5 * wave(part, 3.0)));
}

fn rain(tape: &mut Tape) {
    tape.noise(500.0, 5_000.0, |part| 0.3 + 0.04 * wave(part, 2.0));
    for _ in 0..90 {
        let (at, pitch, loud) = (tape.chance() * 12.0, tape.chance(), tape.chance());
        let drop = Tone { pitch: 900.0 + 1_700.0 * pitch, ..Tone::PLUCK }.decay(0.025);
        tape.tone(at, drop, 0.05 + 0.16 * loud * loud);
    }
}

fn brushes(tape: &mut Tape) {
    for stroke in 0..8_u8 {
        let at = 0.3 + 1.45 * f32::from(stroke) + 0.3 * tape.chance();
        let (long, pitch) = (0.18 + 0.25 * tape.chance(), 1_800.0 + 1_500.0 * tape.chance());
        tape.hit(at, 700.0, pitch, long, long * 0.5, 0.6);
    }
    tape.noise(80.0, 300.0, |_| 0.04);
}

fn steps(tape: &mut Tape) {
    for step in 0..12_u8 {
        let at = 0.5 * f32::from(step);
        let loud = if step % 2 == 0 { 1.0 } else { 0.75 };
        tape.hit(at, 80.0, 700.0, 0.004, 0.05, loud);
        if step % 4 == 3 {
            tape.hit(at + 0.25, 80.0, 900.0, 0.004, 0.04, 0.5);
        }
        // The echo of the stairwell.
        tape.hit(at + 0.19, 100.0, 500.0, 0.01, 0.12, loud * 0.25);
    }
}

fn modular(tape: &mut Tape) {
    const NOTES: [i16; 8] = [57, 64, 60, 69, 62, 64, 55, 67];
    tape.drone(&[33, 45], 0.16);
    for step in 0..24_u8 {
        if tape.chance() < 0.3 {
            continue;
        }
        let note = NOTES[usize::from(step) % NOTES.len()];
        let bell = Tone::PLUCK.note(note + 12).decay(0.16);
        tape.tone(0.5 * f32::from(step), bell, 0.22);
        tape.tone(0.5 * f32::from(step) + 0.37, bell, 0.07);
    }
}

fn birds(tape: &mut Tape, count: u8) {
    for _ in 0..count {
        let (at, pitch) = (tape.chance() * 11.0, 2_400.0 + 1_600.0 * tape.chance());
        for call in 0..3_u8 {
            let begin = at + 0.13 * f32::from(call);
            tape.add(begin, 0.09, |t| {
                let sweep = pitch * (t + 2.2 * t * t);
                (TAU * sweep).sin() * (TAU / 0.18 * t).sin().max(0.0) * 0.12
            });
        }
    }
}

fn crickets(tape: &mut Tape) {
    for call in 0..8_u8 {
        let at = 1.5 * f32::from(call) + 0.2;
        for chirp in 0..4_u8 {
            tape.add(at + 0.06 * f32::from(chirp), 0.04, |t| {
                (TAU * 4_100.0 * t).sin() * (TAU / 0.08 * t).sin().max(0.0) * 0.05
            });
        }
    }
}

fn thunder(tape: &mut Tape, high: f32, loud: f32) {
    tape.noise(400.0, 2_600.0, |part| 0.12 + 0.03 * wave(part, 2.0));
    tape.noise(25.0, high, |part| {
        let rolls =
            bump(part, 0.12, 0.05) + 0.8 * bump(part, 0.22, 0.07) + 0.5 * bump(part, 0.66, 0.09);
        6.0 * loud * rolls
    });
}

fn drums(tape: &mut Tape, bpm: f32, is_fast: bool) {
    let beat = 60.0 / bpm;
    let eighths = 32_u8;
    for eighth in 0..eighths {
        let at = f32::from(eighth) * beat / 2.0;
        if matches!(eighth % 8, 0 | 3 | 4) || (is_fast && eighth % 8 == 6) {
            tape.kick(at, 0.9);
        }
        if eighth % 4 == 2 {
            tape.hit(at, 300.0, 3_000.0, 0.002, 0.07, 0.7);
        }
        tape.hit(at, 3_000.0, 9_000.0, 0.001, 0.02, if eighth % 2 == 0 { 0.3 } else { 0.5 });
    }
    for (bar, root) in (0_u8..).zip([33, 29, 36, 31]) {
        tape.tone(f32::from(bar) * beat * 4.0, Tone::PLUCK.note(root + 12).decay(beat), 0.3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_is_heard_and_lies_under_a_voice() {
        for name in NAMES {
            let samples = record(name);
            let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!(loudest > 20_000, "{name}: {loudest}");
            assert!(samples.len() > 60_000, "{name}");
            assert!(volume(name) <= 0.3, "{name}");
        }
    }

    #[test]
    fn no_loop_jumps_where_it_begins_again() {
        for name in NAMES {
            let samples = record(name);
            let step = |a: i16, b: i16| i32::from(a).abs_diff(i32::from(b));
            let usual = samples.windows(2).map(|pair| step(pair[0], pair[1])).max().unwrap();
            assert!(step(samples[0], samples[samples.len() - 1]) <= usual.max(4_000), "{name}");
        }
    }

    #[test]
    fn a_sound_that_nobody_knows_is_silence() {
        assert!(record("a_new_cue").iter().all(|sample| *sample == 0));
    }
}
