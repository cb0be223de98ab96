//! Kernels that are compiled for each kind of weights and number of rows of a tile.

/// Calls the one for this kind and so many rows: `kernel::<Kind, ROWS>`. The types of the kinds are those
/// that are known where it is called.
macro_rules! by_kind_and_rows {
    ($kind:expr, $rows:expr, $kernel:ident $arguments:tt) => {
        match $kind {
            PackedKind::Q8 => by_kind_and_rows!(@ $rows, $kernel, Q8, $arguments),
            PackedKind::Q6 => by_kind_and_rows!(@ $rows, $kernel, Q6, $arguments),
            PackedKind::Q5 => by_kind_and_rows!(@ $rows, $kernel, Q5, $arguments),
            PackedKind::Q4 => by_kind_and_rows!(@ $rows, $kernel, Q4, $arguments),
        }
    };
    (@ $rows:expr, $kernel:ident, $kind:ident, $arguments:tt) => {
        match $rows {
            1 => $kernel::<$kind, 1>$arguments,
            2 => $kernel::<$kind, 2>$arguments,
            3 => $kernel::<$kind, 3>$arguments,
            4 => $kernel::<$kind, 4>$arguments,
            5 => $kernel::<$kind, 5>$arguments,
            6 => $kernel::<$kind, 6>$arguments,
            7 => $kernel::<$kind, 7>$arguments,
            _ => $kernel::<$kind, 8>$arguments,
        }
    };
}

pub(super) use by_kind_and_rows;
