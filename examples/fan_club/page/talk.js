// The talk with one member: what was said, and what is on its way.

import { colour, draw } from "./face.js";
import { language, say, sayOf } from "./words.js";

/** A number that no other window of this fan uses. */
let lastNumber = Date.now() * 1000 + Math.floor(Math.random() * 1000);

function make(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
}

export class Talk {
  feeling = "neutral";
  strength = 0;
  draft = "";
  unread = false;
  closeness = 0;
  /** By number: `{ text, mine, hers, words, note }`. */
  #open = new Map();
  #send;
  #changed;

  /** `send(frame)` is true if it was sent; `changed(talk, how)` hears of all that others show. */
  constructor(member, send, changed) {
    this.id = member.id;
    this.#send = send;
    this.#changed = changed;
    this.list = make("ol", "lines");
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "log");
    // Each word would be read aloud apart; the whole answer is told elsewhere when it is there.
    this.list.setAttribute("aria-live", "off");
    this.list.addEventListener("scroll", () => this.#changed(this, "scroll"));
    this.welcome(member, true);
  }

  /** What the server knows of the talk. What it does not know yet stays. */
  welcome(member, isNew) {
    this.names = { en: member.name, ...member.names };
    this.colour = member.colour;
    this.closeness = member.closeness;
    colour(this.list, member.colour);
    if (isNew) this.#open.clear();
    const lines = member.history.map((line) =>
      line.by === "fan" ? this.#mine(line.text) : this.#hers(line.text),
    );
    this.list.replaceChildren(...lines);
    const kept = member.history.findLast((line) => line.by === "fan")?.text.trim();
    for (const [nr, turn] of [...this.#open]) {
      if (!turn.note && turn.text.trim() === kept) this.#open.delete(nr);
      else this.#lose(nr, turn);
    }
    this.#greet();
    this.list.setAttribute("aria-label", this.name);
    this.toEnd();
  }

  /** What she is called in the language of the page. */
  get name() {
    return this.names[language()] ?? this.names.en;
  }

  get isAnswering() {
    return [...this.#open.values()].some((turn) => turn.isAnswered && !turn.note);
  }

  get isThinking() {
    return [...this.#open.values()].some((turn) => !turn.note && !turn.words);
  }

  get isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  say(text) {
    const nr = ++lastNumber;
    const mine = this.#mine(text);
    this.list.querySelector(".hello")?.remove();
    this.list.append(mine);
    const turn = { text, mine, hers: null, words: "", note: null, isAnswered: false };
    this.#open.set(nr, turn);
    if (this.#send({ type: "say", nr, to: this.id, text })) mine.classList.add("on-its-way");
    else this.#note(nr, turn, say("not_sent"));
    this.toEnd();
    this.#changed(this, "turn");
  }

  stop() {
    this.#send({ type: "stop", to: this.id });
  }

  begin(nr) {
    this.#turn(nr).isAnswered = true;
    this.#bubble(nr);
    this.#changed(this, "turn");
  }

  feel(nr, feeling, strength) {
    this.feeling = feeling;
    this.strength = strength;
    draw(this.#bubble(nr).querySelector(".small-face"), feeling, strength);
    this.#changed(this, "feeling");
  }

  hear(nr, text) {
    const bubble = this.#bubble(nr).querySelector(".bubble");
    const turn = this.#turn(nr);
    turn.isAnswered = true;
    this.#follow(() => {
      if (!turn.words) bubble.replaceChildren();
      turn.words += text;
      bubble.append(make("span", "fresh", text));
    });
    this.#changed(this, "words");
  }

  end(nr, reason, text, closeness) {
    const hers = this.#bubble(nr);
    this.#follow(() => {
      hers.querySelector(".bubble").textContent = text;
      hers.classList.remove("thinking");
      if (reason === "interrupted") hers.append(make("p", "note", say("interrupted")));
      if (!text) hers.remove();
    });
    this.#open.delete(nr);
    const rose = closeness > this.closeness + 0.05;
    this.closeness = closeness;
    this.#changed(this, rose ? "closer" : "end", text);
  }

  fail(nr) {
    const turn = this.#turn(nr);
    turn.hers?.remove();
    this.#note(nr, turn, say("failed", this.name));
  }

  /** False if the message is not of this talk. */
  refuse(nr, reason, seconds) {
    const turn = this.#open.get(nr);
    if (!turn) return false;
    this.#note(nr, turn, sayOf("refused", reason), seconds);
    return true;
  }

  /** What is on its way may never arrive. */
  lose() {
    for (const [nr, turn] of this.#open) this.#lose(nr, turn);
  }

  /** A message of another window of this fan is answered here too. */
  #turn(nr) {
    if (!this.#open.has(nr)) {
      const turn = { text: "", mine: null, hers: null, words: "", note: null, isAnswered: true };
      this.#open.set(nr, turn);
    }
    return this.#open.get(nr);
  }

  #lose(nr, turn) {
    turn.hers?.remove();
    turn.hers = null;
    turn.words = "";
    if (!turn.text) return this.#open.delete(nr);
    this.list.append(turn.mine);
    if (!turn.note) this.#note(nr, turn, say("was_lost"));
  }

