import { assertEquals, assertNotEquals } from "@std/assert";
import { detailOf } from "../../../src/console/events/event_details.js";
import {
  commandName,
  kindOf,
} from "../../../src/console/events/event_words.js";
import { COMMANDS } from "../../../src/protocol/commands.ts";

Deno.test("commandName() has words for every command of Tencent's", () => {
  const unnamed = [...COMMANDS.keys()].filter((word) =>
    commandName(word) === word
  );

  assertEquals(unnamed, []);
});

Deno.test.each([
  ["Group.CallbackBeforeCreateGroup", "question"],
  ["Sns.CallbackPrevFriendAdd", "question"],
  ["Group.CallbackAfterCreateGroup", "good"],
  ["Group.CallbackAfterGroupDestroyed", "bad"],
  ["Group.CallbackSendMsgException", "bad"],
  ["Group.CallbackAfterSendMsg", "dim"],
  ["Group.CallbackAfterGroupInfoChanged", "calm"],
])("kindOf() of %s is %s", (type, expected) => {
  assertEquals(kindOf(type), expected);
});

Deno.test("detailOf() tells something of every sample, and never an object", async () => {
  const folder = new URL("../../testdata/samples/", import.meta.url);
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const data = JSON.parse(await Deno.readTextFile(new URL(name, folder)));
    const type = name.split(".").slice(0, 2).join(".");
    const detail = detailOf({ type, data });
    assertNotEquals(detail.includes("[object"), true, `${name}: ${detail}`);
    assertNotEquals(detail.includes("undefined"), true, `${name}: ${detail}`);
  }
});

Deno.test("detailOf() tells that a field was cleared", () => {
  const type = "Group.CallbackAfterGroupInfoChanged";

  assertEquals(
    detailOf({ type, data: { Name: "", Notification: "n" } }),
    "Name cleared · Notice: n",
  );
});

Deno.test("detailOf() tells why a message was not sent", () => {
  const data = { ErrorCode: 10023, ErrorInfo: "too many", MsgBody: [] };

  assertEquals(
    detailOf({ type: "Group.CallbackSendMsgException", data }),
    "error 10023: too many",
  );
});
