import { assertEquals } from "@std/assert";
import type { GroupView } from "../../../src/directory/fold/view.ts";
import type { GroupFacts } from "../../../src/reconcile/api/rest_calls.ts";
import {
  areSameMembers,
  compareGroup,
} from "../../../src/reconcile/phases/compare.ts";

const AT_MS = Date.UTC(2026, 10, 30);

const FACTS: GroupFacts = {
  groupId: "g",
  code: 0,
  type: "Public",
  name: "Tea",
  owner: "leckie",
  introduction: "",
  notification: undefined,
  faceUrl: "",
  createdAtSec: 1_600_000_000,
  memberCount: 2,
  changedAtSec: 1_600_000_000,
};

const KNOWN: GroupView = {
  sdkAppId: 1,
  groupId: "g",
  type: "Public",
  name: "Tea",
  owner: "leckie",
  customFields: {},
  attributes: {},
  knownMembers: 2,
  membersComplete: true,
  state: "active",
  createdAt: "2020-09-13T12:26:40.000Z",
  changedAt: "2020-09-13T12:26:40.000Z",
  source: "callback",
  life: 1,
};

/** What a comparison of changed facts with a changed group finds. */
function compare(
  facts: Partial<GroupFacts>,
  known: Partial<GroupView> | undefined = {},
) {
  return compareGroup({ ...FACTS, ...facts }, {
    known: known && { ...KNOWN, ...known },
    observedAtMs: AT_MS,
  });
}

Deno.test("compareGroup() finds no difference in a group that is known", () => {
  assertEquals(compare({}), { kind: "same" });
});

Deno.test.each<[string, Partial<GroupFacts>, Partial<GroupView>]>([
  ["the new name of its type", { type: "Work" }, { type: "Private" }],
  ["the old name of its type", { type: "ChatRoom" }, { type: "Meeting" }],
  ["texts that are empty on one side", { introduction: "" }, {}],
  ["facts that Tencent leaves out", { name: undefined, owner: undefined }, {}],
  ["no owner", { owner: "" }, {}],
  ["a text that no directory keeps", { name: "x".repeat(3_000) }, {}],
  ["members of an AVChatRoom", { type: "AVChatRoom", memberCount: 9 }, {
    type: "AVChatRoom",
  }],
  ["members of a huge group", { memberCount: 5_001 }, {}],
])("compareGroup() does not mind %s", (_, facts, known) => {
  assertEquals(compare(facts, known), { kind: "same" });
});

Deno.test.each<[string, Partial<GroupFacts>, Partial<GroupView>]>([
  ["name", { name: "Coffee" }, {}],
  ["introduction", { introduction: "hi" }, {}],
  ["notification", { notification: "hi" }, {}],
  ["faceUrl", {}, { faceUrl: "https://face.example" }],
  ["owner", { owner: "bob" }, {}],
  ["type", { type: "Community" }, {}],
  ["createdAt", {}, { createdAt: undefined, state: "partial" }],
])("compareGroup() finds another %s", (field, facts, known) => {
  const found = compare(facts, known);

  assertEquals(found, { kind: "differs", fields: [field], isRecent: false });
});

Deno.test("compareGroup() takes a count alone for something under way", () => {
  assertEquals(compare({ memberCount: 3 }), {
    kind: "differs",
    fields: ["members"],
    isRecent: true,
  });
});

Deno.test("compareGroup() finds groups that are not known, or were disbanded", () => {
  const settled = { kind: "missing", isRecent: false } as const;
  const known = { state: "disbanded" } as const;
  assertEquals(
    compareGroup(FACTS, { known: undefined, observedAtMs: AT_MS }),
    settled,
  );
  assertEquals(compare({}, known), settled);
});

Deno.test("compareGroup() looks again at what changed within the last minute", () => {
  const sec = AT_MS / 1_000 - 30;
  const changedAt = new Date(AT_MS + 1).toISOString();

  assertEquals(compare({ name: "x", changedAtSec: sec }), {
    kind: "differs",
    fields: ["name"],
    isRecent: true,
  });
  assertEquals(compare({ name: "x" }, { changedAt }), {
    kind: "differs",
    fields: ["name"],
    isRecent: true,
  });
});

Deno.test("areSameMembers() compares who is there, and their roles", () => {
  const listed = [
    { userId: "a", role: "Owner", joinedAtSec: 1, nameCard: undefined },
    { userId: "b", role: "", joinedAtSec: 1, nameCard: "B" },
  ];
  const known = [{ userId: "b", role: "Member" }, {
    userId: "a",
    role: "Owner",
  }];

  assertEquals(areSameMembers(listed, known), true);
  assertEquals(areSameMembers(listed, known.slice(1)), false);
  assertEquals(
    areSameMembers(listed, [{ userId: "b", role: "Admin" }, ...known.slice(1)]),
    false,
  );
});
