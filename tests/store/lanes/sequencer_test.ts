import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  laneBatchKey,
  laneKey,
  LANES_PREFIX,
} from "../../../src/store/kv/keys.ts";
import type { ReadableKv } from "../../../src/store/kv/kv.ts";
import { LaneReader } from "../../../src/store/lanes/lane_reader.ts";
import {
  encodeLaneBatch,
  isMoved,
} from "../../../src/store/lanes/lane_batch.ts";
import { type CommitFault, FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  type LaneProcess,
  openLaneProcess,
} from "../../support/store/lanes_fixture.ts";
import {
  event,
  journalItems,
  journalNames,
  names,
  NOW_MS,
  oddity,
} from "../../support/store/store_fixture.ts";
import { until } from "../../support/until.ts";

/** Lets processes look until the journal holds so many events. */
async function untilKept(
  kv: Deno.Kv,
  count: number,
  processes: readonly LaneProcess[],
): Promise<string[]> {
  return await until(`${count} are in the journal`, async () => {
    for (const { sequencer } of processes) sequencer.tick();
    const all = await journalNames(kv);
    return all.length >= count ? all : undefined;
  });
}

/** Puts a batch into the lane of a process that is not here. */
async function putBatch(
  kv: Deno.Kv,
  { process = "other", n, names }: {
    readonly process?: string;
    readonly n: number;
    readonly names: readonly string[];
  },
): Promise<void> {
  const { value } = encodeLaneBatch(names.map((name) => event(name)));
  await kv.set(laneBatchKey(process, n), value);
}

async function markers(kv: Deno.Kv): Promise<string[]> {
  const marked: string[] = [];
  for await (const { key, value } of kv.list({ prefix: LANES_PREFIX })) {
    const isMarker = key.length === 3 && isMoved(value as Uint8Array);
    if (isMarker) marked.push(`${String(key[1])} ${String(key[2])}`);
  }
  return marked;
}

Deno.test("Sequencer moves the batches of its own lane and of others into one dense journal", async () => {
  using kv = await Deno.openKv(":memory:");
  await using holder = await openLaneProcess(kv, { isHeld: true });
  await using other = await openLaneProcess(kv);
  const append = (one: LaneProcess, prefix: string) =>
    names(prefix, 50).map((name) => one.lane.append(event(name)));
  const outcomes = await Promise.all([
    ...append(holder, "h"),
    ...append(other, "o"),
  ]);

  assertEquals(outcomes.every(({ ok }) => ok), true);
  const kept = await untilKept(kv, 100, [holder]);
  assertEquals(kept.filter((name) => name.startsWith("h")), names("h", 50));
  assertEquals(kept.filter((name) => name.startsWith("o")), names("o", 50));
});

Deno.test("Sequencer keeps a copy that reached two processes once", async () => {
  using kv = await Deno.openKv(":memory:");
  await using holder = await openLaneProcess(kv, { isHeld: true });
  await using other = await openLaneProcess(kv);
  const all = names("e", 20);
  await Promise.all(
    all.flatMap((name) =>
      [holder, other].map(({ lane }) => lane.append(event(name)))
    ),
  );
  await Promise.all([holder, other].map(({ lane }) => lane.append(event("z"))));

  const kept = await untilKept(kv, 21, [holder]);
  assertEquals(kept.toSorted(), [...all, "z"].toSorted());
});

Deno.test("Lane.append() tells a copy at once, under way, kept, and from another process's journal", async () => {
  using kv = await Deno.openKv(":memory:");
  await using holder = await openLaneProcess(kv, { isHeld: true });
  await using other = await openLaneProcess(kv);
  const [first, second] = await Promise.all([
    other.lane.append(event("a")),
    other.lane.append(event("a")),
  ]);
  const third = await other.lane.append(event("a"));
  await untilKept(kv, 1, [holder]);
  await until("the holder knows", () => {
    return holder.lane.head.journal === 1 || undefined;
  });
  const fourth = await holder.lane.append(event("a"));

  const isCopy = [first, second, third, fourth]
    .map((outcome) => outcome.ok && outcome.isCopy);
  assertEquals(isCopy, [false, true, true, true]);
  assertEquals(fourth.ok && fourth.number, 1);
});

