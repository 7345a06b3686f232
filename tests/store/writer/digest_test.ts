import { assertEquals, assertNotEquals } from "@std/assert";
import {
  createDigester,
  type DigestInput,
} from "../../../src/store/writer/digest.ts";

const SEED = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
const BASE: DigestInput = {
  app: 1400000000,
  command: "Group.CallbackAfterCreateGroup",
  body: new TextEncoder().encode(`{"GroupId":"a"}`),
};

Deno.test("createDigester() gives 16 bytes, equal for equal callbacks and seeds", async () => {
  const digests = [await createDigester(SEED), await createDigester(SEED)]
    .flatMap((digest) => [digest(BASE), digest({ ...BASE })]);
  assertEquals(digests[0]?.length, 16);
  for (const digest of digests) assertEquals(digest, digests[0]);
});

Deno.test.each<[string, Partial<DigestInput>]>([
  ["app", { app: 1 }],
  ["command", { command: "Group.CallbackAfterGroupDestroyed" }],
  ["RequestID", { requestId: "1" }],
  ["body", { body: new Uint8Array(0) }],
])("createDigester() tells another %s apart", async (_, other) => {
  const digest = await createDigester(SEED);
  assertNotEquals(digest({ ...BASE, ...other }), digest(BASE));
});

Deno.test("createDigester() gives other digests under another seed", async () => {
  const digest = await createDigester(SEED);
  const other = await createDigester(SEED.toReversed());
  assertNotEquals(other(BASE), digest(BASE));
});

Deno.test("createDigester() keeps earlier digests as they were", async () => {
  const digest = await createDigester(SEED);
  const apps = Array.from({ length: 1_000 }, (_, app) => app);
  const digests = apps.map((app) => digest({ ...BASE, app }));
  for (const app of apps) {
    assertEquals(digests[app], digest({ ...BASE, app }));
  }
});
