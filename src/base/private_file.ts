/** A file that was made just now. */
export interface PrivateFile extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
}

/**
 * Makes a file that only this user can read, named `path`, then 32 random hex digits, then `suffix`.
 * Nobody can lay a link or an open file there before.
 */
export async function createPrivateFile(
  path: string,
  suffix: string,
): Promise<PrivateFile> {
  const random = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const own = `${path}.${random}${suffix}`;
  const file = await Deno.open(own, {
    read: true,
    write: true,
    createNew: true,
    mode: 0o600,
  });
  return { path: own, file, [Symbol.dispose]: () => file[Symbol.dispose]() };
}

/** Removes a file, if it is there. */
export async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
