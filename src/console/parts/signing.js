import { h } from "./dom.js";
import { described, field } from "./parts.js";
import { t } from "../texts/i18n.js";

/** Fields that say whose token signs requests in Tencent's format. */
export function signingFields(
  { hasToken = false, signWithAppToken = false } = {},
) {
  return [
    described(
      field({
        label: t("relay.token"),
        name: "token",
        type: "password",
        autocomplete: "off",
      }),
      t(hasToken ? "relay.tokenKept" : "relay.tokenHint"),
    ),
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        name: "signWithAppToken",
        checked: signWithAppToken,
      }),
      t("relay.signWithAppToken"),
    ),
    h("small", { class: "dim" }, t("relay.warning")),
  ];
}

/** The fields of the API that these ask for; a token that is left empty stays as it is. */
export function signingOf({ token, signWithAppToken }) {
  return {
    ...(token === undefined ? {} : { token }),
    signWithAppToken: signWithAppToken !== undefined,
  };
}
