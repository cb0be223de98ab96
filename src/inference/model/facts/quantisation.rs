//! How the weights of a file are stored.

use std::collections::BTreeMap;

use crate::inference::model::TensorFacts;

/// One way in which weights are stored, and how much of a model is stored so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeShare {
    /// Its name: `Q4_K`, `F16`, …
    pub name: String,
    /// How many of the numbers.
    pub numbers: u64,
    /// The bytes that they take in the file.
    pub bytes: u64,
}

impl TypeShare {
    /// All ways of a file, the one with the most numbers first.
    pub(super) fn of(tensors: &[TensorFacts]) -> Vec<Self> {
        let mut found: BTreeMap<String, Self> = BTreeMap::new();
        for tensor in tensors {
            let name = shown_type(&tensor.kind);
            let share = found.entry(name.clone()).or_insert(Self { name, numbers: 0, bytes: 0 });
            share.numbers = share.numbers.saturating_add(tensor.elements());
            share.bytes = share.bytes.saturating_add(tensor.bytes);
        }
        let mut shares: Vec<Self> = found.into_values().collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.numbers));
        shares
    }
}

/// The name of a type as people write it: `Q4K` is `Q4_K`.
#[must_use]
pub fn shown_type(kind: &str) -> String {
    match kind.strip_suffix('K') {
        Some(bits) if bits.starts_with('Q') && !bits.ends_with('_') => format!("{bits}_K"),
        _ => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_common_type_comes_first() {
        let tensor = |kind: &str, shape: &[usize], bytes| TensorFacts {
            name: String::new(),
            shape: shape.to_vec(),
            kind: kind.into(),
            bytes,
        };
        let shares = TypeShare::of(&[
            tensor("F32", &[10], 40),
            tensor("Q4K", &[10, 256], 1440),
            tensor("Q4K", &[1, 256], 144),
        ]);
        assert_eq!(shares[0], TypeShare { name: "Q4_K".into(), numbers: 2816, bytes: 1584 });
        assert_eq!((shares.len(), shares[1].numbers), (2, 10));
    }

    #[test]
    fn names_are_written_as_files_write_them() {
        for (kind, shown) in [("Q6K", "Q6_K"), ("Q4_K", "Q4_K"), ("Q4_0", "Q4_0"), ("BF16", "BF16")]
        {
            assert_eq!(shown_type(kind), shown);
        }
    }
}
