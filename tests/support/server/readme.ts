import { MANUAL } from "../../../src/cli/help.ts";

/** The front page. */
export const README = await Deno.readTextFile(
  new URL("../../../README.md", import.meta.url),
);
const PAGES = [README, ...Array.from(MANUAL.values(), ({ text }) => text)];
const BLOCK_REGEXP = /^```(\w+)\n([^]*?)^```$/gm;

/** A block of code in the README or the manual. */
export interface Example {
  readonly language: string;
  readonly code: string;
}

/** The examples in these languages, of the README and of every page of the manual. */
export function examplesIn(...languages: readonly string[]): Example[] {
  return PAGES.flatMap((text) =>
    Array.from(
      text.matchAll(BLOCK_REGEXP),
      ([, language = "", code = ""]) => ({ language, code }),
    )
  ).filter(({ language }) => languages.includes(language));
}

/** Runs a command; gives its output and whether it is content. */
export async function run(
  [command = "", ...args]: readonly string[],
): Promise<{ readonly isContent: boolean; readonly said: string }> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
    }).output();
    const said = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    return { isContent: success, said: said.join("") };
  } catch (error) {
    return { isContent: false, said: String(error) };
  }
}

/** Options of a test that needs this to run: skipped, with a word, where it does not. */
export async function needs(
  what: string,
  command: readonly string[],
): Promise<{ readonly ignore: boolean }> {
  const { isContent } = await run(command);
  // deno-lint-ignore no-console -- a skipped test says why
  if (!isContent) console.log(`No ${what} here: what needs it is skipped`);
  return { ignore: !isContent };
}
