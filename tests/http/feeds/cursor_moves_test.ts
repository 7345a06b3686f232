import { assertEquals } from "@std/assert";
import { consumerRoutes } from "../../../src/http/feeds/consumers.ts";
import { createFeed } from "../../../src/http/feeds/feed.ts";
import {
  type Api,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";

function openConsumers(): Promise<Api> {
  const { signal } = new AbortController();
  return openApi({
    routes: ({ store, readers }) =>
      consumerRoutes({ store, feed: createFeed(store), readers, signal }),
  });
}

const send = (api: Api, path: string, body: unknown, method = "POST") =>
  api.get(path, { method, body: JSON.stringify(body) });

Deno.test("a long poll on a consumer answers from where it is moved to while it waits", async () => {
  await using api = await openConsumers();
  await api.post({ GroupId: "g", EventTime: 1 });
  await send(api, "/v1/consumers/c", { start: "now" }, "PUT");

  const waiting = api.get("/v1/consumers/c/events?wait=30");
  await send(api, "/v1/consumers/c/seek", { start: "first" });

  const { items: events, next } = await (await waiting).json();
  assertEquals([events.map(({ id }: { id: string }) => id), next], [
    ["1"],
    "1",
  ]);
});

Deno.test("a long poll on a consumer that is deleted while it waits is a 404", async () => {
  await using api = await openConsumers();
  await send(api, "/v1/consumers/c", {}, "PUT");

  const waiting = api.get("/v1/consumers/c/events?wait=30");
  await api.get("/v1/consumers/c", { method: "DELETE" });

  await assertProblem(await waiting, 404);
});

Deno.test("a position beyond the journal's end names the field and both ends", async () => {
  await using api = await openConsumers();
  await send(api, "/v1/consumers/c", {}, "PUT");
  const ack = await send(api, "/v1/consumers/c/ack", { through: 9 });
  const seek = await send(api, "/v1/consumers/c/seek", { start: 9 });

  const fields = { first: 1, last: 0, journalId: api.store.identity.id };
  for (
    const [response, parameter] of [[ack, "through"], [seek, "start"]] as const
  ) {
    const problem = await assertProblem(response, 409);
    assertEquals(
      { ...fields, parameter },
      {
        first: problem.first,
        last: problem.last,
        journalId: problem.journalId,
        parameter: problem.parameter,
      },
    );
  }
});
