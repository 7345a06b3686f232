import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openClient, readApiToken } from "../../../src/cli/client/client.ts";
import { UsageError } from "../../../src/cli/terminal/flags.ts";

const ENV = {
  IMHOOK_API_TOKEN: "full-token",
  IMHOOK_API_TOKEN_READ: "read-token",
};

/** True when a client of this URL may be opened. */
function opens(url: string, insecureHttp = false): boolean {
  try {
    openClient({ url, env: ENV, insecureHttp });
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

Deno.test.each([
  ["http://127.0.0.1:8080", true],
  ["http://127.8.9.1", true],
  ["http://localhost:8080", true],
  ["http://[::1]:8080", true],
  ["https://imhook.example", true],
  ["http://imhook.example", false],
  ["http://10.0.0.5:8080", false],
  ["http://localhost.evil.example", false],
  ["http://127.0.0.1.evil.example", false],
])("openClient() sends the token to %s: %s", (url, expected) => {
  assertEquals(opens(url), expected);
  assertEquals(opens(url, true), true);
});

Deno.test("openClient() says why it does not send the token", async () => {
  const open = () =>
    Promise.resolve().then(() =>
      openClient({ url: "http://h.example", env: ENV })
    );
  const { message } = await assertRejects(open, UsageError);

  assertStringIncludes(message, "--insecure-http");
  assertEquals(message.includes("token"), true);
  assertEquals(message.includes("full-token"), false);
});

Deno.test("readApiToken() takes the reading token first where that is enough", () => {
  assertEquals(readApiToken(ENV, true), "read-token");
  assertEquals(readApiToken(ENV, false), "full-token");
  assertEquals(readApiToken({ IMHOOK_API_TOKEN: "full" }, true), "full");
});

Deno.test("openClient() asks this machine past a proxy of the environment", async () => {
  const serve = (text: string) =>
    Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(text),
    );
  await using proxy = serve("the proxy's");
  await using server = serve("the server's");
  const code = `import { openClient } from "${
    import.meta.resolve("../../../src/cli/client/client.ts")
  }";
    const url = "http://127.0.0.1:${server.addr.port}";
    const env = { IMHOOK_API_TOKEN: "token" };
    console.log(await openClient({ url, env }).text("/"));`;
  const folder = await Deno.makeTempDir();
  const file = `${folder}/ask.ts`;
  await Deno.writeTextFile(file, code);
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, file],
    env: { HTTP_PROXY: `http://127.0.0.1:${proxy.addr.port}` },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const text = new TextDecoder().decode(stdout).trim();

  assertEquals(text, "the server's", new TextDecoder().decode(stderr));
});
