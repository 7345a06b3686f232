import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  GROUP,
  type GroupEntry,
} from "../../support/http/directory_fixture.ts";
import { startGroups } from "../../support/cli/groups_fixture.ts";
import { imhook, READ_TOKEN } from "../../support/cli/server_fixture.ts";

/** Groups g1, g2, …, newest first. */
function groupsOf(count: number): GroupEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    sinceMs: 100_000 - index,
    group: { ...GROUP, sdkAppId: 1, groupId: `g${index + 1}` },
  }));
}

Deno.test("groups prints one readable line a group, under a header", async () => {
  const [{ group, ...place } = { group: GROUP, sinceMs: 1 }] = groupsOf(1);
  const known = {
    ...group,
    name: "Fans \x1b[2J of 鍵 😀",
    type: "Public",
    owner: "alice",
    knownMembers: 7,
    createdAt: "2026-11-22T08:00:00.123Z",
  };
  await using server = await startGroups([
    { ...place, group: known },
    ...groupsOf(2).slice(1),
  ]);
  const { code, out, talk } = await imhook(["groups"], { server });

  assertEquals([code, out.length], [0, 2]);
  assertMatch(talk, /^CREATED +STATE +TYPE +MEMBERS +OWNER +GROUP +NAME$/);
  assertMatch(
    out[0] ?? "",
    /^2026-11-22T08:00:00Z +active +Public +7\+ +alice +g1 +Fans \ufffd\[2J of 鍵 😀$/,
  );
  assertMatch(out[1] ?? "", /^- +active +- +0\+ +- +g2$/);
});

Deno.test("groups prints JSON Lines, and needs no more than to read", async () => {
  const groups = groupsOf(2);
  await using server = await startGroups(groups);
  const env = { IMHOOK_API_TOKEN_READ: READ_TOKEN };
  const { out, talk } = await imhook(["groups", "--json"], { server, env });

  assertEquals(
    out.map((line) => JSON.parse(line)),
    groups.map(({ group }) => group),
  );
  assertEquals(talk, "");
});

Deno.test("groups asks for as many pages as it takes", async () => {
  await using server = await startGroups(groupsOf(1_203));
  const all = await imhook(["groups", "--limit", "all"], { server });
  const limits = server.directory.queries.map(({ limit }) => limit);
  const some = await imhook(["groups", "--limit", "501"], { server });

  assertEquals([all.out.length, limits], [1_203, [500, 500, 500]]);
  assertEquals(some.out.length, 501);
  assertStringIncludes(some.talk, "There may be more than 501: --limit all");
});

Deno.test("groups hands its filters to the server", async () => {
  await using server = await startGroups([]);
  const { code, talk } = await imhook([
    ...["groups", "--app", "5", "--owner", "o", "--member", "m&"],
    ...["--type", "Public", "--name", "N", "--state", "active"],
    ...["--created-after", "2026-11-22T08:00:00Z"],
    ...["--created-before", "2026-11-23T08:00:00Z"],
    ...["--changed-after", "2026-11-22T09:00:00Z"],
  ], { server });
  const [query] = server.directory.queries;

  assertEquals([code, talk], [0, "No group is known that fits"]);
  assertEquals(query, {
    app: 5,
    owner: "o",
    member: "m&",
    type: "Public",
    name: "N",
    text: undefined,
    state: "active",
    createdAfterMs: Date.UTC(2026, 10, 22, 8),
    createdBeforeMs: Date.UTC(2026, 10, 23, 8),
    changedAfterMs: Date.UTC(2026, 10, 22, 9),
    before: undefined,
    limit: 50,
  });
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
