import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { APP } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const CREATE = "Group.CallbackBeforeCreateGroup";
const AFTER = "Group.CallbackAfterCreateGroup";
const FOLDER = new URL("../testdata/controllers/", import.meta.url);

/** A controller of the manual, and the program that runs it. */
interface Runtime {
  readonly name: string;
  readonly program: string;
  /** Arguments that print its version. */
  readonly version: readonly string[];
  readonly args: (file: string, port: number) => readonly string[];
}

const RUNTIMES: readonly Runtime[] = [
  {
    name: "TypeScript",
    program: Deno.execPath(),
    version: ["--version"],
    args: (file) => ["run", "--no-config", "-A", `${file}.ts`],
  },
  {
    name: "Go",
    program: "go",
    version: ["version"],
    args: (file) => ["run", `${file}.go`],
  },
  {
    name: "PHP",
    program: "php",
    version: ["-v"],
    args: (file, port) => ["-S", `127.0.0.1:${port}`, `${file}.php`],
  },
];

async function isThere({ program, version }: Runtime): Promise<boolean> {
  try {
    const options = { args: [...version], stdout: "null", stderr: "null" };
    return (await new Deno.Command(program, options as never).output()).success;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Starts a controller, and waits until it answers. */
async function startController(runtime: Runtime) {
  const port = freePort();
  const file = fromFileUrl(new URL("controller", FOLDER));
  // In a group of its own: `go run` starts another process, which would outlive it.
  const child = new Deno.Command("setsid", {
    args: [runtime.program, ...runtime.args(file, port)],
    env: {
      CHAT_TOKEN: APP.token,
      PORT: String(port),
      PHP_CLI_SERVER_WORKERS: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}/tencent`;
  const stop = async () => {
    new Deno.Command("kill", { args: ["--", `-${child.pid}`] }).outputSync();
    await child.status;
  };
  try {
    await until(`${runtime.name} answers`, async () => {
      const answer = await fetch(url, { method: "POST" }).catch(() =>
        undefined
      );
      await answer?.body?.cancel();
      return answer?.status === 401 ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: stop };
}

async function add(
  server: Server,
  path: string,
  body: unknown,
): Promise<string> {
  const response = await server.post(path, body as never);
  const made = await response.json();
  assertEquals(response.status, 201, JSON.stringify(made));
  return made.id;
}

async function decide(server: Server, Name: string): Promise<unknown> {
  const body = JSON.stringify({ Name, EventTime: Date.now() });
  const answer = await server.send({ command: CREATE, body });
  return await answer.json();
}

Deno.test("the manual's controllers decide and get Tencent's requests behind imhook", async (t) => {
  for (const runtime of RUNTIMES) {
    if (!await isThere(runtime)) {
      // deno-lint-ignore no-console -- a skipped test says why
      console.log(`  skipped: ${runtime.program} is not installed`);
      continue;
    }
    await t.step(runtime.name, async () => {
      await using controller = await startController(runtime);
      const { url } = controller;
      await using server = await startServer({
        flags: ["--allow-private-endpoints"],
      });
      const signed = { url, signWithAppToken: true };
      await add(server, "/v1/deciders", {
        ...signed,
        name: "controller",
        onFailure: "refuse",
      });
      const id = await add(server, "/v1/endpoints", {
        ...signed,
        format: "tencent",
      });

      const refused = await decide(server, "a forbidden name");
      assertEquals(refused, {
        ActionStatus: "OK",
        ErrorInfo: "This name is not allowed",
        ErrorCode: 10100,
      });
      const allowed = await decide(server, "a good name") as {
        readonly ErrorCode: number;
      };
      assertEquals(allowed.ErrorCode, 0);
      const body = JSON.stringify({ GroupId: "g1", EventTime: Date.now() });
      await (await server.send({ command: AFTER, body })).body?.cancel();
      const attempts = await until("the event is delivered", async () => {
        const answer = await server.get(`/v1/endpoints/${id}/attempts`);
        const { items } = await answer.json();
        return items.length > 0 ? items : undefined;
      });

      assert(attempts.length === 1);
      assertEquals(
        [attempts[0].outcome, attempts[0].ackCode],
        ["delivered", 0],
      );
    });
  }
});
