// The page: takes snapshots, draws them, and sends what the person does.

import { announce } from "./announce.js";
import { listen, readSnapshot, sendCommand, sendMessage } from "./api.js";
import { complain } from "./confirm.js";
import { Composer } from "./composer.js";
import { byId, patch } from "./dom.js";
import { drawForm, startForm } from "./form.js";
import { follow, startFollowing } from "./follow.js";
import { icon } from "./icons.js";
import { drawers, startDrawers } from "./drawers.js";
import { startMenu } from "./menu.js";
import { messageItems } from "./messages.js";
import { drawPanel } from "./panel.js";
import { channelSign, drawSidebar } from "./sidebar.js";
import { app, channelOf, experienced, markRead, person, readAddress, state, take, timeline, titleOf, unread } from "./state.js";
import { closeThread, drawThread, startThread } from "./thread.js";
import { drawWelcome } from "./welcome.js";

let composer = null;

// ------------------------------------------------------------ drawing

function draw() {
  const channel = channelOf(state.channel);
  drawTitle(channel);
  drawThread(draw);
  drawWelcome((text) => composer.fill(text));
  follow(byId("scroller"), `${state.snapshot.me} ${channel.id}`, () => {
    patch(byId("messages"), messageItems(timeline(channel.id), { inThread: false, redraw: draw }));
  });
  composer.open(`${state.snapshot.me} ${channel.id}`, `Message ${plainTitle(channel)}`);
  if (document.visibilityState === "visible") markRead(channel.id, timeline(channel.id));
  drawSidebar();
  drawPanel();
  drawForm();
  announce();
  document.title = windowTitle(channel);
}

const plainTitle = (channel) => `${channel.kind === "public" || channel.kind === "private" ? "#" : ""}${titleOf(channel)}`;

function drawTitle(channel) {
  const facts = [channel.id, titleOf(channel), channel.botMember, channel.members.length];
  const item = { key: channel.id, print: JSON.stringify(facts), draw: () => channelSign(channel) };
  const words = { key: "words", print: titleOf(channel), draw: () => Object.assign(document.createElement("span"), { textContent: titleOf(channel) }) };
  patch(byId("channel-title"), [item, words]);
  const people = channel.members.filter((id) => id !== app()?.id).length;
  const absent = channel.botMember ? "" : " · the app is not a member";
  byId("channel-note").textContent = `${people} ${people === 1 ? "person" : "people"}${absent}`;
}

function windowTitle(channel) {
  const waiting = state.snapshot.channels.reduce((sum, one) => sum + unread(one.id), 0);
  const me = person(state.snapshot.me).realName;
  return `${waiting ? `(${waiting}) ` : ""}${plainTitle(channel)} · ${me} · ${state.snapshot.team.name}`;
}

// ------------------------------------------------------------ what the person does

function options() {
  return { commands: state.snapshot.commands, people: state.snapshot.people, channels: state.snapshot.channels };
}

async function send(text) {
  return text.startsWith("/") ? command(text) : message(text, null);
}

async function command(text) {
  const word = text.split(/\s/)[0];
  const known = state.snapshot.commands.map((one) => one.command);
  if (!known.includes(word)) return `${word} is not a command here. There ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}.`;
  const ack = await sendCommand({ user: state.snapshot.me, channel: state.channel, text });
  if (!ack.ok) return `${word} did not get through: ${ack.body || ack.status}`;
  experienced(true);
  draw();
  return null;
}

async function message(text, thread) {
  const ack = await sendMessage({ user: state.snapshot.me, channel: state.channel, text, thread_ts: thread });
  return ack.ok === false ? ack.body : null;
}

async function sendReply(text) {
  return text.startsWith("/") ? "Commands do not work in threads, in Slack neither. Send it in the channel." : message(text, state.thread);
}

// ------------------------------------------------------------ keeping up

let fetching = false;
let again = false;

// One snapshot at a time: a change that comes meanwhile asks for one more.
async function refresh() {
  again = true;
  if (fetching) return;
  fetching = true;
  while (again) {
    again = false;
    const handle = state.handle;
    const snapshot = await readSnapshot(handle).catch(() => null);
    if (!snapshot) showConnection(false);
    else if (handle !== state.handle) again = true;
    else show(snapshot);
  }
  fetching = false;
}

function show(snapshot) {
  take(snapshot);
  draw();
  document.body.classList.add("ready");
}

function turnTo() {
  const otherPerson = readAddress();
  drawers.close();
  if (otherPerson || !state.snapshot) refresh();
  else show(state.snapshot);
}

function showConnection(up) {
  byId("status-dot").classList.toggle("status-up", up);
  byId("status-text").textContent = up ? "All on this machine" : "Reconnecting…";
  if (up) refresh();
}

function start() {
  for (const [id, name] of [["sidebar-close", "close"], ["sidebar-open", "menu"], ["thread-close", "close"], ["panel-close", "close"]]) {
    byId(id).append(icon(name));
  }
  composer = new Composer(byId("composer"), { label: "Message", testid: "composer", options, send });
  startThread({ options: () => ({ ...options(), commands: [] }), send: sendReply });
  startFollowing(byId("scroller"), byId("messages"));
  startMenu();
  startForm();
  startDrawers(closeThread);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    composer.field.focus();
  });
  readAddress();
  addEventListener("hashchange", turnTo);
  addEventListener("storage", () => state.snapshot && draw());
  addEventListener("error", (event) => complain(`The page itself failed: ${event.message}`));
  document.addEventListener("visibilitychange", () => state.snapshot && draw());
  listen(refresh, showConnection);
  refresh();
}

start();
