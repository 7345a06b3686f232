import { parseArgs, type ParseArgsConfig } from "node:util";

/** A command line that cannot be understood: answered with a usage line and exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Flags as `node:util` describes them: `{ port: { type: "string" } }`. */
export type FlagSpecs = NonNullable<ParseArgsConfig["options"]>;

/** The flags found, by name; positionals are refused. */
export type Flags<T extends FlagSpecs> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: false }>
>["values"];

/**
 * Reads the flags of one subcommand.
 *
 * @throws {UsageError} naming the flag that is unknown, lacks a value or has one too many
 */
export function parseFlags<T extends FlagSpecs>(
  args: readonly string[],
  specs: T,
): Flags<T> {
  return parseWords(args, { specs, max: 0 }).flags;
}

/**
 * Reads the flags of one subcommand, and up to `max` words that are none.
 *
 * @throws {UsageError} as `parseFlags`, or naming the word that is one too many
 */
export function parseWords<T extends FlagSpecs>(
  args: readonly string[],
  { specs, max }: { readonly specs: T; readonly max: number },
): { readonly flags: Flags<T>; readonly words: readonly string[] } {
  try {
    const { values, positionals: words, tokens } = parseArgs({
      args: [...args],
      options: specs,
      allowPositionals: max > 0,
      tokens: true,
    });
    checkOnce(tokens, specs);
    const extra = words[max];
    if (extra === undefined) return { flags: values, words };
    throw new UsageError(`Unexpected argument "${extra}"`);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(firstSentence(error.message));
  }
}

/** Of two values for one flag, one would be dropped without a word. */
function checkOnce(
  tokens: readonly { readonly kind: string; readonly name?: string }[],
  specs: FlagSpecs,
): void {
  const seen = new Set<string>();
  for (const { kind, name } of tokens) {
    if (kind !== "option" || name === undefined || specs[name]?.multiple) {
      continue;
    }
    if (seen.has(name)) throw new UsageError(`--${name}: expected it once`);
    seen.add(name);
  }
}

/**
 * Reads a flag that counts something.
 *
 * @throws {UsageError} when it is not a whole number between the bounds
 */
export function readWholeNumber(
  flag: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw new UsageError(
    `--${flag}: expected a whole number from ${bounds.min} to ${bounds.max}, got "${text}"`,
  );
}

function firstSentence(message: string): string {
  return message.split(/\.\s|\n/)[0] ?? message;
}
