// A list of messages, of a channel or of a thread.

import { avatar } from "./avatar.js";
import { drawBody } from "./blocks.js";
import { dayOf, fullTime, momentOf, timeOf } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { address, app, dismiss, nameOf, person, replies, state, unreadReplies } from "./state.js";

const GROUP_SECONDS = 300;
const FACES = 3;

/** List a channel's or thread's messages as items to patch in; `redraw` is called when one is put away. */
export function messageItems(messages, { inThread, redraw }) {
  const day = (message) => momentOf(message.ts).toDateString();
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || day(before) !== day(message);
    const look = { inThread, redraw, continues: !newDay && continues(before, message), root: inThread && index === 0 };
    const items = [messageItem(message, look)];
    return newDay && !inThread ? [dayItem(message), ...items] : items;
  });
}

function dayItem(message) {
  const day = dayOf(message.ts);
  return { key: `day ${day}`, print: day, draw: () => h("li", { class: "day" }, h("span", {}, day)) };
}

function messageItem(message, look) {
  const print = JSON.stringify([message, look.continues, look.root, look.inThread ? null : threadFacts(message), state.snapshot.me]);
  return { key: `${message.private ? "private " : ""}${message.ts}`, print, draw: () => drawMessage(message, look) };
}

// What one person says in a row within five minutes stands under one name.
function continues(before, message) {
  const plain = (one) => !one.private && !one.broadcast && !one.blocks?.length;
  const same = before.user === message.user && plain(before) && plain(message);
  return same && Number(message.ts) - Number(before.ts) < GROUP_SECONDS && !replies(before.channel, before.ts).length;
}

function isCard(message) {
  return (message.blocks ?? []).some((block) => block.type === "header");
}

function drawMessage(message, look) {
  const author = person(message.user) ?? app();
  const kinds = { private: message.private, continues: look.continues, card: isCard(message), notice: Boolean(message.subtype), root: look.root };
  const classes = Object.keys(kinds).filter((kind) => kinds[kind]).map((kind) => `message-${kind}`);
  const attributes = {
    class: ["message", ...classes].join(" "),
    "data-ts": message.ts,
    "data-testid": message.private ? "private-message" : look.inThread ? "thread-message" : "message",
  };
  const side = look.continues ? timeMark(message, "time-quiet") : avatar(author);
  const main = h(
    "div",
    { class: "message-main" },
    message.private && privateMark(),
    !look.continues && byline(author, message),
    message.typed_command && h("p", { class: "broadcast" }, icon("slash"), `answers ${message.typed_command}`),
    message.broadcast && broadcastMark(message, look),
    h("div", { class: "body" }, drawBody(message)),
    message.private && putAway(message, look),
    !look.inThread && threadLink(message),
  );
  return h("li", attributes, h("div", { class: "message-side" }, side), main);
}

function timeMark(message, kind) {
  return h("time", { class: kind, datetime: momentOf(message.ts).toISOString(), title: fullTime(message.ts) }, timeOf(message.ts));
}

function byline(author, message) {
  return h(
    "p",
    { class: "byline" },
    h("span", { class: "author" }, author?.realName || author?.name || "Somebody"),
    author?.isBot && h("span", { class: "app-badge" }, "App"),
    timeMark(message, "time"),
  );
}

function privateMark() {
  return h("p", { class: "private-mark" }, icon("eye"), "Only visible to you");
}

function putAway(message, look) {
  const click = () => {
    dismiss(message.ts);
    look.redraw();
  };
  const attributes = { type: "button", class: "text-button", "data-testid": "dismiss", "data-focus": "dismiss", on: { click } };
  return h("button", attributes, "Dismiss message");
}

function broadcastMark(message, look) {
  if (look.inThread) return h("p", { class: "broadcast" }, icon("reply"), "Also shown in the channel");
  const root = (state.snapshot.messages[message.channel] ?? []).find((one) => one.ts === message.thread_ts);
  const title = root ? summaryOf(root) : "an earlier message";
  const href = address({ channel: message.channel, thread: message.thread_ts });
  return h("p", { class: "broadcast" }, icon("reply"), "replied to a thread: ", h("a", { href, "data-focus": "broadcast" }, title));
}

/** Name a message in a few words: its header, or the start of its text. */
export function summaryOf(message) {
  const header = (message.blocks ?? []).find((block) => block.type === "header");
  const text = header?.text.text ?? (message.text ?? "").replace(/<([@#])([^>|]+)(?:\|([^>]*))?>/g, calledBy);
  const line = text.split("\n")[0].replace(/&amp;/g, "&").replace(/&lt;/g, "<").replace(/&gt;/g, ">");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line || "a message";
}

function calledBy(_, sign, id, label) {
  return sign + (label || nameOf(id) || id);
}

function threadFacts(message) {
  const answers = replies(message.channel, message.ts);
  return [answers.length, answers.at(-1)?.ts, unreadReplies(message.channel, message.ts), state.thread === message.ts];
}

function threadLink(message) {
  const [count, last, fresh, open] = threadFacts(message);
  const root = !message.private && !message.broadcast;
  if (!root) return null;
  const href = address({ channel: message.channel, thread: message.ts });
  if (!count) return quietReply(href);
  const speakers = [...new Set(replies(message.channel, message.ts).map((reply) => reply.user))].slice(0, FACES);
  const attributes = { class: `thread-link${open ? " thread-open" : ""}`, href, "data-testid": "thread-link", "data-focus": "thread" };
  return h(
    "a",
    attributes,
    h("span", { class: "faces" }, speakers.map((speaker) => avatar(person(speaker) ?? app(), "avatar-small"))),
    h("span", { class: "thread-count" }, count === 1 ? "1 reply" : `${count} replies`),
    fresh > 0 && h("span", { class: "thread-new" }, `${fresh} new`),
    h("span", { class: "thread-last" }, `last at ${timeOf(last)}`),
  );
}

function quietReply(href) {
  return h("a", { class: "quiet-reply", href, "data-testid": "start-thread", "data-focus": "thread" }, icon("reply"), "Reply");
}
