import { h } from "../parts/dom.js";
import { dateTime } from "../parts/format.js";
import { hasText, t } from "../texts/i18n.js";
import { avatar, badge } from "../parts/parts.js";

/** One member of a group. */
export function memberEntry(member) {
  const { userId, role, nameCard, joinedAt, joinType } = member;
  const by = member.invitedBy ?? member.by;
  const how = [
    nameCard && h("span", { dir: "auto" }, nameCard),
    joinedAt && t("joinedAt", { time: dateTime(joinedAt) }),
    joinType,
    by && t("by", { who: by }),
    member.mutedUntil && t("mutedUntil", { time: dateTime(member.mutedUntil) }),
  ].filter((part) => part);
  return h(
    "li",
    { class: "entry" },
    avatar(userId),
    h(
      "div",
      { class: "stack" },
      h("b", { dir: "auto" }, userId),
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

/** One topic of a community. */
export function topicEntry({ topicId, name, introduction }) {
  return h(
    "li",
    { class: "entry" },
    h(
      "div",
      { class: "stack" },
      h("b", { dir: "auto" }, name ?? topicId),
      h("small", { class: "mono" }, topicId),
      introduction && h("small", { dir: "auto" }, introduction),
    ),
  );
}

function roleName(role) {
  const key = `role.${role}`;
  return hasText(key) ? t(key) : role;
}
