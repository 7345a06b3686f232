import { VERSION } from "../base/version.ts";
import { parseFlags } from "./terminal/flags.ts";
import type { Io } from "./terminal/io.ts";

/** One line for the list of commands. */
export const summary = "Print the version";

/** The help text. */
export const help = `Usage: imhook version

Prints the version of imhook and of the Deno runtime inside it.`;

/** Prints the versions. */
export function run(args: readonly string[], io: Io): Promise<number> {
  parseFlags(args, {});
  io.out(`imhook ${VERSION} (deno ${Deno.version.deno})`);
  return Promise.resolve(0);
}
