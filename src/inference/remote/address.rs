//! The names of servers, as people write them.

use std::{fmt, net::IpAddr, str::FromStr};

use thiserror::Error;
use ureq::http::Uri;

/// Which model of which server is meant: `remote:http://host:port/v1#model`.
///
/// # Example
/// ```
/// use bevy_persona::inference::remote::RemoteAddress;
///
/// let solar: RemoteAddress = "remote:https://api.upstage.ai/v1#solar-pro3".parse()?;
/// assert_eq!(solar.base_url(), "https://api.upstage.ai/v1");
/// assert_eq!(solar.model(), "solar-pro3");
/// # Ok::<(), bevy_persona::inference::remote::ParseRemoteAddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RemoteAddress {
    base_url: String,
    model: String,
}

impl RemoteAddress {
    /// What such an address begins with.
    pub const PREFIX: &'static str = "remote:";

    /// The address of a model.
    ///
    /// # Errors
    /// If the URL or the name of the model cannot be one.
    pub fn new(base_url: &str, model: &str) -> Result<Self, ParseRemoteAddressError> {
        let base_url = checked(base_url)?;
        if model.trim().is_empty() || model.chars().any(char::is_control) {
            return Err(ParseRemoteAddressError::NoModel(base_url));
        }
        Ok(Self { base_url, model: model.into() })
    }

    /// Where the server is, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The model's name.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Where chat completions are asked for.
    pub(super) fn completions(&self) -> String {
        format!("{}/chat/completions", self.base_url)
    }

    /// Whether it is this machine.
    pub(super) fn is_here(&self) -> bool {
        let uri = self.base_url.parse::<Uri>().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default().trim_matches(['[', ']']);
        host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// Whether what is sent can be read on its way.
    pub(super) fn is_open_to_others(&self) -> bool {
        self.base_url.starts_with("http:") && !self.is_here()
    }
}

/// A URL under which a server may be, without a slash at the end.
fn checked(url: &str) -> Result<String, ParseRemoteAddressError> {
    let fault = |problem| ParseRemoteAddressError::Url { problem };
    let uri: Uri = url.trim().parse().map_err(|_| fault("it is no URL"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(fault("it does not begin with http:// or https://"));
    }
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if authority.contains('@') {
        return Err(fault("it holds a name or password: a key comes from an environment variable"));
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err(fault("it names no host"));
    }
    if uri.query().is_some() {
        return Err(fault("it has a query behind `?`: put what the server needs into `headers`"));
    }
    Ok(url.trim().trim_end_matches('/').to_owned())
}

impl fmt::Display for RemoteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}#{}", Self::PREFIX, self.base_url, self.model)
    }
}

impl FromStr for RemoteAddress {
    type Err = ParseRemoteAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(address) = text.strip_prefix(Self::PREFIX) else {
            return Err(ParseRemoteAddressError::NoPrefix);
        };
        let (base_url, model) = address.split_once('#').unwrap_or((address, ""));
        Self::new(base_url, model)
    }
}

/// Why a text does not name a model of a server. A URL that may hold a key is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseRemoteAddressError {
    /// It begins with something else.
    #[error("a model of a server is written `remote:http://host:port/v1#model`")]
    NoPrefix,
    /// The URL cannot be one of a server.
    #[error("the server's URL cannot be used: {problem}; write it like `http://localhost:8000/v1`")]
    Url {
        /// What is wrong.
        problem: &'static str,
    },
    /// No model is named.
    #[error("which model of `{0}`? write its name behind a `#`: `{0}#solar-pro3`")]
    NoModel(String),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> String {
        text.parse::<RemoteAddress>().unwrap_err().to_string()
    }

    #[test]
    fn an_address_reads_back_as_it_is_written() {
        for text in [
            "remote:http://127.0.0.1:8000/v1#upstage/SOLAR-10.7B-Instruct-v1.0",
            "remote:https://api.upstage.ai/v1#solar-pro3",
            "remote:http://[::1]:11434/v1#llama3.2:1b#q4",
        ] {
            assert_eq!(text.parse::<RemoteAddress>().unwrap().to_string(), text);
        }
        let slash: RemoteAddress = "remote:http://localhost/v1/#m".parse().unwrap();
        assert_eq!(slash.completions(), "http://localhost/v1/chat/completions");
    }

    #[test]
    fn what_cannot_be_is_refused_with_advice() {
        assert!(refused("http://localhost#m").contains("remote:http://host:port/v1#model"));
        assert!(refused("remote:http://localhost/v1").contains("behind a `#`"));
        assert!(refused("remote:http://localhost/v1# ").contains("behind a `#`"));
        assert!(refused("remote:ftp://localhost/v1#m").contains("http:// or https://"));
        assert!(refused("remote:localhost#m").contains("http://localhost:8000/v1"));
        assert!(refused("remote:http://a b#m").contains("no URL"));
        let with_key = refused("remote:http://me:secret@localhost#m");
        assert!(with_key.contains("environment variable") && !with_key.contains("secret"));
        let with_query = refused("remote:http://localhost/v1?key=secret#m");
        assert!(with_query.contains("headers") && !with_query.contains("secret"));
    }

    #[test]
    fn only_plain_http_to_other_machines_is_open_to_others() {
        let is_open = |url| RemoteAddress::new(url, "m").unwrap().is_open_to_others();
        assert!(is_open("http://solar.example/v1") && is_open("http://127.0.0.1.example/v1"));
        for url in [
            "https://solar.example/v1",
            "http://localhost:1/v1",
            "http://[::1]/v1",
            "http://127.0.0.1/v1",
        ] {
            assert!(!is_open(url), "{url}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,60}") {
            let parsed = format!("remote:{text}").parse::<RemoteAddress>();
            if let Ok(address) = parsed {
                prop_assert_eq!(address.to_string().parse(), Ok(address));
            }
        }
    }
}
