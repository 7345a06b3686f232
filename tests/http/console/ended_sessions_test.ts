import { assertEquals } from "@std/assert";
import { openEndedSessions } from "../../../src/http/console/ended_sessions.ts";
import { openStore } from "../../../src/store/open.ts";

Deno.test("ended sessions stay ended over a restart, and leave when their cookie has ended", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  let nowMs = 1_000;
  const now = () => nowMs;
  const first = await openEndedSessions(store, { now });
  await first.add("a", 5_000);
  const second = await openEndedSessions(store, { now });
  assertEquals([second.has("a"), second.has("b")], [true, false]);
  nowMs = 6_000;
  await second.add("b", 9_000);
  const third = await openEndedSessions(store, { now });

  assertEquals([third.has("a"), third.has("b")], [false, true]);
});
