import { fill, h } from "../parts/dom.js";
import { openDrawer } from "../parts/drawer.js";
import { t } from "../texts/i18n.js";
import { reasonOf, tell } from "../parts/notice.js";
import {
  choice,
  described,
  field,
  shownFor,
  textArea,
  valuesOf,
} from "../parts/parts.js";
import { signingFields } from "../parts/signing.js";
import { bodyOf } from "./decider_body.js";

const DEFAULT_TIMEOUT_MS = 1_000;
const REFUSAL = '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":1}';

/**
 * Asks for a decider's settings: of a new one, or of `decider` as it is to be.
 *
 * @param {{
 *   decider?: object,
 *   save: (body: object) => Promise<object>,
 *   onSaved: () => void,
 *   signal: AbortSignal,
 * }} options
 */
export function openDeciderForm({ decider, save, onSaved, signal }) {
  openDrawer({
    title: t(decider === undefined ? "deciders.add" : "edit"),
    signal,
    content: (close) => [formOf({ decider, save, onSaved, close })],
  });
}

function formOf({ decider, save, onSaved, close }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const button = h("button", { class: "primary" }, t("save"));
  const form = h(
    "form",
    { class: "fields", onsubmit },
    fieldsOf(decider),
    problem,
    h("div", { class: "actions" }, button),
  );
  async function onsubmit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const { warnings = [] } = await save(bodyOf(valuesOf(form), decider));
      onSaved();
      close();
      for (const warning of warnings) tell(warning, "warned");
    } catch (error) {
      fill(
        problem,
        error instanceof SyntaxError ? t("decider.noJson") : reasonOf(error),
      );
    } finally {
      button.disabled = false;
    }
  }
  return form;
}

function fieldsOf(decider) {
  const { url, answer, commands = [], families = [] } = decider ?? {};
  const by = choice({
    label: t("decider.by"),
    name: "by",
    value: answer === undefined ? "url" : "answer",
    options: ["url", "answer"].map((name) => [name, t(`decider.by.${name}`)]),
  });
  const text = answer === undefined ? REFUSAL : JSON.stringify(answer);
  return [
    decider === undefined &&
    field({ label: t("decider.name"), name: "name", required: true }),
    by,
    shownFor(
      by,
      "url",
      field({
        label: t("endpoint.url"),
        name: "url",
        type: "url",
        value: url,
        required: true,
      }),
    ),
    shownFor(
      by,
      "answer",
      textArea({ label: t("decider.answer"), name: "answer", value: text }),
    ),
    field({
      label: t("endpoint.families"),
      name: "families",
      value: families.join(", "),
    }),
    described(
      field({
        label: t("endpoint.commands"),
        name: "commands",
        value: commands.join(", "),
      }),
      t("decider.commandsHint"),
    ),
    field({
      label: t("endpoint.apps"),
      name: "apps",
      value: (decider?.sdkAppIds ?? []).join(", "),
    }),
    field({
      label: t("decider.timeout"),
      name: "timeoutMs",
      type: "number",
      min: 100,
      max: 1_200,
      value: decider?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    }),
    choice({
      label: t("decider.onFailure"),
      name: "onFailure",
      value: decider?.onFailure,
      options: ["allow", "refuse"].map((name) => [
        name,
        t(`decider.onFailure.${name}`),
      ]),
    }),
    shownFor(by, "url", h("div", { class: "fields" }, signingFields(decider))),
  ];
}
