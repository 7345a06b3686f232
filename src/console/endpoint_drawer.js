import { change, getJson } from "./api.js";
import { fill, h } from "./dom.js";
import { openDrawer, tabs } from "./drawer.js";
import { endpointActions } from "./endpoint_actions.js";
import { attemptEntry, deadLetterEntry } from "./endpoint_history.js";
import { failingText, lagText, stateBadge } from "./endpoint_words.js";
import { dateTime } from "./format.js";
import { t } from "./i18n.js";
import { tellError } from "./notice.js";
import { pagedList } from "./paged_list.js";
import { factList } from "./parts.js";

const PAGE_SIZE = 50;
const EVERY_MS = 3_000;

/** Shows all of one endpoint, what was sent to it, and what can be done about it. */
export function openEndpoint(endpoint, { server, signal, refresh }) {
  const path = `/v1/endpoints/${encodeURIComponent(endpoint.id)}`;
  const state = h("div", { class: "stack endpoint-state" });
  const answer = h("div", { role: "status" });
  let actions;
  const lists = historyOf(path, { server, signal });
  const show = (now) => fill(state, describe(now));
  async function again() {
    const now = await getJson(path, { signal });
    show(now);
    actions?.update(now);
    await Promise.all([lists.reload(), refresh()]);
  }
  show(endpoint);
  const timer = setInterval(() => {
    if (!state.isConnected) return clearInterval(timer);
    // Unreachable or gone: the list behind says so.
    again().catch(() => {});
  }, EVERY_MS);
  openDrawer({
    title: endpoint.description || endpoint.url,
    signal,
    content: (close) => {
      const options = { endpoint, path, close, again, answer, signal };
      if (server.canWrite) actions = endpointActions(options);
      return [state, actions?.element, answer, lists.element];
    },
  });
}

function describe(endpoint) {
  const { filter, failing, createdtime, replays } = endpoint;
  const wanted = [
    ...filter.families.map((family) => `${family}.*`),
    ...filter.commands,
    ...filter.apps,
    ...filter.groups,
  ].join(", ");
  return [
    h("div", { class: "badges" }, stateBadge(endpoint), lagText(endpoint)),
    h("p", { class: "problem" }, failingText(endpoint) ?? ""),
    factList([
      [t("endpoint.url"), h("code", {}, endpoint.url)],
      [t("endpoint.wanted"), wanted || t("endpoint.everything")],
      [t("endpoint.cursor"), `#${endpoint.cursor}`],
      [
        t("endpoint.next"),
        failing?.nextattempttime && dateTime(failing.nextattempttime),
      ],
      [t("endpoint.exhausted"), t(`exhausted.${endpoint.onexhausted}`)],
      [t("created"), dateTime(createdtime)],
      [
        t("endpoint.replays"),
        replays.map(({ next, to }) => `#${next}–#${to}`).join(", "),
      ],
      [t("note"), endpoint.warnings?.join(" ")],
    ]),
  ];
}

function historyOf(path, { server, signal }) {
  const redeliver = (event) =>
    change("POST", `${path}/redeliver`, { seq: event }).then(reload, tellError);
  const attempts = pagedList({
    label: t("attempts"),
    empty: t("attempts.none"),
    read: async (before) => {
      const more = before === undefined ? "" : `&before=${before}`;
      return await getJson(`${path}/attempts?limit=${PAGE_SIZE}${more}`, {
        signal,
      });
    },
    render: attemptEntry,
  });
  const letters = pagedList({
    label: t("deadLetters"),
    empty: t("deadLetters.none"),
    read: async (after = "0") => {
      const query = `?limit=${PAGE_SIZE}&after=${after}`;
      const { items, next } = await getJson(`${path}/dead-letters${query}`, {
        signal,
      });
      return { items, next: items.length === PAGE_SIZE ? next : undefined };
    },
    render: (letter) =>
      deadLetterEntry(letter, { redeliver: server.canWrite && redeliver }),
  });
  const reload = () => Promise.all([attempts.reload(), letters.reload()]);
  return {
    element: tabs([
      [t("attempts"), () => attempts.element],
      [t("deadLetters"), () => letters.element],
    ]),
    reload,
  };
}
