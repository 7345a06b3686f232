import { assertEquals } from "@std/assert";
import { IdSet } from "../../../src/reconcile/phases/id_set.ts";

Deno.test("IdSet holds what was added, each once, however many", () => {
  const set = new IdSet();
  const count = 50_000;
  for (let n = 0; n < count; n++) assertEquals(set.add(`@TGS#3${n}`), true);

  assertEquals(set.size, count);
  assertEquals(set.add("@TGS#37"), false);
  assertEquals(set.has("@TGS#349999"), true);
  assertEquals(set.has("@TGS#350000"), false);
  assertEquals(set.has(""), false);
});

Deno.test("IdSet tells texts apart that differ in order, case or one letter", () => {
  const set = new IdSet();
  for (const text of ["ab", "ba", "Ab", "a", "aa", "群", "羣"]) {
    assertEquals(set.add(text), true, text);
  }
});
