import { assertEquals, assertStringIncludes } from "@std/assert";
import { reconcileRoutes } from "../../../src/http/reconcile/routes.ts";
import { imhook, startApi } from "../../support/cli/server_fixture.ts";
import { openWorld, type World } from "../../support/reconcile/world.ts";

const OLD = { Type: "Public", Name: "Old", GroupId: "old", CreateTime: 1 };

/** A server around a world. */
async function startWorld(world: World, apps = world.reconciler.apps) {
  const start = world.reconciler.start.bind(world.reconciler);
  return await startApi({
    routes: () =>
      reconcileRoutes({ store: world.store, reconciler: { start, apps } }),
  });
}

Deno.test("reconcile tells what it found, and ends with 1 when that is something", async () => {
  await using world = await openWorld();
  await using server = await startWorld(world);
  const first = await imhook(["reconcile"], { server });
  await world.make("import_group", OLD);
  const second = await imhook(["reconcile", "--dry-run"], { server });

  assertEquals([first.code, first.out], [0, [
    "App 1400000000: Tencent has 0 groups (1 calls)",
    "  All are as they are known here",
  ]]);
  assertEquals(second.code, 1);
  assertEquals(second.out, [
    "App 1400000000: Tencent has 1 groups (3 calls); nothing was appended",
    "  1 were not known here: imported, or older than the callbacks",
  ]);
});

Deno.test("reconcile --json prints the run", async () => {
  await using world = await openWorld();
  await using server = await startWorld(world);
  const { out } = await imhook(["reconcile", "--json"], { server });

  const run = JSON.parse(out[0] ?? "");
  assertEquals([run.state, run.groups], ["done", 0]);
});

Deno.test("reconcile says why it failed, and what to do", async () => {
  await using world = await openWorld();
  await using server = await startWorld(world);
  world.rest.standIn.plan("group_open_http_svc/get_appid_group_list", 70009);
  const { code, out } = await imhook(["reconcile"], { server });

  assertEquals(code, 1);
  assertStringIncludes(
    out[0] ?? "",
    "IMHOOK_APP_1400000000_KEY is not this app's secret key",
  );
});

Deno.test("reconcile compares each app that has a key", async () => {
  await using world = await openWorld();
  await using server = await startWorld(world, [1_400_000_000, 1]);
  const { code, out, talk } = await imhook(["reconcile"], { server });

  assertEquals([code, out.length], [1, 2]);
  assertStringIncludes(talk, "no secret key is set for app 1");
});

Deno.test("reconcile refuses an app that is none", async () => {
  await using world = await openWorld();
  await using server = await startWorld(world);
  const { code, talk } = await imhook(["reconcile", "--app", "x"], { server });

  assertEquals(code, 2);
  assertStringIncludes(talk, "--app: expected a whole number");
});

Deno.test("reconcile waits for a run that is under way", async () => {
  await using world = await openWorld();
  await using server = await startWorld(world);
  const wishes = { hasMembers: false, isDry: false, acceptsGone: false };
  await world.reconciler.start({ app: 1_400_000_000, ...wishes });
  const { code, out, talk } = await imhook(["reconcile"], { server });

  assertEquals([code, out.length], [0, 2]);
  assertStringIncludes(talk, "Another one is under way");
});
