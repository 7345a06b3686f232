import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openRaw } from "../support/server/raw_http.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const REPOSITORY = fromFileUrl(new URL("../../", import.meta.url));

/** How a person without Deno runs it; here it must not go to a registry. */
const NPX_REGEXP = /^npx -y deno@[\d.]+ /;

Deno.test("serve --sandbox prints a trigger command and a curl command that work", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  {
    await using server = await startSandbox(folder);
    const [trigger = "", curl = ""] = await commandsOf(server);
    await t.step("trigger", async () => {
      assertMatch(trigger, NPX_REGEXP);
      const { code, stdout } = await runShell(
        trigger.replace(NPX_REGEXP, `'${Deno.execPath()}' `),
      );
      assertEquals([code, /OK/.test(stdout)], [0, true]);
    });
    await t.step("curl", async () => {
      const [, token = "", url = ""] =
        /^curl -H "Authorization: Bearer (\S+)" (\S+)$/.exec(curl) ?? [];
      const headers = { authorization: `Bearer ${token}` };
      const page = await (await fetch(url, { headers })).json();
      assertEquals(page.items.length, 1);
      assertEquals(page.items[0].type, "Group.CallbackAfterCreateGroup");
      assertEquals(server.child.stdout.includes(token), false);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

const HOSTS = [
  { host: "localhost", status: 200 },
  { host: "127.0.0.1:8080", status: 200 },
  { host: "[::1]:1", status: 200 },
  { host: "evil.example", status: 421 },
  { host: "127.0.0.1.evil.example", status: 421 },
  { host: "localhost.evil.example:80", status: 421 },
];

Deno.test("serve --sandbox answers to names of this machine alone", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  {
    await using server = await startSandbox(folder);
    for (const { host, status } of HOSTS) {
      await t.step(`${status}: ${host}`, async () => {
        using connection = await openRaw(server.port);
        await connection.sendHead("/healthz", {
          method: "GET",
          headers: { host },
        });
        assertEquals((await connection.readAnswer()).status, status);
      });
    }
  }
  await Deno.remove(folder, { recursive: true });
});

/** The sandbox as a newcomer starts it, but on a free port and a store of its own. */
async function startSandbox(folder: string): Promise<Server> {
  const kv = join(folder, "sandbox.kv");
  return await startServer({
    folder,
    flags: ["--sandbox", "--kv", kv, "--listen", "127.0.0.1:0"],
    isConfigured: false,
  });
}

/** The indented lines that a person is to paste into a shell. */
async function commandsOf(server: Server): Promise<string[]> {
  return await until("the banner is complete", () => {
    const lines = server.child.stderr.split("\n").slice(0, -1)
      .map((line) => line.trim())
      .filter((line) => /^(npx|curl) /.test(line));
    return lines.length === 2 ? lines : undefined;
  });
}

async function runShell(
  command: string,
): Promise<{ code: number; stdout: string }> {
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-c", command],
    cwd: REPOSITORY,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}
