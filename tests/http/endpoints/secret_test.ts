import { assert, assertEquals } from "@std/assert";
import {
  createEndpoint,
  getEndpoint,
} from "../../../src/delivery/endpoint/endpoints.ts";
import { endpointOf, SECRET } from "../../support/delivery/delivery_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import { openEndpoints } from "../../support/http/endpoints_fixture.ts";

Deno.test("POST …/secret gives a new secret and says how long the previous one signs", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const rotation = await api.send("/e1/secret", { overlapSeconds: 60 });
  const { secret, previousExpiresAt } = await rotation.json();
  const { secrets } = await (await api.get("/v1/endpoints/e1")).json();

  const until = new Date(NOW_MS + 60_000).toISOString();
  assert(secret.startsWith("whsec_"));
  assertEquals(previousExpiresAt, until);
  assertEquals(
    secrets.map(({ expiresAt }: { expiresAt?: string }) => expiresAt),
    [undefined, until],
  );
});

Deno.test("POST …/secret keeps each secret as long as it was promised, and no more than three", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const rotate = (overlapSeconds: number) =>
    api.send("/e1/secret", { overlapSeconds });
  await (await rotate(500)).body?.cancel();
  await (await rotate(60)).body?.cancel();
  const problem = await assertProblem(await rotate(1), 429);
  const kept = await getEndpoint(api.store.side, "e1");
  const last = await rotate(0);

  const ends = kept?.secrets.map(({ expiresAtMs = Infinity }) =>
    (expiresAtMs - NOW_MS) / 1000
  );
  assertEquals(ends, [Infinity, 60, 500]);
  assertEquals(kept?.secrets[2]?.secret, SECRET);
  assertEquals(problem.until, new Date(NOW_MS + 60_000).toISOString());
  assertEquals((await last.json()).previousExpiresAt, undefined);
});
