import { assert, assertEquals } from "@std/assert";
import { QUEUE_MAX_ITEMS } from "../../../src/store/kv/limits.ts";
import type { AppendOutcome } from "../../../src/store/writer/window.ts";
import { FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  journalNames,
  names,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

const ROUNDS = 20;

Deno.test("two Writers on one store leave no gap and keep each copy once", async () => {
  using kv = await Deno.openKv(":memory:");
  await using first = await openWriter(kv);
  await using second = await openWriter(kv);
  const outcomes = new Map<string, (string | number)[]>();
  await Promise.all([first, second].map(async (writer) => {
    for (let round = 0; round < ROUNDS; round++) {
      const all = names(`r${round}e`, 10);
      const results = await appendAll(writer, all.map((name) => event(name)));
      for (const [index, result] of results.entries()) {
        const name = all[index] ?? "";
        outcomes.set(name, [...outcomes.get(name) ?? [], told(result)]);
      }
    }
  }));
  const kept = await journalNames(kv);
  assertEquals(new Set(kept).size, 10 * ROUNDS);
  assertEquals(kept.length, 10 * ROUNDS);
  assertEachKeptOnce(kept, outcomes);
});

function assertEachKeptOnce(
  kept: readonly string[],
  outcomes: ReadonlyMap<string, readonly (string | number)[]>,
): void {
  for (const [index, name] of kept.entries()) {
    const said = [...outcomes.get(name) ?? []].sort();
    assertEquals(said, [index + 1, `copy of ${index + 1}`]);
  }
}

Deno.test("two Writers on two handles of one file leave no gap and keep each copy once", async () => {
  const folder = await Deno.makeTempDir();
  {
    using firstKv = await Deno.openKv(`${folder}/shared.kv`);
    using secondKv = await Deno.openKv(`${folder}/shared.kv`);
    await using first = await openWriter(firstKv);
    await using second = await openWriter(secondKv);
    const shared = names("shared", 300).map((name) => event(name));
    const own = (prefix: string) =>
      names(prefix, 300).map((name) => event(name));
    const outcomes = await Promise.all([
      appendAll(first, [...own("a"), ...shared]),
      appendAll(second, [...own("b"), ...shared.toReversed()]),
    ]);
    assert(outcomes.flat().every((outcome) => outcome.ok));
    const kept = await journalNames(firstKv);
    assertEquals([kept.length, new Set(kept).size], [900, 900]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a Writer that fell behind knows the copies of what the other kept", async () => {
  using kv = await Deno.openKv(":memory:");
  await using first = await openWriter(kv);
  await using second = await openWriter(kv, { dedupeMax: 5_000 });
  const all = names("e", 2_500).map((name) => event(name));
  await appendAll(first, all);
  const outcomes = await appendAll(second, all);
  const wrong = outcomes.map(told).filter((said, index) =>
    said !== `copy of ${index + 1}`
  );
  assertEquals(wrong.slice(0, 5), []);
});

Deno.test("a Writer that fell far behind keeps what only it has received", async () => {
  using kv = await Deno.openKv(":memory:");
  await using first = await openWriter(kv, { maxItems: 30_000 });
  await using second = await openWriter(kv, { dedupeMax: 10 });
  const others = names("e", QUEUE_MAX_ITEMS + 100);
  await appendAll(first, others.map((name) => event(name)));
  const outcome = await second.append(event("mine"));
  assertEquals(told(outcome), others.length + 1);
  assertEquals((await journalNames(kv)).at(-1), "mine");
});

Deno.test("a Writer that loses twice still knows the copies of what is queued", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  const outcomes: Promise<AppendOutcome>[] = [];
  const rivals = [
    () => appendAll(other, [event("a"), event("x")]),
    () => {
      outcomes.push(writer.append(event("a")));
      return other.append(event("y"));
    },
  ];
  const rival = async () => void await rivals.shift()?.();
  const faulty = new FaultyKv(kv, { commits: ["loses", "loses"], rival });
  await using writer = await openWriter(kv, { kv: faulty, dedupeMax: 1 });
  await appendAll(writer, [event("a"), event("b")]);
  outcomes.push(writer.append(event("a")));
  assertEquals((await Promise.all(outcomes)).map(told), [5, "copy of 5"]);
  assertEquals(await journalNames(kv), ["a", "x", "y", "b", "a"]);
});
