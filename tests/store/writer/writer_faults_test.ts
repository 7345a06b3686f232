import { assert, assertEquals } from "@std/assert";
import { HEAD_KEY } from "../../../src/store/kv/keys.ts";
import type { AppendOutcome } from "../../../src/store/writer/window.ts";
import {
  type CommitFault,
  FaultyKv,
  type ReadFault,
} from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  journalNames,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

const SILENCE = { silenceMs: 5 };

Deno.test.each<[CommitFault]>([
  ["fails"],
  ["fails after landing"],
  ["stays silent"],
  ["lands silently"],
  ["lands late"],
])("Writer.append() keeps each item once when a commit %s", async (fault) => {
  using kv = await Deno.openKv(":memory:");
  const faulty = new FaultyKv(kv, { commits: ["works", fault] });
  await using writer = await openWriter(kv, { kv: faulty, ...SILENCE });
  await writer.append(event("a"));
  const outcomes = await appendAll(writer, [event("b"), event("c")]);
  assertEquals(outcomes.map(told), [2, 3]);
  assertEquals(told(await writer.append(event("d"))), 4);
  assertEquals(await journalNames(kv), ["a", "b", "c", "d"]);
});

Deno.test.each<[CommitFault, string[]]>([
  ["loses", ["x", "y", "b", "c"]],
  ["loses silently", ["x", "y", "b", "c"]],
  ["loses and fails", ["x", "y", "b", "c"]],
  ["is overtaken", ["b", "c", "x", "y"]],
])(
  "Writer.append() numbers again when a commit %s to another writer",
  async (fault, kept) => {
    using kv = await Deno.openKv(":memory:");
    await using other = await openWriter(kv);
    const rival = async () => {
      await using late = await openWriter(kv);
      await appendAll(late, [event("x"), event("y")]);
    };
    const faulty = new FaultyKv(kv, { commits: [fault], rival });
    await using writer = await openWriter(kv, { kv: faulty, ...SILENCE });
    const outcomes = await appendAll(writer, [event("b"), event("c")]);
    assertEquals(outcomes.map(told), kept[0] === "b" ? [1, 2] : [3, 4]);
    assertEquals(
      told(await other.append(event("x"))).toString(),
      `copy of ${kept.indexOf("x") + 1}`,
    );
    assertEquals(await journalNames(kv), kept);
  },
);

Deno.test("Writer.append() settles as a copy what another writer kept first", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  const rival = () => appendAll(other, [event("x"), event("b")]);
  const faulty = new FaultyKv(kv, { commits: ["loses"], rival });
  await using writer = await openWriter(kv, { kv: faulty });
  const mine = [event("a"), event("b"), event("b"), event("c")];
  const outcomes = await appendAll(writer, mine);
  assertEquals(outcomes.map(told), [3, "copy of 2", "copy of 2", 4]);
  assertEquals(await journalNames(kv), ["x", "b", "a", "c"]);
});

Deno.test("Writer.append() knows a queued item that another writer kept meanwhile", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  let queued: Promise<AppendOutcome> | undefined;
  const rival = async () => {
    queued = writer.append(event("b"));
    await other.append(event("b"));
  };
  const faulty = new FaultyKv(kv, { commits: ["loses"], rival });
  await using writer = await openWriter(kv, { kv: faulty });
  assertEquals(told(await writer.append(event("a"))), 2);
  assert(queued !== undefined);
  assertEquals(told(await queued), "copy of 1");
  assertEquals(await journalNames(kv), ["b", "a"]);
});

Deno.test.each<[ReadFault]>([["fails"], ["stays silent"]])(
  "Writer.append() goes on when the read after a silent commit %s",
  async (fault) => {
    using kv = await Deno.openKv(":memory:");
    const commits = ["lands silently"] as const;
    const faulty = new FaultyKv(kv, {
      commits,
      reads: [fault, "works", fault],
    });
    await using writer = await openWriter(kv, { kv: faulty, ...SILENCE });
    assertEquals(told(await writer.append(event("a"))), 1);
    assertEquals(told(await writer.append(event("b"))), 2);
    assertEquals(await journalNames(kv), ["a", "b"]);
  },
);

Deno.test.each<[CommitFault, string]>([
  ["fails", "Injected failure"],
  ["stays silent", "no answer"],
])(
  "Writer.failure tells that a commit %s until one works: %s",
  async (fault, reason) => {
    using kv = await Deno.openKv(":memory:");
    const failures: (string | undefined)[] = [];
    const rival = () => {
      failures.push(writer.failure);
      return Promise.resolve();
    };
    const faulty = new FaultyKv(kv, { commits: [fault, "loses"], rival });
    await using writer = await openWriter(kv, { kv: faulty, ...SILENCE });
    await writer.append(event("a"));
    assertEquals([...failures, writer.failure], [reason, undefined]);
  },
);

Deno.test("Writer.failure ends when all that is left turned out to be copies", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  const rival = () => other.append(event("a"));
  const faulty = new FaultyKv(kv, { commits: ["loses and fails"], rival });
  await using writer = await openWriter(kv, { kv: faulty });
  assertEquals(told(await writer.append(event("a"))), "copy of 1");
  await kv.get(HEAD_KEY);
  assertEquals(writer.failure, undefined);
});

Deno.test("Writer.append() finds a late commit of the process before it", async () => {
  using kv = await Deno.openKv(":memory:");
  const faulty = new FaultyKv(kv, { commits: ["lands late"] });
  const before = await openWriter(kv, { kv: faulty, drainMs: 1 });
  const given = before.append(event("a"));
  await before[Symbol.asyncDispose]();
  await using after = await openWriter(kv);
  await faulty.settle();
  const outcomes = await appendAll(after, [event("a"), event("b")]);
  assertEquals(told(await given), "closed");
  assertEquals(outcomes.map(told), ["copy of 1", 2]);
  assertEquals(await journalNames(kv), ["a", "b"]);
});
