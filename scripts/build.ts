/** Bundles src/main.ts for a release: `dist/main.mjs` and one chunk per verb, so that a verb loads only what it needs. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const outdir = process.argv[2] ?? "dist";
await rm(outdir, { recursive: true, force: true });
const result = await build({
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
  alias: { yaml: fileURLToPath(new URL("../node_modules/yaml/browser/index.js", import.meta.url)) },
  legalComments: "linked",
  metafile: true,
  // Some dependencies are CommonJS inside and call require for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
const outputs = Object.entries(result.metafile.outputs);
const total = outputs.reduce((sum, [, output]) => sum + output.bytes, 0);
const entry = outputs.find(([name]) => name.endsWith(join(outdir, "main.mjs")) || name.endsWith("main.mjs"));
process.stdout.write(
  `${outdir}/main.mjs ${String(Math.round((entry?.[1].bytes ?? 0) / 1024))} kB, ${String(outputs.length)} files, ${String(Math.round(total / 1024))} kB in all\n`,
);
