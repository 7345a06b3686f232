import { change } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { openEndpointForm } from "./endpoint_form.js";
import { resendForm } from "./endpoint_resends.js";
import { code } from "../events/event_drawer.js";
import { milliseconds } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { confirmed, tellError } from "../parts/notice.js";
import { choice } from "../parts/parts.js";
import { showSecret } from "../parts/secret_dialog.js";

/**
 * Buttons of an endpoint; `answer` is the element that shows the result.
 *
 * @returns {{ bar: HTMLElement, resends: HTMLElement, update: (endpoint: object) => void }}
 */
export function endpointActions(
  { endpoint, path, close, again, answer, signal },
) {
  let now = endpoint;
  const act = (action) => async () => {
    try {
      if (await action() !== false) await again();
    } catch (error) {
      if (!signal.aborted) tellError(error);
    }
  };
  const post = (name, body) =>
    act(() => change("POST", `${path}/${name}`, body));
  const remove = () =>
    removed(endpoint, path, close).then((isGone) => isGone && again())
      .catch((error) => error.status === 404 || tellError(error));
  const edit = () =>
    openEndpointForm({
      endpoint: now,
      signal,
      save: (body) => change("PATCH", path, body),
      onSaved: act(() => {}),
    });
  const bar = h("div", { class: "actions" });
  function show() {
    fill(
      bar,
      ...stateButtons(now.state, post),
      now.failing && button("up", t("skipEvent"), act(() => skip(now, path))),
      button("send", t("test"), act(() => test(path, answer))),
      button("edit", t("edit"), edit),
      button("key", t("secret.rotate"), act(() => rotate(path))),
      button("trash", t("delete"), remove, "danger"),
    );
  }
  show();
  return {
    bar,
    resends: resendForm(path, act),
    update(newest) {
      const isSame = newest.state === now.state &&
        newest.failing?.event === now.failing?.event;
      now = newest;
      // The same content stays, and with it focus.
      if (!isSame) show();
    },
  };
}

function stateButtons(state, post) {
  if (["paused", "held", "disabled"].includes(state)) {
    return [button("play", t("resume"), post("resume"))];
  }
  const pauseButton = button("pause", t("pause"), post("pause"));
  if (state !== "retrying") return [pauseButton];
  const tryNow = t("endpoint.tryNow");
  return [button("again", tryNow, post("resume"), "primary"), pauseButton];
}

function button(name, text, onclick, kind = "") {
  return h(
    "button",
    { type: "button", class: kind, onclick },
    icon(name),
    text,
  );
}

async function removed({ url }, path, close) {
  const isSure = await confirmed({
    title: t("endpoint.deleteTitle"),
    text: t("endpoint.deleteText", { url }),
    yes: t("delete"),
  });
  if (!isSure) return false;
  await change("DELETE", path);
  close();
  return true;
}

async function skip({ failing: { event } }, path) {
  const isSure = await confirmed({
    title: t("skip.title", { event }),
    text: t("skip.text"),
    yes: t("skipEvent"),
  });
  if (!isSure) return false;
  return await change("POST", `${path}/skip`, { seq: event });
}

async function test(path, answer) {
  const { delivered, status, error, durationMs, ...rest } = await change(
    "POST",
    `${path}/test`,
  );
  const outcome = delivered
    ? t("attempt.delivered")
    : error ?? t("attempt.failed");
  const parts = [outcome, status && `HTTP ${status}`, milliseconds(durationMs)];
  fill(
    answer,
    h(
      "p",
      { class: delivered ? "good" : "problem" },
      parts.filter((part) => part).join(" · "),
    ),
    code(JSON.stringify(rest, null, 2)),
  );
}

/** Periods for which the old secret also signs, in seconds. */
const OVERLAPS = ["86400", "3600", "604800", "0"];

async function rotate(path) {
  const overlap = choice({
    label: t("rotate.overlap"),
    name: "overlap",
    options: OVERLAPS.map((seconds) => [seconds, t(`rotate.${seconds}`)]),
  });
  const isSure = await confirmed({
    title: t("rotate.title"),
    text: t("rotate.text"),
    yes: t("secret.rotate"),
    content: overlap,
  });
  if (!isSure) return false;
  const overlapSeconds = Number(overlap.querySelector("select").value);
  const body = { overlapSeconds };
  const { secret } = await change("POST", `${path}/secret`, body);
  await showSecret(secret);
}
