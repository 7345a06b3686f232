import { openEvent } from "../events/event_drawer.js";
import { timelineEntry } from "../events/event_row.js";
import { h } from "../parts/dom.js";
import { dateTime } from "../parts/format.js";
import { icon } from "../parts/icons.js";
import { pagedList } from "../parts/paged_list.js";
import { avatar, badge, stateBadge } from "../parts/parts.js";
import { safeName, safeText } from "../parts/safe_text.js";
import { getJson, groupPath, search } from "../server/api.js";
import { hrefOf, params } from "../server/place.js";
import { t } from "../texts/i18n.js";
import { typeName } from "./group_row.js";
import { roleName } from "./member_entry.js";

const PAGE_SIZE = 25;

/** One user of an app: the groups they are known to be in, and the events that name them. */
export function openUser({ server, signal, setTitle, setLive }) {
  const { app = "", id = "" } = params();
  setTitle(safeName(id));
  setLive("live");
  const groups = pagedList({
    label: t("nav.groups"),
    empty: t("user.noGroups"),
    read: (cursor) => readGroups({ app, id, cursor, signal }),
    render: membershipEntry,
  });
  const onOpen = (event) => openEvent(event, { server, signal });
  const events = pagedList({
    label: t("nav.events"),
    empty: t("user.noEvents"),
    read: (before) => readEvents({ app, id, before, signal }),
    render: (event) => timelineEntry(event, { onOpen }),
  });
  return h(
    "div",
    { class: "page" },
    h(
      "a",
      { class: "back", href: hrefOf("groups") },
      icon("back"),
      t("nav.groups"),
    ),
    head({ app, id }),
    h(
      "div",
      { class: "columns" },
      h(
        "section",
        { class: "card timeline" },
        h("h2", {}, t("nav.events")),
        events.element,
      ),
      h(
        "section",
        { class: "card" },
        h("h2", {}, t("nav.groups")),
        groups.element,
      ),
    ),
  );
}

function head({ app, id }) {
  const name = safeName(id);
  const links = [
    ["user.owns", { owner: id, app }],
    ["user.isIn", { member: id, app }],
  ];
  return h(
    "header",
    { class: "group-head" },
    avatar(name, { isLarge: true }),
    h(
      "div",
      { class: "stack" },
      h("h1", { dir: "auto" }, name),
      h("div", { class: "id" }, `${t("app")} ${app}`),
      h(
        "div",
        { class: "badges" },
        links.map(([key, values]) =>
          h("a", { href: hrefOf("groups", values) }, t(key))
        ),
      ),
    ),
  );
}

async function readGroups({ app, id, cursor, signal }) {
  const path = `/v1/users/${app}/${encodeURIComponent(id)}/groups`;
  const query = search({ cursor, limit: PAGE_SIZE });
  const { items, next } = await getJson(`${path}${query}`, { signal });
  const members = await Promise.all(
    items.map((group) => readMember(group, { id, signal })),
  );
  return {
    items: items.map((group, at) => ({ group, member: members[at] })),
    next,
  };
}

/** The user as a member of a group; of prefixes that are a whole ID, that one comes first. */
async function readMember({ sdkAppId, groupId }, { id, signal }) {
  const query = search({ prefix: id, limit: 1 });
  const path = `${groupPath(sdkAppId, groupId)}/members${query}`;
  const { items } = await getJson(path, { signal });
  return items.find(({ userId }) => userId === id);
}

async function readEvents({ app, id, before, signal }) {
  const query = search({
    order: "newest",
    sdkAppId: app,
    userId: id,
    before,
    limit: PAGE_SIZE,
  });
  const [{ items, next }, { first }] = await Promise.all([
    getJson(`/v1/events${query}`, { signal }),
    getJson("/v1/journal", { signal }),
  ]);
  return { items, next: Number(next) > Number(first) ? next : undefined };
}

function membershipEntry({ group, member }) {
  const { sdkAppId, groupId, name, type, state } = group;
  const shown = safeName(name || groupId);
  return h(
    "li",
    { class: "entry" },
    avatar(shown),
    h(
      "div",
      { class: "stack" },
      h("a", {
        class: "cover",
        dir: "auto",
        href: hrefOf("group", { app: sdkAppId, id: groupId }),
      }, shown),
      h(
        "small",
        {},
        [
          safeText(groupId),
          typeName(type),
          member?.joinedAt &&
          t("joinedAt", { time: dateTime(member.joinedAt) }),
        ].filter((part) => part).join(" · "),
      ),
    ),
    member !== undefined && badge(roleName(member.role)),
    state !== "active" && stateBadge(state),
  );
}
