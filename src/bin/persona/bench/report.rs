//! How the figures are shown: as a table, or as a JSON object.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::statistics::rounded;

/// A figure for each of some sizes; none where the model is too small for one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BySize(Vec<(usize, Option<f64>)>);

impl BySize {
    /// Adds a size.
    pub fn push(&mut self, size: usize, figure: Option<f64>) {
        self.0.push((size, figure.map(|figure| rounded(figure, 1))));
    }
}

impl Serialize for BySize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(size, figure)| (size.to_string(), figure)))
    }
}

/// The lines of a table: what is measured, and how much it is.
#[derive(Debug, Default)]
pub struct Table(Vec<(String, String)>);

impl Table {
    /// Adds a line.
    pub fn line(&mut self, what: &str, figure: impl ToString) {
        self.0.push((what.into(), figure.to_string()));
    }

    /// Adds a line with a figure that there may be none of.
    pub fn maybe(&mut self, what: &str, figure: Option<f64>, unit: &str) {
        let figure = figure.map_or_else(|| "–".into(), |figure| format!("{figure} {unit}"));
        self.line(what, figure);
    }

    /// Adds a line for each size.
    pub fn sizes(&mut self, what: &str, of: &str, figures: &BySize, unit: &str) {
        for (size, figure) in &figures.0 {
            self.maybe(&format!("{what}, {size} {of}"), *figure, unit);
        }
    }

    /// Writes the lines, figures below each other.
    ///
    /// # Errors
    /// If nobody reads them.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let width = self.0.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
        for (what, figure) in &self.0 {
            writeln!(output, "{what:width$}  {figure}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speeds() -> BySize {
        let mut speeds = BySize::default();
        speeds.push(16, Some(1234.56));
        speeds.push(1024, None);
        speeds
    }

    #[test]
    fn sizes_are_keys_in_their_order() {
        let json = serde_json::to_string(&speeds()).unwrap();
        assert_eq!(json, r#"{"16":1234.6,"1024":null}"#);
    }

    #[test]
    fn a_table_stands_in_columns() {
        let mut table = Table::default();
        table.line("model", "Small");
        table.sizes("reading", "tokens", &speeds(), "tokens/s");
        let mut output = Vec::new();
        table.write(&mut output).unwrap();
        assert_eq!(
            String::from_utf8(output).unwrap(),
            "model                 Small\n\
             reading, 16 tokens    1234.6 tokens/s\n\
             reading, 1024 tokens  –\n"
        );
    }
}
