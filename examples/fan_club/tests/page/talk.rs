use bevy_persona::{club::Moment, mind::Emotion};

use crate::{
    browser::Page,
    hall::{House, Plan, world::member},
};

fn show(house: &House) {
    let feel = |who, emotion| {
        house.world.moment(Moment::Feel { who: member(who), emotion, intensity: 0.9 });
    };
    let says = |who, text: &str| {
        house.world.moment(Moment::Says { who: member(who), text: text.into() });
    };
    feel("siwoo", Emotion::Joy);
    feel("jena", Emotion::Playful);
    feel("taira", Emotion::Surprised);
    feel("marty", Emotion::Shy);
    says("siwoo", "Thank you for being here tonight, all of you!");
    says("jena", "Taira, you forgot the second step again.");
    says("taira", "I did not forget. I improved it.");
    says("marty", "Can I keep that as a colour?");
    house.world.moment(Moment::Online { fans: 128 });
}

#[test]
fn words_stream_in_with_the_feeling_behind_them() {
    let house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "en-US");
    page.come_in(&house.token("mina"));
    page.sees(".hello", "Say hello to Siwoo");
    show(&house);
    page.sees("#moments", "Can I keep that as a colour?");
    page.picture("hello_desktop");
    page.phone();
    page.picture("hello_phone");
    page.desktop();

    page.say("slow and steady");
    page.until("document.querySelector('.hers .bubble')?.textContent === 'One '");
    page.sees("#now-feeling", "happy");
    page.sees("#stop", "Stop");
    page.picture("streaming_desktop");
    house.world.go_on();
    page.until("document.querySelector('.hers .bubble')?.textContent === 'One two three.'");
    page.sees("#close-words", "Closeness 4");

    page.say("slow again");
    page.click("#stop");
    page.sees(".hers .note", "You stopped her");
    page.say("I saw your show yesterday, it was so good!");
    page.sees(".hers .bubble", "You said: I saw your show yesterday");
    // What they say is words, never a part of the page.
    assert_eq!(page.value("document.querySelectorAll('.bubble b').length"), 0);
    page.picture("talk_desktop");
    page.phone();
    page.picture("talk_phone");
}

#[test]
fn a_korean_fan_finds_korean_words_and_enter_does_not_send_half_a_syllable() {
    let house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "ko-KR");
    page.come_in(&house.token("민아"));
    page.sees("#open-memory", "나에 대한 기억");
    page.click("#words");
    page.insert("오늘 무대 정말 멋졌");
    page.compose("ㄷ");
    page.compose("다");
    page.press("Enter");
    page.compose("어");
    page.press("Enter");
    assert_eq!(page.value("document.querySelectorAll('.mine').length"), 0);
    page.insert("어");
    page.press("Enter");
    page.sees(".hers .bubble", "You said: 오늘 무대 정말 멋졌");
    assert_eq!(page.value("document.querySelectorAll('.mine').length"), 1);
    page.sees("#now-feeling", "기쁜 기분");
    page.sees("#now-name", "시우");
    page.phone();
    page.picture("talk_phone_ko");

    page.click(".top .tongue");
    page.sees("#open-memory", "What they know");
    page.sees("#now-name", "Siwoo");
    assert_eq!(page.value("document.documentElement.lang"), "en");
}

#[test]
fn each_member_has_a_talk_of_her_own() {
    let house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "en-US");
    page.come_in(&house.token("mina"));
    page.say("slow, Siwoo");
    page.until("document.querySelector('.hers .bubble')?.textContent === 'One '");
    page.click("#tab-siwoo");
    page.press("ArrowDown");
    page.sees("#now-name", "Jena");
    assert_eq!(page.value("document.activeElement.id"), "tab-jena");
    page.click("#words");
    page.insert("a draft for Jena");
    house.world.go_on();
    page.until("document.querySelector('#tab-siwoo .dot').checkVisibility()");
    page.click("#tab-taira");
    assert_eq!(page.value("document.getElementById('words').value"), "");
    page.say("Hi Taira!");
    page.sees(".hers .bubble", "You said: Hi Taira!");
    page.picture("taira_desktop");
    page.click("#tab-siwoo");
    page.sees(".hers .bubble", "One two three.");
    assert_eq!(page.value("document.querySelector('#tab-siwoo .dot').checkVisibility()"), false);
    page.click("#tab-jena");
    assert_eq!(page.value("document.getElementById('words').value"), "a draft for Jena");
}
