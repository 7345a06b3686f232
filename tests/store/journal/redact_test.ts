import { assertEquals } from "@std/assert";
import { getRecord } from "../../../src/store/journal/page.ts";
import { type Redact, redactStep } from "../../../src/store/journal/redact.ts";
import { packAt } from "../../../src/store/journal/scan.ts";
import { DAY_MS, openDays } from "../../support/store/purge_fixture.ts";
import { journalItems, NOW_MS } from "../../support/store/store_fixture.ts";

const ALL = { cutoffMs: Infinity, floor: Infinity };
/** Takes the bodies whose meta names a command that ends so. */
const redactEnding = (ending: string): Redact => (_item, meta) =>
  JSON.parse(meta).command.endsWith(ending) ? '{"redacted":true}' : undefined;

Deno.test("redactStep() takes bodies out of one pack, and leaves all else as it was", async () => {
  using kv = await openDays(2);
  const before = await packAt(kv, "journal", 1);

  const step = await redactStep(kv, {
    ...ALL,
    after: 0,
    redact: redactEnding("1"),
  });

  assertEquals(step, { removed: 1, after: 3 });
  const after = await packAt(kv, "journal", 1);
  assertEquals(after?.batchId, before?.batchId);
  assertEquals(after?.latestMs, before?.latestMs);
  assertEquals(
    after?.items.map(({ digest }) => digest),
    before?.items.map(({ digest }) => digest),
  );
  const kept = (await journalItems(kv)).map(({ name }) => name);
  assertEquals(kept, ["d1-0", "", "d1-2", "d2-0", "d2-1", "d2-2"]);
});

Deno.test("redactStep() removes the parts of a large body", async () => {
  using kv = await openDays(1, { large: true });

  await redactStep(kv, { ...ALL, after: 0, redact: () => "{}" });

  const keys = await Array.fromAsync(kv.list({ prefix: ["journal"] }));
  assertEquals(keys.length, 1);
  assertEquals((await getRecord(kv, 1))?.body.length, 0);
});

Deno.test.each([
  ["received later", { cutoffMs: NOW_MS - DAY_MS, floor: Infinity }],
  ["still needed", { cutoffMs: Infinity, floor: 2 }],
])("redactStep() leaves what was %s", async (_what, bounds) => {
  using kv = await openDays(1);

  const step = await redactStep(kv, {
    ...bounds,
    after: 0,
    redact: () => "{}",
  });

  assertEquals(step, { removed: 0, after: undefined });
  assertEquals((await journalItems(kv))[0]?.name, "d1-0");
});

Deno.test("redactStep() goes past packs with nothing to take, to the journal's end", async () => {
  using kv = await openDays(2);
  const redact: Redact = () => undefined;

  const first = await redactStep(kv, { ...ALL, after: 0, redact });
  const second = await redactStep(kv, { ...ALL, after: 3, redact });
  const third = await redactStep(kv, { ...ALL, after: 6, redact });

  assertEquals([first.after, second.after, third.after], [3, 6, undefined]);
});
