// Small faces, drawn for a feeling, and colours that can be read.

const SVG = "http://www.w3.org/2000/svg";
const HEART = "M23 34 l-5 -5 a3.2 3.2 0 0 1 5 -4 a3.2 3.2 0 0 1 5 4 Z";

/** Left eye (the right one mirrors it, unless it is given), brow, mouth, and whether she blushes. */
const FACES = {
  neutral: { eye: "M23 27 v5", mouth: "M26 42 Q32 45 38 42" },
  joy: { eye: "M18 31 Q23 24 28 31", mouth: "M22 39 Q32 54 42 39 Z", blush: true },
  sad: { eye: "M23 29 v4", brow: "M17 25 L26 20", mouth: "M25 46 Q32 40 39 46" },
  angry: { eye: "M23 29 v4", brow: "M17 20 L27 25", mouth: "M25 45 Q32 40 39 45" },
  surprised: { eye: "M23 26 v6", brow: "M18 18 Q23 15 28 18", mouth: "M32 39 a5 6 0 1 0 .01 0 Z" },
  shy: { eye: "M18 30 h9", mouth: "M25 43 q3.5 -3 7 0 t7 0", blush: true },
  love: { eye: HEART, filled: true, mouth: "M24 40 Q32 50 40 40", blush: true },
  playful: { eye: "M23 27 v5", right: "M36 31 Q41 26 46 31", mouth: "M23 40 Q32 50 41 40 Z" },
};

function add(parent, name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
  return node;
}

/** Draws a feeling into a place. The colour is that of the place. */
export function draw(place, feeling, strength = 0.6) {
  const face = Object.hasOwn(FACES, feeling) ? FACES[feeling] : FACES.neutral;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "face");
  add(svg, "circle", { class: "skin", cx: 32, cy: 32, r: 30 });
  add(svg, "ellipse", { class: "shine", cx: 24, cy: 13, rx: 9, ry: 5, transform: "rotate(-24 24 13)" });
  if (face.blush) {
    const opacity = 0.35 + 0.5 * Math.min(1, Math.max(0, strength));
    for (const cx of [16, 48]) add(svg, "ellipse", { class: "blush", cx, cy: 38, rx: 5, ry: 3, opacity });
  }
  const eye = face.filled ? "eye filled" : "eye";
  add(svg, "path", { class: eye, d: face.eye });
  const mirror = face.right ? {} : { transform: "matrix(-1 0 0 1 64 0)" };
  add(svg, "path", { class: eye, d: face.right ?? face.eye, ...mirror });
  if (face.brow) {
    add(svg, "path", { class: "brow", d: face.brow });
    add(svg, "path", { class: "brow", d: face.brow, transform: "matrix(-1 0 0 1 64 0)" });
  }
  add(svg, "path", { class: face.mouth.endsWith("Z") ? "mouth filled" : "mouth", d: face.mouth });
  place.replaceChildren(svg);
  place.dataset.feeling = feeling;
}

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function brightness(rgb) {
  const [r, g, b] = rgb
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
const DARK = brightness(channels("#160f26"));

/** The same hue, so light that it can be read on the dark page, and no greyer than before. */
function lightened([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => value / 255);
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const range = most - least;
  let light = (most + least) / 2;
  const saturation = range === 0 ? 0 : Math.max(0.55, range / (1 - Math.abs(2 * light - 1)));
  let hue = 0;
  if (range > 0 && most === r) hue = ((g - b) / range + 6) % 6;
  else if (range > 0 && most === g) hue = (b - r) / range + 2;
  else if (range > 0) hue = (r - g) / range + 4;
  const channel = (at) => {
    const turn = (at + hue * 2) % 12;
    const spread = saturation * Math.min(light, 1 - light);
    return Math.round(255 * (light - spread * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))));
  };
  let rgb = [red, green, blue];
  while (contrast(brightness(rgb), DARK) < 5.5 && light < 1) {
    light += 0.02;
    rgb = [channel(0), channel(8), channel(4)];
  }
  return rgb;
}

/** Gives a place the colour of a member. */
export function colour(place, hex) {
  const rgb = lightened(channels(/^#[0-9a-f]{6}$/i.test(hex) ? hex : "#b497d6"));
  place.style.setProperty("--light", `rgb(${rgb.join(" ")})`);
}
