// The stage: four faces in the light, and what they say to all.

import { colour, draw } from "./face.js";
import { language } from "./words.js";

/** How many lines of the stage are kept. */
const LINES = 30;

/** The colours of the light sticks, before the server has told who is here. */
const COLOURS = ["#b497d6", "#f58a2e", "#2a3a7c", "#f0729f"];

export class Stage {
  #faces;
  #list;
  #none;
  #members = new Map();

  constructor(faces, list, none) {
    this.#faces = faces;
    this.#list = list;
    this.#none = none;
  }

  enter(members) {
    this.#list.replaceChildren();
    this.#none.hidden = false;
    this.#members.clear();
    this.#faces.replaceChildren();
    for (const { id, name, names, colour: hex } of members) {
      const place = stand(this.#faces, hex);
      this.#members.set(id, { names: { en: name, ...names }, hex, place });
    }
  }

  hear(moment) {
    const member = this.#members.get(moment.who);
    if (!member) return;
    if (moment.what === "feel") draw(member.place, moment.emotion, moment.intensity);
    if (moment.what === "says") this.#says(member, moment.text);
  }

  /** The same four, where nobody is signed in. */
  lineUp(place) {
    if (place.children.length > 0) return;
    const feelings = ["joy", "playful", "neutral", "shy"];
    COLOURS.forEach((hex, at) => draw(stand(place, hex), feelings[at]));
  }

  #says(member, text) {
    for (const { place } of this.#members.values()) place.classList.remove("speaks");
    member.place.classList.add("speaks");
    const name = document.createElement("b");
    name.textContent = member.names[language()] ?? member.names.en;
    const words = document.createElement("span");
    words.textContent = text;
    const line = document.createElement("li");
    line.append(name, words);
    colour(line, member.hex);
    this.#list.prepend(line);
    while (this.#list.children.length > LINES) this.#list.lastChild.remove();
    this.#none.hidden = true;
  }
}

function stand(parent, hex) {
  const place = document.createElement("span");
  place.className = "stand";
  colour(place, hex);
  draw(place, "neutral");
  parent.append(place);
  return place;
}
