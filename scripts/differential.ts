/**
 * The comparisons with Kubernetes over random cases, in larger numbers than `npm test` has time for.
 * `npm run differential -- --times 10`: RBAC sets against SubjectAccessReview and against the authorizers' own code, and Jobs
 * with their owners against the real controllers.
 * `npm run differential -- --cases 1000000 --seed 1`: so many decisions against the authorizers' code alone, without a control
 * plane. Status 1 is a disagreement, which is printed as small as it gets.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { Oracle } from "../test/control-plane/oracle.ts";
import { compare, isTelling, summary } from "../test/oracle/compare.ts";
import { describeDisagreement } from "../test/oracle/kept.ts";
import { ourJudge } from "../test/oracle/ours.ts";

/** A whole number from `least`; anything else ends the script. */
function whole(name: string, text: string, least: number): number {
  const number = text === "" ? NaN : Number(text);
  if (!Number.isSafeInteger(number) || number < least) refuse(`--${name} takes a whole number from ${String(least)}`);
  return number;
}

function refuse(why: string): never {
  process.stderr.write(`error: ${why}\n`);
  process.exit(2);
}

/** All comparisons, as tests on the control plane. */
function compareOnControlPlane(times: number): number {
  const files = ["access-agrees", "authorizer-oracle", "stale-against-controllers"];
  const { status } = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      ...["run", "--project", "cluster"],
      ...files.map((file) => `test/cluster/${file}.test.ts`),
    ],
    { stdio: "inherit", env: { ...process.env, CRONAUDIT_VOLUME: String(times) } },
  );
  return status ?? 130;
}

async function compareWithOracle(decisions: number, seed: number): Promise<number> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const { oracle, version } = await Oracle.start(log);
  try {
    log(`${String(decisions)} decisions of Kubernetes ${version} from seed ${String(seed)}`);
    let told = 0;
    const progress = (done: number): void => {
      if (done < told + 250_000 || done === decisions) return;
      log(`${String(done)} decisions so far`);
      told = done;
    };
    const comparison = await compare(oracle, await ourJudge(), { seed, decisions, progress });
    process.stdout.write(`${summary(comparison, seed)}\n`);
    if (comparison.disagreement !== null) {
      process.stdout.write(`${describeDisagreement(comparison.disagreement)}\n`);
      return 1;
    }
    if (decisions < 10_000 || isTelling(comparison)) return 0;
    log("error: too few or too many requests were allowed to prove anything");
    return 1;
  } finally {
    await oracle.stop();
  }
}

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { times: text, cases: text, seed: text } });
if (values.cases === undefined) {
  if (values.seed !== undefined) refuse("--seed belongs to --cases");
  process.exitCode = compareOnControlPlane(whole("times", values.times ?? "5", 1));
} else {
  if (values.times !== undefined) refuse("--times and --cases exclude each other");
  const seed = values.seed === undefined ? randomInt(0x7fff_ffff) : whole("seed", values.seed, 0);
  const decisions = whole("cases", values.cases, 1);
  process.exitCode = await compareWithOracle(decisions, seed).catch((error: unknown) =>
    refuse((error as Error).message),
  );
}
