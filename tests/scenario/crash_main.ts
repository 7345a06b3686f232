// deno-lint-ignore-file no-console -- a program for people
import { parseArgs } from "node:util";
import { crashAgainAndAgain } from "../support/server/crash.ts";
import { crashProcesses } from "../support/server/lane_servers.ts";

/**
 * `--kills=200 --seed=1`: the long run of what crash_test.ts does in short; with `--lanes`, of what
 * lanes/kill_test.ts does with processes that share a store.
 */
if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "200" },
      seed: { type: "string" },
      lanes: { type: "boolean", default: false },
    },
  });
  const kills = Number(values.kills);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  console.error(`${kills} kills, seed ${seed}`);
  const { sentCount } =
    await (values.lanes ? crashProcesses : crashAgainAndAgain)({
      kills,
      seed,
      onKill: (kill, { sentCount, acknowledgedCount }) =>
        console.error(
          `kill ${kill}: ${sentCount} sent, ${acknowledgedCount} acknowledged`,
        ),
    });
  console.log(
    `${kills} kills, ${sentCount} callbacks: none acknowledged is missing, no gap, no repeat`,
  );
}
