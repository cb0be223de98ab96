//! The game's own threads come first.

use thread_priority::{ThreadPriority, ThreadPriorityValue};

/// A step or two below normal: niceness 5 on Linux, "below normal" on Windows, 25 of 31 on macOS.
const PRIORITY: u8 = if cfg!(target_vendor = "apple") { 25 } else { 35 };

/// Lowers the priority of the calling thread a little, for work that may wait for the game's.
///
/// Where the system does not allow it, or the thread has a lower one already, nothing changes.
pub fn lower_priority() {
    if let Ok(value) = ThreadPriorityValue::try_from(PRIORITY) {
        // Without it all is as correct, just a little less polite.
        let _ = ThreadPriority::Crossplatform(value).set_for_current();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_niceness_of_this_thread_alone_is_raised() {
        let niceness = || {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let fields = stat.rsplit(')').next().unwrap();
            fields.split_whitespace().nth(16).unwrap().parse::<i32>().unwrap()
        };
        let before = niceness();
        let lowered = std::thread::spawn(move || {
            lower_priority();
            niceness()
        });
        assert_eq!(lowered.join().unwrap(), before.max(5));
        assert_eq!(niceness(), before);
    }
}
