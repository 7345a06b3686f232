import { assertEquals } from "@std/assert";
import type { Attempt } from "../../../src/delivery/endpoint/attempts.ts";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { commitProgress } from "../../../src/delivery/endpoint/progress.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import {
  type EndpointApi,
  openEndpoints,
} from "../../support/http/endpoints_fixture.ts";

const DELIVERED: Attempt = {
  outcome: "delivered",
  seq: 1,
  through: 2,
  count: 2,
  atMs: NOW_MS,
  durationMs: 5,
  status: 204,
};

/** Endpoints that have dealt with events in each way. */
async function openFates(): Promise<EndpointApi> {
  const api = await openEndpoints();
  const { side } = api.store;
  const retry = { seq: 2, failures: 1, nextAttemptAtMs: NOW_MS, cause: "dns" };
  const commands = ["C2C.CallbackAfterSendMsg"];
  const fates = {
    ahead: { main: { after: 3 } },
    failing: { main: { after: 1, retry } },
    other: { filter: { ...endpointOf().filter, commands }, main: { after: 3 } },
    waiting: { main: { after: 1 } },
  };
  for (const [id, fate] of Object.entries(fates)) {
    await createEndpoint(side, { ...endpointOf(fate), id });
  }
  for (const id of ["ahead", "letters"]) {
    const isLetter = id === "letters";
    const endpoint = { ...endpointOf({ main: { after: 3 } }), id };
    if (isLetter) await createEndpoint(side, endpoint);
    const letter = { seq: 2, atMs: NOW_MS, cause: "dns", failures: 3 };
    await commitProgress(side, {
      id,
      epoch: 0,
      progress: {
        change: (kept) =>
          isLetter ? { endpoint: kept, setsAside: letter } : { endpoint: kept },
        attempts: () => isLetter ? [] : [DELIVERED],
      },
      nowMs: NOW_MS,
    });
  }
  return api;
}

Deno.test("GET /v1/events/{seq}/deliveries tells what became of it at each endpoint", async () => {
  await using api = await openFates();
  const page = await (await api.get("/v1/events/2/deliveries")).json();
  const states = page.items.map((
    { endpoint, state }: Record<string, string>,
  ) => [endpoint, state]);

  assertEquals(Object.fromEntries(states), {
    ahead: "delivered",
    failing: "failing",
    letters: "deadLetter",
    other: "notWanted",
    waiting: "waiting",
  });
  assertEquals(page.items[0].attempts[0].status, 204);
  assertEquals("next" in page, false);
});

Deno.test("GET /v1/events/{seq}/deliveries does not guess where no attempt is kept", async () => {
  await using api = await openFates();
  const page = await (await api.get("/v1/events/3/deliveries?limit=1")).json();

  assertEquals(page.items.length, 1);
  assertEquals([page.items[0].endpoint, page.items[0].state], [
    "ahead",
    "unknown",
  ]);
  assertEquals(typeof page.next, "string");
});

Deno.test("GET /v1/events/{seq}/deliveries of no event is a 404", async () => {
  await using api = await openEndpoints();

  await assertProblem(await api.get("/v1/events/4/deliveries"), 404);
});
