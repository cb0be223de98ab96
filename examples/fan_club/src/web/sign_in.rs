//! Who asks.

use std::time::Instant;

use axum::http::{HeaderMap, header};
use bevy_persona::{club::BEARER_PREFIX, mind::FanId};
use tracing::error;

use super::{hall::Hall, trouble::Trouble, wire::Peer};
use crate::accounts::Token;

/// The fan whose token the request shows.
pub async fn fan(hall: &Hall, headers: &HeaderMap, peer: &Peer) -> Result<FanId, Trouble> {
    let address = hall.address(headers, peer);
    if let Err(wait) = hall.strangers.peek(address, Instant::now()) {
        hall.club.metrics.turned_away("too_often");
        return Err(Trouble::too_often(wait));
    }
    let known = match shown(headers).and_then(|token| token.parse::<Token>().ok()) {
        Some(token) => hall.club.accounts.whose(&token).await,
        None => Ok(None),
    };
    match known {
        Ok(Some(fan)) => Ok(fan),
        Ok(None) => {
            hall.saw_stranger(address);
            Err(Trouble::stranger())
        }
        Err(error) => {
            error!("the accounts cannot be read: {error}");
            Err(Trouble::no_accounts())
        }
    }
}

/// The token that a request shows: in `Authorization`, or, where a browser cannot set that, as a
/// subprotocol.
fn shown(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let protocols = || {
        let lists = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
        let mut all = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
        all.find_map(|protocol| protocol.trim().strip_prefix(BEARER_PREFIX))
    };
    bearer.or_else(protocols)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn a_token_is_shown_in_a_header_or_as_a_subprotocol() {
        let of = |name, value| shown(&headers(name, value)).map(str::to_owned);
        assert_eq!(of(header::AUTHORIZATION, "Bearer abc").as_deref(), Some("abc"));
        assert_eq!(of(header::AUTHORIZATION, "bearer abc").as_deref(), Some("abc"));
        assert_eq!(of(header::AUTHORIZATION, "Basic abc"), None);
        let list = "persona.v1, bearer.abc";
        assert_eq!(of(header::SEC_WEBSOCKET_PROTOCOL, list).as_deref(), Some("abc"));
        assert_eq!(of(header::SEC_WEBSOCKET_PROTOCOL, "persona.v1"), None);
        assert_eq!(shown(&HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic(value in "[ -~]{0,60}") {
            let _ = shown(&headers(header::AUTHORIZATION, &value));
            let _ = shown(&headers(header::SEC_WEBSOCKET_PROTOCOL, &value));
        }
    }
}
