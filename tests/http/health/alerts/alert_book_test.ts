import { assert, assertEquals } from "@std/assert";
import type { Vitals } from "../../../../src/http/health/alerts/alert.ts";
import { AlertBook } from "../../../../src/http/health/alerts/alert_book.ts";
import { openStore, type Store } from "../../../../src/store/open.ts";
import { WELL } from "../../../support/http/vitals_fixture.ts";

/** A book whose facts and clock are set by the test, and what somebody heard. */
function bookOf(store: Store, heard: string[], { isDeaf = false } = {}) {
  const world = {
    vitals: WELL as Vitals,
    nowMs: 1_000_000,
    isDeaf,
  };
  const book = new AlertBook({
    store,
    read: () => Promise.resolve(world.vitals),
    now: () => world.nowMs,
    tell: ({ id, sinceMs }, endedAtMs) => {
      if (world.isDeaf) return Promise.resolve(false);
      heard.push(
        `${endedAtMs === undefined ? "begin" : "end"} ${id} ${sinceMs}`,
      );
      return Promise.resolve(true);
    },
  });
  const look = async (changes: Partial<Vitals>, passMs = 2_000) => {
    world.nowMs += passMs;
    world.vitals = { ...WELL, ...changes };
    const alerts = await book.look();
    await book.tellAll();
    return alerts.map(({ id }) => id);
  };
  return { look, world };
}

Deno.test("AlertBook tells of each alert's begin and end once, with one id and since", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const heard: string[] = [];
  const { look } = bookOf(store, heard);
  assertEquals(await look({ quarantined: 1 }), ["quarantine"]);
  assertEquals(await look({ quarantined: 5 }), ["quarantine"]);
  assertEquals(await look({}), []);
  assertEquals(heard, ["begin quarantine 1002000"]);
  await look({}, 30_000);
  await look({}, 30_000);

  assertEquals(heard, [
    "begin quarantine 1002000",
    "end quarantine 1002000",
  ]);
});

Deno.test("AlertBook goes on with an alert over a restart, and ends what is gone", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const heard: string[] = [];
  const first = bookOf(store, heard);
  await first.look({ quarantined: 1, evicted: 1 });
  const second = bookOf(store, heard);
  await second.look({ quarantined: 1 }, 60_000);
  assertEquals(heard.toSorted(), [
    "begin evicted 1002000",
    "begin quarantine 1002000",
  ]);
  await second.look({ quarantined: 1 }, 60_000);

  assertEquals(heard.at(-1), "end evicted 1002000");
  assertEquals(heard.length, 3);
});

Deno.test("AlertBook tells again what nobody has heard", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const heard: string[] = [];
  const { look, world } = bookOf(store, heard, { isDeaf: true });
  await look({ quarantined: 1 });
  await look({}, 60_000);
  assertEquals(heard, []);
  world.isDeaf = false;
  await look({}, 60_000);

  assertEquals(heard, [
    "begin quarantine 1002000",
    "end quarantine 1002000",
  ]);
});

Deno.test("AlertBook tells of a store that fails while the store fails", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const heard: string[] = [];
  const atomic = () => {
    throw new TypeError("The disk is gone");
  };
  const side = Object.assign(Object.create(store.side), { atomic });
  const { look } = bookOf({ ...store, side }, heard);

  assertEquals(await look({ failure: "gone" }), ["storeFailing"]);
  assertEquals(heard, ["begin storeFailing 1002000"]);
});

Deno.test("AlertBook of a process that does not run the consumers tells of losses alone", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const heard: string[] = [];
  const lease = { isHeld: false } as NonNullable<Store["lease"]>;
  const { look } = bookOf({ ...store, lease }, heard);
  const ids = await look({ quarantined: 1, failure: "gone" });

  assertEquals(ids, ["storeFailing"]);
  assert(heard.length === 1);
});
