import type { Confidence, CredentialKind } from "../../src/model/credential.ts";

/** Rules that the program does not use, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "generic-api-key":
    "goes by parts of names and by entropy: fires on MONKEY_COUNT's kin and misses short passwords; ours go by words",
  "kubernetes-secret-yaml": "a manifest is read as the object it is",
  "hashicorp-tf-password": "for Terraform's files; a password in quotes after its name is found by name",
  "pkcs12-file": "has a path alone, and a value has none",
  "private-key": "ours also knows escaped line ends, cut-off blocks and keys in kubeconfigs",
  jwt: "ours reads header and claims, and tells tokens of ServiceAccounts",
  "curl-auth-user": "command lines are parsed; the rule's match keeps quotes and the user's name",
  "curl-auth-header": "Authorization headers are found by their own rule, which decodes them",
  "sidekiq-sensitive-url": "an address with a password is parsed",
  "slack-legacy-workspace-token": "eight characters after xoxa- or xoxr- are too few; ours wants more",
  "flutterwave-public-key": "a public key",
  "mailgun-pub-key": "a public key",
  "lob-pub-api-key": "a public key",
  "mapbox-api-token": "pk. begins Mapbox's public tokens",
  "new-relic-browser-api-token": "stands in every page that New Relic watches",
};

/** What a rule's matches are, by how its id begins; the first that fits counts. Everything else is a provider's token. */
const KINDS: readonly [RegExp, CredentialKind][] = [
  [/^(aws|alibaba|azure|gcp|digitalocean|scalingo|yandex|clickhouse-cloud|heroku|cloudflare)-/, "cloud-key"],
  [/^(slack-webhook-url|microsoft-teams-webhook)$/, "webhook-url"],
  [/^(age-secret-key|1password-secret-key)$/, "private-key"],
  [/^jwt-base64$/, "jwt"],
  [/^(planetscale-password|nuget-config-password)$/, "password"],
  [/^(openshift-user-token|gitlab-session-cookie)$/, "token"],
];

/** Names of keys, of which the secret half is elsewhere. */
const IDENTIFIERS = /(-client-id|-access-id|-access-key-id|^aws-access-token|^twilio-api-key|-api-id)$/;

/** Forms that something else may have as well. */
const LOOSE_FORMS = new Set([
  "artifactory-reference-token",
  "azure-ad-client-secret",
  "clickhouse-cloud-api-secret-key",
  "facebook-access-token",
  "freemius-secret-key",
  "harness-api-key",
  "jwt-base64",
  "nuget-config-password",
  "octopus-deploy-api-key",
  "square-access-token",
]);

/** Rules that want a name but whose secret says enough by itself. */
const TELLING_FORMS = new Set([
  "beamer-api-token",
  "defined-networking-api-token",
  "dropbox-long-lived-api-token",
  "dropbox-short-lived-api-token",
  "gocardless-api-token",
  "lob-api-key",
  "mailchimp-api-key",
  "mailgun-private-api-token",
  "mailgun-signing-key",
  "new-relic-insert-key",
  "new-relic-user-api-key",
  "okta-access-token",
  "plaid-api-token",
  "sidekiq-secret",
  "snyk-api-token",
  "sonar-api-token",
  "telegram-bot-api-token",
  "twitter-bearer-token",
  "typeform-api-token",
  "yandex-access-token",
  "yandex-api-key",
]);

/** Alternatives that a rule takes without the form saying anything: any 40 hex digits near the word `sourcegraph`. */
const GUESSES = new Set(["sourcegraph-access-token", "vault-service-token"]);

/** What kind of credential a rule's matches are. */
export function kindOf(id: string): CredentialKind {
  return KINDS.find(([pattern]) => pattern.test(id))?.[1] ?? "provider-token";
}

/** How sure a match makes it. Of named rules this holds where the name names a credential; elsewhere `possible` does. */
export function confidenceOf(id: string, isNamed: boolean): Confidence {
  if (IDENTIFIERS.test(id)) return "possible";
  if (isNamed || LOOSE_FORMS.has(id) || GUESSES.has(id)) return "likely";
  return "certain";
}

/** True for rules whose form leaves it to the name before the secret. */
export function goesByName(id: string, isNamed: boolean): boolean {
  return (isNamed && !TELLING_FORMS.has(id)) || GUESSES.has(id);
}
