//! Kernels that are compiled for each number of rows of a tile.

/// Calls the one for so many rows: `kernel::<ROWS>`, or `kernel::<KIND, ROWS>`.
macro_rules! by_rows {
    ($rows:expr, $kernel:ident::<$kind:ty>$arguments:tt) => {
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
    ($rows:expr, $kernel:ident($($argument:expr),*)) => {
        match $rows {
            1 => $kernel::<1>($($argument),*),
            2 => $kernel::<2>($($argument),*),
            3 => $kernel::<3>($($argument),*),
            4 => $kernel::<4>($($argument),*),
            5 => $kernel::<5>($($argument),*),
            6 => $kernel::<6>($($argument),*),
            7 => $kernel::<7>($($argument),*),
            _ => $kernel::<8>($($argument),*),
        }
    };
}

pub(super) use by_rows;
