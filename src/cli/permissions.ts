/** A permission of Deno's that a command can do without. */
type Permission = "net" | "read" | "write" | "env" | "sys";

const ALL: readonly Permission[] = ["net", "read", "write", "env", "sys"];

/** Of a command that talks to a server: its token may be in a file. */
const CLIENT: readonly Permission[] = ["net", "read", "env"];

/** Of those commands that need something else. */
const NEEDS: ReadonlyMap<string, readonly Permission[]> = new Map([
  ["export", [...CLIENT, "write"]],
  ["backup", [...CLIENT, "write"]],
  ["restore", ["read", "write", "env", "sys"]],
  // To check certificates against the system's authorities.
  ["tail", [...CLIENT, "sys"]],
  ["doctor", [...CLIENT, "sys"]],
  ["systemd", ["read", "env"]],
  ["rules", ["env"]],
  ["version", []],
  ["help", []],
]);

/**
 * Gives up what the command of this command line does not need, for the rest of this process.
 *
 * Deno cannot narrow a permission to a host or a folder once it is granted as a whole: this takes
 * away whole permissions only.
 */
export function dropPermissions(
  [name = "help"]: readonly string[],
  permissions: Pick<Deno.Permissions, "revokeSync"> = Deno.permissions,
): void {
  // Started with everything it can count its open files: Deno shows /proc to nobody else.
  if (name === "serve") return;
  const needed = NEEDS.get(name) ?? CLIENT;
  // imhook starts no program and loads no library, whatever it was started with.
  permissions.revokeSync({ name: "run" });
  permissions.revokeSync({ name: "ffi" });
  for (const permission of ALL) {
    if (!needed.includes(permission)) {
      permissions.revokeSync({ name: permission });
    }
  }
}
