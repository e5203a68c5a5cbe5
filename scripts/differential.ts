/**
 * The comparisons with Kubernetes over random cases, in larger numbers than `npm test` has time for.
 * `npm run differential -- --times 10`: RBAC sets against SubjectAccessReview and against the authorizers' own code, schedules
 * and finish times against the controllers' code, and Jobs with their owners against the real controllers.
 * Without a control plane, each with `--seed N`:
 * `--cases 1000000`: so many decisions against the authorizers' code alone.
 * `--schedules 1000000`: so many pairs of a schedule and a start, the next 50 activations of each against robfig/cron.
 * `--finishes 1000000`: the finish times of so many pods and half as many Jobs against the controllers' code.
 * `--templates 100000`: what so many templates and columns print against kubectl's code.
 * Status 1 is a disagreement, which is printed as small as it gets.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { Oracle } from "../test/control-plane/oracle.ts";
import { compare, isTelling, summary } from "../test/oracle/compare.ts";
import * as finishes from "../test/oracle/finish/compare.ts";
import { describeDisagreement } from "../test/oracle/kept.ts";
import { ourJudge } from "../test/oracle/ours.ts";
import * as schedules from "../test/oracle/schedules/compare.ts";
import { describeDisagreement as describeSchedule } from "../test/oracle/schedules/kept.ts";
import { testedZones } from "../test/oracle/schedules/zones.ts";
import { compareTemplates, drawCases } from "../test/oracle/templates/compare.ts";

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
  const files = [
    "access-agrees",
    "authorizer-oracle",
    "finish-oracle",
    "schedule-oracle",
    "template-oracle",
    "retention-against-controllers",
    "stale-against-controllers",
  ];
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

const alone = ["cases", "schedules", "finishes", "templates"] as const;

/** A comparison with the oracle alone: what it is told to be, its one line, and what it found in words, or null. */
interface Comparison {
  what: string;
  run(oracle: Oracle, seed: number, progress: (done: number) => void): Promise<[line: string, wrong: string | null]>;
}

const PART = 10_000;
const TOO_UNIFORM = "error: the answers are too much alike to prove anything";

function comparisons(volume: number): Record<(typeof alone)[number], Comparison> {
  const isSmall = volume < 10_000;
  return {
    cases: {
      what: "decisions",
      async run(oracle, seed, progress) {
        const comparison = await compare(oracle, await ourJudge(), { seed, decisions: volume, progress });
        const { disagreement } = comparison;
        if (disagreement !== null) return [summary(comparison, seed), describeDisagreement(disagreement)];
        return [summary(comparison, seed), isSmall || isTelling(comparison) ? null : TOO_UNIFORM];
      },
    },
    schedules: {
      what: "pairs of a schedule and a start",
      async run(oracle, seed, progress) {
        const zones = await testedZones(oracle);
        const comparison = await schedules.compareSchedules(oracle, zones, { seed, pairs: volume, progress });
        const { disagreement } = comparison;
        const line = schedules.summary(comparison, seed);
        if (disagreement !== null) return [line, describeSchedule(disagreement, seed)];
        return [line, isSmall || schedules.isTelling(comparison) ? null : TOO_UNIFORM];
      },
    },
    finishes: {
      what: "pods",
      async run(oracle, seed) {
        const comparison = await finishes.compareFinishes(oracle, { seed, pods: volume });
        const { disagreement } = comparison;
        return [
          finishes.summary(comparison, seed),
          disagreement === null ? null : finishes.describeDisagreement(disagreement),
        ];
      },
    },
    templates: {
      what: "templates and columns",
      async run(oracle, seed, progress) {
        let line = "";
        // Drawn in parts: all of them at once would have to stand in memory.
        for (let done = 0; done < volume; done += PART) {
          const cases = drawCases(seed + done, Math.min(PART, volume - done));
          const { disagreement, ...counts } = await compareTemplates(oracle, cases);
          line = `templates: ${JSON.stringify({ seed: seed + done, ...counts })}`;
          if (disagreement !== null) return [line, JSON.stringify(disagreement, null, 2)];
          progress(done + cases.length);
        }
        return [line, null];
      },
    },
  };
}

async function compareWithOracle({ what, run }: Comparison, volume: number, seed: number): Promise<number> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const { oracle, version } = await Oracle.start(log);
  try {
    log(`${String(volume)} ${what} of Kubernetes ${version} from seed ${String(seed)}`);
    let told = 0;
    const [line, wrong] = await run(oracle, seed, (done) => {
      if (done < told + volume / 10 || done === volume) return;
      log(`${String(done)} ${what} so far`);
      told = done;
    });
    process.stdout.write(`${line}\n`);
    if (wrong !== null) process.stdout.write(`${wrong}\n`);
    return wrong === null ? 0 : 1;
  } finally {
    await oracle.stop();
  }
}

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: { times: text, cases: text, schedules: text, finishes: text, templates: text, seed: text },
});
const asked = alone.filter((name) => values[name] !== undefined);
const [name] = asked;
if (name === undefined) {
  if (values.seed !== undefined) refuse("--seed belongs to --cases, --schedules, --finishes or --templates");
  process.exitCode = compareOnControlPlane(whole("times", values.times ?? "5", 1));
} else {
  if (values.times !== undefined) refuse(`--times and --${name} exclude each other`);
  if (asked.length > 1) refuse(`--${asked.join(" and --")} exclude each other`);
  const seed = values.seed === undefined ? randomInt(0x7fff_ffff) : whole("seed", values.seed, 0);
  const volume = whole(name, values[name]!, 1);
  process.exitCode = await compareWithOracle(comparisons(volume)[name], volume, seed).catch((error: unknown) =>
    refuse((error as Error).message),
  );
}
