import { h } from "../parts/dom.js";
import { dateTime } from "../parts/format.js";
import { safeName, safeText } from "../parts/safe_text.js";
import { hasText, t } from "../texts/i18n.js";
import { avatar, badge } from "../parts/parts.js";
import { hrefOf } from "../server/place.js";

/** One member of a group. */
export function memberEntry(member, sdkAppId) {
  const { userId, role, nameCard, joinedAt, joinType } = member;
  const by = member.invitedBy ?? member.by;
  const how = [
    nameCard && h("span", { dir: "auto" }, safeText(nameCard)),
    joinedAt && t("joinedAt", { time: dateTime(joinedAt) }),
    joinType && joinWord(joinType),
    by && t("by", { who: safeText(by) }),
    member.mutedUntil && t("mutedUntil", { time: dateTime(member.mutedUntil) }),
  ].filter((part) => part);
  return h(
    "li",
    { class: "entry" },
    avatar(safeName(userId)),
    h(
      "div",
      { class: "stack" },
      userLink(sdkAppId, userId),
      h(
        "small",
        {},
        how.flatMap((part, at) => at === 0 ? [part] : [" · ", part]),
      ),
    ),
    role !== "Member" &&
      badge(roleName(role), role === "Owner" ? "accent" : ""),
  );
}

/** A user's ID, which leads to their page. */
export function userLink(sdkAppId, userId) {
  const href = hrefOf("user", { app: sdkAppId, id: userId });
  return h("a", { href, dir: "auto" }, safeName(userId));
}

/** One topic of a community. */
export function topicEntry({ topicId, name, introduction }) {
  return h(
    "li",
    { class: "entry" },
    h(
      "div",
      { class: "stack" },
      h("b", { dir: "auto" }, safeName(name ?? topicId)),
      h("small", { class: "mono" }, safeText(topicId)),
      introduction && h("small", { dir: "auto" }, safeText(introduction)),
    ),
  );
}

/** A role in a group, in the reader's language. */
export function roleName(role) {
  const key = `role.${role}`;
  return hasText(key) ? t(key) : safeText(role);
}

function joinWord(joinType) {
  const key = `join.${joinType}`;
  return hasText(key) ? t(key) : safeText(joinType);
}
