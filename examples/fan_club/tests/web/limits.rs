use std::time::Duration;

use bevy_persona::club::{FromServer, Parting, Refusal};
use fan_club::limits::{Flood, Limits, Pace};
use serde_json::json;

use super::sign_in::get;
use crate::hall::{
    House, Plan,
    client::{By, Client},
};

fn house(limits: Limits) -> House {
    House::new(Plan { limits, ..Plan::default() })
}

#[test]
fn who_says_too_much_is_asked_to_wait_over_all_windows() {
    let messages = Pace::new(2, Duration::from_secs(600));
    let house = house(Limits { messages, ..Limits::default() });
    let token = house.token("mina");
    let mut phone = Client::welcome(house.address, &token);
    let mut desktop = Client::welcome(house.address, &token);
    phone.say(1, "one");
    phone.answer();
    desktop.say(2, "two");
    desktop.answer();
    phone.say(3, "three");
    let FromServer::Refused { nr: Some(3), reason: Refusal::SlowDown, retry_after, .. } =
        phone.frame()
    else {
        panic!("not refused");
    };
    assert!(retry_after.is_some_and(|wait| (500.0..=600.0).contains(&wait)));
    let mut other = Client::welcome(house.address, &house.token("jun"));
    other.say(4, "four");
    other.answer();
}

#[test]
fn a_fan_has_only_so_many_windows() {
    let house = house(Limits { per_fan: 2, ..Limits::default() });
    let token = house.token("mina");
    let first = Client::welcome(house.address, &token);
    let _second = Client::welcome(house.address, &token);
    let response = Client::open(house.address, &token, By::Header).err().unwrap();
    assert_eq!(response.status(), 429);
    let (status, body) = get(&house, "/api/me", Some(&token));
    assert_eq!((status, &body["turned_away"]["error"]), (200, &json!("too_many")));
    drop(first);
    while get(&house, "/api/me", Some(&token)).1.get("turned_away").is_some() {}
    Client::welcome(house.address, &token);
}

#[test]
fn signs_of_life_that_nobody_asked_for_are_a_flood() {
    let flood = Flood { refused: 10, ..Limits::default().flood };
    let house = house(Limits { flood, ..Limits::default() });
    let mut client = Client::welcome(house.address, &house.token("mina"));
    for _ in 0..100 {
        // The server may have left by now.
        if client.0.send(tungstenite::Message::Pong(Vec::new().into())).is_err() {
            break;
        }
    }
    assert_eq!(client.frame(), FromServer::Bye { reason: Parting::Flooding });
}

#[test]
fn a_full_house_says_so() {
    let house = house(Limits { connections: 1, ..Limits::default() });
    let (mina, jun) = (house.token("mina"), house.token("jun"));
    let _first = Client::welcome(house.address, &mina);
    let response = Client::open(house.address, &jun, By::Header).err().unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
}

#[test]
fn a_flood_is_shown_out_and_kept_out() {
    let flood =
        Flood { refused: 10, within: Duration::from_secs(60), ban: Duration::from_secs(60) };
    let house = house(Limits { flood, ..Limits::default() });
    let token = house.token("mina");
    let mut client = Client::welcome(house.address, &token);
    for _ in 0..100 {
        // The server may have left by now.
        if client.0.send(tungstenite::Message::text("flood")).is_err() {
            break;
        }
    }
    let mut refused = 0;
    let last = loop {
        match client.frame() {
            FromServer::Refused { .. } => refused += 1,
            last => break last,
        }
    };
    assert_eq!((refused, last), (9, FromServer::Bye { reason: Parting::Flooding }));
    let response = Client::open(house.address, &token, By::Header).err().unwrap();
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
    let (_, body) = get(&house, "/api/me", Some(&token));
    assert_eq!(body["turned_away"]["error"], "flooding");
}
