import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { BodyLimits, BodyResult } from "../../src/base/body_reading.ts";
import { BodyRoom, lengthOf, MIN_AGE_MS } from "../../src/base/bounded_body.ts";
import { Budget } from "../../src/base/budget.ts";
import { bytesOf } from "../support/ingest/callback_fixture.ts";

const LONG = { graceMs: 60_000, bytesPerSec: 1_000 };
const LIMITS = { maxBytes: 10, time: LONG };
const LATE = { ok: false, reason: "late" } as const;
const LEFT = { ok: false, reason: "left" } as const;
const TOO_LARGE = { ok: false, reason: "too large" } as const;

/** A body that comes in these chunks; "never" stays silent, an Error breaks it. */
interface Source {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly isCancelled: () => boolean;
  /** Breaks it, as a client does that leaves. */
  readonly leave: () => void;
}

function sourceOf(...chunks: (string | Error | "never")[]): Source {
  let isCancelled = false;
  let leave = () => {};
  const rest = chunks.values();
  const stream = new ReadableStream({
    start(controller) {
      leave = () => controller.error(new Error("Left"));
    },
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
  return { stream, isCancelled: () => isCancelled, leave: () => leave() };
}

function requestOf(body: BodyInit | null, length?: string | number): Request {
  const headers: Record<string, string> = length === undefined
    ? {}
    : { "content-length": String(length) };
  return new Request("http://h/", { method: "POST", body, headers });
}

/** Reads a body of at most 10 bytes in a room of its own. */
async function read(
  request: Request,
  limits: Partial<BodyLimits> = {},
): Promise<BodyResult> {
  const room = new BodyRoom({ maxBytes: 100 });
  const result = await room.read(request, { ...LIMITS, ...limits });
  assertEquals(room.heldBytes, 0);
  return result;
}

/**
 * A room with a clock that a test turns on, and half-sent bodies in it. Each counts twice: the
 * network's buffer may hold as much again.
 */
function openRoom(maxBytes: number) {
  let nowMs = 0;
  const now = () => nowMs;
  const room = new BodyRoom({ maxBytes: 2 * maxBytes, now });
  const begun: { source: Source; reading: Promise<BodyResult> }[] = [];
  const begin = (
    source: Source,
    { length, target = room }: { length?: number; target?: BodyRoom } = {},
  ) => {
    const limits = { ...LIMITS, maxBytes: 100_000 };
    const reading = target.read(requestOf(source.stream, length), limits);
    begun.push({ source, reading });
    return { source, reading };
  };
  return {
    room,
    held: () => room.heldBytes / 2,
    begin,
    now,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Begins to read a body that stops half-way. */
    start: (length: number, target?: BodyRoom) =>
      begin(sourceOf("0", "never"), { length, ...target && { target } }),
    async [Symbol.asyncDispose]() {
      for (const { source } of begun) source.leave();
      await Promise.all(begun.map(({ reading }) => reading));
      assertEquals(room.heldBytes, 0);
    },
  };
}

Deno.test.each([
  { name: "one chunk", chunks: ["0123456789"] },
  { name: "many chunks", chunks: ["01234", "5678", "9"] },
  { name: "empty chunks", chunks: ["", "0123456789", ""] },
])("BodyRoom reads exactly the limit in $name", async ({ chunks }) => {
  const expected = { ok: true, bytes: bytesOf("0123456789") } as const;
  using budget = new Budget(60_000);

  const counted = await read(requestOf(sourceOf(...chunks).stream));
  const announced = await read(requestOf(sourceOf(...chunks).stream, "10"));
  const small = await read(requestOf(sourceOf(...chunks).stream, "10"), {
    time: budget,
    isTrusted: true,
  });

  assertEquals([counted, announced, small], [expected, expected, expected]);
});

Deno.test.each([[undefined], ["0"]])(
  "BodyRoom reads no body as no bytes (Content-Length %s)",
  async (length) => {
    const expected = { ok: true, bytes: new Uint8Array() } as const;

    assertEquals(await read(requestOf(null, length)), expected);
    assertEquals(await read(requestOf("", length)), expected);
  },
);

Deno.test("BodyRoom keeps the bytes of any chunks in their order", async () => {
  const chunk = fc.uint8Array({ maxLength: 40_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk), fc.boolean(), async (chunks, isTold) => {
      const bytes = chunks.flatMap((chunk) => [...chunk]);
      const stream = ReadableStream.from(chunks.map((it) => it.slice()));
      const request = requestOf(stream, isTold ? bytes.length : undefined);
      const room = new BodyRoom({ maxBytes: 1_000_000 });
      const limits = { maxBytes: 1_000_000, time: LONG };

      const result = await room.read(request, limits);

      assertEquals(result, { ok: true, bytes: Uint8Array.from(bytes) });
      assertEquals(room.heldBytes, 0);
    }),
    { numRuns: 20 },
  );
});

Deno.test("BodyRoom refuses a body that declares too much without reading it", async () => {
  const { stream, isCancelled } = sourceOf("never");

  assertEquals(await read(requestOf(stream, "11")), TOO_LARGE);
  assertEquals(isCancelled(), true);
});

Deno.test("BodyRoom stops reading once a body is too large", async () => {
  const { stream, isCancelled } = sourceOf("01234", "56789", "x", "never");

  assertEquals(await read(requestOf(stream)), TOO_LARGE);
  assertEquals(isCancelled(), true);
});

Deno.test("BodyRoom counts a body whose length is declared twice", async () => {
  const source = sourceOf("0123456789", "more", "never");
  const request = requestOf(source.stream, "5, 5");

  assertEquals(lengthOf(request), undefined);
  assertEquals(await read(request), TOO_LARGE);
  assertEquals(source.isCancelled(), true);
});

Deno.test.each([
  { name: "silent", chunks: ["01234", "never"] },
  { name: "silent from the start", chunks: ["never"] },
])("BodyRoom gives up on a client that is $name", async ({ chunks }) => {
  using budget = new Budget(2);
  const sources = [1, 2, 3].map(() => sourceOf(...chunks));
  const [counted, told, small] = sources.map(({ stream }, index) =>
    requestOf(stream, index === 0 ? undefined : "9")
  );

  const time = { graceMs: 2, bytesPerSec: 1e9 };

  assertEquals(await read(counted ?? requestOf(null), { time }), LATE);
  assertEquals(await read(told ?? requestOf(null), { time: budget }), LATE);
  assertEquals(
    await read(small ?? requestOf(null), { time: budget, isTrusted: true }),
    LATE,
  );
  assertEquals(sources.map((it) => it.isCancelled()), [true, true, false]);
});

Deno.test("BodyRoom tells a client that has left from one that is late", async () => {
  using budget = new Budget(60_000);
  const chunks = ["01234", new Error("Connection reset")];

  assertEquals(await read(requestOf(sourceOf(...chunks).stream)), LEFT);
  assertEquals(await read(requestOf(sourceOf(...chunks).stream, "9")), LEFT);
  assertEquals(
    await read(requestOf(sourceOf(...chunks).stream, "9"), {
      time: budget,
      isTrusted: true,
    }),
    LEFT,
  );
});

Deno.test("BodyRoom gives up the oldest bodies for a newcomer", async () => {
  await using opened = openRoom(100);
  const { held, pass, start } = opened;
  const first = start(40);
  pass(1);
  const second = start(40);
  pass(MIN_AGE_MS);
  start(60);

  assertEquals(await first.reading, { ok: false, reason: "given up" });
  assertEquals(first.source.isCancelled(), true);
  assertEquals(second.source.isCancelled(), false);
  assertEquals(held(), 100);
});

Deno.test("BodyRoom refuses a newcomer where all others have just begun", async () => {
  await using opened = openRoom(100);
  const { held, pass, start } = opened;
  const first = start(60);
  pass(MIN_AGE_MS - 1);
  const second = start(60);

  assertEquals(await second.reading, { ok: false, reason: "no room" });
  assertEquals(second.source.isCancelled(), true);
  assertEquals(first.source.isCancelled(), false);
  assertEquals(held(), 60);
});

Deno.test("BodyRoom makes the bodies of a part give way to their own kind alone", async () => {
  await using opened = openRoom(100);
  const { room, held, now, pass, start } = opened;
  const part = new BodyRoom({ maxBytes: 50, parent: room, now });
  const outside = start(50);
  const inside = start(50, part);
  pass(MIN_AGE_MS);
  start(50, part);

  assertEquals(await inside.reading, { ok: false, reason: "given up" });
  assertEquals(outside.source.isCancelled(), false);
  assertEquals([held(), part.heldBytes], [100, 50]);
});

Deno.test("BodyRoom reserves no more than a body of unknown length has brought", async () => {
  await using opened = openRoom(100_000);
  const { held, pass, begin } = opened;
  const { reading } = begin(sourceOf("x".repeat(30_000), "never"));
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(held(), 32_768);

  pass(MIN_AGE_MS);
  begin(sourceOf("never"), { length: 90_000 });

  assertEquals(await reading, { ok: false, reason: "given up" });
  assertEquals(held(), 90_000);
});
