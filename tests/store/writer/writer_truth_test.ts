import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { readHead } from "../../../src/store/journal/head.ts";
import { DEDUPE_WINDOW_MS } from "../../../src/store/kv/limits.ts";
import type { AppendOutcome } from "../../../src/store/writer/window.ts";
import type { Writer } from "../../../src/store/writer/writer.ts";
import {
  type CommitFault,
  FaultyKv,
  type ReadFault,
} from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  journalItems,
  type Kept,
  NOW_MS,
  oddity,
  openWriter,
} from "../../support/store/store_fixture.ts";

/**
 * Everything that can happen to a Writer at once: bursts of items, ten minutes apart, into a short
 * queue of a store whose commits and reads go wrong, beside another writer. `e` names are
 * recognisable, so that copies are many; `u` names are not; `q` names go to the quarantine.
 */
const ANY_NAME = fc.oneof(
  { arbitrary: fc.nat(9).map((n) => `e${n}`), weight: 4 },
  { arbitrary: fc.nat(2).map((n) => `u${n}`), weight: 1 },
  { arbitrary: fc.nat(2).map((n) => `q${n}`), weight: 1 },
);
const ANY_RUN = fc.record({
  bursts: fc.array(
    fc.record({
      names: fc.array(ANY_NAME, { minLength: 1, maxLength: 12 }),
      isAwaited: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  rivals: fc.array(fc.array(ANY_NAME, { maxLength: 4 }), { maxLength: 3 }),
  commits: fc.array(
    fc.constantFrom<CommitFault>(
      "works",
      "fails",
      "fails after landing",
      "stays silent",
      "lands silently",
      "lands late",
      "loses",
      "loses silently",
      "loses and fails",
      "is overtaken",
    ),
    { minLength: 1, maxLength: 4 },
  ),
  reads: fc.array(
    fc.constantFrom<ReadFault>("works", "fails", "stays silent"),
    { maxLength: 3 },
  ),
});
/** TRUTH_RUNS=1500 takes about a minute, and has found what 60 did not. */
const RUNS = Number(Deno.env.get("TRUTH_RUNS") ?? 60);
const BURSTS_APART_MS = 10 * 60_000;

interface Answer {
  readonly name: string;
  readonly outcome: AppendOutcome;
}

/** Appends as told and remembers every answer. */
class Client {
  readonly answers: Answer[] = [];
  nowMs = NOW_MS;

  async append(writer: Writer, names: readonly string[]): Promise<void> {
    const receivedAtMs = this.nowMs;
    const outcomes = await appendAll(
      writer,
      names.map((name) => {
        if (name.startsWith("q")) return oddity(name, { receivedAtMs });
        const isRecognisable = name.startsWith("e");
        return event(name, { receivedAtMs, isRecognisable });
      }),
    );
    for (const [index, outcome] of outcomes.entries()) {
      this.answers.push({ name: names[index] ?? "", outcome });
    }
  }
}

/** Every acknowledged event is where it was said to be, and nothing is there twice. */
function assertAcknowledged(
  answers: readonly Answer[],
  kept: readonly Kept[],
): void {
  for (const { name, outcome } of answers) {
    if (!outcome.ok || name.startsWith("q")) continue;
    assertEquals(kept[outcome.number - 1]?.name, name);
  }
  const newest = new Map<string, number>();
  for (const { name, receivedAtMs } of kept) {
    if (!name.startsWith("e")) continue;
    const ageMs = receivedAtMs - (newest.get(name) ?? -Infinity);
    assertGreater(ageMs, DEDUPE_WINDOW_MS, `${name} is kept twice`);
    newest.set(name, receivedAtMs);
  }
}

/** Each number was told to exactly one item that is no copy: nothing refused is kept. */
function assertComplete(
  answers: readonly Answer[],
  { journal, quarantine }: Pick<Writer["head"], "journal" | "quarantine">,
): void {
  const told = { journal: [] as number[], quarantine: [] as number[] };
  for (const { name, outcome } of answers) {
    if (!outcome.ok || outcome.isCopy) continue;
    const sequence = name.startsWith("q") ? "quarantine" : "journal";
    told[sequence].push(outcome.number);
  }
  assertEquals(told.journal.toSorted((a, b) => a - b), upTo(journal));
  assertEquals(told.quarantine.toSorted((a, b) => a - b), upTo(quarantine));
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

Deno.test("Writer.append() tells the truth whatever the store does", async () => {
  await fc.assert(
    fc.asyncProperty(ANY_RUN, async ({ bursts, rivals, ...faults }) => {
      using kv = await Deno.openKv(":memory:");
      await using other = await openWriter(kv);
      const client = new Client();
      const waiting = [...rivals];
      const rival = () => client.append(other, waiting.shift() ?? []);
      const faulty = new FaultyKv(kv, { ...faults, rival });
      const now = () => client.nowMs;
      const options = { kv: faulty, maxItems: 8, silenceMs: 5, now };
      await using writer = await openWriter(kv, options);
      const appends: Promise<void>[] = [];
      for (const { names, isAwaited } of bursts) {
        appends.push(client.append(writer, names));
        if (isAwaited) await Promise.all(appends);
        client.nowMs += BURSTS_APART_MS;
      }
      await Promise.all(appends);
      await faulty.settle();
      assertComplete(client.answers, await readHead(kv));
      assertAcknowledged(client.answers, await journalItems(kv));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("Writer.append() has told the truth when the process ends in between", async () => {
  await fc.assert(
    fc.asyncProperty(ANY_RUN, async ({ bursts, rivals, ...faults }) => {
      using kv = await Deno.openKv(":memory:");
      await using other = await openWriter(kv);
      const client = new Client();
      const waiting = [...rivals];
      const rival = () => client.append(other, waiting.shift() ?? []);
      const faulty = new FaultyKv(kv, { ...faults, rival });
      const options = { kv: faulty, silenceMs: 5, drainMs: 5 };
      const writer = await openWriter(kv, options);
      const appends = bursts.map(({ names }) => client.append(writer, names));
      await writer[Symbol.asyncDispose]();
      await Promise.all(appends);
      await using later = await openWriter(kv);
      await faulty.settle();
      for (const { names } of bursts) await client.append(later, names);
      assertAcknowledged(client.answers, await journalItems(kv));
    }),
    { numRuns: RUNS },
  );
});
