import { delay } from "@std/async/delay";

const TRIES = 6_000;
const PAUSE_MS = 5;

/** Asks again and again until the answer is not undefined; gives up after a bounded number of tries. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(PAUSE_MS);
  }
  throw new Error(`Gave up after ${TRIES} tries: ${what}`);
}
