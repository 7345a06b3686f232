import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  GROUP,
  type GroupEntry,
} from "../../support/http/directory_fixture.ts";
import { startGroups } from "../../support/cli/groups_fixture.ts";
import { imhook } from "../../support/cli/server_fixture.ts";

const ID = "@TGS#1/a b";

/** A group of app 1 with two members and the journal's first two events. */
const ENTRY: GroupEntry = {
  sinceMs: 1,
  group: {
    ...GROUP,
    sdkAppId: 1,
    groupId: ID,
    name: "Fans",
    owner: "alice",
    knownMembers: 2,
    membersComplete: true,
    customFields: { level: "3\x1b[2J" },
    createdAt: "2026-11-22T08:00:00.000Z",
    life: 2,
  },
  members: [
    { userId: "alice", role: "Owner", joinedAt: "2026-11-22T08:00:00.000Z" },
    { userId: "bob", role: "Member", nameCard: "Bobby" },
  ],
  seqs: [2, 1],
};

Deno.test("group shows facts, members and events", async () => {
  await using server = await startGroups([ENTRY]);
  await server.append(2);
  const { code, out, talk } = await imhook(["group", ID], { server });
  const text = out.join("\n");

  assertEquals([code, talk], [0, ""]);
  assertMatch(text, /^Group +@TGS#1\/a b\nApp +1\nName +Fans$/m);
  assertMatch(text, /^State +active, life 2 of this ID$/m);
  assertMatch(text, /^Members +2$/m);
  assertMatch(text, /^level +3\ufffd\[2J$/m);
  assertMatch(text, /^ {2}alice +Owner +2026-11-22T08:00:00Z$/m);
  assertMatch(text, /^ {2}bob +Member +- +Bobby$/m);
  assertMatch(text, /newest first\n +2 .*CreateGroup.*\n +1 .*CreateGroup/);
});

Deno.test("group says where there is more than it shows", async () => {
  await using server = await startGroups([ENTRY]);
  await server.append(2);
  const flags = ["--members", "1", "--events", "1"];
  const { out } = await imhook(["group", ID, ...flags], { server });
  const text = out.join("\n");

  assertStringIncludes(text, "  … and more: --members N");
  assertStringIncludes(text, "  … and older ones: --events N");
  assertEquals(text.includes("bob"), false);
});

Deno.test("group says that there are more fields than it shows", async () => {
  const group = { ...ENTRY.group, hasMoreFields: true };
  await using server = await startGroups([{ ...ENTRY, group }]);
  const { out } = await imhook(["group", ID], { server });

  assertStringIncludes(out.join("\n"), "\n  … and more fields\n");
});

Deno.test("group prints the API's own JSON, in three lines", async () => {
  await using server = await startGroups([ENTRY]);
  await server.append(2);
  const { out } = await imhook(["group", ID, "--json"], { server });
  const [group = "", members = "", events = "", ...rest] = out;

  assertEquals(rest, []);
  assertEquals(JSON.parse(group), ENTRY.group);
  assertEquals(JSON.parse(members), { items: ENTRY.members });
  assertStringIncludes(events, '"Id": 9007199254740993');
});

Deno.test("group shows nothing of what was not wanted", async () => {
  await using server = await startGroups([ENTRY]);
  const flags = ["--members", "0", "--events", "0", "--json"];
  const { out } = await imhook(["group", ID, ...flags], { server });

  assertEquals(out.slice(1), ['{"items":[]}', '{"items":[]}']);
});

Deno.test("group asks which app is meant where two have the ID", async () => {
  const other = { ...ENTRY, group: { ...ENTRY.group, sdkAppId: 2 } };
  await using server = await startGroups([ENTRY, other], { apps: [1, 2, 3] });
  const unclear = await imhook(["group", ID], { server });
  const clear = await imhook(["group", ID, "--app", "2"], { server });

  assertEquals(unclear.code, 2);
  assertStringIncludes(unclear.talk, "--app: 2 apps have a group");
  assertEquals(clear.code, 0);
  assertMatch(clear.out.join("\n"), /^App +2$/m);
});

Deno.test("group says that it does not know one", async () => {
  await using server = await startGroups([ENTRY]);
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
    const group = { ...ENTRY.group, groupId };
    await using server = await startGroups([{ ...ENTRY, group }]);
    await server.append(2);
    const { code, out } = await imhook(["group", groupId], { server });

    assertEquals([code, out[0]], [0, `Group         ${groupId}`]);
    assertEquals(out.filter((line) => line.includes("Bobby")).length, 1);
  },
);
