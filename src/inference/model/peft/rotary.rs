//! The order of the rows of the query and key matrices.

use crate::inference::model::{MatrixSizes, Target};

/// Where the rows of a matrix go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// From pairs of halves, as PEFT has them, to neighbouring pairs.
    ToNeighbours,
    /// Back.
    ToHalves,
}

/// The rows of a matrix, of `width` numbers each, in another order if they are rotated.
pub(super) fn reordered(
    mut values: Vec<f32>,
    width: usize,
    sizes: &MatrixSizes,
    target: Target,
    order: Order,
) -> Vec<f32> {
    let half = sizes.head_dim / 2;
    if !matches!(target, Target::Query | Target::Key) || half == 0 || width == 0 {
        return values;
    }
    for head in values.chunks_exact_mut(sizes.head_dim * width) {
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

    fn sizes(head_dim: usize) -> MatrixSizes {
        MatrixSizes { width: 4, heads: 2, kv_heads: 2, head_dim, inner: 4 }
    }

    #[test]
    fn rows_lie_as_the_converter_of_llama_cpp_lays_them() {
        // numpy: arange(12).reshape(2, 2, 3).swapaxes(1, 2).flatten()
        let expected = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11].map(|row: u8| f32::from(row));
        let rows: Vec<f32> = (0..12_u8).map(f32::from).collect();
        for target in [Target::Query, Target::Key] {
            let there = reordered(rows.clone(), 1, &sizes(6), target, Order::ToNeighbours);
            assert_eq!(there, expected);
        }
        assert_eq!(reordered(rows.clone(), 1, &sizes(6), Target::Value, Order::ToNeighbours), rows);
    }

    proptest! {
        #[test]
        fn the_way_back_leads_back(half in 1usize..9, width in 1usize..5) {
            let values: Vec<f32> = (0..4 * half * width).map(|value| value as f32).collect();
            let sizes = sizes(2 * half);
            let key = |values, order| reordered(values, width, &sizes, Target::Key, order);
            let there = key(values.clone(), Order::ToNeighbours);
            prop_assert_eq!(key(there, Order::ToHalves), values);
        }
    }
}
