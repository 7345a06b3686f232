import { join } from "@std/path";
import { commandOutput } from "./command_output.ts";

/** An empty folder of its own below `parent`. */
export async function createStoreFolder(parent: string): Promise<string> {
  return await Deno.makeTempDir({ dir: parent, prefix: "store-" });
}

/** Bytes of the KV file and what SQLite keeps beside it; exact once its server has stopped. */
export async function storeBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isFile || entry.name.endsWith(".lock")) continue;
    bytes += (await Deno.stat(join(folder, entry.name))).size;
  }
  return bytes;
}

/** The type of the file system that holds `path`, as GNU's stat names it. */
export async function fileSystemOf(path: string): Promise<string> {
  const name = await commandOutput("stat", ["-f", "-c", "%T", path]);
  return name.trim() || "unknown file system";
}
