import { assertEquals, assertGreater } from "@std/assert";
import { crashAgainAndAgain } from "../support/server/crash.ts";

const KILLS = 20;

Deno.test(`serve loses nothing it acknowledged in ${KILLS} kills under load`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const ledger = await crashAgainAndAgain({ kills: KILLS, seed });
  assertGreater(ledger.sentCount, KILLS);
  assertEquals(ledger.acknowledgedCount, ledger.sentCount);
});
