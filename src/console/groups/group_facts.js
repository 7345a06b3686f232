import { copyButton } from "../parts/copy.js";
import { h } from "../parts/dom.js";
import { dateTime } from "../parts/format.js";
import { userLink } from "./member_entry.js";
import { membersText, typeName } from "./group_row.js";
import { safeName, safeText } from "../parts/safe_text.js";
import { t } from "../texts/i18n.js";
import { avatar, badge, factList, stateBadge } from "../parts/parts.js";

/** Heading of a group: the main facts at a glance. */
export function groupHead(group) {
  const { name, groupId, type, state, isFull, life } = group;
  return h(
    "header",
    { class: "group-head" },
    avatar(safeName(name || groupId), { isLarge: true }),
    h(
      "div",
      { class: "stack" },
      h("h1", { dir: "auto" }, safeName(name || groupId)),
      h(
        "div",
        { class: "id" },
        h("code", {}, safeText(groupId)),
        copyButton(t("copy.id"), groupId, { isSmall: true }),
      ),
      h(
        "div",
        { class: "badges" },
        badge(typeName(type)),
        stateBadge(state),
        isFull && badge(t("full"), "warn"),
        life > 1 && badge(t("life", { n: life })),
      ),
    ),
  );
}

/** All known facts about the group. */
export function groupFacts(group) {
  const { sdkAppId, owner, creator, state } = group;
  return factList([
    [t("column.owner"), owner && userLink(sdkAppId, owner)],
    [t("creator"), creator && userLink(sdkAppId, creator)],
    [t("column.members"), membersNote(group)],
    [t("created"), time(group.createdAt)],
    [t("changed"), time(group.changedAt)],
    [t("disbanded"), time(group.disbandedAt)],
    [t("introduction"), paragraph(group.introduction)],
    [t("notification"), paragraph(group.notification)],
    [t("face"), group.faceUrl],
    [t("app"), String(sdkAppId)],
    [t("source"), t(`source.${group.source}`)],
    [t("note"), state === "partial" && t("partialNote")],
    [t("note"), group.hasMoreFields === true && t("moreFieldsNote")],
  ].map(([name, value]) => [name, value === false ? undefined : value]));
}

/** Names and values in a card; nothing where there are none. */
export function pairList(title, pairs = {}) {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return undefined;
  return h("section", { class: "card" }, h("h2", {}, title), factList(entries));
}

function membersNote(group) {
  const text = membersText(group);
  if (group.type === "AVChatRoom") return t("members.unkept");
  return group.membersComplete ? text : `${text} (${t("members.partial")})`;
}

function time(iso) {
  return iso && h("time", { datetime: iso }, dateTime(iso));
}

function paragraph(text) {
  return text && h("span", { class: "text", dir: "auto" }, safeText(text));
}
