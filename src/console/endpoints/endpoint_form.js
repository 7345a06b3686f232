import { fill, h } from "../parts/dom.js";
import { openDrawer } from "../parts/drawer.js";
import { bodyOf } from "./endpoint_body.js";
import { fieldsOf } from "./endpoint_fields.js";
import { t } from "../texts/i18n.js";
import { reasonOf, tell } from "../parts/notice.js";
import { valuesOf } from "../parts/parts.js";
import { showSecret } from "../parts/secret_dialog.js";

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
  // Nobody sees what is wrong behind a disclosure that is closed.
  form.addEventListener("invalid", ({ target }) => {
    target.closest("details")?.setAttribute("open", "");
  }, true);
  async function onsubmit(event) {
    event.preventDefault();
    const body = bodyOf(valuesOf(form), endpoint);
    if (Object.keys(body).length === 0) return close();
    button.disabled = true;
    try {
      const { secret, warnings = [] } = await save(body);
      onSaved();
      close();
      if (secret !== undefined) {
        return await showSecret(secret, { notes: warnings });
      }
      for (const warning of warnings) tell(warning, "warned");
    } catch (error) {
      fill(problem, reasonOf(error));
    } finally {
      button.disabled = false;
    }
  }
  return form;
}
