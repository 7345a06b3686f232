// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EventRecord } from "../../../src/base/event.ts";
import { startGroups } from "../../support/cli/groups_fixture.ts";
import { imhook } from "../../support/cli/server_fixture.ts";
import { toldOf } from "../../support/directory/projection_fixture.ts";

const ID = "@TGS#1/a b";

/** Events of a group of app 1 in its second life, with two members; the newest holds a large number. */
function eventsOf(GroupId = ID, fields = {}): EventRecord[] {
  const level = { Key: "level", Value: "3\x1b[2J" };
  const card = { Member_Account: "bob", NameCard: "Bobby" };
  const records = toldOf([
    ["CreateGroup", { GroupId, Name: "Old" }],
    ["GroupDestroyed", { GroupId }],
    ["CreateGroup", {
      GroupId,
      Name: "Fans",
      Owner_Account: "alice",
      MemberList: [{ Member_Account: "bob" }],
      UserDefinedDataList: [level],
      ...fields,
    }],
    ["MemberFieldChanged", { GroupId, ...card }],
  ]);
  return records.map((record, at) => at < 3 ? record : withLargeNumber(record));
}

function withLargeNumber(record: EventRecord): EventRecord {
  const text = new TextDecoder().decode(record.body);
  const large = text.replace(/}$/, ',"Id": 9007199254740993}');
  return { ...record, body: new TextEncoder().encode(large) };
}

Deno.test("group shows facts, members and events", async () => {
  await using server = await startGroups(eventsOf());
  const { code, out, talk } = await imhook(["group", ID], { server });
  const text = out.join("\n");

  assertEquals([code, talk], [0, ""]);
  assertMatch(text, /^Group +@TGS#1\/a b\nApp +1\nName +Fans$/m);
  assertMatch(text, /^State +active, life 2 of this ID$/m);
  assertMatch(text, /^Members +2$/m);
  assertMatch(text, /^level +3\ufffd\[2J$/m);
  assertMatch(text, /^ {2}alice +Owner +2026-\d\d-\d\dT\d\d:\d\d:02Z$/m);
  assertMatch(text, /^ {2}bob +Member +2026\S+:02Z +Bobby$/m);
  assertMatch(text, /newest first\n +4 .*FieldChanged.*\n +3 .*CreateGroup/);
});

Deno.test("group says where there is more than it shows", async () => {
  await using server = await startGroups(eventsOf());
  const flags = ["--members", "1", "--events", "1"];
  const { out } = await imhook(["group", ID, ...flags], { server });
  const text = out.join("\n");

  assertStringIncludes(text, "  … and more: --members N");
  assertStringIncludes(text, "  … and older ones: --events N");
  assertEquals(text.includes("bob"), false);
});

Deno.test("group says that there are more fields than it shows", async () => {
  const UserDefinedDataList = Array.from(
    { length: 300 },
    (_, index) => ({ Key: `k${index}`, Value: "v" }),
  );
  await using server = await startGroups(eventsOf(ID, { UserDefinedDataList }));
  const { out } = await imhook(["group", ID], { server });

  assertStringIncludes(out.join("\n"), "\n  … and more fields\n");
});

Deno.test("group prints the API's own JSON, in three lines", async () => {
  await using server = await startGroups(eventsOf());
  const { out } = await imhook(["group", ID, "--json"], { server });
  const [group = "", members = "", events = "", ...rest] = out;

  assertEquals(rest, []);
  const path = `/v1/groups/1/${encodeURIComponent(ID)}`;
  assertEquals(group, await (await server.ask(path)).text());
  assertEquals(members, await (await server.ask(`${path}/members`)).text());
  assertEquals(JSON.parse(members).items.length, 2);
  assertStringIncludes(events, '"Id": 9007199254740993');
});

Deno.test("group shows nothing of what was not wanted", async () => {
  await using server = await startGroups(eventsOf());
  const flags = ["--members", "0", "--events", "0", "--json"];
  const { out } = await imhook(["group", ID, ...flags], { server });

  assertEquals(out.slice(1), ['{"items":[]}', '{"items":[]}']);
});

Deno.test("group asks which app is meant where two have the ID", async () => {
  const others = eventsOf().map((record) => ({ ...record, app: 2 }));
  const all = [...eventsOf(), ...others];
  await using server = await startGroups(all, { apps: [1, 2, 3] });
  const unclear = await imhook(["group", ID], { server });
  const clear = await imhook(["group", ID, "--app", "2"], { server });

  assertEquals(unclear.code, 2);
  assertStringIncludes(unclear.talk, "--app: 2 apps have a group");
  assertEquals(clear.code, 0);
  assertMatch(clear.out.join("\n"), /^App +2$/m);
});

Deno.test("group says that it does not know one", async () => {
  await using server = await startGroups(eventsOf());
  const anywhere = await imhook(["group", "g9"], { server });
  const there = await imhook(["group", "g9", "--app", "1"], { server });

  assertEquals([anywhere.code, there.code], [1, 1]);
  assertStringIncludes(
    anywhere.talk,
    'No callback of a configured app has told of group "g9"',
  );
  assertStringIncludes(
    there.talk,
    'No callback of app 1 has told of group "g9"',
  );
});

Deno.test.each([["."], [".."], ["..;"], ["a/../b"]])(
  "group finds one whose ID is %s",
  async (groupId) => {
    await using server = await startGroups(eventsOf(groupId));
    const { code, out } = await imhook(["group", groupId], { server });

    assertEquals([code, out[0]], [0, `Group         ${groupId}`]);
    assertEquals(out.filter((line) => line.includes("Bobby")).length, 1);
  },
);
