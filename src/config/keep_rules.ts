/** The time a body is kept: for ever, not at all (`meta`), for some days; or `none`: not even the event. */
export type Keep =
  | { readonly kind: "forever" | "none" | "meta" }
  | { readonly kind: "days"; readonly days: number };

/** One rule of IMHOOK_KEEP: commands, and how long their bodies are kept. */
export interface KeepRule {
  /** As written: a command, or a pattern with `*` for its family, its name or both. */
  readonly pattern: string;
  readonly keep: Keep;
}

/** Finds how long the body of an event of this command is kept. */
export type KeepOf = (command: string) => Keep;

const RULE_REGEXP =
  /^((?:\*|[A-Za-z]\w*)\.(?:\*|[A-Za-z]\w*)|\*)=(none|meta|forever|[1-9]\d{0,4}d)$/;
const MAX_DAYS = 36_500;
const FOREVER: Keep = { kind: "forever" };

/**
 * The rules in a text such as `C2C.*=none, State.*=1d, *=forever`; undefined when it is no such text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseKeepRules("C2C.*=none, *=7d"), [
 *   { pattern: "C2C.*", keep: { kind: "none" } },
 *   { pattern: "*", keep: { kind: "days", days: 7 } },
 * ]);
 * assertEquals(parseKeepRules("C2C.*=soon"), undefined);
 * ```
 */
export function parseKeepRules(text: string): readonly KeepRule[] | undefined {
  const rules = text.split(",").map((part) => parseRule(part.trim()));
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

/**
 * The rules that would take the bodies of commands that must keep theirs: those that name one, or a
 * pattern that fits no other command.
 */
export function keepConflicts(
  rules: readonly KeepRule[],
  { bound, all }: {
    /** Commands whose bodies stay. */
    readonly bound: ReadonlySet<string>;
    /** Every known command. */
    readonly all: Iterable<string>;
  },
): readonly KeepRule[] {
  const commands = [...all];
  return rules.filter(({ pattern, keep }) => {
    if (keep.kind === "forever") return false;
    if (!pattern.includes("*")) return bound.has(pattern);
    const named = commands.filter((command) => fits(pattern, command));
    return named.length > 0 && named.every((command) => bound.has(command));
  });
}

/** Finds by the first rule that fits; the bodies of `bound` commands stay whatever the rules say. */
export function createKeepOf(
  rules: readonly KeepRule[],
  bound: ReadonlySet<string>,
): KeepOf {
  return (command) => {
    if (bound.has(command)) return FOREVER;
    const rule = rules.find(({ pattern }) => fits(pattern, command));
    return rule?.keep ?? FOREVER;
  };
}

function parseRule(text: string): KeepRule | undefined {
  const [, pattern, word] = RULE_REGEXP.exec(text) ?? [];
  if (pattern === undefined || word === undefined) return undefined;
  if (word === "none" || word === "meta" || word === "forever") {
    return { pattern, keep: { kind: word } };
  }
  const days = Number(word.slice(0, -1));
  if (days > MAX_DAYS) return undefined;
  return { pattern, keep: { kind: "days", days } };
}

function fits(pattern: string, command: string): boolean {
  if (pattern === "*" || pattern === "*.*") return true;
  const [family, name] = pattern.split(".");
  const at = command.indexOf(".");
  return (family === "*" || family === command.slice(0, at)) &&
    (name === "*" || name === command.slice(at + 1));
}
