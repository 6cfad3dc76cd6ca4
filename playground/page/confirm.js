// The question before a weighty button, and short notes when something failed.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";

const words = (object, names) => (object?.type === "mrkdwn" ? mrkdwn(object.text, names) : [object?.text ?? ""]);

/** Ask as a Block Kit confirm object says; true once the person said yes. The focus starts on the harmless answer. */
export function ask(question, names) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = question.title?.text ?? "Are you sure?";
  byId("confirm-text").replaceChildren(...words(question.text, names));
  byId("confirm-yes").textContent = question.confirm?.text ?? "Yes";
  byId("confirm-yes").className = `button ${question.style === "danger" ? "button-danger" : "button-primary"}`;
  byId("confirm-no").textContent = question.deny?.text ?? "No";
  dialog.returnValue = "no";
  dialog.showModal();
  byId("confirm-no").focus();
  return new Promise((resolve) => {
    byId("confirm-yes").onclick = () => dialog.close("yes");
    byId("confirm-no").onclick = () => dialog.close("no");
    dialog.onclick = (event) => event.target === dialog && dialog.close("no");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
  });
}

const SECONDS_SHOWN = 7;

/** Show a note that something failed, for a while. */
export function complain(text) {
  const note = h("div", { class: "toast", "data-testid": "toast" }, icon("warning"), h("span", {}, text));
  byId("toasts").append(note);
  setTimeout(() => note.remove(), SECONDS_SHOWN * 1000);
}
