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
  try {
    return parseArgs({
      args: [...args],
      options: specs,
      allowPositionals: false,
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(firstSentence(error.message));
  }
}

/**
 * Reads a flag that counts something.
 *
 * @throws {UsageError} when it is not a whole number between the bounds
 */
export function wholeNumber(
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
  return message.split(". ")[0] ?? message;
}
