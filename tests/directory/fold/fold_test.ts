import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { historyArbitrary } from "../../support/directory/history.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";

Deno.test("foldOf() gives the same directory in any order and with anything told twice", () => {
  const shuffled = historyArbitrary.chain((history) =>
    fc.record({
      history: fc.constant(history),
      order: fc.shuffledSubarray([...history, ...history], {
        minLength: history.length * 2,
      }),
    })
  );
  fc.assert(
    fc.property(shuffled, ({ history, order }) => {
      const records = history.map((told) => recordOf(told));

      assertEquals(
        shownOf(order.map((told) => recordOf(told))),
        shownOf(records),
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test("foldOf() gives the same directory for any part of a history in any order", () => {
  const parts = historyArbitrary.chain((history) =>
    fc.subarray([...history]).chain((part) =>
      fc.record({
        part: fc.constant(part),
        order: fc.shuffledSubarray(part, { minLength: part.length }),
      })
    )
  );
  fc.assert(
    fc.property(parts, ({ part, order }) => {
      assertEquals(
        shownOf(order.map((told) => recordOf(told))),
        shownOf(part.map((told) => recordOf(told))),
      );
    }),
    { numRuns: 300 },
  );
});
