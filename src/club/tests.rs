use super::*;

#[test]
fn frames_read_as_they_are_written() {
    let siwoo = "siwoo".parse().unwrap();
    let frame = FromServer::Refused {
        nr: None,
        reason: Refusal::SlowDown,
        message: "Wait.".into(),
        retry_after: Some(2.5),
    };
    let json = serde_json::to_string(&frame).unwrap();
    assert_eq!(
        json,
        r#"{"type":"refused","reason":"slow_down","message":"Wait.","retry_after":2.5}"#
    );
    assert_eq!(serde_json::from_str::<FromServer>(&json).unwrap(), frame);
    let moment = FromServer::Stage(Moment::Says { who: siwoo, text: "Hi all!".into() });
    let json = serde_json::to_string(&moment).unwrap();
    assert_eq!(json, r#"{"type":"stage","what":"says","who":"siwoo","text":"Hi all!"}"#);
    assert_eq!(serde_json::from_str::<FromServer>(&json).unwrap(), moment);
}

#[test]
fn what_is_no_frame_is_an_error() {
    for frame in ["", "{}", "[]", r#"{"type":"say"}"#, r#"{"type":"shout","nr":1}"#] {
        assert!(serde_json::from_str::<ToServer>(frame).is_err(), "{frame}");
    }
}
