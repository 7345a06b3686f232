import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { ExchangeOutcome } from "../../../src/delivery/outbound/outbound.ts";
import { shortOf } from "../../support/delivery/outbound_fixture.ts";
import {
  always,
  answerOf,
  startRawReceiver,
  TLS_FILES,
  type TlsFiles,
} from "../../support/delivery/raw_receiver.ts";
import { flagsOf } from "../../support/server/task_flags.ts";

const REPOSITORY = fromFileUrl(new URL("../../../", import.meta.url));
const CERTIFICATE = fromFileUrl(
  new URL("../../testdata/tls/receiver.pem", import.meta.url),
);

/** Posts once in a process of its own, with what `serve` may do and this environment. */
async function postIn(
  env: Readonly<Record<string, string>>,
  url: string,
): Promise<number | string> {
  const { PATH = "", HOME = "", DENO_DIR } = Deno.env.toObject();
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      ...flagsOf("imhook"),
      "tests/support/delivery/post_main.ts",
      url,
    ],
    cwd: REPOSITORY,
    clearEnv: true,
    env: {
      PATH,
      HOME,
      ...DENO_DIR && { DENO_DIR },
      NO_COLOR: "1",
      // Once a day Deno looks for a newer Deno, through the proxy of the environment.
      DENO_NO_UPDATE_CHECK: "1",
      ...env,
    },
  }).output();
  const printed = new TextDecoder().decode(stdout);
  if (printed === "") throw new Error(new TextDecoder().decode(stderr));
  return shortOf(JSON.parse(printed) as ExchangeOutcome);
}

Deno.test("post() trusts the authorities that NODE_EXTRA_CA_CERTS names", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: TLS_FILES,
  });
  const url = `https://receiver.test:${receiver.port}/`;

  assertEquals(await postIn({ NODE_EXTRA_CA_CERTS: CERTIFICATE }, url), 200);
});

Deno.test("post() verifies a certificate though the environment says not to", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: TLS_FILES,
  });
  const url = `https://receiver.test:${receiver.port}/`;

  assertEquals(await postIn({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, url), "tls");
});

Deno.test.each<[string, string, { readonly tls?: TlsFiles }]>([
  ["http", "receiver.localhost", {}],
  ["https", "receiver.test", { tls: TLS_FILES }],
])(
  "post() over %s takes no proxy from the environment",
  async (scheme, name, options) => {
    await using proxy = startRawReceiver(always(answerOf(502)));
    await using receiver = startRawReceiver(always(answerOf(200)), options);
    const proxied = `http://127.0.0.1:${proxy.port}`;
    const env = {
      NODE_USE_ENV_PROXY: "1",
      HTTP_PROXY: proxied,
      HTTPS_PROXY: proxied,
      ALL_PROXY: proxied,
      NODE_EXTRA_CA_CERTS: CERTIFICATE,
    };
    const outcome = await postIn(env, `${scheme}://${name}:${receiver.port}/`);

    assertEquals([outcome, proxy.connections()], [200, 0]);
  },
);
