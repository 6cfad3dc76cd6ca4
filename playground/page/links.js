// Where a link of the app leads: opened as the person whose window this is, each in a browser of their own as it were.

import { state } from "./state.js";

/** Give the address that a link is opened at. */
export function opened(url) {
  const browser = state.snapshot.browser;
  if (!browser || !url.startsWith(`${browser.app}/`)) return url;
  return `${browser.opens}?${new URLSearchParams({ as: state.snapshot.me, to: url })}`;
}
