//! A browser without a window, and a fan before it.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use headless_chrome::{
    Browser, LaunchOptions, Tab,
    browser::default_executable,
    protocol::cdp::{
        Emulation::SetDeviceMetricsOverride, Input::ImeSetComposition,
        Page::CaptureScreenshotFormatOption::Png,
    },
};

/// Nothing in a test takes longer.
const LONG: Duration = Duration::from_secs(120);

/// Browsers are heavy: one at a time.
static ONE: Mutex<()> = Mutex::new(());

/// A page, and the browser that shows it.
pub struct Page {
    tab: Arc<Tab>,
    _browser: Browser,
    _one: MutexGuard<'static, ()>,
}

impl Page {
    /// Opens an address, for a fan who reads this language.
    pub fn open(url: &str, language: &str) -> Self {
        let options = LaunchOptions {
            path: Some(default_executable().expect(
                "no Chromium; install the package `chromium`, or name the program in `CHROME`",
            )),
            // Nothing but the page of this repository is opened, and containers have no sandbox.
            sandbox: false,
            window_size: Some((1000, 700)),
            idle_browser_timeout: LONG,
            ..LaunchOptions::default()
        };
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = Browser::new(options).expect("a browser");
        let tab = new_tab(&browser);
        tab.set_default_timeout(LONG);
        let page = Self { tab, _browser: browser, _one: one };
        page.desktop();
        let name = page.value("navigator.userAgent");
        let name = name.as_str().expect("a name");
        page.tab.set_user_agent(name, Some(language), None).expect("a language");
        page.tab.navigate_to(url).expect("a page");
        page.until("document.getElementById('gate')?.checkVisibility() === true");
        page
    }

    /// A window on a desk.
    pub fn desktop(&self) {
        self.size(1000, 700, 1.0, false);
    }

    /// A phone in a hand.
    pub fn phone(&self) {
        self.size(390, 780, 2.0, true);
    }

    fn size(&self, width: u32, height: u32, scale: f64, mobile: bool) {
        self.tab
            .call_method(SetDeviceMetricsOverride {
                width,
                height,
                device_scale_factor: scale,
                mobile,
                scale: None,
                screen_width: None,
                screen_height: None,
                position_x: None,
                position_y: None,
                dont_set_visible_size: None,
                screen_orientation: None,
                viewport: None,
                display_feature: None,
                device_posture: None,
            })
            .expect("a size");
    }

    /// Signs in by the form.
    pub fn sign_in(&self, token: &str) {
        self.until("!document.getElementById('gate').hidden");
        self.click("#token");
        self.insert(token);
        self.press("Enter");
    }

    /// Signs in, and waits until the talk is there.
    pub fn come_in(&self, token: &str) {
        self.sign_in(token);
        self.until(
            "!document.getElementById('club').hidden && document.getElementById('banner').hidden",
        );
    }

    /// Says something, by the keyboard.
    pub fn say(&self, text: &str) {
        self.click("#words");
        self.tab.type_str(text).expect("keys");
        self.press("Enter");
    }

    /// Puts text in where the cursor is, as pasting does.
    pub fn insert(&self, text: &str) {
        self.tab.send_character(text).expect("text");
    }

    /// A syllable that is not yet done.
    pub fn compose(&self, text: &str) {
        let end = text.encode_utf16().count() as u32;
        self.tab
            .call_method(ImeSetComposition {
                text: text.into(),
                selection_start: end,
                selection_end: end,
                replacement_start: None,
                replacement_end: None,
            })
            .expect("a composition");
    }

    /// Presses a key.
    pub fn press(&self, key: &str) {
        self.tab.press_key(key).expect("a key");
    }

    /// Clicks on what a selector finds.
    pub fn click(&self, selector: &str) {
        let element = self.tab.wait_for_element(selector).expect("something to click on");
        element.click().expect("a click");
    }

    /// What a script on the page gives.
    pub fn value(&self, script: &str) -> serde_json::Value {
        let result = self.tab.evaluate(script, false);
        result.unwrap_or_else(|error| panic!("{script}: {error}")).value.unwrap_or_default()
    }

    /// The text of what a selector finds.
    pub fn text(&self, selector: &str) -> String {
        let script = format!("document.querySelector({selector:?})?.textContent ?? ''");
        self.value(&script).as_str().expect("a text").to_owned()
    }

    /// Waits until something is true.
    pub fn until(&self, script: &str) {
        let since = Instant::now();
        // While another page is loaded, there is nothing to ask.
        let is_true =
            || self.tab.evaluate(script, false).is_ok_and(|it| it.value == Some(true.into()));
        while !is_true() {
            if since.elapsed() > LONG {
                self.picture("failed");
                panic!("never true: {script}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until what a selector finds has this text in it.
    pub fn sees(&self, selector: &str, text: &str) {
        self.until(&format!(
            "[...document.querySelectorAll({selector:?})].some((node) => \
             node.checkVisibility() && node.textContent.includes({text:?}))"
        ));
    }

    /// Takes a picture, once nothing moves any more.
    pub fn picture(&self, name: &str) {
        let still = "document.getAnimations().every((one) => one.playState !== 'running' || \
                     one.effect.getComputedTiming().iterations === Infinity)";
        let since = Instant::now();
        while self.value(still) != true && since.elapsed() < LONG {
            std::thread::sleep(Duration::from_millis(20));
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("fan_club");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let png = self.tab.capture_screenshot(Png, None, None, true).expect("a picture");
        fs::write(folder.join(name).with_extension("png"), png).expect("room for a picture");
    }
}

/// A tab, of a browser that takes its time to start on a machine that is busy.
fn new_tab(browser: &Browser) -> Arc<Tab> {
    let since = Instant::now();
    loop {
        match browser.new_tab() {
            Ok(tab) => return tab,
            Err(error) => assert!(since.elapsed() < LONG, "no tab: {error}"),
        }
    }
}
