// The switches that make the outside world misbehave, each a sentence; the simulator's own names are behind them.

import { h } from "./dom.js";

const WEBHOOKS = {
  normal: { label: "arrive as they should", set: {} },
  drop: { label: "are all lost", set: { "webhooks.drop_all": true } },
  some: { label: "are lost half the time", set: { "webhooks.drop_chance": 0.5 } },
  double: { label: "arrive twice", set: { "webhooks.double": true } },
  shuffle: { label: "arrive in any order", set: { "webhooks.shuffle": 4 } },
  late: { label: "arrive ten seconds late", set: { "webhooks.late_seconds": 10 } },
};

const SERVICE = {
  normal: { label: "answers", set: {} },
  slow: { label: "answers after four seconds", set: { slow_seconds: 4 } },
  down: { label: "is down (500)", set: { down: true } },
  refused: { label: "refuses the bot's key (401)", set: { refused: true } },
  unreachable: { label: "cannot be reached", set: { unreachable: true } },
};

const SLACK = {
  none: "takes every call",
  ratelimited: "answers 429 three times",
  failing: "answers 500 three times",
};

/** Draw the switches as the simulators say they stand; `act` asks them to turn one. */
export function drawTroubles(faults, slackFaults, act) {
  return h(
    "fieldset",
    { class: "troubles", "data-testid": "faults" },
    h("legend", {}, "What goes wrong"),
    choice("Webhooks…", "fault-webhooks", WEBHOOKS, faults, act),
    choice("The service…", "fault-service", SERVICE, faults, act),
    slack(slackFaults, act),
    next("fault-upload", "fail_uploads", "The next upload of a recording fails", faults, act),
    toggle("fault-links", "links_expired", "Links to recordings have run out", faults, act),
    next("fault-livestream", "fail_livestreams", "The next livestream fails", faults, act),
  );
}

function choice(label, testid, choices, faults, act) {
  const reset = Object.assign({}, ...Object.values(choices).map((one) => calm(one.set)));
  const options = Object.entries(choices).map(([value, one]) => h("option", { value }, one.label));
  const select = h("select", { class: "select", "data-testid": testid, "data-focus": testid }, options);
  select.value = standing(choices, faults);
  select.addEventListener("change", () => act("provider/faults", { ...reset, ...choices[select.value].set }));
  return h("label", { class: "trouble" }, h("span", {}, label), select);
}

// Which of the two it is, Slack's side does not say, so the choice of this window is remembered.
let slackTrouble = "none";

function slack(slackFaults, act) {
  const testid = "fault-slack";
  const options = Object.entries(SLACK).map(([value, label]) => h("option", { value }, label));
  const select = h("select", { class: "select", "data-testid": testid, "data-focus": testid }, options);
  const left = Object.values(slackFaults.calls).reduce((sum, count) => sum + count, 0);
  select.value = left ? slackTrouble : "none";
  select.addEventListener("change", () => {
    slackTrouble = select.value;
    act("slack/faults", { trouble: select.value });
  });
  return h("label", { class: "trouble" }, h("span", {}, "Slack…"), select);
}

function calm(set) {
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name, typeof value === "boolean" ? false : 0]));
}

function standing(choices, faults) {
  const on = Object.keys(choices).find((value) => Object.keys(choices[value].set).some((name) => faults[name]));
  return on ?? "normal";
}

function toggle(testid, name, label, faults, act) {
  const box = h("input", { type: "checkbox", "data-testid": testid, "data-focus": testid });
  box.checked = faults[name];
  box.addEventListener("change", () => act("provider/faults", { [name]: box.checked }));
  return h("label", { class: "trouble-box" }, box, label);
}

function next(testid, name, label, faults, act) {
  const box = h("input", { type: "checkbox", "data-testid": testid, "data-focus": testid });
  box.checked = faults[name] > 0;
  box.addEventListener("change", () => act("provider/faults", { [name]: box.checked ? 1 : 0 }));
  return h("label", { class: "trouble-box" }, box, label);
}
