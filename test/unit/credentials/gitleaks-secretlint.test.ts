import { describe, expect, test } from "vitest";
import { gitleaksAlone, gitleaksOneByOne, GITLEAKS_RULES } from "../../../bench/gitleaks-alone.ts";
import { SECRETLINT_RULES, secretlintAlone } from "../../../bench/secretlint-alone.ts";
import { example, parsePattern } from "../../../scripts/gitleaks/regex.ts";
import { findInValue } from "../../../src/credentials/values.ts";
import { loadCorpus } from "../../corpus/load.ts";
import type { Entry } from "../../corpus/load.ts";
import { findInEntry } from "../../corpus/score.ts";

/** The form of what each of secretlint's rules is for, as the issuers document it: names, and regexes of values. */
const FORMS: Record<string, [string, string][]> = {
  aws: [["AWS_SECRET_ACCESS_KEY", "[A-Za-z0-9+/]{40}"]],
  gcp: [
    [
      "GOOGLE_CREDENTIALS",
      '\\{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\\\n[A-Za-z0-9+/]{200}\\\\n-----END PRIVATE KEY-----\\\\n"\\}',
    ],
  ],
  privatekey: [["X", "-----BEGIN RSA PRIVATE KEY-----\\nMI[A-Za-z0-9+/]{200}\\n-----END RSA PRIVATE KEY-----"]],
  npm: [
    ["X", "npm_[A-Za-z0-9]{36}"],
    ["NPMRC", "//registry\\.example\\.com/:_authToken=[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"],
    ["X", "https://[a-f0-9]{40}:x-oauth-basic@github\\.com/"],
  ],
  basicauth: [["X", "https://[a-z]{6}:[A-Za-z0-9]{12}@db\\.example\\.com"]],
  slack: [
    ["X", "xox[bpar]-[0-9]{12}-[0-9]{12}-[A-Za-z0-9]{24}"],
    ["X", "xapp-1-A[A-Z0-9]{10}-[0-9]{13}-[a-f0-9]{64}"],
    ["X", "https://hooks\\.slack\\.com/services/T[A-Z0-9]{8}/B[A-Z0-9]{8}/[A-Za-z0-9]{24}"],
  ],
  sendgrid: [["X", "SG\\.[A-Za-z0-9_]{22}\\.[A-Za-z0-9_]{43}"]],
  shopify: [["X", "shp(at|ca|pa|ss)_[a-f0-9]{32}"]],
  stripe: [["X", "(sk|rk)_(live|test)_[A-Za-z0-9]{24,99}"]],
  github: [
    ["X", "gh[pousr]_[A-Za-z0-9]{36}"],
    ["X", "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"],
    ["X", "ghs_[0-9]{6}_[A-Za-z0-9_-]{36}\\.[A-Za-z0-9_-]{90}\\.[A-Za-z0-9_-]{86}"],
  ],
  gitlab: [["X", "glpat-[A-Za-z0-9_-]{20}"]],
  grafana: [
    ["X", "glc_[A-Za-z0-9+/]{32,200}"],
    ["X", "glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}"],
  ],
  openai: [
    ["X", "sk-proj-[A-Za-z0-9_-]{74}T3BlbkFJ[A-Za-z0-9_-]{73}[A-Za-z0-9]"],
    ["X", "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"],
  ],
  anthropic: [["X", "sk-ant-api03-[A-Za-z0-9_-]{93}AA"]],
  groq: [["X", "gsk_[A-Za-z0-9]{52}"]],
  huggingface: [["X", "hf_[A-Za-z]{34}"]],
  linear: [["X", "lin_api_[A-Za-z0-9]{40}"]],
  notion: [["X", "ntn_[0-9]{11}[A-Za-z0-9]{35}"]],
  "1password": [["X", "ops_eyJ[A-Za-z0-9+/]{300}fQ"]],
  "database-connection-string": [
    ["X", "mongodb(\\+srv)?://[a-z]{6}:[A-Za-z0-9]{12}@db\\.example\\.com/app"],
    ["X", "(jdbc:)?mysql://[a-z]{6}:[A-Za-z0-9]{12}@db/app"],
    ["X", "postgres(ql)?://[a-z]{6}:[A-Za-z0-9]{12}@db/app"],
  ],
  "hashicorp-vault": [
    ["X", "hv[sr]\\.[A-Za-z0-9_-]{95}"],
    ["X", "hvb\\.[A-Za-z0-9_-]{200}"],
  ],
  vercel: [["X", "vc[piark]_[A-Za-z0-9]{24,60}"]],
  databricks: [["X", "dapi[a-f0-9]{32}(-2)?"]],
  docker: [["X", "dckr_pat_[A-Za-z0-9_-]{27}"]],
  figma: [["X", "figd_[A-Za-z0-9_-]{40}"]],
  cloudflare: [["X", "cf(k|ut|at)_[A-Za-z0-9]{40}[a-f0-9]{8}"]],
  tailscale: [["X", "tskey-(auth|api|client)-[A-Za-z0-9]{12}CNTRL-[A-Za-z0-9]{32}"]],
};

