// Slack's mrkdwn as nodes. Everything a person or a bot wrote ends in a text node, never in markup.

import { slackDate } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";

// A mark counts only at the edge of a word, so that snake_case and 2*3*4 stay as they are.
function mark(sign, name) {
  const edge = sign === "*" ? "\\*" : sign;
  const inside = `(?:<[^<>\\n]+>|[^${sign}\\n<])+?`;
  return `(?<![\\p{L}\\p{N}])${edge}(?=\\S)(?<${name}>${inside})(?<=\\S)${edge}(?![\\p{L}\\p{N}])`;
}

const TOKEN = new RegExp(
  [
    "<(?<entity>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    mark("*", "bold"),
    mark("_", "italic"),
    mark("~", "strike"),
    "(?<url>https?://[^\\s<>|]+[^\\s<>|.,;:!?)'\"])",
    ":(?<emoji>[a-z0-9_+-]*[a-z][a-z0-9_+-]*):",
  ].join("|"),
  "gu",
);

const PLAIN = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

function decode(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => PLAIN[entity]);
}

/** Draw mrkdwn; `names` knows how people and channels are called and where a channel is. */
export function mrkdwn(text, names) {
  const parts = text.split(/```\n?([\s\S]+?)\n?```\n?/);
  return parts.flatMap((part, index) => (index % 2 ? [h("pre", {}, decode(part))] : paragraphs(part, names)));
}

function paragraphs(text, names) {
  const nodes = [];
  let quote = [];
  const endQuote = () => {
    if (quote.length) nodes.push(h("blockquote", {}, lines(quote, names)));
    quote = [];
  };
  let plain = [];
  const endPlain = () => {
    nodes.push(...lines(plain, names));
    plain = [];
  };
  for (const line of text === "" ? [] : text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      endPlain();
      quote.push(quoted[1]);
    } else {
      endQuote();
      plain.push(line);
    }
  }
  endPlain();
  endQuote();
  return nodes;
}

function lines(texts, names) {
  return texts.flatMap((line, index) => (index ? [h("br"), ...inline(line, names)] : inline(line, names)));
}

function inline(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) nodes.push(decode(text.slice(end, match.index)));
    nodes.push(token(match.groups, names));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(decode(text.slice(end)));
  return nodes;
}

function token(found, names) {
  if (found.entity) return entity(found.entity, names);
  if (found.code) return h("code", {}, decode(found.code));
  if (found.bold) return h("strong", {}, inline(found.bold, names));
  if (found.italic) return h("em", {}, inline(found.italic, names));
  if (found.strike) return h("s", {}, inline(found.strike, names));
  if (found.url) return link(decode(found.url), decode(found.url));
  return emoji(found.emoji);
}

function entity(body, names) {
  const [target, ...rest] = body.split("|");
  const label = rest.length ? decode(rest.join("|")) : null;
  if (target.startsWith("@")) return person(target.slice(1), label, names);
  if (target.startsWith("#")) return channel(target.slice(1), label, names);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(decode(target), label ?? decode(target));
}

function person(id, label, names) {
  return h("span", { class: id === names.me ? "mention mention-me" : "mention" }, `@${names.person(id) ?? label ?? id}`);
}

function channel(id, label, names) {
  const name = names.channel(id) ?? label;
  const href = name ? names.channelHref(id) : null;
  return href ? h("a", { class: "mention", href }, `#${name}`) : h("span", { class: "mention" }, `#${name || "private channel"}`);
}

function special(body, label) {
  const [word, ...rest] = body.split("^");
  if (word === "date") return date(rest, label);
  if (word === "subteam") return h("span", { class: "mention" }, label ?? "@group");
  return h("span", { class: "mention" }, label ?? `@${word}`);
}

function date([seconds, format = "", href], fallback) {
  const written = slackDate(seconds, format);
  if (!written) return fallback ?? "";
  const time = h("time", { datetime: written.iso, title: written.title }, written.text);
  return href ? link(href, time) : time;
}

// Only addresses that cannot run anything become links.
function link(href, content) {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) return content;
  return h("a", { href, target: "_blank", rel: "noreferrer" }, content);
}
