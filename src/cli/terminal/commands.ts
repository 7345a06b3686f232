/** How a person starts the sandbox. */
export function startCommand(): string {
  return Deno.build.standalone
    ? `${Deno.execPath()} serve --sandbox`
    : "npx -y deno@2.9.6 task start";
}

/** How a person runs `trigger` from where they started this. */
export function triggerCommand(): string {
  return Deno.build.standalone
    ? `${Deno.execPath()} trigger`
    : "npx -y deno@2.9.6 task trigger";
}
