import { h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import { commandLine } from "../parts/copy.js";

// The address that `trigger` takes by itself need not be said.
const DEFAULT_URL = "http:" + "//127.0.0.1:8080/";
const DEFAULT_APP = 1_400_000_000;
const LOOPBACK_REGEXP = /^(localhost|127\.|\[::1\])/;

/** Steps for a server that has received nothing yet. */
export function guide(server) {
  const url = location.origin + server.callbackPath;
  const [app] = server.apps;
  const isLocal = LOOPBACK_REGEXP.test(location.host);
  return h(
    "section",
    { class: "guide" },
    h("h2", {}, t("guide.title")),
    h("p", { class: "dim" }, t("guide.lead")),
    h(
      "ol",
      {},
      step(
        t("guide.try"),
        h("p", {}, t("guide.tryText")),
        commandLine(triggerLine(server, url, app)),
        !server.sandbox && h(
          "p",
          { class: "hint" },
          t("guide.token", {
            name: `IMHOOK_APP_${app?.sdkAppId}`,
          }),
        ),
      ),
      step(
        t("guide.wire"),
        h("p", {}, t("guide.wireText")),
        commandLine(isLocal ? publicUrl(server) : url),
        isLocal && h("p", { class: "hint" }, t("guide.local")),
        h(
          "ul",
          {},
          ["auth", "events", "check"].map((name) =>
            h("li", {}, t(`guide.${name}`))
          ),
        ),
      ),
    ),
  );
}

function step(title, ...children) {
  return h("li", { class: "card" }, h("h3", {}, title), children);
}

function triggerLine({ triggerCommand }, url, app) {
  const to = url === DEFAULT_URL ? "" : ` --to ${url}`;
  const isDefault = app === undefined || app.sdkAppId === DEFAULT_APP;
  return `${triggerCommand}${to}${isDefault ? "" : ` --app ${app.sdkAppId}`}`;
}

function publicUrl({ callbackPath }) {
  return "https:" + `//hooks.example.com${callbackPath}`;
}
