// New messages, said to a screen reader once, as the words that Slack would send with them.

import { byId } from "./dom.js";
import { summaryOf } from "./messages.js";
import { nameOf, state, threadOf, timeline } from "./state.js";

let place = null;
let heard = new Set();

/** Say what is new in the channel and thread on the screen; a place just opened is read by the person. */
export function announce() {
  const here = `${state.snapshot.me} ${state.channel} ${state.thread}`;
  const messages = [...timeline(state.channel), ...(state.thread ? threadOf(state.channel, state.thread) : [])];
  const fresh = here === place ? messages.filter((message) => !heard.has(message.ts)) : [];
  place = here;
  heard = new Set(messages.map((message) => message.ts));
  const lines = fresh.filter((message) => message.user !== state.snapshot.me).map(lineOf);
  if (lines.length) byId("announcer").textContent = [...new Set(lines)].join(". ");
}

function lineOf(message) {
  const whispered = message.private ? ", only to you" : "";
  return `${nameOf(message.user) ?? "The app"}${whispered}: ${summaryOf(message)}`;
}
