import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/cli.ts";
import { APP } from "../support/server/callback.ts";
import { startChild } from "../support/server/child.ts";
import { environmentOf, startServer } from "../support/server/server.ts";

const APP_NAME = `IMHOOK_APP_${APP.id}`;

/** A configuration that `serve` refuses, and what it must say of it. */
interface Refused {
  readonly name: string;
  readonly flags?: readonly string[];
  /** Changes to a right environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly told: readonly string[];
}

const NO_APP = [
  "IMHOOK_APP_<SdkAppid>: no application is configured",
  "IMHOOK_APP_1400000000=<",
];
const NO_API_TOKEN = ["IMHOOK_API_TOKEN: ", "openssl rand -hex 32"];

const REFUSED: readonly Refused[] = [
  { name: "no app", env: { [APP_NAME]: undefined }, told: NO_APP },
  {
    name: "no API token",
    env: { IMHOOK_API_TOKEN: undefined },
    told: NO_API_TOKEN,
  },
  {
    name: "an empty API token",
    env: { IMHOOK_API_TOKEN: "" },
    told: NO_API_TOKEN,
  },
  {
    name: "neither",
    env: { [APP_NAME]: undefined, IMHOOK_API_TOKEN: undefined },
    told: [...NO_APP, ...NO_API_TOKEN],
  },
  {
    name: "an app without a token",
    env: { [APP_NAME]: "" },
    told: [`${APP_NAME}: has no token`, "--allow-unsigned"],
  },
  {
    name: "a previous token alone",
    env: { [APP_NAME]: "", [`${APP_NAME}_PREVIOUS`]: "previous-token" },
    told: [`${APP_NAME}: is empty`],
  },
  {
    name: "an app that is no number",
    env: { IMHOOK_APP_chat: "some-token" },
    told: ["IMHOOK_APP_chat: ", "IMHOOK_APP_1400000000"],
  },
  {
    name: "a secret given twice",
    env: { [`${APP_NAME}_FILE`]: "/nowhere" },
    told: [`${APP_NAME}: set it or ${APP_NAME}_FILE, not both`],
  },
  {
    name: "a secret's file that is not there",
    env: { [APP_NAME]: "", [`${APP_NAME}_FILE`]: "/nowhere/token" },
    told: [`${APP_NAME}_FILE: `, "/nowhere/token"],
  },
  {
    name: "a variable that is misspelt",
    env: { IMHOOK_LISTN: "127.0.0.1:1" },
    told: ["IMHOOK_LISTN: ", "IMHOOK_LISTEN"],
  },
  {
    name: "bad values, all at once",
    env: {
      IMHOOK_LISTEN: "8080",
      IMHOOK_KV: ":memory:",
      IMHOOK_DEDUPE_MAX: "many",
      IMHOOK_CALLBACK_PATH: "no-slash",
      IMHOOK_ALLOW_UNSIGNED: "perhaps",
      IMHOOK_LOG_LEVEL: "loud",
      IMHOOK_API_TOKEN: "two words",
    },
    told: [
      'IMHOOK_LISTEN: expected something like "127.0.0.1:8080", got "8080"',
      'IMHOOK_KV: expected something like "/var/lib/imhook/imhook.kv"',
      'IMHOOK_DEDUPE_MAX: expected something like "200000", got "many"',
      'IMHOOK_CALLBACK_PATH: expected something like "/tencent-chat"',
      'IMHOOK_ALLOW_UNSIGNED: expected something like "1", got "perhaps"',
      'IMHOOK_LOG_LEVEL: expected something like "info", got "loud"',
      "IMHOOK_API_TOKEN: expected printable ASCII without spaces",
    ],
  },
  {
    name: "a bad flag's value",
    flags: ["--log-level=loud"],
    told: ['--log-level: expected something like "info", got "loud"'],
  },
  {
    name: "a port that is none",
    flags: ["--listen", "127.0.0.1:70000"],
    told: ["--listen: expected something like"],
  },
  {
    name: "a sandbox that others can reach",
    flags: ["--sandbox", "--listen=0.0.0.0:0"],
    told: ["this machine alone", "127.0.0.1:8080"],
  },
];

Deno.test.each(REFUSED.map((row) => ({ ...row })))(
  "serve refuses $name, says what to set, and makes nothing",
  async ({ flags = [], env = {}, told }) => {
    const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
    const given = { ...environmentOf(folder), ...env };
    const { code, talk } = await runMain(["serve", ...flags], given);
    assertEquals(code, 2);
    for (const text of told) assertStringIncludes(talk, text);
    const secrets = [APP.token, "previous-token", "some-token", "two words"];
    assertEquals(secrets.filter((secret) => talk.includes(secret)), []);
    await Deno.remove(folder);
  },
);

const COMMAND_LINES = [
  {
    args: ["serve", "--frobnicate"],
    told: ["--frobnicate", "Usage: imhook serve"],
  },
  { args: ["serve", "--listen"], told: ["--listen", "Usage: imhook serve"] },
  { args: ["serve", "now"], told: ["now", "Usage: imhook serve"] },
  {
    args: ["trigger", "--count=none"],
    told: ["--count", "Usage: imhook trigger"],
  },
  { args: ["frobnicate"], told: ["frobnicate", "Usage: imhook <command>"] },
];

Deno.test.each(COMMAND_LINES)(
  "main() exits 2 with a usage line for $args",
  async ({ args, told }) => {
    const { code, talk, out } = await runMain(args, {});
    assertEquals({ code, out }, { code: 2, out: "" });
    for (const text of told) assertStringIncludes(talk, text);
  },
);

Deno.test("the process exits with the number that main() returns", async (t) => {
  for (const [args, code] of [[["version"], 0], [["serve"], 2]] as const) {
    await t.step(`${args} exits ${code}`, async () => {
      await using child = startChild(args);
      assertEquals((await child.ended()).code, code);
    });
  }
});

Deno.test("serve exits 1 and says why when its port is taken", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const listen = `127.0.0.1:${taken.addr.port}`;
  const env = { ...environmentOf(folder), IMHOOK_LISTEN: listen };
  {
    await using child = startChild(["serve"], { env });
    assertEquals((await child.ended()).code, 1);
    assertStringIncludes(child.stderr, "imhook serve: ");
    assertStringIncludes(child.stderr, listen);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve exits 1 and names the file when its store is none", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const env = environmentOf(folder);
  const path = env.IMHOOK_KV ?? "";
  await Deno.writeTextFile(path, "this is not a database ".repeat(500));
  {
    await using child = startChild(["serve"], { env });
    assertEquals((await child.ended()).code, 1);
    assertStringIncludes(child.stderr, `Cannot open store "${path}"`);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve makes the folder of its store", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const path = `${folder}/a/b/imhook.kv`;
  {
    await using _ = await startServer({ folder, flags: ["--kv", path] });
    assertEquals((await Deno.stat(path)).isFile, true);
  }
  await Deno.remove(folder, { recursive: true });
});

/** Runs a command line that serves nothing. */
async function runMain(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number; talk: string; out: string }> {
  const talk: string[] = [];
  const out: string[] = [];
  const given = Object.entries(env).filter((pair): pair is [string, string] =>
    pair[1] !== undefined
  );
  const code = await main(args, {
    env: Object.fromEntries(given),
    out: (line) => out.push(line),
    talk: (line) => talk.push(line),
    redraw: undefined,
  });
  return { code, talk: talk.join("\n"), out: out.join("\n") };
}
