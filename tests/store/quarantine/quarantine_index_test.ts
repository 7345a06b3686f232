import { assertEquals } from "@std/assert";
import {
  QuarantineIndex,
  quarantineKeys,
} from "../../../src/store/quarantine/quarantine_index.ts";

function shelfOf(maxPerApp: number, apps: readonly number[]): QuarantineIndex {
  const quarantineIndex = new QuarantineIndex({ maxPerApp });
  for (const [index, app] of apps.entries()) {
    quarantineIndex.add({ number: index + 1, app, partCount: 0 });
  }
  return quarantineIndex;
}

Deno.test.each<[number[], number[]]>([
  [[], []],
  [[1], []],
  [[1, 1], [1]],
  [[1, 1, 1], [1, 3]],
  [[2, 2, 2], [2]],
  [[1, 2, 1, 2, 2], [1, 2]],
  [[3, 3, 3], []],
])(
  "Shelf.overflow() for arrivals of apps %j are the oldest, %j",
  (apps, expected) => {
    const quarantineIndex = shelfOf(3, [1, 2, 1]);
    const leaving = quarantineIndex.overflow(apps).map(({ number }) => number);
    assertEquals(leaving, expected);
  },
);

Deno.test("Shelf.remove() makes room", () => {
  const quarantineIndex = shelfOf(2, [1, 1]);
  quarantineIndex.remove({ app: 1, number: 1 });
  quarantineIndex.remove({ app: 1, number: 7 });
  assertEquals(quarantineIndex.size, 1);
  assertEquals(quarantineIndex.overflow([1]), []);
});

Deno.test("Shelf.add() of an item it knows does not count it twice", () => {
  const quarantineIndex = shelfOf(2, [1]);
  quarantineIndex.add({ number: 1, app: 1, partCount: 0 });
  assertEquals(quarantineIndex.size, 1);
});

Deno.test("shelfKeys() names the pack and every part", () => {
  assertEquals(quarantineKeys({ number: 7, app: 1, partCount: 2 }), [
    ["quarantine", 7],
    ["quarantine", 7, 0],
    ["quarantine", 7, 1],
  ]);
});
