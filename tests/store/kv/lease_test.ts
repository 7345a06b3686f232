import { assert, assertEquals, assertRejects } from "@std/assert";
import { LEASE_KEY } from "../../../src/store/kv/keys.ts";
import type { WritableKv } from "../../../src/store/kv/kv.ts";
import { Lease, LeaseLostError } from "../../../src/store/kv/lease.ts";
import { Turns } from "../../../src/store/kv/turns.ts";
import { Clock } from "../../support/clock_fixture.ts";
import { until } from "../../support/until.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";

/** Looks come every 125 ms; one that takes 167 ms is given up. */
const TERM_MS = 1_000;
const PAUSE_MS = 125;
const NEVER = new AbortController().signal;

/** A process that wants the lease of a store, with a clock of its own. */
function openProcess(kv: WritableKv) {
  const clock = new Clock();
  let isHanging = false;
  const answer = <T>(ask: () => Promise<T>) =>
    isHanging ? new Promise<never>(() => {}) : ask();
  const handle: WritableKv = {
    ...aroundCommit(kv, answer),
    get: (key) => answer(() => kv.get(key)),
  };
  const turns = new Turns();
  const { now, sleep } = clock;
  const lease = new Lease({
    kv: turns.share(handle),
    termMs: TERM_MS,
    now,
    sleep,
  });
  return {
    lease,
    fenced: turns.share(lease.fence(handle)),
    /** The store answers it nothing any more. */
    hang: () => isHanging = true,
    /** Lets time pass for it, look by look. */
    pass: async (ms: number) => {
      for (let passedMs = 0; passedMs < ms; passedMs += PAUSE_MS) {
        await resting(clock);
        clock.advance(PAUSE_MS);
      }
      await resting(clock);
    },
    [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
  };
}

/** Waits until nothing happens before time passes: no look is under way that the store answers. */
async function resting(clock: Clock): Promise<void> {
  await until("rest", () => {
    const [first, ...others] = clock.sleepingMs;
    return (first !== undefined && others.length === 0 && first <= PAUSE_MS) ||
      undefined;
  });
}

function versionOf({ versionstamp }: Deno.KvEntryMaybe<unknown>): number {
  return parseInt(versionstamp ?? "0", 16);
}

Deno.test("Lease is taken at once where it is free, and held on", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = openProcess(kv);
  await one.pass(0);
  assert(one.lease.isHeld);
  const first = await kv.get(LEASE_KEY);

  await one.pass(3 * TERM_MS);

  assert(one.lease.isHeld);
  assert(versionOf(await kv.get(LEASE_KEY)) > versionOf(first));
});

Deno.test("Lease is of one process at a time, and goes over when that one ends", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = openProcess(kv);
  await one.pass(0);
  await using other = openProcess(kv);
  for (let term = 0; term < 3; term++) {
    await other.pass(PAUSE_MS);
    await one.pass(TERM_MS);
    await other.pass(PAUSE_MS);
    assertEquals([one.lease.isHeld, other.lease.isHeld], [true, false]);
  }

  await one.lease[Symbol.asyncDispose]();
  assertEquals((await kv.get(LEASE_KEY)).value, null);
  await other.pass(PAUSE_MS);
  assertEquals([one.lease.isHeld, other.lease.isHeld], [false, true]);
});

Deno.test("Lease of a process that hangs goes over after a term, and not before", async () => {
  using kv = await Deno.openKv(":memory:");
  const one = openProcess(kv);
  await one.pass(0);
  await using other = openProcess(kv);
  one.hang();

  await other.pass(TERM_MS - PAUSE_MS);
  assertEquals(other.lease.isHeld, false);
  await other.pass(PAUSE_MS);
  assertEquals(other.lease.isHeld, true);
});

Deno.test("Lease.failure tells of a store that fails, until it answers again", async () => {
  using kv = await Deno.openKv(":memory:");
  let isGone = false;
  const handle: WritableKv = {
    ...aroundCommit(kv, (commit) => commit()),
    get: (key) => isGone ? Promise.reject(new Error("gone")) : kv.get(key),
  };
  await using process = openProcess(handle);
  const failures: (string | undefined)[] = [];
  for (isGone of [false, true, false]) {
    await process.pass(2 * PAUSE_MS);
    failures.push(process.lease.failure);
  }

  assertEquals(failures, [undefined, "gone", undefined]);
});

Deno.test("Lease.fence() fails commits of a process that believes in a lease it has lost", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = openProcess(kv);
  await one.pass(0);
  const { ok: wasOk } = await one.fenced.atomic().set(["k"], 1).commit();
  await using other = openProcess(kv);
  await other.pass(TERM_MS);

  assertEquals([one.lease.isHeld, other.lease.isHeld], [true, true]);
  const { ok } = await one.fenced.atomic().set(["k"], 2).commit();

  assertEquals([wasOk, ok], [true, false]);
  assertEquals((await kv.get(["k"])).value, 1);
  await one.pass(PAUSE_MS);
  assertEquals(one.lease.isHeld, false);
});

Deno.test("Lease.fence() commits nothing where another process has it, and says why", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = openProcess(kv);
  await one.pass(0);
  await using other = openProcess(kv);
  await other.pass(0);

  await assertRejects(
    () => other.fenced.atomic().set(["k"], 1).commit(),
    LeaseLostError,
    "another process runs the consumers",
  );
  assertEquals((await kv.get(["k"])).value, null);
});

Deno.test("Lease.fence() in turn with renewals fails no commit of who has it", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = openProcess(kv);
  await one.pass(0);
  const commits: Promise<{ ok: boolean }>[] = [];

  for (let renewals = 0; renewals < 20; renewals++) {
    const passing = one.pass(PAUSE_MS);
    for (let commit = 0; commit < 10; commit++) {
      commits.push(one.fenced.atomic().set(["k"], commit).commit());
      await Promise.resolve();
    }
    await passing;
  }

  const results = await Promise.all(commits);
  assertEquals(results.filter(({ ok }) => !ok), []);
});

Deno.test("Lease.held() settles when the lease is there, or when its signal aborts", async () => {
  using kv = await Deno.openKv(":memory:");
  await using one = openProcess(kv);
  await one.pass(0);
  await one.lease.held(NEVER);
  await using other = openProcess(kv);
  await other.pass(0);

  const stop = new AbortController();
  const waiting = other.lease.held(stop.signal);
  stop.abort();
  await waiting;

  assertEquals(other.lease.isHeld, false);
});
