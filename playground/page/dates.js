// Moments as people read them, in the clock and language of this browser.

const DAY = 86_400_000;

function part(options) {
  const format = new Intl.DateTimeFormat(undefined, options);
  return (date) => format.format(date);
}

const clock = part({ hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = part({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const longDay = part({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
const shortDay = part({ year: "numeric", month: "short", day: "numeric" });
const plainDay = part({ year: "numeric", month: "long", day: "numeric" });
const numberDay = part({ year: "numeric", month: "2-digit", day: "2-digit" });

/** Give the moment of a Slack timestamp. */
export function momentOf(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** Give the time of day of a Slack timestamp. */
export function timeOf(ts) {
  return clock(momentOf(ts));
}

/** Give the time of day of an ISO timestamp, with seconds. */
export function preciseTime(iso) {
  return clockWithSeconds(new Date(iso));
}

/** Give the whole date and time of a Slack timestamp. */
export function fullTime(ts) {
  const date = momentOf(ts);
  return `${longDay(date)} ${clockWithSeconds(date)}`;
}

/** Give the day of a Slack timestamp as the divider above it. */
export function dayOf(ts) {
  const date = momentOf(ts);
  return near(date, true) ?? longDay(date);
}

// Slack writes "today" and its neighbours with a capital at the start of a sentence only.
function near(date, capital) {
  const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(new Date())) / DAY);
  const word = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
  return word && capital ? word[0].toUpperCase() + word.slice(1) : word;
}

function ago(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), "second");
}

// The words of https://docs.slack.dev/messaging/formatting-message-text, section on dates.
function words(atStart) {
  return {
    date_num: numberDay,
    date: plainDay,
    date_short: shortDay,
    date_long: longDay,
    date_pretty: (date) => near(date, atStart) ?? plainDay(date),
    date_short_pretty: (date) => near(date, atStart) ?? shortDay(date),
    date_long_pretty: (date) => near(date, atStart) ?? longDay(date),
    time: clock,
    time_secs: clockWithSeconds,
    ago,
  };
}

/** Write a `<!date^seconds^format>` in local time; null where the format or the moment makes no sense. */
export function slackDate(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  if (!/^\d+$/.test(seconds) || Number.isNaN(date.getTime())) return null;
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (whole, name, offset) => {
    const write = words(offset === 0)[name];
    known &&= Boolean(write);
    return write ? write(date) : whole;
  });
  return known ? { text, iso: date.toISOString(), title: fullTime(seconds) } : null;
}
