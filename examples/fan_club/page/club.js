// The page of the fan club: brings sign-in, talks, stage and memory together.

import { colour, draw } from "./face.js";
import { Link, ask } from "./link.js";
import { Stage } from "./stage.js";
import { Talk } from "./talk.js";
import { knows, language, say, sayOf, speakAs } from "./words.js";

const $ = (id) => document.getElementById(id);

const KEY = "fan_club.key";
const TONGUE = "fan_club.language";

/** What the browser keeps for the fan; some keep nothing. */
const kept = {
  get(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // Then the fan signs in again next time.
    }
  },
};

let talks = [];
let current = null;
let maxChars = 500;
let online = 0;
let forgetsMe = false;
let connection = { kind: "connecting" };

const stage = new Stage($("stage-faces"), $("moments"), $("moments-none"));
const link = new Link({ frame: hear, state: showConnection, stranger: signedOut });

// --- What the server says -----------------------------------------------------------------------

function hear(frame) {
  const talk = talks.find((talk) => talk.id === frame.from);
  switch (frame.type) {
    case "welcome":
      return welcome(frame);
    case "begin":
      return talk?.begin(frame.nr);
    case "feel":
      return talk?.feel(frame.nr, frame.emotion, frame.intensity);
    case "words":
      return talk?.hear(frame.nr, frame.text);
    case "end":
      return talk?.end(frame.nr, frame.reason, frame.text, frame.closeness);
    case "failed":
      return talk?.fail(frame.nr);
    case "refused":
      return refused(frame);
    case "remembered":
      return showFacts(frame.facts);
    case "stage":
      if (frame.what === "online") return showOnline(frame.fans);
      return stage.hear(frame);
  }
}

function welcome(frame) {
  maxChars = frame.max_chars;
  $("fan").textContent = frame.fan;
  showOnline(frame.online);
  const known = talks.map((talk) => talk.id).join() === frame.members.map((one) => one.id).join();
  if (known) {
    frame.members.forEach((member, at) => talks[at].welcome(member, forgetsMe));
  } else {
    talks = frame.members.map((member) => new Talk(member, (said) => link.send(said), changed));
    $("lists").replaceChildren(...talks.map((talk) => talk.list));
    $("members").replaceChildren(...talks.map(tab));
    stage.enter(frame.members);
    current = null;
  }
  if (forgetsMe) {
    forgetsMe = false;
    $("memory").close();
    tell(say("forgotten"));
  }
  show("club");
  choose(talks.find((talk) => talk === current) ?? talks[0]);
}

function refused(frame) {
  const isKnown = talks.some((talk) => talk.refuse(frame.nr, frame.reason, frame.retry_after));
  if (isKnown) return;
  if ($("memory").open) memoryTrouble(sayOf("refused", frame.reason));
  else tell(sayOf("refused", frame.reason));
}

function showOnline(fans) {
  online = fans;
  $("online").textContent = say("online", fans);
}

// --- Who the fan talks with ---------------------------------------------------------------------

function tab(talk) {
  const button = document.createElement("button");
  button.type = "button";
  button.id = `tab-${talk.id}`;
  button.className = "member";
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", "talk");
  for (const name of ["ring", "member-name", "member-feeling", "dot"]) {
    const part = document.createElement("span");
    part.className = name;
    button.append(part);
  }
  colour(button, talk.colour);
  button.addEventListener("click", () => {
    choose(talk);
    if (matchMedia("(hover: hover)").matches) $("words").focus();
  });
  return button;
}

function choose(talk) {
  if (current) current.draft = $("words").value;
  if (current !== talk) $("words").value = talk.draft;
  current = talk;
  talk.unread = false;
  for (const other of talks) other.list.hidden = other !== talk;
  colour($("talk"), talk.colour);
  talks.forEach(showTab);
  showTalk();
  talk.toEnd();
}

function showTab(talk) {
  const button = $(`tab-${talk.id}`);
  const [ring, name, feeling, dot] = button.children;
  const closeness = Math.round(talk.closeness);
  draw(ring, talk.feeling, talk.strength);
  ring.style.setProperty("--closeness", closeness);
  name.textContent = talk.name;
  feeling.textContent = say("closeness", closeness);
  dot.hidden = !talk.unread;
  const isChosen = talk === current;
  button.setAttribute("aria-selected", isChosen);
  button.tabIndex = isChosen ? 0 : -1;
  const news = talk.unread ? `, ${say("unread")}` : "";
  button.setAttribute("aria-label", `${talk.name}, ${say("closeness", closeness)}${news}`);
}

