import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Settings under which every `go` of the build runs; a user's GOFLAGS or workspace must not change what is built. */
export const goEnvironment = {
  CGO_ENABLED: "0",
  GOTOOLCHAIN: "local",
  GOFLAGS: "-mod=readonly",
  GOWORK: "off",
  GO111MODULE: "on",
} as const;

/** Go is absent or older than the modules need; suites that need the control plane skip with this message. */
export class GoMissing extends Error {
  override readonly name = "GoMissing";
}

/** The output of `go ARGS`, trimmed. */
export async function go(args: string[], cwd?: string, signal?: AbortSignal): Promise<string> {
  const env = { ...process.env, ...goEnvironment };
  const options = { env, maxBuffer: 64 * 1024 * 1024, ...(cwd ? { cwd } : {}), ...(signal ? { signal } : {}) };
  return (await run("go", args, options)).stdout.trim();
}

/** The whole line of `go version`; throws GoMissing below 1.26, which the three go.mod files name. */
export async function goVersion(): Promise<string> {
  let line: string;
  try {
    line = await go(["version"]);
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = absent ? "there is no go in PATH" : `\`go version\` failed: ${String((error as Error).message)}`;
    throw new GoMissing(`the control plane is built from Go modules and needs Go 1.26 or later, but ${reason}`);
  }
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(line) ?? [];
  // A development build of Go calls itself `devel go1.27-…`, which the expression reads as well.
  if (Number(major) < 1 || (Number(major) === 1 && Number(minor) < 26) || major === undefined) {
    throw new GoMissing(`the control plane needs Go 1.26 or later, but this is \`${line}\``);
  }
  return line;
}
