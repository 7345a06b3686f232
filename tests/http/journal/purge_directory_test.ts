import { assertEquals } from "@std/assert";
import { purgeRoute } from "../../../src/http/journal/purge.ts";
import type { Projector } from "../../../src/directory/projector/projector.ts";
import { listGroups } from "../../../src/directory/rows/groups.ts";
import { Pace } from "../../../src/store/pace.ts";
import type { Store } from "../../../src/store/open.ts";
import { CREATED_BODY } from "../../support/ingest/callback_fixture.ts";
import {
  openProjector,
  rebuilt,
  settled,
} from "../../support/directory/projector_fixture.ts";
import { type Api, openApi } from "../../support/http/api_fixture.ts";

const GROUPS = 40;

interface Purged extends Api {
  readonly projector: Projector;
  /** Purges in as many requests as it takes; how many events leave. */
  readonly purge: (before: number, force: boolean) => Promise<number>;
}

/** An application with groups in packs of their own, of which an endpoint still has to deliver all. */
async function openDirectory(): Promise<Purged> {
  let kept: Projector | undefined;
  const api = await openApi({
    routes: ({ store }) => {
      const projector = openProjector(store);
      kept = projector;
      return [purgeRoute({
        store,
        pace: new Pace(store),
        floor: () => Promise.resolve(0),
        prepare: (through, options) => projector.prepare(through, options),
        directory: projector,
        onStep() {},
        signal: new AbortController().signal,
      })];
    },
  });
  if (kept === undefined) throw new TypeError("No projector was made");
  const projector = kept;
  for (let n = 0; n < GROUPS; n++) {
    await api.post({ ...CREATED_BODY, GroupId: `g${n}` });
  }
  await settled(api.store, projector);
  return {
    ...api,
    projector,
    purge: (before, force) => purge(api, { before, force }),
    [Symbol.asyncDispose]: async () => {
      await projector[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

async function purge(
  api: Api,
  body: { readonly before: number; readonly force: boolean },
): Promise<number> {
  let removed = 0;
  for (;;) {
    const init = { method: "POST", body: JSON.stringify(body) };
    const response = await api.get("/v1/purge", init);
    assertEquals(response.status, 200);
    const answer = await response.json();
    removed += answer.removed;
    if (!answer.more) return removed;
  }
}

async function countGroups({ reader }: Store): Promise<number> {
  return (await listGroups(reader, { limit: 1_000 })).groups.length;
}

Deno.test("POST /v1/purge with force removes what endpoints need, and no group from a rebuild", async () => {
  await using api = await openDirectory();
  const { store, projector } = api;

  assertEquals(await api.purge(31, false), 0);
  assertEquals(await api.purge(31, true), 30);
  projector.rebuild();
  await rebuilt(store, projector);

  assertEquals(await countGroups(store), GROUPS);
});

Deno.test("POST /v1/purge is answered when asked several times at once", async () => {
  await using api = await openDirectory();

  const removed = await Promise.all(
    [11, 21, 31].map((before) => api.purge(before, true)),
  );

  assertEquals(removed.reduce((sum, count) => sum + count), 30);
});
