import { Child } from "./child.ts";
import { until } from "../until.ts";

/** A KV Connect server of its own, as several processes share it. */
export interface KvServer extends AsyncDisposable {
  /** Environment of an imhook on it. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills it; what it has stored stays. */
  readonly stop: () => Promise<void>;
  /** Starts it again, at the same address. */
  readonly start: () => Promise<void>;
  /** Makes it silent, or lets it answer again. */
  readonly signal: (name: "SIGSTOP" | "SIGCONT") => void;
}

const TOKEN = "scenario-kv-access-token";
const mayBeMissing = Deno.env.get("CI") !== "true";

/** Options of a test that needs the server `denokv`: skipped where it is not, but never in CI. */
export const withKvServer = { ignore: mayBeMissing && !await hasDenokv() };

if (withKvServer.ignore) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(
    "Tests of several processes on one store are skipped: no denokv here (cargo install denokv)",
  );
}

/** Starts a KV Connect server on a free port, with an empty store. */
export async function startKvServer(): Promise<KvServer> {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const port = freePort();
  const words = ["denokv", "--sqlite-path", `${folder}/kv.sqlite`, "serve"];
  const run = async () => {
    const child = new Child([...words, "--addr", `127.0.0.1:${port}`], {
      DENO_KV_ACCESS_TOKEN: TOKEN,
    });
    await until("denokv listens", () => isListening(port));
    return child;
  };
  let child = await run();
  return {
    env: {
      IMHOOK_KV: `http://127.0.0.1:${port}`,
      DENO_KV_ACCESS_TOKEN: TOKEN,
    },
    async stop() {
      child.kill("SIGKILL");
      await child.status;
    },
    async start() {
      child = await run();
    },
    signal: (name) => child.kill(name),
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function hasDenokv(): Promise<boolean> {
  try {
    const args = ["--help"];
    await new Deno.Command("denokv", { args, stdout: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function isListening(port: number): Promise<true | undefined> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    // Not yet: the caller asks again.
    return undefined;
  }
}
