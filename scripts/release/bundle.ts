import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Metafile, Plugin } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The first line of every chunk: some dependencies are CommonJS inside and call require for Node's own modules. */
export const REQUIRE_LINE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/**
 * Bundles src/main.ts into `outdir`: `main.mjs` and one chunk per verb in `chunks/`, so that a verb loads only what it
 * needs. Returns what esbuild says about each input and output. Of package.json only the version is in it: `version`, or
 * its own.
 */
export async function bundle(outdir: string, version?: string): Promise<Metafile> {
  // The folder may hold a release as well, which is not the bundle's to take away.
  for (const name of ["main.mjs", "chunks"]) await rm(join(outdir, name), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: "src/main.ts" },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node26",
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    minify: true,
    // A chunk of a CommonJS package has a default export alone, so import() of it would find no names.
    alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
    legalComments: "none",
    metafile: true,
    banner: { js: REQUIRE_LINE },
    plugins: [onlyTheVersion(version)],
    logLevel: "warning",
  });
  return metafile;
}

function onlyTheVersion(version?: string): Plugin {
  return {
    name: "only-the-version",
    setup({ onLoad }) {
      onLoad({ filter: /package\.json$/ }, async ({ path }) => {
        if (path !== join(root, "package.json")) return null;
        const { version: own } = JSON.parse(await readFile(path, "utf8")) as { version: string };
        return { contents: JSON.stringify({ version: version ?? own }), loader: "json" };
      });
    },
  };
}
