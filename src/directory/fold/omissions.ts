/** Parts of a body that the directory cannot use; the rest of the body counts. */
export interface Omissions {
  /** The reasons of the first few: what was expected, never a value. */
  readonly reasons: string[];
  count: number;
  /** True when one of them may have named a member. */
  hidesMembers: boolean;
}

/** Reasons that are told; a body may hold hundreds of thousands of odd entries. */
const MAX_REASONS = 3;

/** The omissions of a body of which nothing is left out yet. */
export function noOmissions(): Omissions {
  return { reasons: [], count: 0, hidesMembers: false };
}

/** Notes that a field is left out, and why; returns the undefined that is read instead. */
export function leaveOut(
  { omissions, path }: {
    readonly omissions: Omissions;
    readonly path?: string;
  },
  reason: string,
): undefined {
  omissions.count++;
  if (omissions.reasons.length === MAX_REASONS) return;
  omissions.reasons.push(path === undefined ? reason : `${path}.${reason}`);
}

/** Reads something that names members: what is left out of it hides a member. */
export function namingMembers<T>(
  { omissions }: { readonly omissions: Omissions },
  read: () => T,
): T {
  const before = omissions.count;
  const result = read();
  if (omissions.count > before) omissions.hidesMembers = true;
  return result;
}

/** Everything that was left out, in one line; undefined where nothing was. */
export function omissionText(
  { reasons, count }: Omissions,
): string | undefined {
  if (count === 0) return undefined;
  const more = count - reasons.length;
  return `${reasons.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
