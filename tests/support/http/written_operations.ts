import { fromFileUrl, join } from "@std/path";

const HTTP = fromFileUrl(new URL("../../../src/http", import.meta.url));

/** The id of every operation that the files of src/http describe, sorted. */
export async function writtenOperations(folder = HTTP): Promise<string[]> {
  const ids: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) ids.push(...await writtenOperations(path));
    else ids.push(...operationsIn(await Deno.readTextFile(path)));
  }
  return ids.toSorted();
}

function operationsIn(source: string): string[] {
  const ids = source.matchAll(/^ +id: "(\w+)",\n +summary:/gm);
  return Array.from(ids, ([, id = ""]) => id);
}
