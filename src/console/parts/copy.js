import { h } from "./dom.js";
import { t } from "../texts/i18n.js";
import { icon } from "./icons.js";
import { tell, tellError } from "./notice.js";

/** A button that copies a text; `text` may be a function that makes it. */
export function copyButton(label, text, { isSmall = false } = {}) {
  const onclick = async (event) => {
    event.preventDefault();
    try {
      const isCopied = await copy(
        await (text instanceof Function ? text() : text),
      );
      tell(t(isCopied ? "copied" : "notCopied"), isCopied ? "done" : "failed");
    } catch (error) {
      tellError(error);
    }
  };
  return isSmall
    ? h("button", {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      onclick,
    }, icon("copy"))
    : h("button", { type: "button", onclick }, icon("copy"), label);
}

/** A command line with a button that copies it. */
export function commandLine(text) {
  return h(
    "div",
    { class: "command" },
    h("code", { tabindex: 0 }, text),
    copyButton(t("copy"), text, { isSmall: true }),
  );
}

/** A curl command that reads a path; the token is left for the reader to put in. */
export function curlCommand(path) {
  return `curl -H "Authorization: Bearer $IMHOOK_API_TOKEN" ${
    quoted(location.origin + path)
  }`;
}

/**
 * A trigger command that sends a body once more, as something that happens at the moment it is run:
 * the same body with the same time would be a copy.
 *
 * @param {object} event
 * @param {string} body as Tencent sent it
 */
export function triggerCommand({ sdkappid, type, data = {} }, body, server) {
  return [
    `printf %s ${quoted(body)} |`,
    server.triggerCommand,
    `--to ${quoted(location.origin + server.callbackPath)}`,
    `--app ${sdkappid}`,
    `--command ${quoted(type)}`,
    "--file -",
    ...("EventTime" in data ? ['--set EventTime="$(date +%s)000"'] : []),
  ].join(" ");
}

/** A word as a POSIX shell reads it back. */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages without TLS, where there is no clipboard. */
function copyBySelection(text) {
  const area = h("textarea", { class: "spoken", readonly: true });
  area.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
