//! Cuts a long sound where nobody speaks.

use std::ops::Range;

use super::super::SAMPLE_RATE;

/// How much the model hears at once, less the silence that is put behind.
const LONGEST: usize = 57 * SAMPLE_RATE as usize / 2;
/// Not cut before that.
const SHORTEST: usize = 15 * SAMPLE_RATE as usize;
/// What is compared, 50 ms each.
const FRAME: usize = SAMPLE_RATE as usize / 20;
/// A pause is so many of them.
const PAUSE: usize = 4;

/// Pieces that are no longer than the model can hear, one behind another.
pub(super) fn pieces(pcm: &[f32]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while pcm.len() - start > LONGEST {
        let end = start + SHORTEST + quietest(&pcm[start + SHORTEST..start + LONGEST]);
        pieces.push(start..end);
        start = end;
    }
    pieces.push(start..pcm.len());
    pieces
}

/// The middle of the quietest pause; the later one of two.
fn quietest(pcm: &[f32]) -> usize {
    let energies: Vec<f32> =
        pcm.chunks_exact(FRAME).map(|frame| frame.iter().map(|x| x * x).sum()).collect();
    let pauses = energies.windows(PAUSE).map(|pause| pause.iter().sum::<f32>());
    let place = pauses.enumerate().min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    place.map_or(pcm.len(), |(place, _)| (place + PAUSE / 2) * FRAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: usize = SAMPLE_RATE as usize;

    fn noise(seconds: usize) -> Vec<f32> {
        (0..seconds * SECOND).map(|n| if n % 2 == 0 { 0.1 } else { -0.1 }).collect()
    }

    #[test]
    fn what_is_short_stays_whole() {
        for pcm in [vec![], noise(28)] {
            let pieces = pieces(&pcm);
            assert_eq!((pieces.len(), pieces[0].len()), (1, pcm.len()));
        }
    }

    #[test]
    fn what_is_long_is_cut_in_its_pauses() {
        let mut pcm = noise(60);
        for pause in [20, 40] {
            pcm[pause * SECOND..pause * SECOND + SECOND / 2].fill(0.0);
        }
        let pieces = pieces(&pcm);
        assert_eq!(pieces.len(), 3);
        for (piece, pause) in pieces.iter().zip([20, 40]) {
            let inside = pause * SECOND..pause * SECOND + SECOND / 2;
            assert!(inside.contains(&piece.end), "{piece:?}");
        }
    }

    #[test]
    fn pieces_follow_one_another_and_none_is_too_long() {
        for seconds in [29, 57, 58, 100] {
            let pieces = pieces(&noise(seconds));
            assert!(pieces.iter().all(|piece| piece.len() <= LONGEST && !piece.is_empty()));
            assert!(pieces.windows(2).all(|two| two[0].end == two[1].start));
            assert_eq!(pieces.last().unwrap().end, seconds * SECOND);
        }
    }
}
