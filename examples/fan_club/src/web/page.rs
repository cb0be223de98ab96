//! The page, as it lies in the program.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use super::hall::Hall;

const INDEX: &str = include_str!("../../page/index.html");

struct File {
    path: &'static str,
    kind: &'static str,
    text: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: [File; 8] = [
    File {
        path: "/club.css",
        kind: "text/css; charset=utf-8",
        text: include_str!("../../page/club.css"),
    },
    File { path: "/icon.svg", kind: "image/svg+xml", text: include_str!("../../page/icon.svg") },
    File { path: "/club.js", kind: SCRIPT, text: include_str!("../../page/club.js") },
    File { path: "/face.js", kind: SCRIPT, text: include_str!("../../page/face.js") },
    File { path: "/link.js", kind: SCRIPT, text: include_str!("../../page/link.js") },
    File { path: "/stage.js", kind: SCRIPT, text: include_str!("../../page/stage.js") },
    File { path: "/talk.js", kind: SCRIPT, text: include_str!("../../page/talk.js") },
    File { path: "/words.js", kind: SCRIPT, text: include_str!("../../page/words.js") },
];

/// The page of a club that anybody may join, or not.
pub fn index_for(open: bool) -> String {
    INDEX.replace(r#"data-open="false""#, &format!(r#"data-open="{open}""#))
}

/// The page and all that belongs to it.
pub fn routes() -> Router<Arc<Hall>> {
    let routes = Router::new().route("/", get(index));
    FILES.iter().fold(routes, |routes, file| {
        routes.route(file.path, get(async || answer(file.kind, file.text)))
    })
}

async fn index(State(hall): State<Arc<Hall>>) -> Response {
    answer("text/html; charset=utf-8", hall.index.clone())
}

fn answer(kind: &'static str, text: impl IntoResponse) -> Response {
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
        for text in FILES.iter().map(|file| file.text).chain([INDEX]) {
            for part in ["http:", "https:", "innerHTML", "onclick=", "style=", "<style", "eval("] {
                // The name of the format of drawings is an address that nobody asks.
                let text = text.replace("http://www.w3.org/2000/svg", "");
                assert!(!text.contains(part), "{part}");
            }
        }
    }
}
