import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  cloudEventJson,
  DECISIONS,
  type EventMeta,
  type EventRecord,
} from "../../src/base/event.ts";
import { parseLine } from "../../src/ingest/import_line.ts";
import { eventTimeMsOf, readObject } from "../../src/protocol/body.ts";
import { bytesOf } from "../support/ingest/callback_fixture.ts";

const HERE = "0b5d2b1e-2f6f-4f8e-9d3e-0c4f6a1f2a55";
const THERE = "7d44bd1c-7a56-4a5e-9d84-0d4a3b0c8a10";

/** A line of an export. */
function lineOf(record: EventRecord, journalId: string): string {
  const event = cloudEventJson(record, journalId);
  return `{"event":${event},"raw":"${record.body.toBase64()}"}`;
}

/** Bodies that are JSON objects, some with odd bytes, numbers and texts. */
function bodies(): fc.Arbitrary<Uint8Array> {
  const time = fc.oneof(
    fc.constantFrom("1796078753132", '"1796078753132"', '"soon"', "1e400"),
    fc.integer().map(String),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }).map((it) => JSON.stringify(it)),
    fc.constantFrom('"\u2028\u0085"', String.raw`"\ud83d"`, "1e400", "70.0"),
  );
  return fc.tuple(time, text, fc.uint8Array({ max: 0xff, maxLength: 4 }))
    .map(([time, text, odd]) => {
      const start = bytesOf(`{"EventTime":${time},"Name":${text},"Odd":"`);
      // Quotes, backslashes and control characters would end the text or break it.
      const middle = odd.filter((byte) => byte > 0x7f);
      return Uint8Array.of(...start, ...middle, ...bytesOf('"}'));
    });
}

function records(): fc.Arbitrary<EventRecord> {
  const short = fc.string({ unit: "binary", minLength: 1, maxLength: 40 })
    .map((text) => text.toWellFormed());
  const maybe = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: undefined });
  const meta = fc.record({
    command: short,
    group: maybe(short),
    clientIp: maybe(short),
    senderIp: maybe(fc.ipV6()),
    platform: maybe(short),
    requestId: maybe(short),
    query: maybe(short),
    path: maybe(fc.constant(THERE)),
    warnings: maybe(fc.string().map((text) => text.toWellFormed())),
    revalidated: maybe(fc.constant(true as const)),
    decision: maybe(fc.constantFrom(...DECISIONS)),
    decidedBy: maybe(short),
    decisionCode: maybe(fc.nat()),
    decisionMs: maybe(fc.nat()),
    decisionAnswer: maybe(short),
  });
  return fc.record({
    seq: fc.integer({ min: 1, max: 1e9 }),
    app: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    receivedAtMs: fc.integer({ min: 1.6e12, max: 1.9e12 }),
    digest: fc.constant(new Uint8Array(16)),
    meta,
    body: bodies(),
  }).map((record) => {
    const spoken = eventTimeMsOf(readObject(record.body)?.body ?? {});
    const meta: EventMeta = { ...record.meta, eventTimeMs: spoken };
    return { ...record, meta };
  });
}

Deno.test("export, import, export gives the same line but for journal id and number", () => {
  fc.assert(
    fc.property(records(), (record) => {
      const line = lineOf(record, THERE);
      const read = parseLine(bytesOf(line));
      assert(read.ok, read.ok ? "" : read.reason);
      const { journalId, seq, ...rest } = read.event;
      const again = { ...rest, seq, digest: record.digest };

      assertEquals([journalId, seq], [THERE, record.seq]);
      assertEquals(lineOf(again, THERE), line);
      assertEquals(
        lineOf({ ...again, seq: 5 }, HERE).replace(HERE, THERE),
        lineOf({ ...record, seq: 5 }, THERE),
      );
    }),
    { numRuns: 500 },
  );
});
