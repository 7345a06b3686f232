import { change, getJson } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { openDrawer } from "../parts/drawer.js";
import { dateTime, milliseconds, number } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { confirmed, tellError } from "../parts/notice.js";
import { emptyNote, factList } from "../parts/parts.js";
import { code } from "../events/event_drawer.js";
import { openDeciderForm } from "./decider_form.js";
import { decidedText, deciderState, paceText } from "./decider_words.js";

const EVERY_MS = 3_000;
/** The command that a test asks about where the decider names none. */
const TEST_COMMAND = "Group.CallbackBeforeCreateGroup";

/** Shows all of one decider: figures, last failures, and what can be done. */
export function openDecider(decider, { server, signal, refresh }) {
  const path = `/v1/deciders/${encodeURIComponent(decider.name)}`;
  const state = h("div", { class: "badges" });
  const facts = h("div", {});
  const failures = h("div", {});
  const answer = h("div", { role: "status" });
  const bar = h("div", { class: "actions" });
  let now = decider;
  async function again() {
    now = await getJson(path, { signal });
    show();
    await refresh();
  }
  const act = (action) => async () => {
    try {
      if (await action() !== false) await again();
    } catch (error) {
      if (!signal.aborted) tellError(error);
    }
  };
  let shownState;
  function show() {
    fill(state, deciderState(now), paceText(now));
    fill(facts, factsOf(now));
    fill(failures, failuresOf(now));
    // The same content stays, and with it focus.
    if (server.canWrite && now.state !== shownState) fill(bar, buttons());
    shownState = now.state;
  }
  let close;
  function buttons() {
    const isPaused = now.state === "paused";
    const edit = () =>
      openDeciderForm({
        decider: now,
        signal,
        save: (body) => change("PATCH", path, body),
        onSaved: act(() => {}),
      });
    return [
      isPaused
        ? button("play", t("resume"), act(() => post("resume")))
        : button("pause", t("pause"), act(() => post("pause"))),
      button("send", t("test"), act(() => test(now, { path, answer }))),
      button("edit", t("edit"), edit),
      button("trash", t("delete"), act(remove), "danger"),
    ];
  }
  const post = (name) => change("POST", `${path}/${name}`, {});
  async function remove() {
    const title = t("decider.delete", { name: now.name });
    const text = t("decider.deleteText");
    if (!await confirmed({ title, text, yes: t("delete") })) return false;
    await change("DELETE", path);
    close();
    await refresh();
    return false;
  }
  show();
  const timer = setInterval(() => {
    if (!state.isConnected) return clearInterval(timer);
    // Unreachable or gone: the list behind says so.
    again().catch(() => {});
  }, EVERY_MS);
  openDrawer({
    title: decider.name,
    signal,
    content: (closeIt) => {
      close = closeIt;
      return [state, bar, answer, facts, failures];
    },
  });
}

function factsOf(decider) {
  const { url, timeoutMs, onFailure, hasToken, signWithAppToken } = decider;
  const signer = hasToken ? "own" : signWithAppToken ? "app" : "nobody";
  return factList([
    [t("endpoint.url"), url && h("code", {}, url)],
    [
      t("decider.answer"),
      decider.answer && h("code", {}, JSON.stringify(decider.answer)),
    ],
    [t("endpoint.wanted"), decidedText(decider)],
    [t("decider.timeout"), milliseconds(timeoutMs)],
    [t("decider.onFailure"), t(`decider.onFailure.${onFailure}`)],
    [t("endpoint.headers"), decider.headers.join(", ")],
    [t("relay.signer"), url && t(`relay.signer.${signer}`)],
    [t("decider.decisions"), countsText(decider)],
    [t("created"), dateTime(decider.createdAt)],
  ]);
}

function countsText({ decisions }) {
  return Object.entries(decisions)
    .map(([word, count]) => `${t(`decision.${word}`)} ${number(count)}`)
    .join(", ");
}

function failuresOf({ lastFailures }) {
  return [
    h("h3", {}, t("decider.failures")),
    lastFailures.length === 0 ? emptyNote(t("decider.noFailures")) : h(
      "ul",
      { class: "list" },
      lastFailures.map(({ time, command, reason, error }) =>
        h(
          "li",
          { class: "entry" },
          h(
            "div",
            { class: "stack" },
            h("span", {}, `${reason}: ${error}`),
            h("small", { class: "dim" }, `${dateTime(time)} · ${command}`),
          ),
        )
      ),
    ),
  ];
}

async function test({ commands }, { path, answer }) {
  const command = commands[0] ?? TEST_COMMAND;
  const result = await change("POST", `${path}/test`, { command });
  fill(answer, code(JSON.stringify(result, null, 2)));
  return false;
}

function button(name, text, onclick, kind = "") {
  return h(
    "button",
    { type: "button", class: kind, onclick },
    icon(name),
    text,
  );
}
