import { expect, test } from "vitest";
import type { Options } from "../../../src/cli/flags.ts";
import { defaults, parse } from "../../../src/cli/parse.ts";
import { commands } from "../../../src/commands/index.ts";

interface Understood {
  verb?: string;
  words?: string[];
  options?: Partial<Options>;
}

const words = (line: string): string[] => (line === "" ? [] : line.split(" "));

/** Everything of the outcome is compared: a flag that slips into another option fails. */
const understood: [string | string[], Understood][] = [
  ["", {}],
  ["exposure", { verb: "exposure" }],
  ["stale", { verb: "stale" }],
  ["access", { verb: "access" }],
  ["version", { verb: "version" }],
  ["snapshot", { verb: "snapshot" }],
  ["-ojson", { options: { output: "json" } }],
  ["-o json", { options: { output: "json" } }],
  ["-o=json", { options: { output: "json" } }],
  ["--output=yaml", { options: { output: "yaml" } }],
  ["--output yaml", { options: { output: "yaml" } }],
  ["-nfoo", { options: { namespace: "foo" } }],
  ["-n foo", { options: { namespace: "foo" } }],
  ["-n=foo", { options: { namespace: "foo" } }],
  ["-n 007", { options: { namespace: "007" } }],
  ["-n 1e3", { options: { namespace: "1e3" } }],
  ["-n true", { options: { namespace: "true" } }],
  ["exposure --by carrier", { verb: "exposure", options: { by: "carrier" } }],
  ["exposure --by=reader --class log", { verb: "exposure", options: { by: "reader", class: ["log"] } }],
  ["exposure --class log --class=pull-secret", { verb: "exposure", options: { class: ["log", "pull-secret"] } }],
  ["exposure --since 7d --until=24h", { verb: "exposure", options: { since: "7d", until: "24h" } }],
  ["exposure --since -7d", { verb: "exposure", options: { since: "-7d" } }],
  [
    "exposure --as-seen-by user:alice --as-seen-by group:dba",
    { verb: "exposure", options: { "as-seen-by": ["user:alice", "group:dba"] } },
  ],
  ["exposure --timeline -owide", { verb: "exposure", options: { timeline: true, output: "wide" } }],
  ["--namespace=x stale", { verb: "stale", options: { namespace: "x" } }],
  ["stale --namespace=x", { verb: "stale", options: { namespace: "x" } }],
  ["-n stale stale", { verb: "stale", options: { namespace: "stale" } }],
  ["-n -A", { options: { namespace: "-A" } }],
  ["-A", { options: { "all-namespaces": true } }],
  ["-A=false", { options: { "all-namespaces": false } }],
  ["-Aojson", { options: { "all-namespaces": true, output: "json" } }],
  ["-Av6", { options: { "all-namespaces": true, v: 6 } }],
  ["-A -A", { options: { "all-namespaces": true } }],
  ["-v6", { options: { v: 6 } }],
  ["-v=8", { options: { v: 8 } }],
  ["--v 8", { options: { v: 8 } }],
  ["-v 0", { options: { v: 0 } }],
  ["--no-headers", { options: { "no-headers": true } }],
  ["--no-headers=true", { options: { "no-headers": true } }],
  ["--no-headers=false", { options: { "no-headers": false } }],
  ["--no-input", { options: { "no-input": true } }],
  ["--color=never", { options: { color: "never" } }],
  ["--color always", { options: { color: "always" } }],
  ["-l app=web,tier!=test", { options: { selector: "app=web,tier!=test" } }],
  [["-l", "env in (a, b)"], { options: { selector: "env in (a, b)" } }],
  ["-lapp=web", { options: { selector: "app=web" } }],
  ["--selector=a==b", { options: { selector: "a==b" } }],
  ["--field-selector status.phase=Failed", { options: { "field-selector": "status.phase=Failed" } }],
  ["--sort-by={.credential.name}", { options: { "sort-by": "{.credential.name}" } }],
  [["--sort-by", "'quoted'"], { options: { "sort-by": "'quoted'" } }],
  [["--sort-by", '"a"'], { options: { "sort-by": '"a"' } }],
  [["--as", 'say "hello" to O\'Brien'], { options: { as: 'say "hello" to O\'Brien' } }],
  [["--context", "two words"], { options: { context: "two words" } }],
  [["--context", "line\nbreak"], { options: { context: "line\nbreak" } }],
  ["-f -", { options: { filename: "-" } }],
  ["-f- stale", { verb: "stale", options: { filename: "-" } }],
  ["-f --help", { options: { filename: "--help" } }],
  ["--filename=a=b.json", { options: { filename: "a=b.json" } }],
  ["-f dump.json -o name exposure", { verb: "exposure", options: { filename: "dump.json", output: "name" } }],
  ["--chunk-size 0", { options: { "chunk-size": 0 } }],
  ["--chunk-size=050", { options: { "chunk-size": 50 } }],
  ["--request-timeout 1m30s", { options: { "request-timeout": "1m30s" } }],
  ["--request-timeout=0", { options: { "request-timeout": "0" } }],
  ["--as alice --as-group a --as-group b,c", { options: { as: "alice", "as-group": ["a", "b,c"] } }],
  ["--as-group=one", { options: { "as-group": ["one"] } }],
  ["--as-uid 1.0", { options: { "as-uid": "1.0" } }],
  ["-s https://[::1]:6443", { options: { server: "https://[::1]:6443" } }],
  ["-shttps://h", { options: { server: "https://h" } }],
  ["--token a.b-c", { options: { token: "a.b-c" } }],
  [
    "--insecure-skip-tls-verify --tls-server-name h",
    { options: { "insecure-skip-tls-verify": true, "tls-server-name": "h" } },
  ],
  [
    "--certificate-authority ca.crt --kubeconfig k --cluster c --user u",
    { options: { "certificate-authority": "ca.crt", kubeconfig: "k", cluster: "c", user: "u" } },
  ],
  ["--fail-on high", { options: { "fail-on": "high" } }],
  ["--all --all-readers --list-secrets", { options: { all: true, "all-readers": true, "list-secrets": true } }],
  ["--fingerprint-key key", { options: { "fingerprint-key": "key" } }],
  ["cronjob/x", { words: ["cronjob/x"] }],
  ["cj/x -n y", { words: ["cj/x"], options: { namespace: "y" } }],
  ["po x y", { words: ["po", "x", "y"] }],
  ["pods", { words: ["pods"] }],
  ["exposure jobs.batch/x", { verb: "exposure", words: ["jobs.batch/x"] }],
  ["exposure pods 007", { verb: "exposure", words: ["pods", "007"] }],
  ["access sa/x user:y", { verb: "access", words: ["sa/x", "user:y"] }],
  ["access -- -odd", { verb: "access", words: ["-odd"] }],
  ["exposure pod -- --help -n", { verb: "exposure", words: ["pod", "--help", "-n"] }],
  ["-- stale", { words: ["stale"] }],
  ["stale --", { verb: "stale" }],
  ["snapshot out.gz --force --plain", { verb: "snapshot", words: ["out.gz"], options: { force: true, plain: true } }],
  ["snapshot -", { verb: "snapshot", words: ["-"] }],
  ["--help", { options: { help: true } }],
  ["-h stale", { verb: "stale", options: { help: true } }],
  ["stale -Ah -n x", { verb: "stale", options: { help: true } }],
  ["stale --help=false", { verb: "stale" }],
  ["help", { options: { help: true } }],
  ["help help", { options: { help: true } }],
  ["help stale", { verb: "stale", options: { help: true } }],
  ["help -n x", { options: { help: true } }],
  ["stale help", { verb: "stale", options: { help: true } }],
  ["snapshot help -n x", { verb: "snapshot", options: { help: true } }],
  ["version help", { verb: "version", options: { help: true } }],
  ["snapshot -- help", { verb: "snapshot", words: ["help"] }],
  ["stale pods help", { verb: "stale", words: ["pods", "help"] }],
  ["deployments", { words: ["deployments"] }],
  [["-ojsonpath={.items[*].id}"], { options: { output: "jsonpath={.items[*].id}" } }],
  [["-o=jsonpath={.id}"], { options: { output: "jsonpath={.id}" } }],
  [["--output", "jsonpath={.a}{\"\n\"}'x'"], { options: { output: "jsonpath={.a}{\"\n\"}'x'" } }],
  [["-o", "custom-columns=ID:.id,SINCE:.since"], { options: { output: "custom-columns=ID:.id,SINCE:.since" } }],
  ["version -oyaml", { verb: "version", options: { output: "yaml" } }],
];

