import { fromFileUrl } from "@std/path";
import { flagsOf } from "./task_flags.ts";

const REPOSITORY = fromFileUrl(new URL("../../../", import.meta.url));
const STOP_PATIENCE_MS = 15_000;

/** Environment and first words of a child process. */
export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Words in front of the command, for a shell that sets limits first. */
  readonly before?: readonly string[];
}

/** Starts `imhook` with these arguments and an environment of its own. */
export function startChild(
  args: readonly string[],
  { env = {}, before = [] }: ChildOptions = {},
): Child {
  const words = [
    ...before,
    Deno.execPath(),
    "run",
    "--quiet",
    ...flagsOf("imhook"),
    "main.ts",
    ...args,
  ];
  return new Child(words, env);
}

/** A process that a test has started, and everything it has printed. */
export class Child implements AsyncDisposable {
  readonly status: Promise<Deno.CommandStatus>;
  #process: Deno.ChildProcess;
  #collected: Promise<unknown>;
  #hasEnded = false;
  #stdout = "";
  #stderr = "";

  constructor(
    [command = "", ...args]: readonly string[],
    env: ChildOptions["env"],
  ) {
    this.#process = new Deno.Command(command, {
      args,
      cwd: REPOSITORY,
      clearEnv: true,
      env: { ...pathsOf(Deno.env.toObject()), NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#collected = Promise.all([
      collect(this.#process.stdout, (text) => this.#stdout += text),
      collect(this.#process.stderr, (text) => this.#stderr += text),
    ]);
    this.status = this.#process.status.then((status) => {
      this.#hasEnded = true;
      return status;
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The exit code, once it has ended and everything it printed has arrived. */
  async ended(): Promise<Deno.CommandStatus> {
    await this.#collected;
    return await this.status;
  }

  /** Sends a signal, unless it has ended. */
  kill(signal: Deno.Signal): void {
    if (this.#hasEnded) return;
    try {
      this.#process.kill(signal);
    } catch (error) {
      // It ended just now, before its status has arrived here.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** SIGTERM, and SIGKILL where that does not help. */
  async stop(): Promise<Deno.CommandStatus> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), STOP_PATIENCE_MS);
    const status = await this.ended();
    clearTimeout(timer);
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Deno's cache must be found; nothing else of our environment gets in. */
function pathsOf(env: Record<string, string>): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "TMPDIR"];
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => names.includes(name)),
  );
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  add: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    add(text);
  }
}
