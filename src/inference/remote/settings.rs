//! Which server, and how it is used.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{RemoteAddress, RemoteError, RemoteLimits, RemoteTimeouts, RetrySettings, TagMode};
use crate::persona::Language;

/// Which server, and how it is used.
///
/// Its key is not in here, only the name of the environment variable that holds it, so that settings
/// can be kept in a file and shown.
///
/// # Example
/// ```
/// use bevy_persona::inference::remote::{RemoteSettings, TagMode};
///
/// let settings: RemoteSettings = toml::from_str(r#"
///     base_url = "http://localhost:8000/v1"
///     model = "upstage/SOLAR-10.7B-Instruct-v1.0"
///     tags = "regex"
///     extensions = true
///     timeouts = { first_token = 5.0 }
/// "#)?;
/// assert_eq!(settings.tags, TagMode::Regex);
///
/// let solar = RemoteSettings::solar();
/// assert_eq!(solar.key_env.as_deref(), Some("UPSTAGE_API_KEY"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoteSettings {
    /// Where the server is, up to the version: `http://localhost:8000/v1`.
    pub base_url: String,
    /// The model's name, as the server calls it.
    pub model: String,
    /// The environment variable that holds the key; none where the server asks for none.
    pub key_env: Option<String>,
    /// Headers that are sent along. `Authorization` is not for here.
    pub headers: BTreeMap<String, String>,
    /// How replies are made to hold emotion tags.
    pub tags: TagMode,
    /// Whether the server knows `top_k`, `min_p` and `repetition_penalty`, as vLLM, SGLang and
    /// llama.cpp do; others may refuse a request that holds them.
    pub extensions: bool,
    /// Whether the server is asked for token counts; not all know `stream_options`.
    pub usage: bool,
    /// Whether the reply comes piece by piece; without, it comes whole.
    pub stream: bool,
    /// Where notes on the moment stand.
    pub notes: NotesPlace,
    /// The longest reply in tokens, where a persona allows a longer one; 0 for as she says.
    pub max_tokens: usize,
    /// How many tokens of prompt and reply the model reads together: the oldest turns are left out
    /// where they are more, by estimate. 0 for as many as there are.
    pub context_length: usize,
    /// How many parameters the model has: with more than two thousand million it reads all that a
    /// persona says, and finds its own words also where some were written.
    pub parameters: u64,
    /// The languages that the model speaks well; all without.
    pub languages: Option<Vec<Language>>,
    /// More fields of the request, such as `reasoning_effort`; they replace what we would send.
    pub extra_body: Map<String, Value>,
    /// How long it may take.
    pub timeouts: RemoteTimeouts,
    /// What is done when it fails.
    pub retry: RetrySettings,
    /// How much may be asked of it.
    pub limits: RemoteLimits,
}

/// Where notes on the moment stand in the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotesPlace {
    /// Before the fan's last words, in the same message: every template can do that.
    #[default]
    Fan,
    /// In a system message of their own before the conversation: not all templates can do that.
    System,
}

impl Default for RemoteSettings {
    fn default() -> Self {
        Self {
            base_url: "http://localhost:8000/v1".into(),
            model: "default".into(),
            key_env: None,
            headers: BTreeMap::new(),
            tags: TagMode::default(),
            extensions: false,
            usage: true,
            stream: true,
            notes: NotesPlace::default(),
            max_tokens: 0,
            context_length: 0,
            parameters: 10_700_000_000,
            languages: None,
            extra_body: Map::new(),
            timeouts: RemoteTimeouts::default(),
            retry: RetrySettings::default(),
            limits: RemoteLimits::default(),
        }
    }
}

impl From<RemoteAddress> for RemoteSettings {
    fn from(address: RemoteAddress) -> Self {
        let (base_url, model) = (address.base_url().into(), address.model().into());
        Self { base_url, model, ..Self::default() }
    }
}

impl RemoteSettings {
    /// Upstage's Solar, with the key in `UPSTAGE_API_KEY`.
    #[must_use]
    pub fn solar() -> Self {
        Self {
            base_url: "https://api.upstage.ai/v1".into(),
            model: "solar-pro3".into(),
            key_env: Some("UPSTAGE_API_KEY".into()),
            languages: Some(vec![Language::English, Language::Korean, Language::Japanese]),
            ..Self::default()
        }
    }

    /// The server and its model.
    ///
    /// # Errors
    /// If the URL, a header, a time or a number cannot be.
    pub(super) fn check(&self) -> Result<RemoteAddress, RemoteError> {
        let fault =
            |field: &str, problem: String| RemoteError::Settings { field: field.into(), problem };
        for name in self.headers.keys() {
            if name.eq_ignore_ascii_case("authorization") {
                let advice = "a key comes from the environment variable that `key_env` names";
                return Err(fault("headers", format!("`{name}` is not for here: {advice}")));
            }
        }
        for (name, value) in &self.headers {
            let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
            let sane = !name.is_empty() && name.bytes().all(is_token);
            if !sane || value.chars().any(char::is_control) {
                return Err(fault("headers", format!("`{name}` is no header that can be sent")));
            }
        }
        self.timeouts.check()?;
        self.retry.check()?;
        self.limits.check()?;
        RemoteAddress::new(&self.base_url, &self.model)
            .map_err(|error| fault("base_url", error.to_string()))
    }
}

/// Values of headers may be secrets, so only their names are shown.
impl fmt::Debug for RemoteSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteSettings")
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("key_env", &self.key_env)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("tags", &self.tags)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Times are written in seconds.
pub(super) mod seconds {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Duration;

    pub(crate) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(time.as_secs_f64())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(from)?;
        Duration::try_from_secs_f64(seconds)
            .map_err(|_| D::Error::custom(format!("{seconds} is no number of seconds")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_a_file() {
        let mut settings = RemoteSettings::solar();
        settings.extra_body.insert("reasoning_effort".into(), "low".into());
        settings.headers.insert("X-Title".into(), "a game".into());
        let file = toml::to_string(&settings).unwrap();
        assert_eq!(toml::from_str::<RemoteSettings>(&file).unwrap(), settings);
        assert!(toml::from_str::<RemoteSettings>("api_key = \"secret\"").is_err());
        assert!(toml::from_str::<RemoteSettings>("timeouts = { connect = -1.0 }").is_err());
    }

    #[test]
    fn what_cannot_be_is_named_by_its_field() {
        let header = |name: &str, value: &str| {
            let headers = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            let error = RemoteSettings { headers, ..RemoteSettings::default() }.check();
            error.unwrap_err().to_string()
        };
        assert!(header("authorization", "Bearer s3cret").contains("`key_env`"));
        let evil = header("X-A", "s3cret\r\nX-B: 1");
        assert!(evil.contains("X-A") && !evil.contains("s3cret"), "{evil}");
        let nowhere = RemoteSettings { base_url: "here".into(), ..RemoteSettings::default() };
        assert!(nowhere.check().unwrap_err().to_string().contains("`base_url`"));
        assert!(RemoteSettings::default().check().is_ok());
    }

    #[test]
    fn the_values_of_headers_are_not_shown() {
        let mut settings = RemoteSettings::default();
        settings.headers.insert("X-Token".into(), "s3cret".into());
        let shown = format!("{settings:?}");
        assert!(shown.contains("X-Token") && !shown.contains("s3cret"), "{shown}");
    }
}
