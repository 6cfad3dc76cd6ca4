// The first minute: what this place is, and what to try.

import { byId, h, patch } from "./dom.js";
import { channelSign, firstName } from "./sidebar.js";
import { address, app, channelOf, experienced, people, state, titleOf } from "./state.js";

/** Draw the top of a channel, and the hint above the box until the first command was sent. */
export function drawWelcome(fill) {
  const channel = channelOf(state.channel);
  const example = exampleFor(channel);
  const print = JSON.stringify([channel, state.snapshot.me, example]);
  patch(byId("intro"), [{ key: channel.id, print, draw: () => drawIntro(channel) }]);
  const hinted = example && !experienced();
  patch(byId("hint"), hinted ? [{ key: "hint", print: example, draw: () => drawHint(example, fill) }] : []);
}

function exampleFor(channel) {
  const meet = state.snapshot.commands[0]?.command;
  const other = people().find((someone) => someone.id !== state.snapshot.me && channel.members.includes(someone.id));
  return meet ? `${meet} Weekly sync${other ? ` @${other.name}` : ""}` : null;
}

function drawHint(example, fill) {
  const attributes = { type: "button", class: "hint", "data-testid": "hint", on: { click: () => fill(example) } };
  return h("button", attributes, "Try ", h("code", {}, example));
}

function drawIntro(channel) {
  return h("section", { class: "intro-box" }, h("div", { class: "intro-sign" }, channelSign(channel)), h("h2", {}, titleOf(channel)), h("p", {}, about(channel)), steps(channel));
}

function about(channel) {
  if (channel.kind === "im" || channel.kind === "mpim") return aboutDirect(channel);
  const where = channel.kind === "private" ? "A private channel." : "A channel for everyone.";
  return `${where} ${channel.botMember ? "The app is in here." : "The app has not been invited, and its commands work all the same. To let it in: /invite @${app().name}"}`;
}

function aboutDirect(channel) {
  if (!channel.botMember) return "Just the two of you. The app is not in here, and its commands work all the same.";
  return "What the app has to say to you alone: invitations, and what it could not say elsewhere.";
}

// Shown where a stranger lands, and nowhere else.
function steps(channel) {
  if (channel.name !== "general" || !state.snapshot.commands.length) return null;
  const other = people().find((someone) => someone.id !== state.snapshot.me);
  const link = other && h("a", { href: address({ handle: other.name }), target: "_blank", rel: "noreferrer" }, `a second window as ${firstName(other)}`);
  return h(
    "ol",
    { class: "steps" },
    h("li", {}, "Start a meeting: send ", h("code", {}, exampleFor(channel)), "."),
    h("li", {}, "Press ", h("strong", {}, "Join"), " on its card. It opens the room, and you are in it as yourself."),
    other && h("li", {}, "Open ", link, ", join too, and start a recording. Then break something on the provider’s side and see what the thread says."),
  );
}

