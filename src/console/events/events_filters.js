import { h } from "../parts/dom.js";
import { commandName } from "./event_words.js";
import { t } from "../texts/i18n.js";
import { choice, searchField, valuesOf } from "../parts/parts.js";

const TYPING_MS = 300;

const COMMANDS = [
  ...["AfterCreateGroup", "AfterNewMemberJoin", "AfterMemberExit"],
  ...["AfterGroupInfoChanged", "AfterChangeGroupOwner", "AfterGroupFull"],
  ...["AfterGroupDestroyed", "AfterMemberFieldChanged"],
  ...["AfterGroupAttrChanged", "AfterSendMsg", "OnMemberStateChange"],
].map((name) => `Group.Callback${name}`);
const FAMILIES = ["Group.*", "C2C.*", "State.*", "Profile.*", "Sns.*"];

/** The fields that narrow the tail. */
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
    searchField({
      label: t("events.group"),
      name: "group",
      value: values.group,
    }),
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
  );
  return form;
}

/** A command that only the address names can be chosen as well. */
function commandOptions(current) {
  const known = ["", ...FAMILIES, ...COMMANDS];
  const all = !current || known.includes(current) ? known : [...known, current];
  return all.map((word) => [word, word === "" ? t("any") : commandName(word)]);
}
