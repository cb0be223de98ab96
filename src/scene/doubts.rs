//! What is probably a mistake, though it plays.

use std::collections::BTreeMap;

use super::{
    Need, SceneError, Scenes, Value,
    code::{Code, Op},
    functions::Function,
};

impl Scenes {
    /// What is probably a mistake, though it plays: variables that are declared nowhere, and visits
    /// of nodes that do not exist.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::scene::Scenes;
    ///
    /// let text = "title: tea\n---\n<<if $cpus > 1>>\nTwo.\n<<endif>>\n===\n";
    /// let doubts = Scenes::from_files([("tea.yarn", text)])?.doubts();
    /// let problem = "tea.yarn:3:6: `$cpus` is declared nowhere: write `<<declare $cpus = …>>`";
    /// assert_eq!(doubts[0].to_string(), problem);
    /// # Ok::<(), bevy_persona::scene::SceneErrors>(())
    /// ```
    #[must_use]
    pub fn doubts(&self) -> Vec<SceneError> {
        let mut doubts = Vec::new();
        for code in self.codes() {
            self.doubt_code(code, &mut doubts);
        }
        for info in self.iter() {
            for need in info.needs.parts() {
                if let Some(problem) = self.doubt_need(&need) {
                    doubts.push(SceneError::new(
                        &info.file,
                        None,
                        format!("in `needs:`: {problem}"),
                    ));
                }
            }
        }
        doubts
    }

    fn doubt_need(&self, need: &Need) -> Option<String> {
        match need {
            Need::Visited(node) if self.node(node).is_none() => Some(no_node(node)),
            Need::Variable(name) if self.is_undeclared(name) => Some(undeclared(name)),
            _ => None,
        }
    }

    fn doubt_code(&self, code: &Code, doubts: &mut Vec<SceneError>) {
        // A variable once for each node, where it is first used.
        let mut variables = BTreeMap::new();
        for (at, op) in code.ops.iter().enumerate() {
            let place = code.places[at];
            match op {
                Op::Load(name) | Op::Store(name) if self.is_undeclared(name) => {
                    variables.entry(name).or_insert(place);
                }
                Op::Call(Function::Visited | Function::VisitedCount) => {
                    if let Some(node) = named_before(code, at)
                        && self.node(node).is_none()
                    {
                        doubts.push(SceneError::new(&code.info.file, place, no_node(node)));
                    }
                }
                _ => {}
            }
        }
        let variables = variables
            .into_iter()
            .map(|(name, place)| SceneError::new(&code.info.file, place, undeclared(name)));
        doubts.extend(variables);
    }
}

/// The name that a call at `at` is given, if it is written there: before it stands the count.
fn named_before(code: &Code, at: usize) -> Option<&str> {
    match code.ops.get(at.checked_sub(2)?)? {
        Op::Push(Value::Text(name)) => Some(name),
        _ => None,
    }
}

fn no_node(node: &str) -> String {
    format!("there is no node `{node}` that could be visited")
}

fn undeclared(name: &str) -> String {
    format!("`{name}` is declared nowhere: write `<<declare {name} = …>>`")
}
