import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { PackBuffers } from "../../../src/store/journal/pack_builder.ts";
import { PACK_BYTES } from "../../../src/store/kv/limits.ts";

Deno.test("PackBuffers.take() gives each pack of a batch memory of its own", () => {
  const buffers = new PackBuffers();
  buffers.begin();

  assertNotStrictEquals(buffers.take(10), buffers.take(10));
});

Deno.test("PackBuffers.take() gives memory again once it is released", () => {
  const buffers = new PackBuffers();
  buffers.begin();
  const first = [buffers.take(10), buffers.take(PACK_BYTES)];

  buffers.release();
  buffers.begin();

  const again = [buffers.take(PACK_BYTES), buffers.take(10)];
  assertEquals(again.map((one, at) => one === first[at]), [true, true]);
});

Deno.test("PackBuffers.take() gives nothing again that was not released", () => {
  const buffers = new PackBuffers();
  buffers.begin();
  const lost = buffers.take(10);

  for (const isReleased of [false, true, true]) {
    buffers.begin();
    assertNotStrictEquals(buffers.take(10), lost);
    if (isReleased) buffers.release();
  }
});

Deno.test("PackBuffers.take() makes what is larger than a shared pack anew", () => {
  const buffers = new PackBuffers();
  buffers.begin();
  const large = buffers.take(60_000);
  buffers.release();
  buffers.begin();

  assert(large.length >= 60_000);
  assertNotStrictEquals(buffers.take(60_000), large);
});
