// The form that the app has opened for this person: drawn as it says, kept while it is filled in, sent, and closed.

import { closeForm, sendForm } from "./api.js";
import { drawBlock } from "./blocks.js";
import { complain } from "./confirm.js";
import { byId, h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { drawQuestion, readAnswer, showMistake, writeAnswer } from "./fields.js";
import { icon } from "./icons.js";
import { state } from "./state.js";

let shown = null;
let busy = false;
// A snapshot that was under way when a form was closed must not bring it back.
const closed = new Set();

const questions = (form) => form.blocks.filter((block) => block.type === "input");

/** Show the form of the snapshot, or none. */
export function drawForm() {
  const form = state.snapshot.form;
  show(form && !closed.has(form.id) ? form : null);
}

function show(form) {
  if (!form) {
    take(null);
  } else if (form.id !== shown?.id || form.hash !== shown.hash) {
    open(form);
  } else if (!busy && JSON.stringify([form.errors, form.trouble]) !== JSON.stringify([shown.errors, shown.trouble])) {
    shown = form;
    showTrouble(form);
  }
}

function take(form) {
  const dialog = byId("form");
  if (dialog.open && !form) dialog.close();
  shown = form;
}

// What was typed stays where a form is drawn anew with the same questions, as in Slack.
function open(form) {
  const kept = shown?.id === form.id ? answers(shown) : {};
  byId("form-title").textContent = form.title;
  byId("form-cancel").textContent = form.close ?? "Close";
  byId("form-submit").hidden = !form.submit;
  byId("form-submit").firstElementChild.replaceChildren(withEmoji(form.submit ?? ""));
  byId("form-body").replaceChildren(...form.blocks.map((block) => (block.type === "input" ? drawQuestion(block) : drawPart(block))));
  shown = form;
  for (const block of questions(form)) if (block.block_id in kept) writeAnswer(block, kept[block.block_id]);
  showTrouble(form);
  if (byId("form").open) return;
  byId("form").showModal();
  byId("form-body").scrollTop = 0;
  firstField()?.focus({ preventScroll: true });
}

function drawPart(block) {
  if (block.type !== "actions") return drawBlock({ ...block, accessory: block.accessory?.type === "image" ? block.accessory : undefined }, null);
  return h("p", { class: "block-unknown" }, "The playground does not press buttons inside a form.");
}

const firstField = () => byId("form-body").querySelector("input, textarea, select");

function answers(form) {
  return Object.fromEntries(questions(form).map((block) => [block.block_id, readAnswer(block)]));
}

function showTrouble(form) {
  for (const block of questions(form)) showMistake(block, form.errors[block.block_id] ?? null);
  byId("form-trouble").textContent = form.trouble ?? "";
  byId("form-body").querySelector("[aria-invalid=true]")?.focus();
}

async function submit(event) {
  event.preventDefault();
  if (busy || !shown) return;
  const form = shown;
  setBusy(true);
  const ack = await sendForm({ user: state.snapshot.me, view_id: form.id, values: answers(form) });
  setBusy(false);
  if (ack.form === undefined) return refused(form, ack);
  if (!ack.form) return put(form);
  shown = ack.form.hash === shown?.hash ? ack.form : shown;
  if (shown === ack.form) showTrouble(ack.form);
  else show(ack.form);
  return null;
}

function refused(form, ack) {
  if (ack.status === 404) put(form);
  complain(ack.body);
  byId("form-trouble").textContent = ack.body;
}

function setBusy(on) {
  busy = on;
  const button = byId("form-submit");
  if (on) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
  byId("form-body").inert = on;
  if (on) byId("form-trouble").textContent = "";
}

function put(form) {
  closed.add(form.id);
  if (shown?.id === form.id) take(null);
}

async function dismiss(event) {
  event?.preventDefault();
  if (busy || !shown) return;
  const form = shown;
  put(form);
  await closeForm({ user: state.snapshot.me, view_id: form.id });
}

/** Let the form be sent and closed; Escape closes it, a click beside it does not: nothing typed is lost by a slip. */
export function startForm() {
  byId("form-close").append(icon("close"));
  byId("form-close").addEventListener("click", dismiss);
  byId("form-cancel").addEventListener("click", dismiss);
  byId("form").addEventListener("cancel", dismiss);
  byId("form-frame").addEventListener("submit", submit);
}
