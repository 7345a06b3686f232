import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { bodyOf } from "../support/server/callback.ts";
import { Child } from "../support/server/child.ts";
import {
  type Example,
  examplesIn,
  needs,
  run,
} from "../support/server/readme.ts";
import {
  API_TOKEN,
  environmentOf,
  type Server,
  startServer,
} from "../support/server/server.ts";
import { until } from "../support/until.ts";

const deno = Deno.execPath();
const withPython = await needs("python3", ["python3", "--version"]);
const withRequests = await needs("requests of Python", [
  "python3",
  "-c",
  "import requests",
]);
const withGo = await needs("gofmt", ["gofmt", "-h"]);
const withJq = await needs("curl and jq", ["sh", "-c", "curl -V && jq -V"]);
const withBash = await needs("bash", ["bash", "--version"]);

/** Writes each example to a file, and asserts that a command is content with it. */
async function assertContent(
  examples: readonly Example[],
  { name, command }: {
    readonly name: string;
    readonly command: readonly string[];
  },
): Promise<void> {
  assert(examples.length > 0);
  const folder = await Deno.makeTempDir({ prefix: "imhook-readme-" });
  const path = join(folder, name);
  for (const { code } of examples) {
    await Deno.writeTextFile(path, code);
    const { isContent, said } = await run([...command, path]);
    assert(isContent, `${said}\n${code}`);
  }
  await Deno.remove(folder, { recursive: true });
}

Deno.test("the manual's TypeScript is sound", async () => {
  const examples = examplesIn("ts").map(({ language, code }) => ({
    language,
    code: code.replace(/npm:standardwebhooks@1"/, 'standardwebhooks"'),
  }));
  const command = [deno, "check", "--config", "deno.json"];

  await assertContent(examples, { name: "example.ts", command });
});

Deno.test("the manual's Python can be read", withPython, async () => {
  const command = ["python3", "-m", "py_compile"];

  await assertContent(examplesIn("python"), { name: "example.py", command });
});

Deno.test("the manual's shell can be read", withBash, async () => {
  const command = ["bash", "-n"];

  await assertContent(examplesIn("sh", "bash"), { name: "example", command });
});

Deno.test("the manual's Go can be read", withGo, async () => {
  const command = ["gofmt", "-e", "-l"];

  await assertContent(examplesIn("go"), { name: "example.go", command });
});

/** A reader of the manual, and how it is started. */
interface Reader {
  readonly file: string;
  readonly language: string;
  readonly command: string;
  readonly options: { readonly ignore?: boolean };
}

const READERS: readonly Reader[] = [
  {
    file: "follow.ts",
    language: "ts",
    command: `${deno} run --quiet -A follow.ts`,
    options: {},
  },
  {
    file: "follow.py",
    language: "python",
    command: "python3 follow.py",
    options: withRequests,
  },
  {
    file: "follow.sh",
    language: "bash",
    command: "bash follow.sh",
    options: { ignore: withJq.ignore || withBash.ignore },
  },
];

/** A reader of the manual in a folder of its own, that can be killed and started again. */
async function openReader(
  { file, language, command }: Reader,
  { folder, port }: { readonly folder: string; readonly port: number },
) {
  const origin = `http://127.0.0.1:${port}`;
  const [example] = examplesIn(language);
  const code = example?.code.replace("http://127.0.0.1:8080", origin) ?? "";
  await Deno.writeTextFile(join(folder, file), code);
  const env = { IMHOOK_URL: origin, IMHOOK_API_TOKEN: API_TOKEN };
  const start = () =>
    new Child(["sh", "-c", `cd "${folder}" && exec ${command}`], env);
  const lives: Child[] = [];
  return {
    start: () => lives.push(start()),
    kill: async () => {
      lives.at(-1)?.kill("SIGKILL");
      await lives.at(-1)?.ended();
    },
    /** The last thing that it has said. */
    get said(): string {
      return `${lives.at(-1)?.stdout}${lives.at(-1)?.stderr}`;
    },
    ended: async () => (await lives.at(-1)?.ended())?.code,
    /** The numbers that each of its lives has printed. */
    get seen(): number[][] {
      return lives.map(({ stdout }) =>
        Array.from(stdout.matchAll(/^(\d+) Group/gm), ([, id]) => Number(id))
      );
    },
  };
}

/** A reader may see some again from wherever it has kept, and passes over none. */
function assertNothingMissing(seen: readonly number[], last: number): void {
  let through = 0;
  for (const id of seen) {
    assert(id <= through + 1, `${id} follows ${through}`);
    through = Math.max(through, id);
  }
  assertEquals(through, last);
}

async function send(server: Server, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await (await server.send({ body: bodyOf() })).body?.cancel();
  }
}

/** A folder with a store whose server has this port whenever it is started. */
async function openPlace() {
  const folder = await Deno.makeTempDir({ prefix: "imhook-readme-" });
  const { kv, ...env } = { kv: join(folder, "kv"), ...environmentOf(folder) };
  const first = await startServer({ folder: kv, env: { ...env } });
  const port = first.port;
  await first.child.stop();
  const listen = { IMHOOK_LISTEN: `127.0.0.1:${port}` };
  return {
    folder,
    port,
    start: () => startServer({ folder: kv, env: listen }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

for (const reader of READERS) {
  Deno.test(
    `the manual's ${reader.file} misses nothing when either side is killed`,
    reader.options,
    async () => {
      await using place = await openPlace();
      const follow = await openReader(reader, place);
      // It begins before there is a server.
      follow.start();
      let last = 0;
      for (const victim of ["reader", "server", "reader", "both"]) {
        await using server = await place.start();
        await send(server, 10);
        last += 10;
        await until(
          `it has seen ${last}`,
          () => follow.seen.flat().includes(last) || undefined,
        );
        if (victim !== "reader") server.child.kill("SIGKILL");
        if (victim === "server") continue;
        await follow.kill();
        follow.start();
      }
      await follow.kill();

      assertNothingMissing(follow.seen.flat(), last);
    },
  );
}

for (const reader of READERS.filter(({ language }) => language !== "bash")) {
  Deno.test(
    `the manual's ${reader.file} begins anew with an empty file, and stops at another journal`,
    reader.options,
    async () => {
      await using place = await openPlace();
      await using server = await place.start();
      await send(server, 3);
      const file = join(place.folder, "place.json");
      await Deno.writeTextFile(file, "");
      const follow = await openReader(reader, place);
      follow.start();
      await until(
        "it has seen all",
        () => follow.seen.flat().includes(3) || undefined,
      );
      await follow.kill();
      await Deno.writeTextFile(file, '{"journal":"other","after":"0"}');
      follow.start();

      assertEquals(await follow.ended(), 1);
      assertStringIncludes(follow.said, "Another journal");
      assertEquals(follow.seen, [[1, 2, 3], []]);
    },
  );
}
