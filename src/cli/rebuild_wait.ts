import * as v from "valibot";
import type { Io } from "./terminal/io.ts";
import { printable } from "./terminal/printable.ts";
import { createProgress } from "./terminal/progress.ts";

const Numeral = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

/** How far the directory is, as far as a rebuild goes. */
export const RebuildSchema = v.looseObject({
  through: Numeral,
  building: v.optional(v.object({ through: Numeral, of: Numeral })),
  failure: v.optional(v.string()),
});

/** The same as a type. */
export type RebuildStatus = v.InferOutput<typeof RebuildSchema>;

/** Looks in a row that find a failure and nothing done, before it is waited for no more. */
const MAX_STUCK_LOOKS = 20;

/**
 * Asks until nothing is being built.
 *
 * @throws {Error} with the reason, where the directory does not go on
 */
export async function rebuilt(
  begun: RebuildStatus,
  { ask, io: { redraw, talk } }: {
    readonly ask: () => Promise<RebuildStatus>;
    readonly io: Pick<Io, "redraw" | "talk">;
  },
): Promise<RebuildStatus> {
  const total = begun.building?.of ?? begun.through;
  const progress = createProgress({ total, redraw, unit: " events" });
  let status = begun;
  let looks = 0;
  while (status.building !== undefined) {
    const { building: { through }, failure } = status;
    progress.update(through);
    status = await ask();
    const isStuck = failure !== undefined && failure === status.failure &&
      through === status.building?.through;
    looks = isStuck ? looks + 1 : 0;
    if (looks === 0) continue;
    const reason = `The directory does not go on: ${printable(failure ?? "")}`;
    progress.clear();
    if (looks === 1) talk(`${reason}; it tries again`);
    if (looks === MAX_STUCK_LOOKS) throw new Error(reason);
  }
  progress.clear();
  return status;
}
