import { assertEquals } from "@std/assert";
import { bodyOf, newGroupId } from "../../support/server/callback.ts";
import {
  type KvServer,
  startKvServer,
  withKvServer,
} from "../../support/server/kv_server.ts";
import { type Server, startServer } from "../../support/server/server.ts";
import { until } from "../../support/until.ts";

const EVENTS = 40;
const PRIVATE = ["--allow-private-endpoints"];

/** Starts one of the processes that share a store. */
async function startOn({ env }: KvServer): Promise<Server> {
  return await startServer({ flags: PRIVATE, env });
}

/** Sends the creation of a group, and says that it was kept. */
async function create(server: Server, GroupId: string): Promise<void> {
  const answer = await server.send({
    body: bodyOf({ GroupId, EventTime: Date.now() }),
  });
  assertEquals((await answer.json()).ErrorCode, 0);
}

async function untilListed(server: Server, groupId: string): Promise<void> {
  await until(`${groupId} is listed`, async () => {
    const { items } = await (await server.get("/v1/groups?limit=1000")).json();
    return items.some((one: { groupId: string }) => one.groupId === groupId) ||
      undefined;
  });
}

/** Statuses of a rebuild that each of them is asked for: only who keeps the directory does it. */
async function askRebuilds(...servers: Server[]): Promise<number[]> {
  return await Promise.all(servers.map(async ({ origin }) => {
    const answer = await fetch(`${origin}/v1/directory/rebuild`, {
      method: "POST",
      headers: { authorization: "Bearer scenario-api-token" },
      body: "{}",
    });
    await answer.body?.cancel();
    return answer.status;
  }));
}

/** Numbers of the events that were delivered, in the order in which each came first. */
function startReceiver() {
  const ids = new Set<string>();
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    await request.text();
    ids.add(request.headers.get("webhook-id") ?? "");
    return new Response(null, { status: 204 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    numbers: () => [...ids].map((id) => Number(id.split("-").at(-1))),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

Deno.test(
  "two processes on one KV Connect server keep one journal, each event once",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    await using one = await startOn(kv);
    await using other = await startOn(kv);
    const ids = Array.from({ length: EVENTS }, newGroupId);

    // Each sends all of them: half are copies, wherever the original arrived.
    const body = (GroupId: string) =>
      bodyOf({ GroupId, EventTime: Date.now() });
    await Promise.all(
      ids.map(body).flatMap((text) =>
        [one, other].map(async (server) => {
          const answer = await server.send({ body: text });
          assertEquals((await answer.json()).ErrorCode, 0);
        })
      ),
    );

    for (const server of [one, other]) {
      const events = await until("all are in the journal", async () => {
        const all = await server.events();
        return all.length >= EVENTS ? all : undefined;
      });
      assertEquals(events.map(({ id }) => Number(id)), upTo(EVENTS));
      assertEquals(events.map(({ subject }) => subject).toSorted(), ids);
    }
  },
);

Deno.test(
  "of two processes one runs the consumers, and the other when that one is killed",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    await using receiver = startReceiver();
    await using holder = await startOn(kv);
    await untilHolds(holder);
    await using other = await startOn(kv);
    // Made where it is not delivered from: who delivers finds it.
    const { url } = receiver;
    await (await other.post("/v1/endpoints", { url })).body?.cancel();
    const [first, second, last] = [newGroupId(), newGroupId(), newGroupId()];
    await create(other, first);
    await create(holder, second);
    for (const server of [holder, other]) await untilListed(server, second);
    assertEquals(await askRebuilds(holder, other), [202, 409]);
    await until("they are delivered", () => {
      return receiver.numbers().length === 2 || undefined;
    });

    holder.child.kill("SIGKILL");
    await create(other, last);

    await untilHolds(other);
    await untilListed(other, last);
    await until("it is delivered", () => {
      return receiver.numbers().length === 3 || undefined;
    });
    assertEquals(receiver.numbers(), upTo(3));
  },
);

async function untilHolds(server: Server): Promise<void> {
  await until("it runs the consumers", () => {
    return server.logged("This process runs the consumers").length > 0 ||
      undefined;
  });
}

Deno.test(
  "a process whose KV Connect server is gone is not ready, before any callback comes",
  withKvServer,
  async () => {
    const kv = await startKvServer();
    await using server = await startOn(kv);
    await kv[Symbol.asyncDispose]();

    const reasons = await until("it is not ready", async () => {
      const answer = await (await fetch(`${server.origin}/readyz`)).json();
      return answer.status === "ready" ? undefined : answer.reasons;
    });
    assertEquals(reasons.length, 1);
  },
);
