// Making elements and keeping them: text always goes in as text, and what did not change is not touched.

/** Make an element. `on` holds listeners; true means a bare attribute; null, undefined and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

const notes = new WeakMap();

/** Make a parent's children equal to the items ({key, print, draw}); a child whose print is the same stays as it is. */
export function patch(parent, items) {
  const old = new Map([...parent.children].map((node) => [notes.get(node)?.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const kept = old.get(item.key);
    old.delete(item.key);
    const node = kept && notes.get(kept).print === item.print ? kept : redraw(item, kept);
    if (kept === place && kept) place = node;
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of old.values()) node.remove();
}

function redraw(item, kept) {
  const fresh = item.draw();
  notes.set(fresh, { key: item.key, print: item.print });
  if (kept) replaceKeepingFocus(kept, fresh);
  return fresh;
}

// Whoever is on a button with the keyboard stays on it when the message around it changes, or on the message
// when the button is gone; an open field keeps what was typed.
function replaceKeepingFocus(kept, fresh) {
  const active = kept.contains(document.activeElement) ? document.activeElement : null;
  for (const field of kept.querySelectorAll("input[data-focus]")) {
    const twin = byFocusKey(fresh, field.dataset.focus);
    if (twin && twin.type === "text") twin.value = field.value;
  }
  const within = [kept.scrollTop, kept.scrollLeft];
  kept.replaceWith(fresh);
  [fresh.scrollTop, fresh.scrollLeft] = within;
  if (active) (byFocusKey(fresh, active.dataset.focus) ?? focusable(fresh)).focus({ preventScroll: true });
}

function byFocusKey(node, key) {
  return key ? node.querySelector(`[data-focus="${CSS.escape(key)}"]`) : null;
}

function focusable(node) {
  if (!node.matches("a, button, input, select, [tabindex]")) node.tabIndex = -1;
  return node;
}

/** Find an element of the page by its id. */
export function byId(id) {
  return document.getElementById(id);
}
