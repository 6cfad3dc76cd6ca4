// The page's side of /playground: read the snapshot, tell what a person did, hear that something changed.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  return response.ok ? body : { ok: false, status: response.status, body: body.error ?? response.statusText };
}

async function post(path, body) {
  try {
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    return await answer(await fetch(`/playground/${path}`, request));
  } catch {
    return { ok: false, status: 0, body: "The playground does not answer. Is it still running?" };
  }
}

export const sendCommand = (wish) => post("command", wish);
export const sendClick = (wish) => post("click", wish);
export const sendMessage = (wish) => post("message", wish);
export const sendForm = (wish) => post("submit", wish);
export const closeForm = (wish) => post("dismiss", wish);
export const ask = (what, wish) => post(what, wish);

/** Read everything this person can see. */
export async function readSnapshot(handle) {
  const response = await fetch(`/playground/state?as=${encodeURIComponent(handle ?? "")}`, { cache: "no-store" });
  if (!response.ok) throw new Error(`state: ${response.status}`);
  return response.json();
}

const HIDDEN_MS = 30_000;

/** Call `changed` for each change, and `connected` with true or false as the line comes and goes. */
export function listen(changed, connected) {
  let source = null;
  let timer = null;
  const open = () => {
    clearTimeout(timer);
    if (source) return;
    source = new EventSource("/playground/changes");
    source.addEventListener("open", () => connected(true));
    source.addEventListener("message", changed);
    source.addEventListener("error", () => connected(false));
  };
  const close = () => {
    source.close();
    source = null;
  };
  open();
  // A browser keeps six lines to one server; windows that nobody looks at give theirs back.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") open();
    else timer = setTimeout(close, HIDDEN_MS);
  });
}
