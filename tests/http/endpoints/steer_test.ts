import { assertEquals } from "@std/assert";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import {
  type EndpointApi,
  openEndpoints,
} from "../../support/http/endpoints_fixture.ts";

const NEXT_MS = NOW_MS + 60_000;
const RETRY = {
  seq: 2,
  failures: 3,
  nextAttemptAtMs: NEXT_MS,
  cause: "status 500",
};

/** The API with one endpoint whose event 2 fails, but for the changes. */
async function openFailing(
  changes: Partial<Endpoint> = {},
): Promise<EndpointApi> {
  const api = await openEndpoints();
  const main = { after: 1, retry: RETRY };
  const endpoint = endpointOf({ main, failures: 3, ...changes });
  await createEndpoint(api.store.side, endpoint);
  return api;
}

Deno.test.each<[string, Partial<Endpoint>]>([
  ["retrying", {}],
  ["held", { mode: "held", stop: "exhausted" }],
])(
  "a %s endpoint still shows what fails while something waits to be sent again, and skips it",
  async (state, changes) => {
    await using api = await openFailing(changes);
    const queued = await (await api.send("/e1/redeliver", { seq: 1 })).json();
    const skip = await (await api.send("/e1/skip", { seq: "2" })).json();

    assertEquals([queued.state, queued.failing.event], [state, "2"]);
    assertEquals([skip.cursor, skip.failing], ["2", undefined]);
    assertEquals(skip.replays.length, 1);
    const letters = await (await api.get("/v1/endpoints/e1/dead-letters"))
      .json();
    assertEquals(letters.causes, { skipped: 1 });
  },
);

Deno.test.each([[2], ["2"], [undefined]])(
  "POST …/skip takes %j for the event that fails",
  async (seq) => {
    await using api = await openFailing();
    const answer = await api.send("/e1/skip", { seq });

    assertEquals((await answer.json()).cursor, "2");
    assertEquals(api.changed, ["e1"]);
  },
);

Deno.test.each([[3, 409], ["3", 409], ["two", 400], [0, 400], [1.5, 400]])(
  "POST …/skip of %j is answered %s",
  async (seq, status) => {
    await using api = await openFailing();

    await assertProblem(await api.send("/e1/skip", { seq }), status);
    assertEquals(api.changed, []);
  },
);

Deno.test("PATCH tries what waits now, and says so", async () => {
  await using api = await openFailing();
  const answer = await api.send("/e1", { timeoutSeconds: 5 }, "PATCH");
  const { state, nextAttemptAt, failing } = await answer.json();
  const now = new Date(NOW_MS).toISOString();

  assertEquals(state, "retrying");
  assertEquals([nextAttemptAt, failing.nextAttemptAt], [now, now]);
});

Deno.test("PATCH leaves a held endpoint held", async () => {
  await using api = await openFailing({ mode: "held", stop: "exhausted" });
  const answer = await api.send("/e1", { timeoutSeconds: 5 }, "PATCH");
  const { state, reason, reasonKind, ...shown } = await answer.json();

  assertEquals([state, reasonKind], ["held", "exhausted"]);
  assertEquals(reason, "Event 2 failed 3 times: status 500");
  assertEquals(
    shown.nextAttemptAt ?? shown.failing.nextAttemptAt,
    undefined,
  );
});

Deno.test("POST …/resume tries what waits at once", async () => {
  await using api = await openFailing();
  const { state, failing } = await (await api.send("/e1/resume")).json();

  assertEquals([state, failing], ["active", undefined]);
});
