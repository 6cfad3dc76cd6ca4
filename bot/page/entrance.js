// What a person needs before they are in a meeting: a browser that can, a token, and the service's program.

import { Trouble, botUnreachable, notSafe, programMissing, tooOld } from "./troubles.js";

/** Throw where this browser cannot hold a meeting at all. */
export const insistOnBrowser = () => {
  if (!window.isSecureContext) throw notSafe();
  const can =
    window.RTCPeerConnection && window.customElements && window.WebSocket && navigator.mediaDevices?.getUserMedia;
  if (!can || !HTMLElement.prototype.attachShadow) throw tooOld();
};

/**
 * Fetch a fresh token. It is given back and kept nowhere: not in an address, a storage, or an attribute.
 *
 * @param {{path: string, body: object}} ask
 */
export const freshToken = async ({ path, body }) => {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
      cache: "no-store",
      credentials: "same-origin",
      mode: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    throw botUnreachable();
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.token) return said.token;
  throw said.title ? new Trouble(said) : botUnreachable();
};

/**
 * Load one of the service's scripts from the bot; the browser checks that it is byte for byte the one we know.
 *
 * @param {{address: string, integrity: string}} script
 * @param {string} nonce
 */
const load = ({ address, integrity }, nonce) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, integrity, nonce, async: true, onload: resolve });
    script.onerror = () => {
      script.remove();
      reject(programMissing());
    };
    document.head.append(script);
  });

/** Load the service's program, once. */
export const loadProgram = async ({ client, elements, element, scripts }, nonce) => {
  const absent = scripts.filter((script) => !window[script.makes]);
  await Promise.all(absent.map((script) => load(script, nonce)));
  if (!window[client] || !window[elements]) throw programMissing();
  if (!customElements.get(element)) {
    window[elements].setNonce(nonce);
    window[elements].defineCustomElements();
  }
};
