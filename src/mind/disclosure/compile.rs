//! Makes rules and patterns from what the file says.

use std::collections::BTreeMap;

use super::{
    canon,
    confirm::Answers,
    content::{Content, SecretContent},
    locked::Shared,
    patterns::{Collector, Role, Use},
    rules::{Groups, Secret},
};
use crate::{
    mind::content::fault,
    persona::{AssetFileError, Place},
};

/// A fault: the field, the text to look for in the file, and what is wrong with it.
struct Fault(String, String, String);

pub(super) fn compile(file: &str, text: &str, content: &Content) -> Result<Shared, AssetFileError> {
    let mut collector = Collector::default();
    let mut secrets = Vec::new();
    for (id, secret) in &content.secrets {
        let index = u16::try_from(secrets.len()).unwrap_or(u16::MAX);
        let compiled = Compiler { id, index, secret, groups: BTreeMap::new() }.run(&mut collector);
        secrets.push(compiled.map_err(|Fault(field, seen, problem)| {
            let table = text.find(&format!("[{id}]")).unwrap_or(0);
            let at = text[table..].find(&seen).map_or(table, |at| table + at);
            fault(file, Place::of_byte(text, at), field, problem)
        })?);
    }
    Ok(Shared {
        secrets,
        books: collector.books(),
        answers: Answers::new(content.confirm.values().flatten()),
        window: u32::try_from(content.window).unwrap_or(u32::MAX),
        instructions: "instructions".into(),
    })
}

struct Compiler<'a> {
    id: &'a str,
    index: u16,
    secret: &'a SecretContent,
    groups: BTreeMap<&'a str, u16>,
}

impl<'a> Compiler<'a> {
    fn run(mut self, collector: &mut Collector) -> Result<Secret, Fault> {
        let secret = self.secret;
        for (group, (name, forms)) in (0..).zip(&secret.key) {
            if group >= Groups::BITS {
                let problem = "more than 64 groups of words: join some".into();
                return Err(Fault(self.field("key"), name.clone(), problem));
            }
            let group = u16::try_from(group).unwrap_or(0);
            self.groups.insert(name, group);
            self.add(collector, &format!("key.{name}"), forms, |_| Role::Key(group))?;
        }
        for forms in secret.certain.values() {
            self.add(collector, "certain", forms, |_| Role::Certain)?;
        }
        self.add(collector, "safe_phrases", &secret.safe_phrases, |_| Role::Safe)?;
        self.add(collector, "fans_own", &secret.fans_own, |_| Role::FansOwn)?;
        self.add(collector, "everyday.words", &secret.everyday.words, |_| Role::Everyday)?;
        let phrases = secret.safe_unless.iter().map(|safe| &safe.phrase);
        self.add(collector, "safe_unless", phrases, Role::SafeUnless)?;
        self.rules()
    }

    fn rules(&self) -> Result<Secret, Fault> {
        let secret = self.secret;
        let lists = |field: &str, lists: &[Vec<String>]| -> Result<Vec<Groups>, Fault> {
            lists.iter().map(|list| self.list(field, list)).collect()
        };
        let mut combine_for = BTreeMap::new();
        for (member, listed) in &secret.combine_for {
            combine_for.insert(member.clone(), lists("combine_for", listed)?);
        }
        let safe_unless = secret.safe_unless.iter();
        let unless: Result<_, _> =
            safe_unless.map(|safe| self.groups_of("safe_unless", &safe.unless)).collect();
        Ok(Secret {
            id: self.id.into(),
            subject: secret.subject.as_str().into(),
            members: secret.members.clone(),
            unlock: Some(secret.unlock.clone()).filter(|scene| scene != "never"),
            combine: lists("combine", &secret.combine)?,
            combine_for,
            unless: unless?,
            everyday_unless: self.groups_of("everyday.unless", &secret.everyday.unless)?,
        })
    }

    fn add(
        &self,
        collector: &mut Collector,
        field: &str,
        forms: impl IntoIterator<Item = &'a String>,
        role: impl Fn(u16) -> Role,
    ) -> Result<(), Fault> {
        for (number, form) in (0..).zip(forms) {
            if canon::words(form).is_empty() {
                let problem = "a form without a letter or digit: take it out".into();
                return Err(Fault(self.field(field), format!("\"{form}\""), problem));
            }
            collector.add(form, Use { secret: self.index, role: role(number) });
        }
        Ok(())
    }

    fn list(&self, field: &str, list: &[String]) -> Result<Groups, Fault> {
        let groups = self.groups_of(field, list)?;
        if groups.count_ones() < 2 {
            let seen = list.first().cloned().unwrap_or_default();
            let problem = "a combination needs two different groups: use `certain` for one".into();
            return Err(Fault(self.field(field), seen, problem));
        }
        Ok(groups)
    }

    fn groups_of(&self, field: &str, names: &[String]) -> Result<Groups, Fault> {
        names.iter().try_fold(0, |groups, name| {
            let group = name.strip_prefix('@').and_then(|name| self.groups.get(name));
            let group = group.ok_or_else(|| {
                let problem = format!(
                    "no group `{name}`: write `@` and a name of [{}.key], or add it there",
                    self.id
                );
                Fault(self.field(field), format!("\"{name}\""), problem)
            })?;
            Ok(groups | 1 << *group)
        })
    }

    fn field(&self, field: &str) -> String {
        format!("{}.{field}", self.id)
    }
}
