use crate::{
    browser::Page,
    hall::{House, Plan},
};

#[test]
fn a_fan_sees_what_they_know_and_lets_them_forget() {
    let mut house = House::new(Plan::default());
    let page = Page::open(&house.url("/"), "en-US");
    page.come_in(&house.token("mina"));
    page.say("My cat is called Bori.");
    page.sees(".hers .bubble", "You said: My cat");
    page.click("#open-memory");
    page.sees("#facts", "Their cat is called Bori.");
    page.sees("#facts", "좋아하는 계절은 겨울이다.");
    page.picture("memory_desktop");
    page.click("#facts button");
    page.until("document.querySelectorAll('#facts li').length === 1");
    page.phone();
    page.picture("memory_phone");
    page.desktop();

    page.click("#forget-me");
    page.click("#forget-no");
    page.click("#forget-me");
    page.click("#forget-yes");
    page.until("!document.getElementById('memory').open");
    page.sees(".hello", "Say hello to Siwoo");
    assert_eq!(page.value("document.querySelectorAll('.mine').length"), 0);
    page.sees("#close-words", "Closeness 0");

    page.click("#open-memory");
    page.sees("#facts-none", "Nothing yet.");
    house.stop();
    page.until("document.getElementById('club').classList.contains('is-away')");
    page.click("#forget-me");
    page.click("#forget-yes");
    page.sees("#memory-trouble", "There is no connection just now.");
}
