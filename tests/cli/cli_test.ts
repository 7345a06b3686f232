import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { main } from "../../src/cli/cli.ts";
import { SETTINGS } from "../../src/config/settings.ts";
import { VERSION } from "../../src/base/version.ts";

const SUBCOMMANDS = [
  "serve",
  "trigger",
  "tail",
  "export",
  "import",
  "backup",
  "restore",
  "purge",
  "consumers",
  "quarantine",
  "systemd",
  "version",
];

async function imhook(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; talk: string }> {
  const out: string[] = [];
  const talk: string[] = [];
  const code = await main(args, {
    env,
    out: (line) => out.push(line),
    talk: (line) => talk.push(line),
    redraw: undefined,
  });
  return { code, out: out.join("\n"), talk: talk.join("\n") };
}

Deno.test.each([
  { args: [] },
  { args: ["help"] },
  { args: ["--help"] },
  { args: ["-h"] },
  { args: ["help", "help"] },
])("main() given $args lists the commands", async ({ args }) => {
  const { code, out, talk } = await imhook(args);

  assertEquals([code, talk], [0, ""]);
  for (const name of [...SUBCOMMANDS, "help", "deploy", "operate"]) {
    assertMatch(out, new RegExp(`^  ${name} +\\S`, "m"));
  }
});

Deno.test.each(
  SUBCOMMANDS.flatMap((name) => [
    { args: ["help", name], name },
    { args: [name, "--help"], name },
    { args: [name, "-h"], name },
    { args: [name, "--nonsense", "--help"], name },
  ]),
)("main() given $args shows the help of that command", async (row) => {
  const { code, out, talk } = await imhook(row.args);

  assertEquals([code, talk], [0, ""]);
  assert(out.startsWith(`Usage: imhook ${row.name}`), out);
});

Deno.test.each([
  { args: ["frobnicate"] },
  { args: ["help", "frobnicate"] },
  { args: ["Serve"] },
  { args: [""] },
  { args: ["--sandbox"] },
  { args: ["constructor"] },
])("main() given $args knows no such command", async ({ args }) => {
  const { code, out, talk } = await imhook(args);

  assertEquals([code, out], [2, ""]);
  assertStringIncludes(talk, `unknown command "${args.at(-1)}"`);
  assertStringIncludes(talk, "Usage: imhook <command>");
});

Deno.test.each([{ args: ["version"] }, { args: ["--version"] }])(
  "main() given $args prints the versions",
  async ({ args }) => {
    const { code, out, talk } = await imhook(args);

    assertEquals([code, talk], [0, ""]);
    assertEquals(out, `imhook ${VERSION} (deno ${Deno.version.deno})`);
  },
);

Deno.test.each(SUBCOMMANDS)(
  "main() answers a flag that %s does not have with its usage line",
  async (name) => {
    const { code, out, talk } = await imhook([name, "--nonsense"]);
    const [what = "", usage = "", more] = talk.split("\n");

    assertEquals([code, out], [2, ""]);
    assertStringIncludes(what, `imhook ${name}: `);
    assertStringIncludes(what, "--nonsense");
    assert(usage.startsWith(`Usage: imhook ${name}`), usage);
    assertEquals(more, `More: imhook help ${name}`);
  },
);

Deno.test("main() serve without configuration says all that is missing", async () => {
  const { code, out, talk } = await imhook(["serve"]);

  assertEquals([code, out], [2, ""]);
  assertStringIncludes(talk, "IMHOOK_APP_<SdkAppid>: ");
  assertStringIncludes(talk, "IMHOOK_API_TOKEN: ");
});

Deno.test("main() serve does not show a token when another variable is wrong", async () => {
  const { code, talk } = await imhook(["serve"], {
    IMHOOK_APP_1400000000: "secret-1",
    IMHOOK_API_TOKEN: "secret 2",
    IMHOOK_LISTEN: "x",
  });

  assertEquals(code, 2);
  assertEquals(talk.includes("secret"), false);
});

Deno.test.each(
  Object.values(SETTINGS).filter(({ byDefault }) => byDefault !== "0"),
)("main() serve has the flag --$flag", async ({ flag }) => {
  const bad = flag === "kv" ? ":memory:" : "\u0000";
  const { code, talk } = await imhook(["serve", "--sandbox", `--${flag}`, bad]);

  assertEquals(code, 2);
  assertMatch(talk, new RegExp(`^ +--${flag}: expected`, "m"));
});

Deno.test("main() serve tells in its help of every setting", async () => {
  const { out } = await imhook(["help", "serve"]);

  for (const { flag, env } of Object.values(SETTINGS)) {
    assertStringIncludes(out, `--${flag} `);
    assertStringIncludes(out, `IMHOOK_${env};`);
  }
});

Deno.test("main() reports what fails unexpectedly in one line, and returns 1", async () => {
  const folder = await Deno.makeTempDir();
  const { code, talk } = await imhook(
    ["serve", "--sandbox", "--listen", "127.0.0.1:0", "--kv", folder],
  );
  await Deno.remove(folder, { recursive: true });
  await Deno.remove(`${folder}.lock`);

  assertEquals(code, 1);
  assertMatch(talk, /^imhook serve: Cannot open store "[^"]+": .+$/);
});
