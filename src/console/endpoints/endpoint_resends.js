import { change } from "../server/api.js";
import { h } from "../parts/dom.js";
import { isoOf } from "./endpoint_body.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { tell } from "../parts/notice.js";
import {
  choice,
  disclosure,
  field,
  shownFor,
  valuesOf,
} from "../parts/parts.js";

const WAYS = ["one", "number", "time"];

/** Asks what is to be sent once more: one event, or what is wanted of a range. */
export function resendForm(path, act) {
  const send = act(async () => {
    const { way, ...values } = valuesOf(form);
    if (way === "one") {
      await change("POST", `${path}/redeliver`, { seq: values.one });
    } else await change("POST", `${path}/replay`, rangeOf(way, values));
    tell(t("replay.queued"));
  });
  const onsubmit = (event) => {
    event.preventDefault();
    send();
  };
  const way = choice({
    label: t("replay.way"),
    name: "way",
    options: WAYS.map((name) => [name, t(`replay.${name}`)]),
  });
  const form = h(
    "form",
    { class: "filters", onsubmit },
    way,
    shownFor(way, "one", numberField("one", t("replay.event"), true)),
    shownFor(way, "number", numberField("from", t("replay.from"), true)),
    shownFor(
      way,
      "time",
      field({
        label: t("replay.since"),
        name: "since",
        type: "datetime-local",
        required: true,
      }),
    ),
    shownFor(way, ["number", "time"], numberField("to", t("replay.to"), false)),
    h("button", {}, icon("again"), t("replay")),
  );
  const hint = h("p", { class: "hint" }, t("replay.hint"));
  return disclosure({ title: t("replay") }, form, hint);
}

function rangeOf(way, { from, since, to }) {
  const start = way === "time" ? { since: isoOf(since) } : { from };
  return { ...start, ...(to === undefined ? {} : { to }) };
}

function numberField(name, label, required) {
  const digits = { inputmode: "numeric", pattern: "[1-9][0-9]*" };
  return field({ label, name, required, ...digits });
}
