//! Which instructions this machine has, found out when the game runs.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A set of instructions that kernels are written for. Of those that one machine has, the slower
/// are the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Plain Rust, for every machine.
    Scalar,
    /// NEON: all 64-bit Arm processors.
    Neon,
    /// NEON with dot products of bytes: most of them since 2018, all of Apple since the M1.
    NeonDot,
    /// AVX2 with FMA and F16C: x86-64 processors since 2013.
    Avx2,
    /// The same with AVX-VNNI: Intel since Alder Lake (2021), AMD since Zen 5 (2024).
    Avx2Vnni,
    /// AVX-512 with VNNI: since Ice Lake (2019) and Zen 4 (2022).
    Avx512,
}

/// There is no such level.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is none of the instructions that kernels are written for; write one of {names}", names = names())]
pub struct ParseLevelError(String);

fn names() -> String {
    Level::ALL.map(|level| format!("`{level}`")).join(", ")
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "scalar",
            Self::Neon => "neon",
            Self::NeonDot => "neon-dot",
            Self::Avx2 => "avx2",
            Self::Avx2Vnni => "avx2-vnni",
            Self::Avx512 => "avx512",
        })
    }
}

impl FromStr for Level {
    type Err = ParseLevelError;

    fn from_str(text: &str) -> Result<Self, ParseLevelError> {
        let named = Self::ALL.into_iter().find(|level| level.to_string() == text);
        named.ok_or_else(|| ParseLevelError(text.into()))
    }
}

impl Level {
    /// All of them, those of one machine from the slowest to the fastest.
    pub const ALL: [Self; 6] =
        [Self::Scalar, Self::Neon, Self::NeonDot, Self::Avx2, Self::Avx2Vnni, Self::Avx512];

    /// The fastest that this machine has.
    #[must_use]
    pub fn detect() -> Self {
        Self::Avx512.supported()
    }

    /// The fastest that this machine has among this one and those below.
    ///
    /// A machine may have a level and lack one below it: most of those with AVX-512 have no
    /// AVX-VNNI.
    #[must_use]
    pub fn supported(self) -> Self {
        Self::available().take_while(|level| *level <= self).last().unwrap_or(Self::Scalar)
    }

    /// All that this machine has, the slowest first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|level| level.is_available())
    }

    #[cfg(target_arch = "x86_64")]
    fn is_available(self) -> bool {
        let avx2 = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c");
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        match self {
            Self::Scalar => true,
            Self::Avx2 => avx2,
            Self::Avx2Vnni => avx2 && is_x86_feature_detected!("avxvnni"),
            Self::Avx512 => avx2 && avx512,
            Self::Neon | Self::NeonDot => false,
        }
    }

    #[cfg(target_arch = "aarch64")]
    fn is_available(self) -> bool {
        let neon = std::arch::is_aarch64_feature_detected!("neon");
        match self {
            Self::Scalar => true,
            Self::Neon => neon,
            Self::NeonDot => neon && std::arch::is_aarch64_feature_detected!("dotprod"),
            Self::Avx2 | Self::Avx2Vnni | Self::Avx512 => false,
        }
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn is_available(self) -> bool {
        self == Self::Scalar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_read_as_it_is_written() {
        for level in Level::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        let error = "mmx".parse::<Level>().unwrap_err().to_string();
        assert!(error.contains("`mmx`") && error.contains("`avx2`"), "{error}");
    }

    #[test]
    fn what_a_machine_has_is_in_order_and_begins_with_plain_rust() {
        let levels: Vec<Level> = Level::available().collect();
        assert_eq!(levels.first(), Some(&Level::Scalar));
        assert_eq!(levels.last(), Some(&Level::detect()));
        assert!(levels.is_sorted());
    }

    #[test]
    fn a_level_that_a_machine_lacks_gives_the_next_lower_one() {
        let all = [Level::Neon, Level::NeonDot, Level::Avx2, Level::Avx2Vnni, Level::Avx512];
        let mut lower = Level::Scalar;
        for level in all {
            if level.is_available() {
                lower = level;
            }
            assert_eq!(level.supported(), lower);
        }
    }
}