Deno.test("Sequencer merges lanes by receive time, each in its own order", async () => {
  using kv = await Deno.openKv(":memory:");
  const at = (name: string, ms: number) =>
    event(name, { receivedAtMs: NOW_MS + ms });
  const lanes = {
    one: [at("a", 1), at("b", 30), at("c", 10)],
    two: [at("d", 5), at("e", 40)],
  };
  for (const [process, items] of Object.entries(lanes)) {
    const { value } = encodeLaneBatch(items);
    await kv.set(laneBatchKey(process, 1), value);
  }
  await using holder = await openLaneProcess(kv, { isHeld: true });

  // A clock that went back leaves a lane's order as it is.
  assertEquals(await untilKept(kv, 5, [holder]), ["a", "d", "b", "c", "e"]);
});

Deno.test("Sequencer keeps quarantined items and large bodies of a lane whole", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openLaneProcess(kv);
  const body = new Uint8Array(300_000).map((_, index) => index * 31);
  await other.lane.append(oddity("odd"));
  await other.lane.append(event("large", { body }));
  await using _holder = await openLaneProcess(kv, { isHeld: true });

  const parts = await until("the large one is in the journal", async () => {
    const all = await Array.fromAsync(kv.list({ prefix: ["journal", 1] }));
    return all.length > 0 ? all : undefined;
  });
  assertEquals(parts.length, 5);
  assertEquals((await kv.get(["quarantine", 1])).value !== null, true);
  assertEquals((await markers(kv)).length, 2);
});

Deno.test("Sequencer waits at a hole in a lane, and passes over it only when the process is gone", async () => {
  using kv = await Deno.openKv(":memory:");
  let nowMs = 0;
  await putBatch(kv, { n: 1, names: ["first"] });
  await putBatch(kv, { n: 3, names: ["third"] });
  await using holder = await openLaneProcess(kv, {
    isHeld: true,
    clock: () => nowMs,
  });
  await untilKept(kv, 1, [holder]);
  await putBatch(kv, { process: "z", n: 1, names: ["another"] });
  nowMs = 59_000;
  assertEquals(await untilKept(kv, 2, [holder]), ["first", "another"]);

  // Its owner lives: the hole counts anew.
  await kv.set([...LANES_PREFIX, "other"], {});
  nowMs = 70_000;
  await putBatch(kv, { process: "z", n: 2, names: ["more"] });
  assertEquals((await untilKept(kv, 3, [holder])).at(-1), "more");
  nowMs = 140_000;
  assertEquals((await untilKept(kv, 4, [holder])).at(-1), "third");

  // What lands later is not lost either.
  await putBatch(kv, { n: 2, names: ["second"] });
  nowMs = 180_000;
  assertEquals((await untilKept(kv, 5, [holder])).at(-1), "second");
});

Deno.test("Sequencer goes on where the last one stood", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const n of [1, 2, 3]) await putBatch(kv, { n, names: [`e${n}`] });
  {
    await using first = await openLaneProcess(kv, { isHeld: true });
    await untilKept(kv, 3, [first]);
  }
  // The owner has removed all markers but the newest.
  for (const n of [1, 2]) await kv.delete(laneBatchKey("other", n));
  for (const n of [4, 6]) await putBatch(kv, { n, names: [`e${n}`] });
  await using second = await openLaneProcess(kv, { isHeld: true });
  assertEquals(await untilKept(kv, 4, [second]), ["e1", "e2", "e3", "e4"]);
  await putBatch(kv, { n: 5, names: ["e5"] });
  assertEquals((await untilKept(kv, 6, [second])).slice(4), ["e5", "e6"]);
});

