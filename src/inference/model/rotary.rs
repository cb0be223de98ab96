//! The order of the rows of the query and key matrices.
//!
//! GGUF files of the llama architecture, and our pass over them, turn neighbouring values of a head;
//! the files of the Hugging Face hub turn each value with the one half a head further.

/// Where the rows of a matrix go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// From pairs of halves, as the hub has them, to neighbouring pairs.
    ToNeighbours,
    /// Back.
    ToHalves,
}

/// The rows of a matrix, of `width` numbers each, in another order.
pub(super) fn reordered(
    mut values: Vec<f32>,
    width: usize,
    head_dim: usize,
    order: Order,
) -> Vec<f32> {
    let half = head_dim / 2;
    if half == 0 || width == 0 {
        return values;
    }
    for head in values.chunks_exact_mut(head_dim * width) {
        let rows = head.to_vec();
        for (row, out) in head.chunks_exact_mut(width).enumerate() {
            let source = match order {
                Order::ToNeighbours => row % 2 * half + row / 2,
                Order::ToHalves => row % half * 2 + row / half,
            };
            out.copy_from_slice(&rows[source * width..][..width]);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_lie_as_the_converter_of_llama_cpp_lays_them() {
        // numpy: arange(12).reshape(2, 2, 3).swapaxes(1, 2).flatten()
        let expected = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11].map(|row: u8| f32::from(row));
        let rows: Vec<f32> = (0..12_u8).map(f32::from).collect();
        assert_eq!(reordered(rows, 1, 6, Order::ToNeighbours), expected);
    }

    proptest! {
        #[test]
        fn the_way_back_leads_back(half in 1usize..9, width in 1usize..5) {
            let values: Vec<f32> = (0..4 * half * width).map(|value| value as f32).collect();
            let there = reordered(values.clone(), width, 2 * half, Order::ToNeighbours);
            prop_assert_eq!(reordered(there, width, 2 * half, Order::ToHalves), values);
        }
    }
}
