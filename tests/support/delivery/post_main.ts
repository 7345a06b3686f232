import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { openLog } from "../../../src/base/log.ts";
import { POSTING, resolvesTo } from "./outbound_fixture.ts";

/** Posts once to a URL, every name of which is this machine, and prints what came of it. */
async function main([url = ""]: readonly string[]): Promise<void> {
  // deno-lint-ignore no-console -- whoever started this reads it
  await using _log = await openLog({ level: "info", write: console.error });
  using outbound = openOutbound({
    reach: "loopback",
    resolve: resolvesTo("127.0.0.1"),
  });
  const outcome = await outbound.post({ ...POSTING, url });
  // deno-lint-ignore no-console -- as above
  console.log(JSON.stringify(outcome));
}

await main(Deno.args);
