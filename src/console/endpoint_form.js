import { copyButton } from "./copy.js";
import { fill, h } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { t } from "./i18n.js";
import { reasonOf } from "./notice.js";
import { choice, field, valuesOf } from "./parts.js";

const STARTS = ["now", "first"];
const AFTERWARDS = ["hold", "dead-letter"];

/**
 * Asks for an endpoint's configuration: of a new one, or of `endpoint` as it is to be.
 *
 * @param {{
 *   endpoint?: object,
 *   save: (body: object) => Promise<object>,
 *   onSaved: () => void,
 *   signal: AbortSignal,
 * }} options
 */
export function openEndpointForm({ endpoint, save, onSaved, signal }) {
  openDrawer({
    title: t(endpoint === undefined ? "endpoints.add" : "edit"),
    signal,
    content: (close) => [formOf({ endpoint, save, onSaved, close })],
  });
}

function formOf({ endpoint, save, onSaved, close }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const button = h("button", { class: "primary" }, t("save"));
  const form = h(
    "form",
    { class: "fields", onsubmit },
    fieldsOf(endpoint),
    problem,
    h("div", { class: "actions" }, button),
  );
  async function onsubmit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const saved = await save(bodyOf(valuesOf(form), endpoint));
      onSaved();
      if (saved.secret === undefined) close();
      else fill(form, secretNote(saved.secret, close));
    } catch (error) {
      fill(problem, reasonOf(error));
    } finally {
      button.disabled = false;
    }
  }
  return form;
}

function fieldsOf(endpoint) {
  const { url, description, filter = {}, onexhausted } = endpoint ?? {};
  const words = (list = []) => list.join(", ");
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
    field({
      label: t("endpoint.commands"),
      name: "commands",
      value: words(filter.commands),
    }),
    field({
      label: t("endpoint.apps"),
      name: "apps",
      value: words(filter.apps),
    }),
    h("p", { class: "hint" }, t("endpoint.filterHint")),
    endpoint === undefined && choice({
      label: t("endpoint.start"),
      name: "start",
      options: STARTS.map((start) => [start, t(`start.${start}`)]),
    }),
    choice({
      label: t("endpoint.exhausted"),
      name: "onexhausted",
      value: onexhausted,
      options: AFTERWARDS.map((name) => [name, t(`exhausted.${name}`)]),
    }),
  ];
}

/** The groups of a filter are not asked for here, and stay as they are. */
function bodyOf(values, endpoint) {
  const { url, description = "", start, onexhausted } = values;
  const listOf = (text = "") => text.split(/[\s,]+/).filter((word) => word);
  return {
    url,
    description,
    onexhausted,
    filter: {
      families: listOf(values.families).map((word) =>
        word.replace(/\.\*$/, "")
      ),
      commands: listOf(values.commands),
      apps: listOf(values.apps).map(Number),
      groups: endpoint?.filter.groups ?? [],
    },
    ...(start === undefined ? {} : { start }),
  };
}

/** A secret is shown once: here. */
export function secretNote(secret, close) {
  return h(
    "div",
    { class: "secret" },
    h("h3", {}, t("secret.title")),
    h("p", {}, t("secret.text")),
    h("pre", { tabindex: 0 }, secret),
    h(
      "div",
      { class: "actions" },
      copyButton(t("copy"), secret),
      h(
        "button",
        { type: "button", class: "primary", onclick: close },
        t("secret.kept"),
      ),
    ),
  );
}
