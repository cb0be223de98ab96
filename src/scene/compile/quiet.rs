//! Catches panics that are expected, without a message on the terminal.

use std::{cell::Cell, panic, sync::Once, thread};

use crate::panics;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`; if it panics, gives what it said, and prints nothing.
///
/// Panics of other threads are reported as before: the hook that was set is asked for them.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    if !thread::panicking() {
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if !QUIET.get() {
                    before(info);
                }
            }));
        });
    }
    let before = QUIET.replace(true);
    let result = panics::caught(work);
    QUIET.set(before);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_what_it_said_and_the_thread_speaks_again() {
        assert_eq!(caught(|| -> u8 { panic!("on purpose") }), Err("on purpose".into()));
        assert_eq!(caught(|| 3), Ok(3));
        assert!(!QUIET.get());
    }
}
