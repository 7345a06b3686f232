// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals, assertStringIncludes } from "@std/assert";
import { openWorld } from "../support/reconcile/world.ts";

const GROUP = { Type: "Public", Name: "Tea", Owner_Account: "leckie" };
const LOST = { isLost: true };
const INFO = "group_open_http_svc/get_group_info";

Deno.test("Reconciler counts a group whose callback was lost as missed", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "told" });
  world.rest.clock.nowMs += 3_600_000;
  await world.make("create_group", { ...GROUP, GroupId: "lost" }, LOST);
  await world.make("import_group", { ...GROUP, GroupId: "old", CreateTime: 1 });

  const { found } = await world.run();

  assertEquals([found.groups, found.missing, found.missed], [3, 2, 1]);
});

Deno.test("Reconciler does not wait where no callback can be under way", async () => {
  await using world = await openWorld();
  await world.make("import_group", { ...GROUP, GroupId: "old", CreateTime: 1 });

  const { found, startedAtMs, endedAtMs = 0 } = await world.run();

  assertEquals(found.missing, 1);
  assertEquals(endedAtMs - startedAtMs < 10_000, true);
});

Deno.test("Reconciler waits for a callback that is under way", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "a" }, LOST);

  const { found, startedAtMs, endedAtMs = 0 } = await world.run();

  assertEquals(found.missing, 1);
  assertEquals(endedAtMs - startedAtMs >= 60_000, true);
});

Deno.test("Reconciler ends no group that Tencent still knows by its ID", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "a" });
  await world.run();
  // A list that has lost it, and says so in its count.
  world.rest.standIn.model.order.length = 0;
  world.rest.clock.nowMs += 5_000;

  const { state, error } = await world.run();

  assertEquals(state, "failed");
  assertStringIncludes(error ?? "", "names 0 of 1 groups");
  assertEquals((await world.groups()).get("a")?.state, "active");
});

Deno.test("Reconciler appends nothing in a dry run, and finds the same", async () => {
  await using world = await openWorld();
  await world.make("import_group", { ...GROUP, GroupId: "old", CreateTime: 1 });

  const { found } = await world.run({ isDry: true });

  assertEquals(found.missing, 1);
  assertEquals(await world.repairs(), []);
  assertEquals((await world.groups()).size, 0);
});

Deno.test("Reconciler keeps no members of an AVChatRoom", async () => {
  await using world = await openWorld();
  await world.make("import_group", {
    ...GROUP,
    Type: "AVChatRoom",
    GroupId: "live",
  });

  const { found } = await world.run({ hasMembers: true });

  assertEquals(found.missing, 1);
  assertEquals((await world.repairs())[0]?.members, undefined);
  assertEquals((await world.run({ hasMembers: true })).found.differing, 0);
});

Deno.test("Reconciler runs one comparison at a time", async () => {
  await using world = await openWorld();
  const asked = {
    app: 1_400_000_000,
    hasMembers: false,
    isDry: false,
    acceptsGone: false,
  };

  const [one, other] = await Promise.all([
    world.reconciler.start(asked),
    world.reconciler.start(asked),
  ]);

  assertEquals([one.kind, other.kind].toSorted(), ["busy", "started"]);
  assertEquals(
    one.kind !== "no key" && other.kind !== "no key" && one.run.id,
    other.kind !== "no key" && other.run.id,
  );
});

Deno.test("Reconciler says that an app has no key", async () => {
  await using world = await openWorld();
  const asked = { app: 1, hasMembers: false, isDry: false, acceptsGone: false };

  assertEquals(await world.reconciler.start(asked), { kind: "no key" });
});

Deno.test("Reconciler fails with Tencent's code and what to do, and goes on the next time", async () => {
  await using world = await openWorld();
  await world.make("import_group", { ...GROUP, GroupId: "old", CreateTime: 1 });
  world.rest.standIn.plan(INFO, 60021);

  const { state, error } = await world.run();

  assertEquals(state, "failed");
  assertStringIncludes(
    error ?? "",
    "60021 (as planned): this machine's address",
  );
  assertEquals((await world.run()).found.missing, 1);
});

Deno.test("Reconciler starts by itself, and again after the hours", async () => {
  await using world = await openWorld({ everyHours: 24 });
  await world.make("import_group", { ...GROUP, GroupId: "old", CreateTime: 1 });
  const untilKnown = async (count: number) => {
    while ((await world.repairs()).length < count) {
      await new Promise((r) => setTimeout(r, 5));
    }
  };

  await untilKnown(1);
  world.rest.clock.nowMs += 25 * 3_600_000;
  await world.make("import_group", {
    ...GROUP,
    GroupId: "older",
    CreateTime: 1,
  });
  await untilKnown(2);
});

Deno.test("Reconciler fails where Tencent's list begins again instead of ending", async () => {
  await using world = await openWorld();
  const next = "4611686018427387904";
  const answer =
    `{"ActionStatus":"OK","ErrorCode":0,"TotalCount":9,"GroupIdList":[{"GroupId":"a"}],"Next":${next}}`;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.text();
      return new Response(answer);
    },
  );
  world.rest.access.origin = `http://127.0.0.1:${server.addr.port}`;

  const { state, error } = await world.run();

  assertEquals(state, "failed");
  assertStringIncludes(error ?? "", "begins again");
});
