/** Every comparison, or the one that is named: `npm run bench`, `npm run bench -- access --runs 5`, `npm run bench -- stale --pods 50000`. */
import { spawnSync } from "node:child_process";

const all = ["access", "cleanup", "cleanup-live", "credentials", "exposure", "stale", "start-up"];
const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && all.includes(first);
if (first !== undefined && !named) {
  process.stderr.write(`error: there is no comparison ${first}; there are: ${all.join(", ")}\n`);
  process.exit(2);
}
for (const name of named ? [first] : all) {
  process.stderr.write(`== ${name}\n`);
  const { status } = spawnSync(process.execPath, [`bench/${name}.ts`, ...rest], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 130);
}
