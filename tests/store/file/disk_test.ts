import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  type DiskUse,
  DiskWatch,
  readDiskUse,
} from "../../../src/store/file/disk.ts";
import { type LogLine, openLogLines } from "../../support/log_fixture.ts";

const MIN_FREE_BYTES = 100_000_000;
const PLENTY = 1_000_000_000;

/** What is logged and warned of while so much is free, look by look; undefined when looking fails. */
async function watch(free: readonly (number | undefined)[]): Promise<
  { readonly lines: readonly LogLine[]; readonly warning: string | undefined }
> {
  await using log = await openLogLines();
  const left = [...free];
  const read = (): Promise<DiskUse> => {
    const freeBytes = left.shift();
    return freeBytes === undefined
      ? Promise.reject(new Error("no such disk"))
      : Promise.resolve({ freeBytes, fileBytes: 1, walBytes: 2 });
  };
  await using disk = new DiskWatch({ read, minFreeBytes: MIN_FREE_BYTES });
  for (let looks = 1; looks < free.length; looks++) await disk.look();
  await Promise.resolve();
  return { lines: [...log.lines], warning: disk.warning };
}

function messages({ lines }: { readonly lines: readonly LogLine[] }) {
  return lines.map(({ message }) => message);
}

Deno.test("readDiskUse() tells the size of the store and what is free", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "store.kv");
  await Deno.writeFile(path, new Uint8Array(100));
  assertEquals((await readDiskUse(path)).walBytes, 0);
  await Deno.writeFile(`${path}-wal`, new Uint8Array(7));

  const { freeBytes, ...sizes } = await readDiskUse(path);
  assertEquals(sizes, { fileBytes: 100, walBytes: 7 });
  assertGreater(freeBytes, 0);
  await Deno.remove(folder, { recursive: true });
  await assertRejects(() => readDiskUse(path));
});

Deno.test("DiskWatch warns of nothing while there is space", async () => {
  const watched = await watch([PLENTY, MIN_FREE_BYTES]);

  assertEquals(watched.warning, undefined);
  assertEquals(watched.lines, []);
});

Deno.test("DiskWatch warns while there is too little space, and logs it once", async () => {
  const watched = await watch([PLENTY, 99_999_999, 50_000_000, 20_000_000]);

  assertEquals(watched.warning, "disk: 19 MiB are free, fewer than 95 MiB");
  assertEquals(messages(watched), ["Disk is nearly full"]);
  assertEquals(watched.lines[0]?.freeBytes, 99_999_999);
});

Deno.test("DiskWatch says once when there is space again, with some room to spare", async () => {
  const watched = await watch([5, 100_000_001, 109_999_999, PLENTY, PLENTY]);

  assertEquals(watched.warning, undefined);
  assertEquals(messages(watched), [
    "Disk is nearly full",
    "Disk has space again",
  ]);
});

Deno.test("DiskWatch goes on when it cannot look, and logs that once", async () => {
  const watched = await watch([PLENTY, undefined, undefined, 5]);

  assertEquals(messages(watched), [
    "Cannot look at the disk",
    "Disk is nearly full",
  ]);
});

Deno.test("DiskWatch tells nothing of what it cannot see", async () => {
  const watched = await watch([5, undefined]);

  assertEquals(watched.warning, undefined);
});

Deno.test("DiskWatch warns while the write-ahead log cannot be reset, and logs it once", async () => {
  await using log = await openLogLines();
  const sizes = [4, 300, 400, 4].map((mib) => mib * 1_048_576);
  const read = () =>
    Promise.resolve({
      freeBytes: PLENTY,
      fileBytes: 1,
      walBytes: sizes.shift() ?? 0,
    });
  await using disk = new DiskWatch({ read });
  const warnings: (string | undefined)[] = [];
  for (let looks = 0; looks < 3; looks++) {
    await disk.look();
    warnings.push(disk.walWarning?.slice(0, 52));
  }

  assertEquals(warnings, [
    "store: the write-ahead log (…-wal) has 300 MiB and g",
    "store: the write-ahead log (…-wal) has 400 MiB and g",
    undefined,
  ]);
  assertEquals(disk.warning, undefined);
  assertEquals(messages(log), [
    "Write-ahead log grows: another program reads the store",
    "Write-ahead log is small again",
  ]);
});