function showTalk() {
  draw($("now-face"), current.feeling, current.strength);
  $("now-name").textContent = current.name;
  $("now-feeling").textContent = current.isThinking
    ? say("writing", current.name)
    : sayOf("feelings", current.feeling);
  $("now-feeling").dataset.feeling = current.feeling;
  const closeness = Math.round(current.closeness);
  $("close-words").textContent = say("closeness", closeness);
  $("talk").style.setProperty("--closeness", closeness);
  $("talk").setAttribute("aria-labelledby", `tab-${current.id}`);
  $("words-label").textContent = say("write_to", current.name);
  $("words").placeholder = say("write_to", current.name);
  $("stop").hidden = !current.isAnswering;
  showComposer();
}

function changed(talk, how, text) {
  if (how === "scroll") {
    if (talk === current) $("to-end").hidden = talk.isAtEnd;
    return;
  }
  if (how === "opener") {
    $("words").value = text;
    $("words").focus();
    return showComposer();
  }
  if (!current) return;
  if (how === "end" || how === "closer") {
    tell(`${talk.name}: ${text}`);
    if (talk !== current) talk.unread = true;
  }
  if (how === "trouble") tell(text);
  if (how !== "words") showTab(talk);
  if (talk !== current) return;
  if (how === "closer") glow();
  showTalk();
  $("to-end").hidden = talk.isAtEnd;
}

function glow() {
  $("talk").classList.remove("closer");
  requestAnimationFrame(() => $("talk").classList.add("closer"));
}

$("members").addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const at = (talks.indexOf(current) + step + talks.length) % talks.length;
  choose(talks[at]);
  $(`tab-${current.id}`).focus();
});

$("to-end").addEventListener("click", () => current?.toEnd());

// --- What the fan writes ------------------------------------------------------------------------

/** The server counts characters as Unicode does, and not as JavaScript. */
const length = (text) => [...text].length;

function showComposer() {
  const words = $("words");
  const left = maxChars - length(words.value.trim());
  words.style.height = "auto";
  const border = words.offsetHeight - words.clientHeight;
  words.style.height = `${Math.min(words.scrollHeight + border, 140)}px`;
  words.style.overflowY = words.scrollHeight > 140 ? "auto" : "hidden";
  $("count").hidden = left > maxChars / 5;
  $("count").textContent = left < 0 ? say("too_long_by", -left) : say("left", left);
  $("count").classList.toggle("over", left < 0);
  const isEmpty = words.value.trim() === "";
  $("send").disabled = isEmpty || left < 0 || connection.kind !== "open" || isBusy();
}

const isBusy = () => current !== null && (current.isAnswering || current.isThinking);

function sendWords() {
  const text = $("words").value.trim();
  showComposer();
  if ($("send").disabled) return;
  $("words").value = "";
  current.draft = "";
  current.say(text);
}

$("words").addEventListener("input", showComposer);
$("words").addEventListener("keydown", (event) => {
  // Enter ends the syllable that is being composed; some browsers tell so by the code 229 only.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendWords();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendWords();
  $("words").focus();
});
$("stop").addEventListener("click", () => current?.stop());

// --- The connection -----------------------------------------------------------------------------

let ticking = null;

function showConnection(kind, reason, until) {
  if (connection.kind === "open" && kind !== "open") talks.forEach((talk) => talk.lose());
  connection = { kind, reason, until };
  clearInterval(ticking);
  if (kind === "waiting") ticking = setInterval(showBanner, 500);
  showBanner();
  if (kind !== "open" && talks.length === 0) show("gate");
  if (current) showComposer();
}

function showBanner() {
  const { kind, reason, until } = connection;
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  const words = kind === "waiting" ? say(reason && knows(reason) ? reason : "lost", seconds) : say(kind);
  const isOpen = kind === "open";
  $("banner").hidden = isOpen;
  $("club").classList.toggle("is-away", !isOpen);
  if (!isOpen && $("banner-words").textContent !== words) $("banner-words").textContent = words;
  $("banner-retry").hidden = kind !== "waiting" || reason === "flooding";
  if (!$("gate").hidden) gateTrouble(isOpen ? "" : words);
}

$("banner-retry").addEventListener("click", () => link.tryNow());

// --- Coming and leaving -------------------------------------------------------------------------

