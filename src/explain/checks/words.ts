import type { Check } from "./check.ts";

/** Words of reports that people ask about. */
export const WORD_CHECKS: readonly Check[] = [
  {
    id: "exposed-credential",
    title: "Exposed credential",
    summary: "A value that is written out, or a token without expiry, in objects of batch work.",
    why: [
      "The triage has a line for each, worst first; its id is that of the exposure, of 16 hexadecimal digits, and the same in every capture.",
      "How it is exposed is its class, and what is said of a class holds for it: see literal-env, literal-args, literal-annotation, configmap-env, termination-message, log and token-legacy.",
    ],
    fix: [
      "`kubectl cronaudit exposure cronjob/NAME -n NAMESPACE` has its carriers, its readers and its fix, as a command.",
      "Rotate it, once no template or ConfigMap would show the new value as well: see rotation.",
    ],
    needs: ["`list` on configmaps, cronjobs, jobs and pods; on roles and bindings, for who reads it"],
    source: "src/exposure/classes",
    related: ["literal-env", "configmap-env", "token-legacy", "critical", "removed-from-template", "everyone"],
  },
  {
    id: "more-credentials",
    title: "More credentials than lines",
    summary: "Credentials for which the triage has no line of their own left.",
    why: ["The triage has a line for the worst twenty; the rest is counted in one, at the severity of its worst."],
    fix: ["`kubectl cronaudit exposure` lists them all; `-o json` has each with its carriers, readers and fix."],
    needs: ["`list` on cronjobs, jobs and pods"],
    source: "src/exposure/triage/credentials.ts",
    related: ["literal-env", "literal-args", "literal-annotation", "configmap-env", "token-legacy"],
  },
  {
    id: "removed-from-template",
    title: "Left the template",
    summary: "The CronJob's template no longer holds the value, and retained runs still do.",
    why: [
      "Whoever mended the template may think it done: Jobs and pods made before keep the value, since theirs cannot be changed.",
      "If the value was not rotated as well, what the old runs show still opens something.",
    ],
    fix: ["Delete the runs that hold it: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.", "Rotate the value."],
    needs: ["`list` on cronjobs, jobs and pods; where the CronJob was not seen, nothing is said"],
    source: "pkg/apis/batch/validation and pkg/apis/core/validation: templates of Jobs and pods do not change",
    related: ["literal-env", "stale-accumulation", "rotation"],
  },
  {
    id: "confidence",
    title: "How sure it is a credential",
    summary: "certain, likely or possible: how sure it is that a text is a credential.",
    why: [
      "certain: nothing else has its form (a private key, a signed token, an address with a password), or a Secret holds the same.",
      "likely: the name that it stands under says so and the value can be one, or it has the form of an issuer's tokens.",
      "possible: the name says so, but the value reads like a template, a reference or a Secret's name; shown with `--all` alone, and never worse than low.",
    ],
    fix: [
      "Ask the cluster itself: `kubectl cronaudit exposure --compare-secrets`.",
      "Say what is a credential here and what is none: `kubectl cronaudit exposure --rules FILE`.",
    ],
    needs: [
      "nothing besides what the class needs; `--compare-secrets` needs `list` on secrets, which reads every value",
    ],
    source: "docs/recognition.md",
    related: ["low"],
    lines: ["certain", "likely", "possible"],
  },
  {
    id: "blind-spot",
    title: "Blind spot",
    summary: "A kind or place that could not be seen; what it blinds is unknown, never zero.",
    why: [
      "The answer is then a lower bound: `complete` is false, and the exit status is 3.",
      "Each blind spot says which request was refused, why, and which questions it blinds.",
    ],
    fix: [
      "Ask for the rights: `kubectl cronaudit explain rights`.",
      "Narrow the question to what may be seen, with `-n NAMESPACE`.",
    ],
    needs: ["nothing"],
    source: "src/evidence/blind-spots.ts",
    related: ["rights"],
  },
  {
    id: "ignored",
    title: "Ignored findings",
    summary: "Findings that the operator's rules or an annotation on the object call none.",
    why: [
      "The operator's file is believed. An annotation is written by whoever may edit the object: what no rules file confirms still counts for `--fail-on`.",
    ],
    fix: [
      "See them: `kubectl cronaudit exposure --show-ignored`.",
      "Say whose annotations are believed in the rules file: `trustAnnotations`.",
    ],
    needs: ["`--rules FILE`, or annotations on the objects"],
    source: "docs/rules.md",
    related: ["confidence"],
  },
];
