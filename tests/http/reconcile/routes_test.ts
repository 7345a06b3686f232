import { ANYBODY } from "../../support/http/api_fixture.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createRouter } from "../../../src/http/edge/router.ts";
import { problemResponse } from "../../../src/http/edge/errors.ts";
import { reconcileRoutes } from "../../../src/http/reconcile/routes.ts";
import { ended, openWorld, type World } from "../../support/reconcile/world.ts";

const APP = 1_400_000_000;

/** Asks the routes of a world. */
async function ask(
  { store, reconciler }: World,
  method: string,
  target: string,
  body?: unknown,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const route = createRouter(reconcileRoutes({ store, reconciler }), ANYBODY);
  const [path = "", search = ""] = target.split("?");
  const request = new Request(`http://127.0.0.1${target}`, {
    method,
    ...body !== undefined && { body: JSON.stringify(body) },
  });
  const clientIp = () => "127.0.0.1";
  const response = await route(request, { path, search, clientIp })
    .catch(problemResponse);
  return { status: response.status, json: await response.json() };
}

Deno.test("POST /v1/reconciliations starts a run that can be read", async () => {
  await using world = await openWorld();
  await world.make("import_group", {
    Type: "Public",
    Name: "Old",
    GroupId: "old",
    CreateTime: 1,
  });

  const started = await ask(world, "POST", "/v1/reconciliations", {
    sdkAppId: APP,
    dryRun: true,
  });
  assertEquals([started.status, started.json.state], [202, "running"]);
  const id = String(started.json.id);
  await ended(world.store, id);
  const { status, json } = await ask(world, "GET", `/v1/reconciliations/${id}`);

  assertEquals(status, 200);
  assertEquals(
    [json.id, json.sdkAppId, json.state, json.dryRun],
    [id, APP, "done", true],
  );
  assertEquals([json.groups, json.missing, json.differing, json.gone], [
    1,
    1,
    0,
    0,
  ]);
});

Deno.test("GET /v1/reconciliations lists runs, the newest first, page by page", async () => {
  await using world = await openWorld();
  const ids: string[] = [];
  for (let run = 0; run < 3; run++) {
    ids.unshift((await world.run()).id);
    world.rest.clock.nowMs += 1_000;
  }

  const first = await ask(world, "GET", "/v1/reconciliations?limit=2");
  const { next } = first.json;
  const second = await ask(
    world,
    "GET",
    `/v1/reconciliations?limit=2&cursor=${next}`,
  );

  const idsOf = ({ items }: Record<string, unknown>) =>
    (items as { id: string }[]).map(({ id }) => id);
  assertEquals([...idsOf(first.json), ...idsOf(second.json)], ids);
  assertEquals(second.json.next, undefined);
});

Deno.test("POST /v1/reconciliations refuses a second run, and an app without a key", async () => {
  await using world = await openWorld();
  const body = { sdkAppId: APP };

  const [one, other] = await Promise.all([
    ask(world, "POST", "/v1/reconciliations", body),
    ask(world, "POST", "/v1/reconciliations", body),
  ]);
  assertEquals([one.status, other.status].toSorted(), [202, 409]);
  const unknown = await ask(world, "POST", "/v1/reconciliations", {
    sdkAppId: 1,
  });
  assertEquals(unknown.status, 409);
  assertStringIncludes(String(unknown.json.detail), "IMHOOK_APP_1_KEY");
});

Deno.test("GET /v1/reconciliations/:id does not know every id", async () => {
  await using world = await openWorld();

  assertEquals(
    (await ask(world, "GET", "/v1/reconciliations/none")).status,
    404,
  );
});
