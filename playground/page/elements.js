// The things in a message that can be pressed, and what pressing does.

import { sendClick } from "./api.js";
import { ask, complain } from "./confirm.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { opened } from "./links.js";
import { openMenu } from "./menu.js";
import { names, state } from "./state.js";

const busy = new Set();
const failed = new Set();
const FAILURE_SHOWN_MS = 6000;

const keyOf = (message, element) => [state.snapshot.me, message.channel, message.ts, element.action_id].join("/");

/** Draw an interactive element of a message, null for a kind that the playground does not know. */
export function drawElement(element, block, message) {
  const draw = { button: drawButton, overflow: drawOverflow, static_select: drawSelect }[element.type];
  return draw ? draw(element, { message, block, key: keyOf(message, element) }) : null;
}

function hooks(element, place) {
  return {
    "data-action-id": element.action_id,
    "data-value": element.value,
    "data-press": place.key,
    "data-focus": element.action_id,
    "data-failed": failed.has(place.key),
    "aria-busy": busy.has(place.key) ? "true" : null,
    "aria-label": element.accessibility_label,
  };
}

function drawButton(element, place) {
  const style = { primary: "button-primary", danger: "button-danger" }[element.style] ?? "";
  const shared = { ...hooks(element, place), class: `button ${style}` };
  const words = [h("span", { class: "button-text" }, withEmoji(element.text.text)), h("span", { class: "spinner", "aria-hidden": "true" })];
  const press = () => pressButton(element, place);
  if (!element.url) return h("button", { type: "button", ...shared, on: { click: press } }, words);
  return drawLink(element, { ...shared, press, words });
}

// A link button opens its address and tells the app, as in Slack; a question first opens it after the answer.
function drawLink(element, { press, words, ...attributes }) {
  const click = (event) => {
    if (element.confirm) event.preventDefault();
    press();
  };
  return h("a", { ...attributes, href: opened(element.url), target: "_blank", rel: "noreferrer", on: { click } }, words);
}

async function pressButton(element, place) {
  if (busy.has(place.key)) return;
  if (element.confirm) {
    if (!(await ask(element.confirm, names()))) return;
    if (element.url) window.open(opened(element.url), "_blank", "noreferrer");
  }
  await tell(element, place, { value: element.value ?? null });
}

async function tell(element, place, what) {
  setBusy(place.key, true);
  const click = { user: state.snapshot.me, channel: place.message.channel, ts: place.message.ts };
  const ack = await sendClick({ ...click, block_id: place.block.block_id ?? null, action_id: element.action_id, ...what });
  setBusy(place.key, false);
  if (!ack.ok) showFailure(place.key, ack);
}

function showFailure(key, ack) {
  setMark(key, failed, "data-failed", true);
  setTimeout(() => setMark(key, failed, "data-failed", false), FAILURE_SHOWN_MS);
  complain(ack.status ? `The app did not take the click (${ack.status} ${ack.body || "no words"}).` : ack.body);
}

const setBusy = (key, on) => setMark(key, busy, "aria-busy", on);

// The message may have been drawn anew meanwhile, so the elements are looked up by their key.
function setMark(key, set, attribute, on) {
  if (on) set.add(key);
  else set.delete(key);
  for (const node of document.querySelectorAll(`[data-press="${CSS.escape(key)}"]`)) {
    if (on) node.setAttribute(attribute, "true");
    else node.removeAttribute(attribute);
  }
}

function drawOverflow(element, place) {
  const choose = async (option) => {
    if (busy.has(place.key) || (element.confirm && !(await ask(element.confirm, names())))) return;
    await tell(element, place, { selected: option.value });
  };
  const choices = element.options.map((option) => ({
    label: withEmoji(option.text.text),
    description: option.description?.text,
    value: option.value,
    href: element.confirm ? null : option.url,
    choose: () => choose(option),
  }));
  const attributes = {
    ...hooks(element, place),
    type: "button",
    class: "button button-more",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-label": element.accessibility_label ?? "More actions",
    on: { click: (event) => openMenu(event.currentTarget, choices) },
  };
  return h("button", attributes, icon("more"), h("span", { class: "spinner", "aria-hidden": "true" }));
}

function drawSelect(element, place) {
  const optionOf = (option) => h("option", { value: option.value }, withEmoji(option.text.text));
  const groups = (element.option_groups ?? []).map((group) => h("optgroup", { label: group.label.text }, group.options.map(optionOf)));
  const placeholder = element.placeholder?.text ?? "Choose";
  const select = h(
    "select",
    { ...hooks(element, place), class: "select", "aria-label": element.accessibility_label ?? placeholder },
    h("option", { value: "", disabled: true }, placeholder),
    (element.options ?? []).map(optionOf),
    groups,
  );
  const initial = element.initial_option?.value ?? "";
  select.value = initial;
  select.addEventListener("change", async () => {
    const selected = select.value;
    if (element.confirm && !(await ask(element.confirm, names()))) select.value = initial;
    else await tell(element, place, { selected });
  });
  return select;
}
