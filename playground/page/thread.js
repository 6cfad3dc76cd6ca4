// The right side: one thread, and a box to answer in it.

import { Composer } from "./composer.js";
import { byId, patch } from "./dom.js";
import { follow, startFollowing } from "./follow.js";
import { messageItems, summaryOf } from "./messages.js";
import { channelOf, go, markRead, state, threadOf, titleOf } from "./state.js";

let composer = null;

/** Make the thread's box; `send` is told the text. */
export function startThread({ options, send }) {
  composer = new Composer(byId("thread-composer"), { label: "Reply", testid: "thread-composer", options, send });
  byId("thread-close").addEventListener("click", closeThread);
  startFollowing(byId("thread-scroller"), byId("thread-messages"));
}

/** Close the thread and go back to where it was opened. */
export function closeThread() {
  const ts = state.thread;
  go({ thread: null });
  document.querySelector(`#messages [data-ts="${ts}"] [data-focus="thread"]`)?.focus();
}

/** Draw the open thread, if there is one whose first message is known. */
export function drawThread(redraw) {
  const pane = byId("thread");
  const messages = state.thread ? threadOf(state.channel, state.thread) : [];
  const opening = pane.hidden && messages.length > 0;
  pane.hidden = messages.length === 0;
  document.body.classList.toggle("thread-shown", !pane.hidden);
  if (pane.hidden) return;
  const channel = channelOf(state.channel);
  byId("thread-note").textContent = `${channel.kind === "im" ? "" : "#"}${titleOf(channel)} · ${summaryOf(messages[0])}`;
  follow(byId("thread-scroller"), `${state.channel} ${state.thread}`, () => {
    patch(byId("thread-messages"), messageItems(messages, { inThread: true, redraw }));
  });
  composer.open(`${state.snapshot.me} ${state.channel} ${state.thread}`, "Reply…");
  markRead(state.thread, messages);
  if (opening && document.activeElement?.dataset.focus === "thread") byId("thread-close").focus();
}