function show(which) {
  $("gate").hidden = which !== "gate";
  $("club").hidden = which !== "club";
  if (which === "gate") stage.lineUp($("gate-faces"));
}

function gateTrouble(words) {
  $("gate-trouble").hidden = !words;
  $("gate-trouble").textContent = words;
}

function signIn(token) {
  gateTrouble("");
  kept.set(KEY, token);
  link.start(token);
}

function signedOut(reason) {
  link.stop();
  kept.set(KEY, null);
  clearInterval(ticking);
  talks = [];
  current = null;
  $("words").value = "";
  if ($("memory").open) $("memory").close();
  $("facts").replaceChildren();
  show("gate");
  gateTrouble(reason ? say(reason) : "");
  $("token").focus();
}

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = $("token").value.trim();
  $("token").value = "";
  if (token) signIn(token);
  else $("token").focus();
});

$("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("name").value.trim();
  if (!name) return $("name").focus();
  const { status, body } = await ask("/api/join", null, { name });
  if (status === 201) {
    gateTrouble("");
    for (const id of ["sign-in", "join"]) $(id).hidden = true;
    $("key").hidden = false;
    $("key-token").textContent = body.token;
    return $("key-copy").focus();
  }
  if (body.error === "too_often") return gateTrouble(say("wait", body.retry_after));
  gateTrouble(say(knows(body.error) ? body.error : "no_server", 5));
});

$("key-copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("key-token").textContent);
    $("key-copy").textContent = say("copied");
  } catch {
    // Browsers copy for pages of https only: then the fan copies what is marked.
    getSelection().selectAllChildren($("key-token"));
  }
});

$("key-enter").addEventListener("click", () => {
  const token = $("key-token").textContent;
  $("key-token").textContent = "";
  $("key").hidden = true;
  for (const id of ["sign-in", "join"]) $(id).hidden = false;
  signIn(token);
});

$("sign-out").addEventListener("click", () => signedOut(""));

// --- What they know of the fan ------------------------------------------------------------------

function memoryTrouble(words) {
  $("memory-trouble").hidden = !words;
  $("memory-trouble").textContent = words;
  for (const button of $("facts").querySelectorAll("button")) button.disabled = false;
}

/** Asks for something about what they know; says so if it cannot be asked. */
function askMemory(frame) {
  const isSent = link.send(frame);
  memoryTrouble(isSent ? "" : say("not_sent"));
  return isSent;
}

function showFacts(facts) {
  memoryTrouble("");
  const rows = facts.map(({ fact, text }) => {
    const words = document.createElement("span");
    words.textContent = text;
    const forget = document.createElement("button");
    forget.type = "button";
    forget.textContent = say("forget");
    forget.setAttribute("aria-label", say("forget_this", text));
    forget.addEventListener("click", () => {
      forget.disabled = askMemory({ type: "forget", fact });
    });
    const row = document.createElement("li");
    row.append(words, forget);
    return row;
  });
  $("facts").replaceChildren(...rows);
  $("facts-none").hidden = facts.length > 0;
}

function askForget(isSure) {
  $("forget-me").hidden = isSure;
  $("forget-sure").hidden = !isSure;
}

$("open-memory").addEventListener("click", () => {
  askForget(false);
  $("memory").showModal();
  askMemory({ type: "recall" });
});
$("memory-close").addEventListener("click", () => $("memory").close());
$("memory").addEventListener("click", (event) => {
  if (event.target === $("memory")) $("memory").close();
});
$("forget-me").addEventListener("click", () => askForget(true));
$("forget-no").addEventListener("click", () => askForget(false));
$("forget-yes").addEventListener("click", () => {
  forgetsMe = askMemory({ type: "forget_me" });
});

// --- The language -------------------------------------------------------------------------------

function setLanguage(tongue) {
  speakAs(tongue);
  showOnline(online);
  talks.forEach((talk) => {
    talk.reword();
    showTab(talk);
  });
  if (current) showTalk();
  showBanner();
}

for (const button of document.querySelectorAll(".tongue")) {
  button.addEventListener("click", () => {
    const other = language() === "ko" ? "en" : "ko";
    kept.set(TONGUE, other);
    setLanguage(other);
  });
}

/** For those who do not see the page. */
function tell(words) {
  $("told").textContent = words;
}

setLanguage(kept.get(TONGUE) ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en"));
$("join").hidden = document.body.dataset.open !== "true";
if (kept.get(KEY)) link.start(kept.get(KEY));
else signedOut("");
