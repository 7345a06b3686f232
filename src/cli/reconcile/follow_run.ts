import { delay } from "@std/async/delay";
import type { Client } from "../client/client.ts";
import type { Io } from "../terminal/io.ts";
import { createProgress, type ProgressLine } from "../terminal/progress.ts";
import { readRun, type RunJson } from "./run_text.ts";

const POLL_MS = 250;

/** The things counted in each phase of a run. */
const UNITS: Readonly<Record<string, string>> = {
  list: " groups listed",
  facts: " parts compared",
  again: " parts looked at again",
  absent: " parts",
};

/** Waits until a run has ended, and draws how far it is. */
export async function followRun(
  client: Client,
  started: RunJson,
  { io: { redraw }, signal, pollMs = POLL_MS }: {
    readonly io: Pick<Io, "redraw">;
    readonly signal: AbortSignal;
    readonly pollMs?: number;
  },
): Promise<RunJson> {
  let run = started;
  let phase = "";
  let progress: ProgressLine | undefined;
  while (run.state === "running") {
    const { done, of: total } = run.progress;
    if (run.phase !== phase) {
      progress?.clear();
      phase = run.phase;
      const unit = UNITS[phase] ?? "";
      progress = createProgress({ total: Math.max(total, 1), unit, redraw });
    }
    progress?.update(done);
    await delay(pollMs, { signal });
    run = readRun(
      await client.json(`/v1/reconciliations/${run.id}`, { signal }),
    );
  }
  progress?.clear();
  return run;
}
