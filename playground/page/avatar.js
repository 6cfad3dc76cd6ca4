// Faces: initials in a colour of one's own, and the app's mark.

import { h } from "./dom.js";

const COLOURS = 6;

function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

function colourOf(id) {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % COLOURS;
}

/** Draw somebody's picture; the name always stands beside it, so it says nothing to a screen reader. */
export function avatar(someone, size = "") {
  const kind = `avatar ${size}`;
  if (!someone) return h("span", { class: `${kind} colour-0`, "aria-hidden": "true" }, "?");
  if (someone.isBot) return h("img", { class: kind, src: "/playground/page/mark.svg", alt: "", "aria-hidden": "true" });
  const name = someone.realName || someone.name;
  return h("span", { class: `${kind} colour-${colourOf(someone.id)}`, "aria-hidden": "true" }, initials(name));
}
