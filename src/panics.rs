//! Panics as errors: what a library does with a file that nobody foresaw, or a thread that nobody
//! watches, must not end a game.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does `work`; if it panics, gives what it said.
///
/// What the work has borrowed may be half changed then.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        words.unwrap_or("it panicked without a message").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;

    use super::*;

    #[test]
    fn a_panic_becomes_what_it_said() {
        let works: [(fn() -> u8, Result<u8, &str>); 4] = [
            (|| 3, Ok(3)),
            (|| panic!("on purpose"), Err("on purpose")),
            (|| panic!("at {}", 3), Err("at 3")),
            (|| resume_unwind(Box::new(3)), Err("it panicked without a message")),
        ];
        for (work, expected) in works {
            assert_eq!(caught(work), expected.map_err(String::from));
        }
    }
}
