import { assertEquals } from "@std/assert";
import {
  readMessages,
  type StreamMessage,
} from "../../../src/cli/client/follow.ts";
import {
  isWhole,
  lastLineOf,
  lineBlocks,
  linesOf,
} from "../../../src/cli/journal/lines.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Bytes in chunks of `size`, so that everything is cut everywhere. */
async function* inChunks(text: string, size: number) {
  const bytes = ENCODER.encode(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

Deno.test.each([1, 2, 3, 7, 1_000])(
  "readMessages() reads chunks of %d bytes",
  async (size) => {
    const text =
      'retry: 1000\n\nid: 1\ndata: {"名":1}\n\nid: 5\n: still here\n\n' +
      "id: 6\r\ndata: a\r\ndata: b: c\r\n\r\nid: 7\ndata: torn";
    const messages: StreamMessage[] = [];
    for await (const message of readMessages(inChunks(text, size))) {
      messages.push(message);
    }

    assertEquals(messages, [
      { id: "1", data: '{"名":1}' },
      { id: "5", data: undefined },
      { id: "6", data: "a\nb: c" },
    ]);
  },
);

Deno.test.each([1, 2, 3, 7, 1_000])(
  "lineBlocks() regroups chunks of %d bytes",
  async (size) => {
    const lines: string[] = [];
    let rest = "";
    const chunks = inChunks("one\n\nthree\nre", size);
    for await (const block of lineBlocks(chunks, { maxBytes: 100 })) {
      if (!isWhole(block)) rest = DECODER.decode(block);
      else {lines.push(
          ...[...linesOf(block)].map((line) => DECODER.decode(line)),
        );}
    }

    assertEquals([lines, rest], [["one", "", "three"], "re"]);
  },
);

Deno.test("lineBlocks() refuses a line without an end", async () => {
  const chunks = inChunks("x".repeat(1_000), 10);
  let problem = "";
  try {
    for await (const _ of lineBlocks(chunks, { maxBytes: 100 }));
  } catch (error) {
    problem = String(error);
  }

  assertEquals(problem, "RangeError: A line is longer than 100 bytes");
});

Deno.test.each([["a\nbc\n", "bc"], ["a\n", "a"], ["\n", ""]])(
  "lastLineOf(%j) is %j",
  (block, expected) => {
    assertEquals(DECODER.decode(lastLineOf(ENCODER.encode(block))), expected);
  },
);
