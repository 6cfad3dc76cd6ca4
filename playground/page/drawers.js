// What lies over the messages when there is little room: the list of channels, the thread, the provider's side.

import { byId } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./state.js";

const wide = matchMedia("(min-width: 1200px)");
const narrow = matchMedia("(max-width: 800px)");

function showPanel(open) {
  byId("panel").hidden = !open;
  byId("panel-toggle").setAttribute("aria-expanded", String(open));
  shade();
}

function showSidebar(open) {
  document.body.classList.toggle("sidebar-shown", open);
  shade();
  if (open) byId("sidebar-close").focus();
}

const panelOver = () => !wide.matches && !byId("panel").hidden;
const sidebarOver = () => narrow.matches && document.body.classList.contains("sidebar-shown");

function shade() {
  byId("shade").hidden = !(panelOver() || sidebarOver());
}

/** Close what lies over the messages. */
function close() {
  if (panelOver()) showPanel(false);
  if (document.body.classList.contains("sidebar-shown")) showSidebar(false);
}

export const drawers = { close };

function escape(event, closeThread) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (sidebarOver() || panelOver()) close();
  else if (state.thread) closeThread();
}

/** Let the drawers be opened and closed. */
export function startDrawers(closeThread) {
  const toggle = byId("panel-toggle");
  toggle.append(icon("camera"), "Provider");
  toggle.addEventListener("click", () => showPanel(byId("panel").hidden));
  byId("panel-close").addEventListener("click", () => {
    showPanel(false);
    toggle.focus();
  });
  byId("sidebar-open").addEventListener("click", () => showSidebar(true));
  byId("sidebar-close").addEventListener("click", () => {
    showSidebar(false);
    byId("sidebar-open").focus();
  });
  byId("shade").addEventListener("click", close);
  wide.addEventListener("change", () => showPanel(wide.matches));
  document.addEventListener("keydown", (event) => escape(event, closeThread));
  showPanel(wide.matches);
}
