import { assertEquals } from "@std/assert";
import { IntakeStats } from "../../../../src/http/callback/intake_stats.ts";
import { Guesses } from "../../../../src/http/edge/guesses.ts";
import { FutureWatch } from "../../../../src/http/health/alerts/future_watch.ts";
import { openLastCallbacks } from "../../../../src/http/health/alerts/last_callbacks.ts";
import { createVitalsReader } from "../../../../src/http/health/alerts/read_vitals.ts";
import {
  journal,
  openMemory,
  toldOf,
} from "../../../support/directory/projection_fixture.ts";

Deno.test.each([[true, 0], [false, 1]])(
  "a directory whose position is being read (%s) is %i events behind",
  async (isOpening, events) => {
    await using store = await openMemory();
    await journal(store, toldOf([["CreateGroup", { GroupId: "g" }]]));
    const lastCallbacks = await openLastCallbacks({
      store,
      metrics: { lastCallbacks: [] },
      apps: [],
      sleep: () => new Promise<void>(() => {}),
    });
    const read = createVitalsReader({
      store,
      directory: { status: { through: 0, last: 1, isOpening } },
      deciders: { statuses: [] },
      intake: new IntakeStats(),
      disk: undefined,
      guesses: new Guesses({ onWrong: () => {} }),
      lastCallbacks,
      future: new FutureWatch(store),
      apps: [],
      silenceMs: 1_000,
    });

    const { directory } = await read();
    assertEquals(directory.events, events);
  },
);
