import type { Budget } from "../base/budget.ts";

/** A request's body, or why there is none. */
export type BodyResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: "too large" | "incomplete" };

const DIGITS_REGEXP = /^\d+$/;
const TOO_LARGE: BodyResult = { ok: false, reason: "too large" };
const INCOMPLETE: BodyResult = { ok: false, reason: "incomplete" };

/**
 * Reads at most `maxBytes`, within the budget; what is refused is cancelled. Total: a client that
 * goes away leaves an incomplete body.
 */
export async function readBody(
  request: Request,
  { maxBytes, budget }: { readonly maxBytes: number; readonly budget: Budget },
): Promise<BodyResult> {
  const length = lengthOf(request);
  if (length !== undefined && length > maxBytes) {
    await discardBody(request);
    return TOO_LARGE;
  }
  try {
    if (length === undefined) {
      return await budget.race(readCounted(request, maxBytes), INCOMPLETE);
    }
    const bytes = await budget.race(request.bytes(), undefined);
    return bytes === undefined ? INCOMPLETE : { ok: true, bytes };
  } catch {
    // The client went away in the middle.
    return INCOMPLETE;
  }
}

/** Gives up what is left of a body, so that its connection stays usable. */
export async function discardBody(request: Request): Promise<void> {
  await request.body?.cancel().catch(() => {/* broken, or being read */});
}

/** Whether a request has no body; of one that does not say, the first chunk is awaited. */
export async function isBodyEmpty(
  request: Request,
  budget: Budget,
): Promise<boolean> {
  if (request.body === null) return true;
  const length = lengthOf(request);
  if (length !== undefined) return length === 0;
  const reader = request.body.getReader();
  const isEmpty = await budget.race(endsWithoutBytes(reader), false);
  await reader.cancel().catch(() => {/* gone already: nothing to stop */});
  reader.releaseLock();
  return isEmpty;
}

/** The length that a request says; one said twice counts as not said. */
function lengthOf(request: Request): number | undefined {
  const text = request.headers.get("content-length");
  return text !== null && DIGITS_REGEXP.test(text) ? Number(text) : undefined;
}

/** Whether a stream ends before it gives a byte; reads no further than that. */
async function endsWithoutBytes(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<boolean> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || value.length > 0) return done;
    }
  } catch {
    // The client went away: what it would have sent is not known.
    return false;
  }
}

/** Reads a body that does not say its length. */
async function readCounted(
  request: Request,
  maxBytes: number,
): Promise<BodyResult> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the stream.
    if (length > maxBytes) return TOO_LARGE;
    chunks.push(chunk);
  }
  return { ok: true, bytes: await new Blob(chunks as BlobPart[]).bytes() };
}
