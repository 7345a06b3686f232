import { terminalSafe } from "./printable.ts";
/** Environment and streams of a subcommand; tests pass their own. */
export interface Io {
  readonly env: Readonly<Record<string, string>>;
  /** Writes one line of data to standard output. */
  readonly out: (line: string) => void;
  /** Writes one line for a person to standard error. */
  readonly talk: (line: string) => void;
  /** Redraws the last line on standard error; undefined where that is no terminal. */
  readonly redraw: ((line: string) => void) | undefined;
  /** Columns of the terminal that shows the data; undefined where it goes elsewhere. */
  readonly width?: number | undefined;
}

const ENCODER = new TextEncoder();

/** The real streams and environment of this process. */
export function processIo(): Io {
  return {
    env: Deno.env.toObject(),
    out: (line) => writeAllSync(Deno.stdout, terminalSafe(`${line}\n`)),
    talk: (line) => writeAllSync(Deno.stderr, terminalSafe(`${line}\n`)),
    redraw: Deno.stderr.isTerminal()
      ? (line) => writeAllSync(Deno.stderr, `\r\x1b[K${line}`)
      : undefined,
    width: Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined,
  };
}

function writeAllSync(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  let bytes = ENCODER.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
