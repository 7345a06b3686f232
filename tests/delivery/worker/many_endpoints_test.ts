import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { createDeliver } from "../../../src/delivery/outbound/deliver.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import {
  endpointOf,
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";

const LIVING = 5;
const REFUSING = 100;
const HANGING = 95;
const EVENTS = 40;

/** Takes what is sent to /1 to /5, and never answers the rest. */
function startGateway() {
  const taken = new Map<string, number>();
  const hanging: PromiseWithResolvers<Response>[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    const { pathname } = new URL(request.url);
    await request.text();
    if (pathname === "/hang") {
      const answer = Promise.withResolvers<Response>();
      hanging.push(answer);
      return await answer.promise;
    }
    taken.set(pathname, (taken.get(pathname) ?? 0) + 1);
    return new Response();
  });
  return {
    taken,
    hanging,
    origin: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      for (const { resolve } of hanging) resolve(new Response());
      await server.shutdown();
    },
  };
}

function refusingUrl(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return `http://127.0.0.1:${listener.addr.port}/`;
}

Deno.test("Deliveries to five living endpoints do not wait for 195 dead ones", async () => {
  await using bench = await openBench();
  await using gateway = startGateway();
  using outbound = openOutbound({ reach: "loopback" });
  const { origin } = gateway;
  const urls = [
    ...Array.from({ length: HANGING }, () => `${origin}/hang`),
    ...Array.from({ length: REFUSING }, refusingUrl),
    ...Array.from({ length: LIVING }, (_, index) => `${origin}/${index + 1}`),
  ];
  for (const [index, url] of urls.entries()) {
    const endpoint = endpointOf({ id: `e${index}`, url, timeoutMs: 60_000 });
    await createEndpoint(bench.store.side, endpoint);
  }
  await bench.append(EVENTS);
  const journalId = bench.store.identity.id;
  await using _deliveries = await bench.open(
    createDeliver({ post: outbound.post, journalId }),
    { now: Date.now, sleep: delay },
  );
  const counts = () => [...gateway.taken.values()];
  await eventually(() =>
    counts().length === LIVING && counts().every((count) => count === EVENTS)
  );

  // Each of the hanging ones has its one request under way all the while.
  assertEquals(gateway.hanging.length, HANGING);
});