test.each(understood)("understands: %s", async (line, { verb = "", words: rest = [], options = {} }) => {
  const parsed = await parse(typeof line === "string" ? words(line) : line, commands);
  expect(parsed.command.name).toBe(verb);
  expect(parsed.words).toEqual(rest);
  expect(parsed.options).toEqual({ ...defaults(), ...options });
});

const refused: [string | string[], string | RegExp, string?][] = [
  ["--nmespace x", "unknown flag: --nmespace", "Did you mean --namespace?"],
  ["--output-file x", "unknown flag: --output-file"],
  ["--Namespace x", "unknown flag: --Namespace", "Did you mean --namespace?"],
  ["--zzzzzzzz", "unknown flag: --zzzzzzzz"],
  ["--no-color", "unknown flag: --no-color"],
  ["--no-all", "unknown flag: --no-all"],
  ["--constructor x", "unknown flag: --constructor"],
  ["--__proto__ x", "unknown flag: --__proto__"],
  ["-x", "unknown shorthand flag: 'x' in -x"],
  ["-Axo json", "unknown shorthand flag: 'x' in -Axo"],
  ["-namespace x y", 'unknown command "x"'],
  ["-context foo", "unknown shorthand flag: 'c' in -context", "Did you mean --context?"],
  ["-n", "flag needs an argument: 'n' in -n"],
  ["--namespace", "flag needs an argument: --namespace"],
  [["-f", ""], /^invalid argument "" for "-f, --filename" flag/],
  [["--filename="], /^invalid argument "" for "-f, --filename" flag/],
  [["-n", ""], /^invalid argument "" for "-n, --namespace" flag/],
  [["-n="], /^invalid argument "" for "-n, --namespace" flag/],
  [["-l", ""], /^invalid argument "" for "-l, --selector" flag/],
  [["--token", ""], /^invalid argument "" for "--token" flag/],
  [["--as-group", ""], /^invalid argument "" for "--as-group" flag/],
  [["--no-headers="], /^invalid argument "" for "--no-headers" flag/],
  ["-n a -n b", '-n, --namespace is given twice: "a" and "b"'],
  ["-n a --namespace=a", '-n, --namespace is given twice: "a" and "a"'],
  ["-o json -oyaml", '-o, --output is given twice: "json" and "yaml"'],
  ["-f a -f b", '-f, --filename is given twice: "a" and "b"'],
  ["--token first --token second", "--token is given twice"],
  ["-A --all-namespaces=false", '-A, --all-namespaces is given twice: "true" and "false"'],
  ["--chunk-size abc", 'invalid argument "abc" for "--chunk-size" flag: must be a whole number, 0 or more'],
  ["--chunk-size -1", 'invalid argument "-1" for "--chunk-size" flag: must be a whole number, 0 or more'],
  ["--chunk-size 1.5", 'invalid argument "1.5" for "--chunk-size" flag: must be a whole number, 0 or more'],
  ["--chunk-size NaN", 'invalid argument "NaN" for "--chunk-size" flag: must be a whole number, 0 or more'],
  ["--chunk-size 0x10", 'invalid argument "0x10" for "--chunk-size" flag: must be a whole number, 0 or more'],
  ["-v high", 'invalid argument "high" for "-v, --v" flag: must be a whole number, 0 or more'],
  ["-v", "flag needs an argument: 'v' in -v"],
  ["--no-headers=maybe", 'invalid argument "maybe" for "--no-headers" flag: must be true or false'],
  ["-A=2", 'invalid argument "2" for "-A, --all-namespaces" flag: must be true or false'],
  ["--color sometimes", 'invalid argument "sometimes" for "--color" flag: must be one of auto, always, never'],
  [
    "--fail-on hihg",
    'invalid argument "hihg" for "--fail-on" flag: must be one of critical, high, medium, low, info',
    "Did you mean high?",
  ],
  [
    "-o jsn",
    'unable to match a printer suitable for the output format "jsn", allowed formats are: csv,custom-columns,custom-columns-file,html,json,jsonpath,jsonpath-as-json,jsonpath-file,markdown,name,sarif,table,wide,yaml',
  ],
  [
    "-o json={.items}",
    'unable to match a printer suitable for the output format "json={.items}", allowed formats are: ',
  ],
  ["-o go-template={{.}}", 'unable to match a printer suitable for the output format "go-template={{.}}", '],
  ["cleanup -o sarif", 'unable to match a printer suitable for the output format "sarif", allowed formats are: csv,'],
  [
    "-o jsonpath",
    "template format specified but no template given",
    "Write it behind the format: -o jsonpath=TEMPLATE",
  ],
  ["-ojsonpath-as-json=", "template format specified but no template given"],
  ["-o jsonpath-file", "template format specified but no template given"],
  ["-o custom-columns=", "custom-columns format specified but no custom columns given"],
  ["-o custom-columns-file", "custom-columns format specified but no custom columns given"],
  [
    "version -o wide",
    'unable to match a printer suitable for the output format "wide", allowed formats are: json,table,yaml',
  ],
  ["stael", 'unknown command "stael" for "kubectl cronaudit"', "\tstale"],
  ["expose", 'unknown command "expose" for "kubectl cronaudit"', "\texposure"],
  ["observe", 'unknown command "observe" for "kubectl cronaudit"'],
  ["triage -n x", 'unknown command "triage"', "The triage is what runs without a command: leave the word out."],
  ["frobnicate x", 'unknown command "frobnicate" for "kubectl cronaudit"'],
  ["help stael", 'unknown command "stael" for "kubectl cronaudit"', "\tstale"],
  ["help pods", 'unknown command "pods" for "kubectl cronaudit"'],
  ["--version", "unknown flag: --version", "\tversion"],
  ["-v -n team", 'invalid argument "-n" for "-v, --v" flag', "Write it together: -v6"],
  ["version now", 'version takes no arguments, but got "now"'],
  ["stale --fail-on high", "unknown flag of stale: --fail-on", "It belongs to: triage, exposure."],
  ["stale --all-readers", "unknown flag of stale: --all-readers", "It belongs to: triage, exposure, access, cleanup."],
  ["exposure --verify", "unknown flag of exposure: --verify", "It belongs to: access, replay."],
  ["exposure --by object", 'invalid argument "object" for "--by" flag: must be one of credential, carrier, reader'],
  ["exposure --class literal", 'invalid argument "literal" for "--class" flag: must be one of '],
  ["exposure --since", "flag needs an argument: --since"],
  ["stale --by carrier", "unknown flag of stale: --by", "It belongs to: exposure."],
  ["access --as-seen-by user:a", "unknown flag of access: --as-seen-by", "It belongs to: exposure."],
  ["exposure --force", "unknown flag of exposure: --force", "It belongs to: evidence, snapshot."],
  ["version -n x", "unknown flag of version: -n"],
  [[""], 'unknown command "" for "kubectl cronaudit"'],
];

