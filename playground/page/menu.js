// The one open menu, drawn above the page so that it survives a change of the message it belongs to.

import { byId, h } from "./dom.js";

let opener = null;

/** Open a menu below a button; `choices` are {label, description, choose, href}. */
export function openMenu(button, choices) {
  const again = opener === button;
  closeMenu();
  if (again) return;
  opener = button;
  opener.setAttribute("aria-expanded", "true");
  const menu = byId("menu");
  menu.setAttribute("aria-label", button.getAttribute("aria-label"));
  menu.replaceChildren(...choices.map(choiceOf));
  menu.hidden = false;
  place(menu, button.getBoundingClientRect());
  menu.firstElementChild.focus();
}

function choiceOf(choice) {
  const attributes = {
    class: "menu-item",
    role: "menuitem",
    tabindex: "-1",
    "data-value": choice.value,
    "data-testid": "menu-item",
    on: { click: () => pick(choice) },
  };
  const words = [h("span", {}, choice.label), choice.description && h("small", {}, choice.description)];
  if (!choice.href) return h("button", { type: "button", ...attributes }, words);
  return h("a", { href: choice.href, target: "_blank", rel: "noreferrer", ...attributes }, words);
}

function pick(choice) {
  closeMenu();
  choice.choose();
}

function place(menu, anchor) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = anchor.bottom + 4 + height <= innerHeight;
  menu.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4)}px`;
}

function closeMenu() {
  if (!opener) return;
  const hadFocus = byId("menu").contains(document.activeElement);
  byId("menu").hidden = true;
  opener.setAttribute("aria-expanded", "false");
  if (hadFocus && opener.isConnected) opener.focus();
  opener = null;
}

function step(event) {
  const items = [...byId("menu").children];
  const here = items.indexOf(document.activeElement);
  const moves = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else if (event.key in moves) items.at(moves[event.key] % items.length).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Let the menu be used with the keyboard, and close it when one turns elsewhere. */
export function startMenu() {
  byId("menu").addEventListener("keydown", step);
  addEventListener("resize", closeMenu);
  document.addEventListener("scroll", closeMenu, true);
  document.addEventListener("pointerdown", (event) => {
    if (!byId("menu").contains(event.target) && !opener?.contains(event.target)) closeMenu();
  });
}
