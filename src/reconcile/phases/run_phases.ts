import type { AppRuns } from "./run.ts";
import { endAbsent } from "./absent.ts";
import { compareAgain, compareFacts } from "./facts.ts";
import { listAllIds, readListed } from "./list.ts";
import type { Pass } from "./pass.ts";

/** All phases of a run, from where it stands. */
export async function runPhases(pass: Pass, before: AppRuns): Promise<void> {
  const seen = pass.run.phase === "list"
    ? await listAllIds(pass)
    : await readListed(pass);
  if (pass.run.phase === "facts") await compareFacts(pass);
  if (pass.run.phase === "again") await compareAgain(pass);
  if (pass.run.phase === "absent") await endAbsent(pass, seen, before);
}