Deno.test("LaneUpkeep removes the markers of moved batches but the newest", async () => {
  using kv = await Deno.openKv(":memory:");
  await using holder = await openLaneProcess(kv, { isHeld: true });
  await using other = await openLaneProcess(kv);
  for (const one of [holder, other]) {
    for (const name of names(`${one.lane.process} `, 5)) {
      await one.lane.append(event(name));
    }
  }
  await untilKept(kv, 10, [holder]);
  const left = await until("markers are gone", async () => {
    for (const { upkeep } of [holder, other]) await upkeep.look();
    const all = await markers(kv);
    return all.length === 2 ? all : undefined;
  });

  const newest = [holder, other].map(({ lane }) => `${lane.process} 5`);
  assertEquals(left, newest.toSorted());
  assertEquals(other.lane.batches.waiting, []);
});

Deno.test("LaneUpkeep gives a process a lane of its own when others took it for gone", async () => {
  using kv = await Deno.openKv(":memory:");
  await using process = await openLaneProcess(kv);
  await process.upkeep.look();
  await process.lane.append(event("a"));
  const before = process.lane.process;
  for await (const { key } of kv.list({ prefix: LANES_PREFIX })) {
    await kv.delete(key);
  }
  await process.upkeep.look({ isDue: true });
  await process.lane.append(event("b"));

  assertEquals(process.lane.process === before, false);
  const { value } = await kv.get(laneBatchKey(process.lane.process, 1));
  assertEquals(value !== null, true);
});

/** What may go wrong with commits to a lane and with those to the journal. */
const ANY_FAULTS = fc.array(
  fc.constantFrom<CommitFault>(
    "works",
    "fails",
    "fails after landing",
    "stays silent",
    "lands silently",
    "lands late",
  ),
  { maxLength: 5 },
);

