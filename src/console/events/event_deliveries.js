import { change, getJson } from "../server/api.js";
import { h } from "../parts/dom.js";
import { reasonOf, tell, tellError } from "../parts/notice.js";
import { ago, badge, emptyNote } from "../parts/parts.js";
import { hrefOf } from "../server/place.js";
import { hasText, t } from "../texts/i18n.js";

const KINDS = { delivered: "good", failing: "warn", deadLetter: "bad" };

/** Delivery of an event to each endpoint, with a button that sends it again. */
export async function eventDeliveries({ id }, { server, signal }) {
  try {
    const { items } = await getJson(`/v1/events/${id}/deliveries`, { signal });
    if (items.length === 0) return emptyNote(t("event.noDeliveries"));
    return h(
      "ul",
      { class: "list" },
      items.map((delivery) => deliveryEntry(delivery, { id, server })),
    );
  } catch (error) {
    return h("p", { class: "problem" }, reasonOf(error));
  }
}

function deliveryEntry(delivery, { id, server }) {
  const { endpoint, description, state, attempts } = delivery;
  const last = attempts.at(0);
  const onclick = async () => {
    try {
      await change("POST", `/v1/endpoints/${endpoint}/redeliver`, {
        event: id,
      });
      tell(t("replay.queued"));
    } catch (error) {
      tellError(error);
    }
  };
  return h(
    "li",
    { class: "entry" },
    h(
      "div",
      { class: "stack" },
      h("a", {
        dir: "auto",
        href: hrefOf("endpoints", { endpoint }),
      }, description || endpoint),
      h("small", {}, t("attemptCount", { n: attempts.length })),
    ),
    badge(stateWord(state), KINDS[state] ?? ""),
    last && ago(last.time),
    server.canWrite &&
      h("button", { type: "button", onclick }, t("redeliver")),
  );
}

function stateWord(state) {
  const key = `delivery.${state}`;
  return hasText(key) ? t(key) : state;
}
