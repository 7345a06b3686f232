import { change } from "./api.js";
import { fill, h } from "./dom.js";
import { openEndpointForm, secretNote } from "./endpoint_form.js";
import { code } from "./event_drawer.js";
import { milliseconds } from "./format.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { confirmed, tell, tellError } from "./notice.js";
import { field, valuesOf } from "./parts.js";

/**
 * What a person can do with an endpoint; `answer` is where what came of it is shown.
 *
 * @returns {{ element: HTMLElement, update: (endpoint: object) => void }}
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
    const isStill = ["paused", "held", "disabled"].includes(now.state);
    fill(
      bar,
      isStill
        ? button("play", t("resume"), post("resume"))
        : button("pause", t("pause"), post("pause")),
      now.failing && button("up", t("skipEvent"), act(() => skip(now, path))),
      button("send", t("test"), act(() => test(path, answer))),
      button("edit", t("edit"), edit),
      button("again", t("secret.rotate"), act(() => rotate(path, answer))),
      button("trash", t("delete"), remove, "danger"),
    );
  }
  show();
  return {
    element: h("div", { class: "fields" }, bar, replayForm(path, act)),
    update(newest) {
      const isSame = newest.state === now.state &&
        newest.failing?.event === now.failing?.event;
      now = newest;
      // What is the same stays, and with it focus.
      if (!isSame) show();
    },
  };
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
  return await change("POST", `${path}/skip`, { seq: Number(event) });
}

async function test(path, answer) {
  const { delivered, status, error, durationms, ...rest } = await change(
    "POST",
    `${path}/test`,
  );
  const outcome = delivered
    ? t("attempt.delivered")
    : error ?? t("attempt.failed");
  const parts = [outcome, status && `HTTP ${status}`, milliseconds(durationms)];
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

async function rotate(path, answer) {
  const isSure = await confirmed({
    title: t("rotate.title"),
    text: t("rotate.text"),
    yes: t("secret.rotate"),
  });
  if (!isSure) return false;
  const { secret } = await change("POST", `${path}/secret`, {});
  fill(answer, secretNote(secret, () => fill(answer)));
}

/** Sends a range once more. */
function replayForm(path, act) {
  const send = act(async () => {
    const { from, to } = valuesOf(form);
    const range = { from: Number(from), ...(to && { to: Number(to) }) };
    await change("POST", `${path}/replay`, range);
    tell(t("replay.queued"));
  });
  const onsubmit = (event) => {
    event.preventDefault();
    send();
  };
  const digits = { inputmode: "numeric", pattern: "[1-9][0-9]*" };
  const form = h(
    "form",
    { class: "filters", onsubmit },
    field({ label: t("replay.from"), name: "from", required: true, ...digits }),
    field({ label: t("replay.to"), name: "to", ...digits }),
    h("button", {}, icon("again"), t("replay")),
  );
  return form;
}
