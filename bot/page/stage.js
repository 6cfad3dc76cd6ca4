// The meeting itself: the service's program gets the token, its element the meeting.

import { blocked, ofProgram, outside, silent, withoutDevice } from "./troubles.js";

const PATIENCE = 30_000;
const PROBE_PATIENCE = 8_000;

const within = (promise, milliseconds, trouble) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(trouble()), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });

const ask = (address, how) =>
  fetch(address, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PROBE_PATIENCE), ...how });

/**
 * Find out why the program gave up, where it does not tell: by asking the service who this token is for.
 *
 * The program has one word for a service that refuses and for one that never was reached.
 */
const reason = async ({ api, hosts }, token, error) => {
  if (error.words) return error;
  if (TELLING.has(String(error.code))) return ofProgram(error);
  try {
    const { status } = await ask(`${api}v2/internals/participant-details`, { headers: { Authorization: `Bearer ${token}` } });
    return ofProgram({ code: REFUSALS[status] || error.code });
  } catch {
    const reached = await ask(api, { mode: "no-cors" }).then(() => true, () => false);
    return reached ? ofProgram(error) : blocked(hosts);
  }
};

const TELLING = new Set(["0004", "0010", "0013"]);
const REFUSALS = { 401: "0004", 403: "0004", 404: "0004", 429: "0013" };

/**
 * Let the service's program take the token in.
 *
 * @returns the meeting, before anybody has gone in: the element shows camera and microphone first
 */
export const enter = async (program, token) => {
  try {
    const begun = window[program.client].init({ authToken: token, defaults: { audio: false, video: false } });
    return await within(begun, PATIENCE, silent);
  } catch (error) {
    throw await reason(program, token, error);
  }
};

/** Keep the token out of the links that the element offers where the network is bad: they would put it into an address. */
const guardLinks = (event) => {
  const risky = event.composedPath().some((each) => each.href && String(each.href).includes("authToken="));
  if (risky) event.preventDefault();
};

for (const kind of ["click", "auxclick", "contextmenu", "dragstart"]) window.addEventListener(kind, guardLinks, true);

/** Ways of leaving that are none: the program comes back by itself, or goes on in another room or off the stage. */
const STAYING = new Set(["connected-meeting", "disconnected", "failed", "stageLeft"]);

/**
 * Show a meeting.
 *
 * @param {HTMLElement} stage where
 * @param {{element: string}} program
 * @param meeting as `enter` gave it
 * @param {{left: (words: object) => void, note: (words: string) => void}} hears what becomes of it
 */
export const show = (stage, { element }, meeting, hears) => {
  const left = (words) => {
    stage.hidden = true;
    stage.replaceChildren();
    hears.left(words);
  };
  meeting.self.on("roomLeft", ({ state } = {}) => {
    if (!STAYING.has(state)) left(outside(state));
  });
  meeting.meta.on("socketConnectionUpdate", ({ state } = {}) => {
    if (state === "failed") left(outside("disconnected"));
  });
  meeting.self.on("mediaPermissionError", ({ kind, message } = {}) => {
    const words = withoutDevice(kind, message);
    if (words) hears.note(words);
  });
  const shown = document.createElement(element);
  shown.setAttribute("mode", "fill");
  shown.setAttribute("show-setup-screen", "true");
  shown.meeting = meeting;
  stage.replaceChildren(shown);
  stage.hidden = false;
};
