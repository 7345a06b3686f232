import { dirname } from "@std/path";
import { lockStore } from "./lock.ts";

/** True when a store at this path is a file of this machine. */
export function isFile(path: string): boolean {
  return path !== ":memory:" && !isRemote(path);
}

/** True when a store at this path is a KV Connect server. */
export function isRemote(path: string): boolean {
  return /^https?:\/\//.test(path);
}

/**
 * Makes the folder of a local store and takes its lock.
 *
 * @throws {StoreLockedError} when another process owns it
 */
export async function claim(path: string): Promise<Disposable> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return await lockStore(path);
}

/** SQLite would make the file readable for all; its side files get the mode of this one. */
export async function makePrivate(path: string): Promise<void> {
  const options = { create: true, append: true, mode: 0o600 };
  (await Deno.open(path, options)).close();
}
