use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use fan_club::limits::Limits;

use crate::hall::{House, Plan, client::Client};

/// Nothing in a test takes longer.
const LONG: Duration = Duration::from_secs(20);

fn impatient() -> House {
    let limits = Limits { patience: Duration::from_secs(1), ..Limits::default() };
    House::new(Plan { limits, ..Plan::default() })
}

fn dial(house: &House) -> TcpStream {
    let stream = TcpStream::connect(house.address).expect("a server");
    stream.set_read_timeout(Some(LONG)).expect("a time");
    stream
}

/// All that comes until the server hangs up.
fn until_the_end(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
            panic!("the server holds the line");
        }
        _ => String::from_utf8(answer).expect("text"),
    }
}

#[test]
fn who_says_nothing_is_hung_up_on() {
    assert_eq!(until_the_end(dial(&impatient())), "");
}

#[test]
fn headers_that_drip_in_are_hung_up_on() {
    let house = impatient();
    let mut stream = dial(&house);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: club\r\n").unwrap();
    let mut drips = 0;
    while stream.write_all(b"X-Slow: 1\r\n").is_ok() {
        drips += 1;
        assert!(drips < 400, "the server listens for ever");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let house = impatient();
    let mut stream = dial(&house);
    stream
        .write_all(
            b"POST /api/join HTTP/1.1\r\nHost: club\r\nContent-Type: application/json\r\n\
              Content-Length: 100\r\n\r\n{",
        )
        .unwrap();
    assert!(until_the_end(stream).starts_with("HTTP/1.1 408"));
}

#[test]
fn a_line_on_which_nothing_more_is_asked_is_hung_up_on() {
    let house = impatient();
    let mut stream = dial(&house);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: club\r\n\r\n").unwrap();
    assert!(until_the_end(stream).starts_with("HTTP/1.1 200"));
}

#[test]
fn who_takes_no_answers_is_hung_up_on() {
    let house = impatient();
    let mut stream = dial(&house);
    stream.set_write_timeout(Some(LONG)).unwrap();
    // So many answers that they do not fit between the two.
    let asked = b"GET /club.css HTTP/1.1\r\nHost: club\r\n\r\n".repeat(2000);
    while stream.write_all(&asked).is_ok() {}
}

#[test]
fn a_socket_outlives_the_patience_with_requests() {
    let house = impatient();
    let mut client = Client::welcome(house.address, &house.token("mina"));
    std::thread::sleep(Duration::from_secs(2));
    client.say(1, "Still here!");
    client.answer();
}
