import { openLog } from "../../src/base/log.ts";

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A log that keeps its lines, until it is disposed. */
export async function openLogLines(): Promise<
  AsyncDisposable & { readonly lines: readonly LogLine[] }
> {
  const lines: LogLine[] = [];
  const write = (line: string) => lines.push(JSON.parse(line));
  const log = await openLog({ level: "info", write });
  return { lines, [Symbol.asyncDispose]: () => log[Symbol.asyncDispose]() };
}