let state = 9;
function pick(below: number): number {
  state = (state * 48271) % 0x7fffffff;
  return state % below;
}

const values = Object.entries(FORMS).flatMap(([rule, forms]) =>
  forms.flatMap(([name, regex]) =>
    Array.from({ length: 10 }, () => ({ rule, name, value: example(parsePattern(regex), pick) })),
  ),
);

/** Of the part that is held out nobody sees which entries are wrong. */
function label({ part, where, name, shape }: Entry): string {
  return part === "work" ? `${where} ${name}=${shape}` : part;
}

describe("secretlint's vote", () => {
  test("is asked of every recommended rule except the one that lets a value switch the others off", async () => {
    expect(SECRETLINT_RULES.map((id) => id.replace("@secretlint/secretlint-rule-", "")).toSorted()).toEqual(
      Object.keys(FORMS).toSorted(),
    );
    const token = `ghp_${example(parsePattern("[A-Za-z0-9]{36}"), pick)}`;
    const [found] = await secretlintAlone([{ name: "X", value: `secretlint-disable ${token}` }]);
    expect(found).toEqual(["github/GITHUB_TOKEN"]);
  });

  test("is yes for values of each rule's form, so that the comparison compares something", async () => {
    const found = await secretlintAlone(values);
    const agreed = new Set(values.flatMap(({ rule }, i) => (found[i]!.length > 0 ? [rule] : [])));
    const silent = Object.keys(FORMS).filter((rule) => !agreed.has(rule));
    // The one wants a whole file of JSON, the other looks into what it decodes; random text is neither.
    expect(silent).toEqual(["gcp", "1password"]);
  });

  test("adds no value of any rule's form", { timeout: 60_000 }, () => {
    const missed = values.filter(({ name, value }) =>
      findInValue(name, value).every(({ verdict }) => verdict.confidence === "possible"),
    );
    expect([...new Set(missed.map(({ rule, name }) => `${rule}: ${name}`))]).toEqual([]);
  });

  test(
    "adds no credential of the part worked on and few of the one held out, and where it is wrong we are not",
    { timeout: 60_000 },
    async () => {
      const entries = loadCorpus();
      const found = await secretlintAlone(entries.map(({ name, value }) => ({ name, value: value.join(" ") })));
      const yes = entries.filter((_entry, i) => found[i]!.length > 0);
      expect(yes.length).toBeGreaterThan(100);
      const sure = (entry: Entry): boolean =>
        findInEntry(entry).some(({ verdict }) => verdict.confidence !== "possible");
      const missed = yes.filter((entry) => entry.kind !== null && entry.sure !== "possible" && !sure(entry));
      // Which of those held out it adds is not looked at.
      const [heldOut, worked] = [
        missed.filter(({ part }) => part === "held-out"),
        missed.filter(({ part }) => part === "work"),
      ];
      expect(worked.map(label)).toEqual([]);
      expect(heldOut.length).toBeLessThan(yes.length / 100);
      const wrong = yes.filter((entry) => entry.kind === null && sure(entry));
      expect(wrong.map(label)).toEqual([]);
    },
  );
});

describe("gitleaks by itself", () => {
  test("runs every rule of its file, and finds the same with its keywords asked first", { timeout: 60_000 }, () => {
    expect(GITLEAKS_RULES).toBe(221);
    for (const { name, value } of values.filter((_value, i) => i % 10 === 0)) {
      expect(gitleaksAlone(name, value)).toEqual(
        gitleaksOneByOne(name, value).filter(({ text }) => value.includes(text)),
      );
    }
  });

  test(
    "has a rule by names, left out here: it fires on public keys and checksums, and misses what people choose",
    { timeout: 60_000 },
    () => {
      const hex = example(parsePattern("[a-f0-9]{64}"), pick);
      const publishable = `pk_live_${example(parsePattern("[A-Za-z0-9]{24}"), pick)}`;
      for (const [name, value] of [
        ["checksum/credentials", hex],
        ["STRIPE_PUBLISHABLE_KEY", publishable],
      ] as const) {
        expect(gitleaksAlone(name, value).map(({ rule }) => rule)).toEqual(["generic-api-key"]);
        expect(findInValue(name, value)).toEqual([]);
      }
      expect(gitleaksAlone("DB_PASSWORD", "hunter2")).toEqual([]);
      expect(findInValue("DB_PASSWORD", "hunter2")).toHaveLength(1);
    },
  );
});
