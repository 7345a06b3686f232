import { getBytes, getJson } from "../server/api.js";
import { copyButton, curlCommand, triggerCommand } from "../parts/copy.js";
import { h } from "../parts/dom.js";
import { openDrawer, tabs } from "../parts/drawer.js";
import { detailOf } from "./event_details.js";
import { actorOf, commandName } from "./event_words.js";
import { dateTime, milliseconds } from "../parts/format.js";
import { safeText } from "../parts/safe_text.js";
import { hasText, t } from "../texts/i18n.js";
import { reasonOf, tell, tellError } from "../parts/notice.js";
import { eventDeliveries } from "./event_deliveries.js";
import { factList } from "../parts/parts.js";
import { hrefOf } from "../server/place.js";

/** Shows all of one event. */
export function openEvent(event, { server, signal }) {
  const parsed = () => code(JSON.stringify(event.data, null, 2));
  openDrawer({
    title: commandName(event.type),
    signal,
    address: { event: event.id },
    content: (close) => [
      h("p", { class: "lead", dir: "auto" }, detailOf(event)),
      factList(factsOf(event)),
      warningsOf(event),
      actions(event, { server, signal }),
      tabs([
        ...(event.data === undefined ? [] : [[t("parsed"), parsed]]),
        [t("raw"), () => rawOf(event, signal)],
        [t("cloudEvent"), () => code(JSON.stringify(event, null, 2))],
        [
          t("event.deliveries"),
          () => eventDeliveries(event, { server, signal }),
        ],
      ]),
      neighbours(event, { server, signal, close }),
    ],
  });
}

/** Shows the event that an address names by its number. */
export async function openEventByNumber(number, { server, signal }) {
  try {
    const path = `/v1/events/${encodeURIComponent(number)}`;
    openEvent(await getJson(path, { signal }), { server, signal });
  } catch (error) {
    if (error.status !== 404 && error.status !== 400) return tellError(error);
    tell(t("event.unknown", { number }), "failed");
  }
}

/** Ways to the events just before and after. */
function neighbours({ id }, { server, signal, close }) {
  const step = (by, key) => {
    const number = String(Number(id) + by);
    const onclick = async () => {
      await openEventByNumber(number, { server, signal });
      close();
    };
    return h(
      "button",
      { type: "button", class: "quiet", onclick },
      t(key, { number }),
    );
  };
  return h(
    "div",
    { class: "actions" },
    Number(id) > 1 && step(-1, "event.previous"),
    step(1, "event.next"),
  );
}

function factsOf(event) {
  const { id, time, recordedtime, sdkappid, subject } = event;
  const group = subject &&
    h("a", { href: hrefOf("group", { app: sdkappid, id: subject }) }, subject);
  return [
    [t("fact.number"), `#${id}`],
    [t("fact.command"), h("code", {}, event.type)],
    [t("fact.group"), group],
    [t("fact.actor"), actorOf(event)],
    [t("fact.happened"), dateTime(time)],
    [t("fact.received"), dateTime(recordedtime)],
    [t("fact.platform"), event.optplatform],
    [t("fact.address"), event.clientip],
    [t("fact.sender"), event.senderip],
    [t("fact.decision"), decisionOf(event)],
    [t("app"), String(sdkappid)],
    [t("fact.revalidated"), event.revalidated && t("yes")],
  ];
}

/** The decision on a before callback, and its decider. */
function decisionOf({ decision, decidedby, decisioncode, decisionms }) {
  if (decision === undefined) return undefined;
  const word = hasText(`decision.${decision}`)
    ? t(`decision.${decision}`)
    : decision;
  const facts = [
    decidedby && t("by", { who: safeText(decidedby) }),
    decisioncode !== undefined && `${t("fact.code")} ${decisioncode}`,
    decisionms !== undefined && milliseconds(Number(decisionms)),
  ];
  return [word, ...facts.filter((fact) => fact)].join(" · ");
}

function warningsOf({ warnings }) {
  if (!warnings) return undefined;
  return h(
    "ul",
    { class: "warnings" },
    warnings.split("; ").map((sentence) => h("li", {}, warningText(sentence))),
  );
}

/** The server's own sentence is English; other languages have one for its usual form. */
function warningText(sentence) {
  const found = /^(.+?): expected (.+), got (.+)$/.exec(sentence);
  if (found === null) return safeText(sentence);
  const [, path, expected, received] = found.map(safeText);
  return t("warning", { path, expected, received });
}

function actions(event, { server, signal }) {
  const path = `/v1/events/${event.id}`;
  const trigger = async () =>
    triggerCommand(event, await rawText(event, signal), server);
  return h(
    "div",
    { class: "actions" },
    copyButton(t("copy.json"), JSON.stringify(event, null, 2)),
    copyButton(t("copy.curl"), curlCommand(path)),
    copyButton(t("copy.trigger"), trigger),
  );
}

async function rawText({ id }, signal) {
  const bytes = await getBytes(`/v1/events/${id}/raw`, { signal });
  return new TextDecoder().decode(bytes);
}

async function rawOf(event, signal) {
  try {
    return code(await rawText(event, signal));
  } catch (error) {
    return h("p", { class: "problem" }, reasonOf(error));
  }
}

/** Text as it is, that can be scrolled by keyboard too. */
export function code(text) {
  return h("pre", { tabindex: 0 }, text);
}
