use crate::{
    browser::Page,
    hall::{House, Plan},
};

#[test]
fn a_fan_signs_in_with_a_key_and_stays_signed_in() {
    let house = House::new(Plan { open: false, ..Plan::default() });
    let token = house.token("mina");
    let page = Page::open(&house.url("/"), "en-US");
    page.picture("gate");
    assert_eq!(page.value("document.getElementById('join').checkVisibility()"), false);
    page.sign_in("not-a-key");
    page.sees("#gate-trouble", "Nobody has this key");
    page.come_in(&token);
    page.sees("#online", "1 fan here");
    page.value("window.isOld = true; location.reload()");
    page.until("!window.isOld && document.getElementById('club')?.checkVisibility() === true");
    assert!(!page.value("location.href").as_str().unwrap().contains(&token));
    page.click("#sign-out");
    page.sees("#gate h1", "Fan Club");
    house.world.heard("mina leaves");
    assert_eq!(page.value("localStorage.getItem('fan_club.key')"), serde_json::Value::Null);
}

#[test]
fn a_new_fan_joins_by_name_and_is_shown_the_key() {
    let house = House::new(Plan::default());
    house.token("mina");
    let page = Page::open(&house.url("/"), "ko-KR");
    page.click("#name");
    page.insert("mina");
    page.press("Enter");
    page.sees("#gate-trouble", "다른 팬이 쓰는 이름");
    page.click("#name");
    page.value("document.getElementById('name').value = ''");
    page.insert("민아");
    page.press("Enter");
    page.sees("#key", "이게 당신의 열쇠예요");
    page.phone();
    page.picture("key_phone_ko");
    assert_eq!(page.text("#key-token").len(), 43);
    page.click("#key-enter");
    page.until("!document.getElementById('club').hidden");
    house.world.heard("민아 arrives");
}
