//! The sounds that letters stand for, in any language: few, and those that lips show.

/// A vowel, or something sung with the mouth shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::voice) enum Vowel {
    /// As in father.
    A,
    /// As in bed.
    E,
    /// As in see.
    I,
    /// As in go.
    O,
    /// As in too.
    U,
    /// As in cup, 어.
    Uh,
    /// As in 으.
    Eu,
    /// As in hmm.
    Hum,
}

/// A consonant; some stand for several that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::voice) enum Consonant {
    M,
    N,
    B,
    D,
    G,
    P,
    T,
    K,
    F,
    S,
    Sh,
    Ch,
    J,
    H,
    L,
    W,
    Y,
}
