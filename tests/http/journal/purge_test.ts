import { assertEquals } from "@std/assert";
import {
  purgeRoute,
  type PurgeRouteOptions,
} from "../../../src/http/journal/purge.ts";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { Pace } from "../../../src/store/pace.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { CREATED_BODY, NOW_MS } from "../../support/ingest/callback_fixture.ts";
import {
  type Api,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

/** An application that keeps three events in packs of their own; events above 2 are held. */
async function openKept(
  options: Partial<PurgeRouteOptions> = {},
): Promise<{ api: Api; counted: number[] }> {
  const counted: number[] = [];
  const api = await openApi({
    routes: ({ store }) => [purgeRoute({
      store,
      pace: new Pace(store),
      floor: () => Promise.resolve(2),
      prepare: () => Promise.resolve(true),
      onStep: (removed) => counted.push(removed),
      signal: new AbortController().signal,
      directory: { status: {}, floor: () => Promise.resolve(Infinity) },
      ...options,
    })],
  });
  for (const GroupId of ["a", "b", "c"]) {
    await api.post({ ...CREATED_BODY, GroupId });
  }
  return { api, counted };
}

function purge(api: Api, body: unknown): Promise<Response> {
  return api.get("/v1/purge", { method: "POST", body: JSON.stringify(body) });
}

const HELD = { held: { by: "directory", through: "2" } };

Deno.test.each<[unknown, number, string, unknown]>([
  [{ before: 1 }, 0, "1", {}],
  [{ before: 2 }, 1, "2", {}],
  [{ before: "2" }, 1, "2", {}],
  [{ before: 3 }, 2, "3", {}],
  [{ before: 4 }, 2, "3", HELD],
  [{ before: 4, force: true }, 3, "4", {}],
  [{ before: new Date(NOW_MS).toISOString() }, 0, "1", {}],
  [{ before: new Date(NOW_MS + 1).toISOString() }, 2, "3", HELD],
  [{ before: new Date(NOW_MS + 1).toISOString(), force: true }, 3, "4", {}],
])("POST /v1/purge of %j removes %d", async (body, removed, first, held) => {
  const { api, counted } = await openKept();
  await using _ = api;
  const answer = await purge(api, body);

  assertEquals(answer.status, 200);
  const more = false;
  assertEquals(await answer.json(), {
    removed,
    first,
    more,
    ...held as object,
  });
  assertEquals(counted, [removed]);
});

Deno.test("POST /v1/purge says which endpoint holds events back", async () => {
  const { api } = await openKept({ floor: () => Promise.resolve(1) });
  await using _ = api;
  const replays = [{ id: "r", kind: "replay", after: 1, to: 2 }] as const;
  for (
    const endpoint of [
      endpointOf({ id: "off", main: { after: 0 }, mode: "disabled" }),
      endpointOf({ id: "done", main: { after: 3 } }),
      endpointOf({ id: "again", main: { after: 3 }, replays }),
    ]
  ) await createEndpoint(api.store.side, endpoint);
  const { held, removed } = await (await purge(api, { before: 4 })).json();

  assertEquals([removed, held], [1, { by: "again", through: "1" }]);
});

Deno.test("POST /v1/purge says why the directory does not go on", async () => {
  const { api } = await openKept({
    prepare: () => Promise.resolve(false),
    directory: {
      status: { failure: "the disk is full" },
      floor: () => Promise.resolve(2),
    },
  });
  await using _ = api;
  const { more, held } = await (await purge(api, { before: 4 })).json();
  const reason = "the disk is full";

  assertEquals([more, held], [true, { by: "directory", through: "2", reason }]);
});

Deno.test("POST /v1/purge leaves 410 for who is behind", async () => {
  const { api } = await openKept();
  await using _ = api;
  await (await purge(api, { before: 3 })).body?.cancel();

  const problem = await assertProblem(await api.get("/v1/events?after=0"), 410);
  assertEquals([problem.first, problem.last], [3, 3]);
});

Deno.test.each<[unknown]>([
  [{}],
  [{ before: 0 }],
  [{ before: "0" }],
  [{ before: 1.5 }],
  [{ before: "now" }],
  [{ before: "2026-13-99T00:00:00Z" }],
  [{ before: null }],
  [{ before: 2, force: "yes" }],
  [{ before: 2, other: 1 }],
])("POST /v1/purge refuses %j", async (body) => {
  const { api, counted } = await openKept();
  await using _ = api;

  await assertProblem(await purge(api, body), 400);
  assertEquals(counted, []);
});

Deno.test("POST /v1/purge refuses a number beyond the journal's end", async () => {
  const { api } = await openKept();
  await using _ = api;

  const problem = await assertProblem(await purge(api, { before: 5 }), 409);
  assertEquals(problem.last, 3);
});
