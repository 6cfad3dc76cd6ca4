// The box one writes in: commands, mentions, Enter to send.

import { avatar } from "./avatar.js";
import { commandUnderway, completions } from "./complete.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

let count = 0;

/** A box to write in. `options` says what can be completed, `send` gives null or the words of what went wrong. */
export class Composer {
  constructor(root, { label, testid, options, send }) {
    Object.assign(this, { options, send, drafts: new Map(), place: null, offer: null, chosen: 0, sending: false });
    const list = `completions-${++count}`;
    this.list = h("ul", { class: "completions", id: list, role: "listbox", "aria-label": "Suggestions", hidden: true, "data-testid": `${testid}-completions` });
    this.note = h("p", { class: "composer-note", role: "status", "data-testid": `${testid}-note` });
    this.field = h("textarea", {
      class: "composer-field",
      rows: "1",
      "aria-label": label,
      "aria-controls": list,
      "aria-autocomplete": "list",
      "data-testid": testid,
    });
    const button = { type: "submit", class: "send", "aria-label": "Send", "data-testid": testid === "composer" ? "send" : `${testid}-send` };
    this.button = h("button", button, icon("send"));
    this.form = h("form", { class: "composer" }, this.list, h("div", { class: "composer-box" }, this.field, this.button), this.note);
    root.replaceChildren(this.form);
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => this.look());
    this.field.addEventListener("click", () => this.look());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show the draft of a place; what was typed elsewhere waits there. */
  open(place, placeholder) {
    this.field.placeholder = placeholder;
    if (place === this.place) return;
    if (this.place) this.drafts.set(this.place, this.field.value);
    this.place = place;
    this.field.value = this.drafts.get(place) ?? "";
    this.look();
    this.close();
  }

  /** Put words into the box, for the person to send. */
  fill(text) {
    this.field.value = text;
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.look();
    this.close();
  }

  look() {
    this.grow();
    const { value, selectionEnd } = this.field;
    const options = this.options();
    this.offer = completions(value, selectionEnd, options);
    this.chosen = 0;
    this.drawOffer();
    const command = commandUnderway(value, options.commands);
    this.say(command ? `${command.command} ${command.usage_hint ?? ""}` : "");
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 180)}px`;
    this.button.disabled = !this.field.value.trim();
  }

  say(text, isError = false) {
    this.note.textContent = text;
    this.note.classList.toggle("composer-error", isError);
  }

  close() {
    this.offer = null;
    this.drawOffer();
  }

  drawOffer() {
    const items = this.offer?.items ?? [];
    this.list.hidden = !items.length;
    this.list.replaceChildren(...items.map((item, index) => this.drawItem(item, index)));
    if (items.length) this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  drawItem(item, index) {
    const pick = (event) => {
      event.preventDefault();
      this.pick(index);
    };
    const attributes = { id: `${this.list.id}-${index}`, class: "completion", role: "option", "aria-selected": String(index === this.chosen), "data-testid": "completion", on: { pointerdown: pick } };
    return h("li", attributes, item.person && avatar(item.person, "avatar-small"), h("span", { class: "completion-label" }, item.label), item.usage && h("span", { class: "completion-usage" }, item.usage), h("span", { class: "completion-detail" }, item.detail));
  }

  pick(index) {
    const { start, end, items } = this.offer;
    const { value } = this.field;
    const before = `${value.slice(0, start)}${items[index].insert} `;
    this.field.value = before + value.slice(end).replace(/^ /, "");
    this.field.setSelectionRange(before.length, before.length);
    this.look();
  }

  key(event) {
    if (event.isComposing) return;
    if (this.offer && this.keyInOffer(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  keyInOffer(event) {
    const { items, start, end } = this.offer;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.chosen = (this.chosen + steps[event.key] + items.length) % items.length;
      this.drawOffer();
      return true;
    }
    if (event.key === "Escape") return this.close() ?? true;
    // A word that is whole already is sent, so that Enter never has to be pressed twice.
    const whole = items[this.chosen].insert === this.field.value.slice(start, end);
    if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole)) return this.pick(this.chosen) ?? true;
    return false;
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text || this.sending) return;
    this.close();
    this.sending = true;
    this.form.setAttribute("aria-busy", "true");
    const place = this.place;
    const trouble = await this.send(text);
    this.sending = false;
    this.form.removeAttribute("aria-busy");
    if (trouble) return this.say(trouble, true);
    this.drafts.delete(place);
    if (place === this.place && this.field.value.trim() === text) this.field.value = "";
    this.look();
  }
}
