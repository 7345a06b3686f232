import { alertList } from "./alerts.js";
import { checksCard } from "./checks.js";
import { reconciliationsCard } from "./reconciliations.js";
import { fill, h } from "../parts/dom.js";
import {
  bytes,
  dateTime,
  duration,
  milliseconds,
  number,
} from "../parts/format.js";
import { hasText, t } from "../texts/i18n.js";
import { reasonOf } from "../parts/notice.js";
import {
  ago,
  badge,
  emptyNote,
  factList,
  loading,
  tile,
} from "../parts/parts.js";

/** Opens the health page: intake and everything behind it. */
export function openHealth({ server, pulse, signal, setLive }) {
  const body = h("div", { class: "health" }, loading());
  pulse.subscribe(({ stats, failure }) => {
    setLive(failure === undefined ? "live" : "connecting");
    if (stats !== undefined) fill(body, sections(stats, { server, failure }));
    else if (failure !== undefined) fill(body, emptyNote(reasonOf(failure)));
  }, signal);
  return h(
    "div",
    { class: "page" },
    h("h1", {}, t("nav.health")),
    body,
    checksCard(),
    reconciliationsCard(signal),
  );
}

function sections(stats, { server, failure }) {
  const isWell = failure === undefined;
  return [
    alertList(stats.alerts) ??
      (isWell && h("p", { class: "all-well" }, t("health.well"))),
    tiles(stats),
    stats.intake.rejects.length > 0
      ? card(t("health.rejects"), rejects(stats.intake.rejects))
      : h("p", { class: "dim" }, t("health.noRejects")),
    h(
      "div",
      { class: "columns" },
      card(t("health.consumers"), consumers(stats)),
      card(t("health.apps"), apps(stats.apps)),
    ),
    card(
      t("health.server"),
      factList([
        [t("health.version"), server.version],
        [t("health.journal"), h("code", {}, server.journalId)],
        [
          t("health.callbackUrl"),
          h("code", {}, location.origin + server.callbackPath),
        ],
        [t("health.retention"), retentionText(stats.retentionDays)],
        [t("health.time"), dateTime(stats.time)],
      ]),
    ),
  ];
}

function tiles({ intake, quarantine, lag, disk }) {
  const { perSecond, latencyMs, accepted, copies } = intake;
  return h(
    "dl",
    { class: "tiles card" },
    tile(t("tile.rate"), number(perSecond, 1), { note: t("perSecond") }),
    tile(t("tile.latency"), perSecond > 0 ? milliseconds(latencyMs.p50) : "–", {
      note: perSecond > 0 &&
        t("tile.p99", { time: milliseconds(latencyMs.p99) }),
    }),
    tile(t("tile.accepted"), number(accepted), {
      note: t("tile.copies", { n: copies }),
    }),
    tile(t("nav.quarantine"), number(quarantine.items), {
      kind: quarantine.items > 0 ? "warn" : "",
    }),
    tile(t("tile.lag"), number(lag.events), { note: duration(lag.seconds) }),
    disk && tile(t("tile.disk"), bytes(disk.freeBytes), {
      note: t("tile.store", { size: bytes(disk.storeBytes) }),
    }),
  );
}

function rejects(rows) {
  return h(
    "ul",
    { class: "list" },
    rows.map((row) => {
      const key = `reject.${row.code}`;
      const reason = hasText(key) ? t(key) : row.reason;
      return h(
        "li",
        { class: "entry" },
        badge(String(row.code), "warn"),
        h(
          "div",
          { class: "stack" },
          h(
            "span",
            {},
            t("health.reject", {
              n: row.count,
              reason,
              address: row.lastAddress,
            }),
          ),
          h("small", {}, t("health.lastMinute", { n: row.lastMinute })),
        ),
        ago(row.lastAt),
      );
    }),
  );
}

function apps(rows) {
  return table(
    [t("app"), t("health.lastCallback"), t("health.sign")],
    rows.map(({ sdkAppId, lastCallbackAt, isSigned }) => [
      h("code", {}, sdkAppId),
      lastCallbackAt === undefined ? t("health.never") : ago(lastCallbackAt),
      isSigned ? badge(t("signed"), "good") : badge(t("unsigned"), "warn"),
    ]),
  );
}

function consumers({ consumers: rows, lag }) {
  const all = [{ name: t("health.directory"), ...lag }, ...rows];
  return table(
    [t("column.name"), t("column.behind"), t("column.waited")],
    all.map(({ name, events, seconds }) => [
      name,
      t("eventCount", { n: events }),
      events === 0 ? "–" : duration(seconds),
    ]),
  );
}

function retentionText(days) {
  return days === undefined ? t("health.forever") : t("days", { n: days });
}

function card(title, content) {
  return h("section", { class: "card" }, h("h2", {}, title), content);
}

function table(heads, rows) {
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head))),
    ),
    h(
      "tbody",
      {},
      rows.map((row) => h("tr", {}, row.map((value) => h("td", {}, value)))),
    ),
  );
}
