use bevy_persona::{
    club::{Ending, FromServer, Moment, Refusal, ToServer},
    mind::memory::FactId,
};

use crate::hall::{House, Plan, client::Client, world::member};

#[test]
fn an_answer_streams_in_order_under_its_number() {
    let house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    client.say(42, "Hi, 안녕!");
    let frames = client.answer();
    assert!(matches!(frames[0], FromServer::Begin { nr: 42, .. }));
    assert!(matches!(frames[1], FromServer::Feel { nr: 42, .. }));
    let mut said = String::new();
    for frame in &frames {
        if let FromServer::Words { nr: 42, text, .. } = frame {
            said.push_str(text);
        }
    }
    let Some(FromServer::End { nr: 42, reason: Ending::Complete, text, .. }) = frames.last() else {
        panic!("{frames:?}");
    };
    assert_eq!(*text, said);
    assert!(said.contains("Hi, 안녕!"));
    assert!(house.metrics.text().contains("fan_club_messages_total 1"));
}

#[test]
fn words_are_seen_before_the_answer_is_over() {
    let house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    client.say(1, "slow please");
    let first = loop {
        if let FromServer::Words { text, .. } = client.frame() {
            break text;
        }
    };
    assert_eq!(first, "One ");
    house.world.go_on();
    client.answer();
}

#[test]
fn each_window_of_a_fan_is_a_connection_of_its_own() {
    let house = House::new(Plan::default());
    let (mina, jun) = (house.token("mina"), house.token("jun"));
    let mut clients: Vec<_> =
        [&mina, &mina, &jun].iter().map(|token| Client::welcome(house.address, token)).collect();
    for (nr, client) in clients.iter_mut().enumerate() {
        client.say(nr as u64, &format!("hello {nr}"));
    }
    for (nr, client) in clients.iter_mut().enumerate() {
        let Some(FromServer::End { nr: told, text, .. }) = client.answer().pop() else {
            panic!("no end");
        };
        assert_eq!(told, nr as u64);
        assert!(text.contains(&format!("hello {nr}")));
    }
    assert!(house.metrics.text().contains("fan_club_connections 3"));
}

#[test]
fn the_stage_is_seen_by_all() {
    let house = House::new(Plan::default());
    let tokens = [house.token("mina"), house.token("jun")];
    let clients = tokens.iter().map(|token| Client::welcome(house.address, token));
    let clients: Vec<_> = clients.collect();
    let moment = Moment::Says { who: member("jena"), text: "Hello, everybody!".into() };
    house.world.moment(moment.clone());
    for mut client in clients {
        assert_eq!(client.frame(), FromServer::Stage(moment.clone()));
    }
}

#[test]
fn all_requests_of_the_protocol_reach_the_world() {
    let house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    client.send(&ToServer::Recall);
    let FromServer::Remembered { facts } = client.frame() else { panic!("no facts") };
    assert_eq!(facts.len(), 2);
    client.send(&ToServer::Forget { fact: FactId(1) });
    assert!(matches!(client.frame(), FromServer::Remembered { facts } if facts.len() == 1));
    client.send(&ToServer::Stop { to: member("siwoo") });
    house.world.heard("stop siwoo");
    client.send(&ToServer::ForgetMe);
    assert!(matches!(client.frame(), FromServer::Welcome { .. }));
}

#[test]
fn a_bad_frame_is_refused_and_the_connection_stays() {
    let house = House::new(Plan::default());
    let mut client = Client::welcome(house.address, &house.token("mina"));
    let mut refusal = |text: &str| {
        client.text(text);
        let FromServer::Refused { nr, reason, .. } = client.frame() else {
            panic!("taken: {text}")
        };
        (nr, reason)
    };
    assert_eq!(refusal("hello"), (None, Refusal::BadFrame));
    assert_eq!(refusal(r#"{"type":"shout","nr":3}"#), (Some(3), Refusal::BadFrame));
    assert_eq!(refusal(&"[".repeat(15_000)), (None, Refusal::BadFrame));
    assert_eq!(refusal(&"x".repeat(20_000)), (None, Refusal::TooLong));
    client.0.send(tungstenite::Message::binary(vec![0, 159, 146])).unwrap();
    assert!(matches!(client.frame(), FromServer::Refused { reason: Refusal::BadFrame, .. }));
    client.say(1, " \n ");
    assert!(matches!(client.frame(), FromServer::Refused { reason: Refusal::Empty, .. }));
    client.say(2, &"안".repeat(501));
    assert!(matches!(client.frame(), FromServer::Refused { reason: Refusal::TooLong, .. }));
    client.say(3, &"안".repeat(500));
    client.answer();
    let text = house.metrics.text();
    assert!(text.contains(r#"fan_club_refused_total{reason="bad_frame"} 4"#), "{text}");
}
