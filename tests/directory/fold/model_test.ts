import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { EventRecord } from "../../../src/base/event.ts";
import { directoryOf, expectedOf } from "../../support/directory/in_words.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import {
  modelHistory,
  type Step,
} from "../../support/directory/tencent_model.ts";

function recordsOf(steps: readonly Step[]): EventRecord[] {
  return steps.map(({ told }) => recordOf(told));
}

/** A history, and its steps in another order, some of them twice. */
function shuffled(steps: readonly Step[]) {
  return fc.subarray([...steps]).chain((twice) =>
    fc.shuffledSubarray([...steps, ...twice], {
      minLength: steps.length + twice.length,
    })
  );
}

const anyHistory = modelHistory.chain((steps) =>
  fc.record({ steps: fc.constant(steps), told: shuffled(steps) })
);

/** What came before imhook was there, or never came, and what came. */
const anyTail = modelHistory.chain((steps) =>
  fc.nat({ max: steps.length - 1 }).chain((lost) =>
    fc.record({
      steps: fc.constant(steps),
      lost: fc.constant(lost),
      told: shuffled(steps.slice(lost)),
    })
  )
);

Deno.test("the directory is what Tencent holds, in whatever order and how often it was told", () => {
  fc.assert(
    fc.property(anyHistory, ({ steps, told }) => {
      const last = steps.at(-1);
      const directory = directoryOf(recordsOf(told));
      if (last?.group === undefined) {
        assertEquals(directory.state, "disbanded");
        assertEquals(directory.life, last?.life);
        return;
      }
      assertEquals(directory, expectedOf(last.group, last.life));
    }),
    { numRuns: 500 },
  );
});

Deno.test("the directory is right at every moment of a history", () => {
  fc.assert(
    fc.property(modelHistory, (steps) => {
      for (const [index, { group, life }] of steps.entries()) {
        if (group === undefined) continue;
        const directory = directoryOf(recordsOf(steps.slice(0, index + 1)));
        assertEquals(directory, expectedOf(group, life));
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("of a history whose beginning is lost, all that was told is right", () => {
  fc.assert(
    fc.property(anyTail, ({ steps, lost, told }) => {
      const group = steps.at(-1)?.group;
      const directory = directoryOf(recordsOf(told));
      if (group === undefined) {
        assertEquals(directory.state, "disbanded");
        return;
      }
      const kept = steps.slice(lost).map(({ told }) => told);
      const isWhole = kept.some(({ timeMs }) => timeMs === group.createdMs);
      assertEquals(directory.state, isWhole ? "active" : "partial");
      const known = new Map(directory.members.map((it) => [it.userId, it]));
      for (const [userId, { nameCard }] of known) {
        const member = group.members.get(userId);
        assertEquals(member !== undefined, true, `${userId} is not in`);
        assertEquals(nameCard ?? member?.nameCard, member?.nameCard);
      }
      for (const [userId, { joinedMs }] of group.members) {
        if (joinedMs >= (kept[0]?.timeMs ?? 0) && isWhole) {
          assertEquals(known.has(userId), true, `${userId} is in`);
        }
      }
      if (directory.name !== undefined) {
        assertEquals(directory.name, group.name);
      }
      if (directory.owner !== undefined) {
        assertEquals(directory.owner, group.owner);
      }
    }),
    { numRuns: 500 },
  );
});
