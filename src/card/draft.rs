//! A card that is being written: the one that was kept, or an empty one.

use serde_json::{Map, Value, json};

use super::{Card, Spec};

/// The fields of V2 that are texts.
const TEXTS: [&str; 11] = [
    "name",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
];
/// How many of them V1 has.
const OF_V1: usize = 6;

/// A card that is being written.
pub(super) struct Draft {
    /// What stands around `data`: some programs repeat the fields of V1 there.
    root: Map<String, Value>,
    data: Map<String, Value>,
}

impl Draft {
    pub(super) fn of(kept: Option<&Card>) -> Self {
        let mut root = kept.and_then(|card| card.root().as_object()).cloned().unwrap_or_default();
        let data = match kept.map(Card::spec) {
            Some(Spec::V2 | Spec::V3) => root.remove("data"),
            _ => None,
        };
        let data = match data {
            Some(Value::Object(data)) => data,
            _ => v1_data(&root),
        };
        Self { root, data }
    }

    /// Writes a field, also where it is repeated.
    pub(super) fn set(&mut self, field: &str, value: Value) {
        if let Some(repeated) = self.root.get_mut(field) {
            *repeated = value.clone();
        }
        self.data.insert(field.into(), value);
    }

    /// Writes a field of an entry of the lorebook.
    pub(super) fn set_entry(&mut self, at: usize, field: &str, value: Value) {
        let entries = self.data.get_mut("character_book").and_then(|book| book.get_mut("entries"));
        if let Some(Value::Object(entry)) = entries.and_then(|entries| entries.get_mut(at)) {
            entry.insert(field.into(), value);
        }
    }

    /// The lorebook; an empty one, if there is none.
    pub(super) fn book(&mut self) -> &mut Value {
        let book = self.data.entry("character_book").or_insert(Value::Null);
        if book.is_null() {
            *book = json!({"extensions": {}, "entries": []});
        }
        book
    }

    /// The whole card, with all that its form asks for.
    pub(super) fn finished(mut self, spec: Spec, now: Option<u64>) -> Value {
        self.data.retain(|field, value| field != "character_book" || !value.is_null());
        for field in TEXTS {
            default(&mut self.data, field, json!(""));
        }
        for field in ["alternate_greetings", "tags"] {
            default(&mut self.data, field, json!([]));
        }
        default(&mut self.data, "extensions", json!({}));
        if spec == Spec::V3 {
            default(&mut self.data, "group_only_greetings", json!([]));
            if let Some(now) = now {
                self.data.insert("modification_date".into(), now.into());
            }
        }
        if let Some(book) = self.data.get_mut("character_book") {
            finish_book(book, spec);
        }
        let (name, version) = spec.says();
        // A version that we do not know yet stays what it was.
        if self.root.get("spec").and_then(Value::as_str) != Some(name) {
            self.root.insert("spec".into(), name.into());
            self.root.remove("spec_version");
        }
        default(&mut self.root, "spec_version", version.into());
        self.root.insert("data".into(), self.data.into());
        self.root.into()
    }
}

/// The six fields of a flat card.
fn v1_data(root: &Map<String, Value>) -> Map<String, Value> {
    let fields = TEXTS.iter().take(OF_V1);
    fields.filter_map(|field| Some(((*field).to_owned(), root.get(*field)?.clone()))).collect()
}

fn finish_book(book: &mut Value, spec: Spec) {
    let Value::Object(book) = book else { return };
    default(book, "extensions", json!({}));
    let entries = book.get_mut("entries").and_then(Value::as_array_mut);
    for (order, entry) in entries.into_iter().flatten().enumerate() {
        let Value::Object(entry) = entry else { continue };
        default(entry, "extensions", json!({}));
        default(entry, "enabled", json!(true));
        default(entry, "insertion_order", json!(order));
        if spec == Spec::V3 {
            default(entry, "use_regex", json!(false));
        }
    }
}

/// Fills in what is missing, or `null`.
fn default(fields: &mut Map<String, Value>, field: &str, value: Value) {
    let known = fields.entry(field).or_insert(Value::Null);
    if known.is_null() {
        *known = value;
    }
}
