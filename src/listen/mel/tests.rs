use super::*;

/// Band, its strongest frequency, that weight, and the sum of all, from `faster-whisper` (its
/// `FeatureExtractor`), which has them from librosa.
const BAND_REFERENCE: [(usize, usize, f32, f32); 8] = [
    (0, 1, 0.024_862_59, 0.024_862_59),
    (1, 2, 0.022_871_77, 0.024_862_59),
    (7, 7, 0.013_935_75, 0.024_862_59),
    (20, 20, 0.013_890_39, 0.024_862_59),
    (27, 26, 0.021_736_72, 0.025_347_69),
    (40, 43, 0.014_735_57, 0.026_664_86),
    (60, 93, 0.006_591_09, 0.025_101_54),
    (79, 192, 0.003_164_71, 0.024_925_34),
];

/// Band, column and value of the sound below, from the same.
const COLUMN_REFERENCE: [(usize, usize, f32); 9] = [
    (0, 0, 1.150_424),
    (5, 0, 1.091_417),
    (10, 0, 1.321_638),
    (10, 50, 1.348_738),
    (13, 50, -0.534_605),
    (30, 50, -0.534_605),
    (47, 99, -0.209_489),
    (60, 99, -0.000_733),
    (79, 10, -0.534_605),
];

/// A second of a tone and a rising one.
fn sound() -> Vec<f32> {
    let sample = |n: u32| {
        let t = f64::from(n) / 16_000.0;
        let tone = 0.5 * (2.0 * PI * 440.0 * t).sin();
        (tone + 0.25 * (2.0 * PI * (200.0 + 1500.0 * t) * t).sin()) as f32
    };
    (0..16_000).map(sample).collect()
}

#[test]
fn the_bands_are_those_of_the_reference() {
    let weights = band_weights();
    for (band, strongest, weight, sum) in BAND_REFERENCE {
        let row = &weights[band * FREQUENCIES..][..FREQUENCIES];
        let found = (0..FREQUENCIES).max_by(|a, b| row[*a].total_cmp(&row[*b]));
        assert_eq!(found, Some(strongest), "band {band}");
        assert!((row[strongest] - weight).abs() < 1e-7, "band {band}: {}", row[strongest]);
        assert!((row.iter().sum::<f32>() - sum).abs() < 1e-6, "band {band}");
    }
}

#[test]
fn the_columns_are_those_of_the_reference() {
    // The reference has one column more, behind the sound.
    let columns = Mel::new().unwrap().columns(&sound(), 101).unwrap();
    assert_eq!(columns.dims(), [1, BANDS, 101]);
    let columns = columns.squeeze(0).unwrap().to_vec2::<f32>().unwrap();
    for (band, column, value) in COLUMN_REFERENCE {
        let found = columns[band][column];
        assert!((found - value).abs() < 1e-5, "band {band}, column {column}: {found}");
    }
}

#[test]
fn silence_and_no_sound_give_columns_of_one_value() {
    let mel = Mel::new().unwrap();
    for pcm in [vec![], vec![0.0; 1000]] {
        let columns = mel.columns(&pcm, 20).unwrap().flatten_all().unwrap();
        let columns = columns.to_vec1::<f32>().unwrap();
        assert_eq!(columns.len(), 20 * BANDS);
        assert!(columns.iter().all(|value| (value + 1.5).abs() < 1e-5), "{}", columns[0]);
    }
}
