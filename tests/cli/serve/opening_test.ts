import { assertEquals } from "@std/assert";
import { sayWhileOpening } from "../../../src/cli/serve/opening.ts";
import { Clock } from "../../support/clock_fixture.ts";
import { openLogLines } from "../../support/log_fixture.ts";
import { until } from "../../support/until.ts";

Deno.test("sayWhileOpening() says every 3 s that the store is not open yet", async () => {
  await using log = await openLogLines();
  const clock = new Clock();
  const told: string[] = [];
  const opening = Promise.withResolvers<string>();
  const opened = sayWhileOpening(opening.promise, {
    path: "/data/imhook.kv",
    tell: (status) => told.push(status),
    sleep: clock.sleep,
  });

  for (let count = 0; count < 3; count++) {
    assertEquals(told.length, count);
    clock.advance(3_000);
    await until("it is told", () => told.length > count || undefined);
  }
  opening.resolve("store");

  assertEquals(await opened, "store");
  assertEquals(log.lines.map(({ path }) => path), [
    ...Array(3).fill("/data/imhook.kv"),
  ]);
  assertEquals(clock.sleepingMs, []);
});

Deno.test("sayWhileOpening() says nothing of a store that opens at once", async () => {
  await using log = await openLogLines();
  const clock = new Clock();

  await sayWhileOpening(Promise.resolve(), {
    path: "x",
    tell: () => {},
    sleep: clock.sleep,
  });

  assertEquals([log.lines, clock.sleepingMs], [[], []]);
});
