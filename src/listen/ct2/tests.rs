use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn name(name: &str) -> Vec<u8> {
    let length = u16::try_from(name.len() + 1).unwrap();
    [&length.to_le_bytes(), name.as_bytes(), &[0]].concat()
}

/// A file with a matrix of 16 bit numbers, a vector of 32 bit numbers and how many heads there are.
fn file() -> Vec<u8> {
    let numbers = |list: &[u32]| list.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    // 1, 2, -1 and 0.5 as 16 bit numbers
    let halves = [0x3c00_u16, 0x4000, 0xbc00, 0x3800].map(u16::to_le_bytes).concat();
    let floats = [0.25_f32, -3.0].map(f32::to_le_bytes).concat();
    [
        numbers(&[6]),
        name("WhisperSpec"),
        numbers(&[3, 3]),
        [name("a/weight"), vec![2], numbers(&[2, 2]), vec![4], numbers(&[8]), halves].concat(),
        [name("a/bias"), vec![1], numbers(&[2]), vec![0], numbers(&[8]), floats].concat(),
        [name("heads"), vec![0], vec![2], numbers(&[2]), vec![8, 0]].concat(),
        numbers(&[1]),
        name("other"),
        name("a/weight"),
    ]
    .concat()
}

fn open(bytes: Vec<u8>) -> Result<Ct2File<Cursor<Vec<u8>>>, Ct2Error> {
    Ct2File::open(Cursor::new(bytes))
}

/// Asks for everything that the file says it has.
fn read_all(file: &mut Ct2File<Cursor<Vec<u8>>>) {
    let names: Vec<String> = file.places.keys().cloned().collect();
    for name in names {
        let shape = file.shape(&name).unwrap().to_vec();
        let _ = file.tensor(&name, &shape);
        let _ = file.number(&name);
    }
}

#[test]
fn tensors_are_read_as_they_were_written() {
    let mut file = open(file()).unwrap();
    let weight = file.tensor("a/weight", &[2, 2]).unwrap().to_vec2::<f32>().unwrap();
    assert_eq!(weight, [[1.0, 2.0], [-1.0, 0.5]]);
    let bias = file.tensor("a/bias", &[2]).unwrap().to_vec1::<f32>().unwrap();
    assert_eq!(bias, [0.25, -3.0]);
    assert_eq!(file.number("heads"), Ok(8));
}

#[test]
fn what_is_not_there_or_of_another_shape_is_told() {
    let mut file = open(file()).unwrap();
    let error = file.tensor("b", &[2]).unwrap_err();
    assert_eq!(error.problem, Ct2Problem::Absent("b".into()));
    let error = file.tensor("a/weight", &[4, 1]).unwrap_err();
    assert_eq!(error.to_string(), "at byte 51: `a/weight` has the shape [2, 2] and not [4, 1]");
    let error = file.tensor("heads", &[]).unwrap_err();
    assert_eq!(error.problem, Ct2Problem::Type("heads".into()));
}

#[test]
fn another_version_is_told() {
    let mut bytes = file();
    bytes[0] = 7;
    assert_eq!(open(bytes).unwrap_err().problem, Ct2Problem::Version(7));
}

#[test]
fn what_follows_the_end_is_told() {
    let bytes = [file(), vec![0; 3]].concat();
    assert_eq!(open(bytes).unwrap_err().problem, Ct2Problem::LeftOver(3));
}

#[test]
fn every_truncated_file_is_told() {
    let bytes = file();
    for length in 0..bytes.len() {
        let error = open(bytes[..length].to_vec()).unwrap_err();
        assert_eq!(error.problem, Ct2Problem::Short, "{length} bytes");
    }
}

proptest! {
    #[test]
    fn a_file_with_wrong_bytes_never_panics(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = file();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(mut file) = open(bytes) {
            read_all(&mut file);
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(mut file) = open([6_u32.to_le_bytes().to_vec(), bytes].concat()) {
            read_all(&mut file);
        }
    }
}
