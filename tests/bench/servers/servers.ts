import { delay } from "@std/async/delay";
import {
  countDescriptors,
  type CpuTimes,
  type Memory,
  readCpuTimes,
  readMemory,
} from "./process_stats.ts";
import { serverEnv, type ServerSpec } from "./server_specs.ts";

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const READY_POLL_MS = 2;
const MAX_STDERR_CHARS = 16_384;

/**
 * Starts a server on a free port with its store in `storeFolder`, and waits until it is ready.
 *
 * @throws {Error} with what it wrote to stderr when it ends or stays silent instead
 */
export async function startServer(
  spec: ServerSpec,
  { storeFolder, signal }: {
    readonly storeFolder: string;
    readonly signal: AbortSignal;
  },
): Promise<Server> {
  const server = new Server(spec, storeFolder);
  try {
    await server.ready(signal);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A measured server: a child process that lives until `stop`. */
export class Server implements AsyncDisposable {
  readonly port = freePort();
  readonly spec: ServerSpec;
  /** From the start of the process to its first 200 on /readyz. */
  readyMs = NaN;
  readonly #startedAtMs = performance.now();
  readonly #process: Deno.ChildProcess;
  readonly #stderrDone: Promise<void>;
  #stderr = "";
  #hasEnded = false;

  constructor(spec: ServerSpec, storeFolder: string) {
    this.spec = spec;
    this.#process = new Deno.Command("sh", {
      args: ["-c", `exec ${spec.command}`],
      cwd: spec.folder,
      clearEnv: true,
      env: { ...serverEnv({ port: this.port, storeFolder }), ...spec.env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#stderrDone = this.#collectStderr();
    this.#process.status.then(() => this.#hasEnded = true);
  }

  /** Where its HTTP interface is. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** True when the process is gone, by itself or by `stop`. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async ready(signal: AbortSignal): Promise<void> {
    const endAtMs = this.#startedAtMs + START_DEADLINE_MS;
    while (!this.#hasEnded && performance.now() < endAtMs) {
      if (await isReady(this.origin)) {
        this.readyMs = performance.now() - this.#startedAtMs;
        return;
      }
      await delay(READY_POLL_MS, { signal });
    }
    await this.stop();
    throw this.failure("did not become ready");
  }

  memory(): Promise<Memory> {
    return readMemory(this.#process.pid);
  }

  descriptors(): Promise<number> {
    return countDescriptors(this.#process.pid);
  }

  cpuTimes(): Promise<CpuTimes> {
    return readCpuTimes(this.#process.pid);
  }

  /** An error that says what went wrong with this server and what it wrote to stderr. */
  failure(what: string): Error {
    const ended = this.#hasEnded ? ", and has ended" : "";
    const stderr = this.#stderr.trim() || "(nothing)";
    return new Error(
      `Server "${this.spec.name}" ${what}${ended}: ${this.spec.command}\n` +
        `Its stderr:\n${stderr}`,
    );
  }

  /** SIGTERM, and SIGKILL where that does not help. A second call only waits. */
  async stop(): Promise<void> {
    if (!this.#hasEnded) this.#kill("SIGTERM");
    const timer = setTimeout(() => this.#kill("SIGKILL"), STOP_DEADLINE_MS);
    await this.#process.status;
    clearTimeout(timer);
    await this.#stderrDone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch (error) {
      // It ended between the check and the signal, which is what was wanted.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #collectStderr(): Promise<void> {
    const chunks = this.#process.stderr.pipeThrough(new TextDecoderStream());
    for await (const chunk of chunks) {
      this.#stderr = (this.#stderr + chunk).slice(-MAX_STDERR_CHARS);
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/readyz`, {
      signal: AbortSignal.timeout(1_000),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not listening yet, which is what is being waited for.
    return false;
  }
}
