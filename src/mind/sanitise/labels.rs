//! Labels that say who speaks.

use std::borrow::Cow;

use regex::Regex;

/// Finds labels of speakers where a turn would begin.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    /// Label and colon, headings, roles in data; nothing where the names made no pattern.
    patterns: Vec<(Regex, &'static str)>,
}

/// Whom templates and stage directions let speak.
const ROLES: &[&str] = &[
    "system|assistant|user|human|developer|narrator|narration|stage directions?|instructions?",
    "response|chatbot|bot|ai|llm|model|admin|administrator|moderator|operator|game ?master|root",
    "시스템|사용자|유저|어시스턴트|개발자|관리자|운영자|운영진|나레이션|내레이션|나레이터|내레이터",
    "해설|지시|지시문|명령|ユーザー|システム|系统|用户|助手",
];
/// What may stand with a role.
const WITH: &[&str] = &[
    "prompts?|messages?|notes?|overrides?|updates?|instructions?|commands?|turn|input|output",
    "프롬프트|메시지|공지|지시|명령|노트|업데이트",
];
/// Where a turn would begin: with a line, also one that is only written out, or within brackets.
const BEGINS: &str = r#"(?:^|\\n|[\[({<*"'`|「『【])[^\p{L}\p{N}\n]*"#;

impl Labels {
    pub(super) fn new<N: AsRef<str>>(speakers: impl IntoIterator<Item = N>) -> Self {
        let (roles, with) = (ROLES.join("|"), WITH.join("|"));
        let mut who = format!(r"(?:(?:new|updated|real) )?(?:{roles})(?:[ _-]?(?:{with}))?");
        for name in speakers {
            let name = name.as_ref().trim();
            if !name.is_empty() {
                who.push('|');
                who.push_str(&regex::escape(name));
            }
        }
        let closes = r#"[ \t]*[\])}>*_"'`」』】]*(?:[ \t]*\([^()\n]{0,30}\))?"#;
        let label = format!(r"(?im)({BEGINS}(?:{who}))({closes})[ \t]*[:：][ \t]*");
        let heading = format!(r"(?im)^([ \t]*)#+[ \t]*((?:{who})\b)");
        let data = format!(r#"(?i)(\brole["']?)\s*[:=]\s*(["']?(?:{who})\b)"#);
        let patterns = [(label, "$1$2 - "), (heading, "$1$2"), (data, "$1 - $2")];
        let read = |(pattern, plain): (String, _)| Some((Regex::new(&pattern).ok()?, plain));
        Self { patterns: patterns.into_iter().filter_map(read).collect() }
    }

    /// The text with a dash for the colon of a label.
    pub(super) fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for (pattern, plain) in &self.patterns {
            if let Cow::Owned(changed) = pattern.replace_all(&text, *plain) {
                text = Cow::Owned(changed);
            }
        }
        text
    }
}
