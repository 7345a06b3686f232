import { basename, dirname, join } from "@std/path";

/** A store that another process owns. */
export class StoreLockedError extends Error {
  override name = "StoreLockedError";
}

/**
 * Takes `<path>.lock` for this process until it is disposed; the operating system releases it
 * when the process ends, however it ends. Links are followed first: a file has one lock, whatever
 * name it is given.
 *
 * @throws {StoreLockedError} naming the process that has it
 */
export async function lockStore(path: string): Promise<Disposable> {
  const lockPath = `${await realPathOf(path)}.lock`;
  const file = await Deno.open(lockPath, {
    read: true,
    write: true,
    create: true,
    mode: 0o600,
  });
  if (!await file.tryLock(true)) {
    file.close();
    const owner = (await Deno.readTextFile(lockPath)).trim();
    throw new StoreLockedError(
      `Cannot open store "${path}": it belongs to ${
        owner || "another process"
      }`,
    );
  }
  await file.truncate();
  const since = new Date().toISOString();
  await file.write(
    new TextEncoder().encode(`process ${Deno.pid} since ${since}\n`),
  );
  return file;
}

/** The real path of a file that may not exist yet; its folder does. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return join(await Deno.realPath(dirname(path)), basename(path));
  }
}
