// Slack's own card of a call: its title, who is in, and the way in while it is on.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { opened } from "./links.js";
import { person } from "./state.js";

/** Draw a block whose call the app keeps up to date. */
export function drawCall(block) {
  const call = block.call;
  if (!call) return h("p", { class: "block-unknown" }, "Slack does not know this call.");
  return h(
    "div",
    { class: "block-call", role: "group", "aria-label": `Call: ${call.title || "untitled"}` },
    h("p", { class: "call-title" }, call.title || "Call"),
    h("p", { class: "call-state" }, stateOf(call)),
    h("div", { class: "call-people" }, call.active_participants.map(face)),
    call.has_ended ? null : h("a", { class: "button button-primary", href: opened(call.join_url), target: "_blank", rel: "noreferrer" }, "Join"),
  );
}

function stateOf(call) {
  if (call.has_ended) return `Ended, lasted ${lengthOf(call.duration)}`;
  const names = call.active_participants.map((one) => one.display_name);
  return names.length ? `In the call: ${names.join(", ")}` : "Nobody is in the call yet";
}

function lengthOf(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

function face(one) {
  return avatar(person(one.slack_id) ?? { id: one.display_name, name: one.display_name }, "avatar-small");
}
