import { assert, assertEquals } from "@std/assert";
import type { Attempt } from "../../../src/delivery/endpoint/attempts.ts";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { commitProgress } from "../../../src/delivery/endpoint/progress.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { openEndpoints } from "../../support/http/endpoints_fixture.ts";

Deno.test("POST …/test shows the request, and why nobody answered", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const shown = await (await api.send("/e1/test")).json();

  assertEquals(shown.delivered, false);
  assertEquals(shown.error, "receiver.example: connection refused");
  assertEquals(JSON.parse(shown.request.body).type, "imhook.Test");
  assert(shown.request.headers["webhook-signature"].startsWith("v1,"));
});

Deno.test("GET …/attempts gives pages, newest first", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const attempt: Attempt = {
    outcome: "failed",
    seq: 1,
    through: 1,
    count: 1,
    atMs: NOW_MS,
    durationMs: 3.6,
    status: 500,
    error: "It answered 500",
  };
  for (let count = 0; count < 3; count++) {
    await commitProgress(api.store.side, {
      id: "e1",
      epoch: 0,
      progress: {
        change: (endpoint) => ({ endpoint }),
        attempts: () => [attempt],
      },
      nowMs: NOW_MS,
    });
  }
  const path = "/v1/endpoints/e1/attempts?limit=2";
  const first = await (await api.get(path)).json();
  const rest = await (await api.get(`${path}&cursor=${first.next}`)).json();
  const ids = [...first.items, ...rest.items].map(({ id }) => id);

  assertEquals(ids, ["3", "2", "1"]);
  assertEquals([typeof first.next, rest.next], ["string", undefined]);
  assertEquals(first.items[0].durationMs, 4);
});
