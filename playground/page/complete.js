// What could be meant by the word at the caret: a command at the start, a person after @, a channel after #.

const SHOWN = 8;

/** Find the word being typed and what it could become; null where there is nothing to offer. */
export function completions(text, caret, { commands, people, channels }) {
  const before = text.slice(0, caret);
  const command = /^\/\S*$/.exec(before);
  if (command) return offer(0, caret, commandItems(command[0], commands));
  const word = /(?<=^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!word) return null;
  const items = word[1] === "@" ? personItems(word[2], people) : channelItems(word[2], channels);
  return offer(word.index, caret, items);
}

function offer(start, end, items) {
  return items.length ? { start, end, items: items.slice(0, SHOWN) } : null;
}

function commandItems(typed, commands) {
  const fits = commands.filter((command) => command.command.startsWith(typed.toLowerCase()));
  return fits.map((command) => ({
    insert: command.command,
    label: command.command,
    usage: command.usage_hint,
    detail: command.description,
  }));
}

function personItems(typed, people) {
  const start = typed.toLowerCase();
  const words = (someone) => [someone.name, ...someone.realName.split(" ")].map((word) => word.toLowerCase());
  const fits = people.filter((someone) => words(someone).some((word) => word.startsWith(start)));
  return fits.map((someone) => ({ insert: `@${someone.name}`, label: someone.realName, detail: `@${someone.name}`, person: someone }));
}

function channelItems(typed, channels) {
  const fits = channels.filter((channel) => channel.kind === "public" && channel.name.startsWith(typed.toLowerCase()));
  return fits.map((channel) => ({ insert: `#${channel.name}`, label: `#${channel.name}`, detail: "" }));
}

/** Find the command that is being given options, so that its usage can be shown. */
export function commandUnderway(text, commands) {
  const word = /^(\/\S+)\s/.exec(text)?.[1];
  return commands.find((command) => command.command === word) ?? null;
}
