// The provider's side: rooms and who is in them, recordings, what goes wrong, and the webhooks sent.

import { ask } from "./api.js";
import { complain } from "./confirm.js";
import { preciseTime } from "./dates.js";
import { byId, h, patch } from "./dom.js";
import { drawTroubles } from "./faults.js";
import { nameOf, state } from "./state.js";

const SHOWN_DELIVERIES = 12;
const closed = new Set();

/** Ask something of the simulators, and say so when it is refused. */
export async function act(name, wish) {
  const ack = await ask(name, wish);
  if (ack.ok === false) complain(ack.body || "That did not work.");
  return ack;
}

/** Draw the panel from the snapshot. */
export function drawPanel() {
  const { provider, faults, slackFaults, deliveries } = state.snapshot;
  byId("panel-title").textContent = provider.label;
  const rooms = provider.rooms.length ? [...provider.rooms].reverse().map(roomItem) : [emptyItem()];
  patch(byId("panel-body"), [
    ...rooms,
    { key: "troubles", print: JSON.stringify([faults, slackFaults]), draw: () => drawTroubles(faults, slackFaults, act) },
    { key: "deliveries", print: JSON.stringify(deliveries), draw: () => drawDeliveries(deliveries) },
  ]);
}

function emptyItem() {
  const text = "No rooms yet. Start a meeting in a channel, and its room opens here.";
  return { key: "empty", print: "", draw: () => h("p", { class: "panel-empty", "data-testid": "no-rooms" }, text) };
}

function roomItem(room) {
  return { key: `room ${room.id}`, print: JSON.stringify(room), draw: () => drawRoom(room) };
}

function drawRoom(room) {
  const live = Boolean(room.session);
  const words = room.status !== "ACTIVE" ? "closed" : live ? `live · ${room.people.length} inside` : "empty";
  const title = room.title || "Untitled";
  return h(
    "section",
    { class: `room${live ? " room-live" : ""}`, "aria-label": `Room ${title}`, "data-testid": "room", "data-room": room.id },
    h("header", { class: "room-head" }, h("h3", {}, title), h("span", { class: "room-state" }, words)),
    room.people.length > 0 && h("ul", { class: "peers" }, room.people.map(drawPeer)),
    room.status === "ACTIVE" && drawDoor(room),
    room.recordings.map((recording) => drawRecording(recording)),
    room.livestreams.map((livestream) => drawLivestream(livestream)),
  );
}

function drawPeer(peer) {
  const name = peer.name || nameOf(peer.customId) || "Somebody";
  const attributes = {
    type: "button",
    class: "small-button",
    "aria-label": `Let ${name} leave`,
    "data-testid": "leave",
    "data-focus": `leave ${peer.peerId}`,
    on: { click: () => act("provider/leave", { peer_id: peer.peerId }) },
  };
  return h("li", { "data-testid": "peer" }, h("span", { class: "peer-name" }, name), h("button", attributes, "Leave"));
}

// A guest who comes by a link from elsewhere, not from this workspace.
function drawDoor(room) {
  const name = h("input", { type: "text", name: "name", placeholder: "Someone's name", maxlength: "60", "aria-label": `Who joins ${room.title}`, "data-focus": `name ${room.id}`, "data-testid": "join-name" });
  const submit = async (event) => {
    event.preventDefault();
    const wish = { room: room.id, name: name.value.trim() || "A guest" };
    name.value = "";
    await act("provider/enter", wish);
  };
  const button = h("button", { type: "submit", class: "small-button", "data-testid": "join-someone", "data-focus": `join ${room.id}` }, "Joins");
  return h("form", { class: "door", on: { submit } }, name, button);
}

const WORDS = { stop: "Stop", pause: "Pause", resume: "Resume", fail: "Break off", delete: "Delete the file" };

function drawRecording(recording) {
  const buttons = recording.actions.map((action) => {
    const attributes = {
      type: "button",
      class: "small-button",
      "data-testid": `recording-${action}`,
      "data-focus": `${action} ${recording.id}`,
      on: { click: () => act("provider/recording", { recording_id: recording.id, action }) },
    };
    return h("button", attributes, WORDS[action] ?? action);
  });
  const status = h("span", { class: `recording-status status-${recording.status.toLowerCase()}`, "data-testid": "recording-status" }, recording.status);
  return h("div", { class: "recording", "data-testid": "recording", "data-recording": recording.id }, h("span", {}, "Recording"), status, h("span", { class: "recording-buttons" }, buttons));
}

const AIR = { stop: "Stop", fail: "Break off" };

function drawLivestream(livestream) {
  const buttons = livestream.actions.map((action) => {
    const attributes = {
      type: "button",
      class: "small-button",
      "aria-label": `${AIR[action] ?? action} the livestream`,
      "data-testid": `livestream-${action}`,
      "data-focus": `${action} ${livestream.id}`,
      on: { click: () => act("provider/livestream", { livestream_id: livestream.id, action }) },
    };
    return h("button", attributes, AIR[action] ?? action);
  });
  const status = h("span", { class: `recording-status status-${livestream.status.toLowerCase()}`, "data-testid": "livestream-status" }, livestream.status);
  return h("div", { class: "recording", "data-testid": "livestream", "data-livestream": livestream.id }, h("span", {}, "Livestream"), status, h("span", { class: "recording-buttons" }, buttons));
}

function drawDeliveries(deliveries) {
  const shown = deliveries.slice(-SHOWN_DELIVERIES).reverse();
  const list = h("ol", { class: "deliveries", role: "list" }, shown.map(drawDelivery));
  const summary = h("summary", { "data-focus": "deliveries" }, "Webhooks sent", h("span", { class: "count" }, String(deliveries.length)));
  const details = h("details", { class: "fold", open: !closed.has("deliveries"), "data-testid": "deliveries" }, summary, shown.length ? list : h("p", { class: "panel-empty" }, "Nothing yet."));
  details.addEventListener("toggle", () => (details.open ? closed.delete("deliveries") : closed.add("deliveries")));
  return details;
}

function drawDelivery(delivery) {
  const fine = delivery.ok ? "fine" : "lost";
  return h(
    "li",
    { "data-testid": "delivery" },
    h("span", { class: "delivery-event" }, delivery.event),
    h("span", { class: `delivery-outcome outcome-${fine}` }, delivery.outcome),
    delivery.at && h("time", { datetime: delivery.at }, preciseTime(delivery.at)),
  );
}
