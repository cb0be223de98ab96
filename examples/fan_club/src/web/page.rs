//! The page, as it lies in the program.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::hall::Hall;

const INDEX: &str = include_str!("../../page/index.html");
const STYLE: &str = include_str!("../../page/club.css");
const SCRIPT: &str = include_str!("../../page/club.js");
const ICON: &str = include_str!("../../page/icon.svg");

/// The page of a club that anybody may join, or not.
pub fn index_for(open: bool) -> String {
    INDEX.replace(r#"data-open="false""#, &format!(r#"data-open="{open}""#))
}

pub async fn index(State(hall): State<Arc<Hall>>) -> Response {
    file("text/html; charset=utf-8", hall.index.clone())
}

pub async fn style() -> Response {
    file("text/css; charset=utf-8", STYLE)
}

pub async fn script() -> Response {
    file("text/javascript; charset=utf-8", SCRIPT)
}

pub async fn icon() -> Response {
    file("image/svg+xml", ICON)
}

fn file(kind: &'static str, text: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_knows_whether_anybody_may_join() {
        assert!(index_for(false).contains(r#"data-open="false""#));
        assert!(index_for(true).contains(r#"data-open="true""#));
    }

    #[test]
    fn nothing_on_the_page_is_inline_or_from_elsewhere() {
        for text in [INDEX, STYLE, SCRIPT] {
            for part in ["http:", "https:", "innerHTML", "onclick=", "style=", "<style", "eval("] {
                // The name of the format of drawings is an address that nobody asks.
                let text = text.replace("http://www.w3.org/2000/svg", "");
                assert!(!text.contains(part), "{part}");
            }
        }
    }
}
