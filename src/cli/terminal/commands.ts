/** The command line that starts the sandbox. */
export function startCommand(): string {
  return Deno.build.standalone
    ? `${Deno.execPath()} serve --sandbox`
    : "npx -y deno@2.9.6 task start";
}

/** The command line that runs `trigger`, from the place where this process was started. */
export function triggerCommand(): string {
  return Deno.build.standalone
    ? `${Deno.execPath()} trigger`
    : "npx -y deno@2.9.6 task trigger";
}
