// What can go wrong on the way into a meeting, in words that say what to do next.

export class Trouble extends Error {
  /**
   * @param {{title: string, text: string, again?: string, reference?: string}} words what people read;
   *   `again` is what stands on the button that tries again, and there is no button without it
   */
  constructor(words) {
    super(words.title);
    this.words = words;
  }
}

const AGAIN = "Try again";
const HELP = "If it goes on, please tell whoever runs Greenroom.";

export const tooOld = () =>
  new Trouble({
    title: "This browser cannot hold video meetings",
    text: "Please open the link in a current Chrome, Edge, Firefox or Safari, outside of any other app.",
  });

export const notSafe = () =>
  new Trouble({
    title: "This page was not opened safely",
    text:
      "Browsers give cameras and microphones only to addresses that begin with https://. " +
      "Please tell whoever runs Greenroom to set PUBLIC_URL to such an address.",
  });

export const botUnreachable = () =>
  new Trouble({
    title: "Greenroom does not answer",
    text: "Please check whether you are online, then try again.",
    again: AGAIN,
  });

export const programMissing = () =>
  new Trouble({
    title: "The meeting's program did not load",
    text:
      "Please check whether you are online, then try again. If it goes on, please tell whoever runs Greenroom " +
      "to run “greenroom doctor”.",
    again: AGAIN,
  });

export const blocked = (hosts) =>
  new Trouble({
    title: "The video service cannot be reached",
    text:
      "Your network may be blocking it. Try another network, such as your phone's, or without a VPN. " +
      `Whoever runs your network can allow ${hosts}.`,
    again: AGAIN,
  });

const unanswered = () => ({
  title: "The video service does not answer",
  text: `Please try again in a minute. ${HELP}`,
  again: AGAIN,
});

export const silent = () => new Trouble(unanswered());

const refused = () => ({
  title: "The video service did not let you in",
  text:
    "The meeting may have been ended, or your place in it taken away. Try again, or get a new link: press Join in " +
    `Slack, or ask whoever invited you. ${HELP}`,
  again: AGAIN,
});

const mediaBlocked = () => ({
  title: "Sound and picture do not get through",
  text: "Your network lets you see the meeting but not take part. Try another network, such as your phone's, or without a VPN.",
  again: AGAIN,
});

const BY_CODE = {
  "0004": refused,
  "0010": () => tooOld().words,
  "0012": () => ({ ...unanswered(), title: "The connection to the meeting broke off" }),
  "0013": () => ({
    title: "Too many people are coming in at once",
    text: "Please wait a minute, then try again.",
    again: AGAIN,
  }),
  "0014": mediaBlocked,
};

/** Words for an error of the service's program, by the code that it carries. */
export const ofProgram = (error) => {
  const code = String((error && error.code) || "");
  const words = (BY_CODE[code] || unanswered)();
  return new Trouble({ ...words, reference: code ? `The video service's code: ${code}` : undefined });
};

const LEFT = {
  ended: { title: "The meeting has ended", text: "You can close this tab." },
  kicked: {
    title: "You were taken out of the meeting",
    text: "If that was a mistake, ask whoever started the meeting.",
  },
  rejected: {
    title: "You were not let in",
    text: "Whoever holds the meeting did not admit you. If that was a mistake, ask them.",
  },
  disconnected: {
    title: "The connection to the meeting broke off",
    text: "Please check whether you are online, then come back in.",
    again: "Come back in",
  },
  failed: { ...mediaBlocked(), again: "Come back in" },
};

/** Words for how somebody came to be out of a meeting. */
export const outside = (state) =>
  LEFT[state] || { title: "You left the meeting", text: "You can close this tab.", again: "Come back in" };

const THINGS = { audio: "microphone", video: "camera" };

/**
 * Words for a camera or a microphone that does not work, or null.
 *
 * Where the browser or the system refuses it, the service's element shows how to allow it, with a picture.
 */
export const withoutDevice = (kind, message) => {
  const thing = THINGS[kind];
  if (thing && message === "NO_DEVICES_AVAILABLE") return `No ${thing} was found. You can join without one, or plug one in.`;
  if (thing && message === "COULD_NOT_START")
    return `Your ${thing} did not start. Another program may be using it: close that one, then try again.`;
  return null;
};
