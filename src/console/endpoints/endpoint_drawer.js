import { getJson, search } from "../server/api.js";
import { fill, h } from "../parts/dom.js";
import { openDrawer, tabs } from "../parts/drawer.js";
import { endpointActions } from "./endpoint_actions.js";
import { endpointFacts } from "./endpoint_facts.js";
import { endpointChart } from "./endpoint_chart.js";
import { attemptEntry } from "./endpoint_history.js";
import { deadLetterList } from "./endpoint_letters.js";
import {
  failingText,
  lagText,
  stateBadge,
  stoppedText,
} from "./endpoint_words.js";
import { t } from "../texts/i18n.js";
import { icon } from "../parts/icons.js";
import { pagedList } from "../parts/paged_list.js";

const PAGE_SIZE = 50;
const EVERY_MS = 3_000;

/** Shows all of one endpoint, what was sent to it, and what can be done about it. */
export function openEndpoint(endpoint, { server, signal, refresh }) {
  const path = `/v1/endpoints/${encodeURIComponent(endpoint.id)}`;
  const state = h("div", { class: "stack endpoint-state" });
  const facts = h("div", {});
  const answer = h("div", { role: "status" });
  const chart = h("div", {});
  let actions;
  const lists = historyOf(endpoint, { path, server, signal });
  const show = (now) => {
    fill(state, describe(now));
    fill(facts, endpointFacts(now));
  };
  async function showRates() {
    const { items } = await getJson(`${path}/rates`, { signal });
    fill(chart, endpointChart(items));
  }
  async function again() {
    const [now] = await Promise.all([getJson(path, { signal }), showRates()]);
    show(now);
    actions?.update(now);
    await Promise.all([lists.reload(), refresh()]);
  }
  show(endpoint);
  showRates().catch(() => {/* the list behind says what is wrong */});
  const timer = setInterval(() => {
    if (!state.isConnected) return clearInterval(timer);
    // Unreachable or gone: the list behind says so.
    again().catch(() => {});
  }, EVERY_MS);
  openDrawer({
    title: endpoint.description || endpoint.url,
    signal,
    address: { endpoint: endpoint.id },
    content: (close) => {
      const options = { endpoint, path, close, again, answer, signal };
      if (server.canWrite) actions = endpointActions(options);
      return [
        state,
        actions?.bar,
        answer,
        chart,
        facts,
        actions?.resends,
        lists.element,
      ];
    },
  });
}

function describe(endpoint) {
  const stopped = stoppedText(endpoint);
  const failing = failingText(endpoint);
  return [
    h("div", { class: "badges" }, stateBadge(endpoint), lagText(endpoint)),
    stopped &&
    h("div", { class: "alert" }, icon("quarantine"), h("p", {}, stopped)),
    failing && h("p", { class: "problem" }, failing),
  ];
}

function historyOf(endpoint, { path, server, signal }) {
  const attempts = pagedList({
    label: t("attempts"),
    empty: t("attempts.none"),
    read: async (cursor) => {
      const query = search({ limit: PAGE_SIZE, cursor });
      return await getJson(`${path}/attempts${query}`, { signal });
    },
    render: (attempt) => attemptEntry(attempt, endpoint),
  });
  const reload = () => Promise.all([attempts.reload(), letters.reload()]);
  const letters = deadLetterList(path, { server, signal, reload });
  return {
    element: tabs([
      [t("attempts"), () => attempts.element],
      [t("deadLetters"), () => letters.element],
    ]),
    reload,
  };
}
