import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openStore } from "../../../src/store/open.ts";
import { Turns } from "../../../src/store/kv/turns.ts";
import { openLogLines } from "../../support/log_fixture.ts";
import { appendAll, event, names } from "../../support/store/store_fixture.ts";

Deno.test("Turns lets one commit happen at a time, in the order they were asked for", async () => {
  using kv = await Deno.openKv(":memory:");
  const running: string[] = [];
  const turns = new Turns();
  const spied = (name: string) =>
    Object.assign(Object.create(kv), {
      atomic: () => {
        const operation = kv.atomic();
        operation.commit = async () => {
          running.push(`${name} begins`);
          await Promise.resolve();
          running.push(`${name} ends`);
          return { ok: true, versionstamp: name };
        };
        return operation;
      },
    });
  const [a, b] = [turns.share(spied("a")), turns.share(spied("b"))];
  await Promise.all([a, b, a].map((each) => each.atomic().commit()));

  assertEquals(running, [
    ...["a begins", "a ends"],
    ...["b begins", "b ends"],
    ...["a begins", "a ends"],
  ]);
});

Deno.test("Turns goes on after a commit that failed", async () => {
  using kv = await Deno.openKv(":memory:");
  const side = new Turns().share(kv);
  const large = side.atomic().set(["a"], new Uint8Array(100_000)).commit();
  const failed = large.then(() => false, () => true);
  const { ok } = await side.atomic().set(["b"], 2).commit();

  assertEquals([await failed, ok], [true, true]);
  assertEquals((await side.get(["b"])).value, 2);
});

Deno.test("openStore() gives handles whose commits never lock each other out", async () => {
  const folder = await Deno.makeTempDir();
  await using log = await openLogLines();
  {
    const path = join(folder, "store.kv");
    await using store = await openStore({ path, dedupeMax: 10_000 });
    const body = new Uint8Array(20_000);
    const kept = Promise.all(
      names("e", 100).map((name) =>
        appendAll(
          store.journalWriter,
          names(`${name}-`, 5).map((each) => event(each, { body })),
        )
      ),
    );
    for (let number = 0; number < 100; number++) {
      await store.side.atomic().set(["side", number], body).commit();
    }
    await kept;
    assertEquals(store.journalWriter.failure, undefined);
  }
  assertEquals(log.lines, []);
  await Deno.remove(folder, { recursive: true });
});
