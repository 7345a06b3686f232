import { assertEquals } from "@std/assert";
import {
  Shelf,
  shelfKeys,
} from "../../../src/store/quarantine/quarantine_index.ts";

function shelfOf(maxPerApp: number, apps: readonly number[]): Shelf {
  const shelf = new Shelf({ maxPerApp });
  for (const [index, app] of apps.entries()) {
    shelf.add({ number: index + 1, app, partCount: 0 });
  }
  return shelf;
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
    const shelf = shelfOf(3, [1, 2, 1]);
    const leaving = shelf.overflow(apps).map(({ number }) => number);
    assertEquals(leaving, expected);
  },
);

Deno.test("Shelf.remove() makes room", () => {
  const shelf = shelfOf(2, [1, 1]);
  shelf.remove({ app: 1, number: 1 });
  shelf.remove({ app: 1, number: 7 });
  assertEquals(shelf.size, 1);
  assertEquals(shelf.overflow([1]), []);
});

Deno.test("Shelf.add() of an item it knows does not count it twice", () => {
  const shelf = shelfOf(2, [1]);
  shelf.add({ number: 1, app: 1, partCount: 0 });
  assertEquals(shelf.size, 1);
});

Deno.test("shelfKeys() names the pack and every part", () => {
  assertEquals(shelfKeys({ number: 7, app: 1, partCount: 2 }), [
    ["quarantine", 7],
    ["quarantine", 7, 0],
    ["quarantine", 7, 1],
  ]);
});
