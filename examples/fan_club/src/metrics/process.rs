//! What the process takes of the machine.

use std::fs;

/// How much of the process's memory lies in RAM; none where the system does not tell.
pub fn resident_bytes() -> Option<u64> {
    resident(&fs::read_to_string("/proc/self/status").ok()?)
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn memory_is_read_in_kibibytes() {
        let status = "Name:\tfan_club\nVmPeak:\t  900 kB\nVmRSS:\t  256 kB\nThreads:\t3\n";
        assert_eq!(resident(status), Some(262_144));
        assert_eq!(resident("Name:\tfan_club\n"), None);
    }

    proptest! {
        #[test]
        fn any_other_text_is_no_figure_and_no_panic(text in "(VmRSS:)?[0-9kB \t]{0,40}") {
            if let Some(bytes) = resident(&text) {
                prop_assert_eq!(bytes % 1024, 0);
            }
        }
    }
}
