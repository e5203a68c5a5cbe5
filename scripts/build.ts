/** Bundles src/main.ts as the npm package ships it: `dist/main.mjs` and one chunk per verb. */
import { resolve } from "node:path";
import { bundle } from "./release/bundle.ts";

const outdir = process.argv[2] ?? "dist";
const { outputs } = await bundle(resolve(outdir));
const sizes = Object.entries(outputs).map(([name, { bytes }]) => ({ name, bytes }));
const kB = (bytes: number): string => String(Math.round(bytes / 1024));
const main = sizes.find(({ name }) => name.endsWith("main.mjs"))?.bytes ?? 0;
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
process.stdout.write(`${outdir}/main.mjs ${kB(main)} kB, ${String(sizes.length)} files, ${kB(total)} kB in all\n`);
