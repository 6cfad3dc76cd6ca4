// The questions of a form: each with its label, its hint, its mistake, and what one answers it with.

import { byId, h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { app, state, titleOf } from "./state.js";

const idOf = (block, part) => `form-${part}-${block.block_id}`;

/** Draw a question. */
export function drawQuestion(block) {
  const { draw, group } = KINDS[block.element.type] ?? UNKNOWN;
  const label = [withEmoji(block.label.text), block.optional && h("span", { class: "field-optional" }, " (optional)")];
  const title = group ? h("legend", {}, label) : h("label", { for: idOf(block, "field") }, label);
  const below = [
    block.hint && h("p", { class: "field-hint", id: idOf(block, "hint") }, withEmoji(block.hint.text)),
    h("p", { class: "field-mistake", id: idOf(block, "mistake"), role: "alert", "data-testid": `mistake-${block.block_id}` }),
  ];
  const attributes = { class: "field", "data-question": block.block_id, "data-testid": `question-${block.block_id}` };
  return h(group ? "fieldset" : "div", attributes, title, draw(block), below);
}

// What a screen reader says of a field beside its label: the hint, and the mistake once there is one.
function described(block) {
  return [block.hint && idOf(block, "hint"), idOf(block, "mistake")].filter(Boolean).join(" ");
}

function field(tag, block, more, ...children) {
  const required = block.optional ? null : "true";
  const attributes = { id: idOf(block, "field"), class: "field-box", "aria-describedby": described(block), "aria-required": required, ...more };
  return h(tag, attributes, ...children);
}

/** Show what is to be mended at a question, or nothing. */
export function showMistake(block, words) {
  byId(idOf(block, "mistake")).textContent = words ?? "";
  for (const node of fields(block)) {
    if (words) node.setAttribute("aria-invalid", "true");
    else node.removeAttribute("aria-invalid");
  }
}

const fields = (block) => document.querySelectorAll(`[data-question="${CSS.escape(block.block_id)}"] :is(input, textarea, select)`);
const ticked = (block) => [...fields(block)].filter((node) => node.checked).map((node) => node.value);
const tick = (block, values) => fields(block).forEach((node) => (node.checked = values.includes(node.value)));
const single = (block) => byId(idOf(block, "field"));

/** Read what stands in a question. */
export const readAnswer = (block) => (KINDS[block.element.type] ?? UNKNOWN).read(block);

/** Put an answer into a question. */
export const writeAnswer = (block, answer) => (KINDS[block.element.type] ?? UNKNOWN).write(block, answer);

// ------------------------------------------------------------ kinds

function drawText(block) {
  const { element } = block;
  const more = { placeholder: element.placeholder?.text, autocomplete: "off" };
  const node = element.multiline ? field("textarea", block, { ...more, rows: "4" }) : field("input", block, { ...more, type: "text" });
  node.value = element.initial_value ?? "";
  return node;
}

function drawNumber(block) {
  const { element } = block;
  const mode = element.is_decimal_allowed ? "decimal" : "numeric";
  const node = field("input", block, { type: "text", inputmode: mode, autocomplete: "off", placeholder: element.placeholder?.text });
  node.value = element.initial_value ?? "";
  node.classList.add("field-number");
  return node;
}

function drawMenu(block, options, initial) {
  const placeholder = block.element.placeholder?.text ?? "Choose an option";
  const none = h("option", { value: "", disabled: !block.optional }, placeholder);
  const node = field("select", block, {}, none, options);
  node.value = initial ?? "";
  return node;
}

const optionOf = (option) => h("option", { value: option.value }, option.text.text);

function drawSelect(block) {
  const { element } = block;
  const groups = (element.option_groups ?? []).map((group) => h("optgroup", { label: group.label.text }, group.options.map(optionOf)));
  return drawMenu(block, [...(element.options ?? []).map(optionOf), ...groups], element.initial_option?.value);
}

const people = () => state.snapshot.people.filter((someone) => someone.id !== app()?.id);

function drawPerson(block) {
  const options = people().map((someone) => h("option", { value: someone.id }, someone.realName));
  return drawMenu(block, options, block.element.initial_user);
}

function drawChannel(block) {
  const options = state.snapshot.channels.map((channel) => h("option", { value: channel.id }, titleOf(channel)));
  return drawMenu(block, options, block.element.initial_conversation);
}

function drawTicks(block, type, options) {
  return h("div", { class: "ticks" }, options.map((option, index) => drawTick(block, type, option, index)));
}

function drawTick(block, type, { value, label, explained, on }, index) {
  const id = `${idOf(block, "field")}-${index}`;
  const node = h("input", { type, id, name: idOf(block, "field"), value, "aria-describedby": described(block) });
  node.checked = on;
  return h("label", { class: "tick", for: id }, node, h("span", {}, withEmoji(label), explained && h("span", { class: "field-hint tick-note" }, withEmoji(explained))));
}

function options(block) {
  const { element } = block;
  const first = [element.initial_option, ...(element.initial_options ?? [])].map((option) => option?.value);
  return element.options.map((option) => ({
    value: option.value,
    label: option.text.text,
    explained: option.description?.text,
    on: first.includes(option.value),
  }));
}

function drawPeople(block) {
  const first = block.element.initial_users ?? [];
  const each = people().map((someone) => ({ value: someone.id, label: someone.realName, on: first.includes(someone.id) }));
  return drawTicks(block, "checkbox", each);
}

const one = { read: (block) => single(block).value || null, write: (block, answer) => (single(block).value = answer ?? "") };
const several = { group: true, read: ticked, write: (block, answer) => tick(block, answer ?? []) };

const KINDS = {
  plain_text_input: { ...one, draw: drawText },
  number_input: { ...one, draw: drawNumber },
  static_select: { ...one, draw: drawSelect },
  users_select: { ...one, draw: drawPerson },
  conversations_select: { ...one, draw: drawChannel },
  checkboxes: { ...several, draw: (block) => drawTicks(block, "checkbox", options(block)) },
  multi_users_select: { ...several, draw: drawPeople },
  radio_buttons: {
    group: true,
    draw: (block) => drawTicks(block, "radio", options(block)),
    read: (block) => ticked(block)[0] ?? null,
    write: (block, answer) => tick(block, [answer]),
  },
};

const UNKNOWN = {
  draw: (block) => h("p", { class: "block-unknown" }, `The playground does not draw a “${block.element.type}”.`),
  read: () => null,
  write: () => null,
};
