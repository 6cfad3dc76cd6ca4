"use strict";

const find = (id) => document.getElementById(id);
const token = new URLSearchParams(location.search).get("authToken") || "";
const chips = { RECORDING: "Recording", PAUSED: "Recording paused", INVOKED: "Recording is starting" };

let over = false;

function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => Array.from(word)[0].toUpperCase()).join("") || "?";
}

function hue(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 6;
  return `hue-${sum}`;
}

function element(kind, className, text) {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  return made;
}

function tile(person, me) {
  const own = person.id === me;
  const item = document.createElement("li");
  item.classList.toggle("me", own);
  const name = person.name || "Someone";
  const circle = element("span", `initials ${hue(name)}`, initials(name));
  circle.setAttribute("aria-hidden", "true");
  const label = name + (own ? " (you)" : "") + (person.muted ? " · muted" : "");
  item.append(circle, element("span", "name", label));
  return item;
}

function show(room) {
  document.title = room.title;
  find("title").textContent = room.title;
  find("count").textContent = room.people.length === 1 ? "1 person" : `${room.people.length} people`;
  find("people").replaceChildren(...room.people.map((person) => tile(person, room.me)));
  const chip = find("recording");
  chip.hidden = !room.recording;
  chip.textContent = chips[room.recording] || "";
  chip.classList.toggle("waiting", room.recording !== "RECORDING");
  find("leave").disabled = false;
}

function end(words) {
  if (over) return;
  over = true;
  if (find("title").textContent === "Joining…") find("title").textContent = "Meeting";
  find("people").hidden = true;
  find("recording").hidden = true;
  find("count").textContent = "";
  find("leave").disabled = true;
  find("words").textContent = words;
  find("over").hidden = false;
}

function join() {
  if (!token) {
    end("This page needs a join link. Ask for one in the chat.");
    find("again").hidden = true;
    return;
  }
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/room/socket`);
  socket.addEventListener("open", () => socket.send(token));
  socket.addEventListener("message", (event) => {
    const said = JSON.parse(event.data);
    if (said.over) end(said.over);
    else show(said);
  });
  socket.addEventListener("close", () => end("The connection was lost."));
  find("leave").addEventListener("click", () => socket.send("leave"));
}

find("again").addEventListener("click", () => location.reload());
join();
