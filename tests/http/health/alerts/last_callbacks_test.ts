import { assertEquals } from "@std/assert";
import { openLastCallbacks } from "../../../../src/http/health/alerts/last_callbacks.ts";
import { openStore } from "../../../../src/store/open.ts";

const APP = { id: 5, tokens: ["current", "previous"] };

Deno.test("LastCallbacks knows over a restart when an app's last callback came", async () => {
  await using store = await openStore({ path: ":memory:", dedupeMax: 10 });
  const options = {
    store,
    apps: [5],
    sleep: () => new Promise<void>(() => {}),
  };
  const metrics = { lastCallbacks: [{ app: "5", atMs: 7_000 }] };
  const first = await openLastCallbacks({ ...options, metrics, now: () => 1 });
  first.notePrevious(5);
  await first.save();
  const silent = { lastCallbacks: [] };
  const later = { ...options, metrics: silent, now: () => 90_000 };
  const second = await openLastCallbacks(later);

  assertEquals(second.lastMsOf(5), 7_000);
  assertEquals(second.seen(APP), {
    id: 5,
    lastCallbackMs: 7_000,
    watchedSinceMs: 1,
    isSigned: true,
    previousToken: { lastMs: 1 },
  });
});
