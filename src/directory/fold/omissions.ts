/** What of a body the directory cannot take: the rest of it counts. */
export interface Omissions {
  /** What was expected of the first few; never a value. */
  readonly reasons: string[];
  count: number;
}

/** Reasons that are told; a body may hold hundreds of thousands of odd entries. */
const MAX_REASONS = 3;

/** Of a body of which nothing is left out yet. */
export function noOmissions(): Omissions {
  return { reasons: [], count: 0 };
}

/** Notes that a field is left out, and why; gives the undefined that is read instead. */
export function leaveOut(
  { odd, path }: { readonly odd: Omissions; readonly path?: string },
  reason: string,
): undefined {
  odd.count++;
  if (odd.reasons.length === MAX_REASONS) return;
  odd.reasons.push(path === undefined ? reason : `${path}.${reason}`);
}

/** All that was left out, in one line; undefined where nothing was. */
export function omissionText(
  { reasons, count }: Omissions,
): string | undefined {
  if (count === 0) return undefined;
  const more = count - reasons.length;
  return `${reasons.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
