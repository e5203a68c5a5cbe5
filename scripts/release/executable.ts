import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { build, transform } from "esbuild";
import { REQUIRE_LINE } from "./bundle.ts";
import { ReleaseError } from "./errors.ts";
import { signAdHoc } from "./mach-o.ts";
import type { Target } from "./targets.ts";

const run = promisify(execFile);

/** What every platform's executable has inside: the script that starts it, and the chunks by their names. */
export interface Inside {
  main: string;
  assets: Record<string, string>;
}

/** Turns the bundle in `bundled` into the files of a single executable, in `folder`. */
export async function prepareInside(bundled: string, folder: string): Promise<Inside> {
  await mkdir(folder, { recursive: true });
  const assets: Record<string, string> = {};
  const chunks = (await readdir(join(bundled, "chunks"))).filter((name) => name.endsWith(".mjs")).sort();
  for (const path of ["main.mjs", ...chunks.map((name) => join("chunks", name))]) {
    const name = path === "main.mjs" ? path : path.slice("chunks/".length);
    const file = join(folder, name);
    await writeFile(file, await asCommonJs(await readFile(join(bundled, path), "utf8"), name));
    assets[name] = file;
  }
  const main = join(folder, "start.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "start.ts")],
    outfile: main,
    format: "cjs",
    platform: "node",
    target: "node26",
    minify: true,
    logLevel: "warning",
  });
  return { main, assets };
}

/** A chunk as the body of a CommonJS function. */
async function asCommonJs(chunk: string, name: string): Promise<string> {
  const { code, warnings } = await transform(chunk.replace(REQUIRE_LINE, ""), {
    format: "cjs",
    target: "node26",
    platform: "node",
    minify: true,
    legalComments: "none",
    // A module that vm compiles cannot import(); its chunks are loaded by require, as late.
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "__url" },
  });
  if (warnings.length > 0) throw new ReleaseError(`${name} cannot be part of an executable: ${warnings[0]!.text}`);
  return code;
}

/**
 * Writes the platform's executable: its Node with the program inside, on macOS with an ad hoc signature, without which
 * the system ends it at once. Throws ReleaseError with what Node said where it cannot.
 */
export async function makeExecutable(target: Target, node: string, inside: Inside, output: string): Promise<void> {
  const config = `${output}.json`;
  const settings = {
    // Node keeps this name, so a relative one: the executable must not depend on the folder, nor tell it.
    main: basename(inside.main),
    mainFormat: "commonjs",
    executable: node,
    output: `${output}.unsigned`,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // Only the platform that builds could have one, and its bytes differ from run to run.
    useCodeCache: false,
    // NODE_OPTIONS is for the programs of a developer, and this is none of them.
    execArgvExtension: "none",
    assets: inside.assets,
  };
  await writeFile(config, JSON.stringify(settings));
  await run(process.execPath, [`--build-sea=${config}`], { cwd: dirname(inside.main) }).catch(
    (error: Error & { stderr?: string }) => {
      throw new ReleaseError(
        `Node could not make ${target.program} for ${target.os}: ${(error.stderr ?? error.message).trim()}`,
      );
    },
  );
  if (target.os === "darwin") {
    const signed = signAdHoc(await readFile(settings.output), "kubectl-cronaudit");
    await writeFile(settings.output, signed);
  }
  await chmod(settings.output, 0o755);
  await rename(settings.output, output);
}
