//! What is wrong with a scene, and where.

use std::fmt;

use thiserror::Error;

use crate::persona::Place;

/// One fault of a scene file, or of a scene that plays.
///
/// Its text is one line that an editor can jump to: `file:line:column: what is wrong, what to do`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct SceneError {
    /// The file.
    pub file: String,
    /// Where in it, if it is one place.
    pub place: Option<Place>,
    /// What is wrong and what to do.
    pub problem: String,
}

impl SceneError {
    pub(crate) fn new(file: &str, place: Option<Place>, problem: impl Into<String>) -> Self {
        Self { file: file.into(), place, problem: problem.into() }
    }

    pub(crate) fn at_line(file: &str, line: usize, problem: impl Into<String>) -> Self {
        Self::new(file, Some(Place { line, column: 1 }), problem)
    }
}

impl fmt::Display for SceneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(place) = self.place {
            write!(f, ":{place}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Every fault of every file, in order of files and lines; its text has a line for each.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct SceneErrors(pub Vec<SceneError>);

impl SceneErrors {
    /// `good` if there is no fault; sorts the faults otherwise.
    pub(crate) fn unless<T>(mut faults: Vec<SceneError>, good: T) -> Result<T, Self> {
        if faults.is_empty() {
            return Ok(good);
        }
        let key = |fault: &SceneError| {
            let place = fault.place.map(|place| (place.line, place.column));
            (fault.file.clone(), place, fault.problem.clone())
        };
        faults.sort_by_cached_key(key);
        faults.dedup();
        Err(Self(faults))
    }
}

impl fmt::Display for SceneErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}
