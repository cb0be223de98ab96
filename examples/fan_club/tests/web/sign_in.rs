use std::time::Duration;

use fan_club::limits::{Limits, Pace};
use serde_json::{Value, json};

use crate::hall::{
    House, Plan,
    client::{By, Client},
};

/// A request, with its status whatever it is.
pub fn get(house: &House, path: &str, token: Option<&str>) -> (u16, Value) {
    let agent = agent();
    let mut request = agent.get(house.url(path));
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    let mut response = request.call().expect("an answer");
    let body = response.body_mut().read_to_string().expect("text");
    (response.status().as_u16(), serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn join(house: &House, body: &Value) -> (u16, Value) {
    let mut response = agent().post(house.url("/api/join")).send_json(body).expect("an answer");
    (response.status().as_u16(), response.body_mut().read_json().expect("JSON"))
}

#[test]
fn a_stranger_is_turned_away_before_any_socket_opens() {
    let house = House::new(Plan::default());
    let unknown = "A".repeat(43);
    for (token, by) in [
        ("", By::Nothing),
        ("", By::Header),
        ("secret", By::Header),
        (unknown.as_str(), By::Header),
        (unknown.as_str(), By::Subprotocol),
    ] {
        let response = Client::open(house.address, token, by).err().unwrap();
        assert_eq!(response.status(), 401, "{token} {by:?}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
    }
    assert_eq!(get(&house, "/api/me", Some(&unknown)).0, 401);
    let counted = r#"fan_club_turned_away_total{reason="stranger"} 6"#;
    assert!(house.metrics.text().contains(counted));
}

#[test]
fn a_fan_comes_in_by_header_or_by_subprotocol() {
    let house = House::new(Plan::default());
    let token = house.token("mina");
    let (mut client, response) = Client::open(house.address, &token, By::Header).ok().unwrap();
    assert!(response.headers().get("sec-websocket-protocol").is_none());
    client.frame();
    let (mut client, response) = Client::open(house.address, &token, By::Subprotocol).ok().unwrap();
    // The token is not sent back.
    assert_eq!(response.headers()["sec-websocket-protocol"], "persona.v1");
    client.frame();
    assert_eq!(get(&house, "/api/me", Some(&token)), (200, json!({ "fan": "mina" })));
    house.world.heard("mina arrives");
}

#[test]
fn a_plain_request_opens_no_socket() {
    let house = House::new(Plan::default());
    let token = house.token("mina");
    assert_eq!(get(&house, "/ws", Some(&token)).0, 400);
    assert_eq!(get(&house, "/ws", None).0, 401);
}

#[test]
fn who_joins_gets_a_token_that_opens_the_door() {
    let house = House::new(Plan::default());
    let (status, body) = join(&house, &json!({ "name": " 민아 " }));
    assert_eq!((status, &body["fan"]), (201, &json!("민아")));
    let mut client = Client::welcome(house.address, body["token"].as_str().unwrap());
    client.say(1, "Hi!");
    client.answer();
    let (status, body) = join(&house, &json!({ "name": "민아" }));
    assert_eq!((status, &body["error"]), (409, &json!("taken")));
}

#[test]
fn what_is_no_name_is_told_and_adds_nobody() {
    let house = House::new(Plan::default());
    for name in ["", "two words", "<b>", &"a".repeat(65)] {
        let (status, body) = join(&house, &json!({ "name": name }));
        assert_eq!((status, &body["error"]), (400, &json!("bad_name")), "{name}");
    }
    let long = "a".repeat(5000);
    for (body, expected) in [
        (json!({}), 422),
        (json!({ "name": 7 }), 422),
        (json!({ "name": "a", "is_admin": true }), 422),
        (json!({ "name": long }), 413),
    ] {
        assert_eq!(join(&house, &body).0, expected);
    }
    let plain = agent().post(house.url("/api/join")).send(r#"{"name":"a"}"#).unwrap();
    assert_eq!(plain.status(), 415);
}

#[test]
fn nobody_joins_a_closed_house() {
    let house = House::new(Plan { open: false, ..Plan::default() });
    let (status, body) = join(&house, &json!({ "name": "mina" }));
    assert_eq!((status, &body["error"]), (403, &json!("closed")));
    assert!(get(&house, "/", None).1.as_str().unwrap().contains(r#"data-open="false""#));
}

#[test]
fn an_address_may_be_wrong_only_so_often() {
    let pace = Pace::new(2, Duration::from_secs(60));
    let limits = Limits { strangers: pace, joins: pace, ..Limits::default() };
    let house = House::new(Plan { limits, ..Plan::default() });
    let token = house.token("mina");
    assert_eq!(get(&house, "/api/me", None).0, 401);
    assert_eq!(get(&house, "/api/me", Some(&token)).0, 200);
    assert_eq!(get(&house, "/api/me", None).0, 401);
    let response = Client::open(house.address, "", By::Nothing).err().unwrap();
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));

    for (name, expected) in [("a", 201), ("b", 201), ("c", 429)] {
        assert_eq!(join(&house, &json!({ "name": name })).0, expected);
    }
}

#[test]
fn only_a_proxy_of_the_operator_is_believed_about_addresses() {
    let strangers = Pace::new(1, Duration::from_secs(60));
    for behind_proxy in [false, true] {
        let limits = Limits { strangers, behind_proxy, ..Limits::default() };
        let house = House::new(Plan { limits, ..Plan::default() });
        let from = |address: &str| {
            let request = agent().get(house.url("/api/me"));
            request.header("X-Forwarded-For", address).call().unwrap().status().as_u16()
        };
        assert_eq!(from("192.0.2.1"), 401);
        assert_eq!(from("192.0.2.2"), if behind_proxy { 401 } else { 429 });
        assert_eq!(from("192.0.2.99, 192.0.2.1"), 429);
    }
}
