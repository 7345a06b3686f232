import { assertEquals } from "@std/assert";
import {
  Retention,
  type RetentionOptions,
} from "../../src/retention/retention.ts";
import { readExtent } from "../../src/store/journal/page.ts";
import { Tail } from "../../src/store/journal/tail.ts";
import { Pace } from "../../src/store/pace.ts";
import { openLogLines } from "../support/log_fixture.ts";
import { FaultyKv } from "../support/store/faulty_kv.ts";
import { DAY_MS, openDays, purgeAll } from "../support/store/purge_fixture.ts";
import {
  appendAll,
  event,
  names,
  NOW_MS,
  openWriter,
} from "../support/store/store_fixture.ts";

/** A retention of so many days over this store, until `steps` steps are done. */
async function keep(
  kv: Deno.Kv,
  { steps = 1, ...options }: Partial<RetentionOptions> & {
    readonly steps?: number;
  },
): Promise<number[]> {
  const removed: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await using _retention = new Retention({
    store: { fenced: kv, reader: kv, tail: new Tail(0) },
    pace: new Pace({ writer: { queueLength: 0 }, tail: { last: 0 } }),
    floor: () => Promise.resolve(Infinity),
    prepare: () => Promise.resolve(true),
    days: 3,
    now: () => NOW_MS + 1,
    everyMs: 1,
    ...options,
    onStep: (events) => {
      removed.push(events);
      if (removed.length === steps) resolve();
    },
  });
  await promise;
  return removed.slice(0, steps);
}

Deno.test("Retention removes what is older than its days, and tells of it", async () => {
  await using log = await openLogLines();
  using kv = await openDays(10);
  const removed = await keep(kv, { days: 3 });

  assertEquals(removed, [21]);
  assertEquals(await readExtent(kv), { first: 22, last: 30 });
  const [{ "@timestamp": _at, ...line } = {}] = log.lines;
  assertEquals(line, {
    level: "INFO",
    logger: "imhook.retention",
    message: "Removed old events",
    removed: 21,
    days: 3,
    first: 22,
    last: 30,
  });
});

Deno.test("Retention never passes who holds it", async () => {
  using kv = await openDays(10);
  await keep(kv, { floor: () => Promise.resolve(10) });

  assertEquals((await readExtent(kv)).first, 10);
});

Deno.test("Retention looks again and again", async () => {
  using kv = await openDays(10);
  let nowMs = NOW_MS + 1;
  const removed = await keep(kv, { steps: 3, now: () => nowMs += DAY_MS / 4 });

  assertEquals(removed.length, 3);
});

Deno.test("Retention logs a failure once, and goes on when the store works again", async () => {
  await using log = await openLogLines();
  using kv = await openDays(10);
  const faulty = new FaultyKv(kv, { commits: ["fails", "fails"] });
  const fenced = Object.assign(Object.create(kv), {
    list: kv.list.bind(kv),
    atomic: () => faulty.atomic(),
  });
  const removed = await keep(kv, {
    store: { fenced, reader: kv, tail: new Tail(0) },
  });

  assertEquals(removed, [21]);
  assertEquals(log.lines.map(({ message }) => message), [
    "Cannot remove old events",
    "Removed old events",
  ]);
});

Deno.test("Retention tells once of an event that a clock ahead has made too new", async () => {
  await using log = await openLogLines();
  using kv = await Deno.openKv(":memory:");
  {
    await using writer = await openWriter(kv);
    const receivedAtMs = NOW_MS + 400 * DAY_MS;
    const ahead = names("ahead", 2).map((name) =>
      event(name, { receivedAtMs })
    );
    await appendAll(writer, [...ahead, event("old", { receivedAtMs: 0 })]);
  }
  await openDays(10, { kv });
  const removed = await keep(kv, { steps: 3 });

  assertEquals(removed, [0, 0, 0]);
  const [{ "@timestamp": _at, ...line } = {}, ...others] = log.lines;
  assertEquals(line, {
    level: "WARN",
    logger: "imhook.retention",
    message: "Cannot remove an event that was received in the future",
    seq: 2,
    receivedAt: new Date(NOW_MS + 400 * DAY_MS).toISOString(),
    remedy: "imhook purge --before 4 --yes",
  });
  assertEquals(others, []);

  await purgeAll(kv, { cutoffMs: Infinity, floor: 3 });
  assertEquals(await keep(kv, {}), [21]);
});

Deno.test("Retention tells nothing of an event that is too new only beside those to keep", async () => {
  await using log = await openLogLines();
  using kv = await Deno.openKv(":memory:");
  {
    await using writer = await openWriter(kv);
    const receivedAtMs = NOW_MS + 400 * DAY_MS;
    await appendAll(writer, [event("ahead", { receivedAtMs }), event("new")]);
  }
  await keep(kv, { steps: 2 });

  assertEquals(log.lines, []);
});

Deno.test("Retention under load loses none of what is kept meanwhile", async () => {
  using kv = await openDays(300, { perDay: 1 });
  await using writer = await openWriter(kv);
  const load = Promise.all(
    names("load", 50).map((name) =>
      appendAll(writer, names(`${name}-`, 20).map((each) => event(each)))
    ),
  );
  const removed = await keep(kv, {
    steps: 6,
    pace: new Pace({ writer, tail: { last: 0 } }),
  });
  await load;

  assertEquals(removed.reduce((sum, events) => sum + events), 297);
  assertEquals(await readExtent(kv), { first: 298, last: 1_300 });
});
