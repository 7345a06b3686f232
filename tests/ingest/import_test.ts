import { assertEquals } from "@std/assert";
import { cloudEventJson, type EventRecord } from "../../src/base/event.ts";
import { createImporter } from "../../src/ingest/import.ts";
import { until } from "../support/until.ts";
import { journalItems, NOW_MS } from "../support/store/store_fixture.ts";
import { meetFailure, openStalled } from "../support/ingest/stalled_store.ts";

const JOURNAL = "7d44bd1c-7a56-4a5e-9d84-0d4a3b0c8a10";
const ENCODER = new TextEncoder();

/** The export of a journal of this many events. */
function linesOf(count: number): Uint8Array {
  const lines = Array.from({ length: count }, (_, index) => {
    const record: EventRecord = {
      seq: index + 1,
      app: 1,
      receivedAtMs: NOW_MS,
      digest: new Uint8Array(16),
      meta: { command: "C" },
      body: ENCODER.encode("{}"),
    };
    const event = cloudEventJson(record, JOURNAL);
    return `{"event":${event},"raw":"${record.body.toBase64()}"}\n`;
  });
  return ENCODER.encode(lines.join(""));
}

Deno.test("createImporter() refuses at once while the store fails, and says why", async () => {
  await using store = await openStalled(Array(1_000).fill("fails"));
  const importLines = createImporter(store);
  const reason = await meetFailure(store);

  const result = await importLines(linesOf(3));

  assertEquals(result, { kind: "refused", reason });
});

Deno.test("createImporter() does not wait for a silent store, and adds nothing twice", async () => {
  await using store = await openStalled(["stays silent", "lands late"]);
  const importLines = createImporter(store, { patienceMs: 1 });

  const first = await importLines(linesOf(3));
  const again = await importLines(linesOf(3));
  const done = await until("the store works", async () => {
    const result = await importLines(linesOf(3));
    return result.kind === "done" ? result : undefined;
  });

  assertEquals([first.kind, again.kind], ["late", "late"]);
  assertEquals(done, { kind: "done", added: 0, known: 3, isRenumbered: false });
  assertEquals((await journalItems(store.reader)).length, 3);
});