Deno.test("lanes lose nothing and keep nothing twice, whatever commits do and whoever believes in the lease", async () => {
  await fc.assert(
    fc.asyncProperty(
      ANY_FAULTS,
      ANY_FAULTS,
      fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }),
      fc.boolean(),
      async (faults, otherFaults, ids, bothHold) => {
        using kv = await Deno.openKv(":memory:");
        const start = performance.now();
        // A minute passes in 60 ms: holes are passed over, and what lands late is found.
        const clock = () => (performance.now() - start) * 1_000;
        const handles = [faults, otherFaults].map((commits) =>
          new FaultyKv(kv, { commits })
        );
        const processes = await Promise.all(
          handles.map((handle, index) =>
            openLaneProcess(kv, {
              kv: handle,
              silenceMs: 3,
              isHeld: index === 0 || bothHold,
              clock,
            })
          ),
        );
        await Promise.all(ids.map((id, index) => {
          const one = processes[index % 2];
          // Half of them cannot be told from a repetition.
          const isRecognisable = id % 2 === 0;
          const name = isRecognisable ? `e${id}` : `r${id} ${index}`;
          return one?.lane.append(event(name, { isRecognisable }));
        }));
        for (const handle of handles) await handle.settle();
        const expected = new Set(
          ids.map((id, index) => id % 2 === 0 ? `e${id}` : `r${id} ${index}`),
        );
        const kept = await untilKept(kv, expected.size, processes);
        for (const one of processes) await one[Symbol.asyncDispose]();
        for (const handle of handles) await handle.settle();

        assertEquals(kept.toSorted(), [...expected].toSorted());
        assertEquals((await journalItems(kv)).length, expected.size);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("Committer.move() appends nothing that was looked at before others moved the head", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = await openLaneProcess(kv);
  await using other = await openLaneProcess(kv);
  const { signal } = new AbortController();
  const batch = {
    arrivals: [event("a", { isRecognisable: false })],
    moves: [{ key: laneBatchKey("gone", 1), parts: [] }],
  };
  const seen = { ...batch, foreignMoves: one.committer.foreignMoves };
  const { foreignMoves } = other.committer;
  const isMovedFirst = await other.committer.move(
    { ...batch, foreignMoves },
    signal,
  );
  // It knows the head that the other has left, so that no check on the head would fail.
  await one.committer.catchUp();

  assertEquals(isMovedFirst, true);
  assertEquals(await one.committer.move(seen, signal), false);
  assertEquals(await journalNames(kv), ["a"]);
});

Deno.test("LaneReader reads what it has found once, until it is moved or forgotten", async () => {
  using kv = await Deno.openKv(":memory:");
  await using own = await openLaneProcess(kv);
  await kv.set(laneKey("other"), {});
  for (let n = 1; n <= 3; n++) await putBatch(kv, { n, names: [`e${n}`] });
  let lists = 0;
  const counting: ReadableKv = {
    get: kv.get.bind(kv),
    getMany: kv.getMany.bind(kv),
    list(...args) {
      lists++;
      return kv.list(...args);
    },
  };
  const reader = new LaneReader({ kv: counting, lane: own.lane });
  await reader.look();
  const read = async () => {
    const before = lists;
    const found = (await reader.read({ isFull: false })).flat();
    return { found: found.map(({ n }) => n), lists: lists - before };
  };
  await read();

  assertEquals(await read(), { found: [1, 2, 3], lists: 0 });
  reader.moved([{ process: "other", n: 1 }]);
  assertEquals(await read(), { found: [2, 3], lists: 0 });
  reader.reset();
  assertEquals((await read()).found, [1, 2, 3]);
});

Deno.test({
  name:
    "lanes lose nothing acknowledged when a process is killed between any two steps",
  // A dead process's last commit may land in its store, and its timers run out, after the test.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    for (let steps = 0; steps < 24; steps++) {
      using kv = await Deno.openKv(":memory:");
      const acknowledged: string[] = [];
      const dead = mortal(kv, steps);
      const doomed = await openLaneProcess(kv, {
        kv: dead,
        isHeld: true,
        silenceMs: 20,
        drainMs: 0,
      });
      for (let at = 0; !dead.isDead; at++) {
        const name = `e${at}`;
        doomed.lane.append(event(name)).then(({ ok }) => {
          if (ok) acknowledged.push(name);
        });
        await new Promise((resolve) => setTimeout(resolve));
      }
      const before = [...acknowledged];
      await using heir = await openLaneProcess(kv, {
        isHeld: true,
        clock: () => performance.now() * 10_000,
      });
      await heir.lane.append(event("last"));
      await until("all that was acknowledged is in the journal", async () => {
        heir.sequencer.tick();
        const kept = new Set(await journalNames(kv));
        return ["last", ...before].every((name) => kept.has(name)) || undefined;
      });
      const kept = await journalNames(kv);
      assertEquals(kept.length, new Set(kept).size);
      await doomed[Symbol.asyncDispose]();
    }
  },
});

/** A handle that does so many commits, and then says nothing any more. */
function mortal(kv: Deno.Kv, commits: number) {
  let left = commits;
  const silence = () => Promise.withResolvers<never>().promise;
  const answer = <T>(ask: () => Promise<T>) => left > 0 ? ask() : silence();
  return {
    get isDead() {
      return left === 0;
    },
    get: <T>(key: Deno.KvKey) => answer(() => kv.get<T>(key)),
    getMany:
      ((keys: Deno.KvKey[]) => answer(() => kv.getMany(keys))) as Deno.Kv[
        "getMany"
      ],
    list: ((...args: Parameters<Deno.Kv["list"]>) => {
      const entries = kv.list(...args);
      const next = entries.next.bind(entries);
      entries.next = () => answer(next);
      return entries;
    }) as Deno.Kv["list"],
    atomic: () => {
      const operation = kv.atomic();
      const commit = operation.commit.bind(operation);
      operation.commit = async () => {
        if (left === 0) return await silence();
        left--;
        const result = await commit();
        return left === 0 ? await silence() : result;
      };
      return operation;
    },
  };
}
