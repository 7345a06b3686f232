import {
  deleteDeadLetters,
  type NumberedDeadLetter,
} from "./endpoint/dead_letters.ts";
import type { Store } from "../store/open.ts";
import type { WorkerOptions } from "./worker/options.ts";

const NEVER = new AbortController().signal;

/**
 * Forgets the dead letters among events that have arrived after all. This is done behind the commit
 * that moves the line: a crash in between leaves some of them listed.
 */
export async function takeBack(
  { store: { fenced }, turns }: Pick<WorkerOptions, "turns"> & {
    readonly store: Pick<Store, "fenced">;
  },
  { endpointId, resent }: {
    readonly endpointId: string;
    /** Numbers in their order. */
    readonly resent: readonly number[];
  },
): Promise<void> {
  const [from, to] = [resent[0], resent.at(-1)];
  if (from === undefined || to === undefined) return;
  const seqs = new Set(resent);
  const isMeant = ({ seq }: NumberedDeadLetter) => seqs.has(seq);
  const which = { endpointId, from, to, isMeant };
  while (await turns.take(() => deleteDeadLetters(fenced, which), NEVER));
}
