// Block Kit as it is drawn inside a message.

import { drawCall } from "./call.js";
import { h } from "./dom.js";
import { drawElement } from "./elements.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { names } from "./state.js";

/** Draw what a message says: its blocks, or its text where it has none. */
export function drawBody(message) {
  const blocks = message.blocks ?? [];
  if (!blocks.length) return [h("p", { class: "text" }, mrkdwn(message.text ?? "", names()))];
  return blocks.map((block) => drawBlock(block, message));
}

/** Draw one block, of a message or of a form. */
export function drawBlock(block, message) {
  const draw = DRAW[block.type] ?? drawUnknown;
  const node = draw(block, message);
  node.dataset.block = block.type;
  return node;
}

/** Draw a text object. */
export function drawText(text) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, names()) : [withEmoji(text.text)];
}

const DRAW = {
  header: (block) => h("h3", { class: "block-header" }, drawText(block.text)),
  divider: () => h("hr", { class: "block-divider" }),
  image: drawImage,
  section: drawSection,
  context: drawContext,
  actions: drawActions,
  call: drawCall,
};

function drawSection(block, message) {
  return h(
    "div",
    { class: "block-section" },
    h("div", { class: "section-words" }, block.text && h("p", { class: "text" }, drawText(block.text)), block.fields && drawFields(block.fields)),
    block.accessory && h("div", { class: "accessory" }, drawAccessory(block, message)),
  );
}

function drawFields(fields) {
  return h("div", { class: "fields" }, fields.map((field) => h("p", { class: "text" }, drawText(field))));
}

function drawAccessory(block, message) {
  if (block.accessory.type !== "image") return drawElement(block.accessory, block, message);
  return h("img", { class: "accessory-image", src: block.accessory.image_url, alt: block.accessory.alt_text });
}

function drawContext(block) {
  const element = (item) =>
    item.type === "image"
      ? h("img", { class: "context-image", src: item.image_url, alt: item.alt_text, title: item.alt_text })
      : h("span", { class: "context-text" }, drawText(item));
  return h("div", { class: "block-context" }, block.elements.map(element));
}

function drawActions(block, message) {
  return h("div", { class: "block-actions" }, block.elements.map((element) => drawElement(element, block, message)));
}

function drawImage(block) {
  return h(
    "figure",
    { class: "block-image" },
    block.title && h("figcaption", {}, drawText(block.title)),
    h("img", { src: block.image_url, alt: block.alt_text }),
  );
}

function drawUnknown(block) {
  return h("p", { class: "block-unknown" }, `The playground does not draw a “${block.type}” block.`);
}
