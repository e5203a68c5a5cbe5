/**
 * The comparisons with Kubernetes over random cases, in larger numbers than `npm test` has time for: RBAC sets against
 * SubjectAccessReview, and Jobs with their owners against the real controllers. `npm run differential -- --times 10`
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { times: { type: "string", default: "5" } } });
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) {
  process.stderr.write("error: --times takes a whole number from 1\n");
  process.exit(2);
}
const files = ["test/cluster/access-agrees.test.ts", "test/cluster/stale-against-controllers.test.ts"];
const { status } = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--project", "cluster", ...files],
  { stdio: "inherit", env: { ...process.env, CRONAUDIT_VOLUME: String(times) } },
);
process.exitCode = status ?? 130;
