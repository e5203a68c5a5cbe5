import type { CredentialKind } from "../../../src/model/credential.ts";

/** One kind of credential as people write it: what it is called where it has a name, and its shape (test/corpus/shapes.ts). */
export interface Sample {
  kind: CredentialKind;
  /** As an environment variable; options, headers, keys and annotations are called alike. */
  name: string;
  shape: string;
}

/** Every kind that a text can be: `secret-reference` names a Secret and holds no value. Where the name says nothing, the form has to be enough. */
const SAMPLES: Record<Exclude<CredentialKind, "secret-reference">, Omit<Sample, "kind">> = {
  password: { name: "DB_PASSWORD", shape: "‹alnum 16›" },
  "connection-string": { name: "DATABASE_URL", shape: "postgres://app:‹alnum 16›@db.example.com/app" },
  "private-key": { name: "SETTING", shape: "‹pem PRIVATE KEY›" },
  "ssh-key": { name: "SETTING", shape: "‹pem OPENSSH PRIVATE KEY›" },
  "cloud-key": { name: "AWS_SECRET_ACCESS_KEY", shape: "‹alnum 40›" },
  "provider-token": { name: "SETTING", shape: "ghp_‹alnum 36›" },
  jwt: { name: "SETTING", shape: "‹jwt somebody›" },
  "basic-auth": { name: "AUTHORIZATION", shape: "Basic ‹b64 app:‹alnum 12››" },
  "webhook-url": { name: "SETTING", shape: "https://hooks.slack.com/services/T‹upper 9›/B‹upper 9›/‹alnum 24›" },
  token: { name: "API_TOKEN", shape: "‹hex 40›" },
  "secret-key": { name: "SESSION_SECRET", shape: "‹alnum 32›" },
  "serviceaccount-token": { name: "SETTING", shape: "‹jwt system:serviceaccount:team:runner›" },
};

/** The samples in a row. */
export const samples: readonly Sample[] = Object.entries(SAMPLES).map(([kind, sample]) => ({
  kind: kind as CredentialKind,
  ...sample,
}));