  /** Her answer, with three dots until there are words. */
  #bubble(nr) {
    const turn = this.#turn(nr);
    if (turn.note) {
      turn.note.remove();
      turn.note = null;
      turn.mine?.classList.remove("refused");
    }
    turn.mine?.classList.remove("on-its-way");
    if (!turn.hers) {
      this.list.querySelector(".hello")?.remove();
      turn.hers = this.#hers("");
      turn.hers.classList.add("thinking");
      const dots = make("span", "dots", make("i"), make("i"), make("i"));
      turn.hers.querySelector(".bubble").append(dots);
      this.#follow(() => {
        if (turn.mine) turn.mine.after(turn.hers);
        else this.list.append(turn.hers);
      });
    }
    return turn.hers;
  }

  #note(nr, turn, why, seconds = 0) {
    turn.note?.remove();
    if (!turn.mine) {
      this.#open.delete(nr);
      this.#changed(this, "turn");
      return;
    }
    const again = make("button", "again");
    again.type = "button";
    turn.note = make("p", "note", make("span", "", `${why} `), again);
    turn.mine.classList.remove("on-its-way");
    turn.mine.classList.add("refused");
    countDown(again, seconds);
    again.addEventListener("click", () => {
      turn.mine.remove();
      this.#open.delete(nr);
      this.say(turn.text);
    });
    this.#follow(() => turn.mine.append(turn.note));
    this.#changed(this, "trouble", why);
  }

  #follow(change) {
    const follows = this.isAtEnd;
    change();
    if (follows) this.toEnd();
  }

  #mine(text) {
    return make("li", "line mine", make("p", "bubble", text));
  }

  #hers(text) {
    const face = make("span", "small-face");
    draw(face, text ? "neutral" : this.feeling);
    return make("li", "line hers", face, make("p", "bubble", text));
  }

  /** What stands where nothing has been said yet. */
  #greet() {
    if (this.list.children.length > 0) return;
    const face = make("span", "hello-face");
    draw(face, "joy");
    const openers = say("openers").map((text) => {
      const button = make("button", "opener", text);
      button.type = "button";
      button.addEventListener("click", () => this.#changed(this, "opener", text));
      return button;
    });
    const title = make("h3", "", say("hello", this.name));
    const rest = [make("p", "soft", say("hello_words")), make("div", "openers", ...openers)];
    this.list.append(make("li", "hello", face, title, ...rest));
  }

  /** The same in another language. */
  reword() {
    const hello = this.list.querySelector(".hello");
    if (!hello) return;
    hello.remove();
    this.#greet();
  }
}

/** A button that can be pressed when its time has come. */
function countDown(button, seconds) {
  const until = Date.now() + seconds * 1000;
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? say("retry_in", left) : say("retry");
    if (left > 0 && (button.isConnected || left === Math.ceil(seconds))) setTimeout(show, 250);
  };
  show();
}
