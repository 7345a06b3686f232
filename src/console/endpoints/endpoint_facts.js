import { h } from "../parts/dom.js";
import { dateTime, duration } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { factList } from "../parts/parts.js";

/** What an endpoint is, where it stands, and what it is sent with. */
export function endpointFacts(endpoint) {
  const { url, cursor, nextattempttime, onexhausted, timeoutseconds } =
    endpoint;
  return factList([
    [t("endpoint.url"), h("code", {}, url)],
    [t("endpoint.wanted"), wantedText(endpoint) || t("endpoint.everything")],
    [t("endpoint.cursor"), `#${cursor}`],
    [t("endpoint.next"), nextattempttime && dateTime(nextattempttime)],
    [t("endpoint.replays"), replaysText(endpoint)],
    [t("endpoint.headers"), endpoint.headers.join(", ")],
    [t("endpoint.timeout"), duration(timeoutseconds)],
    [t("endpoint.retries"), retriesText(endpoint)],
    [t("endpoint.exhausted"), t(`exhausted.${onexhausted}`)],
    [t("endpoint.secrets"), secretsOf(endpoint)],
    [t("created"), dateTime(endpoint.createdtime)],
    [t("note"), endpoint.warnings?.join(" ")],
  ]);
}

function wantedText({ filter: { families, commands, apps, groups } }) {
  return [
    ...families.map((family) => `${family}.*`),
    ...commands,
    ...apps,
    ...groups,
  ].join(", ");
}

function replaysText({ replays }) {
  return replays.map(({ next, to }) =>
    next === to ? `#${to}` : `#${next}–#${to}`
  )
    .join(", ");
}

function retriesText({ retryseconds }) {
  if (retryseconds === undefined) return t("retries.usual");
  if (retryseconds.length === 0) return t("retries.none");
  return retryseconds.map((seconds) => duration(seconds)).join(", ");
}

function secretsOf({ secrets }) {
  return h(
    "ul",
    {},
    secrets.map(({ createdtime, expirestime }) =>
      h(
        "li",
        {},
        expirestime === undefined
          ? t("secret.made", { time: dateTime(createdtime) })
          : t("secret.until", {
            time: dateTime(createdtime),
            until: dateTime(expirestime),
          }),
      )
    ),
  );
}
