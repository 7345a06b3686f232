import { assert, assertEquals } from "@std/assert";
import {
  type Command,
  COMMANDS,
  isBeforeCommand,
  isOfFamily,
} from "../../src/protocol/commands.ts";

function wordsWhere(claim: (command: Command) => boolean): string[] {
  return [...COMMANDS.values()].filter(claim).map(({ word }) => word).sort();
}

const TOPIC_WORDS = [
  "Group.CallbackAfterCreateTopic",
  "Group.CallbackAfterTopicDestroyed",
  "Group.CallbackAfterTopicInfoChanged",
  "Group.CallbackBeforeCreateTopic",
];

Deno.test("COMMANDS holds all 58 commands, 24 of them with a schema", () => {
  assertEquals(COMMANDS.size, 58);
  assertEquals(wordsWhere(({ schema }) => schema !== undefined).length, 24);
});

Deno.test("COMMANDS keys each command by its own word", () => {
  for (const [key, { word }] of COMMANDS) assertEquals(key, word);
});

Deno.test("COMMANDS types the commands about groups and topics and no others", () => {
  assertEquals(
    wordsWhere(({ schema }) => schema !== undefined),
    wordsWhere(({ word }) => word.startsWith("Group.")),
  );
});

Deno.test("COMMANDS gives each command typed its own schema", () => {
  const schemas = [...COMMANDS.values()].flatMap(({ schema }) => schema ?? []);
  assertEquals(new Set(schemas).size, schemas.length);
});

Deno.test("COMMANDS counts the four topic commands as the family Topic", () => {
  assertEquals(wordsWhere(({ family }) => family === "Topic"), TOPIC_WORDS);
});

Deno.test("COMMANDS names every other family by the first word of the command", () => {
  for (const { word, family } of COMMANDS.values()) {
    if (family !== "Topic") assert(word.startsWith(`${family}.`), word);
  }
});

Deno.test("COMMANDS requires GroupId of every group command that carries it", () => {
  assertEquals(
    wordsWhere(({ word, required }) =>
      word.startsWith("Group.") && !required.includes("GroupId")
    ),
    [
      "Group.CallbackBeforeCreateGroup",
      "Group.CallbackBeforeCreateTopic",
      "Group.CallbackOnDailyGroupQuotaAlarm",
    ],
  );
});

Deno.test("COMMANDS requires nothing of commands known by word only", () => {
  for (const { schema, required } of COMMANDS.values()) {
    if (schema === undefined) assertEquals(required, []);
  }
});

Deno.test("isBeforeCommand() is true for the 11 commands that can block", () => {
  assertEquals(wordsWhere(({ word }) => isBeforeCommand(word)), [
    "C2C.CallbackBeforeSendMsg",
    "Group.CallbackBeforeApplyJoinGroup",
    "Group.CallbackBeforeCreateGroup",
    "Group.CallbackBeforeCreateTopic",
    "Group.CallbackBeforeInviteJoinGroup",
    "Group.CallbackBeforeSendMsg",
    "OfficialAccount.CallbackBeforeAddSubscriber",
    "OfficialAccount.CallbackBeforeCreateOfficialAccount",
    "OfficialAccount.CallbackBeforeSendMsg",
    "Sns.CallbackPrevFriendAdd",
    "Sns.CallbackPrevFriendResponse",
  ]);
});

Deno.test("isBeforeCommand() is true for a new before-command", () => {
  assertEquals(isBeforeCommand("Group.CallbackBeforeUnheardOf"), true);
});

Deno.test.each([
  "Group.CallbackAfterUnheardOf",
  "group.callbackbeforecreategroup",
  "__proto__",
  "",
])("isBeforeCommand() is false for the unknown word %j", (word) => {
  assertEquals(isBeforeCommand(word), false);
});

Deno.test.each<[string, string, boolean]>([
  ["Group.CallbackAfterCreateGroup", "Group", true],
  ["Group.CallbackAfterCreateGroup", "Gro", false],
  ["imhook.GroupReconciled", "Reconcile", true],
  ["imhook.GroupReconciled", "imhook", true],
  ["Group.CallbackAfterCreateGroup", "Reconcile", false],
])("isOfFamily() of %s in %s is %s", (word, family, expected) => {
  assertEquals(isOfFamily(word, family), expected);
});
