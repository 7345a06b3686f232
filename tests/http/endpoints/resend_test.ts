import { assertEquals, assertStringIncludes } from "@std/assert";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import { openEndpoints } from "../../support/http/endpoints_fixture.ts";

Deno.test("POST …/replay ends at the cursor, and takes a time", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 2 } }));
  const since = new Date(NOW_MS - 1000).toISOString();
  await (await api.send("/e1/replay", { from: 2, to: 99 })).body?.cancel();
  const answer = await api.send("/e1/replay", { since });

  assertEquals(answer.status, 202);
  assertEquals((await answer.json()).replays, [
    { kind: "replay", next: "2", to: "2" },
    { kind: "replay", next: "1", to: "2" },
  ]);
});

Deno.test("POST …/replay refuses what has not been delivered yet", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 2 } }));
  const problem = await assertProblem(
    await api.send("/e1/replay", { from: 3 }),
    409,
  );

  assertStringIncludes(String(problem.detail), "dealt with up to 2");
});

Deno.test("POST …/replay takes a time and a last number", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 3 } }));
  const since = new Date(NOW_MS - 1000).toISOString();
  const answer = await api.send("/e1/replay", { since, to: 2 });

  assertEquals((await answer.json()).replays, [
    { kind: "replay", next: "1", to: "2" },
  ]);
});

Deno.test("POST …/replay names `to` when it ends before it begins", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 3 } }));
  const answer = await api.send("/e1/replay", { from: 3, to: "2" });
  const { parameter, detail } = await assertProblem(answer, 400);

  assertEquals(parameter, "to");
  assertEquals(detail, "to: expected a number from 3 on, where from begins");
});

Deno.test("POST …/redeliver refuses more than may wait", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 2 } }));
  const statuses = [];
  for (let count = 0; count < 21; count++) {
    const answer = await api.send("/e1/redeliver", { seq: 1 });
    await answer.body?.cancel();
    statuses.push(answer.status);
  }

  assertEquals(statuses, [...Array(20).fill(202), 429]);
});
