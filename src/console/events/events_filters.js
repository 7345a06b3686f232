import { h } from "../parts/dom.js";
import { instantOf } from "../parts/format.js";
import { icon } from "../parts/icons.js";
import { choice, field, searchField, valuesOf } from "../parts/parts.js";
import { hasText, t } from "../texts/i18n.js";
import { commandName } from "./event_words.js";

const TYPING_MS = 300;
const MINUTE_MS = 60_000;

const COMMANDS = [
  ...["AfterCreateGroup", "AfterNewMemberJoin", "AfterMemberExit"],
  ...["AfterGroupInfoChanged", "AfterChangeGroupOwner", "AfterGroupFull"],
  ...["AfterGroupDestroyed", "AfterMemberFieldChanged"],
  ...["AfterGroupAttrChanged", "AfterSendMsg", "OnMemberStateChange"],
].map((name) => `Group.Callback${name}`);
const FAMILIES = [
  ...["Group", "C2C", "State", "Profile", "Sns", "Follow", "OfficialAccount"],
  ...["Bot", "Chatbot", "Push", "ContentCallback", "Alert", "imhook"],
].map((family) => `${family}.*`);
const DECISIONS = ["allowed", "refused", "changed", "dropped"];
/** Rarely used filters: folded up, unless one of them narrows the list. */
const SELDOM = ["user", "from", "to", "at", "number", "order", "decision"];

/** The fields that narrow the journal; `onChange` gets what they hold once the reader pauses. */
export function eventFilters({ values, server, onChange }) {
  let timer;
  const tell = () => onChange(valuesOf(form));
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, TYPING_MS);
  };
  const onsubmit = (event) => {
    event.preventDefault();
    tell();
  };
  const form = h(
    "form",
    { class: "filters", role: "search", oninput: later, onsubmit },
    searchField({ label: t("events.text"), name: "text", value: values.text }),
    field({ label: t("events.group"), name: "group", value: values.group }),
    choice({
      label: t("column.event"),
      name: "command",
      value: values.command,
      options: commandOptions(values.command),
    }),
    server.apps.length > 1 && choice({
      label: t("app"),
      name: "app",
      value: values.app,
      options: [
        ["", t("any")],
        ...server.apps.map(({ sdkAppId }) => [String(sdkAppId), sdkAppId]),
      ],
    }),
    moreFilters(values),
  );
  return form;
}

function moreFilters(values) {
  const { user, from, to, at, number, order, decision } = values;
  return h(
    "details",
    { class: "more", open: SELDOM.some((name) => values[name]) },
    h("summary", {}, icon("filter"), t("filters.more")),
    h(
      "div",
      {},
      field({ label: t("events.user"), name: "user", value: user }),
      timeField(t("events.from"), "from", from),
      timeField(t("events.to"), "to", to),
      timeField(t("events.at"), "at", at),
      field({
        label: t("events.number"),
        name: "number",
        value: number,
        inputmode: "numeric",
        pattern: "[0-9]+",
      }),
      choice({
        label: t("events.order"),
        name: "order",
        value: order,
        options: [["", t("order.newest")], ["oldest", t("order.oldest")]],
      }),
      choice({
        label: t("fact.decision"),
        name: "decision",
        value: decision,
        options: [
          ["", t("any")],
          ...DECISIONS.map((word) => [word, t(`decision.${word}`)]),
        ],
      }),
    ),
  );
}

function timeField(label, name, value) {
  return field({ label, name, value, type: "datetime-local" });
}

/** Turns the filter fields into a query for the API and the feed. */
export function eventQuery(values) {
  const { group, app, user, at, number, order, from, to, ...rest } = values;
  const minute = instantOf(at);
  const end = minute && new Date(Date.parse(minute) + MINUTE_MS).toISOString();
  return {
    command: rest.command,
    decision: rest.decision,
    text: rest.text,
    groupId: group,
    sdkAppId: app,
    userId: user,
    from: minute ?? instantOf(from),
    to: end ?? instantOf(to),
    order,
    number: /^\d+$/.test(number ?? "") ? number : undefined,
  };
}

/** A command that only the address names can be chosen as well. */
function commandOptions(current) {
  const known = ["", ...FAMILIES, ...COMMANDS];
  const all = !current || known.includes(current) ? known : [...known, current];
  return all.map((word) => [word, optionText(word)]);
}

function optionText(word) {
  if (word === "") return t("any");
  return hasText(`family.${word}`) ? t(`family.${word}`) : commandName(word);
}
