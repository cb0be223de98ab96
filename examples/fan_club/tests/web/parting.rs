use std::{
    net::TcpStream,
    time::{Duration, Instant},
};

use bevy_persona::club::{FromServer, Moment, Parting};
use fan_club::limits::Limits;

use super::sign_in::get;
use crate::hall::{
    House, Plan,
    client::{By, Client},
    world::member,
};

#[test]
fn the_world_hears_of_each_who_leaves() {
    let house = House::new(Plan::default());
    let client = Client::welcome(house.address, &house.token("mina"));
    drop(client);
    house.world.heard("mina leaves");
    assert!(house.metrics.text().contains("fan_club_connections 0"));
}

#[test]
fn who_is_told_to_leave_hears_why_and_only_once() {
    let house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    house.world.say_bye(Parting::SignedOut);
    assert_eq!(client.next_or_end(), Some(FromServer::Bye { reason: Parting::SignedOut }));
    assert_eq!(client.next_or_end(), None);
}

#[test]
fn a_server_that_stops_sends_what_waits_and_says_bye() {
    let mut house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    for _ in 0..50 {
        let text = "The last song!".into();
        house.world.moment(Moment::Says { who: member("jena"), text });
    }
    let parting = std::thread::spawn(move || {
        let mut frames = Vec::new();
        while let Some(frame) = client.next_or_end() {
            frames.push(frame);
        }
        frames
    });
    house.stop();
    let mut frames = parting.join().unwrap();
    assert_eq!(frames.pop(), Some(FromServer::Bye { reason: Parting::ShuttingDown }));
    assert_eq!(frames.len(), 50);
    assert!(TcpStream::connect(house.address).is_err());
}

#[test]
fn nobody_comes_into_a_house_that_is_about_to_close() {
    let house = House::new(Plan::default());
    let token = house.token("mina");
    house.status.stopping();
    let response = Client::open(house.address, &token, By::Header).err().unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let (_, body) = get(&house, "/api/me", Some(&token));
    assert_eq!(body["turned_away"]["error"], "stopping");
}

#[test]
fn who_does_not_read_is_dropped_and_holds_up_nobody() {
    let limits = Limits { patience: Duration::from_secs(1), ..Limits::default() };
    let house = House::new(Plan { limits, ..Plan::default() });
    let _sleeper = Client::welcome(house.address, &house.token("sleeper"));
    house.world.flood();
    house.world.heard("somebody leaves");
    let mut client = Client::welcome(house.address, &house.token("mina"));
    client.say(1, "Hi!");
    client.answer();
}

#[test]
fn a_client_that_shows_no_sign_of_life_is_dropped() {
    let limits = Limits {
        ping: Duration::from_millis(50),
        idle: Duration::from_millis(200),
        ..Limits::default()
    };
    let house = House::new(Plan { limits, ..Plan::default() });
    // It does not read, and so does not answer.
    let _silent = Client::welcome(house.address, &house.token("silent"));
    house.world.heard("silent leaves");
}

#[test]
fn a_client_that_only_listens_may_stay() {
    let limits = Limits {
        ping: Duration::from_millis(20),
        idle: Duration::from_secs(2),
        ..Limits::default()
    };
    let house = House::new(Plan { limits, ..Plan::default() });
    let mut client = Client::welcome(house.address, &house.token("mina"));
    client.0.get_ref().set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(3) {
        match client.0.read() {
            Ok(message) => assert!(!message.is_close()),
            Err(tungstenite::Error::Io(_)) => {}
            Err(error) => panic!("shown out: {error}"),
        }
    }
    client.0.get_ref().set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    client.say(1, "I am here!");
    client.answer();
}
