use bevy_persona::club::FromServer;
use serde_json::json;
use ureq::http::StatusCode;

use super::sign_in::{agent, get};
use crate::hall::{House, Plan, client::Client};

#[test]
fn readiness_says_what_is_missing() {
    let house = House::new(Plan::default());
    assert_eq!(get(&house, "/readyz", None), (200, json!({ "state": "ready" })));
    house.status.loading(40);
    let loading = json!({ "state": "loading", "percent": 40 });
    assert_eq!(get(&house, "/readyz", None), (503, loading));
    house.status.failed("no model");
    let failed = json!({ "state": "failed", "message": "no model" });
    assert_eq!(get(&house, "/readyz", None), (503, failed));
    house.status.stopping();
    assert_eq!(get(&house, "/readyz", None), (503, json!({ "state": "stopping" })));
    assert_eq!(get(&house, "/healthz", None).0, 200);
}

#[test]
fn metrics_are_shown_where_the_operator_wants_them() {
    let house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    client.say(1, "a secret");
    client.answer();
    let (status, text) = get(&house, "/metrics", None);
    let text = text.as_str().unwrap();
    assert_eq!(status, 200);
    assert!(text.contains("fan_club_connections 1") && text.ends_with("# EOF\n"));
    assert!(!text.contains("mina") && !text.contains("secret"));
    let closed = House::new(Plan { shows_metrics: false, ..Plan::default() });
    assert_eq!(get(&closed, "/metrics", None).0, 404);
    let operator = closed.operator();
    let of = |path: &str| agent().get(format!("http://{operator}{path}")).call().unwrap();
    assert_eq!((of("/metrics").status(), of("/readyz").status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(
        (of("/").status(), of("/ws").status()),
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    );
}

#[test]
fn every_answer_keeps_browsers_from_doing_more_with_it() {
    let house = House::new(Plan::default());
    for path in ["/", "/club.js", "/club.css", "/api/me", "/nothing", "/healthz", "/ws"] {
        let response = agent().get(house.url(path)).call().unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        let is_page = ["/", "/club.js", "/club.css"].contains(&path);
        assert_eq!(header("cache-control"), if is_page { "no-cache" } else { "no-store" });
    }
    let page = agent().get(house.url("/")).call().unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
}

#[test]
fn the_welcome_says_who_the_fan_is() {
    let house = House::new(Plan::default());
    let token = house.token("민아");
    let (mut client, _) =
        Client::open(house.address, &token, crate::hall::client::By::Header).ok().unwrap();
    let FromServer::Welcome { fan, members, .. } = client.frame() else { panic!("no welcome") };
    assert_eq!((fan.as_str(), members.len()), ("민아", 4));
}
