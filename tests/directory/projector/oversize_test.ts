import { assertEquals, assertRejects } from "@std/assert";
import { getGroup, listGroups } from "../../../src/directory/rows/groups.ts";
import { directoryKeys } from "../../../src/directory/rows/keys.ts";
import { readUnfolded } from "../../../src/directory/rows/unfolded.ts";
import type { WritableKv } from "../../../src/store/kv/kv.ts";
import type { Store } from "../../../src/store/open.ts";
import {
  journal,
  openMemory,
  project,
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";

const GOOD: Told = ["CreateGroup", { GroupId: "good", Name: "n" }];

function accounts(count: number): { Member_Account: string }[] {
  return Array.from(
    { length: count },
    (_, n) => ({ Member_Account: `u${n}` }),
  );
}

/** A group whose members have keys of their own. */
const LARGE: Told = ["CreateGroup", { GroupId: "g", MemberList: accounts(51) }];

/** What is set aside of a store's directory: numbers, and of some but a part. */
async function unfoldedIn({ reader }: Pick<Store, "reader">) {
  const keys = directoryKeys(1);
  const { total, newest } = await readUnfolded(reader, { keys, limit: 1_000 });
  const seqs = newest.map(({ seq, isPart }) => isPart ? `part of ${seq}` : seq);
  return { total, seqs };
}

async function isListed(store: Store, groupId: string): Promise<boolean> {
  return await getGroup(store.reader, { app: 1, groupId }) !== null;
}

Deno.test.each<[string, readonly Told[], number]>([
  ["a topic's name", [
    ["CreateTopic", { GroupId: "g", TopicId: "t", Name: "n".repeat(70_000) }],
  ], 1],
  ["a name card in a large group", [
    LARGE,
    ["MemberFieldChanged", {
      GroupId: "g",
      Member_Account: "u1",
      NameCard: "x".repeat(70_000),
    }],
  ], 1],
  [
    "types, of which totals are made",
    ["1", "2", "3"].map((n) => [
      "CreateGroup",
      { GroupId: n, Type: n + "T".repeat(28_000) },
    ]),
    3,
  ],
  ["a join type told of forty", [
    LARGE,
    ["NewMemberJoin", {
      GroupId: "g",
      JoinType: "J".repeat(45_000),
      NewMemberList: accounts(91).slice(51),
    }],
  ], 1],
])("a directory goes on behind %s that is too long", async (_, told, parts) => {
  await using store = await openMemory();
  await journal(store, toldOf([...told, GOOD]));

  const { keptThrough } = await project(store);

  assertEquals(keptThrough, told.length + 1);
  assertEquals(await isListed(store, "good"), true);
  assertEquals((await unfoldedIn(store)).total, parts);
});

Deno.test("a directory goes on behind a page that changes many groups with many fields", async () => {
  await using store = await openMemory();
  const groups = Array.from({ length: 48 }, (_, n) => `g${n}`);
  await journal(
    store,
    toldOf(groups.flatMap((GroupId): Told[] => [
      ["CreateGroup", {
        GroupId,
        UserDefinedDataList: Array.from({ length: 10 }, (_, n) => ({
          Key: `k${n}`,
          Value: "c".repeat(512),
        })),
      }],
      ["GroupAttrChanged", {
        GroupId,
        GroupAttr: Array.from({ length: 16 }, (_, n) => ({
          key: `k${n}`,
          value: "v".repeat(1_000),
        })),
      }],
    ])),
  );
  await project(store);
  const rename = (GroupId: string): Told => [
    "GroupInfoChanged",
    { GroupId, Name: "new" },
  ];
  await journal(store, toldOf(groups.map(rename), { fromSec: 1_000 }));
  await project(store);

  const { groups: shown } = await listGroups(store.reader, { limit: 100 });
  assertEquals(shown.length, 48);
  for (const { group } of shown) {
    assertEquals(Object.keys(group.fields).length, 10 + 16 + 2);
  }
  assertEquals((await unfoldedIn(store)).total, 0);
});

/** Events with everything as long as the folds let it be. */
function largest(): Told[] {
  const id = (n: number, length: number) => `${n}`.padStart(length, "鍵");
  const GroupId = id(1, 170);
  const text = "鍵".repeat(682);
  const members = Array.from({ length: 60 }, (_, n) => id(n, 85));
  const topics = Array.from({ length: 30 }, (_, n) => id(n, 170));
  return [
    ["CreateGroup", {
      GroupId,
      Name: text,
      Introduction: text,
      Notification: text,
      FaceUrl: text,
      Owner_Account: id(0, 85),
      Operator_Account: id(0, 85),
      MemberList: members.slice(0, 30).map((Member_Account) => ({
        Member_Account,
      })),
    }],
    ...members.map((Member_Account): Told => [
      "MemberFieldChanged",
      { GroupId, Member_Account, NameCard: text, Role: "r".repeat(64) },
    ]),
    ["GroupAttrChanged", {
      GroupId,
      GroupAttr: Array.from({ length: 12 }, (_, n) => ({
        key: id(n, 85),
        value: `鍵${"v".repeat(59_997)}`,
      })),
    }],
    ...topics.map((TopicId): Told => ["CreateTopic", {
      GroupId,
      TopicId,
      Name: text,
      Introduction: text,
      UserDefinedDataList: Array.from({ length: 20 }, (_, n) => ({
        Key: `${n}`.padStart(256, "\x01"),
        Value: "\0".repeat(512),
      })),
    }]),
    ["TopicDestroyed", { GroupId, TopicIdList: topics }],
  ];
}

Deno.test("a directory keeps everything that is as long as it may be", async () => {
  await using store = await openMemory();
  const told = largest();
  await journal(store, toldOf(told));

  const { keptThrough } = await project(store);

  assertEquals(keptThrough, told.length);
  assertEquals((await unfoldedIn(store)).total, 0);
});

/** A handle that refuses commits which touch a key with this word. */
function refusing(
  kv: WritableKv,
  { word, message }: { readonly word: string; readonly message: string },
): WritableKv {
  return aroundCommit(kv, async (commit, keys) => {
    if (keys.some((key) => key.includes(word))) throw new TypeError(message);
    return await commit();
  });
}

const TOO_LARGE = "Value too large (max 65536 bytes)";

Deno.test("what the store refuses is set aside, each event for itself, and the rest goes on", async () => {
  await using store = await openMemory();
  await journal(
    store,
    toldOf([
      ["CreateGroup", { GroupId: "bad" }],
      ["CreateGroup", { GroupId: "g", Name: "n" }],
      ["CreateTopic", { GroupId: "g", TopicId: "bad" }],
      ["GroupInfoChanged", { GroupId: "g", Name: "later" }],
      GOOD,
    ]),
  );
  const refusal = { word: "bad", message: TOO_LARGE };

  const fenced = refusing(store.fenced, refusal);
  const { keptThrough } = await project({ ...store, fenced });

  assertEquals(keptThrough, 5);
  assertEquals(await unfoldedIn(store), { total: 2, seqs: [3, 1] });
  assertEquals(
    [await isListed(store, "good"), await isListed(store, "bad")],
    [true, false],
  );
  const found = await getGroup(store.reader, { app: 1, groupId: "g" });
  assertEquals(found?.group.fields.name?.[0], "later");
});

Deno.test("an event of many steps of which the store refuses one is set aside from there on", async () => {
  await using store = await openMemory();
  const TopicIdList = Array.from({ length: 60 }, (_, n) => `t${n}`);
  const told: Told[] = [
    ["TopicDestroyed", { GroupId: "g", TopicIdList }],
    ["GroupInfoChanged", { GroupId: "g", Name: "later" }],
  ];
  await journal(store, toldOf(told));
  const refusal = { word: "t30", message: TOO_LARGE };

  const fenced = refusing(store.fenced, refusal);
  const { keptThrough } = await project({ ...store, fenced });

  assertEquals(keptThrough, 2);
  assertEquals(await unfoldedIn(store), { total: 1, seqs: [1] });
  const found = await getGroup(store.reader, { app: 1, groupId: "g" });
  assertEquals(found?.group.fields.name?.[0], "later");
});

Deno.test("a full disk sets nothing aside", async () => {
  await using store = await openMemory();
  await journal(store, toldOf([GOOD]));
  const message = "database or disk is full";
  const fenced = refusing(store.fenced, { word: "good", message });

  await assertRejects(() => project({ ...store, fenced }), TypeError, message);

  assertEquals((await unfoldedIn(store)).total, 0);
});

Deno.test("an event that is folded again is counted once among those set aside", async () => {
  await using store = await openMemory();
  const records = toldOf([["CreateGroup", { GroupId: "x".repeat(600) }]]);
  await journal(store, records);
  await project(store);
  const { cursor } = directoryKeys(1);
  await store.side.atomic().delete(cursor).commit();
  await journal(store, records);

  await project(store);

  assertEquals(await unfoldedIn(store), { total: 2, seqs: [2, 1] });
});
