import { h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import {
  choice,
  described,
  disclosure,
  field,
  shownFor,
  textArea,
} from "../parts/parts.js";
import { signingFields } from "../parts/signing.js";

const STARTS = ["now", "first", "number", "time"];
const RETRIES = ["usual", "own", "none"];
const FORMATS = ["cloudevents", "tencent"];
const AFTERWARDS = ["hold", "dead-letter"];
const DEFAULT_TIMEOUT_SEC = 10;

/** Fields for an endpoint as it is, or for a new one; those that few need lie behind a disclosure. */
export function fieldsOf(endpoint) {
  const { url, description, filter = {} } = endpoint ?? {};
  return [
    field({
      label: t("endpoint.url"),
      name: "url",
      type: "url",
      value: url,
      required: true,
    }),
    field({
      label: t("endpoint.description"),
      name: "description",
      value: description,
    }),
    field({
      label: t("endpoint.families"),
      name: "families",
      value: words(filter.families),
    }),
    described(
      field({
        label: t("endpoint.commands"),
        name: "commands",
        value: words(filter.commands),
      }),
      t("endpoint.filterHint"),
    ),
    ...relayFields(endpoint),
    ...(endpoint === undefined ? startFields() : []),
    disclosure(
      { title: t("endpoint.more"), isOpen: isUnusual(endpoint) },
      h("div", { class: "fields" }, rareFields(endpoint)),
    ),
  ];
}

/** Fields of the format, CloudEvents or Tencent's own, and of its signature. */
function relayFields(endpoint) {
  const format = choice({
    label: t("relay.format"),
    name: "format",
    value: endpoint?.format,
    options: FORMATS.map((name) => [name, t(`relay.format.${name}`)]),
  });
  return [
    described(format, t("relay.formatHint")),
    shownFor(
      format,
      "tencent",
      h("div", { class: "fields" }, signingFields(endpoint)),
    ),
  ];
}

/** True when an endpoint has settings that a new one has not, which should be seen at once. */
function isUnusual(endpoint) {
  if (endpoint === undefined) return false;
  const { filter, headers, timeoutSeconds, retrySeconds, onExhausted } =
    endpoint;
  return filter.sdkAppIds.length + filter.groupIds.length + headers.length >
      0 ||
    timeoutSeconds !== DEFAULT_TIMEOUT_SEC || retrySeconds !== undefined ||
    onExhausted !== "hold" || endpoint.concurrency > 1;
}

function startFields() {
  const start = choice({
    label: t("endpoint.start"),
    name: "start",
    options: STARTS.map((name) => [name, t(`start.${name}`)]),
  });
  return [
    start,
    shownFor(
      start,
      "number",
      field({
        label: t("endpoint.startNumber"),
        name: "startNumber",
        type: "number",
        min: 0,
        required: true,
      }),
    ),
    shownFor(
      start,
      "time",
      field({
        label: t("endpoint.startTime"),
        name: "startTime",
        type: "datetime-local",
        required: true,
      }),
    ),
  ];
}

function rareFields(endpoint) {
  const { filter = {}, timeoutSeconds, onExhausted } = endpoint ?? {};
  return [
    field({
      label: t("endpoint.apps"),
      name: "apps",
      value: words(filter.sdkAppIds),
    }),
    described(
      textArea({
        label: t("endpoint.groups"),
        name: "groups",
        value: (filter.groupIds ?? []).join("\n"),
      }),
      t("endpoint.groupsHint"),
    ),
    ...headerFields(endpoint?.headers ?? []),
    described(
      field({
        label: t("endpoint.timeout"),
        name: "timeout",
        type: "number",
        min: 1,
        max: 60,
        step: "any",
        value: timeoutSeconds ?? DEFAULT_TIMEOUT_SEC,
      }),
      t("endpoint.timeoutHint"),
    ),
    described(
      field({
        label: t("relay.concurrency"),
        name: "concurrency",
        type: "number",
        min: 1,
        max: 32,
        value: endpoint?.concurrency ?? 1,
      }),
      t("relay.concurrencyHint"),
    ),
    ...retryFields(endpoint?.retrySeconds),
    choice({
      label: t("endpoint.exhausted"),
      name: "onExhausted",
      value: onExhausted,
      options: AFTERWARDS.map((name) => [name, t(`exhausted.${name}`)]),
    }),
  ];
}

/** Of those that are sent the server shows the names alone. */
function headerFields(names) {
  const hint = names.length === 0
    ? t("endpoint.headersHint")
    : t("endpoint.headersKept", { names: words(names) });
  return [
    described(
      textArea({ label: t("endpoint.headers"), name: "headers" }),
      hint,
    ),
    names.length > 0 && h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", name: "dropsHeaders" }),
      t("endpoint.headersDrop"),
    ),
  ];
}

function retryFields(seconds) {
  const chosen = seconds === undefined
    ? "usual"
    : seconds.length === 0
    ? "none"
    : "own";
  const retries = choice({
    label: t("endpoint.retries"),
    name: "retries",
    value: chosen,
    options: RETRIES.map((name) => [name, t(`retries.${name}`)]),
  });
  const own = field({
    label: t("endpoint.retrySeconds"),
    name: "retrySeconds",
    value: words(seconds),
    required: true,
    inputmode: "decimal",
  });
  return [
    retries,
    shownFor(retries, "own", described(own, t("endpoint.retryHint"))),
  ];
}

function words(list = []) {
  return list.join(", ");
}
