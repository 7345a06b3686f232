import { h } from "../parts/dom.js";
import { dateTime, duration } from "../parts/format.js";
import { t } from "../texts/i18n.js";
import { factList } from "../parts/parts.js";

/** Facts about an endpoint: settings, position and headers. */
export function endpointFacts(endpoint) {
  const { url, cursor, nextAttemptAt, onExhausted, timeoutSeconds } = endpoint;
  return factList([
    [t("endpoint.url"), h("code", {}, url)],
    [t("endpoint.wanted"), wantedText(endpoint) || t("endpoint.everything")],
    [t("endpoint.cursor"), `#${cursor}`],
    [t("endpoint.next"), nextAttemptAt && dateTime(nextAttemptAt)],
    [t("endpoint.replays"), replaysText(endpoint)],
    [t("relay.format"), t(`relay.format.${endpoint.format}`)],
    [t("relay.signer"), signerText(endpoint)],
    [t("relay.concurrency"), endpoint.concurrency],
    [t("endpoint.headers"), endpoint.headers.join(", ")],
    [t("endpoint.timeout"), duration(timeoutSeconds)],
    [t("endpoint.retries"), retriesText(endpoint)],
    [t("endpoint.exhausted"), t(`exhausted.${onExhausted}`)],
    [t("endpoint.secrets"), secretsOf(endpoint)],
    [t("created"), dateTime(endpoint.createdAt)],
    [t("note"), endpoint.warnings?.join(" ")],
  ]);
}

function signerText({ format, hasToken, signWithAppToken }) {
  if (format !== "tencent") return undefined;
  const signer = hasToken ? "own" : signWithAppToken ? "app" : "nobody";
  return t(`relay.signer.${signer}`);
}

function wantedText({ filter: { families, commands, sdkAppIds, groupIds } }) {
  return [
    ...families.map((family) => `${family}.*`),
    ...commands,
    ...sdkAppIds,
    ...groupIds,
  ].join(", ");
}

function replaysText({ replays }) {
  return replays.map(({ next, to }) =>
    next === to ? `#${to}` : `#${next}–#${to}`
  )
    .join(", ");
}

function retriesText({ retrySeconds }) {
  if (retrySeconds === undefined) return t("retries.usual");
  if (retrySeconds.length === 0) return t("retries.none");
  return retrySeconds.map((seconds) => duration(seconds)).join(", ");
}

function secretsOf({ secrets }) {
  return h(
    "ul",
    {},
    secrets.map(({ createdAt, expiresAt }) =>
      h(
        "li",
        {},
        expiresAt === undefined
          ? t("secret.made", { time: dateTime(createdAt) })
          : t("secret.until", {
            time: dateTime(createdAt),
            until: dateTime(expiresAt),
          }),
      )
    ),
  );
}
