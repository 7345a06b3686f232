// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startGroups } from "../../support/cli/groups_fixture.ts";
import { imhook, READ_TOKEN } from "../../support/cli/server_fixture.ts";
import { START_MS } from "../../support/directory/history.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import {
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";

/** Creations of groups g1, g2, …, a second apart. */
function groupsOf(count: number) {
  return toldOf(Array.from({ length: count }, (_, index): Told => {
    return ["CreateGroup", { GroupId: `g${index + 1}` }];
  }));
}

/** A time so many seconds after START_MS. */
function second(n: number): string {
  return new Date(START_MS + 1_000 * n).toISOString();
}

Deno.test("groups prints one readable line a group, under a header", async () => {
  const timeMs = START_MS + 60_123;
  const members = [..."abcdef"].map((id) => ({ Member_Account: id }));
  const body = {
    GroupId: "g1",
    Name: "Fans \x1b[2J of 鍵 😀",
    Type: "Public",
    Owner_Account: "alice",
    // One that is unusable: there is a member more than is known.
    MemberList: [...members, { Member_Account: 5 }],
    EventTime: timeMs,
  };
  const command = "Group.CallbackAfterCreateGroup";
  const created = recordOf({ command, timeMs, body });
  const joined = { GroupId: "g2", NewMemberList: [{ Member_Account: "a" }] };
  await using server = await startGroups([
    ...toldOf([["NewMemberJoin", joined]]),
    { ...created, meta: { ...created.meta, group: "g1" } },
  ]);
  const { code, out, talk } = await imhook(["groups"], { server });

  assertEquals([code, out.length], [0, 2]);
  assertMatch(talk, /^CREATED +STATE +TYPE +MEMBERS +OWNER +GROUP +NAME$/);
  assertMatch(
    out[0] ?? "",
    /^2026-\d\d-\d\dT\d\d:01:00Z +active +Public +7\+ +alice +g1 +Fans \ufffd\[2J of 鍵 😀$/,
  );
  assertMatch(out[1] ?? "", /^- +partial +Public +1\+ +- +g2$/);
});

Deno.test("groups prints JSON Lines, and needs no more than to read", async () => {
  await using server = await startGroups(groupsOf(2));
  const env = { IMHOOK_API_TOKEN_READ: READ_TOKEN };
  const { out, talk } = await imhook(["groups", "--json"], { server, env });
  const { items } = await (await server.ask("/v1/groups")).json();

  assertEquals([items.length, talk], [2, ""]);
  assertEquals(out.map((line) => JSON.parse(line)), items);
});

Deno.test("groups asks for as many pages as it takes", async () => {
  await using server = await startGroups(groupsOf(1_203));
  const all = await imhook(["groups", "--limit", "all"], { server });
  const some = await imhook(["groups", "--limit", "501"], { server });

  assertEquals([all.out.length, new Set(all.out).size], [1_203, 1_203]);
  assertEquals(some.out, all.out.slice(0, 501));
  assertStringIncludes(some.talk, "There may be more than 501: --limit all");
});

Deno.test("groups hands each of its filters to the server", async () => {
  const MemberList = [{ Member_Account: "m&" }];
  const wanted = {
    Owner_Account: "o",
    Type: "Public",
    Name: "Name",
    MemberList,
  };
  const told = (GroupId: string, fields = {}): Told => [
    "CreateGroup",
    { ...wanted, GroupId, ...fields },
  ];
  const records = toldOf([
    told("too old"),
    told("fits"),
    told("of another owner", { Owner_Account: "p" }),
    told("without the member", { MemberList: [] }),
    told("of another type", { Type: "Work" }),
    told("of another name", { Name: "Other" }),
    told("disbanded"),
    ["GroupDestroyed", { GroupId: "disbanded" }],
    told("not changed of late"),
    told("too new"),
    ["GroupInfoChanged", { GroupId: "fits", Introduction: "x" }],
  ]);
  const [other] = toldOf([told("of another app")], { fromSec: 1 });
  if (other === undefined) throw new TypeError("Nothing was told");
  await using server = await startGroups([...records, { ...other, app: 5 }]);
  const flags = [
    ...["--app", "1", "--owner", "o", "--member", "m&"],
    ...["--type", "Public", "--name", "N", "--state", "active"],
    ...["--created-after", second(1), "--created-before", second(9)],
    ...["--changed-after", second(9)],
  ];
  const idsOf = async (args: readonly string[]) => {
    const { out } = await imhook(["groups", "--json", ...args], { server });
    return out.map((line) => JSON.parse(line).groupId);
  };

  assertEquals(await idsOf(flags), ["fits"]);
  for (let at = 0; at < flags.length; at += 2) {
    const fewer = await idsOf(flags.toSpliced(at, 2));
    assertEquals(fewer.includes("fits"), true);
  }
  assertEquals((await idsOf([])).length, 10);
  const none = await imhook(["groups", "--name", "None"], { server });
  assertEquals([none.code, none.talk], [0, "No group is known that fits"]);
});

Deno.test.each([
  [["groups", "--state", "x"], "state: expected partial, active or disbanded"],
  [["groups", "--app", "abc"], "sdkAppId: expected a whole number"],
  [["groups", "--created-after", "now"], "createdAfter: expected a time"],
  [["group", "g1", "--app", "zz"], "sdkAppId: expected a whole number"],
])(
  "main() given %j tells what the server does not take",
  async (args, problem) => {
    await using server = await startGroups([]);
    const { code, talk } = await imhook(args, { server });

    assertEquals(code, 2);
    assertStringIncludes(talk, problem);
    assertStringIncludes(talk, `Usage: imhook ${args[0]}`);
  },
);

Deno.test.each([
  [["groups", "--limit", "0"], "--limit: expected a whole number from 1"],
  [["groups", "g1"], "Unexpected argument 'g1'"],
  [["group"], "ID is missing"],
  [["group", ""], "ID is missing"],
  [["group", "a", "b"], 'Unexpected argument "b"'],
  [["group", "a", "--members", "1001"], "--members: expected a whole number"],
  [["group", "a", "--events", "x"], "--events: expected a whole number"],
  [["rebuild", "now"], "Unexpected argument 'now'"],
])("main() given %j says what is wrong", async (args, problem) => {
  const { code, out, talk } = await imhook(args);

  assertEquals([code, out], [2, []]);
  assertStringIncludes(talk, problem);
});