test.each(refused)("refuses: %s", async (line, message, hint) => {
  const error = await parse(typeof line === "string" ? words(line) : line, commands).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "UsageError" });
  const { message: said, hints } = error as { message: string; hints: string[] };
  if (typeof message === "string") expect(said.startsWith(message)).toBe(true);
  else expect(said).toMatch(message);
  if (hint !== undefined) expect(hints).toContain(hint);
});

test.each([
  ["stale --nmespace x", "stale"],
  ["stale --chunk-size x", "stale"],
  ["-n x stale --fail-on high", "stale"],
  ["version now", "version"],
  ["--nmespace x", null],
  ["pods -o jsn", ""],
  ["-v -n team", null],
])("the verb whose help is the one to read: %s", async (line, verb) => {
  await expect(parse(words(line), commands)).rejects.toMatchObject({ name: "UsageError", verb });
});

test("a refused token is not repeated", async () => {
  const error = await parse(words("--token s3cr3t --token other"), commands).catch((reason: unknown) => reason);
  expect(JSON.stringify([(error as Error).message, (error as { hints: string[] }).hints])).not.toMatch(/s3cr3t|other/);
});

test("the table is long enough to be worth its name", () => {
  expect(understood.length + refused.length).toBeGreaterThanOrEqual(60);
});
