// The left side: who one is, and where one can go.

import { avatar } from "./avatar.js";
import { byId, h, patch } from "./dom.js";
import { icon } from "./icons.js";
import { address, counterparts, people, person, state, titleOf, unread, waiting } from "./state.js";

/** Draw the people to be and the channels. */
export function drawSidebar() {
  byId("workspace-name").textContent = state.snapshot.team.name;
  drawPeople();
  const channels = state.snapshot.channels.filter((channel) => !channel.archived);
  const rooms = channels.filter((channel) => channel.kind === "public" || channel.kind === "private");
  const direct = channels.filter((channel) => !rooms.includes(channel));
  patch(byId("channels"), [groupItem("Channels", rooms), groupItem("Direct messages", direct)]);
}

function drawPeople() {
  patch(byId("people"), people().map(personItem));
  const me = person(state.snapshot.me);
  byId("people-me").replaceChildren(h("strong", {}, me.realName), h("span", {}, `@${me.name}`));
  const other = people().find((someone) => someone.id !== me.id);
  const link = byId("second-window");
  link.hidden = !other;
  if (!other) return;
  link.href = address({ handle: other.name });
  link.replaceChildren(icon("window"), `Second window as ${firstName(other)}`);
}

export function firstName(someone) {
  return (someone.realName || someone.name).split(" ")[0];
}

function personItem(someone) {
  const mine = someone.id === state.snapshot.me;
  const note = !mine && waiting(someone);
  const href = address({ handle: someone.name });
  return { key: someone.id, print: JSON.stringify([someone.name, someone.realName, mine, note, href]), draw: () => drawPerson(someone, { mine, note, href }) };
}

function drawPerson(someone, { mine, note, href }) {
  const attributes = {
    class: `person${mine ? " person-me" : ""}`,
    href,
    title: `Be ${someone.realName}`,
    "aria-current": mine ? "true" : null,
    "aria-label": `${mine ? "You are" : "Be"} ${someone.realName}${note ? ", has a new direct message" : ""}`,
    "data-testid": `person-${someone.name}`,
    "data-focus": "person",
  };
  return h("a", attributes, avatar(someone), h("span", { class: "person-name", "aria-hidden": "true" }, firstName(someone)), note && h("span", { class: "dot" }));
}

function groupItem(title, channels) {
  const facts = channels.map((channel) => [channel.id, titleOf(channel), unread(channel.id), address({ channel: channel.id })]);
  const print = JSON.stringify([facts, state.channel]);
  return { key: title, print, draw: () => drawGroup(title, channels) };
}

function drawGroup(title, channels) {
  const id = `group-${title.split(" ")[0].toLowerCase()}`;
  return h(
    "section",
    { "aria-labelledby": id },
    h("h2", { class: "side-title", id }, title),
    h("ul", { class: "channel-list" }, channels.map((channel) => h("li", {}, drawChannel(channel)))),
  );
}

function drawChannel(channel) {
  const count = channel.id === state.channel ? 0 : unread(channel.id);
  const attributes = {
    class: `channel${count ? " channel-unread" : ""}`,
    href: address({ channel: channel.id }),
    "aria-current": channel.id === state.channel ? "page" : null,
    "data-testid": `channel-${hookOf(channel)}`,
    "data-channel": channel.id,
    "data-focus": channel.id,
  };
  return h(
    "a",
    attributes,
    channelSign(channel),
    h("span", { class: "channel-name" }, titleOf(channel)),
    count > 0 && h("span", { class: "badge" }, String(count), h("span", { class: "visually-hidden" }, " unread")),
  );
}

// A direct message has no name of its own, so its hook is the handle of whom it is with.
function hookOf(channel) {
  if (channel.kind === "public" || channel.kind === "private") return channel.name;
  return counterparts(channel).map((id) => person(id)?.name ?? id).join("-");
}

/** Draw what stands before a channel's name. */
export function channelSign(channel) {
  if (channel.kind === "public") return icon("hash");
  if (channel.kind === "private") return icon("lock");
  return avatar(person(counterparts(channel)[0] ?? state.snapshot.me), "avatar-small");
}
