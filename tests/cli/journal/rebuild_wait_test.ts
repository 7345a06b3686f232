import { assertEquals, assertRejects } from "@std/assert";
import {
  type RebuildStatus,
  rebuilt,
} from "../../../src/cli/journal/rebuild.ts";

const BUILDING: RebuildStatus = {
  through: 9,
  building: { through: 1, of: 9 },
};
const STUCK: RebuildStatus = { ...BUILDING, failure: "Error: no\x1b[2J" };
const DONE: RebuildStatus = { through: 9 };

/** Waits for a rebuild that stands like this, look by look; the last look stays. */
function wait(looks: readonly RebuildStatus[]) {
  const talk: string[] = [];
  const rest = [...looks];
  let last = BUILDING;
  const ask = () => Promise.resolve(last = rest.shift() ?? last);
  const io = { redraw: undefined, talk: (line: string) => talk.push(line) };
  const waiting = rebuilt(BUILDING, { ask, io });
  return { talk, waiting };
}

Deno.test("rebuilt() waits until nothing is being built", async () => {
  const { talk, waiting } = wait([BUILDING, DONE]);

  assertEquals([await waiting, talk], [DONE, []]);
});

Deno.test("rebuilt() tells of a failure once, and goes on when that is over", async () => {
  const { talk, waiting } = wait([STUCK, STUCK, STUCK, BUILDING, DONE]);

  assertEquals(await waiting, DONE);
  assertEquals(talk, [
    "The directory does not go on: Error: no\ufffd[2J; it tries again",
  ]);
});

Deno.test("rebuilt() says nothing of a failure while it goes on", async () => {
  const looks = Array.from({ length: 100 }, (_, at) => ({
    ...STUCK,
    building: { through: at + 2, of: 200 },
  }));
  const { talk, waiting } = wait([...looks, DONE]);

  assertEquals([await waiting, talk], [DONE, []]);
});

Deno.test("rebuilt() does not wait for ever where nothing goes on", async () => {
  const { waiting } = wait([STUCK]);

  await assertRejects(() => waiting, Error, "The directory does not go on");
});
