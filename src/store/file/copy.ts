/** Where the copy of a store lies while it is made: not a name that a person gives to a backup. */
export function copyPathOf(path: string): string {
  return `${path}.copying`;
}

/** Removes the copy of the store at this path with all its files, as far as there are any. */
export async function removeCopy(path: string): Promise<void> {
  const copy = copyPathOf(path);
  for (const name of [copy, `${copy}-journal`, `${copy}-wal`]) {
    try {
      await Deno.remove(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
