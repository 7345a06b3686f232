import { assertEquals } from "@std/assert";
import {
  type IndexedItem,
  QuarantineIndex,
  quarantineKeys,
} from "../../../src/store/quarantine/quarantine_index.ts";

const ITEM: IndexedItem = {
  number: 1,
  app: 1,
  receivedAtMs: 0,
  partCount: 0,
  code: 42200,
  reason: "junk",
};

function indexOf(maxPerApp: number, apps: readonly number[]): QuarantineIndex {
  const quarantineIndex = new QuarantineIndex({ maxPerApp });
  for (const [index, app] of apps.entries()) {
    quarantineIndex.add({ ...ITEM, number: index + 1, app });
  }
  return quarantineIndex;
}

/** Arrivals of these apps. */
const arriving = (apps: readonly number[]) =>
  apps.map((app) => ({ app, reason: "junk" }));

Deno.test.each<[number[], number[]]>([
  [[], []],
  [[1], []],
  [[1, 1], [1]],
  [[1, 1, 1], [1, 3]],
  [[2, 2, 2], [2]],
  [[1, 2, 1, 2, 2], [1, 2]],
  [[3, 3, 3], []],
])(
  "QuarantineIndex.overflow() for arrivals of apps %j are the oldest, %j",
  (apps, expected) => {
    const quarantineIndex = indexOf(3, [1, 2, 1]);
    const leaving = quarantineIndex.overflow(arriving(apps))
      .map(({ number }) => number);
    assertEquals(leaving, expected);
  },
);

Deno.test("QuarantineIndex.remove() makes room", () => {
  const quarantineIndex = indexOf(2, [1, 1]);
  quarantineIndex.remove({ number: 1 });
  quarantineIndex.remove({ number: 7 });
  assertEquals(quarantineIndex.size, 1);
  assertEquals(quarantineIndex.overflow(arriving([1])), []);
});

Deno.test("QuarantineIndex.add() of an item it knows does not count it twice", () => {
  const quarantineIndex = indexOf(2, [1]);
  quarantineIndex.add(ITEM);
  assertEquals(quarantineIndex.size, 1);
});

Deno.test("quarantineKeys() names the pack and every part", () => {
  assertEquals(quarantineKeys({ number: 7, partCount: 2 }), [
    ["quarantine", 7],
    ["quarantine", 7, 0],
    ["quarantine", 7, 1],
  ]);
});

/** An index of at most ten items an app, with these reasons in this order. */
function withReasons(reasons: readonly string[]): QuarantineIndex {
  const quarantineIndex = new QuarantineIndex({ maxPerApp: 10 });
  for (const [index, reason] of reasons.entries()) {
    quarantineIndex.add({ ...ITEM, number: index + 1, reason });
  }
  return quarantineIndex;
}

Deno.test("QuarantineIndex.overflow() never lets a flood push out another reason's items", () => {
  const quarantineIndex = withReasons(["genuine", "genuine", "genuine"]);
  for (let number = 4; number <= 19_000; number++) {
    const [leaving] = quarantineIndex.overflow([{ app: 1, reason: "junk" }]);
    if (leaving !== undefined) quarantineIndex.evict([leaving]);
    quarantineIndex.add({ ...ITEM, number, reason: "junk" });
  }

  const reasons = quarantineIndex.select({}).map(({ reason }) => reason);
  assertEquals(quarantineIndex.size, 10);
  assertEquals(reasons.filter((one) => one === "genuine").length, 3);
  assertEquals(quarantineIndex.evicted.get(42200), 19_000 - 10);
});

Deno.test("QuarantineIndex.overflow() takes from the arriving reason when shares are equal", () => {
  const genuine = Array.from({ length: 5 }, () => "genuine");
  const quarantineIndex = withReasons([
    ...genuine,
    ...genuine.map(() => "junk"),
  ]);
  const arriving = [{ app: 1, reason: "junk" }, { app: 1, reason: "junk" }];

  const numbers = quarantineIndex.overflow(arriving).map(({ number }) =>
    number
  );
  assertEquals(numbers, [6, 7]);
});

Deno.test("QuarantineIndex.overflow() of more arrivals than there is room takes all that are there", () => {
  const arriving = Array.from(
    { length: 30 },
    (_, at) => ({ app: 1, reason: `new ${at % 3}` }),
  );

  const leaving = withReasons(["a", "b", "a"]).overflow(arriving);
  assertEquals(leaving.length, 3);
});

Deno.test.each([
  [{}, [1, 2, 3]],
  [{ app: 2 }, [2]],
  [{ reason: "other" }, [3]],
  [{ reason: "42200" }, [1, 2]],
  [{ code: 42202 }, [3]],
  [{ beforeMs: 2 }, [1]],
  [{ before: 3 }, [1, 2]],
  [{ after: 1, before: 3 }, [2]],
  [{ app: 2, reason: "other" }, []],
])("QuarantineIndex.select(%j) gives the items %j", (filter, expected) => {
  const quarantineIndex = new QuarantineIndex();
  quarantineIndex.add({ ...ITEM, number: 1, receivedAtMs: 1 });
  quarantineIndex.add({ ...ITEM, number: 2, receivedAtMs: 2, app: 2 });
  const other = { receivedAtMs: 3, code: 42202, reason: "other" } as const;
  quarantineIndex.add({ ...ITEM, number: 3, ...other });

  const numbers = quarantineIndex.select(filter).map(({ number }) => number);
  assertEquals(numbers, [...expected]);
});
