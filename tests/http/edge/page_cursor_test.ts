import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as v from "valibot";
import {
  KEY_CURSOR,
  keyAt,
  keyCursor,
  PLACE_CURSOR,
  placeAt,
  placeCursor,
} from "../../../src/http/edge/page_cursor.ts";

const URL_SAFE_REGEXP = /^[\w-]+$/;
const anyText = fc.string({ unit: "binary" });

Deno.test("placeAt() reads what placeCursor() wrote", () => {
  const place = fc.record({
    sinceMs: fc.nat(),
    app: fc.nat(),
    groupId: anyText,
  });
  fc.assert(fc.property(place, (place) => {
    const cursor = placeCursor(place);

    assert(URL_SAFE_REGEXP.test(cursor));
    assertEquals(placeAt(v.parse(PLACE_CURSOR, cursor) ?? ""), place);
  }));
});

Deno.test("keyAt() reads what keyCursor() wrote", () => {
  fc.assert(fc.property(anyText, (key) => {
    const cursor = keyCursor(key);

    assert(URL_SAFE_REGEXP.test(cursor));
    assertEquals(keyAt(v.parse(KEY_CURSOR, cursor) ?? ""), key);
  }));
});

Deno.test("keyAt() reads half a surrogate pair as it was", () => {
  assertEquals(keyAt(keyCursor("a\ud83d")), "a\ud83d");
});

Deno.test.each([
  "",
  "x",
  "!",
  btoa("[1,2]"),
  btoa('["1",2,"g"]'),
  btoa('[1,2,"g",4]'),
  btoa("null"),
  btoa('["a"]'),
])("PLACE_CURSOR refuses %j", (text) => {
  assertEquals(v.is(PLACE_CURSOR, text), false);
});

Deno.test("PLACE_CURSOR and KEY_CURSOR refuse any text that is no cursor", () => {
  fc.assert(fc.property(anyText, (text) => {
    assertEquals(v.is(PLACE_CURSOR, text), false);
    assertEquals(v.is(KEY_CURSOR, text), false);
  }));
});
