import { Projector } from "../../../src/directory/projector/projector.ts";
import { sweep } from "../../../src/retention/sweep.ts";
import { readExtent } from "../../../src/store/journal/page.ts";
import { Pace } from "../../../src/store/pace.ts";
import type { Store } from "../../../src/store/open.ts";

/** Keeps a store's directory, and tries again at once where that fails. */
export function openProjector(store: Store): Projector {
  const sleep = () => Promise.resolve();
  return new Projector({ store, pace: new Pace(store), pauseMs: 1, sleep });
}

/** Purges everything before a number, in as many goes as it takes. */
export async function purge(
  store: Store,
  projector: Projector,
  before: number,
): Promise<void> {
  const { signal } = new AbortController();
  const floor = async () => Math.min(before - 1, await projector.floor());
  await until(async () => {
    await projector.prepare(before - 1, { signal });
    await sweep({
      fenced: store.fenced,
      tail: store.tail,
      pace: new Pace(store),
      cutoffMs: Infinity,
      floor,
      signal,
      onStep: () => {},
    });
    // A rebuild that began in between holds back what it still needs.
    return (await readExtent(store.reader)).first === before;
  });
}

/** Waits until the directory has all of the journal. */
export async function settled(
  store: Store,
  projector: Projector,
): Promise<void> {
  await until(() => projector.status.through === store.tail.last);
}

/** Waits until another generation is read, and has all of the journal. */
export async function rebuilt(
  store: Store,
  projector: Projector,
  from = 1,
): Promise<void> {
  await until(() => projector.status.generation > from);
  await settled(store, projector);
}

/** Waits, a turn of the event loop at a time, until something holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let turns = 0; turns < 20_000; turns++) {
    if (await holds()) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
  }
  throw new Error("It never came so far");
}
