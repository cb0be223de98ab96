use std::time::Instant;

use super::*;

fn clip(path: &str) -> Vec<f32> {
    let bytes = std::fs::read(path).unwrap();
    bytes[44..].chunks_exact(2).map(|x| f32::from(i16::from_le_bytes([x[0], x[1]])) / 32768.0).collect()
}

#[test]
fn scratch() {
    let Some(folder) = super::super::test_model() else { return };
    let t = Instant::now();
    let mut whisper = Whisper::load(&folder).unwrap();
    println!("load {:?}", t.elapsed());
    let go = AtomicBool::new(false);
    let mut files: Vec<_> = std::fs::read_dir("/tmp/lvclips").unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    for file in files {
        let pcm = clip(file.to_str().unwrap());
        let t = Instant::now();
        let heard = whisper.transcribe(&pcm, None, &go).unwrap();
        println!("{} {:.1}s {:?} {:?}", file.display(), pcm.len() as f32 / 16000.0, t.elapsed(), heard);
    }
}
