// The page's course: look at the browser, fetch a token and the program, show the meeting; tell plainly what went wrong.

import { freshToken, insistOnBrowser, loadProgram } from "./entrance.js";
import { enter, show } from "./stage.js";
import { ofProgram } from "./troubles.js";

const part = (id) => document.getElementById(id);
const door = part("door");
const setup = JSON.parse(door.dataset.setup);
const nonce = document.querySelector("script[nonce]").nonce;
const meetingTitle = part("title").textContent;
let beenInside = false;

const say = ({ title, text, again, reference }) => {
  part("title").textContent = title;
  part("about").textContent = text;
  part("reference").textContent = reference || "";
  part("reference").hidden = !reference;
  part("go").textContent = again || "";
  part("go").hidden = !again;
  part("waiting").hidden = true;
  part("notice").hidden = true;
  door.hidden = false;
  document.title = `${title} · ${meetingTitle}`;
  part("title").focus();
};

const wait = () => {
  part("title").textContent = meetingTitle;
  part("about").textContent = `Opening the meeting for ${setup.name}…`;
  part("reference").hidden = true;
  part("go").hidden = true;
  part("waiting").hidden = false;
  document.title = meetingTitle;
};

const note = (words) => {
  part("notice-words").textContent = words;
  part("notice").hidden = false;
};

const goIn = async () => {
  wait();
  try {
    insistOnBrowser();
    const [token] = await Promise.all([freshToken(setup.token), loadProgram(setup.program, nonce)]);
    const meeting = await enter(setup.program, token);
    show(part("stage"), setup.program, meeting, { left: say, note });
    door.hidden = true;
    beenInside = true;
  } catch (error) {
    if (!error.words) console.error(error);
    say(error.words || ofProgram(error).words);
  }
};

part("go").addEventListener("click", () => {
  // The service's program keeps some of a meeting that was left; a new page begins clean, with a fresh token.
  if (beenInside) location.reload();
  else goIn();
});
part("notice-close").addEventListener("click", () => {
  part("notice").hidden = true;
});

// A person who looks at the page is let in at once. A page that is only being prepared, or driven by a program, waits.
const looking = () => document.visibilityState === "visible" && !document.prerendering && !navigator.webdriver;

const begin = () => {
  if (!looking()) return;
  document.removeEventListener("visibilitychange", begin);
  goIn();
};

if (setup.straight) {
  document.addEventListener("visibilitychange", begin);
  begin();
}
