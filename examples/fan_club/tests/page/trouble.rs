use bevy_persona::club::Parting;

use crate::{
    browser::Page,
    hall::{House, Plan},
};

#[test]
fn what_is_refused_or_lost_can_be_sent_again() {
    let house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "en-US");
    page.come_in(&house.token("mina"));
    page.say("refuse this once");
    page.sees(".refused .note", "That was fast!");
    // The button waits until it makes sense.
    page.sees(".refused .again", "Send again in");
    page.until("!document.querySelector('.again').disabled");
    page.click(".again");
    page.sees(".hers .bubble", "You said: refuse this once");
    assert_eq!(page.value("document.querySelectorAll('.mine').length"), 1);

    page.say("fail, please");
    page.sees(".refused .note", "Siwoo lost her thread.");
    page.picture("refused_desktop");
    page.phone();
    page.picture("refused_phone");
    page.desktop();
}

#[test]
fn a_message_that_is_too_long_is_not_sent() {
    let house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "en-US");
    page.come_in(&house.token("mina"));
    page.click("#words");
    page.insert(&"안".repeat(503));
    page.sees("#count", "3 too many");
    page.press("Enter");
    assert_eq!(page.value("document.getElementById('send').disabled"), true);
    assert_eq!(page.value("document.querySelectorAll('.mine').length"), 0);
    for _ in 0..3 {
        page.press("Backspace");
    }
    page.press("Enter");
    page.sees(".hers .bubble", "You said: 안");
}

#[test]
fn the_page_comes_back_when_the_server_does() {
    let mut house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "en-US");
    page.come_in(&house.token("mina"));
    page.say("Remember me!");
    page.sees(".hers .bubble", "You said: Remember me!");
    page.say("slow, and cut off");
    page.until("[...document.querySelectorAll('.hers .bubble')].at(-1).textContent === 'One '");
    house.stop();
    page.until("document.getElementById('banner').checkVisibility()");
    page.click("#words");
    page.insert("a draft");
    page.press("Enter");
    assert_eq!(page.value("document.getElementById('words').value"), "a draft");
    page.picture("lost_desktop");
    let house = house.rebuilt(Plan::default());
    page.until("!document.getElementById('banner').checkVisibility()");
    page.sees(".hers .bubble", "You said: Remember me!");
    page.press("Enter");
    page.sees(".hers .bubble", "You said: a draft");

    house.world.say_bye(Parting::SignedOut);
    page.sees("#gate-trouble", "You are signed out.");
}
