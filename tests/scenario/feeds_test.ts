import { assert, assertEquals } from "@std/assert";
import { writtenOperations } from "../support/http/written_operations.ts";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf } from "../support/server/callback.ts";
import {
  environmentOf,
  type Server,
  startServer,
} from "../support/server/server.ts";
import { until } from "../support/until.ts";

const BURST = 40;

/** A server whose port stays the same when it starts again. */
async function startAt(folder: string, port: number): Promise<Server> {
  return await startServer({
    folder,
    env: { IMHOOK_LISTEN: `127.0.0.1:${port}` },
  });
}

/** What a reader knows of the server, and when it stops. */
interface Following {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly total: number;
}

/** Reads by long poll until it has seen all; an error is a reason to ask again. */
async function poll({ origin, headers, total }: Following): Promise<string[]> {
  const seen: string[] = [];
  let after = "0";
  return await until("the poll has seen all", async () => {
    try {
      const url = `${origin}/v1/events?wait=30&limit=7&after=${after}`;
      const { items: events, next } = await (await fetch(url, { headers }))
        .json();
      seen.push(...events.map(({ id }: { readonly id: string }) => id));
      after = next;
    } catch (error) {
      if (!isBroken(error)) throw error;
    }
    return seen.length >= total ? seen : undefined;
  });
}

/** Reads the stream as a browser does: after an end or an error it connects again. */
async function listen(following: Following): Promise<string[]> {
  const { total } = following;
  const state = { seen: [] as string[], last: "0" };
  return await until("the stream has shown all", async () => {
    try {
      await listenOnce(following, state);
    } catch (error) {
      if (!isBroken(error)) throw error;
    }
    return state.seen.length >= total ? state.seen : undefined;
  });
}

/** Takes messages until the connection ends or all were seen. */
async function listenOnce(
  { origin, headers, total }: Following,
  state: { readonly seen: string[]; last: string },
): Promise<void> {
  const response = await fetch(`${origin}/v1/events/stream`, {
    headers: { ...headers, "last-event-id": state.last },
  });
  assertEquals(response.status, 200);
  assert(response.body !== null);
  let rest = "";
  const texts = response.body.pipeThrough(new TextDecoderStream());
  for await (const text of texts) {
    const messages = (rest + text).split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const id = /^id: (\d+)$/m.exec(message)?.[1];
      if (id !== undefined && /^data: /m.test(message)) state.seen.push(id);
      state.last = id ?? state.last;
    }
    if (state.seen.length >= total) return;
  }
}

/** True when the connection broke, as it does when a server stops. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError;
}

async function sendMany(server: Server, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
  }
}

Deno.test("serve shows each event once and in order to readers that live through restarts", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const token = environmentOf(folder).IMHOOK_API_TOKEN;
  const headers = { authorization: `Bearer ${token}` };
  const total = 3 * BURST;
  let port = 0;
  let readers: Promise<string[]>[] = [];
  for (let start = 0; start < 3; start++) {
    await using server = await startAt(folder, port);
    port = server.port;
    const following = { origin: server.origin, headers, total };
    if (start === 0) {
      readers = [poll, poll, listen, listen].map((read) => read(following));
    }
    await sendMany(server, BURST);
    if (start === 2) await Promise.all(readers);
    assertEquals((await server.child.stop()).code, 0);
  }
  const expected = Array.from({ length: total }, (_, n) => `${n + 1}`);
  for (const reader of readers) assertEquals(await reader, expected);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve ends a stream in good order when it stops", async () => {
  await using server = await startServer();
  await sendMany(server, 1);
  const response = await server.get("/v1/events/stream");
  const text = response.text();
  await server.child.stop();

  const messages = (await text).split("\n\n");
  assertEquals(messages.at(0), "retry: 1000");
  assertEquals(messages.at(-1), "");
  assertEquals((await server.child.ended()).code, 0);
});

Deno.test("serve stops although a reader of its stream reads no more", async () => {
  await using server = await startServer();
  for (let n = 0; n < 16; n++) {
    const body = bodyOf({ Introduction: "x".repeat(700_000) });
    await assertAck(await server.send({ body }), { code: 0 });
  }
  const response = await server.get("/v1/events/stream");
  const reader = response.body?.getReader();
  await reader?.read();

  assertEquals((await server.child.stop()).code, 0);
  await reader?.cancel().catch(() => {/* it broke when the server ended */});
});

Deno.test("serve keeps a consumer's position over a restart", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const token = environmentOf(folder).IMHOOK_API_TOKEN;
  const headers = { authorization: `Bearer ${token}` };
  const post = async (server: Server, path: string, body: unknown) => {
    const method = path.endsWith("/ack") ? "POST" : "PUT";
    const url = `${server.origin}/v1/consumers/${path}`;
    const init = { method, headers, body: JSON.stringify(body) };
    const response = await fetch(url, init);
    await response.body?.cancel();
    return response.status;
  };
  {
    await using server = await startServer({ folder });
    await sendMany(server, 3);
    assertEquals(await post(server, "a", { start: "first" }), 201);
    assertEquals(await post(server, "a/ack", { through: 2 }), 200);
  }
  {
    await using server = await startServer({ folder });
    const page = await server.get("/v1/consumers/a/events");
    const { items: events } = await page.json();
    assertEquals(events.map(({ id }: { id: string }) => id), ["3"]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve describes every operation that src/http has", async () => {
  await using server = await startServer();
  const { paths } = await (await server.get("/openapi.json")).json();
  const described = Object.values<Record<string, { operationId: string }>>(
    paths,
  ).flatMap((methods) => Object.values(methods))
    .map(({ operationId }) => operationId);
  assertEquals(described.toSorted(), await writtenOperations());
});
