import { assertEquals } from "@std/assert";
import { Budget } from "../../src/base/budget.ts";
import { isBodyEmpty, readBody } from "../../src/ingest/body.ts";
import { bytesOf } from "../support/ingest/callback_fixture.ts";

const TOO_LARGE = { ok: false, reason: "too large" } as const;
const INCOMPLETE = { ok: false, reason: "incomplete" } as const;

/** A body that comes in these chunks; "never" stays silent, an Error breaks it. */
interface Source {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly isCancelled: () => boolean;
}

function sourceOf(...chunks: (string | Error | "never")[]): Source {
  let isCancelled = false;
  const rest = chunks.values();
  const stream = new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next();
      if (done) controller.close();
      else if (value instanceof Error) controller.error(value);
      else if (value === "never") return new Promise<void>(() => {});
      else controller.enqueue(bytesOf(value));
    },
    cancel() {
      isCancelled = true;
    },
  }, { highWaterMark: 0 });
  return { stream, isCancelled: () => isCancelled };
}

function requestOf(body: BodyInit | null, length?: string): Request {
  const headers: Record<string, string> = length === undefined
    ? {}
    : { "content-length": length };
  return new Request("http://h/", { method: "POST", body, headers });
}

/** Reads a body of at most 10 bytes. */
async function read(request: Request, ms = 60_000) {
  using budget = new Budget(ms);
  return await readBody(request, { maxBytes: 10, budget });
}

async function isEmpty(request: Request, ms = 60_000): Promise<boolean> {
  using budget = new Budget(ms);
  return await isBodyEmpty(request, budget);
}

Deno.test.each([
  { name: "one chunk", chunks: ["0123456789"] },
  { name: "many chunks", chunks: ["01234", "5678", "9"] },
  { name: "empty chunks", chunks: ["", "0123456789", ""] },
])("readBody() reads exactly the limit in $name", async ({ chunks }) => {
  const expected = { ok: true, bytes: bytesOf("0123456789") } as const;

  const counted = await read(requestOf(sourceOf(...chunks).stream));
  const announced = await read(requestOf(sourceOf(...chunks).stream, "10"));

  assertEquals(counted, expected);
  assertEquals(announced, expected);
});

Deno.test.each([[undefined], ["0"]])(
  "readBody() reads no body as no bytes (Content-Length %s)",
  async (length) => {
    const expected = { ok: true, bytes: new Uint8Array() } as const;

    assertEquals(await read(requestOf(null, length)), expected);
  },
);

Deno.test("readBody() refuses what says that it is too large without reading it", async () => {
  const { stream, isCancelled } = sourceOf("never");

  assertEquals(await read(requestOf(stream, "11")), TOO_LARGE);
  assertEquals(isCancelled(), true);
});

Deno.test("readBody() stops reading once a body is too large", async () => {
  const { stream, isCancelled } = sourceOf("01234", "56789", "x", "never");

  assertEquals(await read(requestOf(stream)), TOO_LARGE);
  assertEquals(isCancelled(), true);
});

Deno.test.each([
  { name: "silent", chunks: ["01234", "never"] },
  { name: "silent from the start", chunks: ["never"] },
])("readBody() gives up on a client that is $name", async ({ chunks }) => {
  assertEquals(
    await read(requestOf(sourceOf(...chunks).stream), 2),
    INCOMPLETE,
  );
  assertEquals(
    await read(requestOf(sourceOf(...chunks).stream, "9"), 2),
    INCOMPLETE,
  );
});

Deno.test("readBody() takes a body that breaks off for incomplete", async () => {
  const chunks = ["01234", new Error("Connection reset")];

  assertEquals(await read(requestOf(sourceOf(...chunks).stream)), INCOMPLETE);
  assertEquals(
    await read(requestOf(sourceOf(...chunks).stream, "9")),
    INCOMPLETE,
  );
});

Deno.test.each([
  { name: "no body", body: null, length: undefined },
  { name: "no body and a length", body: null, length: "0" },
  { name: "an empty text", body: "", length: undefined },
])("isBodyEmpty() is true for $name", async ({ body, length }) => {
  assertEquals(await isEmpty(requestOf(body, length)), true);
});

Deno.test("isBodyEmpty() is true for a stream that ends at once", async () => {
  assertEquals(await isEmpty(requestOf(sourceOf().stream)), true);
});

Deno.test.each([
  { name: "a text", chunks: ["x"], length: undefined },
  { name: "a text and its length", chunks: ["x"], length: "1" },
  { name: "an endless stream", chunks: ["x", "never"], length: undefined },
  { name: "a stream that breaks", chunks: [new Error()], length: undefined },
])("isBodyEmpty() is false for $name", async ({ chunks, length }) => {
  assertEquals(
    await isEmpty(requestOf(sourceOf(...chunks).stream, length)),
    false,
  );
});

Deno.test("isBodyEmpty() does not wait for ever", async () => {
  assertEquals(await isEmpty(requestOf(sourceOf("never").stream), 2), false);
});

Deno.test.each([["5", false], ["0", true]])(
  "isBodyEmpty() believes a Content-Length of %s and leaves the body unread",
  async (length, expected) => {
    const request = requestOf(sourceOf("never").stream, length);

    assertEquals(await isEmpty(request), expected);
    assertEquals([request.bodyUsed, request.body?.locked], [false, false]);
  },
);

Deno.test("isBodyEmpty() leaves a body that can still be cancelled", async () => {
  const request = requestOf(sourceOf("x", "never").stream);

  assertEquals(await isEmpty(request), false);
  await request.body?.cancel();
});

Deno.test("readBody() counts a body whose length is said twice", async () => {
  const source = sourceOf("0123456789", "more", "never");

  assertEquals(await read(requestOf(source.stream, "5, 5")), TOO_LARGE);
  assertEquals(source.isCancelled(), true);
});
