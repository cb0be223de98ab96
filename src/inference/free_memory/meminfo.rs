//! `/proc/meminfo`.

/// What is available, in bytes. Kernels before 3.14 do not say it.
pub(super) fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_line_is_found_among_others() {
        let text =
            "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   23000000 kB\nX: 2\n";
        assert_eq!(available(text), Some(23_000_000 * 1024));
        assert_eq!(available("MemFree: 1 kB\n"), None);
        assert_eq!(available("MemAvailable: 5 MB\n"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(MemAvailable:)?[ 0-9kB\n:A-Za-z]{0,60}") {
            available(&text);
        }

        #[test]
        fn every_number_is_found(kib in 0u64..1 << 50) {
            let text = format!("A: 1 kB\nMemAvailable: {kib} kB");
            prop_assert_eq!(available(&text), Some(kib * 1024));
        }
    }
}
