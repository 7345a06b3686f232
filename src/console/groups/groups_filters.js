import { h } from "../parts/dom.js";
import { t } from "../texts/i18n.js";
import { startOfDay } from "../parts/format.js";
import { typeName } from "./group_row.js";
import { icon } from "../parts/icons.js";
import { choice, field, searchField, valuesOf } from "../parts/parts.js";

const TYPES = ["Public", "Work", "Meeting", "AVChatRoom", "Community"];
const STATES = ["active", "partial", "disbanded"];
const TYPING_MS = 250;

/** The fields that narrow the list; `onChange` gets what they hold once the reader pauses. */
export function groupFilters({ values, server, onChange }) {
  let timer;
  const tell = () => onChange(valuesOf(form));
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, TYPING_MS);
  };
  const form = h(
    "form",
    {
      class: "filters",
      role: "search",
      oninput: later,
      onsubmit: (event) => {
        event.preventDefault();
        tell();
      },
    },
    searchField({ label: t("groups.search"), name: "q", value: values.q }),
    choice({
      label: t("column.type"),
      name: "type",
      value: values.type,
      options: [["", t("any")], ...TYPES.map((type) => [type, typeName(type)])],
    }),
    choice({
      label: t("column.state"),
      name: "state",
      value: values.state,
      options: [
        ["", t("any")],
        ...STATES.map((state) => [state, t(`state.${state}`)]),
      ],
    }),
    server.apps.length > 1 && appChoice(values, server),
    moreFilters(values),
  );
  return form;
}

function appChoice(values, { apps }) {
  return choice({
    label: t("app"),
    name: "app",
    value: values.app,
    options: [
      ["", t("any")],
      ...apps.map(({ sdkAppId }) => [String(sdkAppId), sdkAppId]),
    ],
  });
}

/** Those needed seldom: folded up, unless one of them narrows the list. */
function moreFilters({ owner, member, createdAfter }) {
  return h(
    "details",
    { class: "more", open: Boolean(owner || member || createdAfter) },
    h("summary", {}, icon("filter"), t("filters.more")),
    h(
      "div",
      {},
      field({ label: t("column.owner"), name: "owner", value: owner }),
      field({ label: t("member"), name: "member", value: member }),
      field({
        label: t("createdAfter"),
        name: "createdAfter",
        type: "date",
        value: createdAfter,
      }),
    ),
  );
}

/** Turns the filter fields into a query for the API. */
export function groupQuery({ q, app, createdAfter, ...rest }) {
  return {
    ...rest,
    text: q,
    sdkAppId: app,
    createdAfter: createdAfter && startOfDay(createdAfter),
  };
}
