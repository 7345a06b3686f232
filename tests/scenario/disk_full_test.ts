import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import {
  BEFORE_COMMAND,
  BODY_MAX_BYTES,
  bodyOf,
  bodyOfSize,
} from "../support/server/callback.ts";
import {
  API_TOKEN,
  type Server,
  startServer,
} from "../support/server/server.ts";
import { mountTmpfs, whyNoTmpfs } from "../support/server/tmpfs.ts";
import { until } from "../support/until.ts";

const KIB = 1_024;
const FILE_SYSTEM_BYTES = 16_384 * KIB;
/** Given back, it must hold what the log takes until its first checkpoint, about 4 MiB. */
const BALLAST_BYTES = 13_312 * KIB;
const SMALL_FILE_SYSTEM_BYTES = 2_048 * KIB;
const BODY_BYTES = 20 * KIB;
/** Together more than the queue takes. */
const LARGE_BODIES = 100;

/** An event of another journal. */
const IMPORT_LINE = JSON.stringify({
  event: {
    specversion: "1.0",
    id: "1",
    source: "/tencent-chat/1",
    type: "C",
    time: "2026-11-22T08:00:00Z",
    datacontenttype: "application/json",
    recordedtime: "2026-11-22T08:00:00Z",
    journalid: "7d44bd1c-7a56-4a5e-9d84-0d4a3b0c8a10",
    sdkappid: 1,
    data: {},
  },
  raw: btoa("{}"),
});

const reason = await whyNoTmpfs();
if (reason !== undefined) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`Disk-full tests are skipped, no tmpfs here: ${reason}`);
}
const options = { ignore: reason !== undefined };

Deno.test(
  "serve survives a full disk and loses nothing it acknowledged",
  options,
  async (t) => {
    await using disk = await mountTmpfs(String(FILE_SYSTEM_BYTES));
    await using server = await startServer({ folder: disk.path });
    const removeBallast = await disk.addBallast(BALLAST_BYTES);
    const sent: Uint8Array<ArrayBuffer>[] = [];
    const refused: Uint8Array<ArrayBuffer>[] = [];
    await t.step("it answers 50300 once the disk is full", async () => {
      for (let size = 0; size < FILE_SYSTEM_BYTES; size += BODY_BYTES) {
        const body = bodyOfSize(BODY_BYTES);
        sent.push(body);
        const answer = await server.send({ body });
        if (answer.status !== 200) {
          refused.push(body);
          return await assertAck(answer, { status: 503, code: 50300 });
        }
        await assertAck(answer, { code: 0 });
      }
      throw new Error("The disk did not become full");
    });
    await t.step("it is not ready, lives, and can be read", async () => {
      assertEquals(await statusOf(server, "/readyz"), 503);
      assertEquals(await statusOf(server, "/healthz"), 200);
      assertGreater((await server.events()).length, 0);
    });
    await t.step("a copy of what was refused is refused too", async () => {
      const answer = await server.send({ body: refused[0] ?? "" });
      await assertAck(answer, { status: 503, code: 50300 });
    });
    await t.step("what is invalid is not set aside, and says so", async () => {
      const answer = await server.send({ body: "?" });
      await assertAck(answer, { status: 503, code: 50300 });
    });
    await t.step("an import is refused, and says why", async () => {
      const answer = await fetch(`${server.origin}/v1/import`, {
        method: "POST",
        headers: { authorization: `Bearer ${API_TOKEN}` },
        body: IMPORT_LINE,
      });
      const { status, detail } = await answer.json();
      assertEquals([status, answer.headers.get("retry-after")], [503, "1"]);
      assertStringIncludes(detail, "disk is full");
    });
    await t.step("a before command is let through", async () => {
      const body = bodyOf();
      const answer = await server.send({ command: BEFORE_COMMAND, body });
      await assertAck(answer, { code: 0 });
    });
    await t.step("it recovers by itself when there is space", async () => {
      await removeBallast();
      await until("it is ready", async () => {
        return await statusOf(server, "/readyz") === 200 || undefined;
      });
      await assertAck(await server.send({ body: refused[0] ?? "" }), {
        code: 0,
      });
      await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
    });
    await t.step(
      "everything sent is there once, in dense numbers",
      async () => {
        const events = await server.events();
        assertEquals(
          events.map(({ id }) => Number(id)),
          countTo(events.length),
        );
        const groups = events.map(({ subject }) => subject);
        assertEquals(new Set(groups).size, groups.length);
        const lost = sent.map(groupOf).filter((group) =>
          !groups.includes(group)
        );
        assertEquals(lost, []);
      },
    );
  },
);

Deno.test(
  "serve refuses with 50301 what a full queue cannot take, and still stops",
  options,
  async (t) => {
    await using disk = await mountTmpfs(String(SMALL_FILE_SYSTEM_BYTES));
    await using server = await startServer({ folder: disk.path });
    await disk.addBallast(SMALL_FILE_SYSTEM_BYTES / 2);
    await t.step("large bodies fill the queue", async () => {
      const codes = new Set(
        await Promise.all(Array.from({ length: LARGE_BODIES }, async () => {
          const answer = await server.send({
            body: bodyOfSize(BODY_MAX_BYTES),
          });
          const { ErrorCode: code } = await answer.json();
          return `${answer.status} ${code}`;
        })),
      );
      assertEquals(codes.has("503 50301"), true, [...codes].join());
      // On a slow machine so many bodies at once are given up for one another.
      const right = ["503 50301", "503 50300", "408 40800", "200 0"];
      assertEquals(codes.difference(new Set(right)), new Set());
    });
    await t.step("a before command is let through", async () => {
      const body = bodyOfSize(BODY_MAX_BYTES);
      const answer = await server.send({ command: BEFORE_COMMAND, body });
      await assertAck(answer, { code: 0 });
    });
    await t.step("SIGTERM ends it", async () => {
      const { code, signal } = await server.child.stop();
      assertEquals([code, signal], [0, null]);
    });
  },
);

async function statusOf(server: Server, path: string): Promise<number> {
  const answer = await fetch(`${server.origin}${path}`);
  await answer.body?.cancel();
  return answer.status;
}

function groupOf(body: Uint8Array): string {
  return JSON.parse(new TextDecoder().decode(body)).GroupId;
}

function countTo(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index + 1);
}
