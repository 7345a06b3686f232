import { h } from "../parts/dom.js";
import { number } from "../parts/format.js";
import { safeName, safeText } from "../parts/safe_text.js";
import { hasText, t } from "../texts/i18n.js";
import { ago, avatar, badge, stateBadge } from "../parts/parts.js";
import { hrefOf } from "../server/place.js";

/** The columns of the list, in order. */
export const COLUMNS = ["name", "type", "owner", "members", "state", "age"];

/** One group in the list. */
export function groupRow(group, { isFresh }) {
  const { name, groupId, sdkAppId, owner, state } = group;
  const shownName = safeName(name || groupId);
  return h(
    "div",
    { class: `row${isFresh ? " fresh" : ""}`, role: "row" },
    cell(
      "name",
      avatar(shownName),
      h(
        "span",
        { class: "stack" },
        h(
          "a",
          {
            class: "cover",
            href: hrefOf("group", { app: sdkAppId, id: groupId }),
            dir: "auto",
          },
          shownName,
        ),
        h("small", { class: "mono" }, safeText(groupId)),
      ),
      isFresh && badge(t("new"), "accent"),
    ),
    cell("type", badge(typeName(group.type))),
    cell("owner", h("span", { dir: "auto" }, safeText(owner ?? "–"))),
    cell("members", h("span", {}, membersText(group))),
    cell("state", stateBadge(state)),
    cell("age", ageAndMaker(group)),
  );
}

/** Member count of a group, as far as it is known. */
export function membersText({ type, knownMembers, membersComplete }) {
  if (type === "AVChatRoom") return "–";
  return membersComplete ? number(knownMembers) : `${number(knownMembers)}+`;
}

/** A group type in the reader's language, with Tencent's word beside it where that is another. */
export function typeName(type) {
  if (type === undefined) return t("unknown");
  const name = hasText(`type.${type}`) ? t(`type.${type}`) : type;
  return name === type ? type : `${name} · ${type}`;
}

/** Age of a group, and its creator if that is not the owner. */
function ageAndMaker({ createdAt, changedAt, creator, owner }) {
  return h(
    "span",
    { class: "stack" },
    ago(createdAt ?? changedAt),
    creator !== undefined && creator !== owner &&
      h("small", { dir: "auto" }, t("by", { who: safeText(creator) })),
  );
}

function cell(name, ...children) {
  return h("div", { class: `cell ${name}`, role: "cell" }, children);
}
