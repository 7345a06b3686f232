import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openStore } from "../../src/store/open.ts";
import { event, names } from "../support/store/store_fixture.ts";
import { parseMetrics } from "../support/metrics_fixture.ts";
import { bodyOf } from "../support/server/callback.ts";
import { startServer } from "../support/server/server.ts";
import { mountTmpfs, whyNoTmpfs } from "../support/server/tmpfs.ts";
import { until } from "../support/until.ts";

const OLD_MS = Date.now() - 3 * 86_400_000;
const OLD_EVENTS = 20;

const noTmpfs = await whyNoTmpfs();

/** Keeps events of three days ago, each in a pack of its own. */
async function keepOld(folder: string): Promise<void> {
  const path = join(folder, "imhook.kv");
  await using store = await openStore({ path, dedupeMax: 1_000 });
  for (const name of names("old", OLD_EVENTS)) {
    const body = new TextEncoder().encode("{}");
    const receivedAtMs = OLD_MS;
    await store.writer.append(event(name, { receivedAtMs, body }));
  }
}

Deno.test("serve removes what is older than its retention, and tells of it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  await keepOld(folder);
  {
    const flags = ["--retention-days", "2", "--metrics-open"];
    await using server = await startServer({ folder, flags });
    await until(
      "the old events are gone",
      () => server.logged("Removed old events")[0],
    );
    await (await server.send({ body: bodyOf() })).body?.cancel();

    const ids = (await server.events(OLD_EVENTS)).map(({ id }) => id);
    assertEquals(ids, [String(OLD_EVENTS + 1)]);
    const answer = await fetch(`${server.origin}/metrics`);
    const { samples } = parseMetrics(await answer.text());
    assertEquals(samples.get("imhook_purged_events_total"), OLD_EVENTS);
    assertEquals(samples.get("imhook_journal_first_kept"), OLD_EVENTS + 1);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve keeps everything by default", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  await keepOld(folder);
  {
    await using server = await startServer({ folder });
    assertEquals((await server.events()).length, OLD_EVENTS);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve stays ready on a nearly full disk, and warns", {
  ignore: noTmpfs !== undefined,
}, async () => {
  await using disk = await mountTmpfs("8m");
  await using server = await startServer({ folder: disk.path });
  const warnings = await until("it warns", async () => {
    const answer = await fetch(`${server.origin}/readyz`);
    const { status, warnings } = await answer.json();
    assertEquals([answer.status, status], [200, "ready"]);
    return warnings.length > 0 ? warnings : undefined;
  });

  assertEquals(warnings.length, 1);
  assertEquals(
    /^Only \d MiB are free where the store is/.test(warnings[0].message),
    true,
  );
  assertEquals(server.logged("Disk is nearly full").length, 1);
});
