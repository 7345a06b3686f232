import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { readBytes } from "../../../src/http/edge/body.ts";
import { openLogLines } from "../../support/log_fixture.ts";
import { openRaw } from "../../support/server/raw_http.ts";
import { until } from "../../support/until.ts";
import { startApi, TOKEN } from "../../support/cli/server_fixture.ts";

/** A body that does what `pull` does, and tells whether it was cancelled. */
function bodyOf(
  pull: (
    controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
  ) => Promise<void> | void,
) {
  const state = { isCancelled: false };
  const cancel = () => {
    state.isCancelled = true;
  };
  const body = new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  return { body, state };
}

function read(
  body: BodyInit,
  { headers = {}, ...options }: {
    readonly headers?: HeadersInit;
    readonly maxBytes?: number;
    readonly graceMs?: number;
  } = {},
): Promise<Uint8Array> {
  const request = new Request("http://h/", { method: "POST", body, headers });
  return readBytes(request, { maxBytes: 100, ...options });
}

async function refusalOf(reading: Promise<unknown>): Promise<string> {
  const { status, message } = await assertRejects(() => reading, HttpError);
  return `${status} ${message}`;
}

Deno.test("readBytes() reads no body that says that it is too large", async () => {
  let pulled = 0;
  const { body, state } = bodyOf(() => {
    pulled++;
  });
  const headers = { "content-length": "101" };

  assertEquals(
    await refusalOf(read(body, { headers })),
    "413 Body: expected at most 100 bytes",
  );
  assertEquals([pulled, state.isCancelled], [0, true]);
});

Deno.test("readBytes() does not wait for a body that does not come", async () => {
  const { body, state } = bodyOf(() => new Promise<void>(() => {}));

  assertEquals(
    await refusalOf(read(body, { graceMs: 1 })),
    "408 Body: expected its bytes in time",
  );
  assertEquals(state.isCancelled, true);
});

Deno.test("readBytes() gives a large body more time, as it comes", async () => {
  let chunks = 0;
  const { body } = bodyOf(async (controller) => {
    if (chunks++ === 3) return controller.close();
    // In another turn: later than the grace, and sooner than what the first one brings.
    if (chunks > 1) await new Promise((resolve) => setTimeout(resolve));
    controller.enqueue(new Uint8Array(65_536));
  });

  const bytes = await read(body, { maxBytes: 300_000, graceMs: 0 });
  assertEquals(bytes.length, 3 * 65_536);
});

Deno.test("readBytes() of a body that breaks off is a refusal, not a failure", async () => {
  const { body } = bodyOf((controller) => controller.error(new TypeError("x")));

  assertEquals(
    await refusalOf(read(body)),
    "400 Body: expected it to its end",
  );
});

Deno.test("a client that leaves in the middle of a body is no error in the log", async () => {
  await using log = await openLogLines();
  await using server = await startApi();
  const headers = { authorization: `Bearer ${TOKEN}`, "content-length": 1_000 };
  {
    using connection = await openRaw(server.port);
    await connection.sendHead("/v1/import", { headers, body: "half" });
    const expecting = { ...headers, expect: "100-continue" };
    using other = await openRaw(server.port);
    await other.sendHead("/v1/import", { headers: expecting });
    await other.readContinue();
  }
  await until("the server goes on", async () => {
    const init = { method: "POST", body: "\n" };
    const answer = await server.ask("/v1/import", init);
    await answer.body?.cancel();
    return answer.ok || undefined;
  });

  assertEquals(log.lines.filter(({ level }) => level === "ERROR"), []);
});
