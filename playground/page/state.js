// What this window shows: the snapshot, who one is, which channel and thread are open, and what was read.

export const state = { snapshot: null, handle: null, channel: null, thread: null };

/** Read person, channel and thread from the address, so that two windows can be two people. */
export function readAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const changedPerson = wanted.get("as") !== state.handle;
  state.handle = wanted.get("as");
  state.channel = wanted.get("channel");
  state.thread = wanted.get("thread");
  return changedPerson;
}

/** Give the address of a view; what is not said stays, but another channel or person closes the thread. */
export function address({ handle = state.handle, channel = state.channel, thread = null }) {
  const parts = new URLSearchParams();
  for (const [name, value] of [["as", handle], ["channel", channel], ["thread", thread]]) {
    if (value) parts.set(name, value);
  }
  return `#${parts}`;
}

/** Go to a view. */
export function go(view, { replace = false } = {}) {
  const target = address(view);
  if (replace) {
    history.replaceState(null, "", target);
    readAddress();
  } else if (target !== location.hash) {
    location.hash = target;
  }
}

/** Take a new snapshot, and fall back to what exists where the address names what does not. */
export function take(snapshot) {
  state.snapshot = snapshot;
  const me = person(snapshot.me);
  const channel = channelOf(state.channel) ?? firstChannel();
  const thread = channel?.id === state.channel ? state.thread : null;
  go({ handle: me.name, channel: channel?.id, thread }, { replace: true });
}

function firstChannel() {
  return state.snapshot.channels.find((channel) => channel.name === "general") ?? state.snapshot.channels[0];
}

// Slack's own voice, which is nobody's account.
const SLACKBOT = { id: "USLACKBOT", name: "slackbot", realName: "Slackbot", isBot: false };

export function person(id) {
  return id === SLACKBOT.id ? SLACKBOT : state.snapshot.people.find((someone) => someone.id === id);
}

export function nameOf(id) {
  const someone = person(id);
  return someone ? someone.realName || someone.name : null;
}

/** Give the people one can be, which the app is not. */
export function people() {
  return state.snapshot.people.filter((someone) => !someone.isBot);
}

export function app() {
  return state.snapshot.people.find((someone) => someone.isBot);
}

export function channelOf(id) {
  return state.snapshot.channels.find((channel) => channel.id === id);
}

/** Name a channel: a direct message is called by who else is in it. */
export function titleOf(channel) {
  if (channel.kind !== "im" && channel.kind !== "mpim") return channel.name;
  return counterparts(channel).map(nameOf).join(", ") || "Notes to yourself";
}

export function counterparts(channel) {
  return channel.members.filter((id) => id !== state.snapshot.me);
}

/** Give what mrkdwn needs to know: what people and channels are called, and where a channel is. */
export function names() {
  return {
    me: state.snapshot.me,
    person: (id) => nameOf(id),
    channel: (id) => (channelOf(id) ? titleOf(channelOf(id)) : null),
    channelHref: (id) => (channelOf(id) ? address({ channel: id }) : null),
  };
}

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const byTs = (one, other) => (one.ts < other.ts ? -1 : 1);

/** Give a channel's messages as its members see them, private answers to this person among them. */
export function timeline(channel) {
  const said = (state.snapshot.messages[channel] ?? []).filter((message) => !isReply(message) || message.broadcast);
  const whispered = privateAnswers(channel).filter((message) => !message.thread_ts);
  return [...said, ...whispered].sort(byTs);
}

/** Give a thread: its first message, then its replies. */
export function threadOf(channel, ts) {
  const said = (state.snapshot.messages[channel] ?? []).filter((message) => message.ts === ts || message.thread_ts === ts);
  const whispered = privateAnswers(channel).filter((message) => message.thread_ts === ts);
  return [...said, ...whispered].sort(byTs);
}

export function replies(channel, ts) {
  return (state.snapshot.messages[channel] ?? []).filter((message) => message.thread_ts === ts && message.ts !== ts);
}

function privateAnswers(channel) {
  const gone = dismissed();
  return state.snapshot.private
    .filter((message) => message.channel === channel && !gone.has(message.ts))
    .map((message) => ({ ...message, private: true }));
}

// ------------------------------------------------------------ what was read and put away, kept in this browser

const storage = (kind) => `greenroom.${kind}.${state.snapshot.since}`;

function load(kind) {
  try {
    return JSON.parse(localStorage.getItem(storage(kind))) ?? {};
  } catch {
    return {};
  }
}

function save(kind, value) {
  try {
    const stale = Object.keys(localStorage).filter((key) => key.startsWith("greenroom.") && !key.endsWith(state.snapshot.since));
    for (const key of stale) localStorage.removeItem(key);
    localStorage.setItem(storage(kind), JSON.stringify(value));
  } catch {
    // A browser that keeps nothing shows badges again after a reload, and that is all.
  }
}

const markerOf = (user, place) => load("read")[`${user}:${place}`] ?? state.snapshot.since;

function mark(place, ts) {
  const read = load("read");
  const key = `${state.snapshot.me}:${place}`;
  if ((read[key] ?? state.snapshot.since) < ts) save("read", { ...read, [key]: ts });
}

/** Remember that everything in this channel, or thread, was seen. */
export function markRead(place, messages) {
  const latest = messages.filter((message) => !message.private).at(-1);
  if (latest) mark(place, latest.ts);
}

/** Count what others said in a channel since this person last looked. */
export function unread(channel) {
  const since = markerOf(state.snapshot.me, channel);
  return timeline(channel).filter((message) => !message.private && message.user !== state.snapshot.me && message.ts > since).length;
}

export function unreadReplies(channel, ts) {
  const since = markerOf(state.snapshot.me, ts);
  return replies(channel, ts).filter((message) => message.user !== state.snapshot.me && message.ts > since).length;
}

/** Tell whether somebody has a direct message that was not seen as that person. */
export function waiting(someone) {
  return Object.entries(someone.direct ?? {}).some(([channel, ts]) => ts > markerOf(someone.id, channel));
}

function dismissed() {
  return new Set(load("dismissed")[state.snapshot.me] ?? []);
}

/** Put a private answer away. */
export function dismiss(ts) {
  save("dismissed", { ...load("dismissed"), [state.snapshot.me]: [...dismissed(), ts] });
}

/** Tell, and remember, that the person knows their way. */
export function experienced(now = false) {
  if (now) save("experienced", { yes: true });
  return Boolean(load("experienced").yes);
}
