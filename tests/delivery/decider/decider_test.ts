import { assertEquals } from "@std/assert";
import {
  answers,
  clashOf,
  type Decider,
  deleteDecider,
  listDeciders,
  putDecider,
} from "../../../src/delivery/decider/decider.ts";
import { openStore } from "../../../src/store/open.ts";

const CREATE = "Group.CallbackBeforeCreateGroup";
const JOIN = "Group.CallbackBeforeApplyJoinGroup";

function deciderOf(changes: Partial<Decider> = {}): Decider {
  return {
    name: "a",
    createdAtMs: 0,
    commands: [],
    families: [],
    apps: [],
    answer: '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":1}',
    timeoutMs: 1_000,
    onFailure: "allow",
    headers: {},
    ...changes,
  };
}

Deno.test.each<[Partial<Decider>, string, boolean]>([
  [{}, CREATE, true],
  [{}, "Chatbot.OnC2CSignalMessage", true],
  [{}, "Group.CallbackAfterCreateGroup", false],
  [{ families: ["Group"] }, CREATE, true],
  [{ families: ["Group"] }, "Group.CallbackAfterCreateGroup", false],
  [{ families: ["C2C"] }, CREATE, false],
  [{ commands: [JOIN] }, CREATE, false],
  [{ commands: [JOIN], families: ["C2C"] }, "C2C.CallbackBeforeSendMsg", true],
  [{ apps: [2] }, CREATE, false],
  [{ apps: [1, 2] }, CREATE, true],
])("answers() of %j and %s is %s", (changes, command, expected) => {
  assertEquals(answers(deciderOf(changes), { app: 1, command }), expected);
});

Deno.test.each<[Partial<Decider>, Partial<Decider>, boolean]>([
  [{}, {}, true],
  [{ apps: [1] }, { apps: [2] }, false],
  [{ apps: [1] }, {}, true],
  [{ commands: [CREATE] }, { commands: [JOIN] }, false],
  [{ commands: [CREATE] }, { families: ["Group"] }, true],
  [{ families: ["Group"] }, { families: ["C2C"] }, false],
  [{ families: ["New"] }, { families: ["New"] }, true],
  [{ families: ["New"] }, {}, true],
])("clashOf() of %j and %j is %s", (a, b, expected) => {
  const [one, other] = [deciderOf(a), deciderOf({ ...b, name: "b" })];

  assertEquals(clashOf(one, other) !== undefined, expected);
  assertEquals(clashOf(other, one) !== undefined, expected);
});

Deno.test("putDecider() keeps one of two that clash, also at once", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const results = await Promise.all(
    ["a", "b", "c"].map((name) =>
      putDecider(store.side, name, () => deciderOf({ name }))
    ),
  );
  const [kept] = await listDeciders(store.reader);

  assertEquals((await listDeciders(store.reader)).length, 1);
  assertEquals(
    results.filter((result) => "kind" in result),
    Array(2).fill({
      kind: "clash",
      name: kept?.name,
      command: "Group.CallbackBeforeCreateGroup",
    }),
  );
});

Deno.test("putDecider() changes a decider that clashes with itself alone", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  await putDecider(store.side, "a", () => deciderOf());
  const result = await putDecider(
    store.side,
    "a",
    (known) => known === null ? "missing" : { ...known, timeoutMs: 200 },
  );

  assertEquals("kind" in result, false);
  assertEquals((await listDeciders(store.reader))[0]?.timeoutMs, 200);
  assertEquals(await deleteDecider(store.side, "a"), true);
  assertEquals(await deleteDecider(store.side, "a"), false);
});
